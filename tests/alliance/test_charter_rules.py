"""What a charter begins with and is read as; clocks; what a procurement's record lacks."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.alliance.charter import rules, text
from onesystem.alliance.charter.awarding import Step, awardable, due_after, missing
from onesystem.alliance.charter.editing import charter_of, raw_of
from onesystem.alliance.charter.grid import gaps, grid
from onesystem.alliance.charter.standing import Member
from onesystem.alliance.charter.text import Need
from onesystem.vocabulary import NotFound, UserError

PSR = "psr-2023"


def on(day, kind, **more):
    return Step(kind=kind, on=date.fromisoformat(day), **more)


def test_the_template_of_2010_promises_what_was_published():
    """Alliance charter template, 29 June 2010: competence and no representation, clinical
    leadership, honesty, high trust with little bureaucracy, differences settled co-operatively."""
    codes = {p.code for p in rules.begin_with("NZ").principles}
    assert {"competence", "clinical", "honesty", "trust", "differences"} <= codes
    assert rules.begin_with("NZ").test == "best for patient, best for system"


def test_seats_of_canterbury_are_among_the_competences():
    """Canterbury Clinical Network, leadership team: allied health, Māori, consumer, planning and
    funding, primary care urban and rural, secondary care, practice and community nursing."""
    names = {n.code for n in rules.needs("NZ")}
    assert {"allied-health", "indigenous", "community", "money", "general-practice", "rural",
            "hospital", "nursing"} <= names  # fmt: skip
    assert "indigenous" not in {n.code for n in rules.needs("GB")}


def test_interests_have_the_four_kinds_from_june_2017():
    """NHS England, Managing conflicts of interest in the NHS, in force from 1 June 2017."""
    assert set(rules.categories(date(2017, 6, 1))) == {
        "financial", "professional", "personal", "indirect"
    }  # fmt: skip
    assert not rules.categories(date(2017, 5, 31))


@pytest.mark.parametrize(
    ("day", "routes"),
    [
        ("2024-01-01", {"direct-a", "direct-b", "direct-c", "most-suitable", "competitive"}),
        ("2023-12-31", {"advertised", "single"}),
        ("2012-01-01", set()),
    ],
)
def test_the_law_of_a_day_gives_its_routes(day, routes):
    """SI 2023/1348 in force from 1 January 2024; the section 75 regulations from April 2013."""
    assert {r.code for r in rules.routes(date.fromisoformat(day), "GB")} == routes


def test_a_standstill_ends_after_the_eighth_working_day():
    """SI 2023/1348, regulation 12(2) and (3): begins on the day after the notice; objections until
    midnight at the end of the 8th working day after the day it begins."""
    noticed = date(2024, 3, 4)  # a Monday: begins on the 5th, the 8th working day is the 15th
    assert awardable(noticed, 8) == date(2024, 3, 16)


def test_an_award_waits_for_what_its_route_needs():
    """SI 2023/1348, regulation 10: most suitable provider needs notices and a standstill."""
    route = rules.route(PSR, "most-suitable")
    assert missing(route, [], date(2024, 3, 4), {}) == [
        "the record has not a notice", "the record has not an assessment",
        "the record has not a notice of the intention to award",
    ]  # fmt: skip
    steps = [on("2024-02-01", "notice"), on("2024-02-20", "assessment"),
             on("2024-03-04", "intention")]  # fmt: skip
    assert missing(route, steps, date(2024, 3, 15), {}) == [
        "the standstill runs: the first day is 16 March 2024"
    ]
    assert missing(route, steps, date(2024, 3, 16), {}) == []
    objected = [*steps, on("2024-03-10", "representation")]
    assert missing(route, objected, date(2024, 3, 20), {}) == [
        "a provider objected and has no answer yet"
    ]
    assert missing(route, [*objected, on("2024-03-19", "review")], date(2024, 3, 20), {}) == []


def test_an_interest_in_a_bidder_is_handled_before_the_award():
    route = rules.route(PSR, "direct-a")
    lacks = missing(route, [], date(2024, 3, 4), {7: "Nat Nurse"})
    assert lacks == ["Nat Nurse has an interest in a bidder, and it is not said how it is handled"]
    handled = [on("2024-03-01", "interest", member=7, handling="leave")]
    assert missing(route, handled, date(2024, 3, 4), {7: "Nat Nurse"}) == []


def test_an_award_notice_is_due_within_thirty_days():
    """SI 2023/1348, regulations 7 to 11: the notice of the award within 30 days."""
    route = rules.route(PSR, "direct-a")
    steps = [on("2024-03-01", "award")]
    assert due_after(route, steps) == [("an award notice", date(2024, 3, 31))]
    assert due_after(route, [*steps, on("2024-03-05", "award notice")]) == []


def test_a_route_that_nobody_knows_is_told_with_the_nearest():
    with pytest.raises(NotFound, match="most-suitable"):
        rules.route(PSR, "most-suitabel")


@pytest.mark.parametrize("country", ["GB", "NZ"])
def test_a_charter_is_the_same_after_it_was_kept_and_after_it_was_typed(country):
    made = rules.begin_with(country)
    assert text.read(text.written(made)) == made
    typed = charter_of(raw_of(made), made, rules.needs(country))
    assert raw_of(typed) == raw_of(made)
    assert (typed.quorum, typed.ladder) == (made.quorum, made.ladder)


def test_whatever_cannot_be_read_is_told_at_once():
    made = rules.begin_with("GB")
    raw = raw_of(made) | {"name": " ", "share": "3/2", "ladder": "Chair; soon", "least": "0"}
    with pytest.raises(UserError) as told:
        charter_of(raw, made, rules.needs("GB"))
    for words in ("has not a name", "3/2 is not above 0", "rung 1 is not written", "the least"):
        assert words in told.value.what


@given(st.fractions(Fraction(1, 100), 1, max_denominator=100))
def test_a_share_is_read_as_it_is_written(share):
    made = rules.begin_with("GB")
    raw = raw_of(replace(made, quorum=text.Quorum(share=share)))
    assert charter_of(raw, made, rules.needs("GB")).quorum.share == share


def test_a_competence_is_covered_by_who_does_it():
    def sits(key, name, **levels):
        return Member(key=key, name=name, perspective="x", levels=levels)

    wanted = [Need(code="money", name="Money", least=2), Need(code="data", name="Data")]
    members = [sits(1, "Ann", money=3, data=1), sits(2, "Bo", money=1)]
    covered = grid(members, wanted)
    assert [(c.need.code, c.does, c.knows, c.short) for c in covered] == [
        ("money", ("Ann",), ("Bo",), 1), ("data", (), ("Ann",), 1),
    ]  # fmt: skip
    assert [c.need.code for c in gaps(covered)] == ["data", "money"]
    assert [c.state for c in covered] == [("1 more", "warn"), ("gap", "bad")]
