"""What is searched for, value by value: the tables of hl7.org/fhir/R4/search.html."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from searchable import bundle, coded, ids, keep, observation, patient

from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.searching.splitting import split, unescaped
from onesystem.record.fhir.searching.values import date_range, number_range, plain

pytestmark = pytest.mark.django_db

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"


class TestNumbers:
    """search.html#number: the precision that is written counts."""

    @pytest.mark.parametrize(
        ("written", "low", "high"),
        [
            ("100", 99.5, 100.5),
            ("100.00", 99.995, 100.005),
            ("1e2", 95, 105),
            ("5.4", 5.35, 5.45),
            ("5.40e-3", 0.005395, 0.005405),
            ("5.4e-3", 0.00535, 0.00545),
            ("-1", -1.5, -0.5),
        ],
    )
    def test_a_number_covers_its_precision(self, written, low, high):
        assert number_range(written)[1:] == pytest.approx((low, high))

    @pytest.mark.parametrize("written", ["", "x", "1.2.3", "--1", "1e999999", "nan", "Infinity"])
    def test_what_is_no_number(self, written):
        assert number_range(written) is None

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("0.8", ["a"]),
            ("0.80", ["a"]),
            ("gt0.8", ["b"]),
            ("ge0.8", ["a", "b"]),
            ("lt0.9", ["a", "c"]),
            ("le0.8", ["a", "c"]),
            ("ne0.8", ["b", "c"]),
            ("sa0.8", ["b"]),
            ("eb0.8", ["c"]),
            ("ap0.75", ["a"]),
            ("0.8,0.9", ["a", "b"]),
        ],
    )
    def test_numbers_with_their_prefixes(self, asked, found):
        for name, chance in (("a", 0.8), ("b", 0.9), ("c", 0.1)):
            keep(
                {
                    "resourceType": "RiskAssessment",
                    "id": name,
                    "status": "final",
                    "prediction": [{"probabilityDecimal": chance}],
                }
            )
        assert ids(f"RiskAssessment?probability={asked}") == found


class TestDates:
    """search.html#date: the whole of the period that is written is what is asked for."""

    @pytest.mark.parametrize(
        ("written", "first", "last"),
        [
            ("1970", 0, 365 * 86_400_000_000 - 1),
            ("1970-02", 31 * 86_400_000_000, 59 * 86_400_000_000 - 1),
            ("1970-01-01", 0, 86_400_000_000 - 1),
            ("1970-01-01T00:00Z", 0, 59_999_999),
            ("1970-01-01T00:00:01Z", 1_000_000, 1_999_999),
            ("1970-01-01T00:00:00.5Z", 500_000, 599_999),
            ("1970-01-01T01:00:00+01:00", 0, 999_999),
            ("1970-01-01T01:00:00 01:00", 0, 999_999),
            ("1969-12-31T23:00:00-01:00", 0, 999_999),
            ("1970-01-01T00:00:60Z", 60_000_000, 60_999_999),
        ],
    )
    def test_a_date_covers_its_precision(self, written, first, last):
        assert date_range(written) == (first, last)

    @pytest.mark.parametrize("written", ["", "2024-13", "2023-02-29", "24", "2024-1-1", "2024T10"])
    def test_what_is_no_date(self, written):
        assert date_range(written) is None

    # Each resource: what it says. Each case: what is asked, and who says it.
    SAID = {
        "day": {"effectiveDateTime": "2013-01-14"},
        "time": {"effectiveDateTime": "2013-01-14T10:00:00Z"},
        "month": {"effectiveDateTime": "2013-01"},
        "later": {"effectiveDateTime": "2013-03-15"},
        "period": {"effectivePeriod": {"start": "2013-01-10", "end": "2013-01-20"}},
        "open": {"effectivePeriod": {"start": "2013-03-14"}},
        "none": {},
    }

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("2013-01-14", ["day", "time"]),
            ("eq2013-01-14", ["day", "time"]),
            ("2013-01", ["day", "month", "period", "time"]),
            ("2013-01-14T10:00:00Z", ["time"]),
            ("2013-01-14T10:00Z", ["time"]),
            ("ne2013-01-14", ["later", "month", "open", "period"]),
            ("gt2013-01-14", ["later", "month", "open", "period"]),
            ("lt2013-01-14", ["month", "period"]),
            ("lt2013-01-14T10:00:00Z", ["day", "month", "period"]),
            ("ge2013-03-14", ["later", "open"]),
            ("le2013-01-14", ["day", "month", "period", "time"]),
            ("sa2013-01-14", ["later", "open"]),
            ("eb2013-01-14", []),
            ("eb2013-01-21", ["day", "period", "time"]),
            ("sa2013-02", ["later", "open"]),
        ],
    )
    def test_dates_with_their_prefixes(self, asked, found):
        for name, said in self.SAID.items():
            keep(observation(name, **said))
        assert ids(f"Observation?date={asked}") == found

    def test_approximately_is_a_tenth_of_the_time_since(self):
        keep(patient("old", birthDate="1930-06-01"), patient("young", birthDate="2020-06-01"))
        assert ids("Patient?birthdate=ap1935-01-01") == ["old"]

    def test_two_dates_are_a_span(self):
        for name, day in (("a", "2020-01-01"), ("b", "2020-02-01"), ("c", "2020-03-01")):
            keep(observation(name, effectiveDateTime=day))
        assert ids("Observation?date=ge2020-01-15&date=lt2020-03-01") == ["b"]

    @given(st.dates(), st.dates())
    def test_ge_and_lt_part_the_days(self, first, second):
        low, high = date_range(first.isoformat()), date_range(second.isoformat())
        assert (low < high) == (first < second)


