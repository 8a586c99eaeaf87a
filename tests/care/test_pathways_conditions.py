"""Conditions of pathways: FHIRPath over what is known, three-valued, with the reason in words."""

from datetime import UTC, datetime, timedelta

import fhirpathpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.pathways import known
from onesystem.care.pathways.conditions import condition, names_of
from onesystem.care.pathways.document import CodeList, Form, Pathway, Question, Value
from onesystem.care.pathways.helpers import HELPERS
from onesystem.care.pathways.known import Facts, Met, Waits
from onesystem.vocabulary import BadConfig, Code
from onesystem.vocabulary.codes import ICD10, LOINC, SNOMED

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BASE = "http://terminology.hl7.org/CodeSystem/"


def coded(system, code, words):
    return {"coding": [{"system": system, "code": code, "display": words}], "text": words}


def condition_of(system, code, words, state="active", **more):
    return {"resourceType": "Condition", "id": f"c{code}", "code": coded(system, code, words),
            "clinicalStatus": {"coding": [{"code": state}]}, "onsetDateTime": "2019-05-03",
            **more}  # fmt: skip


def observed(code, words, value, days, unit="mmol/mol", **more):
    at = (NOW - timedelta(days=days)).isoformat()
    return {"resourceType": "Observation", "id": f"o{code}{days}", "status": "final",
            "code": coded(LOINC, code, words), "effectiveDateTime": at,
            "valueQuantity": {"value": value, "unit": unit}, **more}  # fmt: skip


PRESSURE = {
    "resourceType": "Observation", "id": "bp", "status": "final",
    "code": coded(LOINC, "85354-9", "Blood pressure"), "effectiveDateTime": "2026-11-01",
    "component": [
        {"code": coded(LOINC, "8480-6", "Systolic"), "valueQuantity": {"value": 151}},
        {"code": coded(LOINC, "8462-4", "Diastolic"), "valueQuantity": {"value": 88}},
    ],
}  # fmt: skip
RESOURCES = {
    "Condition": (
        condition_of(SNOMED, "13645005", "Chronic obstructive lung disease"),
        condition_of(SNOMED, "233604007", "Pneumonia", "resolved"),
        condition_of(ICD10, "I48.0", "Paroxysmal atrial fibrillation"),
        condition_of(SNOMED, "1", "Refuted", verificationStatus={"coding": [{"code": "refuted"}]}),
    ),
    "Observation": (
        observed("59261-8", "HbA1c", 62, 20), observed("59261-8", "HbA1c", 55, 130), PRESSURE,
        observed("2823-3", "Potassium", 4.1, 9, "mmol/L"),
        observed("9", "Cancelled", 1, 1, status="cancelled"),
    ),
    "MedicationRequest": (
        {"resourceType": "MedicationRequest", "id": "m", "status": "active",
         "medicationCodeableConcept": {"text": "Apixaban 5 mg tablets"}},
        {"resourceType": "MedicationRequest", "id": "n", "status": "stopped",
         "medicationCodeableConcept": {"text": "Warfarin 1 mg tablets"}},
    ),
    "Flag": ({"resourceType": "Flag", "id": "f", "status": "active",
              "code": {"text": "Falls often"}},),
    "Immunization": ({"resourceType": "Immunization", "id": "i", "status": "completed",
                      "vaccineCode": {"text": "Influenza vaccine"},
                      "occurrenceDateTime": "2026-10-01"},),
    "Consent": ({"resourceType": "Consent", "id": "w", "status": "active",
                 "dateTime": "2025-01-01"},),
}  # fmt: skip
SOMEBODY = Facts(
    now=NOW, patient={"resourceType": "Patient", "birthDate": "1950-02-01", "gender": "female"},
    resources=RESOURCES,
    contacts=(Met(service="ed", setting="ED", at=NOW - timedelta(days=5)),
              Met(service="amu", setting="ward", at=NOW - timedelta(days=4), open=True)),
    requests=(Waits(service="physio", what="Physiotherapy"),),
    answers={"confused": False, "breathing": 32},
)  # fmt: skip
NOBODY = Facts(now=NOW)
HIDDEN = Facts(now=NOW, patient=SOMEBODY.patient, resources=RESOURCES, partly=True)
COPD = Pathway(
    key="copd", title="COPD",
    lists=(
        CodeList(key="copd", words="COPD", codes=(Code(SNOMED, "13645005"), Code(ICD10, "J44*"))),
        CodeList(key="flutter", words="atrial fibrillation", codes=(Code(ICD10, "I48*"),)),
        CodeList(key="hba1c", words="HbA1c", codes=(Code(LOINC, "59261-8"),)),
        CodeList(key="thinner", words="blood thinner",
                 codes=(Code("text", "apixaban"), Code("text", "warfarin"))),
        CodeList(key="failing", words="heart failure", codes=(Code(SNOMED, "84114007"),)),
    ),
    values=(
        Value(key="points", words="Points", path="answer('confused').toInteger() + "
              "(answer('breathing') >= 30).toInteger() + (%age >= 65).toInteger()"),
        Value(key="grave", words="grave", path="%points >= 2"),
    ),
    forms=(Form(key="f", title="F", questions=(
        Question(key="confused", words="Newly confused"),
        Question(key="breathing", words="Breaths in a minute", type="integer"),
        Question(key="other", words="Other"))),),
)  # fmt: skip
NAMES = names_of(COPD)
POINTS = "Points 2 (Newly confused: no; Breaths in a minute: 32; age 76)"
LUNGS = "Chronic obstructive lung disease, since 3 May 2019"


