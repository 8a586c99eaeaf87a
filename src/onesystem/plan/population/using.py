"""How often people of which age and place use what: shapes that a level is laid on. Pure.

A curve gives relative use at AGES; the level (contacts a person a year) is set apart, so that
changing a curve does not change a total. Sources: docs/explanation/demo.md and
docs/explanation/case-for-change.md.
"""

import numpy as np

from onesystem.plan.areas.area import BANDS

AGES = np.array([0, 2, 5, 12, 18, 30, 45, 60, 70, 80, 90, 104])
CURVES = {
    "gp": [1.3, 1.2, 0.7, 0.45, 0.7, 0.8, 0.9, 1.2, 1.5, 1.9, 2.0, 2.0],
    "pharmacy": [0.35, 0.3, 0.2, 0.15, 0.25, 0.35, 0.7, 1.4, 2.2, 3.0, 3.2, 3.2],
    "ooh": [2.6, 2.2, 1.2, 0.6, 0.9, 0.9, 0.8, 0.9, 1.1, 1.8, 2.6, 2.8],
    "calls": [2.4, 2.0, 1.1, 0.6, 1.0, 0.9, 0.8, 0.8, 0.9, 1.5, 2.2, 2.4],
    "ed": [1.9, 1.8, 1.0, 0.9, 1.1, 1.0, 0.8, 0.8, 1.0, 1.7, 2.5, 2.6],
    "elective": [0.2, 0.2, 0.2, 0.2, 0.4, 0.7, 1.0, 1.5, 1.9, 1.5, 0.7, 0.5],
    "nursing": [0.1, 0.1, 0.05, 0.05, 0.1, 0.15, 0.3, 0.7, 2.0, 6.0, 12.0, 12.0],
    "emergency": [3.2, 1.3, 0.5, 0.45, 0.7, 0.75, 0.8, 1.1, 1.7, 3.0, 5.2, 5.5],
    "bed-days": [4.0, 1.4, 0.6, 0.6, 1.1, 1.6, 2.5, 5.5, 11.0, 24.0, 46.0, 50.0],
    "mental": [0.1, 0.2, 0.6, 1.5, 1.7, 1.2, 1.0, 0.7, 0.7, 1.1, 1.5, 1.5],
}
A_YEAR = {  # contacts (nursing: episodes) a person a year
    "gp": 6.0, "pharmacy": 12.5, "ooh": 0.12, "calls": 0.25, "nursing": 0.12,
}  # fmt: skip
DEPRIVED = {  # use in the most deprived tenth over that in the least
    "gp": 1.25, "pharmacy": 1.3, "ooh": 1.5, "calls": 1.5, "ed": 1.8, "elective": 0.9,
    "nursing": 1.4, "emergency": 1.6, "bed-days": 1.5, "mental": 1.9, "home care": 1.6,
    "care home": 1.0,
}  # fmt: skip

# Share of people in long-term care, by age: home care, and living in a care home.
CARE_AGES = np.array([0, 18, 60, 70, 80, 85, 90, 104])
HOME_CARE = np.array([0, 0.001, 0.003, 0.008, 0.03, 0.06, 0.09, 0.09])
CARE_HOME = np.array([0, 0.0002, 0.001, 0.004, 0.02, 0.05, 0.11, 0.2])

# Middle ages of the bands; those of 90 and over are 93 on average.
MIDDLE = np.array([first + 2.5 if first < BANDS[-1] else 93.0 for first in BANDS])


def at(kind: str, ages: np.ndarray) -> np.ndarray:
    """Relative use at ages."""
    known, curve = (AGES, np.array(CURVES[kind])) if kind in CURVES else (CARE_AGES, _care(kind))
    used: np.ndarray = np.interp(ages, known, curve)
    return used


def _care(kind: str) -> np.ndarray:
    return HOME_CARE if kind == "home care" else CARE_HOME


def younger(kind: str, years: np.ndarray) -> np.ndarray:
    """Relative use by band (the last axis) where people are as well as so many years younger.

    Only from 60 on: added years are added at the end of life.
    """
    late = np.clip((MIDDLE - 50) / 10, 0, 1)
    return at(kind, MIDDLE - np.asarray(years)[..., None] * late)


def place(kind: str, decile: np.ndarray) -> np.ndarray:
    """Relative use where people live, around one for an average place; one where none is known."""
    slope = np.log(DEPRIVED[kind]) / 9
    known: np.ndarray = np.exp(slope * (5.5 - np.asarray(decile, dtype=float)))
    return np.where(np.asarray(decile) > 0, known, 1.0)
