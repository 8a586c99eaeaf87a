"""What each replication of a model came to: one number a figure, place, group and replication.

A figure that a replication does not have (a mean wait where nobody came) is None. Hours and days
are hours and days, whatever the model's unit; waits and times are in hours too.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import numpy as np

from onesystem.twin.network import layout as at
from onesystem.twin.network.model import UNITS, Model
from onesystem.twin.network.results import ALL, quantiles, warnings
from onesystem.twin.network.running import Replication, replications
from onesystem.twin.scenarios.figures import EVERYTHING
from onesystem.twin.scenarios.routes import OUTSIDE, SORTED, WAY
from onesystem.twin.scenarios.whole import (
    Figures,
    Key,
    at_home,
    attended,
    groups,
    mean_hours,
    of_group,
    of_places,
)
from onesystem.twin.spreading import Engine
from onesystem.vocabulary import BadConfig

Values = list[float | None]


@dataclass(frozen=True)
class Prices:
    """What a contact with a service costs, and an hour in it (or of its staff), in whole money.

    A price stands under the name of the service, or of its setting.
    """

    contact: Mapping[str, float] = field(default_factory=dict)
    hour: Mapping[str, float] = field(default_factory=dict)
    currency: str = ""
    source: str = ""

    def of(self, name: str, setting: str) -> tuple[float, float]:
        """The price of a contact with a service, and of an hour in it; 0 where none is known."""
        contact, hour = (
            each.get(name, each.get(setting, 0.0)) for each in (self.contact, self.hour)
        )
        return contact, hour


def prices_of(text: str | bytes, name: str = "prices") -> Prices:
    """From JSON: `{"contact": {"ED": 210}, "hour": {"Ward": 16.5}, "currency": "GBP"}`."""
    try:
        said = json.loads(text)
        return Prices(
            contact={str(k): float(v) for k, v in said.get("contact", {}).items()},
            hour={str(k): float(v) for k, v in said.get("hour", {}).items()},
            currency=str(said.get("currency", "")),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise BadConfig(
            f"{name} are no prices: {error}",
            'Give {"contact": {"SERVICE": PRICE}, "hour": {"SERVICE": PRICE}}.',
        ) from error


@dataclass(frozen=True)
class Summary:
    """The figures of a model's replications 0 to n - 1. `days` is the time that was counted."""

    replications: int
    days: float
    values: dict[Key, Values]
    warnings: tuple[str, ...] = ()

    def first(self, count: int) -> "Summary":
        """The same of the first replications alone."""
        cut = {key: each[:count] for key, each in self.values.items()}
        return Summary(count, self.days, cut, self.warnings)

    def plain(self) -> dict[str, Any]:
        """As JSON would have it; `summary` gives it back."""
        rows = [[*key, each] for key, each in self.values.items()]
        return {
            "replications": self.replications, "days": self.days, "values": rows,
            "warnings": list(self.warnings),
        }  # fmt: skip


def summary(said: Mapping[str, Any]) -> Summary:
    """What `Summary.plain` said."""
    values = {(what, where, kind): each for what, where, kind, each in said["values"]}
    return Summary(said["replications"], said["days"], values, tuple(said["warnings"]))


def summed(
    model: Model,
    *,
    prices: Prices | None = None,
    first: int = 0,
    workers: int | None = None,
    engine: Engine = replications,
    stop: Event | None = None,
    done: Callable[[], None] = lambda: None,
) -> Summary:
    """Run a model's replications, numbered from `first`, and sum each up. Calls `done` for each."""
    runs = engine(model, workers=workers, stop=stop, first=first, step=86_400 / UNITS[model.unit])
    values: dict[Key, Values] = {}
    went: list[Any] = []
    days = (model.horizon - model.warm_up) * UNITS[model.unit] / 86_400
    for run in runs:
        for key, value in _figures(model, run, prices or Prices()):
            values.setdefault(key, []).append(value)
        went.append(run.ways)
        done()
    values |= _went(list(model.nodes), went)
    return Summary(model.replications, days, values, warnings(model))


def _figures(model: Model, run: Replication, prices: Prices) -> Figures:
    hour = 3600 / UNITS[model.unit] * at.TICKS
    kinds = list(model.classes)
    gridlock = _gridlocked(run)
    counts, ninths = _by_kind(run.count, kinds), _ninths(_by_kind(run.seen, kinds), hour)
    for n, name in enumerate(model.nodes):
        area = run.area[n]
        for k, kind in enumerate([ALL, *kinds] if len(kinds) > 1 else [ALL]):
            yield from _visits(counts[n, k].tolist(), ninths[n][k], name, kind, hour)
        yield ("occupancy", name, ALL), _over(area[at.A_BUSY], area[at.A_CAPACITY], model, name)
        yield ("places used", name, ALL), float(area[at.A_BUSY] / run.span)
        yield ("waiting", name, ALL), float(area[at.A_WAITING] / run.span)
        yield ("days in service", name, ALL), float(area[at.A_BUSY] / hour / 24)
        yield ("hours full", name, ALL), float(area[at.A_FULL] / hour)
        yield ("gridlock days", name, ALL), float(gridlock[:, n].sum())
    yield ("gridlock days", "", ALL), float(gridlock.any(axis=1).sum())
    served = run.area[~at_home(model), at.A_BUSY]
    yield ("days in service", "", ALL), float(served.sum() / hour / 24)
    for name, rows in groups(model, run):
        yield from of_group(model, name, rows, hour)
        if name == ALL:
            yield from of_places(model, run, rows, hour)
    yield from _whole(model, run, hour)
    yield from attended(model, run, hour)
    yield from _cost(model, run, hour, prices)


