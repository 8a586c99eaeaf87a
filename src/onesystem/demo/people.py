"""Synthetic people on a real map: area and age are sampled from the published tables."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from onesystem.demo.district import Plan
from onesystem.demo.frames import Frame, frame
from onesystem.demo.numbers import numbers
from onesystem.demo.rates import survival

NEVER = np.iinfo(np.int64).max // 4  # seconds; later than anything that happens
_DAY = 86_400
_INWARD = np.array(list("CIKMOV"))  # never used in the second half of a real postcode


@dataclass
class People:
    """One array each, all of one length: a person is an index."""

    area: np.ndarray
    authority: np.ndarray
    decile: np.ndarray
    birth: np.ndarray  # days since 1970
    male: np.ndarray
    frailty: np.ndarray  # how much more care than others of the age; mean 1
    practice: np.ndarray
    hospital: np.ndarray
    household: np.ndarray
    given: np.ndarray  # indexes into names
    second: np.ndarray
    surname: np.ndarray  # indexes into surnames
    maiden: np.ndarray  # -1 for none
    number: np.ndarray  # text, empty for none
    street: np.ndarray
    house: np.ndarray
    inward: np.ndarray
    moved: np.ndarray  # second at which the address was changed, or NEVER
    arrived: np.ndarray  # second from which the person lives here; 0 for always
    left: np.ndarray  # second from which the person lives elsewhere
    died: np.ndarray  # second of death
    old_house: np.ndarray

    def __len__(self) -> int:
        return len(self.area)

    def presence(self, first: int, last: int) -> np.ndarray:
        """The part of the days from first to last in which each lives here."""
        begins = np.maximum(np.maximum(self.arrived, self.birth * _DAY), first * _DAY)
        ends = np.minimum(np.minimum(self.left, self.died), last * _DAY)
        return np.clip((ends - begins) / ((last - first) * _DAY), 0, 1)  # type: ignore[no-any-return]

    def age(self, day: int) -> np.ndarray:
        """Whole years on a day since 1970."""
        return np.clip(((day - self.birth) / 365.25).astype(np.int64), 0, 110)


def surnames(here: Frame) -> list[str]:
    """Every surname of the district: compounds of its places, birds and plants."""
    return _surnames_of(here.code)


@lru_cache(maxsize=2)
def _surnames_of(district: str) -> list[str]:
    here = frame(district)
    first, last = here.names["surname_first"], here.names["surname_last"]
    plain = [a + b for a in first for b in last if not a.endswith(b) and a[-1] != b[0]]
    return (
        plain
        + [f"{a}-{b}" for a, b in zip(first, reversed(first), strict=True) if a != b]
        + (here.names["accented"] * 3)
    )


def make_people(
    here: Frame, plan: Plan, count: int, today: date, years: int, rng: np.random.Generator
) -> People:
    """That many people who lived here in the past `years`; ages are as of the start of `today`.

    Those who have died by then are among them, so that the living are as old as is published.
    """
    day = today.toordinal() - date(1970, 1, 1).toordinal()
    ages = np.arange(here.areas.counts.shape[1])
    cells = np.cumsum((here.areas.counts / survival(ages, years)).ravel())
    drawn = np.searchsorted(cells, rng.random(count) * cells[-1], side="right")
    area, age = np.divmod(np.sort(drawn), here.areas.counts.shape[1])
    age = np.where(age == 90, np.minimum(104, 90 + rng.exponential(2.8, count).astype(int)), age)
    authority = here.areas.authority[area]
    household, head = _households(area, age, rng)
    male = rng.random(count) > here.female[np.minimum(age, 90)]
    first = np.where(male, *(_zipf(len(here.names[s]), count, rng) for s in ("male", "female")))
    second = np.where(male, *(_zipf(len(here.names[s]), count, rng) for s in ("male", "female")))
    named, maiden = _surnames(len(surnames(here)), household, head, age, male, rng)
    homes = int(household.max()) + 1
    numbered = numbers(here.facts["district"]["number"], count, rng)
    start, now = (day - years * 365.25) * _DAY, day * _DAY
    arrived, left, moved = _movers(count, start, now, rng)
    return People(
        area=area,
        authority=authority,
        decile=here.areas.decile[area],
        birth=day - (age * 365.25 + rng.random(count) * 365.25).astype(np.int64),
        male=male,
        frailty=rng.gamma(0.9, 1 / 0.9, count) * 0.85 + 0.15,
        practice=_choose(plan.practice_share, authority[head[household]], rng, household),
        hospital=_choose(here.catchment, authority[head[household]], rng, household),
        household=household,
        given=first,
        second=second,
        surname=named,
        maiden=maiden,
        number=np.where(rng.random(count) < 0.004, "", numbered),
        street=rng.integers(0, len(here.names["streets"]), homes)[household],
        house=rng.integers(1, 140, homes)[household],
        inward=_inward(here.areas.decile[area[head]], rng)[household],
        moved=moved,
        arrived=arrived,
        left=left,
        died=np.full(count, NEVER),
        old_house=rng.integers(1, 140, count),
    )


def _zipf(size: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Some names are common and some are rare; which ones differs by seed."""
    weight = 1 / (5 + np.arange(size)) ** 0.8
    return rng.permutation(size)[np.searchsorted(np.cumsum(weight / weight.sum())[:-1],
                                                 rng.random(count))]  # fmt: skip


