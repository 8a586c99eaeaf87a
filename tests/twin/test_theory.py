"""What queueing theory knows exactly, within the interval of a run whose width is about 1%.

Formulas: Kleinrock, Queueing Systems, volumes 1 (1975) and 2 (1976); Erlang A by Palm (1957);
reneging as in Garnett, Mandelbaum and Reiman (2002), doi:10.1287/msom.4.3.208.7753; M/D/c by
Crommelin (1932); Jackson (1957); blocking in series by its Markov chain, solved here.
"""

import json
import math
from typing import Any

import numpy as np
import pytest
from queues import erlang_b, erlang_c
from scipy.integrate import quad
from scipy.stats import lognorm

from onesystem.twin import model_of, replications, result_of
from onesystem.twin.network import layout as at
from onesystem.twin.network.results import Estimate, Result, Visits


def ran(**said: Any) -> Result:
    """A model of the given parts, run."""
    model = model_of(json.dumps({"warm_up": 200, "replications": 12, "seed": 7, **said}))
    return result_of(model, replications(model))


def one(rate: float, horizon: float, **node: Any) -> tuple[Result, Visits]:
    """One node with Poisson arrivals."""
    made = ran(nodes={"A": node}, arrivals={"in": {"node": "A", "rate": rate}}, horizon=horizon)
    return made, made.nodes["A"].classes["all"]


def near(found: Estimate, expected: float, width: float = 0.02) -> None:
    """The interval holds the exact value, stretched to four standard errors, and is narrow."""
    assert found.mean is not None
    assert found.low is not None
    half = found.mean - found.low
    assert half <= max(width * abs(expected), 1e-9), (found, expected)
    assert abs(found.mean - expected) <= 2 * half + 1e-12, (found, expected)


