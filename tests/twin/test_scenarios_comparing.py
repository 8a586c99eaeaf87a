"""Scenarios beside doing nothing: the same random numbers, theory, and the choice of the best."""

import math
import random
import threading

import pytest

from onesystem.twin.network.reading import read as model_read
from onesystem.twin.network.running import Cancelled
from onesystem.twin.scenarios import summing
from onesystem.twin.scenarios.changes import Scenario
from onesystem.twin.scenarios.choosing import choose
from onesystem.twin.scenarios.comparing import compared, estimate, told, why
from onesystem.twin.scenarios.reading import change_of, line_of
from onesystem.twin.scenarios.summing import Prices, Summary, prices_of, summary, summed
from onesystem.twin.scenarios.telling import csv_rows
from onesystem.vocabulary import BadConfig


def queue(**more):
    """M/M/4 at 0.8, in hours."""
    return model_read({
        "horizon": 6000, "warm_up": 500, "replications": 8, "classes": ["a", "b"],
        "nodes": {"Q": {"servers": 4, "service": {"exponential": 1}}},
        "arrivals": {"x": {"node": "Q", "class": {"a": 0.3, "b": 0.7}, "rate": 3.2}}, **more,
    })  # fmt: skip


def ward():
    """An ED before a small ward, so that people are blocked."""
    return model_read({
        "horizon": 1500, "warm_up": 300, "replications": 4,
        "nodes": {
            "ED": {"servers": 6, "service": {"exponential": 2}, "next": {"Ward": 0.4, "out": 0.6}},
            "Ward": {"servers": 5, "waiting_room": 0, "service": {"exponential": 10}},
        },
        "arrivals": {"x": {"node": "ED", "rate": 1.05}},
    })  # fmt: skip


def scenario(*lines, name="it"):
    """A scenario of these changes."""
    return Scenario(name=name, changes=tuple(change_of(line_of(each)) for each in lines))


def wait(servers, rate):
    """The mean wait of M/M/c with a service of 1 (Erlang C)."""
    load = rate
    top = load**servers / math.factorial(servers) * servers / (servers - load)
    chance = top / (sum(load**k / math.factorial(k) for k in range(servers)) + top)
    return chance / (servers - load)


class TestPairs:
    """Paired by replication on common random numbers."""

    def test_a_scenario_that_changes_nothing_differs_by_exactly_nothing(self):
        """Every figure of every replication is the same."""
        found = compared(ward(), [
            scenario("stays times=1", name="a"),
            scenario("places service=Ward more=2 from=1499.9", "stays times=1", name="b"),
        ])  # fmt: skip
        for row in found.rows:
            assert row.scenarios[0].difference.mean in (0, None)
            assert row.scenarios[0].value == row.nothing

    def test_one_server_more_against_theory(self):
        """The difference of M/M/4 and M/M/5 lies within the paired interval."""
        found = compared(queue(), [scenario("places service=Q more=1")])
        (row,) = told(found, "wait", "Q")
        beside = row.scenarios[0]
        truth = wait(5, 3.2) - wait(4, 3.2)
        assert beside.difference.low <= truth <= beside.difference.high
        assert beside.sure
        assert row.nothing.low <= wait(4, 3.2) <= row.nothing.high

    def test_pairs_are_closer_than_strangers(self):
        """The interval of the difference is narrower than the two figures would make it."""
        found = compared(queue(), [scenario("stays times=0.97")])
        (row,) = told(found, "wait", "Q")
        apart = [each.high - each.low for each in (row.nothing, row.scenarios[0].value)]
        together = row.scenarios[0].difference
        assert together.high - together.low < 0.5 * math.hypot(*apart)

    def test_workers_change_nothing(self):
        """One at a time or three."""
        asked = [scenario("places service=Ward more=1")]
        assert compared(ward(), asked, workers=1) == compared(ward(), asked, workers=3)

    def test_a_date_in_the_middle(self):
        """Closed half-way, the ward takes in half of the people."""
        found = compared(ward(), [scenario("close service=Ward instead=out from=900")])
        (row,) = told(found, "taken in", "Ward")
        assert row.scenarios[0].value.mean == pytest.approx(row.nothing.mean / 2, rel=0.15)