def _by_kind(rows: Any, kinds: list[str]) -> Any:
    """Nodes by classes by columns, of rows of nodes and classes; first all classes together."""
    each = rows.reshape(-1, len(kinds), rows.shape[1])[:-1]
    return np.concatenate([each.sum(axis=1, keepdims=True), each], axis=1)


def _visits(c: list[float], ninth: float | None, name: str, kind: str, hour: float) -> Figures:
    yield ("came", name, kind), c[at.ARRIVED]
    yield ("taken in", name, kind), c[at.STARTED]
    yield ("wait", name, kind), mean_hours(c[at.SUM_WAIT], c[at.STARTED], hour)
    yield ("nine in ten wait", name, kind), ninth
    yield ("left waiting", name, kind), c[at.RENEGED] + c[at.BALKED]
    yield ("found no room", name, kind), c[at.LOST]


def _whole(model: Model, run: Replication, hour: float) -> Figures:
    kinds = list(model.classes)
    first = len(model.nodes) * len(kinds)
    parts = {kind: slice(first + k, first + k + 1) for k, kind in enumerate(kinds)}
    for kind, rows in (
        {ALL: slice(first, first + len(kinds))} | (parts if len(kinds) > 1 else {})
    ).items():
        c = run.count[rows].sum(axis=0)
        yield ("people through", "", kind), float(c[at.FINISHED])
        yield ("time inside", "", kind), mean_hours(c[at.SUM_WAIT], c[at.FINISHED], hour)
    yield ("inside at the end", "", ALL), float(run.inside)


def _cost(model: Model, run: Replication, hour: float, prices: Prices) -> Figures:
    if not (prices.contact or prices.hour):
        return
    kinds, found, at_place = len(model.classes), dict[str, float](), dict[str, float]()
    for n, (name, node) in enumerate(model.nodes.items()):
        once, an_hour = prices.of(name, node.setting)
        if once or an_hour:
            seen = run.count[n * kinds : (n + 1) * kinds, at.STARTED].sum()
            found[name] = float(seen * once + run.area[n, at.A_BUSY] / hour * an_hour)
            at_place[node.place] = at_place.get(node.place, 0.0) + found[name]
    for n, name in enumerate(model.pools):
        if name in prices.hour:
            found[name] = float(run.pool_area[n, 1] / hour * prices.hour[name])
    yield from ((("cost", name, ALL), each) for name, each in found.items())
    for place, cost in at_place.items():
        if place and sum(node.place == place for node in model.nodes.values()) > 1:
            yield ("cost", EVERYTHING + place, ALL), cost
    yield ("cost", "", ALL), sum(found.values())


def _went(nodes: list[str], runs: list[Any]) -> dict[Key, Values]:
    """How many took each way that anybody took, from service to service, in or out.

    Who is sorted as they come (`applying`) comes from outside to where they are sorted to.
    """
    if not runs:
        return {}
    names = [OUTSIDE if name.endswith(SORTED) else name for name in nodes] + [OUTSIDE]
    found: dict[Key, Values] = {}
    every = np.stack(runs)
    for left, to in zip(*np.nonzero(every.any(axis=0)), strict=True):
        if names[left] == names[to] == OUTSIDE:
            continue
        key = ("went", f"{names[left]}{WAY}{names[to]}", ALL)
        seen = found.get(key, [0.0] * len(runs))
        counts = every[:, left, to].tolist()
        found[key] = [(a or 0.0) + b for a, b in zip(seen, counts, strict=True)]
    return found


def _gridlocked(run: Replication) -> Any:
    """Days by nodes: whether the node was full on that day while somebody in it was blocked."""
    return (run.steps[:, :, at.A_FULL] > 0) & (run.steps[:, :, at.A_BLOCKED] > 0)


def _over(part: float, whole: float, model: Model, name: str) -> float | None:
    return float(part / whole) if whole and model.nodes[name].servers is not None else None


def _ninths(seen: Any, hour: float) -> list[list[float | None]]:
    nodes, kinds, _ = seen.shape
    found = [
        None if each is None else each * at.TICKS / hour
        for each in quantiles(seen.reshape(nodes * kinds, -1), 0.9)
    ]
    return [found[n * kinds : (n + 1) * kinds] for n in range(nodes)]
