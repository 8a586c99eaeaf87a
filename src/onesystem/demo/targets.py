"""What the hospitals of the demo are held to: published flow, scaled to the people of the demo."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.demo.frames import Frame, frame

_LATEST = 12  # months of the published series that the demo is calibrated to
_COLUMNS = (
    "attendances", "over_4_hours", "emergency_admissions", "beds_available", "beds_occupied",
    "no_criteria_to_reside", "discharged_a_day",
)  # fmt: skip
_WAITS = ("waiting", "referred", "england_over_18_weeks", "england_over_52_weeks")


@dataclass(frozen=True)
class Targets:
    """One value a hospital, for the demo's people: per day, or on an average day."""

    attendances: np.ndarray  # a day
    over_4_hours: np.ndarray  # share of attendances
    emergency_admissions: np.ndarray  # a day
    beds_available: np.ndarray
    beds_occupied: np.ndarray
    no_criteria_to_reside: np.ndarray  # people in bed who could be elsewhere
    discharged: np.ndarray  # a day, after at least a night
    season: np.ndarray  # 12 months, mean 1: attendances a day
    season_beds: np.ndarray  # 12 months, mean 1: beds occupied
    waiting: float  # people referred to a hospital who wait for it, at any time
    referred: float  # to a hospital, a year
    over_18_weeks: float  # share of those who wait (England)
    over_52_weeks: float
    published: bool  # False where another district's rates stand in


def targets(here: Frame, people: int) -> Targets:
    """The targets for so many people.

    A trust's figures count by the share of its patients who live in the district. A district
    without an open series takes Norfolk and Waveney's rates a head, spread over its hospitals by
    where its people go.
    """
    known = here if here.published else frame("norfolk-waveney")
    means = np.array([_means(known, h.trust) for h in known.hospitals])
    means *= np.where(np.arange(len(_COLUMNS)) == 1, 1, known.share[:, None])
    if not here.published:
        lived = np.bincount(here.areas.authority, here.areas.counts.sum(axis=1))
        parts = lived @ here.catchment / lived.sum()
        over = np.average(means[:, 1], weights=means[:, 0])
        means = np.outer(parts, means.sum(axis=0))
        means[:, 1] = over
    scale = people / known.areas.people
    scaled = means * np.where(np.arange(len(_COLUMNS)) == 1, 1, scale)
    waits = [_mean(known.waiting, c) for c in _WAITS]
    attendances, over_4_hours, emergency, available, occupied, could_leave, discharged = scaled.T
    season, season_beds = _seasons(known)
    waiting, referred, over_18_weeks, over_52_weeks = waits
    return Targets(
        attendances=attendances, over_4_hours=over_4_hours, emergency_admissions=emergency,
        beds_available=available, beds_occupied=occupied, no_criteria_to_reside=could_leave,
        discharged=discharged, season=season, season_beds=season_beds, waiting=waiting * scale,
        referred=referred * 12 * scale, over_18_weeks=over_18_weeks, over_52_weeks=over_52_weeks,
        published=bool(here.published),
    )  # fmt: skip


def _means(here: Frame, trust: str) -> list[float]:
    """A trust's mean over the latest months: a day for flows, a level for beds."""
    rows = [r for r in here.published if r["trust"] == trust][-_LATEST:]
    days = 366 / 12  # September 2023 to August 2024
    mean = {c: _mean(rows, c) for c in _COLUMNS}
    mean["over_4_hours"] /= mean["attendances"]
    mean["attendances"] /= days
    mean["emergency_admissions"] /= days
    return [mean[c] for c in _COLUMNS]


def _mean(rows: list[dict[str, Any]], column: str) -> float:
    """The mean of the latest months that say it."""
    return float(np.mean([r[column] for r in rows[-_LATEST:] if r[column] is not None]))


def _seasons(here: Frame) -> tuple[np.ndarray, np.ndarray]:
    """How far each calendar month lies above the year's mean, over the whole series: attendances a
    day, which are fewest in January, and beds occupied, which are most then.
    """
    return _season(here, "attendances", _DAYS), _season(here, "beds_occupied", np.ones(12))


def _season(here: Frame, column: str, days: np.ndarray) -> np.ndarray:
    total, months = np.zeros(12), np.zeros(12)
    for row in here.published:
        if row[column] is not None:
            month = int(row["month"][5:]) - 1
            total[month] += row[column]
            months[month] += 1
    level = total / months / days
    return np.asarray(level / level.mean())


_DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
