# ruff: noqa: RUF001  apostrophes of every kind are what is tested
"""Meeting people in bulk says the same as meeting them one by one."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from onesystem.bench.population import records
from onesystem.people import (
    identify_table,
    link_pending,
    meet,
    meet_table,
    pending,
    people_count,
    person_of,
)
from onesystem.people.described import description_of, digest_of
from onesystem.people.folding import fold_table
from onesystem.people.mapping import views
from onesystem.people.store import compared_number, keys
from onesystem.vocabulary import NHS, Identifier, PersonSeen, tidy

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ODD = [
    ("Ngata", "Māia Jane", date(1980, 3, 2), "12 O'Neil’s Rd", "nr2 3tx", "+44 1603 123456"),
    ("O’Brien-Łukasz", "Siân", date(1951, 11, 28), "Flat 2/3, Élm", "NR23TX", "(01603) 123-456"),
    ("Straße", "J.", None, "", "", "12"),
    ("d'Arcy", "Mary-Jane", date(1999, 1, 1), "1\tMill  Road ", "", "none"),
    ("", "", None, "", "", ""),
    ("王", "小明", date(2001, 5, 6), "Ø 5", "", ""),
]


def seen(i, family, given, birth, address, postcode, phone):
    number = ("9434765919", "943 476 5870", "1234567890", "", "", "943 476 5919")[i % 6]
    return PersonSeen(
        subject=f"s{i}", at=NOW, family=family, given=given, birth_date=birth, sex="female",
        address=address, postcode=postcode, phone=phone,
        identifiers=(Identifier(NHS, number, i % 2 == 0),) if number else (),
    )  # fmt: skip


def table_of(people):
    return pa.table(
        {
            "subject": [p.subject for p in people],
            "family": [p.family for p in people],
            "given": [p.given for p in people],
            "birth_date": pa.array([p.birth_date for p in people], pa.date32()),
            "sex": [p.sex for p in people],
            "address": [p.address for p in people],
            "postcode": [p.postcode for p in people],
            "phone": [p.phone for p in people],
            "number_scheme": [p.identifiers[0].scheme if p.identifiers else "" for p in people],
            "number": [p.identifiers[0].value if p.identifiers else "" for p in people],
            "number_verified": [bool(p.identifiers and p.identifiers[0].verified) for p in people],
        }
    )


def test_the_fold_in_columns_is_the_fold_of_one():
    """The digest decides whether a row says anything new, so both ways must agree to the letter."""
    people = [seen(i, *said) for i, said in enumerate(ODD)]
    names = (
        "subject", "text", "family_key", "given_key", "address_key", "postcode_key", "phone_key",
        "compared", "checked", "digest",
    )  # fmt: skip
    rows = fold_table(table_of(people), 5).select(names).to_pylist()
    for row, person in zip(rows, people, strict=True):
        subject, text, *folded, digest = row.values()
        description = description_of(person)
        assert (subject, text) == (person.subject, description.text())
        assert digest == digest_of(text)
        check = str(description.numbers[0].check) if description.numbers else ""
        assert tuple(folded) == (*keys(description), compared_number(description), check)


def test_check_digits_in_columns_are_the_check_digits_of_one():
    """Published numbers of both schemes, neighbours of them, and what systems send for none."""
    nhs = [f"{9434765900 + i}" for i in range(100)] + ["0000000000", "943476591", "94347659199"]
    cases = [("nhs", n) for n in nhs] + [
        ("nhi", n) for n in ("ZZZ0016", "ZZZ00AC", "ALU18KZ", "ZZZ0024", "zzz-0016", "X")
    ] + [("mrn", "12"), ("mrn", "A 1")]  # fmt: skip
    table = pa.table(
        {
            "subject": [f"{i:03}" for i in range(len(cases))],
            "number_scheme": [s for s, _ in cases],
            "number": [n for _, n in cases],
        }
    )
    rows = fold_table(table, 5).select(["number", "checked"]).to_pylist()
    for row, (scheme, value) in zip(rows, cases, strict=True):
        number, checked = row.values()
        expected = Identifier(scheme, tidy(scheme, value))
        assert (number, checked) == (expected.value, str(expected.check))


@pytest.mark.django_db
class TestTables:
    @pytest.fixture(autouse=True)
    def _here(self, district):
        return district

    def test_a_table_met_twice_and_met_as_messages_changes_nothing(self):
        people = [seen(i, *said) for i, said in enumerate(ODD)]
        first = meet_table(table_of(people), source="pas", message=1, known_at=NOW)
        ids = dict(zip(first["subject"].to_pylist(), first["identity"].to_pylist(), strict=True))
        before = views(ids.values())
        again = meet_table(table_of(people), source="pas", message=2, known_at=NOW)
        assert sorted(again.to_pylist(), key=str) == sorted(first.to_pylist(), key=str)
        met = meet([("pas", 3, person) for person in people], known_at=NOW)
        assert met == {("pas", subject): identity for subject, identity in ids.items()}
        assert views(ids.values()) == before

    def test_a_subject_in_several_rows_is_one_identity_with_all_its_numbers(self):
        table = pa.table(
            {
                "subject": ["A", "A", "B"],
                "family": ["Smith", "Smith", "Jones"],
                "number_scheme": ["nhs", "mrn", "nhs"],
                "number": ["9434765919", "77", "9434765870"],
            }
        )
        found = meet_table(table, source="pas", message=1, known_at=NOW)
        assert found.num_rows == 2
        a = next(v for v in views(found["identity"].to_pylist()) if v.subject == "A")
        assert {(n.scheme, n.value) for n in a.numbers} == {("nhs", "9434765919"), ("mrn", "77")}

    def test_known_and_new_subjects_are_identified_together(self):
        meet([("pas", 1, PersonSeen(subject="A", at=NOW, family="Smith"))], known_at=NOW)
        subjects = pa.chunked_array([["A", "B"], ["B", "C"]])
        found = identify_table(subjects, source="pas", known_at=NOW)
        assert sorted(found["subject"].to_pylist()) == ["A", "B", "C"]
        assert len(set(found["identity"].to_pylist())) == 3
        assert identify_table(subjects, source="pas", known_at=NOW).num_rows == 3

    def test_many_subjects_of_whom_nothing_is_said(self):
        """Made in columns they are the same as one by one, and a description finds them."""
        meet([("pas", 1, PersonSeen(subject="s7", at=NOW, family="Smith"))], known_at=NOW)
        subjects = pa.array([f"s{i}" for i in range(2500)])
        found = identify_table(subjects, source="pas", known_at=NOW)
        ids = dict(zip(found["subject"].to_pylist(), found["identity"].to_pylist(), strict=True))
        assert len(set(ids.values())) == people_count() == 2500
        one = identify_table(pa.array(["alone"]), source="pas", known_at=NOW)["identity"][0]
        alone, bare, named = views([one.as_py(), ids["s8"], ids["s7"]])[::-1]
        assert named.family == "Smith"
        assert replace(alone, identity=0, person=0, subject="") == replace(
            bare, identity=0, person=0, subject=""
        )
        again = meet_table(
            pa.table({"subject": subjects, "family": ["Jones"] * 2500}),
            source="pas", message=2, known_at=NOW, link=False,
        )  # fmt: skip
        assert dict(zip(*(again[c].to_pylist() for c in again.column_names), strict=True)) == ids

    def test_bulk_and_live_come_to_the_same_persons(self, monkeypatch):
        """Splink on DuckDB and our own scorer decide alike, pair by pair and in who is who."""
        table = records(1500, seed=3)
        numbered = table.append_column("subject", table["id"].cast(pa.string())).append_column(
            "birth_date", pa.array([b or None for b in table["birth"].to_pylist()])
        ).append_column("number_scheme", pa.array(["nhs"] * table.num_rows))  # fmt: skip
        made = meet_table(numbered, source="x", message=1, known_at=NOW, link=False)
        ids = made["identity"].to_pylist()
        assert people_count() == len(ids)
        link_pending()
        live = person_of(ids)
        assert 1500 * 0.97 < people_count() < 1500 * 1.04
        monkeypatch.setattr(pending, "_ONE_BY_ONE", 0)
        pending.relink_all()
        assert link_pending().moved == 0
        assert person_of(ids) == live