class TestOneNode:
    def test_erlang_c(self) -> None:
        _, visits = one(9, 40_000, servers=10, service={"exponential": {"mean": 1}})
        near(visits.waited, erlang_c(10, 9))
        near(visits.wait.mean, erlang_c(10, 9) / (10 - 9), 0.05)

    def test_erlang_b(self) -> None:
        """Loss depends on the mean of the service only."""
        for service in ({"exponential": 1}, {"fixed": 1}, {"lognormal": {"mean": 1, "cv": 2}}):
            made, visits = one(8, 15_000, servers=10, waiting_room=0, service=service)
            assert visits.no_room.mean is not None
            assert visits.arrived.mean is not None
            assert visits.no_room.mean / visits.arrived.mean == pytest.approx(
                erlang_b(10, 8), rel=0.02
            )
            near(made.nodes["A"].busy, 8 * (1 - erlang_b(10, 8)))

    def test_erlang_a(self) -> None:
        """People lose patience after exponential times: a birth and death chain."""
        servers, rate, patience = 10, 11.0, 0.5
        chances = [1.0]
        for n in range(1, 400):
            chances.append(chances[-1] * rate / (min(n, servers) + max(n - servers, 0) / patience))
        total = sum(chances)
        waiting = sum(max(n - servers, 0) * p for n, p in enumerate(chances)) / total
        made, visits = one(
            rate, 20_000, servers=servers, service={"exponential": 1},
            patience={"exponential": patience},
        )  # fmt: skip
        near(made.nodes["A"].waiting, waiting)
        assert visits.left_waiting.mean is not None
        assert visits.arrived.mean is not None
        left = visits.left_waiting.mean / visits.arrived.mean
        assert left == pytest.approx(waiting / patience / rate, rel=0.02)

    @pytest.mark.parametrize(
        ("service", "cv2"),
        [
            ({"erlang": {"k": 4, "mean": 1}}, 0.25),
            ({"gamma": {"shape": 0.5, "scale": 2}}, 2.0),
            ({"uniform": {"low": 0, "high": 2}}, 1 / 3),
            ({"hyperexponential": {"p": [0.9, 0.1], "means": [0.5, 5.5]}}, None),
            ({"lognormal": {"mean": 1, "cv": 1.2}}, 1.44),
            ({"weibull": {"shape": 1.5, "scale": 1 / math.gamma(1 + 1 / 1.5)}}, None),
            ({"triangular": {"low": 0, "mode": 1, "high": 2}}, 1 / 6),
            ({"discrete": {"values": [0.5, 1.5], "p": [0.5, 0.5]}}, 0.25),
            ({"quantiles": [0, 2]}, 1 / 3),
        ],
    )
    def test_pollaczek_and_khinchine(self, service: dict[str, Any], cv2: float | None) -> None:
        """One server and any service: the wait follows from its mean and variance."""
        if "hyperexponential" in service:
            cv2 = 2 * (0.9 * 0.5**2 + 0.1 * 5.5**2) - 1
        elif "weibull" in service:
            cv2 = math.gamma(1 + 2 / 1.5) / math.gamma(1 + 1 / 1.5) ** 2 - 1
        assert cv2 is not None
        load = 0.7
        _, visits = one(load, 60_000, servers=1, service=service)
        near(visits.wait.mean, load * (1 + cv2) / (2 * (1 - load)), 0.06)

    def test_fixed_service_many_servers(self) -> None:
        """M/D/c by Crommelin's equations, solved by steps of one service."""
        servers, rate = 4, 3.2
        size = 120
        arrive = [math.exp(-rate) * rate**k / math.factorial(k) for k in range(size)]
        state = np.zeros(size)
        state[0] = 1.0
        for _ in range(4000):
            left = np.zeros(size)
            left[0] = state[: servers + 1].sum()
            left[1 : size - servers] = state[servers + 1 :]
            state = np.convolve(left, arrive)[:size]
        waiting = sum(max(n - servers, 0) * p for n, p in enumerate(state))
        made, _ = one(rate, 40_000, servers=servers, service=1)
        near(made.nodes["A"].waiting, waiting, 0.04)

    def test_finite_room(self) -> None:
        """M/M/2/5."""
        chances = [1.0]
        for n in range(1, 6):
            chances.append(chances[-1] * 1.8 / min(n, 2))
        total = sum(chances)
        made, visits = one(1.8, 60_000, servers=2, waiting_room=3, service={"exponential": 1})
        near(made.nodes["A"].busy, 1.8 * (1 - chances[5] / total))
        assert visits.no_room.mean is not None
        assert visits.arrived.mean is not None
        assert visits.no_room.mean / visits.arrived.mean == pytest.approx(
            chances[5] / total, rel=0.03
        )

    def test_turning_away_from_a_queue(self) -> None:
        """Somebody turns away with a chance that grows with the queue: a birth and death chain."""
        balk = [0.0, 0.3, 0.6, 1.0]
        chances = [1.0, 1.5]
        for waiting in range(3):
            chances.append(chances[-1] * 1.5 * (1 - balk[waiting]))
        total = sum(chances)
        made, _ = one(1.5, 40_000, servers=1, service={"exponential": 1}, balk=balk)
        near(made.nodes["A"].busy, 1 - chances[0] / total)


def two_levels(preempt: str, load: tuple[float, float]) -> Result:
    """One server, two classes, exponential service with mean 1."""
    node = {"servers": 1, "service": {"exponential": 1}}
    if preempt:
        node["preempt"] = preempt
    return ran(
        classes={"first": 0, "second": 1},
        nodes={"A": node},
        arrivals={
            "a": {"node": "A", "class": "first", "rate": load[0]},
            "b": {"node": "A", "class": "second", "rate": load[1]},
        },
        horizon=80_000,
    )


