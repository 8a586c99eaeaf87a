"""Models as a stranger writes them from the reference page alone, beside what theory says of each.

Runs are short: every mean lies within four standard errors of the exact value, and is no further
off than a twentieth. What is fixed comes out to the digit.
"""

import json
import math
from typing import Any

import pytest
from jsonschema_rs import validator_for
from queues import (
    any_gaps,
    chain,
    closed,
    cobham,
    erlang_b,
    erlang_c,
    fixed_patience,
    fixed_service,
    in_series,
    inside,
    mean,
    one_queue,
    one_server,
    open_by_step,
    over_time,
    restarted,
    resumed,
)
from scipy.integrate import quad

from onesystem.twin import model_of, replications, result_of
from onesystem.twin.network.results import Estimate, Result, Spread
from onesystem.twin.network.schema import schema

CASES: dict[str, tuple[dict[str, Any], dict[str, float]]] = {}
_OF_NODE = ("busy", "occupancy", "full", "longest")


def E(mean: float) -> dict[str, Any]:  # noqa: N802 - as in the books
    return {"exponential": {"mean": mean}}


def case(name: str, expected: dict[str, float], **model: Any) -> None:
    model = {"warm_up": 200, "replications": 20, "seed": 11, **model}
    CASES[name] = ({"name": name, **model}, expected)


def one(
    name: str, expected: dict[str, float], node: dict[str, Any], horizon: float, *,
    inflow: dict[str, Any], **model: Any,
) -> None:  # fmt: skip
    come = {"in": {"node": "A", **inflow}}
    case(name, expected, nodes={"A": node}, arrivals=come, horizon=horizon, **model)


def classes(*rates: float) -> dict[str, Any]:
    """Classes by priority, each with an inflow of its own at A."""
    names = ("red", "amber", "green")[: len(rates)]
    come = {k: {"node": "A", "class": k, "rate": r} for k, r in zip(names, rates, strict=True)}
    return {"classes": {k: n for n, k in enumerate(names)}, "arrivals": come}


one("M/M/1", {
    "A.wait": 4, "A.waiting": 3.2, "A.inside": 4, "A.time": 5, "A.waited": 0.8, "A.full": 0.8,
    "A.occupancy": 0.8, "time": 5, "inside": 4, "A.wait.p90": math.log(8) / 0.2,
    "A.wait.p95": math.log(16) / 0.2, "time.p90": math.log(10) / 0.2, "A.throughput": 0.8,
}, {"servers": 1, "service": E(1)}, 30_000, inflow={"rate": 0.8})  # fmt: skip
one("M/M/5", {
    "A.wait": erlang_c(5, 4.2) / 0.8, "A.waited": erlang_c(5, 4.2), "A.full": erlang_c(5, 4.2),
    "A.inside": inside(4.2, 1, 5),
}, {"servers": 5, "service": E(1)}, 8_000, inflow={"rate": 4.2})  # fmt: skip
for name, stay in {
    "exponential": E(1), "fixed": 1, "lognormal": {"lognormal": {"mean": 1, "cv": 1.5}},
    "weibull": {"weibull": {"shape": 0.7, "scale": 1 / math.gamma(1 + 1 / 0.7)}},
}.items():  # fmt: skip
    lost = erlang_b(12, 10)
    one(f"Erlang B, {name}", {
        "A.no_room_share": lost, "A.busy": 10 * (1 - lost), "A.full": lost,
        "A.throughput": 10 * (1 - lost),
    }, {"servers": 12, "waiting_room": 0, "service": stay}, 3_000, inflow={"rate": 10})  # fmt: skip
p = one_queue(0.9, 1, 5)
one("M/M/1/5", {
    "A.no_room_share": p[5], "A.inside": mean(p, float),
    "A.wait": mean(p, lambda n: max(n - 1, 0)) / (0.9 * (1 - p[5])),
}, {"servers": 1, "waiting_room": 4, "service": E(1)}, 20_000, inflow={"rate": 0.9})  # fmt: skip
p = one_queue(3.2, 3, 7)
one("M/M/3/7", {"A.no_room_share": p[7], "A.waiting": mean(p, lambda n: max(n - 3, 0))},
    {"servers": 3, "waiting_room": 4, "service": E(1)}, 10_000, inflow={"rate": 3.2})  # fmt: skip
