"""How many of the demo's people wait for a hospital, and how full each ward is, by its log."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.demo.district import plan
from onesystem.demo.frames import frame
from onesystem.demo.keeping import today_of
from onesystem.demo.progress import Made
from onesystem.demo.seconds import HOUR
from onesystem.demo.targets import Targets

# A first appointment is waited for from the referral until somebody is seen, or it is cancelled.
_WAITING = """
SELECT count(*) FILTER (requested < {last} AND over > {last}) AS waiting,
       count(*) FILTER (requested >= {last} - 31557600 AND requested < {last}) AS referred,
       avg(CAST(requested < {last} - 18 * 604800 AS INT))
           FILTER (requested < {last} AND over > {last}) AS over_18,
       avg(CAST(requested < {last} - 52 * 604800 AS INT))
           FILTER (requested < {last} AND over > {last}) AS over_52
FROM (
    SELECT epoch(requested) AS requested,
           coalesce(epoch(started), epoch(ended), {last} + 1) AS over
    FROM contacts
    WHERE setting = 'outpatient' AND source LIKE '%-pas' AND requested IS NOT NULL
          AND urgency <> 'follow-up'
)
"""
_STAYS = """
SELECT service, epoch(started) AS s, coalesce(epoch(ended), {last}) AS e
FROM contacts
WHERE setting = 'ward' AND NOT cancelled AND started IS NOT NULL AND source LIKE '%-pas'
      AND epoch(started) < {last} AND coalesce(epoch(ended), {last}) > {first}
"""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Who waits for a first appointment at a moment; `referred` in the year before it."""

    waiting: int
    referred: int
    over_18_weeks: float
    over_52_weeks: float


@dataclass(frozen=True, kw_only=True)
class Full:
    """How full a ward was, as shares of its beds: the mean, and in the fullest of 100 hours."""

    ward: str
    hospital: str
    beds: int
    mean: float
    most: float


def waiting(contacts: Any, last: int) -> Waiting:
    """Who waits at second `last`. `contacts` is the lazy relation of an open district."""
    row = contacts.query("contacts", _WAITING.format(last=last)).fetchone()
    return Waiting(
        waiting=row[0], referred=row[1], over_18_weeks=row[2] or 0.0, over_52_weeks=row[3] or 0.0
    )


def wards(contacts: Any, made: Made, goal: Targets, first: int, last: int) -> list[Full]:
    """How full each ward that is always open was, looked at every hour from first to last."""
    here = frame(made.district)
    planned = plan(here, goal, made.people, today_of(made))
    found = contacts.query("contacts", _STAYS.format(first=first, last=last)).fetchnumpy()
    services = np.asarray(found["service"]).astype(str)
    hours = np.arange(first, last, HOUR)
    rows = []
    for hospital in here.hospitals:
        for index in planned.use[f"ward-{hospital.code}"]:
            ward, beds = planned.services[int(index)], planned.ward_beds[int(index)]
            mine = services == ward["code"]
            inside = np.searchsorted(np.sort(found["s"][mine]), hours, side="right")
            inside = inside - np.searchsorted(np.sort(found["e"][mine]), hours, side="right")
            rows.append(
                Full(ward=ward["name"], hospital=hospital.code, beds=beds,
                     mean=float(inside.mean() / beds),
                     most=float(np.percentile(inside, 99) / beds))
            )  # fmt: skip
    return rows