class TestPriority:
    def test_without_interrupting(self) -> None:
        """Cobham (1954)."""
        a, b = 0.3, 0.4
        made = two_levels("", (a, b)).nodes["A"].classes
        near(made["first"].wait.mean, (a + b) / (1 - a), 0.04)
        near(made["second"].wait.mean, (a + b) / ((1 - a) * (1 - a - b)), 0.05)

    @pytest.mark.parametrize("how", ["resume", "resample"])
    def test_interrupting(self, how: str) -> None:
        """For exponential service, resuming and drawing again are the same in law."""
        a, b = 0.3, 0.4
        made = two_levels(how, (a, b)).classes
        near(made["first"].time.mean, 1 / (1 - a), 0.03)
        near(made["second"].time.mean, 1 / ((1 - a) * (1 - a - b)), 0.06)


class TestNetworks:
    def test_jackson(self) -> None:
        """Two nodes with feedback: each is as if alone, at the rate of the traffic equations."""
        made = ran(
            nodes={
                "A": {"servers": 2, "service": {"exponential": 1}, "next": {"B": 0.6, "out": 0.4}},
                "B": {
                    "servers": 1,
                    "service": {"exponential": 0.5},
                    "next": {"A": 0.5, "out": 0.5},
                },
            },
            arrivals={"in": {"node": "A", "rate": 0.9}},
            horizon=60_000,
        )
        a = 0.9 / (1 - 0.3)
        b = 0.6 * a * 0.5
        near(made.nodes["A"].waiting, erlang_c(2, a) * a / (2 - a), 0.04)
        near(made.nodes["B"].waiting, b**2 / (1 - b), 0.04)

    def test_closed(self) -> None:
        """Three people go round two nodes for ever: Gordon and Newell (1967)."""
        made = ran(
            nodes={
                "A": {"servers": 1, "service": {"exponential": 1}, "next": "B"},
                "B": {"servers": 1, "service": {"exponential": 2}, "next": "A"},
            },
            arrivals={"all": {"node": "A", "people": 3}},
            horizon=40_000,
        )
        weights = [1**n * 2 ** (3 - n) for n in range(4)]
        near(made.nodes["A"].busy, 1 - weights[0] / sum(weights))
        near(made.nodes["B"].busy, 1 - weights[3] / sum(weights))

    def test_blocking_in_series(self) -> None:
        """Two servers in series with no room between: its five states, solved."""
        rate, mean_a, mean_b = 0.5, 1.0, 1.0
        # (A, B): 0 idle, 1 busy, 2 blocked; arrivals that find A taken are lost.
        states = [(0, 0), (1, 0), (0, 1), (1, 1), (2, 1)]
        q = np.zeros((5, 5))
        jumps: list[tuple[tuple[int, int], tuple[int, int], float]] = [
            ((0, 0), (1, 0), rate), ((0, 1), (1, 1), rate), ((1, 0), (0, 1), 1 / mean_a),
            ((1, 1), (2, 1), 1 / mean_a), ((0, 1), (0, 0), 1 / mean_b),
            ((1, 1), (1, 0), 1 / mean_b), ((2, 1), (0, 1), 1 / mean_b),
        ]  # fmt: skip
        for a, b, speed in jumps:
            q[states.index(a), states.index(b)] += speed
            q[states.index(a), states.index(a)] -= speed
        p = np.linalg.lstsq(np.vstack([q.T, np.ones(5)]), np.array([0, 0, 0, 0, 0, 1]), rcond=None)[
            0
        ]
        made = ran(
            nodes={
                "A": {"servers": 1, "waiting_room": 0, "service": {"exponential": 1}, "next": "B"},
                "B": {"servers": 1, "waiting_room": 0, "service": {"exponential": 1}},
            },
            arrivals={"in": {"node": "A", "rate": rate}},
            horizon=60_000,
        )
        near(made.nodes["A"].blocked, float(p[4]))
        near(made.nodes["B"].busy, float(p[2] + p[3] + p[4]))

    def test_as_many_servers_as_it_takes(self) -> None:
        """With arrivals that change by the hour: the number inside is Poisson (Eick, 1993)."""
        rates = [2.0 + 1.5 * math.sin(2 * math.pi * (h + 0.5) / 24) for h in range(24)]
        made = ran(
            nodes={"A": {"service": {"exponential": 3}}},
            arrivals={"in": {"node": "A", "rates": rates, "every": 24}},
            horizon=24 * 1200 + 200,
        )
        near(made.nodes["A"].busy, 3 * sum(rates) / 24)

    @pytest.mark.parametrize("hour", [6.0, 17.5])
    def test_the_number_inside_at_an_hour(self, hour: float) -> None:
        """It is Poisson, with the mean of those who came before and whose stay reaches so far."""
        rates = [4.0, 1.0, 9.0, 25.0, 12.0, 6.0]
        stay = lognorm(s := math.sqrt(math.log1p(0.64)), scale=3 * math.exp(-s * s / 2)).sf
        mean = sum(
            rate * quad(lambda came: stay(hour - came), 4 * n, min(4 * n + 4, hour))[0]
            for n, rate in enumerate(rates)
            if 4 * n < hour
        )
        model = model_of(json.dumps({
            "nodes": {"A": {"service": {"lognormal": {"mean": 3, "cv": 0.8}}}},
            "arrivals": {"in": {"node": "A", "rates": rates, "every": 24}},
            "horizon": hour, "replications": 2500,
        }))  # fmt: skip
        inside = np.array([each.inside for each in replications(model)])
        assert inside.mean() == pytest.approx(mean, abs=4 * math.sqrt(mean / 2500))
        assert inside.var() == pytest.approx(mean, rel=0.12)

    def test_shared_staff(self) -> None:
        """Two clinics with rooms to spare and one pool of three: one queue, as M/M/3."""
        node = {"servers": 9, "service": {"exponential": 1}, "uses": {"nurses": 1}}
        made = ran(
            pools={"nurses": 3},
            nodes={"A": node, "B": node},
            arrivals={"a": {"node": "A", "rate": 1.5}, "b": {"node": "B", "rate": 0.9}},
            horizon=50_000,
        )
        for name in ("A", "B"):
            near(made.nodes[name].classes["all"].wait.mean, erlang_c(3, 2.4) / (3 - 2.4), 0.06)
        near(made.pools["nurses"].occupancy, 0.8)


