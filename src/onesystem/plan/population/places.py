"""Who will live in each small area of an area, in steps of five years. Pure.

Cohorts grow older where they live, by how deprived it is; ages of study and first work keep their
places, since those who live there then are others; and what comes out is fitted to the area's own
projection, by sex and band (Hamilton and Perry 1962).
"""

import numpy as np

from onesystem.plan.areas.area import BANDS
from onesystem.plan.population.cohorts import relative
from onesystem.plan.population.projecting import Projection

_STEP = 5
_STAY = slice(3, 7)  # 15 to 34: people of these ages are others each time
_BEAR = slice(3, 9)  # 15 to 44


def places(projection: Projection, *years: int) -> np.ndarray:
    """People by year asked for, small area, sex and band."""
    now = projection.now
    wanted = years or projection.years[::_STEP]
    counts, at, found = now.counts.astype(float), now.year, {}
    survive = _surviving(now.decile)
    for year in sorted(wanted):
        while at + _STEP <= year:
            counts, at = _older(counts, survive), at + _STEP
        following = _older(counts, survive)
        part = (year - at) / _STEP
        found[year] = fitted(
            counts * (1 - part) + following * part, projection.bands[projection.at(year)]
        )
    return np.stack([found[year] for year in wanted])


def _older(counts: np.ndarray, survive: np.ndarray) -> np.ndarray:
    """A step of five years, of which only the shares of places count."""
    alive = counts * survive[:, None, :]
    older = np.zeros_like(counts)
    older[:, :, 1:] = alive[:, :, :-1]
    older[:, :, -1] += alive[:, :, -1]
    mothers = counts[:, 0, _BEAR].sum(axis=1)
    older[:, :, 0] = mothers[:, None] * counts[:, :, 0].sum() / max(mothers.sum(), 1e-9) / 2
    whole = counts[:, :, _STAY].sum(axis=0)
    older[:, :, _STAY] = counts[:, :, _STAY] * (
        older[:, :, _STAY].sum(axis=0) / np.maximum(whole, 1e-9)
    )
    return older


def _surviving(decile: np.ndarray) -> np.ndarray:
    """The part of each band alive after five years, by an ordinary rate and the deprivation."""
    middle = np.minimum(np.array(BANDS) + 2, 95)
    rate = np.exp(
        np.interp(middle, (0, 10, 40, 60, 80, 95), np.log((5e-4, 1e-4, 1.2e-3, 7e-3, 0.05, 0.25)))
    )
    factor: np.ndarray = np.where(decile[:, None] > 0, relative(decile)[:, middle], 1.0)
    alive: np.ndarray = np.exp(-_STEP * rate * factor)
    return alive


def fitted(counts: np.ndarray, bands: np.ndarray) -> np.ndarray:
    """Places scaled so that each sex and band sums to the whole area's."""
    have = counts.sum(axis=0)
    factor = np.divide(bands, have, out=np.zeros_like(bands), where=have > 0)
    scaled: np.ndarray = counts * factor
    return scaled
