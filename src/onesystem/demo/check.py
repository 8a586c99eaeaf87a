"""Published figures against those of the demo's own contact log, read as any analyst would.

The window is whole days of the history, up to the last days that came as messages. Tolerance is
5 % and three standard deviations of a count of that size, so a small demo is held less tightly.
A ward is held to the occupancy that its hospital publishes, less tightly, since it is one of many.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from onesystem.demo import levels
from onesystem.demo.frames import frame
from onesystem.demo.progress import Made
from onesystem.demo.seconds import DAY
from onesystem.demo.sent import LIVE
from onesystem.demo.targets import Targets, targets

_OF_A_WARD = 0.15  # that one ward may be off what its whole hospital publishes, and
_OF_A_BED = 0.25  # a quarter of a bed: two beds cannot be as full as a hospital without a queue
_PUT_UP = 0.05  # beds beyond its own that a ward may hold, and one more

_SQL = """
WITH log AS (
    SELECT contact, source, setting, mode, cause, epoch(started) AS s, epoch(ready) AS r,
           epoch(ended) AS e
    FROM contacts WHERE NOT cancelled AND started IS NOT NULL AND source LIKE '%-pas'
), ed AS (
    SELECT source, count(*) AS seen, avg(CAST(e - s > 14400 AS INT)) AS over_four
    FROM log WHERE setting = 'ED' AND s >= {first} AND s < {last} GROUP BY source
), ward AS (
    SELECT * FROM log WHERE setting = 'ward'
), beds AS (
    SELECT source,
        sum(greatest(0, least(coalesce(e, {last}), {last}) - greatest(s, {first}))) AS full_time,
        sum(CASE WHEN r IS NULL THEN 0 ELSE
            greatest(0, least(coalesce(e, {last}), {last}) - greatest(r, {first})) END) AS ready,
    FROM ward GROUP BY source
), stays AS (
    SELECT w.source, coalesce(before.s, w.s) AS s, w.e, w.mode
    FROM ward w LEFT JOIN ward before ON before.contact = w.cause
    WHERE NOT EXISTS (SELECT 1 FROM ward later WHERE later.cause = w.contact)
), spells AS (
    SELECT source,
        count(*) FILTER (mode <> 'planned' AND s >= {first} AND s < {last}) AS urgent,
        count(*) FILTER (e >= {first} AND e < {last} AND floor(e / 86400) > floor(s / 86400))
            AS left_beds
    FROM stays GROUP BY source
)
SELECT source, seen, over_four, full_time, ready, urgent, left_beds
FROM ed JOIN beds USING (source) JOIN spells USING (source)
"""


@dataclass(frozen=True)
class Row:
    """One figure: published and scaled to the demo's people, and as the log has it."""

    where: str
    what: str
    published: float
    made: float
    tolerance: float

    @property
    def off(self) -> float:
        """How far the made figure is from the published one, as a part of it."""
        return self.made / self.published - 1 if self.published else 0.0

    @property
    def ok(self) -> bool:
        """Whether it is within the tolerance."""
        return abs(self.off) <= self.tolerance

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "off": self.off, "ok": self.ok}


def check(folder: Path, made: Made) -> list[Row]:
    """A row a hospital and figure, and a few for the whole district."""
    from onesystem import District

    here = frame(made.district)
    goal = targets(here, made.people)
    last = (made.now - LIVE) // DAY * DAY
    first = last - (round(made.years * 365.25) - 3) * DAY
    days = (last - first) / DAY
    with District.open(folder) as district:
        asked = _SQL.format(first=first, last=last)
        found = district.contacts.query("contacts", asked).fetchall()
        rows = _levels(district.contacts, made, goal, first, last)
    log = {row[0].removesuffix("-pas"): row[1:] for row in found}
    for i, hospital in enumerate(here.hospitals):
        seen, over, full, ready, urgent, left = log[hospital.code]
        for what, published, value, count in (
            ("ED attendances a day", goal.attendances[i], seen / days, seen),
            ("over four hours in ED (%)", goal.over_4_hours[i] * 100, over * 100, seen * over),
            ("emergency admissions a day", goal.emergency_admissions[i], urgent / days, urgent),
            ("beds occupied", goal.beds_occupied[i], full / DAY / days, left),
            ("could be elsewhere, in a bed", goal.no_criteria_to_reside[i], ready / DAY / days,
             left / 3),
            ("left after a night, a day", goal.discharged[i], left / days, left),
        ):  # fmt: skip
            rows.append(Row(hospital.name, what, float(published), float(value), _within(count)))
    return rows


def _levels(contacts: Any, made: Made, goal: Targets, first: int, last: int) -> list[Row]:
    """Who waits, of the whole district, and how full each ward is."""
    waits = levels.waiting(contacts, last)
    rows = [
        Row(made.district, what, published, value, _within(count))
        for what, published, value, count in (
            ("wait for a hospital, of 100 people", goal.waiting / made.people * 100,
             waits.waiting / made.people * 100, waits.waiting),
            ("referred to one a year, of 100 people", goal.referred / made.people * 100,
             waits.referred / made.people * 100, waits.referred),
            ("of those who wait, over 18 weeks (%)", goal.over_18_weeks * 100,
             waits.over_18_weeks * 100, waits.waiting * goal.over_18_weeks),
            ("of those who wait, over 52 weeks (%)", goal.over_52_weeks * 100,
             waits.over_52_weeks * 100, waits.waiting * goal.over_52_weeks),
        )
    ]  # fmt: skip
    full = dict(zip((h.code for h in frame(made.district).hospitals),
                    goal.beds_occupied / goal.beds_available, strict=True))  # fmt: skip
    for ward in levels.wards(contacts, made, goal, first, last):
        rows.append(Row(ward.ward, "beds taken, mean (%)", float(full[ward.hospital]) * 100,
                        ward.mean * 100, _OF_A_WARD + _OF_A_BED / ward.beds))  # fmt: skip
        rows.append(Row(ward.ward, "beds taken in the fullest 1 % of hours (%)", 100.0,
                        ward.most * 100, _PUT_UP + 1 / ward.beds))  # fmt: skip
    return rows


def published(made: Made) -> bool:
    """Whether the district's own hospitals publish what the demo is held to."""
    return targets(frame(made.district), made.people).published


def _within(count: float) -> float:
    return 0.05 + 3 / max(1.0, count) ** 0.5 if count < 1e7 else 0.05