class TestTokens:
    """search.html#token: code, system|code, |code, system|."""

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("x", ["a", "b", "c"]),
            ("X", ["a", "b", "c"]),
            ("urn:one|x", ["a"]),
            ("|x", ["c"]),
            ("urn:one|", ["a", "d"]),
            ("urn:two|x,urn:one|y", ["b", "d"]),
            ("urn:none|x", []),
            ("y,x", ["a", "b", "c", "d"]),
        ],
    )
    def test_the_forms_of_a_token(self, asked, found):
        for name, system, code in (
            ("a", "urn:one", "x"),
            ("b", "urn:two", "x"),
            ("c", "", "x"),
            ("d", "urn:one", "y"),
        ):
            keep(observation(name, code=coded((system, code))))
        assert ids(f"Observation?code={asked}") == found

    def test_a_plain_code_has_the_system_of_its_binding(self):
        keep(patient("a", gender="male"), patient("b", gender="female"), patient("c"))
        system = "http://hl7.org/fhir/administrative-gender"
        assert ids(f"Patient?gender={system}|male") == ids("Patient?gender=male") == ["a"]
        assert ids("Patient?gender=|male") == ["a"]
        assert ids("Patient?gender=urn:other|male") == []
        assert ids("Patient?gender:not=male") == ["b", "c"]
        assert ids("Patient?gender:missing=true") == ["c"]
        assert ids("Patient?gender:missing=false") == ["a", "b"]

    def test_identifiers_and_their_types(self):
        kind = {"coding": [{"system": "urn:types", "code": "MR"}]}
        keep(
            patient("a", identifier=[{"system": "urn:h", "value": "12|3", "type": kind}]),
            patient("b", identifier=[{"system": "urn:g", "value": "12|3"}]),
        )
        assert ids(r"Patient?identifier=12\|3") == ["a", "b"]
        assert ids(r"Patient?identifier=urn:h|12\|3") == ["a"]
        assert ids(r"Patient?identifier:of-type=urn:types|MR|12\|3") == ["a"]

    def test_words_of_a_code(self):
        keep(observation("a", code=coded(("urn:one", "x"), text="Body weight")))
        assert ids("Observation?code:text=body") == ["a"]
        assert ids("Observation?code:text=weight") == []

    def test_flags_and_deaths(self):
        keep(
            patient("a", active=True),
            patient("b", active=False, deceasedBoolean=False),
            patient("c", deceasedDateTime="2020-01-01"),
            patient("d", deceasedBoolean=True),
        )
        assert ids("Patient?active=true") == ["a"]
        assert ids("Patient?deceased=true") == ["c", "d"]
        assert ids("Patient?deceased=false") == ["a", "b"]
        assert ids("Patient?death-date=2020") == ["c"]

    def test_telecoms_by_kind(self):
        keep(
            patient(
                "a", telecom=[{"system": "phone", "value": "1"}, {"system": "email", "value": "2"}]
            )
        )
        assert ids("Patient?phone=1") == ids("Patient?email=2") == ids("Patient?telecom=2") == ["a"]
        assert ids("Patient?phone=2") == []