p = one_queue(22, 20, 400, leave=0.5)
waiting = mean(p, lambda n: max(n - 20, 0))
one("Erlang A", {
    "A.waiting": waiting, "A.left_waiting_share": waiting * 0.5 / 22,
    "A.occupancy": (22 - waiting * 0.5) / 20,
}, {"servers": 20, "service": E(1), "patience": {"exponential": {"rate": 0.5}}}, 1_500,
    inflow={"rate": 22})  # fmt: skip
lost, wait = fixed_patience(0.95, 3)
one("M/M/1 with fixed patience", {"A.left_waiting_share": lost, "A.wait": wait},
    {"servers": 1, "service": E(1), "patience": 3}, 20_000, inflow={"rate": 0.95})  # fmt: skip
for name, (stay, cv2) in {
    "M/D/1": (1, 0.0), "M/E3/1": ({"erlang": {"k": 3, "mean": 1}}, 1 / 3),
    "M/G/1, gamma": ({"gamma": {"mean": 1, "cv": 0.6}}, 0.36),
    "M/G/1, lognormal": ({"lognormal": {"mean": 1, "cv": 1.3}}, 1.69),
    "M/H2/1": ({"hyperexponential": {"p": [0.4, 0.6], "means": [2, 1 / 3]}}, 2 * 5 / 3 - 1),
    "M/G/1, quantiles": ({"quantiles": {"values": [0, 1, 2], "p": [0, 0.5, 1]}}, 1 / 3),
}.items():  # fmt: skip
    one(name, {"A.wait": one_server(0.75, 1, cv2), "A.waited": 0.75, "A.service": 1},
        {"servers": 1, "service": stay}, 30_000, inflow={"rate": 0.75})  # fmt: skip
waiting = fixed_service(2.4, 3)
one("M/D/3", {"A.waiting": waiting, "A.wait": waiting / 2.4},
    {"servers": 3, "service": {"fixed": 1}}, 20_000, inflow={"rate": 2.4})  # fmt: skip
RATES = [2.0, 8.0, 5.0, 1.0]
one("M(t)/M/infinite", {"A.inside": 12} | {
    f"step{k}.A.busy": n for k, n in enumerate(open_by_step(RATES, 2, 3, 1))
}, {"service": E(3)}, 80, inflow={"rates": RATES, "every": 8}, warm_up=72, step=1,
    replications=800)  # fmt: skip
one("M(t)/D/infinite", {"step0.A.busy": 2.5, "step3.A.busy": 13}, {"service": 2}, 80,
    inflow={"rates": RATES, "every": 8}, warm_up=72, step=1, replications=800)  # fmt: skip
for name, gaps, transform in (
    ("D/M/1", 1.25, lambda s: math.exp(-1.25 * s)),
    ("E2/M/1", {"erlang": {"k": 2, "mean": 1.25}}, lambda s: (1 + 0.625 * s) ** -2),
    ("H2/M/1", {"hyperexponential": {"p": [0.3, 0.7], "means": [2.5, 0.5 / 0.7]}},
     lambda s: 0.3 / (1 + 2.5 * s) + 0.7 / (1 + s * 0.5 / 0.7)),
    ("U/M/1", {"uniform": {"low": 0.5, "high": 2}},
     lambda s: (math.exp(-0.5 * s) - math.exp(-2 * s)) / (1.5 * s)),
):  # fmt: skip
    waited = any_gaps(transform)
    one(name, {"A.waited": waited, "A.wait": waited / (1 - waited)},
        {"servers": 1, "service": E(1)}, 20_000, inflow={"gaps": gaps})  # fmt: skip