@pytest.mark.parametrize(
    ("text", "answer", "words"),
    [
        ("%age >= 65", True, "age 76 (65 or more is asked for)"),
        ("%age < 65", False, "age 76 (less than 65 is asked for)"),
        ("%sex = 'female'", True, "sex female (female is asked for)"),
        ("hasCondition(%copd)", True, "Chronic obstructive lung disease, since 3 May 2019"),
        ("hasCondition(%flutter)", True, "Paroxysmal atrial fibrillation, since 3 May 2019"),
        ("hasCondition(%failing)", False, "no heart failure in the record"),
        ("hasCondition('233604007')", False, "no 233604007 in the record"),
        ("hadCondition('233604007')", True, "Pneumonia, from 3 May 2019"),
        ("hadCondition('233604007', 90)", False, "no 233604007 in the record in the last 90 days"),
        ("hadCondition('1')", False, "no 1 in the record"),
        ("hasMedicine(%thinner)", True, "Apixaban 5 mg tablets"),
        ("hasMedicine('text|warfarin')", False, "no warfarin in the record"),
        ("hasMedicine('text|war' | '1')", False, "no war in the record"),
        ("hasAllergy('text|penicillin')", None, "no word on allergies in the record"),
        ("hasAlert('text|fall')", True, "Falls often"),
        ("hadVaccine('text|influenza', 365)", True, "Influenza vaccine on 1 October 2026"),
        ("hasWishes()", True, "wishes for care ahead on 1 January 2025"),
        ("latest(%hba1c, 365) > 58", True,
         "HbA1c 62 mmol/mol on 3 November 2026 (more than 58 is asked for)"),
        ("latest(%hba1c, 7) > 58", None, "no HbA1c in the record in the last 7 days"),
        ("latest('9') > 0", None, "no 9 in the record"),
        ("latest('8480-6', 90) >= 150", True,
         "8480-6 151 on 1 November 2026 (150 or more is asked for)"),
        ("measured(%hba1c, 7)", False, "no HbA1c in the record in the last 7 days"),
        ("measured(%hba1c)", True, "HbA1c 62 mmol/mol on 3 November 2026"),
        ("contacts('ED', 30) >= 1", True,
         "contacts with ED in the last 30 days: 1 (1 or more is asked for)"),
        ("here('ward')", True, "in ward now"),
        ("here('ED')", False, "not in ED now"),
        ("asked('physio')", True, "a request for Physiotherapy is open"),
        ("asked('film')", False, "no open request for film"),
        ("answer('breathing') >= 30", True, "Breaths in a minute: 32 (30 or more is asked for)"),
        ("answer('other')", None, "Other: not answered yet"),
        ("%points = 2", True, f"{POINTS} (2 is asked for)"),
        ("%grave", True, f"grave yes ({POINTS})"),
        ("hasCondition(%copd) and latest(%hba1c, 7) > 58", None,
         "no HbA1c in the record in the last 7 days"),
        ("hasCondition(%failing) and latest(%hba1c, 7) > 58", False,
         "no heart failure in the record"),
        ("hasCondition(%copd) or latest(%hba1c, 7) > 58", True,
         "Chronic obstructive lung disease, since 3 May 2019"),
        ("hasCondition(%copd) implies %age > 80", False,
         f"{LUNGS}; age 76 (more than 80 is asked for)"),
        ("hasCondition(%failing) implies %age > 80", True, "no heart failure in the record"),
        ("hasCondition(%failing).not()", True, "no heart failure in the record"),
        ("gender = 'female'", True, "gender = 'female': yes"),
        ("%medicines.where(status = 'active').count() = 1", True,
         "%medicines.where(status = 'active').count() = 1: yes"),
        ("iif(%age > 60, 'old', 'young') = 'old'", True, "age 76"),
        ("'Falls often'.lower().startsWith('falls')", True,
         "'Falls often'.lower().startsWith('falls'): yes"),
        ("birthDate < today()", True, "birthDate < today(): yes"),
        ("latest(%hba1c, 365)", None,
         "latest(%hba1c, 365) cannot be worked out: it is '62' and not true or false"),
    ],
)  # fmt: skip
def test_a_condition_and_its_reason(text, answer, words):
    made = NAMES.condition(text)
    found = made.explain(SOMEBODY)
    assert (found.answer, found.words) == (answer, words)
    assert made.decide(SOMEBODY) is answer


