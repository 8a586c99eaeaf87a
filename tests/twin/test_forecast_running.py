"""A model that begins now: what theory says of those who are there, and of those who come."""

import json
import math
from datetime import UTC, datetime

import numpy as np
import pytest

from onesystem.flow.boards.gridlock import Limits
from onesystem.twin import model_of
from onesystem.twin.forecast.beginning import Here, beginning
from onesystem.twin.forecast.levers import tried
from onesystem.twin.forecast.made import Asked, forecast
from onesystem.twin.forecast.running import marks, ran
from onesystem.twin.forecast.sites import Site, gridlocked
from onesystem.twin.forecast.told import read
from onesystem.twin.network.distributions import Exponential
from onesystem.twin.network.model import Present, Schedule

NAN = float("nan")
WEEK = [0.5 + (hour % 24) / 6 for hour in range(168)]


def model(**said):
    """A model that begins on a Monday, of what is given."""
    said.setdefault("arrivals", {"in": {"node": "A", "rate": 2}})
    return model_of(json.dumps({"starts": "2026-01-05T00:00:00+00:00", "horizon": 1, **said}))


def people(count, node="A", elapsed=0.0, ready=NAN):
    """So many people who have been there for so long."""
    return [(Present(node=node, kind="all", elapsed=elapsed), ready)] * count


def run(made, here, *, hours=24, since=0.0, replications=300):
    """The runs of a model from a moment on."""
    begun = beginning(
        made, here, since=since, hours=hours, replications=replications, seed=5
    )  # fmt: skip
    return ran(begun, marks(hours))


def close(values, expected, times=4.0):
    """The mean over replications is what theory says, within its own error."""
    half = times * values.std(axis=0) / math.sqrt(len(values)) + 1e-9
    assert (np.abs(values.mean(axis=0) - expected) < half).all()


class TestTheory:
    """Servers without end: exact at every hour, whoever was there."""

    def test_from_a_known_state(self):
        """Of forty who are there each is left with exp(-t/5); of those who come, Poisson."""
        made = model(nodes={"A": {"service": {"exponential": 5}}})
        found = run(made, Here(people=people(40, elapsed=7.0)))
        left = np.exp(-np.array(marks(24)) / 5)
        close(found.inside[..., 0], 40 * left + 2 * 5 * (1 - left))
        assert found.inside[:, 5, 0].var() == pytest.approx(
            40 * left[5] * (1 - left[5]) + 10 * (1 - left[5]), rel=0.35
        )

    def test_arrivals_that_change_by_the_hour_of_the_week(self):
        """From a quarter past ten on a Thursday, in the third week, rates are those of then."""
        rates = {"in": {"node": "A", "rates": WEEK, "every": 168}}
        made = model(nodes={"A": {"service": {"exponential": 5}}}, arrivals=rates)
        for since in (336 + 82.25, -168 + 82.25):
            found = run(made, Here(), since=since, replications=200)
            hours = [82.25 + n / 100 for n in range(2400)]
            whole = np.cumsum([WEEK[int(hour) % 168] / 100 for hour in hours])
            close(found.came[..., 0], whole[np.array(marks(24)) * 100 - 1])

    def test_what_is_left_of_a_stay_depends_on_how_long_it_was(self):
        """Half of those whose stay is fixed go when it is over, none before."""
        made = model(nodes={"A": {"service": 10}}, arrivals={"in": {"node": "A", "times": [99]}})
        here = Here(people=[*people(3, elapsed=2.0), *people(4, elapsed=7.5)])
        inside = run(made, here, replications=2).inside[0, :, 0]
        assert inside[:9].tolist() == [7, 7, 3, 3, 3, 3, 3, 0, 0]

    def test_who_stays_for_longer_than_anybody_before_does_not_vanish(self):
        made = model(
            nodes={"A": {"service": {"quantiles": {"values": [0, 10, 40], "p": [0, 0.98, 1]}}}},
            arrivals={"in": {"node": "A", "times": [99]}},
        )
        inside = run(made, Here(people=people(10, elapsed=70.0)), replications=50).inside
        assert inside[:, 0, 0].mean() > 8


