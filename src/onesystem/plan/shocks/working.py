"""Run a shock apart from pages: without it, with it, and with each thing that might soften it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from threading import Event
from typing import Any

from onesystem.district import current
from onesystem.flow import answers
from onesystem.plan.options.expressing import expressed
from onesystem.plan.options.library import options
from onesystem.plan.options.selecting import most
from onesystem.plan.shocks import softening
from onesystem.plan.shocks.kinds import shock
from onesystem.plan.shocks.making import Made, Where, made, moment, wards
from onesystem.plan.shocks.windows import FIGURES, Days, days_of
from onesystem.twin.network.loads import loads
from onesystem.twin.network.model import UNITS, Model
from onesystem.twin.network.running import replications
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.reading import read
from onesystem.twin.scenarios.wording import sentence
from onesystem.twin.standing import Standing, standing
from onesystem.vocabulary import BadConfig, Setting
from onesystem.vocabulary.said import say, say_counted

KIND = "plan-shock"
BEFORE, YEAR, RUNS = 28, 364, 20
_AFTER = 2  # days until something can be begun
_MORE_BEDS, _SHORTER, _FEWER = 0.05, 0.9, 0.9
Told = Callable[[int, int], None]
Change = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A model run over the time of a shock, and what is meant by it there."""

    model: Model
    where: Where
    first: int


def connect() -> None:
    """Say who runs shocks."""
    answers.register(KIND, work)


def question(
    here: Standing, key: str, numbers: Mapping[str, float], *, people: float, practices: int,
    ward: str = "", figure: str = "waiting", levers: bool = True, runs: int = RUNS,
) -> dict[str, Any]:  # fmt: skip
    """What is asked, in full. Raises BadConfig for what cannot be, before anything runs."""
    if figure not in FIGURES:
        raise BadConfig(
            say("there is no figure {figure}", figure=repr(figure)),
            say("Known: {figures}.", figures=", ".join(FIGURES)),
        )
    if not 2 <= runs <= 200:
        raise BadConfig(say("{runs} replications are asked for", runs=runs), "Give 2 to 200.")
    asked: dict[str, Any] = {
        "model": here.digest, "shock": key, "numbers": shock(key).numbers(numbers),
        "people": people, "practices": practices, "figure": figure, "levers": levers, "runs": runs,
        "ward": (ward or next(iter(wards(here.model)), "")) if key == "ward" else "",
        "figures": [*FIGURES],  # what an answer has: an older one is not taken for it
    }  # fmt: skip
    wanted = _wanted(here.model, asked)
    _shocked(wanted.model, _made(asked, wanted))
    return asked