@pytest.mark.parametrize(
    ("said", "text", "answer"),
    [
        (">90", "latest('x') < 60", False), (">90", "latest('x') >= 60", True),
        (">90", "latest('x') > 90", True), (">90", "latest('x') <= 90", False),
        (">90", "latest('x') > 120", None), (">90", "latest('x') < 120", None),
        (">=90", "latest('x') > 90", None), (">=90", "latest('x') >= 90", True),
        ("<5", "latest('x') < 5", True), ("<5", "latest('x') >= 5", False),
        ("<5", "latest('x') < 3", None), ("<=5", "latest('x') < 5", None),
        ("<5", "5 > latest('x')", True), ("<5", "latest('x') = 4", None),
        ("<5", "latest('x') + 1 > 3", None), ("<5", "latest('x') > 'a'", None),
    ],
)  # fmt: skip
def test_a_result_that_is_a_limit(said, text, answer):
    """A laboratory that tells >90 tells nothing of what lies beyond."""
    sign, value = said.rstrip("0123456789"), int(said.lstrip("<>="))
    quantity = {"value": value, "comparator": sign, "unit": "mL/min"}
    one = Facts(now=NOW, resources={"Observation": (
        {**observed("x", "X", 1, 1), "valueQuantity": quantity},)})  # fmt: skip
    found = condition(text).explain(one)
    assert found.answer is answer, found.words
    assert said in found.words or "+" in text


def test_a_reason_names_what_it_came_from():
    [reason] = NAMES.condition("latest(%hba1c, 365) > 58").explain(SOMEBODY).because
    assert reason.ref == "Observation/o59261-820"