waits = cobham([0.2, 0.25, 0.3], [1, 1, 0.8], [2, 1, 1.28])
case("priority, nobody interrupted", {
    "A.red.wait": waits[0], "A.amber.wait": waits[1], "A.green.wait": waits[2],
    "A.green.waiting": waits[2] * 0.3, "A.red.time": waits[0] + 1,
}, nodes={"A": {"servers": 1, "service": {"by": "class", "red": E(1), "amber": 1,
                                          "green": E(0.8)}}},
    horizon=40_000, **classes(0.2, 0.25, 0.3))  # fmt: skip
share = erlang_c(4, 3.4) / 4
case("priority, four servers", {
    "A.red.wait": share / 0.7, "A.amber.wait": share / (0.7 * 0.15),
}, nodes={"A": {"servers": 4, "service": E(1)}}, horizon=20_000, **classes(1.2, 2.2))  # fmt: skip
times = resumed([0.3, 0.45], [1, 1], [2, 2])
for how in ("resume", "resample"):
    case(f"priority, {how}d", {
        "A.red.time": times[0], "A.amber.time": times[1], "A.amber.inside": 0.45 * times[1],
        "A.amber.waiting": 0.45 * times[1] - 0.45, "amber.time": times[1],
    }, nodes={"A": {"servers": 1, "service": E(1), "preempt": how}}, horizon=40_000,
        **classes(0.3, 0.45))  # fmt: skip
times = resumed([0.3, 0.4], [1, 1], [1, 1.25])
case("priority, resumed, any service", {"A.red.time": times[0], "A.amber.time": times[1]},
     nodes={"A": {"servers": 1, "preempt": "resume", "service": {
         "by": "class", "red": 1, "amber": {"gamma": {"mean": 1, "cv": 0.5}}}}},
     horizon=40_000, **classes(0.3, 0.4))  # fmt: skip
wait, time = restarted(0.2, 0.5, 0.3, 1)
case("priority, restarted", {"A.amber.wait": wait, "A.amber.time": time},
     nodes={"A": {"servers": 1, "service": {"by": "class", "red": E(0.5), "amber": 1},
                  "preempt": "restart"}}, horizon=40_000, **classes(0.2, 0.3))  # fmt: skip
two, both = inside(0.7, 1, 2), inside(1.5, 1, 2)
case("priority, resumed, two servers", {
    "A.red.inside": two, "A.amber.inside": both - two, "A.amber.time": (both - two) / 0.8,
}, nodes={"A": {"servers": 2, "service": E(1), "preempt": "resume"}}, horizon=20_000,
    **classes(0.7, 0.8))  # fmt: skip
waits = cobham([0.3, 0.3], [1, 1], [2, 2])
case("priority at a node", {"A.y.wait": waits[0], "A.x.wait": waits[1]}, classes=["x", "y"],
     nodes={"A": {"servers": 1, "service": E(1), "priority": {"x": 5, "y": 2}}},
     arrivals={k: {"node": "A", "class": k, "rate": 0.3} for k in "xy"},
     horizon=40_000)  # fmt: skip
a = 1 / 0.82
b, c = 0.6 * a, 0.5 + 0.3 * a
there = {"A": inside(a, 0.7, 1), "B": inside(b, 2, 2), "C": inside(c, 3, 4)}
case("Jackson", {f"{k}.inside": n for k, n in there.items()} | {
    "inside": sum(there.values()), "time": sum(there.values()) / 1.5, "B.throughput": b,
}, nodes={
    "A": {"servers": 1, "service": E(0.7), "next": {"B": 0.6, "out": 0.4}},
    "B": {"servers": 2, "service": E(2), "next": {"A": 0.3, "C": 0.5, "out": 0.2}},
    "C": {"servers": 4, "service": E(3)},
}, arrivals={"a": {"node": "A", "rate": 1}, "c": {"node": "C", "rate": 0.5}},
    horizon=20_000)  # fmt: skip
