"""One stretch of the district's life: every contact that begins in it, from first to last."""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from onesystem.demo.everyday import out_of_hours, pharmacies, practices, telephone
from onesystem.demo.home import after_hospital, nursing
from onesystem.demo.hours import months
from onesystem.demo.lasting import long_term
from onesystem.demo.people import NEVER
from onesystem.demo.planned import clinics, tests
from onesystem.demo.rates import mortality
from onesystem.demo.seconds import DAY
from onesystem.demo.streams import Stream, joined, numbered
from onesystem.demo.urgent import hospital_deaths, urgent
from onesystem.demo.world import World

WARM_UP = 60  # days before the history in which wards fill up
LEAD = 900  # days before the history in which referrals that still wait are made
_AT_HOME = 0.55  # of all deaths, the part that is not in a hospital bed
_PLANNED_SERIES = frozenset("GXOCHNDR")


@dataclass(frozen=True)
class Span:
    """Local days since 1970, from the first up to, not including, the last."""

    first: int
    last: int

    @property
    def days(self) -> tuple[int, int]:
        """As a pair."""
        return self.first, self.last


def begin(world: World, span: Span) -> dict[str, Stream]:
    """The first stretch: the whole history, with what led to it. By series."""
    rng = world.rng("earlier", 0)
    warm = (span.first - WARM_UP, span.last)
    world.tuned["lost"] = _lost(world, warm)
    _deaths_at_home(world, warm, world.rng("deaths", 0))
    made = urgent(world, warm, world.rng("urgent", 0))
    hospital_deaths(world, made["S"])
    earlier = practices(world, (span.first - LEAD, span.first), rng, only_referred=True)
    gp = practices(world, span.days, world.rng("practices", 0))
    gp = _numbered(world, joined([earlier, gp]))
    made.update(_rest(world, span.days, 0, gp, made, first=True))
    return _settle(world, made, span.first * DAY)


def _lost(world: World, days: tuple[int, int]) -> np.ndarray:
    """By hospital, the part by which attendances, admissions, time in beds and time ready to
    leave must be raised, since who died comes no more: found by a trial of the whole stretch.
    """
    trial = deepcopy(world)
    trial.tuned["lost"] = np.ones((4, len(world.goal.attendances)))
    _deaths_at_home(trial, days, trial.rng("deaths", 0))
    before = urgent(trial, days, trial.rng("urgent", 0))
    hospital_deaths(trial, before["S"])
    after = _settle(trial, {s: before[s] for s in "ES"}, 0)
    return np.clip(_wanted(trial, days) / _amounts(after, trial), 0.8, 1.3)  # type: ignore[no-any-return]


def _amounts(made: dict[str, Stream], world: World) -> np.ndarray:
    """Attendances, urgent admissions, seconds in beds, seconds ready to leave, by hospital."""
    count = len(world.goal.attendances)
    ed, beds = made["E"], made["S"]
    urgent_ones = (beds.part == 1) & (beds.requested == NEVER)
    late = np.where(beds.ready < NEVER, beds.ready, beds.ended)
    amounts = (
        np.bincount(ed.source, minlength=count),
        np.bincount(beds.source[urgent_ones], minlength=count),
        np.bincount(beds.source, beds.ended - beds.started, minlength=count),
        np.bincount(beds.source, beds.ended - late, minlength=count),
    )
    return np.maximum(1.0, np.array(amounts, dtype=float))  # type: ignore[no-any-return]


def _wanted(world: World, days: tuple[int, int]) -> np.ndarray:
    goal, count = world.goal, days[1] - days[0]
    season = goal.season[months(np.arange(*days))].sum()
    return np.array([
        goal.attendances * season, goal.emergency_admissions * count,
        goal.beds_occupied * count * DAY, goal.no_criteria_to_reside * count * DAY,
    ])  # fmt: skip


def go_on(world: World, span: Span, block: int) -> dict[str, Stream]:
    """A further stretch, from the day on which the one before ended. By series."""
    _deaths_at_home(world, span.days, world.rng("deaths", block))
    made = urgent(world, span.days, world.rng("urgent", block))
    hospital_deaths(world, made["S"])
    gp = practices(world, span.days, world.rng("practices", block))
    gp = _numbered(world, joined([gp, *filter(None, [made.pop("G", None)])]))
    at_home = made.pop("N", None)
    made.update(_rest(world, span.days, block, gp, made, first=False))
    made["N"] = joined([made["N"], *filter(None, [at_home])])
    return _settle(world, made, 0)


def _rest(
    world: World, days: tuple[int, int], block: int, gp: Stream, urgent: dict[str, Stream], *,
    first: bool,
) -> dict[str, Stream]:  # fmt: skip
    clinic = clinics(world, gp, world.rng("clinics", block))
    tested = tests(world, gp, urgent["E"], clinic, world.rng("tests", block))
    everyday = {
        "X": pharmacies(world, days, world.rng("pharmacies", block)),
        "C": telephone(world, days, world.rng("telephone", block)),
        "H": out_of_hours(world, days, world.rng("out of hours", block)),
    }
    nursed = nursing(world, days, world.rng("nursing", block))
    return {
        "G": gp, "O": clinic, "D": tested, "N": nursed,
        **{series: _numbered(world, each) for series, each in everyday.items()},
        **after_hospital(world, urgent["S"], world.rng("after hospital", block)),
        **long_term(world, days, world.rng("long term", block), first=first),
    }  # fmt: skip


def _numbered(world: World, made: Stream) -> Stream:
    base = world.counters.get(made.series, 0)
    world.counters[made.series] = base + len(made)
    return numbered(made, base)


def _deaths_at_home(world: World, days: tuple[int, int], rng: np.random.Generator) -> None:
    """People die: those who do so at home are known first, since they come to no hospital after.

    The others die in a hospital bed, and the stay says so.
    """
    people = world.people
    alive = (people.died == NEVER) & (people.left == NEVER)
    chance = mortality(people.age(days[0])) * _AT_HOME * (days[1] - days[0]) / 365.25
    at_home = alive & (rng.random(len(people)) < chance)
    when = (rng.uniform(*days, len(people)) * DAY).astype(np.int64)
    people.died = np.where(at_home & (when > people.arrived), when, people.died)


def _settle(world: World, made: dict[str, Stream], start: int) -> dict[str, Stream]:
    """What cannot have been is taken out: after death, before arrival, while in a hospital bed."""
    return {series: _possible(world, each, start) for series, each in made.items()}


def _possible(world: World, made: Stream, start: int) -> Stream:
    people = world.people
    who = made.person
    begins = np.where(made.started < NEVER, made.started, made.requested)
    until = np.minimum(people.died, people.left)[who]
    keep = (begins < until) & (begins >= np.maximum(people.arrived, people.birth * DAY)[who])
    keep &= made.ended > start
    if made.series in _PLANNED_SERIES:
        keep &= ~world.away(who, begins)
    made = made.where(keep)
    until = until[keep]
    made.ended = np.where(made.ended > until, until, made.ended)
    made.ready = np.where((made.ready < NEVER) & (made.ready > made.ended), made.ended, made.ready)
    return made