class TestWhatIsNotKnown:
    @pytest.mark.parametrize("text", ["hasCondition(%copd)", "hasMedicine(%thinner)", "%age > 1",
                                      "latest(%hba1c) > 1", "answer('other')", "%points > 0",
                                      "hasAlert('1')", "hadVaccine('1')"])  # fmt: skip
    def test_of_nobody_nothing_is_true_or_false(self, text):
        found = NAMES.condition(text).explain(NOBODY)
        assert found.answer is None
        assert found.words

    def test_a_score_with_one_value_missing_is_none(self):
        missing = SOMEBODY.answered({"breathing": None})
        found = NAMES.condition("%points >= 1").explain(missing)
        assert found.answer is None
        assert found.words == "Points not known (Breaths in a minute: not answered yet)"

    def test_where_not_all_is_open_absence_is_no_no(self):
        found = NAMES.condition("hasCondition(%failing)").explain(HIDDEN)
        assert found.answer is None
        assert "not all of the record is open to you" in found.words
        assert NAMES.condition("hasCondition(%copd)").decide(HIDDEN) is True
        assert NAMES.condition("hasWishes()").decide(Facts(now=NOW, partly=True)) is None


def test_the_questions_that_it_asks_for():
    made = NAMES.condition("answer('confused') and answer('breathing') > 3")
    assert made.answers == ("confused", "breathing")


@pytest.mark.parametrize(
    ("text", "told"),
    [("%age >=", "ends too early"), ("hasConditon(%copd)", "no function hasConditon"),
     ("%cpod", "Did you mean 'copd'"), ("answer('othr')", "Did you mean 'other'"),
     ("hasCondition()", "0 arguments"), ("iif(true)", "1 arguments"), ("%x.y", "no name %x")],
)  # fmt: skip
def test_a_mistake_is_told(text, told):
    with pytest.raises(BadConfig, match=told):
        NAMES.condition(text)


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ({"effectiveDateTime": "2026-03"}, "2026-03-01T00:00+00:00"),
        ({"effectiveDateTime": "2026-03-04T05:06:07+02:00"}, "2026-03-04T05:06:07+02:00"),
        ({"effectivePeriod": {"start": "2026-03-04"}}, "2026-03-04T00:00+00:00"),
        ({"effectiveDateTime": "soon"}, None), ({"effectiveDateTime": "2026-13"}, None),
        ({"effectivePeriod": {}}, None), ({}, None),
    ],
)  # fmt: skip
def test_when_it_was(told, moment):
    found = known.moment_of(told)
    assert found == (datetime.fromisoformat(moment) if moment else None)


@pytest.mark.parametrize(
    ("told", "value"),
    [
        ({"valueInteger": 3}, (3, "")), ({"valueString": "many"}, ("many", "")),
        ({"valueBoolean": False}, (False, "")), ({"valueQuantity": {"unit": "g"}}, (None, "")),
        ({"valueCodeableConcept": {"text": "Positive"}}, ("Positive", "")),
        ({"valueCodeableConcept": {"coding": [{"code": "POS"}]}}, ("POS", "")),
        ({}, (None, "")),
    ],
)  # fmt: skip
def test_what_was_found(told, value):
    assert known.value_of(told, ()) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("('a' | 'b').count()", 2), ("'Ab'.lower()", "ab"), ("'Ab'.upper()", "AB"),
        ("'abc'.contains('b')", True), ("name.family.contains('b')", None),
        ("'7'.toInteger()", 7), ("'x'.toInteger()", None), ("true.toInteger()", 1),
        ("'1.5'.toDecimal() + 1", 2.5), ("'x'.toDecimal()", None), ("true.toDecimal()", 1),
        ("(1 | 2).sum()", 3), ("{}.sum()", None), ("iif(false, 1)", None), ("iif(false, 1, 2)", 2),
        ("iif({}, 1, 2)", 2), ("today()", "2026-11-23"), ("-%age", -76), ("%conditions[1].id",
         "c233604007"), ("5.lower()", None), ("%sex & 's'", "females"),
    ],
)  # fmt: skip
def test_functions_of_fhirpath(text, value):
    assert condition(text).value(SOMEBODY) == value
    assert isinstance(condition(text).explain(SOMEBODY).words, str)


def test_ages_at_the_birthday():
    def age(born, at):
        return Facts(now=datetime.fromisoformat(at + "T00:00Z"), patient={"birthDate": born}).age

    assert [age("1950-03-01", f"2026-0{d}") for d in ("2-28", "3-01")] == [75, 76]
    assert age("1950", "2026-06-01") == 76
    assert age("nonsense", "2026-06-01") is None


