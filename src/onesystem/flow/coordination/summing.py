"""What the indices of many people are worked out from, by DuckDB over the table `contact`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from onesystem.flow.coordination.finding import nights_sql
from onesystem.flow.coordination.indices import YEAR, Sums
from onesystem.vocabulary.said import say

LEFT_OUT = ("pharmacy", "diagnostics", "telephone")
AWAY = ("ward", "rehabilitation", say("care home"))

_CLINICIANS = """
WITH seen AS (
  SELECT person, clinician, lag(clinician) OVER (PARTITION BY person ORDER BY began, contact)
    AS before
  FROM contact JOIN listed USING (person)
  WHERE setting = 'general practice' AND clinician <> '' AND began <= $at
    AND began > $at - to_days($days)
), each_ AS (
  SELECT person, clinician, count(*) AS many,
    coalesce(sum((before = clinician)::INT), 0) AS same
  FROM seen GROUP BY person, clinician
)
SELECT person, sum(many), sum(many * many), max(many), sum(same) FROM each_ GROUP BY person
"""
_ORGANISATIONS = """
WITH each_ AS (
  SELECT person, organisation, count(*) AS many FROM contact JOIN listed USING (person)
  WHERE organisation <> '' AND NOT list_contains($left_out, setting) AND began <= $at
    AND began > $at - to_days($days)
  GROUP BY person, organisation
)
SELECT person, sum(many), sum(many * many), count(*) FROM each_ GROUP BY person
"""


def sums(duck: Any, persons: Iterable[int], at: datetime, zone: str) -> dict[int, Sums]:
    """The sums of each of these people over the last 365 days."""
    wanted = sorted(set(persons))
    if not wanted:
        return {}
    import pyarrow as pa

    duck.register("listed_in", pa.table({"person": pa.array(wanted, pa.int64())}))
    duck.execute("CREATE OR REPLACE TEMP TABLE listed AS SELECT person FROM listed_in")
    window = {"at": at, "days": YEAR}
    seen = _by_person(duck, _CLINICIANS, window)
    over = _by_person(duck, _ORGANISATIONS, {**window, "left_out": list(LEFT_OUT)})
    away = f"SELECT person, sum(amount) FROM ({nights_sql()}) SEMI JOIN listed USING (person)"
    nights = _by_person(
        duck, f"{away} GROUP BY person", {**window, "zone": zone, "settings": list(AWAY)}
    )
    return {p: _sums(seen.get(p), over.get(p), nights.get(p)) for p in wanted}


def _by_person(duck: Any, sql: str, values: dict[str, Any]) -> dict[int, tuple[int, ...]]:
    rows = duck.execute(sql, values).fetchall()
    return {row[0]: tuple(int(each) for each in row[1:]) for row in rows}


def _sums(
    seen: tuple[int, ...] | None, over: tuple[int, ...] | None, nights: tuple[int, ...] | None
) -> Sums:
    contacts, squared, most, same = seen or (0, 0, 0, 0)
    total, of_organisations, organisations = over or (0, 0, 0)
    return Sums(
        contacts=contacts,
        squared=squared,
        most=most,
        same=same,
        all_contacts=total,
        of_organisations=of_organisations,
        organisations=organisations,
        nights=nights[0] if nights else 0,
    )