def _households(
    area: np.ndarray, age: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Each person's household, and each household's first adult.

    Adults of an area stand in order of age and pair up with a neighbour in that order, the old
    more often alone; a child joins an adult of 22 to 55 of the same area.
    """
    count = len(area)
    adult = age >= 18
    order = np.flatnonzero(adult)
    order = order[np.lexsort((age[order] + rng.normal(0, 4, len(order)), area[order]))]
    single = rng.random(len(order)) < np.where(age[order] > 75, 0.55, 0.35)
    joins = np.zeros(len(order), dtype=bool)
    joins[1:] = (area[order][1:] == area[order][:-1]) & ~single[1:]
    joins[2:] &= ~(joins[1:-1] & (rng.random(len(order) - 2) < 0.9))
    household = np.full(count, -1)
    household[order] = np.cumsum(~joins) - 1
    head = order[~joins]
    parents = order[(age[order] >= 22) & (age[order] <= 55)]
    children = np.flatnonzero(~adult)
    low = np.searchsorted(area[parents], area[children], side="left")
    high = np.searchsorted(area[parents], area[children], side="right")
    none = high == low
    low[none], high[none] = 0, len(parents)
    pick = parents[low + (rng.random(len(children)) * (high - low)).astype(int)]
    household[children] = household[pick]
    return household, head


def _surnames(
    size: int,
    household: np.ndarray,
    head: np.ndarray,
    age: np.ndarray,
    male: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Most of a household share its name; most women over 25 who do had another before."""
    count = len(household)
    shared = _zipf(size, len(head), rng)[household]
    own = _zipf(size, count, rng)
    is_head = np.zeros(count, dtype=bool)
    is_head[head] = True
    keeps = ~is_head & (rng.random(count) < 0.2)
    named = np.where(keeps, own, shared)
    was = ~male & (age > 25) & ~keeps & (rng.random(count) < 0.6)
    return named, np.where(was, own, -1)


def _choose(
    share: np.ndarray, row: np.ndarray, rng: np.random.Generator, household: np.ndarray
) -> np.ndarray:
    """A column for each person by the shares of the row of the household's first adult."""
    draw = rng.random(int(household.max()) + 1)[household]
    edges = np.cumsum(share, axis=1)
    chosen = np.zeros(len(row), dtype=np.int64)
    for each in range(len(share)):
        here = row == each
        chosen[here] = np.searchsorted(edges[each], draw[here] * edges[each, -1], side="right")
    return np.minimum(chosen, share.shape[1] - 1)  # type: ignore[no-any-return]


def _movers(
    count: int, start: float, now: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """When people came to the district, left it, and changed address within it."""
    span = now - start
    when = (start + rng.random((3, count)) * span).astype(np.int64)
    a_year = span / (365.25 * _DAY)
    came, went, moved = (np.array([0.012, 0.008, 0.05]) * a_year > rng.random((3, count)).T).T
    arrived = np.where(came, when[0], 0)
    left = np.where(went & ~came, when[1], NEVER)
    return arrived, left, np.where(moved, when[2], NEVER)


def _inward(decile: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The second half of each household's postcode: its digit says how deprived the area is."""
    return (decile.astype(np.int64) - 1) % 10 * 36 + rng.integers(0, 360, len(decile)) % 36


def inward_code(inward: np.ndarray) -> np.ndarray:
    """The second half of a postcode as text: digit and two letters that no real one has."""
    digit, rest = np.divmod(inward, 36)
    a, b = np.divmod(rest, 6)
    return np.char.add(digit.astype("U1"), np.char.add(_INWARD[a], _INWARD[b]))