case("three in series", {
    "A.inside": 1.5, "B.inside": 0.66 / 0.34, "C.inside": inside(0.6, 2, 2),
}, nodes={"A": {"servers": 1, "service": E(1), "next": "B"},
          "B": {"servers": 1, "service": E(1.1), "next": "C"},
          "C": {"servers": 2, "service": E(2)}},
    arrivals={"in": {"node": "A", "rate": 0.6}}, horizon=20_000)  # fmt: skip
through, people = closed([1, 1, 0.75], 6)
case("closed, one server in the middle", {
    "cpu.throughput": through, "one.throughput": 0.5 * through, "cpu.inside": people[0],
    "one.inside": people[1], "two.inside": people[2],
}, nodes={"cpu": {"servers": 1, "service": E(1), "next": {"one": 0.5, "two": 0.3, "cpu": 0.2}},
          "one": {"servers": 1, "service": E(2), "next": "cpu"},
          "two": {"servers": 1, "service": E(2.5), "next": "cpu"}},
    arrivals={"all": {"node": "cpu", "people": 6}}, horizon=20_000)  # fmt: skip
p = chain(0, lambda n: [((10 - n) / 8, n + 1), (min(n, 2), n - 1)])
case("closed, ten machines", {
    "shop.inside": mean(p, float), "shop.occupancy": mean(p, lambda n: min(n, 2) / 2),
}, nodes={"run": {"service": E(8), "next": "shop"},
          "shop": {"servers": 2, "service": E(1), "next": "run"}},
    arrivals={"all": {"node": "run", "people": 10}}, horizon=10_000)  # fmt: skip
p = in_series(0.5, 1, 0.8, 60)
SERIES = {"A": {"servers": 1, "service": E(1), "next": "B"},
          "B": {"servers": 1, "waiting_room": 0, "service": E(0.8)}}  # fmt: skip
case("blocking in series", {
    "A.inside": mean(p, lambda s: s[0]), "A.blocked": mean(p, lambda s: s[1]) / 0.5,
    "B.busy": mean(p, lambda s: s[2]), "time": mean(p, lambda s: s[0] + s[2]) / 0.5,
}, nodes=SERIES, arrivals={"in": {"node": "A", "rate": 0.5}}, horizon=30_000)  # fmt: skip
p = in_series(1.5, 1, 0.8, 3)
lost = mean(p, lambda s: float(s[0] == 3))
case("blocking in series, little room", {
    "A.no_room_share": lost, "B.throughput": 1.5 * (1 - lost),
}, nodes={**SERIES, "A": {**SERIES["A"], "waiting_room": 2}},
    arrivals={"in": {"node": "A", "rate": 1.5}}, horizon=10_000)  # fmt: skip
case("in series, lost between", {"B.no_room_share": erlang_b(3, 2)},
     nodes={"A": {"servers": "infinite", "service": E(1), "next": "B"},
            "B": {"servers": 3, "waiting_room": 0, "full": "lose", "service": E(1)}},
     arrivals={"in": {"node": "A", "rate": 2}}, horizon=10_000)  # fmt: skip
p = chain(0, lambda n: [(0.9 / (n + 1) * (n < 60), n + 1), (float(n > 0), n - 1)])
one("discouraged by who waits", {
    "A.inside": mean(p, float), "A.turned_away_share": 1 - (1 - p[0]) / 0.9,
}, {"servers": 1, "service": E(1), "balk": [1 - 1 / (n + 2) for n in range(60)]}, 20_000,
    inflow={"rate": 0.9})  # fmt: skip
p = one_queue(1.1, 1, 4)
one("turned away by a long queue", {"A.turned_away_share": p[4], "A.inside": mean(p, float)},
    {"servers": 1, "service": E(1), "balk": {"over": 2}}, 20_000, inflow={"rate": 1.1})  # fmt: skip
one("batches", {"A.inside": 0.6 * (1 + 5 / 2) / 0.8},
    {"servers": 1, "service": E(1)}, 40_000,
    inflow={"rate": 0.3, "batch": {"discrete": {"values": [1, 3], "p": [0.5, 0.5]}}})  # fmt: skip