class TestStrings:
    """search.html#string: starts with, whatever case and accents; :contains; :exact."""

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("family=eve", ["a", "b"]),
            ("family=EVÉ", ["a", "b"]),
            ("family:exact=Eve", ["b"]),
            ("family:contains=ven", ["a"]),
            ("given=anne marie", ["a"]),
            ("given=anne-marie", ["c"]),
            ("name=zoë", ["b"]),
            ("family=obrien", ["c"]),
            ("family=o'brien", ["c"]),
            ("family=eve&given=zoe", ["b"]),
            ("family=eve,obrien&given=anne", ["a", "c"]),
            ("family:exact=eve", []),
            ("address=leeds", ["a"]),
            ("address-city=leeds", ["a"]),
            ("address=ls1", ["a"]),
            ("address-city=ls1", []),
        ],
    )
    def test_the_forms_of_a_string(self, asked, found):
        keep(
            patient(
                "a",
                name=[{"family": "Evens", "given": ["Anne Marie"]}],
                address=[{"city": "Leeds", "postalCode": "LS1 4AP"}],
            ),
            patient("b", name=[{"family": "Eve", "given": ["Zoë"]}]),
            patient("c", name=[{"family": "O'Brien", "given": ["Anne-Marie"]}]),
        )
        assert ids(f"Patient?{asked}") == found

    def test_a_hyphen_is_no_letter(self):
        assert plain("Anne-Marie  O\u2019Neill") == "annemarie oneill"
        assert plain("STRASSE") == plain("Straße")


class TestQuantities:
    """search.html#quantity: number|system|code, number||unit, number."""

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            (f"5.4|{UCUM}|mg", ["a"]),
            ("5.4||mg", ["a", "b"]),
            ("5.4", ["a", "b", "c"]),
            ("5.40", ["a", "b", "c"]),
            (f"gt5|{UCUM}|mg", ["a"]),
            ("le5.4||g", ["c"]),
            ("lt2", ["below"]),
            ("gt100", ["above"]),
            ("5.4||milligram", ["b"]),
            ("5.6", []),
            ("5", ["a", "b", "c"]),
            ("ap5", ["a", "b", "c"]),
        ],
    )
    def test_the_forms_of_a_quantity(self, asked, found):
        mg = {"value": 5.4, "system": UCUM, "code": "mg"}
        keep(
            observation("a", valueQuantity=mg),
            observation("b", valueQuantity={"value": 5.4, "unit": "milligram", "code": "mg"}),
            observation("c", valueQuantity={"value": 5.4, "unit": "g"}),
            observation("below", valueQuantity={"value": 1, "comparator": "<", "unit": "l"}),
            observation("above", valueQuantity={"value": 99, "comparator": ">", "unit": "l"}),
        )
        assert ids(f"Observation?value-quantity={asked}") == found


class TestUris:
    """search.html#uri: exact, :below, :above."""

    def test_the_forms_of_a_uri(self):
        for name, url in (
            ("a", "http://acme.org/fhir/ValueSet/1"),
            ("b", "http://acme.org/fhir"),
            ("c", "http://ACME.org/fhir"),
        ):
            keep({"resourceType": "ValueSet", "id": name, "status": "active", "url": url})
        assert ids("ValueSet?url=http://acme.org/fhir") == ["b"]
        assert ids("ValueSet?url:below=http://acme.org/fhir") == ["a", "b"]
        assert ids("ValueSet?url:above=http://acme.org/fhir/ValueSet/1/_history/5") == ["a", "b"]

    def test_a_profile_with_and_without_its_version(self):
        keep(patient("a", meta={"profile": ["http://x.org/p|2.0"]}))
        assert (
            ids("Patient?_profile=http://x.org/p")
            == ids("Patient?_profile=http://x.org/p|2.0")
            == ["a"]
        )
        assert ids("Patient?_profile=http://x.org/p|3.0") == []


class TestComposites:
    """search.html#composite: both halves in one place."""

    def test_both_halves_in_one_component(self):
        def pressure(name, systolic, diastolic):
            return observation(
                name,
                code=coded((LOINC, "85354-9")),
                component=[
                    {"code": coded((LOINC, "8480-6")), "valueQuantity": {"value": systolic}},
                    {"code": coded((LOINC, "8462-4")), "valueQuantity": {"value": diastolic}},
                ],
            )

        keep(pressure("high", 160, 90), pressure("low", 100, 60))
        found = f"{LOINC}|8480-6$gt130"
        assert ids(f"Observation?component-code-value-quantity={found}") == ["high"]
        assert ids(f"Observation?combo-code-value-quantity={found}") == ["high"]
        assert ids("Observation?component-code-value-quantity=8462-4$gt130") == []
        assert ids("Observation?code-value-quantity=8480-6$gt130") == []
        assert ids("Observation?component-code-value-quantity=8462-4$lt70,8480-6$gt150") == [
            "high",
            "low",
        ]

    def test_code_with_value(self):
        keep(
            observation(
                "a", code=coded((LOINC, "1")), valueCodeableConcept=coded(("urn:x", "yes"))
            ),
            observation("b", code=coded((LOINC, "1")), valueCodeableConcept=coded(("urn:x", "no"))),
            observation("c", code=coded((LOINC, "1")), valueString="Positive"),
        )
        assert ids("Observation?code-value-concept=1$urn:x|yes") == ["a"]
        assert ids("Observation?code-value-string=1$pos") == ["c"]

    def test_documents_by_their_relation(self):
        keep(
            {
                "resourceType": "DocumentReference",
                "id": "d",
                "status": "current",
                "content": [],
                "relatesTo": [
                    {"code": "replaces", "target": {"reference": "DocumentReference/1"}},
                    {"code": "signs", "target": {"reference": "DocumentReference/2"}},
                ],
            }
        )
        assert ids("DocumentReference?relationship=DocumentReference/1$replaces") == ["d"]
        assert ids("DocumentReference?relationship=DocumentReference/1$signs") == []


