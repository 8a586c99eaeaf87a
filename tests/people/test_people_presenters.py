"""Persons in words, without HTML and without a store."""

from datetime import UTC, datetime, timedelta

import pytest

from onesystem.people.evidence import differing_numbers, evidence_words, odds
from onesystem.people.mapping import IdentityView
from onesystem.people.presenters import (
    area,
    born_words,
    identity_words,
    number_words,
    who_words,
)
from onesystem.people.scorer import Line
from onesystem.people.suggesting import Suggestion
from onesystem.vocabulary import Identifier

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def view(identity=1, **more):
    said = dict.fromkeys(
        "family given birth_date sex address postcode phone practice died".split(), ""
    )
    plain = {
        "identity": identity, "person": 1, "source": "pas", "subject": f"P{identity}",
        "other_names": (), "restricted": False, "seen_at": NOW, "numbers": (), "former": (),
    }  # fmt: skip
    return IdentityView(**(said | plain | more))


class TestNumbers:
    def test_an_nhs_number_is_shown_in_its_groups_with_its_state_in_words(self):
        words = number_words(Identifier("nhs", "9434765919", verified=True))
        assert words.value == "943 476 5919"
        assert words.scheme == "NHS number"
        assert words.check == "passes its check"
        assert words.notes == ("traced to the national index",)

    def test_a_number_that_fails_is_kept_and_said_to_fail(self):
        words = number_words(Identifier("nhs", "9912003814"))
        assert words.fails
        assert "may be mistyped" in words.check

    def test_a_former_number_is_superseded(self):
        words = number_words(Identifier("MRN", "7"), former=True)
        assert (words.check, words.notes) == ("has no check digit", ("superseded",))


@pytest.mark.parametrize(
    ("birth", "died", "words"),
    [
        ("1950-03-04", "", "4 Mar 1950 (76 years)"),
        ("1950-03-04", "2020-01-01", "4 Mar 1950; died 1 Jan 2020 (69 years)"),
        ("", "", "not known"),
        ("", "2020-01-01", "not known; died 1 Jan 2020"),
    ],
)
def test_a_birth_date_says_the_age_or_the_age_at_death(birth, died, words):
    assert born_words(birth, on=NOW.date(), died=died) == words


class TestWho:
    def test_the_source_that_spoke_last_is_believed_and_the_others_are_shown(self, district):
        old = view(1, family="Smith", given="Jo", seen_at=NOW - timedelta(days=9), phone="1")
        new = view(2, family="Ngāpuhi", given="Māia", source="practice")
        who = who_words(1, [old, new], district, at=NOW)
        assert who.name == "Māia Ngāpuhi"
        name = next(f for f in who.fields if f.name == "Name")
        assert name.conflict
        assert [(s.value, s.sources) for s in name.said] == [
            ("Māia Ngāpuhi", ("Practice system",)),
            ("Jo Smith", ("Hospital patient administration",)),
        ]

    def test_a_difference_of_capitals_and_spaces_is_no_conflict(self, district):
        who = who_words(1, [view(1, family="SMITH"), view(2, family="Smith ")], district, at=NOW)
        assert not any(f.conflict for f in who.fields)

    def test_a_traced_number_is_shown_before_one_that_fails(self, district):
        fails = view(1, numbers=(Identifier("nhs", "9912003814"),))
        traced = view(2, numbers=(Identifier("nhs", "9434765919", verified=True),))
        assert who_words(1, [fails, traced], district, at=NOW).number.value == "943 476 5919"

    def test_a_sensitive_address_is_never_shown(self, district):
        """One source's mark closes the address that every source gave."""
        marked = view(1, restricted=True, address="1 Safe Street", phone="07700 900000")
        other = view(2, address="1 Safe Street", postcode="NR1 1AA")
        who = who_words(1, [marked, other], district, at=NOW)
        shown = [identity_words(i, district, at=NOW, restricted=True) for i in (marked, other)]
        assert who.restricted
        assert "Safe Street" not in repr((who, shown))
        assert "07700" not in repr((who, shown))

    def test_somebody_nobody_described_still_has_a_page(self, district):
        who = who_words(1, [view(seen_at=None)], district, at=NOW)
        assert (who.name, who.born, who.number) == ("Name not known", "not known", None)


class TestEvidence:
    A, B = view(1, family="Smith", phone="1"), view(2, family="Smyth", restricted=True, phone="2")

    def words(self, *lines):
        found = evidence_words([Line(*line) for line in lines], self.A, self.B)
        return {line.field: line for line in found}

    def test_bars_grow_from_the_middle(self):
        words = self.words(
            ("two records drawn at random", "", -20.0), ("given name", "same", 8.0),
            ("sex", "differs", -4.0),
        )  # fmt: skip
        agrees, differs = words["Given name"], words["Sex"]
        start = words["Two records drawn at random"]
        assert (agrees.verdict, agrees.left, agrees.width) == ("agrees", 50.0, 25.0)
        assert (differs.verdict, differs.left, differs.width) == ("differs", 37.5, 12.5)
        assert (start.verdict, start.left, start.width) == ("start", 0.0, 50.0)

    def test_levels_between_are_nearly_and_say_how(self):
        line = self.words(("family name", "alike", 3.0))["Family name"]
        assert (line.verdict, line.detail) == ("nearly", "alike")
        assert (line.left_value, line.right_value) == ("Smith", "Smyth")

    def test_a_field_that_one_side_leaves_empty_is_named(self):
        assert self.words()["Birth date"].verdict == "missing"

    def test_a_sensitive_address_stays_closed_in_the_evidence_too(self):
        line = self.words(("telephone", "differs", -1.0))["Telephone"]
        assert (line.left_value, line.right_value) == ("1", "sensitive")

    def test_a_weight_is_told_as_odds(self):
        assert odds(20) == "1,048,576 to 1 for one person"
        assert odds(99).startswith("over 1,000,000,000")
        assert odds(0.1) == "even odds"

    def test_two_numbers_that_pass_and_differ_are_a_conflict(self):
        a = view(1, numbers=(Identifier("nhs", "9434765919"),))
        b = view(2, numbers=(Identifier("nhs", "9434765870", verified=True),))
        pair = Suggestion(a=a, b=b, weight=9, rule="score", cut=False, evidence=())
        assert differing_numbers(pair)
        assert not differing_numbers(pair, verified=True)


@pytest.mark.parametrize(
    ("postcode", "words"), [("NR1 1AA", "NR1"), ("sw1a2aa", "SW1A"), ("8011", "8011"), ("", "")]
)
def test_an_area_tells_people_apart_without_an_address(postcode, words):
    assert area(postcode) == words