p = chain(0, lambda n: [(0.5, min(n + 3, 4)), (min(n, 2), n - 1)])
one("batches, little room", {
    "A.no_room_share": mean(p, lambda n: max(n - 1, 0) / 3), "A.inside": mean(p, float),
}, {"servers": 2, "waiting_room": 2, "service": E(1)}, 20_000,
    inflow={"rate": 0.5, "batch": 3})  # fmt: skip
NURSES = {k: {"service": E(1), "uses": {"nurses": 1}} for k in "AB"}
wait = erlang_c(4, 3.2) / 0.8
case("staff that two nodes share", {
    "A.wait": wait, "B.wait": wait, "pools.nurses.occupancy": 0.8,
}, pools={"nurses": 4}, nodes=NURSES, horizon=20_000,
    arrivals={"a": {"node": "A", "rate": 2}, "b": {"node": "B", "rate": 1.2}})  # fmt: skip
case("staff by priority", {
    "A.wait": erlang_c(4, 3.2) / 4 / 0.5, "B.wait": erlang_c(4, 3.2) / 4 / (0.5 * 0.2),
}, classes={"red": 0, "green": 1}, pools={"nurses": 4}, nodes=NURSES, horizon=20_000,
    arrivals={"a": {"node": "A", "class": "red", "rate": 2},
              "b": {"node": "B", "class": "green", "rate": 1.2}})  # fmt: skip
case("two of a staff for one person", {"A.wait": erlang_c(2, 1.5) / 0.5, "pools.s.busy": 3},
     pools={"s": 4}, nodes={"A": {"servers": 10, "service": E(1), "uses": {"s": 2}}},
     arrivals={"in": {"node": "A", "rate": 1.5}}, horizon=20_000)  # fmt: skip
case("overflow", {
    "A.busy": 5 * (1 - erlang_b(4, 5)), "B.busy": 5 * (erlang_b(4, 5) - erlang_b(7, 5)),
}, nodes={"A": {"servers": 4, "waiting_room": 0, "service": E(1), "overflow": ["B"]},
          "B": {"servers": 3, "waiting_room": 0, "service": E(1)}},
    arrivals={"in": {"node": "A", "rate": 5}}, horizon=8_000)  # fmt: skip
p = chain((0, 0), lambda s: [
    (0.4 * (s[0] < 40), (s[0] + 1, s[1] if s[0] else max(s[1] - 1, 0))),
    (0.3 * (s[1] < 40), (s[0], s[1] + 1)), (float(s[0] > 0), (s[0] - 1, s[1])),
    (float(s[0] == 0 < s[1]), (s[0], s[1] - 1)),
])  # fmt: skip
case("moved to make room", {
    "A.amber.inside": mean(p, lambda s: s[1]), "A.red.inside": 0.4 / 0.6,
    "B.busy": 2 * 0.4 * mean(p, lambda s: float(s[0] == 0 < s[1])),
}, nodes={"A": {"servers": 1, "service": E(1), "preempt": "bump", "bump_to": "B"},
          "B": {"service": E(2)}}, horizon=20_000, **classes(0.4, 0.3))  # fmt: skip
case("class that changes, and comes again", {
    "A.inside": 4, "A.first.throughput": 0.4, "A.again.throughput": 0.4,
}, classes=["first", "again"], nodes={
    "A": {"servers": 1, "service": E(1), "becomes": {"class": {"first": {"again": 1}}},
          "next": "B"},
    "B": {"service": 0, "next": {"by": "class", "first": "out",
                                 "again": {"A": 0.5, "out": 0.5}}},
}, arrivals={"in": {"node": "A", "class": "first", "rate": 0.4}}, horizon=30_000)  # fmt: skip
p = chain((0, 0), lambda s: [
    (1.4 * (sum(s) < 90), (s[0] + 1, s[1]) if s[0] <= s[1] else (s[0], s[1] + 1)),
    (float(s[0] > 0), (s[0] - 1, s[1])), (float(s[1] > 0), (s[0], s[1] - 1)),
])  # fmt: skip
SERVER = {"servers": 1, "service": E(1)}
case("the shortest queue", {"inside": mean(p, sum), "A.inside": mean(p, lambda s: s[0])},
     nodes={"door": {"service": 0, "next": {"shortest": ["A", "B"]}}, "A": SERVER, "B": SERVER},
     arrivals={"in": {"node": "door", "rate": 1.4}}, horizon=20_000)  # fmt: skip
