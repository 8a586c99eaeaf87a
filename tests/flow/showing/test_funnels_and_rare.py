"""Funnels of groups, and charts of rare events, as states of a measure's page."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.access.models import Audit
from onesystem.flow.charts import funnels
from onesystem.flow.charts.funnels import Spot
from onesystem.flow.charts.words import SHARE
from onesystem.flow.measures import library
from onesystem.flow.showing.charting import kinds_for
from onesystem.flow.showing.rare import between, gaps
from onesystem.flow.showing.state import State
from onesystem.flow.spc import Improve, Kind, funnel

ED = "/measures/ed-4-hours/"
TODAY = date(2026, 11, 22)
days = st.lists(st.integers(0, 3), max_size=60)


class TestStretches:
    def test_time_between(self):
        """Monday, Wednesday, and twice on Thursday: at noon, at noon, at six and at eighteen."""
        assert list(gaps([1, 0, 1, 2])) == [(2, 2.0), (3, 0.75), (3, 0.5)]
        assert list(gaps([])) == list(gaps([0, 1])) == []

    def test_cases_between(self):
        assert list(between([1, 0, 1], [3, 5, 4])) == [(2, 2 + 5 + 2)]

    @given(days)
    def test_times_are_above_nought_and_add_up(self, events):
        found = [value for _, value in gaps(events)]
        assert all(value > 0 for value in found)
        assert len(found) == max(sum(events) - 1, 0)
        if found:
            first, last = (next(i for i in order if events[i]) for order in
                           (range(len(events)), range(len(events) - 1, -1, -1)))  # fmt: skip
            begin, end = first + 0.5 / events[first], last + 1 - 0.5 / events[last]
            assert sum(found) == pytest.approx(end - begin)

    @given(days, st.data())
    def test_no_case_is_lost_or_counted_twice(self, events, data):
        rest = data.draw(st.lists(st.integers(0, 9), min_size=len(events), max_size=len(events)))
        found = [value for _, value in between(events, rest)]
        assert len(found) == max(sum(events) - 1, 0)
        assert all(value >= 0 for value in found)
        assert sum(found) <= sum(rest)


class TestStates:
    def test_what_fits_which_measure(self):
        known = library.shipped()
        assert kinds_for(known["ed-4-hours"])[:4] == ("xmr", "pp", "p", "funnel")
        assert "g" in kinds_for(known["ed-4-hours"])
        assert kinds_for(known["beds-at-midnight"]) == ("xmr",)

    def test_a_funnel_needs_groups_and_finds_them(self):
        kinds = ("xmr", "funnel", "t")
        state = State.of({"chart": "funnel"}, today=TODAY, kinds=kinds)
        assert (state.by, state.chart, state.funnel) == ("service", "funnel", True)
        named = State.of({"chart": "funnel", "by": "practice"}, today=TODAY, kinds=kinds)
        assert named.by == "practice"
        assert State.of({"chart": "t"}, today=TODAY, kinds=kinds).rare
        alone = State.of({"chart": "funnel"}, today=TODAY, kinds=kinds, dimensions=())
        assert (alone.funnel, bool(alone.problems)) == (False, True)

    def test_a_chart_that_does_not_fit_is_set_aside_with_a_word(self):
        state = State.of({"chart": "funnel"}, today=TODAY, kinds=("xmr",))
        assert state.chart == "xmr"
        assert "funnel" in state.problems[0]


class TestDrawing:
    SPOTS = (
        Spot(name="far", above=60, below=100),
        Spot(name="usual", above=600, below=3000),
        Spot(name="none", above=0, below=0),
        Spot(name="small", above=2, below=10),
    )

    def test_places_and_limits_stand_within_the_picture(self):
        spots = self.SPOTS
        made = funnel([s.above for s in spots], [s.below for s in spots], widen=False)
        drawn = funnels.draw(spots, made, SHARE, Improve.DOWN)
        assert [kind for kind, _, _ in drawn.points] == ["concern", "common", "common"]
        assert [name for _, _, name, _ in drawn.names] == ["far"]
        assert [css for css, _ in drawn.limits] == ["limit", "alert", "alert", "limit", "mean"]
        assert "60.0% of 100, above the 99.8% limit" in drawn.points[0][2]

    @pytest.mark.parametrize(
        ("signal", "improve", "kind"),
        [(2, Improve.UP, Kind.IMPROVEMENT), (2, Improve.DOWN, Kind.CONCERN),
         (-2, Improve.UP, Kind.CONCERN), (2, Improve.NONE, Kind.NEUTRAL),
         (1, Improve.UP, Kind.COMMON), (None, Improve.UP, Kind.COMMON)],
    )  # fmt: skip
    def test_only_the_outer_limits_are_a_signal(self, signal, improve, kind):
        assert funnels.meaning(signal, improve) is kind


class TestFunnelPage:
    WHERE = f"{ED}?chart=funnel&by=service&from=2026-01-01&to=2026-10-31"

    def test_who_is_outside_is_said_first(self, services, browser):
        page = browser("improvement").get(self.WHERE).content.decode()
        assert "lie outside the limits that chance gives around" in page
        assert "spc-funnel" in page
        assert "below the 99.8% limit" in page
        assert "Spiegelhalter" in page

    def test_it_is_taken_away_in_every_form(self, services, browser):
        client = browser("ed-nurse")
        written = client.get(f"{self.WHERE}&format=csv").content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(written)))
        worst = rows[0]
        assert (worst["counted"], worst["out of"]) == ("600", "1000")
        assert float(worst["figure"]) == pytest.approx(60)
        assert worst["kind"] == "Concern"
        assert client.get(f"{self.WHERE}&format=xlsx").content[:2] == b"PK"
        picture = client.get(f"{self.WHERE}&format=svg").content.decode()
        assert picture.startswith("<svg")
        assert "<style>" in picture
        assert Audit.objects.filter(act="figures.exported").count() == 3

    def test_the_controls_hold_the_state(self, services, browser):
        page = browser("improvement").get(self.WHERE).content.decode()
        assert '<option value="funnel" selected>' in page
        assert browser("improvement").get(f"{ED}?chart=funnel").status_code == 200

    def test_nothing_to_compare(self, slower, browser):
        page = browser("improvement").get(f"{ED}?chart=funnel&from=2001-01-01&to=2001-06-01")
        assert "Nothing was counted in this time" in page.content.decode()


class TestRarePage:
    def test_times_between_events_for_those_who_may_see_people(self, slower, browser):
        client = browser("ed-nurse")
        week = TODAY - timedelta(weeks=14)
        address = f"{ED}?chart=t&from={TODAY - timedelta(weeks=38)}&to={week}"
        page = client.get(address).content.decode()
        assert "time between rare events" in page
        written = client.get(f"{address}&format=csv").content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(written)))
        assert len(rows) > 20
        assert all(float(row["figure"]) > 0 for row in rows)
        cases = client.get(address.replace("chart=t", "chart=g")).content.decode()
        assert "cases between rare events" in cases

    def test_single_events_are_not_for_those_who_may_not(self, slower, browser):
        page = browser("improvement").get(f"{ED}?chart=t").content.decode()
        assert "is none of" in page
        assert '<option value="t"' not in page
