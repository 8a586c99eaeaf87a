"""Evidence is a link that reproduces: what it said then is kept, and stands beside what is now."""

from dataclasses import replace

import pytest
from seating import CLERK, decided, seated

from onesystem.access import Actor
from onesystem.alliance.meeting import linking
from onesystem.alliance.meeting.linking import compared
from onesystem.alliance.meeting.proposal import Evidence
from onesystem.vocabulary import NotFound, UserError

WAS = Evidence(kind="measure", address="/measures/x/", title="X", digest="a",
               figures=(("Latest", "87"), ("Mean", "97")))  # fmt: skip

PLACES = {"change": "places", "service": "ED"}


def _small(district):
    """A twin of one service that people wait for."""
    import json

    from onesystem.twin import standing

    model = {"name": "One", "horizon": 300, "warm_up": 30, "replications": 2,
             "nodes": {"ED": {"servers": 3, "service": {"exponential": 1}, "setting": "ED"}},
             "arrivals": {"in": {"node": "ED", "rate": 2.7}}}  # fmt: skip
    (district.path / standing.FILE).write_text(json.dumps(model), encoding="utf-8")


def _run(scenario, by):
    """The twin runs what a page of comparison asks."""
    from onesystem.flow import answers
    from onesystem.twin import pages, queries, working

    asked = queries.question(pages.standing_here().digest, [queries.one(scenario, by=by)])
    found = working.work(asked, lambda _share, _said: None)
    answers.keep(pages.KIND, asked, found, by=by)


def test_what_says_the_same_differs_in_nothing():
    assert compared(WAS, replace(WAS, at=7)) == []


def test_what_is_otherwise_is_named_then_and_now():
    later = replace(WAS, digest="b", figures=(("Latest", "88"), ("Mean", "97"), ("New", "1")))
    assert compared(WAS, later) == [("Latest", "87", "88"), ("New", "", "1")]


def test_another_digest_behind_the_same_figures_is_told():
    assert compared(WAS, replace(WAS, digest="b"))[0].label == "What lies behind it"