class Oracle:
    """The same question to fhirpathpy, with our helpers as its own functions."""

    def __init__(self, facts):
        self.facts = facts
        self.context = {"age": facts.age, "sex": facts.patient.get("gender"),
                        "copd": [known.token(c.system, c.code) for c in COPD.lists[0].codes],
                        "hba1c": [known.token(LOINC, "59261-8")],
                        "conditions": list(facts.resources.get("Condition", ()))}  # fmt: skip
        self.table = {
            name: {"fn": self._called(helper), "arity": {
                n: ["AnyAtRoot"] * n for n in range(least, most + 1)}}
            for name, (helper, least, most) in HELPERS.items()
        }  # fmt: skip

    def _called(self, helper):
        return lambda inputs, *args: list(
            helper(self.facts, "", [a if isinstance(a, list) else [a] for a in args], None)
        )

    def ask(self, text):
        found = fhirpathpy.evaluate(
            dict(self.facts.patient), text, dict(self.context),
            options={"userInvocationTable": self.table},
        )  # fmt: skip
        return found[0] if found else None


LEAVES = st.sampled_from([
    "%age >= 65", "%age < 30", "hasCondition(%copd)", "hasCondition('84114007')",
    "latest(%hba1c, 365) > 58", "latest(%hba1c, 7) > 58", "answer('confused')",
    "answer('other')", "answer('breathing') >= 30", "%sex = 'male'", "gender = 'female'",
    "contacts('ED', 30) >= 1", "birthDate.exists()", "deceasedDateTime.empty()",
    "%conditions.where(code.coding.code = '13645005').exists()",
    "%conditions.count() > 2", "(answer('breathing') >= 30).toInteger() + 1 = 2",
    "iif(%age > 60, true, false)", "hasWishes()", "true", "false", "{}",
])  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or", "xor", "implies"]), inner).map(
            lambda t: f"({t[0]}) {t[1]} ({t[2]})"
        )
        | inner.map(lambda text: f"({text}).not()")
    ),
    max_leaves=5,
)


@given(TREES, st.sampled_from([SOMEBODY, NOBODY, HIDDEN]))
def test_it_is_fhirpath(text, facts):
    """Ours and an engine that we did not write come to the same, reasons or not."""
    made = NAMES.condition(text)
    if facts is NOBODY and ("%age" in text or "%sex" in text):
        return  # fhirpathpy has no variable without a value
    assert made.decide(facts) == made.explain(facts).answer == Oracle(facts).ask(text), text


@given(TREES)
def test_a_reason_is_always_given(text):
    found = NAMES.condition(text).explain(SOMEBODY)
    assert found.words
    assert all(each.words for each in found.because)


def test_a_condition_without_a_pathway():
    assert condition("%age >= 65").decide(SOMEBODY) is True


PIECES = st.lists(
    st.sampled_from([
        "%age", "%copd", "%nothing", "hasCondition(", "latest(", "answer(", "iif(", ")", "(",
        "'confused'", "'x'", "7", "1.5", "true", "{}", " and ", " or ", " implies ", " >= ", " = ",
        " + ", " | ", ".not()", ".where(", ".exists()", ".count()", "[0]", "$this", "gender", ",",
        "@2026-01-01", " div ", "0", "-", " in ", ".toInteger()", " is ", "`", "\\",
    ]), max_size=8,
).map("".join)  # fmt: skip


@given(PIECES, st.sampled_from([SOMEBODY, NOBODY, HIDDEN]))
def test_whatever_is_written_is_told_or_answered(text, facts):
    """Never a traceback: what does not compile is told to its author, what does gives a reason."""
    try:
        made = NAMES.condition(text)
    except BadConfig:
        return
    found = made.explain(facts)
    assert found.answer in {True, False, None}
    assert made.decide(facts) is found.answer
    made.value(facts)
