"""People of an area a year at a time, many courses of them at once. Pure.

The cohort-component method, as `twin.people.ageing` has it for a country, with what is peculiar to
an area: how deprived it is, how many children its women have, and that young people come and go.
"""

from dataclasses import dataclass

import numpy as np

from onesystem.twin.people.ageing import MOVING, OLDEST

BEARING = slice(15, 50)
_BOYS = 1.05 / 2.05
_YOUNG = (16, 46)  # ages between which people move to study and work, and on
_LATER = 75  # up to which age people move out of cities and to the coast
_MOVING_LATER = 0.5  # of what the ages of an area show from 46 on; the rest is how many were born
_CHILDREN = (0.3, 3.0)  # times those of the country; beyond, too few women are counted
_MOST = 1.6  # times that those of an age may become more by moving within the country in a year
# How much more often people die in the most deprived tenth than in the least, by age: set so that
# lives differ by nine years, as they do (Office for National Statistics, 2018 to 2020).
_DEPRIVED_AGES = np.array([0, 1, 15, 30, 45, 60, 75, 90, 100])
_DEPRIVED = np.array([2.6, 2.0, 2.0, 3.4, 4.2, 3.6, 2.2, 1.35, 1.05])


@dataclass(frozen=True)
class Peculiar:
    """What an area has of its own: factors of its country's rates, by sex and age where told."""

    deaths: np.ndarray
    births: float
    stays: np.ndarray  # those of an age a year on, for each, by moves within the country

    @classmethod
    def none(cls) -> "Peculiar":
        """An area that is like its country."""
        return cls(np.ones((2, OLDEST + 1)), 1.0, np.ones(OLDEST + 1))


@dataclass(frozen=True)
class Rates:
    """Rates of a year, for as many courses as deaths have rows."""

    deaths: np.ndarray  # courses, sexes, ages
    births: np.ndarray  # courses
    moves: np.ndarray  # courses


def step(people: np.ndarray, rates: Rates, own: Peculiar) -> np.ndarray:
    """People at the end of a year; the first axis of all are courses."""
    everybody = people.sum(axis=(1, 2))
    born = people[:, 0, BEARING].sum(axis=1) * rates.births * own.births
    alive: np.ndarray = people * np.exp(-rates.deaths * own.deaths)
    each = rates.moves * everybody / len(MOVING) / 2
    moving = slice(MOVING[0], MOVING[-1] + 1)
    alive[:, :, moving] = np.maximum(alive[:, :, moving] + each[:, None, None], 0)
    alive = alive * own.stays
    older: np.ndarray = np.empty_like(alive)
    older[:, :, 1:] = alive[:, :, :-1]
    older[:, :, OLDEST] += alive[:, :, OLDEST]
    older[:, 0, 0], older[:, 1, 0] = born * (1 - _BOYS), born * _BOYS
    return older


def peculiar(
    ages: np.ndarray, reference: np.ndarray, deciles: np.ndarray, weights: np.ndarray
) -> Peculiar:
    """What an area has of its own, by its people and those of its country.

    `deciles` and `weights` say how many people live in small areas of each deprivation.
    """
    deaths = deprived(deciles, weights)
    children, women = ages[:, 0].sum(), ages[0, BEARING].sum()
    whole = reference[:, 0].sum() / reference[0, BEARING].sum()
    births = float(np.clip(children / women / whole, *_CHILDREN)) if women >= 1 else 1.0
    return Peculiar(np.broadcast_to(deaths, (2, OLDEST + 1)), births, stays(ages, reference))


def deprived(deciles: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """How many times as often people of an age die as in the country, by where they live."""
    known = deciles > 0
    if not known.any():
        return np.ones(OLDEST + 1)
    ratio = relative(deciles[known])
    whole = relative(np.arange(1, 11)).mean(axis=0)
    own: np.ndarray = np.average(ratio, axis=0, weights=weights[known]) / whole
    return own


def relative(decile: np.ndarray) -> np.ndarray:
    """Relative death rates: a row for each decile given, a column for each age."""
    slope = np.log(np.interp(np.arange(OLDEST + 1), _DEPRIVED_AGES, _DEPRIVED)) / 9
    ratio: np.ndarray = np.exp(np.outer(5.5 - np.asarray(decile, dtype=float), slope))
    return ratio


def stays(ages: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """How people of an age become more or fewer by moves within the country, to the next age.

    Read from how the area's share of the country's people changes with age. From 16 to 45 it comes
    to nothing over those ages: who comes to study or to work is gone again when older. From 46 on
    half of the change is taken as moving. One year's people cannot tell moving from what earlier
    years brought, so both are assumptions; over all areas they cancel.
    """
    first, last = _YOUNG
    share = _smooth(ages.sum(axis=0) / np.maximum(reference.sum(axis=0), 1e-9))[: _LATER + 1]
    found: np.ndarray = np.ones(OLDEST + 1)
    if share[first:].min() <= 0:
        return found
    change = np.log(np.clip(share[1:] / share[:-1], 1 / _MOST, _MOST))
    young = change[first:last]
    found[first:last] = np.exp(young - young.mean())
    found[last:_LATER] = np.exp(_MOVING_LATER * change[last:])
    return found


def _smooth(share: np.ndarray) -> np.ndarray:
    padded = np.pad(share, 1, mode="edge")
    smooth: np.ndarray = (padded[:-2] + padded[1:-1] + padded[2:]) / 3
    return smooth


def life_expectancy(deaths: np.ndarray) -> np.ndarray:
    """Years to live at birth, of death rates by single age (the last axis)."""
    survive = np.exp(-np.cumsum(deaths[..., :-1], axis=-1))
    alive = np.concatenate([np.ones((*deaths.shape[:-1], 1)), survive], axis=-1)
    first = (alive[..., :-1] + alive[..., 1:]).sum(axis=-1) / 2
    lived: np.ndarray = first + alive[..., -1] / deaths[..., -1]
    return lived
