"""What a planner waits for: a what-if over a year, and twenty years at planning fidelity.

BENCH_DEMO   the folder of a demo with a calibrated twin (`twin.json`); otherwise a synthetic
             district of as many people. Nothing in the folder is changed.
"""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from onesystem.bench.shape import Row

if TYPE_CHECKING:
    from onesystem.twin import Model

_PEOPLE, _YEAR, _CORES = 50_000, 8736.0, 2
_YEARS, _OPTIONS, _REPLICATIONS = 20, 2, 30


def rows(*, full: bool) -> Iterable[Row]:
    """From reading the model to the figures; twenty years from one of the sixty runs of them."""
    text, name = _read()
    yield from _what_if(text, name)
    yield from _planning(text, name, years=_YEARS if full else 2)


def _read() -> tuple[str, str]:
    from onesystem.bench.twin_district import district

    made = os.environ.get("BENCH_DEMO")
    path = Path(made or "") / "twin.json"
    if made and path.is_file():
        return path.read_text(encoding="utf-8"), "calibrated demo"
    return district(_PEOPLE, _YEAR), f"synthetic district of {_PEOPLE:,} people"


def _what_if(text: str, name: str) -> Iterable[Row]:
    from onesystem.twin import model_of
    from onesystem.twin.scenarios.comparing import compared
    from onesystem.twin.scenarios.reading import read
    from onesystem.twin.scenarios.summing import Summary

    kept: list[Summary] = []
    spent = []
    for _ in range(2):
        wall, cpu = time.perf_counter(), time.process_time()
        model = replace(model_of(text), horizon=_YEAR, replications=10)
        more = [{"change": "places", "service": _busiest(model), "more": 2}]

        def held(each: "Model", run: Callable[[], Summary], model: "Model" = model) -> Summary:
            if each != model:
                return run()
            if not kept:
                kept.append(run())
            return kept[0]

        compared(model, [read({"name": "more places", "changes": more})], kept=held)
        spent.append((time.perf_counter() - wall, time.process_time() - cpu))
    said = f"what-if on the {name}, a year, ten replications each of"
    for (seconds, cpu), what in zip(
        spent, ("doing nothing and a scenario", "a scenario; doing nothing was run before"),
        strict=True,
    ):  # fmt: skip
        yield Row(name=f"{said} {what}", value=round(seconds, 2), unit="s", target=3.0,
                  lower_is_better=True)  # fmt: skip
        yield Row(name="the same, CPU", value=round(cpu, 2), unit="CPU s")


def _busiest(model: "Model") -> str:
    """The service with places that is worked hardest."""
    from onesystem.twin.network.loads import loads

    found = {n: load for n, load in loads(model).items() if n in model.nodes and load < 1}
    return max(found, key=lambda n: found[n])


def _planning(text: str, name: str, *, years: int) -> Iterable[Row]:
    """Minutes of all runs on two cores, from the CPU of one run and some of its years."""
    from onesystem.twin import model_of, replications

    model = replace(model_of(text), horizon=_YEAR * years, replications=1)
    began = time.process_time()
    list(replications(model, workers=1))
    spent = (time.process_time() - began) * _YEARS / years
    yield Row(
        name=f"{name}: {_YEARS} years, {_OPTIONS} options, {_REPLICATIONS} replications at "
        f"planning fidelity, from {years} years of one",
        value=round(spent * _OPTIONS * _REPLICATIONS / _CORES / 60, 1),
        unit="minutes on two cores", target=10, lower_is_better=True,
    )  # fmt: skip
