"""Care that lasts: home care packages, and places in care homes, which are only so many."""

from collections.abc import Callable

import numpy as np

from onesystem.demo.beds import Beds
from onesystem.demo.district import housed_places
from onesystem.demo.home import counted
from onesystem.demo.hours import draw_days, on_weekday, to_utc
from onesystem.demo.people import People
from onesystem.demo.rates import (
    CARE_AGES,
    CARE_HOME,
    CARE_HOME_TAKEN,
    HOME_CARE,
    mortality,
)
from onesystem.demo.seconds import DAY, HOUR
from onesystem.demo.streams import Stream, stream, word, words
from onesystem.demo.world import World

_HOME_CARE_YEARS, _CARE_HOME_YEARS = 1.6, 2.1  # how long each lasts on average
_TURNS = 4  # until as many places are taken as is published
Span = tuple[int, int]
Draw = Callable[[np.random.Generator, float], Stream]


def long_term(
    world: World, span: Span, rng: np.random.Generator, *, first: bool
) -> dict[str, Stream]:
    """Home care packages and care home places. In the first span, those who are in care already."""
    cared = _lasting(world, span, rng, first=first, series="P", share=HOME_CARE,
                     years=_HOME_CARE_YEARS, use="homecare", wait=6.5)  # fmt: skip

    def living(rng: np.random.Generator, level: float) -> Stream:
        return _lasting(world, span, rng, first=first, series="L", share=CARE_HOME * level,
                        years=_CARE_HOME_YEARS, use="carehome", wait=12.0)  # fmt: skip

    if "housed" not in world.tuned:
        world.tuned["housed"] = np.array(_level(world, span, living))
    homes = _when_free(world, living(rng, float(world.tuned["housed"])), world.beds)
    return {"P": counted(world, cared), "L": counted(world, homes)}


def _level(world: World, span: Span, living: Draw) -> float:
    """How many times the shares by age live in care homes, so that as many places are taken as is
    published: people die and move away before and after they come, which no share says.
    """
    part = len(world.people) / world.here.areas.people
    wanted = housed_places(world.here).sum() * part * CARE_HOME_TAKEN
    level = 1.0
    for turn in range(_TURNS):
        made = _when_free(world, living(world.rng("care homes", turn), level), Beds())
        gone = np.minimum(made.ended, _gone(world, made))
        begun = np.clip(made.started, span[0] * DAY, span[1] * DAY)
        days = np.clip(gone, begun, span[1] * DAY) - begun
        there = days.sum() / ((span[1] - span[0]) * DAY)
        level *= float(np.clip(wanted / max(there, 1.0), 0.5, 2.0))
    return level


def _when_free(world: World, made: Stream, beds: Beds) -> Stream:
    """People wait for a place until one is free; who dies or moves before that never comes."""
    people = world.people
    here = np.maximum(people.arrived, people.birth * DAY)
    made = made.where(made.started >= here[made.person])
    gone = _gone(world, made)
    size = {
        int(each): world.plan.services[each]["capacity"][0]["amount"]
        for each in np.unique(made.service)
    }
    lasts = made.ended - made.started
    made.started = beds.wait(made.service, made.started, made.ended, gone, size)
    made.ended = made.started + lasts
    return made.where(made.started < gone)


def _gone(world: World, made: Stream) -> np.ndarray:
    """When each dies or moves away."""
    return np.minimum(world.people.died, world.people.left)[made.person]  # type: ignore[no-any-return]


def _lasting(
    world: World, span: Span, rng: np.random.Generator, *, first: bool, series: str,
    share: np.ndarray, years: float, use: str, wait: float,
) -> Stream:  # fmt: skip
    """Places that last: as many people at any time as the shares by age say."""
    people = world.people
    chance = _in_care(people, span[0], share)
    there = np.flatnonzero((rng.random(len(people)) < chance) & first)
    middle = (span[0] + span[1]) // 2
    lost = 1 / years + mortality(people.age(middle))  # a year: places end, and people die
    coming = _in_care(people, middle, share) * lost * (span[1] - span[0]) / 365.25
    new = np.flatnonzero(rng.random(len(people)) < coming)
    person = np.concatenate([there, new])
    since = span[0] * DAY - (rng.exponential(years, len(there)) * 365 * DAY).astype(np.int64)
    day = on_weekday(draw_days(len(new), span, rng))
    begun = np.concatenate([since, to_utc(day * DAY + 11 * HOUR, world.zone)])
    lasts = (rng.exponential(years * 365.25, len(person)) * DAY).astype(np.int64) + 7 * DAY
    ended = np.concatenate([span[0] * DAY + lasts[: len(there)], begun[len(there) :] +
                            lasts[len(there) :]])  # fmt: skip
    places = world.plan.use[use][people.authority[person]]
    return stream(
        series, person, source=world.source("council"), service=places,
        requested=begun - (rng.exponential(wait, len(person)) * DAY).astype(np.int64) - HOUR,
        started=begun, ended=ended, reason=word("Personal care"),
        mode=rng.choice(words("from home", "from hospital"), len(person), p=[0.6, 0.4]),
        outcome=rng.choice(words("no longer needed", "to a care home", "moved away", "died"),
                           len(person)),
    )  # fmt: skip


def _in_care(people: People, day: int, share: np.ndarray) -> np.ndarray:
    """The chance of each to be in care on a day: as many of an age as `share` says.

    The frail are likelier to be there than others of their age, and no more are there for it.
    """
    chance, leaning = np.interp(people.age(day), CARE_AGES, share), 0.55 + 0.45 * people.frailty
    leaning /= np.average(leaning, weights=chance) if chance.any() else 1.0
    return np.clip(chance * leaning, 0, 0.6)  # type: ignore[no-any-return]
