"""What a diagnosis keeps: opportunities as their reader may see them, measures with their chart."""

from datetime import date
from types import SimpleNamespace

import pytest
from options_tried import PIA, begun

from onesystem.access import Actor
from onesystem.flow import answers
from onesystem.flow.chances.keeping import KIND, asked_of
from onesystem.flow.charts.words import Unit
from onesystem.flow.showing import reading
from onesystem.flow.spc import Asked, Series, draw
from onesystem.plan.options import diagnosing, queries
from onesystem.vocabulary import NotFound, UserError

DAY = 86_400_000
CAUSES = {"COPD": [40, 30, 300 * DAY, 90_000], "Falls": [12, 9, 400 * DAY, 10_000]}


def kind(name, title, days, causes=None):
    whole = [52, 39, days * DAY, 100_000]
    return {
        "name": name, "title": title, "counted": "admissions", "out_of": 90,
        "out_of_words": "such admissions", "days": "in care", "estimate": "", "more": {},
        "splits": {"cause": "Condition" if causes else "", "other": ""}, "journeys": {},
        "cells": {"": {"": whole}, "cause": causes or {}, "service": {}},
    }  # fmt: skip


@pytest.fixture
def found(joined):
    span = diagnosing.period()
    kinds = [kind("ready-not-gone", "Ready, and still there", 90),
             kind("ambulatory-sensitive", "Earlier care may prevent", 700, CAUSES)]  # fmt: skip
    made = {**span.as_dict(), "kinds": kinds, "prices": [], "data_to": ""}
    answers.keep(KIND, asked_of(span), made, by=PIA)
    return {"start": span.start.isoformat(), "end": span.end.isoformat()}


def test_the_largest_opportunity_comes_first_with_its_causes(found):
    """By days and by people: they need not be the same."""
    nurse = Actor(name="n", roles=frozenset({"planner", "ed-nurse"}))
    value = diagnosing.value_of("opportunity", {"kind": "ambulatory-sensitive", **found}, by=nurse)
    rows = dict(value["rows"])
    assert rows["Rank by avoidable days"] == "1 of 2"
    assert rows["Avoidable days"] == "700"
    assert rows["Largest causes, by days"] == "Falls (400 d); COPD (300 d)"
    assert rows["Largest causes, by people"] == "COPD (30); Falls (9)"
    second = diagnosing.value_of("opportunity", {"kind": "ready-not-gone", **found}, by=nurse)
    assert dict(second["rows"])["Largest causes, by people"] == "not told"


def test_a_planner_sees_counts_that_are_rounded(found):
    value = diagnosing.value_of("opportunity", {"kind": "ambulatory-sensitive", **found}, by=PIA)
    assert int(dict(value["rows"])["People"]) % 3 == 0


def test_an_opportunity_is_kept_and_counts_for_the_gate(found):
    slug = begun()
    diagnosing.keep(plan=slug, kind="opportunity", by=PIA,
                    asked={"kind": "ambulatory-sensitive", **found})  # fmt: skip
    assert queries.facts(slug).opportunities
    answer, cards = diagnosing.ranked(PIA)
    told = diagnosing.commonest(answer.found, cards, PIA)
    assert told["ambulatory-sensitive"].startswith("COPD")


@pytest.mark.parametrize(
    ("more", "what"),
    [({"kind": "ambulatory-sensitiv"}, "ambulatory-sensitiv"), ({"start": "soon"}, "no day"),
     ({"start": "2020-01-01", "end": "2020-03-01"}, "being worked out")],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_says_why(found, more, what):
    asked = {"kind": "ambulatory-sensitive", **found} | more
    with pytest.raises(UserError, match=what):
        diagnosing.value_of("opportunity", asked, by=PIA)


def test_a_measure_is_kept_with_what_its_chart_says(joined, monkeypatch):
    dates = [date(2025, n, 1) for n in range(1, 13)] + [date(2026, n, 1) for n in range(1, 11)]
    series = Series.of(dates, [*[10.0, 11.0, 9.0, 10.5] * 4, *[20.0] * 6])
    charted = SimpleNamespace(chart=draw(series, Asked()), unit=Unit(after=" h"),
                              last="in Oct 2026")  # fmt: skip
    monkeypatch.setattr(reading, "charts", lambda *_, **__: [({}, charted)])
    asked = diagnosing.measure_asked("length-of-stay")
    assert set(asked) == {"measure", "from", "to", "every"}
    value = diagnosing.value_of("measure", asked, by=PIA)
    rows = dict(value["rows"])
    assert rows["Latest"] == "20 h in Oct 2026"
    assert rows["Points"] == "22, by month"
    assert value["line"].startswith("20 h in Oct 2026")
    assert value["href"].startswith("/measures/length-of-stay/?")


def test_a_measure_without_figures_says_what_to_do(joined):
    with pytest.raises(UserError, match="no figures"):
        diagnosing.value_of("measure", diagnosing.measure_asked("length-of-stay"), by=PIA)
    with pytest.raises(NotFound):
        diagnosing.measure_asked("lenght-of-stay")
