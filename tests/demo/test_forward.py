"""Months of the demo at once: through the feeds, resumable, and as the district has decided."""

import shutil
import sqlite3
from contextlib import closing
from copy import deepcopy
from datetime import UTC, date, datetime

import numpy as np
import pytest

from onesystem.alliance.commit.queries import InForce
from onesystem.demo import clock, flareups, keeping, progress, turns, ways
from onesystem.demo.flareups import Way
from onesystem.demo.forward import later
from onesystem.demo.history import Span, go_on
from onesystem.demo.seconds import DAY
from onesystem.demo.streams import word
from onesystem.vocabulary import BadConfig

from .conftest import NOW, run

ALWAYS = 1 << 40


def test_a_month_later_is_the_same_hour():
    noon = int(datetime(2027, 1, 31, 12, tzinfo=UTC).timestamp())
    assert datetime.fromtimestamp(later(noon), UTC) == datetime(2027, 2, 28, 12, tzinfo=UTC)
    assert datetime.fromtimestamp(later(later(noon)), UTC) == datetime(2027, 3, 28, 12, tzinfo=UTC)


class TestWays:
    def test_a_way_needs_all_of_its_parts(self):
        """A pathway without places of the team changes nothing; nor do places without a pathway."""
        pathway = in_force("pathway", "copd-exacerbation")
        places = in_force("service", "acute-demand", number="12", since=date(2027, 1, 1))
        assert ways.ways_of([pathway], "Europe/London") == ()
        [way] = ways.ways_of([pathway, places], "Europe/London")
        assert (way.kind, way.places) == ("flare-up", 12)
        assert way.since == datetime(2027, 1, 1, tzinfo=UTC).timestamp()

    def test_what_was_stopped_ends(self):
        ended = datetime(2027, 2, 1, tzinfo=UTC)
        [way] = ways.ways_of([in_force("ambulance", "copd-at-home", until=ended)], "Europe/London")
        assert way.until == ended.timestamp()

    def test_only_as_many_as_there_are_places_for(self):
        at = np.arange(20) * DAY
        seen = {"at": at, "flare": np.ones(20, dtype=bool)}
        way = Way("flare-up", 0, ALWAYS, part=1.0, places=2)
        home, _ = flareups.spared((way,), seen, np.random.default_rng(1))
        days = np.flatnonzero(home)
        for day in days:
            assert ((days <= day) & (days > day - flareups.EPISODE)).sum() <= 2
        assert 0 < len(days) < 20


def in_force(kind, code, *, number="", since=date(2026, 12, 1), until=None):
    return InForce(decision=1, kind=kind, code=code, number=number, since=since, until=until)


@pytest.fixture(scope="module")
def twice(imagined):
    """Half a year of the same world, as it was and with both ways in force."""
    open_ = (Way("flare-up", 0, ALWAYS, part=0.48, back=0.1, places=50),
             Way("ambulance", 0, ALWAYS, part=0.4, back=0.2))  # fmt: skip
    made = []
    for some in ((), open_):
        world = deepcopy(imagined.world)
        world.ways = some
        made.append(go_on(world, Span(NOW // DAY + 2, NOW // DAY + 180), 1))
    return made


class TestEffect:
    def test_fewer_are_carried_and_admitted(self, twice):
        before, after = twice
        flares = [(s["S"].reason == word(flareups.REASON)).sum() for s in twice]
        assert flares[1] < 0.8 * flares[0]
        assert share(after) < share(before) - 0.08

    def test_who_stays_at_home_is_seen_there(self, twice):
        before, after = twice
        at_home = after["N"].reason == word(flareups.REASON)
        assert at_home.sum() > 20
        assert not (before["N"].reason == word(flareups.REASON)).any()
        visits = after["N"].where(at_home)
        first = visits.where(visits.cause == 0)
        assert set(visits.cause[visits.cause > 0]) <= set(first.number)
        assert len(after["G"]) > len(before["G"])


def share(made):
    calls = made["A"].where(~made["A"].cancelled)
    return (calls.outcome == word("taken to hospital")).mean()


@pytest.fixture(scope="module")
def gone_on(made_folder, tmp_path_factory):
    """A copy of the made demo, a month later."""
    folder = tmp_path_factory.mktemp("forward") / "district"
    shutil.copytree(made_folder, folder)
    reached = progress.where(folder)[0]
    said = run(["demo", "forward", str(folder), "--months", "1"])
    return folder, reached, said


class TestForward:
    def test_a_month_arrives_through_the_feeds(self, gone_on):
        folder, reached, said = gone_on
        assert progress.where(folder)[0] == later(reached)
        assert "messages and files" in said.stderr
        assert not (folder / "live" / "forward.json").exists()

    def test_the_clock_stands_where_the_messages_end(self, gone_on):
        folder, reached, _ = gone_on
        assert 0 <= clock.now(folder) - later(reached) < 3600

    def test_a_run_that_was_broken_off_is_finished(self, gone_on):
        """Killed on the way, it knows how far it was to go; what comes twice changes nothing."""
        folder, reached, _ = gone_on
        goal = folder / "live" / "forward.json"
        goal.write_text(str(later(reached)))
        run(["demo", "forward", str(folder), "--months", "5"])
        assert progress.where(folder)[0] == later(reached)
        assert not goal.exists()

    def test_all_who_lay_in_bed_have_left(self, gone_on):
        """Also those whose stay an extract told of, in its second ward."""

        folder, reached, _ = gone_on
        demo = progress.read(folder)
        stays = keeping.load(folder, demo.made).streams["S"]
        still = set(stays.number[(stays.started < reached) & (stays.ended > later(reached))])
        with closing(sqlite3.connect(folder / "store.sqlite3")) as store:
            there = store.execute(
                "SELECT COUNT(*) FROM contacts_contact WHERE setting = 'ward' AND ended IS NULL "
                "AND cancelled = 0 AND started IS NOT NULL AND started < ?", [reached * 1_000_000],
            ).fetchone()[0]  # fmt: skip
        assert there <= len(still)

    def test_more_months_than_sensible_are_refused(self, gone_on):
        told = run(["demo", "forward", str(gone_on[0]), "--months", "25"], check=False)
        assert told.returncode == BadConfig.exit_code
        assert "Give 1 to 24" in told.stderr


def test_a_leap_waits_for_its_turn(tmp_path):
    (tmp_path / "live").mkdir()
    assert not turns.leap_wanted(tmp_path)
    with turns.leaping(tmp_path):
        assert turns.leap_wanted(tmp_path)
    assert not turns.leap_wanted(tmp_path)