class TestTraces:
    def run(self, **said: Any) -> Any:
        """The contacts of one replication, sorted by person, in the unit of the model."""
        model = model_of(json.dumps({"replications": 1, "horizon": 1000, **said}))
        (made,) = replications(model, contacts=True)
        rows = made.rows[np.lexsort((made.rows[:, at.R_ASKED], made.rows[:, at.R_PERSON]))]
        return [
            tuple(None if x == at.UNSET else x / at.TICKS for x in row[at.R_ASKED : at.R_OUTCOME])
            for row in rows
        ]

    def test_lindley(self) -> None:
        """One server and given times: each wait by Lindley's recursion (1952), to the digit."""
        times = [0.1, 0.7, 1.3, 1.4, 5.0, 5.05, 9.9]
        stays = [1.1, 0.25, 2.3, 0.05, 0.3, 1.75, 0.125]
        rows = self.run(
            nodes={"A": {"servers": 1, "service": {"trace": stays}}},
            arrivals={"in": {"node": "A", "times": times}},
        )
        free = 0.0
        for (asked, began, ready, ended), time, stay in zip(rows, times, stays, strict=True):
            start = max(free, time)
            free = round(start + stay, 9)
            assert (asked, began, ready, ended) == (time, round(start, 9), free, free)

    def test_a_shift_that_interrupts(self) -> None:
        """Who is being served when the doors close goes on where they were when they open."""
        rows = self.run(
            nodes={
                "A": {
                    "servers": {"changes": [[0, 1], [10, 0], [20, 1]]},
                    "shift": "interrupt",
                    "service": {"trace": [5, 8]},
                }
            },
            arrivals={"in": {"node": "A", "times": [1, 2]}},
        )
        assert rows == [(1, 1, 6, 6), (2, 6, 24, 24)]

    def test_a_shift_that_lets_them_finish(self) -> None:
        rows = self.run(
            nodes={
                "A": {"servers": {"changes": [[0, 1], [10, 0], [20, 1]]},
                      "service": {"trace": [5, 8, 1]}}
            },
            arrivals={"in": {"node": "A", "times": [1, 2, 3]}},
        )  # fmt: skip
        assert rows == [(1, 1, 6, 6), (2, 6, 14, 14), (3, 20, 21, 21)]

    def test_bumped_to_another_ward(self) -> None:
        rows = self.run(
            classes={"urgent": 0, "other": 1},
            nodes={
                "A": {"servers": 1, "service": 10, "preempt": "bump", "bump_to": "B"},
                "B": {"servers": 1, "service": 4},
            },
            arrivals={
                "o": {"node": "A", "class": "other", "times": [0]},
                "u": {"node": "A", "class": "urgent", "times": [3]},
            },
        )
        assert rows == [(0, 0, None, 3), (3, 3, 7, 7), (3, 3, 13, 13)]

    def test_overflow_and_the_shortest_queue(self) -> None:
        rows = self.run(
            nodes={
                "A": {"servers": 1, "service": 10, "overflow": ["B"]},
                "B": {"servers": 1, "service": 2, "next": {"shortest": ["C", "D"]}},
                "C": {"servers": 1, "service": 1},
                "D": {"servers": 1, "service": 1},
            },
            arrivals={"in": {"node": "A", "times": [0, 1, 1.5]}},
        )
        assert rows == [(0, 0, 10, 10), (1, 1, 3, 3), (3, 3, 4, 4), (1.5, 10, 20, 20)]

    def test_a_pathway_and_a_change_of_class(self) -> None:
        rows = self.run(
            classes=["well", "ill"],
            pathways={"well": ["A"], "ill": ["A", "B", "A"]},
            nodes={
                "A": {"service": 1, "next": "pathway", "becomes": {"class": {"well": {"ill": 1}}}},
                "B": {"service": {"by": "class", "ill": 3, "other": 5}, "next": "pathway"},
            },
            arrivals={"in": {"node": "A", "class": "well", "times": [0]}},
        )
        assert [row[2] for row in rows] == [1, 4, 5]


