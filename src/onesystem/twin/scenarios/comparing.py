"""Scenarios beside the model as it is, replication by replication on the same random numbers.

The same person meets the same luck in both, so the difference of a replication is known far better
than the two figures (common random numbers; Law, Simulation Modeling and Analysis, 5th ed., 2015,
section 11.2). Intervals are of the mean paired difference: Student's t, 95%.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from threading import Event
from typing import Any

from onesystem.twin.network.model import LIVED_IN, Model
from onesystem.twin.network.results import ALL
from onesystem.twin.network.running import replications
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.changes import NOTHING, Scenario
from onesystem.twin.scenarios.figures import UNITS, of_service
from onesystem.twin.scenarios.routes import SORTED
from onesystem.twin.scenarios.summing import Prices, Summary, Values, summed
from onesystem.twin.scenarios.whole import Key
from onesystem.twin.spreading import Engine
from onesystem.vocabulary import BadConfig

MOST = 10


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its interval; no interval for fewer than two."""

    mean: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Beside:
    """A figure of a scenario, and how it differs from doing nothing, paired by replication."""

    value: Estimate
    difference: Estimate

    @property
    def sure(self) -> bool:
        """Whether the interval of the difference leaves 0 out."""
        low, high = self.difference.low, self.difference.high
        return low is not None and high is not None and (low > 0 or high < 0)


@dataclass(frozen=True)
class Row:
    """A figure of a place ("" is the whole) and a class: doing nothing, then each scenario."""

    figure: str
    where: str
    kind: str
    unit: str
    nothing: Estimate
    scenarios: tuple[Beside, ...]


@dataclass(frozen=True)
class Comparison:
    """Doing nothing and up to ten scenarios, figure by figure."""

    model: str
    scenarios: tuple[str, ...]
    replications: int
    days: float
    seed: int
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON would have it."""
        return asdict(self)


Kept = Callable[[Model, Callable[[], Summary]], Summary]


def compared(
    model: Model,
    scenarios: Sequence[Scenario],
    *,
    prices: Prices | None = None,
    workers: int | None = None,
    engine: Engine = replications,
    stop: Event | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    kept: Kept = lambda _model, run: run(),
) -> Comparison:
    """Run the model and each scenario, and set them side by side.

    `kept` may give the summary of a model that was run before. Raises BadConfig, Cancelled.
    """
    if len(scenarios) > MOST:
        msg = f"there are {len(scenarios)} scenarios"
        raise BadConfig(msg, f"Compare {MOST} at most at a time.")
    names = [each.name for each in scenarios]
    if len(set(names)) < len(names):
        raise BadConfig("two scenarios have the same name", "Rename one of them.")
    models = [applied(model, each) for each in (NOTHING, *scenarios)]
    total, done = len(models) * model.replications, 0

    def one_more() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    found = []
    for n, each in enumerate(models):
        found.append(
            kept(each, lambda each=each: summed(  # type: ignore[misc]
                each, prices=prices, workers=workers, engine=engine, stop=stop, done=one_more))
        )  # fmt: skip
        done = max(done, (n + 1) * model.replications)
    return side_by_side(model, names, found[0], found[1:])


def side_by_side(
    model: Model, names: Sequence[str], nothing: Summary, others: Sequence[Summary]
) -> Comparison:
    """The comparison of what was summed up."""
    keys = list(dict.fromkeys(key for each in (nothing, *others) for key in each.values))
    homes = {name for name, node in model.nodes.items() if node.setting == LIVED_IN}
    warned = [w for each in (nothing, *others) for w in each.warnings]
    return Comparison(
        model=model.name,
        scenarios=tuple(names),
        replications=nothing.replications,
        days=nothing.days,
        seed=model.seed,
        rows=tuple(
            _row(key, nothing, others)
            for key in keys
            if not key[1].endswith(SORTED) and key[1] not in homes
        ),
        warnings=tuple(dict.fromkeys(warned)),
    )


def _row(key: Key, nothing: Summary, others: Sequence[Summary]) -> Row:
    # Nobody took a way that is not there; of other figures it is not known.
    blank: Values = [0.0 if key[0] == "went" else None] * nothing.replications
    base = nothing.values.get(key, blank)
    each = [other.values.get(key, blank) for other in others]
    return Row(
        *key,
        unit=UNITS.get(key[0], ""),
        nothing=estimate(base),
        scenarios=tuple(Beside(estimate(v), estimate(paired(v, base))) for v in each),
    )


def paired(values: Iterable[float | None], base: Iterable[float | None]) -> Values:
    """The difference of each replication that has both."""
    pairs = zip(values, base, strict=True)
    return [None if a is None or b is None else a - b for a, b in pairs]


def estimate(values: Iterable[float | None]) -> Estimate:
    """The mean of one value a replication, with its 95% interval where there are two or more."""
    there = [each for each in values if each is not None]
    if not there:
        return Estimate(None)
    mean = fmean(there)
    if len(there) == 1:
        return Estimate(mean)
    from onesystem.evidence.tails import t_quantile

    spread = math.sqrt(math.fsum((each - mean) ** 2 for each in there) / (len(there) - 1))
    half = t_quantile(0.95, len(there) - 1) * spread / len(there) ** 0.5
    return Estimate(mean, mean - half, mean + half)


@dataclass(frozen=True)
class Moved:
    """A place whose flow or wait a scenario changed: how, and by how many of its own errors."""

    where: str
    figure: str
    nothing: float
    difference: Estimate


def why(comparison: Comparison, nth: int, *, most: int = 8) -> list[Moved]:
    """Where a scenario changed the flow most: people in, people waiting and blocked, by place.

    Only differences whose interval leaves 0 out are told, the largest in relation to what was there
    first.
    """
    found = []
    for row in comparison.rows:
        if row.kind != ALL or row.figure not in ("taken in", "waiting"):
            continue
        if not of_service(row.where):
            continue
        beside = row.scenarios[nth]
        if beside.sure and row.nothing.mean is not None:
            found.append(Moved(row.where, row.figure, row.nothing.mean, beside.difference))
    return sorted(found, key=_weight, reverse=True)[:most]


def _weight(moved: Moved) -> float:
    return abs(moved.difference.mean or 0.0) / max(abs(moved.nothing), 1.0)


def told(comparison: Comparison, figure: str, where: str = "", kind: str = ALL) -> Iterator[Row]:
    """The rows of a figure."""
    for row in comparison.rows:
        if (row.figure, row.where, row.kind) == (figure, where, kind):
            yield row
