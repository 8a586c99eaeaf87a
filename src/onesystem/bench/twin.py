"""Networks by next events: a queue of twenty servers, and five services with blocking.

The peers are simpy and Ciw, where they are installed, on the same queue: the usual ways in Python;
and the least that this queue can cost on the machine (`twin_minimal`).
Beside them a published treatment centre, a district with every contact written, and the command.
"""

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from onesystem.bench import twin_forecast, twin_what_if
from onesystem.bench.shape import Row, register

if TYPE_CHECKING:
    from onesystem.twin import Model

_HOURS = [1 + 0.5 * math.sin(2 * math.pi * (h + 0.5 - 9) / 24) for h in range(24)]
_START = """
import atexit, sys
from pathlib import Path
def peak():  # what the system tells of a child begins with its parent's
    print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split("\\n")[0], file=sys.stderr)
atexit.register(peak)
from onesystem.cli import main
main()
"""
_LEAST = "a loop for this queue alone, in numba"
_SHARES = {"urgent": 0.2, "soon": 0.4, "later": 0.4}


@register("twin", "events a CPU second of networks of services, beside other engines")
def run(*, full: bool) -> Iterable[Row]:
    """A million customers by default as in full; the five services over 14,000 hours in full.

    In full there are a district of 560,000 people and the compilation too.
    """
    from onesystem.twin import model_of

    yield from _engines(model_of(_queue(1_000_000)))
    five = model_of(_five(14_000 if full else 4_000))
    for contacts, target, words in ((False, 1.2, ""), (True, 0.9, ", every contact kept")):
        spent, people, _ = min(_cpu(five, contacts=contacts) for _ in range(2))
        yield Row(
            name=f"five services, {people:,.0f} people{words}",
            value=round(people / spent / 1e6, 2),
            unit="M people / CPU s",
            target=target,
        )
    yield from _centre()
    yield from twin_forecast.rows()
    yield from twin_what_if.rows(full=full)
    yield from _commands(full=full)


def _cpu(model: "Model", *, contacts: bool = False) -> tuple[float, float, int]:
    """CPU seconds of a run, how many people came, and events."""
    from onesystem.twin import replications

    began = time.process_time()
    made = list(replications(model, contacts=contacts, workers=1))
    spent = time.process_time() - began
    entered = sum(each.count[-len(model.classes) :, 0].sum() for each in made)
    return spent, float(entered), sum(each.events for each in made)


def _engines(queue: "Model") -> Iterable[Row]:
    from onesystem.bench.twin_minimal import rate as least

    _cpu(replace(queue, horizon=10.0))  # what is compiled once is not counted
    spent, customers, _ = min(_cpu(queue) for _ in range(3))
    for peer, ask, few in (
        ("simpy", _simpy, 50_000), ("Ciw", _ciw, 10_000), (_LEAST, least, 1_000_000),
    ):  # fmt: skip
        there = peer == _LEAST or find_spec(peer.lower())
        yield Row(
            name=f"M/M/20 at load 0.9, {customers:,.0f} customers",
            value=round(2 * customers / spent / 1e6, 2),
            unit="M events / CPU s",
            target=12,
            peer=f"{peer}, {few:,} customers" if there else f"{peer} (not installed)",
            peer_value=ask(few) if there else None,
        )


def _centre() -> Iterable[Row]:
    from onesystem.twin import model_of

    text = (files("onesystem.twin") / "examples/treatment-centre.json").read_bytes()
    spent, _, _ = min(_cpu(model_of(text)) for _ in range(3))
    yield Row(
        name="published treatment centre, 50 runs",
        value=round(spent, 3),
        unit="CPU s",
        target=0.1,
        peer="treat-sim 3.0.0 as measured elsewhere",
        peer_value=1.72,
        lower_is_better=True,
    )


def _commands(*, full: bool) -> Iterable[Row]:
    """The command as somebody gives it: a small model the second time, memory, a whole district."""
    from onesystem.bench.twin_district import PEOPLE, district

    with TemporaryDirectory() as held:
        small, long, big = (Path(held) / f"{name}.json" for name in ("small", "long", "big"))
        small.write_text(_queue(10_000))
        long.write_text(_five(14_000))
        seconds, cpu, _ = min(_command(str(small)) for _ in range(3))
        yield _ceiling("twin run of a small model, second time", seconds, "s", 1.5)
        yield Row(name="the same, CPU", value=round(cpu, 2), unit="CPU s")
        memory = _command(str(long))[2]
        yield _ceiling("five services, a million people: peak memory", memory, "MB", 250)
        if not full:
            return
        big.write_text(district(PEOPLE, 8760))
        _, cpu, memory = _command(str(big), "--contacts", str(Path(held) / "contacts.parquet"))
        name = f"district of {PEOPLE:,} people, a year, contacts to Parquet"
        yield _ceiling(name, cpu, "CPU s", 10)
        yield _ceiling(f"{name}: peak memory", memory, "MB", 700)
        _, cpu, _ = _command(str(small), XDG_CACHE_HOME=held)
        yield Row(name="compiling the engine, once a machine", value=round(cpu, 1), unit="CPU s")


def _ceiling(name: str, value: float, unit: str, target: float) -> Row:
    return Row(name=name, value=round(value, 2), unit=unit, target=target, lower_is_better=True)


def _command(*arguments: str, **environment: str) -> tuple[float, float, float]:
    """Seconds, CPU seconds and peak memory (MB) of `onesystem twin run ... --json`."""
    began = time.perf_counter()
    run = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", _START, "twin", "run", *arguments, "--json"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ | environment, text=True,
    )  # fmt: skip
    said = run.stderr.read() if run.stderr else ""
    _, status, use = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        msg = "the command failed"
        raise RuntimeError(msg)
    return time.perf_counter() - began, use.ru_utime + use.ru_stime, int(said.split()[-2]) / 1024


def _queue(customers: int) -> str:
    return json.dumps({
        "nodes": {"A": {"servers": 20, "service": {"exponential": {"mean": 1}}}},
        "arrivals": {"in": {"node": "A", "rate": 18}},
        "horizon": customers / 18, "replications": 1,
    })  # fmt: skip


def _five(hours: float) -> str:
    """Practice, ED, ward, rehabilitation and home care; the last three have no room to wait in."""

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


def _ciw(customers: int) -> float:
    """The same queue in Ciw: millions of events a CPU second."""
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(18)],
        service_distributions=[ciw.dists.Exponential(1)],
        number_of_servers=[20],
    )
    ciw.seed(1)
    began = time.process_time()
    ciw.Simulation(network).simulate_until_max_customers(customers)
    return round(2 * customers / (time.process_time() - began) / 1e6, 3)