def test_the_same_whatever_the_workers() -> None:
    """Contacts do not depend on how many replications run at a time."""
    model = model_of(json.dumps({
        "nodes": {"A": {"servers": 2, "service": {"gamma": {"shape": 2, "scale": 0.4}}}},
        "arrivals": {"in": {"node": "A", "rate": 2}},
        "horizon": 500, "replications": 4,
    }))  # fmt: skip
    one_by_one = [each.rows for each in replications(model, contacts=True, workers=1)]
    together = [each.rows for each in replications(model, contacts=True, workers=4)]
    for a, b in zip(one_by_one, together, strict=True):
        assert np.array_equal(a, b)


def test_the_same_luck_in_two_scenarios() -> None:
    """A second server changes waits, and nobody's own length of service."""

    def stays(servers: int) -> dict[int, int]:
        model = model_of(json.dumps({
            "nodes": {"A": {"servers": servers, "service": {"lognormal": {"mean": 1, "cv": 1}}}},
            "arrivals": {"in": {"node": "A", "rate": 0.8}}, "horizon": 300, "replications": 1,
        }))  # fmt: skip
        (made,) = replications(model, contacts=True)
        done = made.rows[made.rows[:, at.R_READY] >= 0]
        return {int(r[at.R_PERSON]): int(r[at.R_READY] - r[at.R_BEGAN]) for r in done}

    few, more = stays(1), stays(2)
    both = few.keys() & more.keys()
    assert len(both) > 200
    assert all(few[person] == more[person] for person in both)