p = one_queue(0.9, 1, 3)
case("elsewhere when many wait", {"A.inside": mean(p, float), "B.busy": 2.7 * p[3]}, nodes={
    "door": {"service": 0, "next": {"when": {"node": "A", "waiting_over": 1}, "then": "B",
                                    "otherwise": "A"}}, "A": SERVER, "B": {"service": E(3)},
}, arrivals={"in": {"node": "door", "rate": 0.9}}, horizon=20_000)  # fmt: skip
one("attributes", {"A.wait": 0.7 * (0.75 * 0.5 + 0.25 * 8) / 2 / (1 - 0.7 * 0.875)},
    {"servers": 1, "service": {"by": "frailty", "fit": E(0.5), "frail": E(2)}}, 40_000,
    inflow={"rate": 0.7},
    attributes={"frailty": {"levels": ["fit", "frail"],
                            "shares": {"fit": 0.75, "frail": 0.25}}})  # fmt: skip
case("attributes of an inflow", {"A.busy": 1.25, "B.busy": 0.5},
     attributes={"frailty": {"levels": ["fit", "frail"], "shares": {"fit": 1}}},
     nodes={k: {"service": {"by": "frailty", "fit": 0.5, "frail": 2}} for k in "AB"},
     arrivals={"a": {"node": "A", "rate": 1, "attributes": {"frailty": {"fit": 0.5, "frail": 0.5}}},
               "b": {"node": "B", "rate": 1}}, horizon=5_000)  # fmt: skip
for how in ("last", "random"):
    one(f"discipline {how}", {"A.wait": 0.7 / 0.3, "A.waited": 0.7},
        {**SERVER, "discipline": how}, 40_000, inflow={"rate": 0.7})  # fmt: skip
case("pathways", {
    "X.inside": 1.5, "T.inside": inside(1, 1, 2), "R.busy": 8,
    "hip.time": 0.3 / 0.4 + inside(1, 1, 2) + 4, "knee.time": 0.3 / 0.4 + 4,
}, classes=["hip", "knee"], pathways={"hip": ["X", "T", "R"], "knee": ["X", "R"]}, nodes={
    "X": {"servers": 1, "service": E(0.3), "next": "pathway"},
    "T": {"servers": 2, "service": E(1), "next": "pathway"},
    "R": {"service": E(4), "next": "pathway"},
}, arrivals={k: {"node": "X", "class": k, "rate": 1} for k in ("hip", "knee")},
    horizon=10_000)  # fmt: skip
one("a trace, to the digit", {
    "A.wait": 7 / 6, "time": 16.5 / 6, "A.busy": 9.5 / 20, "A.waiting": 7 / 20, "A.longest": 2,
}, {"servers": 1, "service": {"trace": [2, 1, 3, 0.5, 2, 1]}}, 20,
    inflow={"times": [0, 1, 1.5, 4, 4, 9]}, warm_up=0, replications=1)  # fmt: skip
for how, starts, ends in (("finish", 8 + 11 + 13, 10 + 13 + 15), ("interrupt", 33, 10 + 14 + 16)):
    one(f"a shift, {how}, to the digit", {
        "A.wait": (starts - 29.5) / 3, "time": (ends - 29.5) / 3,
    }, {"servers": {"changes": [[0, 0], [8, 1], [12, 0], [13, 1], [17, 0]], "every": 24},
        "shift": how, "service": 2}, 24, inflow={"times": [7, 11, 11.5]}, warm_up=0,
        replications=1)  # fmt: skip
