"""One figure of many models: over a grid of settings, or until one of several options is best."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from threading import Event
from typing import Any

from onesystem.twin.network.model import Model
from onesystem.twin.network.running import replications
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.changes import NOTHING, Scenario
from onesystem.twin.scenarios.choosing import Choice, choose
from onesystem.twin.scenarios.comparing import Beside, Estimate, estimate, paired
from onesystem.twin.scenarios.summing import Prices, Values, summed
from onesystem.twin.scenarios.sweeping import grid
from onesystem.twin.spreading import Engine
from onesystem.vocabulary import BadConfig, nearest

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """Which figure is asked for, of which service ("" is the whole), and how it is run."""

    figure: str = "wait"
    where: str = ""
    prices: Prices | None = None
    workers: int | None = None
    engine: Engine = replications
    stop: Event | None = None

    def values(
        self, model: Model, scenario: Scenario, *, first: int = 0,
        done: Callable[[], None] = lambda: None,
    ) -> Values:  # fmt: skip
        """The figure of each replication of the model with a scenario. Raises BadConfig."""
        changed = applied(model, scenario)
        found = summed(
            changed, prices=self.prices, workers=self.workers, engine=self.engine,
            stop=self.stop, first=first, done=done,
        )  # fmt: skip
        figures = {key[0] for key in found.values}
        if self.figure not in figures:
            raise BadConfig(f"there is no figure {self.figure!r}", nearest(self.figure, figures))
        places = {key[1] for key in found.values if key[0] == self.figure}
        if self.where not in places:
            what = f"of {self.where!r}" if self.where else "of the whole"
            raise BadConfig(f"there is no {self.figure!r} {what}", nearest(self.where, places))
        return found.values[self.figure, self.where, "all"]


@dataclass(frozen=True)
class Point:
    """One combination of settings, and what the figure comes to there."""

    settings: tuple[str, ...]
    beside: Beside


@dataclass(frozen=True)
class Grid:
    """A figure over all combinations of one or two settings. `nothing` is that of doing nothing."""

    figure: str
    where: str
    lines: tuple[str, ...]
    replications: int
    nothing: Estimate
    points: tuple[Point, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON would have it."""
        return asdict(self)


def swept(
    model: Model, lines: Sequence[str], asked: Asked,
    *, progress: Progress = lambda _done, _of: None,
) -> Grid:  # fmt: skip
    """Run a model over a grid of one or two settings (`sweeping.grid`). Raises BadConfig."""
    if not 1 <= len(lines) <= 2:
        raise BadConfig(f"{len(lines)} settings are varied", "Vary one or two.")
    points = grid(list(lines))
    for _, scenario in points:
        applied(model, scenario)  # what cannot be is said before anything is run
    done, total = 0, (len(points) + 1) * model.replications

    def one_more() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    base = asked.values(model, NOTHING, done=one_more)
    found = []
    for settings, scenario in points:
        values = asked.values(model, scenario, done=one_more)
        found.append(Point(settings, Beside(estimate(values), estimate(paired(values, base)))))
    return Grid(
        asked.figure, asked.where, tuple(lines), model.replications, estimate(base), tuple(found)
    )


def best_of(
    model: Model, options: Sequence[Scenario], asked: Asked, *, matters: float,
    sure: float = 0.95, least: bool = True, most: int = 500,
    progress: Progress = lambda _done, _of: None,
) -> Choice:  # fmt: skip
    """Which option is best in the figure, with a stated confidence (`choosing`). Raises BadConfig.

    `progress` is told of replications that are done, and the most that there can be.
    """
    done = 0

    def one_more() -> None:
        nonlocal done
        done += 1
        progress(done, most * len(options))

    def draw(option: int, first: int, count: int) -> Sequence[float]:
        some = replace(model, replications=count)
        values = asked.values(some, options[option], first=first, done=one_more)
        if any(each is None for each in values):
            msg = f"{asked.figure} {asked.where} has no value in some replications"
            raise BadConfig(msg, "Run the model for longer, or choose another figure.")
        return [each for each in values if each is not None]

    return choose(len(options), draw, matters=matters, sure=sure, least=least, most=most)