def work(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """Run what is asked."""
    here = standing(current().path)
    if here.digest != asked["model"]:
        raise BadConfig("The model has changed since this was asked", "Run it again.")
    return found_for(
        here.model,
        asked,
        lambda done, of: progress(
            done / of, say("{done} of {of} replications are done", done=done, of=of)
        ),
    )


def found_for(
    model: Model, asked: Mapping[str, Any], told: Told, stop: Event | None = None
) -> dict[str, Any]:
    """What a question comes to in a model."""
    wanted = _wanted(model, asked)
    mine = _made(asked, wanted)
    every = [("", "", "", wanted.model), ("shock", "", "", _shocked(wanted.model, mine))]
    skipped: list[str] = []
    if asked["levers"]:
        every += list(_levers(wanted, mine, asked, skipped))
    days, done = [], 0
    total = len(every) * asked["runs"]
    for *_, each in every:
        found: list[Any] = []
        step = 86_400 / UNITS[each.unit]
        for run in replications(each, step=step, stop=stop):
            found.append(_kept(wanted.model, run))
            done += 1
            told(done, total)
        days.append(days_of(wanted.model, found, wanted.first))
    windows = [each.windows() for each in days]
    levers = [
        softening.softened(key, name, kind, windows[0], windows[1], then, asked["figure"])
        for (key, name, kind, _), then in zip(every[2:], windows[2:], strict=True)
    ]  # fmt: skip
    return {
        "effects": [asdict(each) for each in softening.effects(windows[0], windows[1])],
        "levers": [asdict(each) for each in softening.ranked(levers, "month")],
        "days": {name: _means(days[:2], name) for name in FIGURES},
        "changes": [sentence(each) for each in _scenario(mine.changes).changes],
        "scaled": list(mine.scaled), "missing": [*mine.missing, *skipped],
        "runs": asked["runs"], "model": model.name, "seed": model.seed,
    }  # fmt: skip


class _Cut:
    """A run with the services of the model as it was: those that a lever opened are left out."""

    def __init__(self, steps: Any) -> None:
        self.steps = steps


def _kept(model: Model, run: Any) -> _Cut:
    return _Cut(run.steps[:, : len(model.nodes)])


def _means(days: list[Days], name: str) -> list[list[float]]:
    return [each.by_day[name].mean(axis=0).round(3).tolist() for each in days]


def _wanted(model: Model, asked: Mapping[str, Any]) -> Wanted:
    """The model over a month before the shock and a year after it, from its own beginning."""
    day = 86_400 / UNITS[model.unit]
    first = round(model.warm_up / day) + BEFORE
    long = replace(model, warm_up=0.0, horizon=(first + YEAR) * day, replications=asked["runs"])
    where = Where(
        people=asked["people"], at=first * day, ward=asked["ward"], practices=asked["practices"]
    )
    return Wanted(model=long, where=where, first=first)


def _made(asked: Mapping[str, Any], wanted: Wanted) -> Made:
    return made(shock(asked["shock"]), asked["numbers"], wanted.model, wanted.where)


def _shocked(model: Model, mine: Made, *more: Change) -> Model:
    """The model with the shock, and a lever on top: both may change the places of one ward."""
    shocked = applied(model, _scenario(mine.changes))
    return applied(shocked, _scenario(more)) if more else shocked


def _scenario(changes: tuple[Change, ...]) -> Any:
    return read({"name": "Shock", "changes": [dict(each) for each in changes]})


def _levers(
    wanted: Wanted, mine: Made, asked: Mapping[str, Any], skipped: list[str]
) -> Iterator[tuple[str, str, str, Model]]:
    """What could be begun two days after; and each option of the library, had it been in place."""
    for key, name, changes in _after(wanted):
        yield key, name, say("begun two days after"), _shocked(wanted.model, mine, *changes)
    for known in options().values():
        said = expressed([(known, "central")], wanted.model, people=asked["people"])
        changes = list(said.plain["changes"])
        if not changes:
            skipped.append(say("{title}: the twin has no words for it", title=known.title))
            continue
        try:
            model = _shocked(wanted.model, mine, *changes)
        except BadConfig as error:
            skipped.append(f"{known.title}: {error.what}")
            continue
        yield known.key, known.title, say("in place before"), model


def _after(wanted: Wanted) -> Iterator[tuple[str, str, list[Change]]]:
    day = 86_400 / UNITS[wanted.model.unit]
    since = {"from": moment(wanted.model, wanted.where.at + _AFTER * day)}
    every = wards(wanted.model)
    if every:
        there = sum(most(wanted.model, name) for name in every)
        more, load = max(1, round(there * _MORE_BEDS)), loads(wanted.model)
        fullest = max(every, key=lambda name: load.get(name, 0.0))
        words = say_counted(
            "{n} more bed on {fullest}", "{n} more beds on {fullest}", more, fullest=fullest
        )
        yield say("more beds"), words, [
            {"change": "places", "service": fullest, "more": more, **since}
        ]  # fmt: skip
        yield (
            say("shorter stays"),
            say("Stays on wards a tenth shorter"),
            [{"change": "stays", "service": name, "times": _SHORTER, **since} for name in every],
        )
    doors = [n for n, e in wanted.model.arrivals.items()
             if wanted.model.nodes[e.node].setting == Setting.ED.value]  # fmt: skip
    if doors:
        yield (
            say("fewer come"),
            say("One in ten fewer come to emergency departments"),
            [{"change": "arrivals", "inflow": name, "times": _FEWER, **since} for name in doors],
        )