@pytest.mark.django_db
class TestAttaching:
    """An address is pinned when it is attached; what cannot be reproduced says so."""

    def test_a_published_source_needs_a_title(self, district):
        with pytest.raises(UserError, match="needs a title"):
            linking.attached("https://example.org/study", by=CLERK)
        made = linking.attached("https://example.org/study", by=CLERK, title="A trial, 2014")
        assert (made.kind, made.figures) == ("source", ())

    def test_a_page_keeps_no_figure(self, district):
        made = linking.attached("/now/", by=CLERK)
        assert (made.kind, made.address) == ("page", "/now/")
        assert made.kind not in linking.REPRODUCES

    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", "data:text/html,x", "", r"/\evil.example"]
    )
    def test_what_is_no_address_of_a_page_is_refused(self, district, address):
        with pytest.raises(UserError):
            linking.attached(address, by=CLERK)

    def test_an_unknown_measure_is_refused_with_the_nearest(self, district):
        with pytest.raises(NotFound, match="ed-attendances"):
            linking.attached("/measures/ed-attendance/", by=CLERK)

    def test_a_measure_of_which_nothing_is_known_shows_nothing(self, district):
        with pytest.raises(UserError, match="nothing is known"):
            linking.attached("/measures/ed-attendances/?every=month", by=CLERK)

    def test_a_measure_is_pinned_to_its_days_and_a_correction_shows(self, district, stop_clock):
        """84 of 96 then; nine of them turn out to have waited longer, and both stand there."""
        from datetime import UTC, date, datetime

        from django.core.cache import cache

        from onesystem.flow.measures import days, standing, store

        cache.clear()
        stop_clock(datetime(2026, 11, 23, 3, tzinfo=UTC))
        kept = store.kept_ids({"ed-4-hours": "as it is"})["ed-4-hours"]

        def seen(month, within, of):
            at = days.begin(days.day_of(date(2026, month, 1)), "month")
            store.add_cells([(kept, "all", "month", at, "", within, of, of)])

        seen(9, 81, 96)
        seen(10, 84, 96)  # figures of those who may not see few people are in threes
        midnight = datetime(2026, 11, 23, tzinfo=UTC).timestamp()
        store.set_marks(horizon=int(midnight * 1000), mapped=0, form=standing.FORM)
        made = linking.attached("/measures/ed-4-hours/?every=month&from=2026-09-01", by=CLERK)
        assert made.address.endswith("?every=month&from=2026-09-01&to=2026-11-22")
        assert dict(made.figures)["Latest"] == "87.5% in Oct 2026"
        assert compared(made, linking.again(made, by=CLERK).said) == []
        seen(10, -9, 0)
        cache.clear()
        [latest, *_] = compared(made, linking.again(made, by=CLERK).said)
        assert latest == ("Latest", "87.5% in Oct 2026", "78.1% in Oct 2026")

    def test_what_an_option_of_a_plan_costs_is_attached_by_its_page(self, district):
        from options_tried import begun, twin

        from onesystem.plan.options import library

        twin(district)
        key = next(iter(library.options()))
        slug = begun(key)
        made = linking.attached(f"/plan/{slug}/options/{key}/", by=CLERK)
        assert (made.kind, made.address) == ("plan", f"/plan/{slug}/options/{key}/")
        assert {"Set-up", "Running, a year"} <= dict(made.figures).keys()
        assert compared(made, linking.again(made, by=CLERK).said) == []

    def test_a_comparison_of_the_twin_that_was_not_run_is_refused(self, district):
        with pytest.raises(UserError, match="names no scenario"):
            linking.attached("/twin/compare/?s=", by=CLERK)
        with pytest.raises(NotFound):
            linking.attached("/twin/compare/?s=99", by=CLERK)

    def test_a_comparison_of_the_twin_is_run_and_shown_anew_where_its_figures_differ(
        self, district
    ):
        """One place more, then four: what was attached stands beside what is run now."""
        from options_tried import PIA

        from onesystem.twin import actions

        _small(district)
        beds = actions.make(name="More beds", note="", by=PIA).id
        actions.add(scenario=beds, said=PLACES | {"more": 1}, by=PIA)
        address = f"/twin/compare/?s={beds}&figure=wait"
        with pytest.raises(UserError, match="shared with nobody"):
            linking.attached(address, by=PIA)
        actions.share(scenario=beds, shared=True, by=PIA)
        with pytest.raises(linking.NotRun, match="has not been run"):
            linking.attached(address, by=PIA)
        _run(beds, PIA)
        made = linking.attached(address, by=PIA)
        assert (made.kind, made.address) == ("twin run", f"/twin/compare/?s={beds}")
        assert made.title == "More beds (version 2)"
        assert "from " in dict(made.figures)["More beds: Mean wait, hours"]
        assert compared(made, linking.again(made, by=CLERK).said) == []
        actions.add(scenario=beds, said=PLACES | {"more": 3}, by=PIA)
        assert linking.again(made, by=CLERK) == (
            None, "It is being run anew: look again in a moment.",
        )  # fmt: skip
        _run(beds, PIA)
        now_, _ = linking.again(made, by=CLERK)
        differs = {each.label: each for each in compared(made, now_)}
        then, later = differs["More beds: Mean wait, hours"][1:]
        assert then == dict(made.figures)["More beds: Mean wait, hours"]
        assert later == dict(now_.figures)["More beds: Mean wait, hours"]
        assert then != later

    def test_a_decision_says_where_it_stands(self, district):
        members = seated()
        number = decided(members)
        made = linking.attached(f"/alliance/decisions/{number}/", by=CLERK)
        assert made.figures == (("State", "agreed"),)
        from onesystem.alliance.meeting import actions

        actions.mark(decision=number, state="withdrawn", by=CLERK)
        there = linking.again(made, by=CLERK).said
        assert compared(made, there) == [("State", "agreed", "withdrawn")]

    def test_what_is_gone_is_told_as_gone(self, district):
        gone = replace(WAS, address="/measures/no-such-measure/")
        said, why = linking.again(gone, by=CLERK)
        assert said is None
        assert "no-such-measure" in why

    def test_an_evaluation_is_pinned_to_its_version_and_its_run(self, district):
        from onesystem.district import now
        from onesystem.evidence.models import Evaluation, Run, Version

        said = {"title": "Did it work?", "design": "its", "measure": "ed-attendances",
                "at": "2026-03-01", "start": "2025-01-01", "end": "2026-09-01",
                "treated": [], "control": [], "what": "A car"}  # fmt: skip
        one = Evaluation.objects.create(title="Did it work?", by="ines", made_at=now())
        version = Version.objects.create(evaluation=one, number=1, asked=said, by="ines",
                                         made_at=now())  # fmt: skip
        main = {"name": "level", "label": "Change of level", "estimate": -12.0, "low": -20.0,
                "high": -4.0, "unit": "a month"}  # fmt: skip
        Run.objects.create(
            version=version, state="done", data={}, digest="d" * 64, by="ines", begun_at=now(),
            result={"main": main, "standing": "passed", "translated": []},
        )  # fmt: skip
        made = linking.attached(f"/evidence/{one.id}/", by=CLERK)
        assert made.address == f"/evidence/{one.id}/?version=1"
        assert made.digest == "d" * 64
        assert made.figures[0] == ("Change of level", "-12 (-20 to -4) a month")


def test_whoever_attaches_sees_no_more_than_all_who_read_it():
    """A clinician may open people; what they attach is what a member would see."""
    from onesystem.access import may

    doctor = Actor(name="doctor", roles=frozenset({"hospital-doctor", "manager"}))
    assert may(doctor, "person.open")
    assert not may(linking._plain(doctor), "person.open")
