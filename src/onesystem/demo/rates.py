"""How often people of which age and place use what. Sources: docs/explanation/demo.md.

The curves by age are those that the plan room projects with; the level is set apart from them.
"""

import numpy as np

from onesystem.plan.population.using import (
    A_YEAR,
    AGES,
    CARE_AGES,
    CARE_HOME,
    CURVES,
    DEPRIVED,
    HOME_CARE,
)

__all__ = ["A_YEAR", "CARE_AGES", "CARE_HOME", "HOME_CARE", "hours", "mortality", "survival", "use"]

# Places in care homes for each person of 75 and more (England, 2018: Care Quality Commission and
# ONS, by the Nuffield Trust), and how many are taken (England, 2019-20: ONS).
CARE_HOME_PLACES, CARE_HOME_TAKEN = 0.101, 0.847

_MORTALITY_AGES = np.array([0, 1, 10, 20, 40, 60, 70, 80, 90, 104])
_MORTALITY = np.array([0.004, 0.0003, 0.0001, 0.0004, 0.0012, 0.007, 0.017, 0.05, 0.17, 0.45])

# Weight of the 24 hours of a day.
BY_HOUR = {
    "ed": [27, 23, 20, 18, 17, 18, 22, 31, 48, 62, 68, 69, 66, 64, 63, 63, 63, 63, 62, 60, 55,
           47, 40, 33],
    "ambulance": [33, 30, 28, 26, 25, 26, 29, 34, 44, 52, 55, 55, 53, 51, 51, 51, 51, 51, 50, 49,
                  47, 44, 41, 37],
    "ooh": [14, 11, 9, 8, 8, 9, 14, 22, 8, 8, 8, 8, 8, 8, 8, 8, 8, 10, 44, 52, 46, 38, 28, 20],
    "ooh_weekend": [14, 11, 9, 8, 8, 10, 18, 34, 56, 66, 66, 60, 52, 46, 44, 44, 44, 44, 42, 40,
                    36, 30, 24, 18],
    "discharge": [2, 1, 1, 1, 1, 1, 2, 3, 8, 20, 34, 46, 52, 58, 66, 68, 64, 58, 48, 36, 24, 14,
                  8, 4],
    "shop": [0] * 8 + [4, 10, 12, 11, 8, 8, 9, 10, 11, 9, 4] + [0] * 5,
    "visit": [0] * 8 + [7, 14, 15, 13, 8, 9, 10, 9, 6, 3, 2, 2, 2, 1] + [0] * 2,
}  # fmt: skip


def use(kind: str, age: np.ndarray, decile: np.ndarray, frailty: np.ndarray) -> np.ndarray:
    """Relative use of a service by each person; only ratios mean anything."""
    slope = np.log(DEPRIVED[kind]) / 9
    return np.interp(age, AGES, CURVES[kind]) * np.exp(slope * (10 - decile)) * frailty  # type: ignore[no-any-return]


def mortality(age: np.ndarray) -> np.ndarray:
    """Deaths a person a year, between the stated ages on a log line."""
    return np.exp(np.interp(age, _MORTALITY_AGES, np.log(_MORTALITY)))  # type: ignore[no-any-return]


def survival(age: np.ndarray, years: int) -> np.ndarray:
    """The part who are alive of those who would be of that age by now."""
    past = np.maximum(np.asarray(age)[..., None] - np.arange(years) - 0.5, 0)
    return np.exp(-mortality(past).sum(axis=-1))  # type: ignore[no-any-return]


def hours(kind: str) -> np.ndarray:
    """Weights of the 24 hours."""
    return np.array(BY_HOUR[kind], dtype=float)