class TestReady:
    """Who is ready to go leaves by the delay, not by the stay."""

    def test_the_delay_goes_on_from_where_it_is(self):
        made = model(
            nodes={"A": {"service": {"exponential": 500}, "next": "B"}, "B": {"service": 1000}},
            arrivals={"in": {"node": "A", "times": [99]}},
        )
        here = Here(people=people(50, elapsed=300.0, ready=2.0), delays={"A": Exponential(4.0)})
        found = run(made, here)
        close(found.inside[..., 0], 50 * np.exp(-np.array(marks(24)) / 4))
        assert (found.inside.sum(axis=-1) == 50).all(), "they go on as others do"

    def test_without_a_known_delay_the_stay_is_what_is_known(self):
        made = model(nodes={"A": {"service": 10}}, arrivals={"in": {"node": "A", "times": [99]}})
        inside = run(made, Here(people=people(2, elapsed=4.0, ready=1.0)), replications=2).inside
        assert inside[0, :7, 0].tolist() == [2, 2, 2, 2, 2, 0, 0]

    def test_who_is_ready_for_a_full_ward_is_kept(self):
        """In the service before, until there is a place; the ward needs one more."""
        made = model(
            nodes={
                "A": {"service": 3, "next": "W"},
                "W": {"servers": 1, "waiting_room": 0, "service": 8},
            },
            arrivals={"in": {"node": "A", "times": [99]}},
        )
        here = Here(people=[*people(1, elapsed=9.0, ready=6.0), *people(1, "W", elapsed=3.0)])
        said = forecast(made, here, asked(replications=2, levers=False))
        a, w = said.services
        assert a.inside[2][:6] == (1, 1, 1, 1, 0, 0)
        assert w.need[2][:6] == (2, 2, 2, 2, 1, 1)
        assert (a.ready, a.here, w.here) == (1, 1, 1)


SITE = Site(code="h", name="Hospital", beds=("W",), gates=("A",), places=(10,) * len(marks(24)))
HOSPITAL = {
    "nodes": {
        "A": {"service": {"exponential": 3}, "next": {"W": 0.5, "out": 0.5}},
        "W": {"servers": 10, "service": {"exponential": 40}},
    },
    "arrivals": {"in": {"node": "A", "rate": 1.0}},
}


def asked(**more):
    """What a forecast of the hospital is made for."""
    said = {
        "at": datetime(2026, 1, 8, 10, 15, tzinfo=UTC), "hours": 24, "replications": 60,
        "sites": [SITE], "settings": {"A": "ED", "W": "ward"},
    }  # fmt: skip
    return Asked(**(said | more))


class TestHospital:
    """Gridlock, and what helps."""

    here = Here(people=[*people(4, "W", 30.0, 5.0), *people(6, "W", 12.0), *people(5)])

    def test_gridlock_is_what_the_board_calls_so(self):
        """Over the limit while somebody waits; one alone is none."""
        full = Here(people=people(12, "W"), places={"W": Schedule(((0.0, 12),))})
        made = model(**HOSPITAL | {"arrivals": {"in": {"node": "A", "times": [99]}}})
        found = run(made, full, replications=2)
        limits = Limits(occupancy=0.95, waiting=1)
        assert not gridlocked(found, SITE, limits).any()
        waits = Here(people=[*full.people, (Present(node="W", kind="all", waiting=2.0), NAN)])
        found = run(made, waits, replications=20)
        assert gridlocked(found, SITE, limits)[:, 0].mean() > 0.5

    def test_levers_are_set_on_the_same_luck(self):
        said = forecast(model(**HOSPITAL), self.here, asked())
        assert said.levers[0].name.split()[0] in ("Let", "Open")
        first = next(each for each in said.levers if each.name.startswith("Let all 4"))
        assert first.sure
        mean, low, high = first.inside
        assert low < mean < high < 0
        assert high - low < 2

    def test_what_changes_nothing_is_told_so(self):
        begun = beginning(model(**HOSPITAL), Here(), since=0.0, hours=24, replications=4, seed=1)
        base = ran(begun, marks(24))
        assert not tried(begun, base, marks(24), [], Limits(occupancy=1, waiting=1), {}, None, None)

    def test_the_same_state_gives_the_same_forecast_and_it_survives_being_kept(self):
        one, other = (
            forecast(model(**HOSPITAL), self.here, asked(), workers=n) for n in (1, 2)
        )  # fmt: skip
        assert one == other == read(json.loads(json.dumps(one.plain())))
        (hospital,) = one.hospitals
        assert list(hospital.within) == sorted(hospital.within)
        assert hospital.here == 10

    def test_an_empty_district_is_no_mistake(self):
        said = forecast(model(**HOSPITAL), Here(), asked(replications=2, levers=False))
        assert said.people == 0
        assert said.services[1].inside[2][0] == 0


def test_the_hours_that_are_told_of_end_with_the_last():
    assert marks(6) == (1, 2, 3, 4, 5, 6)
    assert marks(72)[-3:] == (66, 69, 72)
    assert marks(40)[-2:] == (39, 40)