class TestFigures:
    """What is counted."""

    def test_days_and_hours(self):
        """Full hours are at most all, and somebody is blocked on most days."""
        found = summed(ward())
        hours, days = found.values["hours full", "Ward", "all"], found.days
        assert days == 50
        assert all(0 < each < 24 * days for each in hours)
        assert all(0 < each <= days for each in found.values["gridlock days", "", "all"])
        assert set(found.values["gridlock days", "Ward", "all"]) == {0.0}

    def test_costs(self):
        """Contacts and hours at their prices; the whole is the sum."""
        prices = prices_of('{"contact": {"ED": 100}, "hour": {"Ward": 10}}')
        found = summed(ward(), prices=prices).values
        for n in range(4):
            days = found["days in service", "Ward", "all"][n]
            expected = 100 * found["taken in", "ED", "all"][n] + 10 * 24 * days
            assert found["cost", "", "all"][n] == pytest.approx(expected)

    @pytest.mark.parametrize("text", ["{", "[1]", '{"hour": {"a": "b"}}'])
    def test_no_prices(self, text):
        """Clear where the file is wrong."""
        with pytest.raises(BadConfig, match="no prices"):
            prices_of(text)

    def test_kept_and_taken_up_again(self):
        """A summary is plain JSON and comes back as it was."""
        found = summed(ward(), prices=Prices())
        assert summary(found.plain()) == found
        assert (
            summed(ward(), first=2).values["came", "ED", "all"][:2]
            == (found.values["came", "ED", "all"][2:])
        )

    def test_what_was_run_before_is_not_run_again(self, monkeypatch):
        """`kept` gives it."""
        before = summed(ward())
        monkeypatch.setattr(summing, "replications", None)
        found = compared(ward(), [], kept=lambda _model, _run: before)
        assert isinstance(before, Summary)
        assert found.replications == 4

    def test_rows_of_a_file(self):
        """A head, and as many cells in each row."""
        rows = list(csv_rows(compared(ward(), [scenario("stays times=1.1")])))
        assert {len(row) for row in rows} == {4 + 3 * 3}


class TestWhy:
    """Where the flow changed."""

    def test_places_that_changed_most(self):
        """One server more: fewer wait there."""
        found = compared(queue(), [scenario("places service=Q more=1")])
        (moved,) = (each for each in why(found, 0) if each.figure == "waiting")
        assert moved.where == "Q"
        assert moved.difference.high < 0


class TestBounds:
    """What is refused, and how it stops."""

    def test_too_many(self):
        """Ten at most, each with a name of its own."""
        with pytest.raises(BadConfig, match="there are 11"):
            compared(ward(), [Scenario(name=str(n)) for n in range(11)])
        with pytest.raises(BadConfig, match="same name"):
            compared(ward(), [Scenario(name="a"), Scenario(name="a")])

    def test_cancelled(self):
        """Nothing is kept of it."""
        stop = threading.Event()
        with pytest.raises(Cancelled):
            compared(ward(), [], stop=stop, progress=lambda _done, _of: stop.set())

    def test_intervals(self):
        """None for one value, none at all for none; 1, 2, 3 by hand (t is 4.303)."""
        assert estimate([None]).mean is None
        assert estimate([4.0]).low is None
        found = estimate([1.0, 2.0, 3.0, None])
        assert found.mean == 2
        assert found.high == pytest.approx(2 + 4.30265 / 3**0.5, rel=1e-5)


class TestChoice:
    """The best of many, with a stated confidence."""

    def draws(self, means, seed):
        """Options with these means, and noise that they share and noise that they do not."""

        def draw(option, first, count):
            found = []
            for n in range(first, first + count):
                shared = random.Random(f"{seed} {n}").gauss(0, 2)
                found.append(
                    means[option] + shared + random.Random(f"{seed} {n} {option}").gauss(0, 1)
                )
            return found

        return draw

    def test_the_best_is_found_as_often_as_stated(self):
        """Over eighty choices between five, at least 95 in a hundred, less three errors."""
        means = (3.0, 2.0, 2.5, 4.0, 3.2)
        right = sum(
            choose(5, self.draws(means, seed), matters=0.5, sure=0.95).best == 1
            for seed in range(80)
        )
        assert right >= 70

    def test_common_random_numbers_save_runs(self):
        """Options far apart are put aside at once."""
        found = choose(3, self.draws((0, 50, 60), 1), matters=1, least=False)
        assert found.best == 2
        assert found.dropped[0] == 10
        assert found.decided

    def test_not_decided(self):
        """Equal options within too few runs: said so."""
        found = choose(2, self.draws((1, 1), 1), matters=0.01, most=12)
        assert not found.decided
        assert found.replications == (12, 12)

    @pytest.mark.parametrize("said", [{"options": 1}, {"matters": 0}, {"sure": 0.4}])
    def test_nonsense(self, said):
        """Refused with the cure."""
        with pytest.raises(BadConfig):
            choose(said.pop("options", 2), self.draws((1, 2), 1), **({"matters": 1} | said))