one("fewer servers from a date, to the digit", {"step0.A.busy": 1.9985, "step1.A.busy": 1},
    {"servers": {"from": [[0, 2], [1000, 1]]}, "service": 1, "waiting_room": 0}, 2000,
    inflow={"gaps": 0.5}, warm_up=0, replications=1, step=1000)  # fmt: skip
one("who is there at the start", {
    f"step{k}.A.busy": quad(lambda t: 10 + 40 * math.exp(-t / 5), k, k + 1)[0] for k in range(3)
}, {"service": E(5)}, 3, inflow={"rate": 2}, warm_up=0, step=1, replications=400,
    inside=[{"node": "A", "elapsed": 7, "count": 50}])  # fmt: skip
one("from empty", {
    f"step{k}.A.busy": over_time(
        lambda n: [(2.0 * (n < 3), n + 1), (n, n - 1)], 4, [0, 1, 2, 3], k / 2, k / 2 + 0.5)
    for k in range(3)
}, {"servers": 3, "waiting_room": 0, "service": E(1)}, 1.5, inflow={"rate": 2}, warm_up=0,
    step=0.5, replications=4_000)  # fmt: skip
p = one_queue(3, 2, 200, leave=1)
waiting = mean(p, lambda n: max(n - 2, 0))
case("left for another service", {"A.waiting": waiting, "B.busy": 4 * waiting}, nodes={
    "A": {"servers": 2, "service": E(1), "patience": E(1), "leave_to": "B"},
    "B": {"service": E(4)},
}, arrivals={"in": {"node": "A", "rate": 3}}, horizon=8_000)  # fmt: skip
case("two inflows of one queue", {"A.wait": 0.7 / 0.3}, nodes={"A": SERVER}, horizon=40_000,
     arrivals={"a": {"node": "A", "rate": 0.3}, "b": {"node": "A", "rate": 0.4}})  # fmt: skip
one("M/G/infinite", {"A.inside": 12 * math.gamma(1.5), "time": 3 * math.gamma(1.5)},
    {"service": {"weibull": {"shape": 2, "scale": 3}}}, 5_000, inflow={"rate": 4})  # fmt: skip


def found(result: Result, path: str) -> Any:
    """A figure of a result by a short path: of a node (and a class), of a pool, or of the whole."""
    first, *rest = path.split(".")
    if first.startswith("step"):
        return getattr(result.steps[int(first[4:])].nodes[rest[0]], rest[1])
    if first == "pools":
        return getattr(result.pools[rest[0]], rest[1])
    there: Any = result.classes["all"]
    if first in result.nodes:
        node = result.nodes[first]
        if rest[0] in _OF_NODE:
            return getattr(node, rest[0])
        there = node.classes[rest.pop(0) if len(rest) > 1 and rest[0] in node.classes else "all"]
    elif first in result.classes:
        there = result.classes[first]
    else:
        rest = [first, *rest]
    each = getattr(there, rest[0])
    if isinstance(each, Spread):
        return getattr(each, rest[1]) if len(rest) > 1 else each.mean
    return each


@pytest.mark.parametrize("name", CASES)
def test_theory_of(name: str) -> None:
    model, expected = CASES[name]
    validator_for(schema()).validate(model)
    made = model_of(json.dumps(model))
    result = result_of(made, replications(made))
    assert not result.warnings
    for path, exact in expected.items():
        holds(path, found(result, path), exact)


def holds(path: str, figure: Estimate | float, exact: float) -> None:
    """Within four standard errors, or to the digit where there is one run."""
    if not isinstance(figure, Estimate):
        assert figure == pytest.approx(exact, rel=0.05), path
        return
    assert figure.mean is not None
    half = 1e-9 if figure.low is None else 2 * (figure.mean - figure.low)
    assert figure.mean == pytest.approx(exact, abs=max(half, 1e-9)), path
    assert figure.mean == pytest.approx(exact, rel=0.05), path