class TestEscapes:
    """search.html#escaping."""

    def test_what_a_backslash_escapes(self):
        assert split(r"a\,b,c", ",") == [r"a\,b", "c"]
        assert unescaped(r"a\,b\|c\$d\\e") == r"a,b|c$d\e"

    def test_a_comma_in_a_name(self):
        keep(patient("a", name=[{"text": "Smith, Ann"}]), patient("b", name=[{"text": "Ann"}]))
        assert ids(r"Patient?name=Smith\, A") == ["a"]
        assert ids("Patient?name=Smith,Ann") == ["a", "b"]

    @given(st.text(alphabet="ab,|$\\", max_size=12))
    def test_splitting_and_escaping_go_back(self, text):
        escaped = "".join("\\" + c if c in ",|$\\" else c for c in text)
        assert unescaped(escaped) == text
        assert split(escaped, ",") == [escaped]


class TestRefusals:
    """What is not understood is named, with the nearest that is known."""

    @pytest.mark.parametrize(
        ("query", "names", "cure"),
        [
            ("Patient?nmae=x", "'nmae'", "'name'"),
            ("Patient?name:exat=x", "'exat'", "'exact'"),
            ("Patient?birthdate=xx2010", "'xx'", "ge"),
            ("Patient?birthdate=soon", "'soon'", "2026-03-14"),
            ("Observation?value-quantity=5.4|mg", "5.4|mg", "5.4||UNIT"),
            ("RiskAssessment?probability=much", "'much'", "5.4"),
            ("Patient?_sort=nmae", "'nmae'", "'name'"),
            ("Patient?_count=many", "'many'", "number"),
            ("Patient?_summary=yes", "'yes'", "true"),
            ("Patient?_include=Patient:nothing", "'nothing'", ""),
            ("Patient?_include=Patent:link", "'Patent'", "'Patient'"),
            ("Observation?subject:Patent.name=x", "'Patent'", "'Patient'"),
            ("Observation?code.name=x", "code", "reference"),
            ("Observation?subject:Organization.name=x", "Organization", ""),
            ("Patient?_has:Observation:code=x", "_has", "_has:TYPE"),
            ("Patient?_has:Observation:performed:code=x", "'performed'", "'performer'"),
            ("Patient?_has:Observation:specimen:code=x", "specimen", "Specimen"),
            ("Patient?gender:missing=maybe", "maybe", "true"),
            ("Condition?code:in=http://x.org/vs", "code:in", "codes"),
            ("Condition?code:below=x", "code:below", "codes"),
            ("Patient?_text=x", "_text", ""),
            ("Patient?_filter=x", "_filter", ""),
            ("Location?near=1|2", "near", "address"),
            ("Observation?code-value-quantity=1", "code-value-quantity", "code$value-quantity"),
            ("Patient?name=", "name", "VALUE"),
            ("Patient?:exact=x", "''", ""),
        ],
    )
    def test_it_is_named(self, query, names, cure):
        with pytest.raises(Refusal) as refused:
            bundle(query)
        [issue] = refused.value.issues
        assert refused.value.status == 400
        assert names in issue.what
        assert cure in issue.cure
        assert issue.where

    def test_a_lenient_client_is_told_and_answered(self):
        keep(patient("a", gender="male"), patient("b", gender="female"))
        found = bundle("Patient?nmae=x&gender=male", headers={"prefer": "handling=lenient"})
        modes = [e["search"]["mode"] for e in found["entry"]]
        assert modes == ["match", "outcome"]
        assert "nmae" in found["entry"][1]["resource"]["issue"][0]["diagnostics"]
        assert found["link"][0]["url"].endswith("/Patient?gender=male")
