"""Networks by next events: a queue of twenty servers, and five services with blocking.

The peer is simpy, where it is installed, on the same queue: the usual way in Python.
"""

import math
import time
from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec

from onesystem.bench.shape import Row, register

_HOURS = [1 + 0.5 * math.sin(2 * math.pi * (h + 0.5 - 9) / 24) for h in range(24)]
_SHARES = {"urgent": 0.2, "soon": 0.4, "later": 0.4}


@register("twin", "events a CPU second of networks of services, beside another engine")
def run(*, full: bool) -> Iterable[Row]:
    """A million customers by default as in full; the five services over 14,000 hours in full."""
    from onesystem.twin import Model, model_of, replications

    def cpu(model: Model, *, contacts: bool = False) -> tuple[float, float, int]:
        began = time.process_time()
        (made,) = replications(model, contacts=contacts, workers=1)
        spent = time.process_time() - began
        entered = made.count[-len(model.classes) :, 0].sum()
        return spent, float(entered), made.events

    queue = model_of(_queue(1_000_000))
    cpu(replace(queue, horizon=10.0))  # what is compiled once is not counted
    spent, customers, _ = min(cpu(queue) for _ in range(3))
    yield Row(
        name=f"M/M/20 at load 0.9, {customers:,.0f} customers",
        value=round(2 * customers / spent / 1e6, 2),
        unit="M events / CPU s",
        target=12,
        peer="simpy, 50,000 customers" if find_spec("simpy") else "simpy (not installed)",
        peer_value=_simpy(50_000) if find_spec("simpy") else None,
    )
    five = model_of(_five(14_000 if full else 4_000))
    for contacts, target, words in ((False, 1.2, ""), (True, 0.9, ", every contact kept")):
        spent, people, _ = min(cpu(five, contacts=contacts) for _ in range(2))
        yield Row(
            name=f"five services, {people:,.0f} people{words}",
            value=round(people / spent / 1e6, 2),
            unit="M people / CPU s",
            target=target,
        )


def _queue(customers: int) -> str:
    import json

    return json.dumps({
        "nodes": {"A": {"servers": 20, "service": {"exponential": {"mean": 1}}}},
        "arrivals": {"in": {"node": "A", "rate": 18}},
        "horizon": customers / 18, "replications": 1,
    })  # fmt: skip


def _five(hours: float) -> str:
    """Practice, ED, ward, rehabilitation and home care; the last three have no room to wait in."""
    import json

    def stay(mean: float, cv: float) -> dict[str, object]:
        return {"lognormal": {"mean": mean, "cv": cv}}

    mean = sum(_HOURS) / 24
    rates = [hour / mean for hour in _HOURS]
    return json.dumps({
        "classes": {"urgent": 0, "soon": 1, "later": 2},
        "nodes": {
            "GP": {"servers": 20, "service": stay(0.25, 0.6), "next": {"ED": 0.1, "out": 0.9}},
            "ED": {"servers": 50, "service": stay(2, 0.8), "next": {"WARD": 0.25, "out": 0.75},
                   "patience": {"by": "class", "later": {"exponential": {"mean": 4}},
                                "other": hours}},
            "WARD": {"servers": 450, "waiting_room": 0, "service": stay(96, 1.2),
                     "next": {"REHAB": 0.2, "HOME": 0.25, "out": 0.55}},
            "REHAB": {"servers": 445, "waiting_room": 0, "service": stay(480, 1),
                      "next": {"HOME": 0.5, "out": 0.5}},
            "HOME": {"servers": 1160, "waiting_room": 0, "service": stay(720, 1)},
        },
        "arrivals": {
            "GP": {"node": "GP", "class": _SHARES, "rates": [60 * r for r in rates], "every": 24},
            "ED": {"node": "ED", "class": _SHARES, "rates": [12 * r for r in rates], "every": 24},
        },
        "horizon": hours, "replications": 1,
    })  # fmt: skip


def _simpy(customers: int) -> float:
    """The same queue in simpy: millions of events a CPU second."""
    import random

    import simpy

    env, luck = simpy.Environment(), random.Random(1)  # noqa: S311 - a simulation
    desk = simpy.Resource(env, 20)

    def customer() -> object:
        with desk.request() as turn:
            yield turn
            yield env.timeout(luck.expovariate(1))

    def door() -> object:
        for _ in range(customers):
            yield env.timeout(luck.expovariate(18))
            env.process(customer())

    began = time.process_time()
    env.process(door())
    env.run()
    return round(2 * customers / (time.process_time() - began) / 1e6, 3)
