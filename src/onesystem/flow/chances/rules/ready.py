"""Ready to go, and still there: from ready to ended, beyond the time that going takes."""

from collections.abc import Mapping
from typing import Any

from onesystem.flow.chances.rules.shape import ALIKE, DAY, HOUR, WHERE, Ground, Looked, for_time

_MINUTE = 60_000
# The next place may open a bed before the last one closes its own.
_SLACK = 2 * HOUR

_LATE = f"""
CREATE OR REPLACE TEMP TABLE late AS
SELECT {ALIKE}, {WHERE}, c.setting, c.outcome, c.started, c.ended,
  greatest(c.ready + g.ms, $start) AS since, least(coalesce(c.ended, $until), $until) AS till
FROM contact AS c JOIN grace AS g USING (setting)
WHERE c.ready IS NOT NULL AND c.started IS NOT NULL
  AND greatest(c.ready + g.ms, $start) < least(coalesce(c.ended, $until), $until)
"""
# What came next: the first contact that began about when this one ended, or soon after.
_NEXT = f"""
SELECT l.contact, arg_min(n.setting, n.started) AS setting
FROM late AS l JOIN contact AS n ON n.person = l.person
WHERE n.contact <> l.contact AND n.started > l.started
  AND n.started >= l.ended - {_SLACK} AND n.started < l.ended + $days
  AND n.setting NOT IN (SELECT unnest($ignores))
GROUP BY l.contact
"""
_FOUND = f"""
SELECT {ALIKE}, c.since AS moment, {WHERE},
  CASE WHEN c.ended IS NULL THEN 'still there' WHEN c.outcome <> '' THEN c.outcome
    ELSE 'not told' END AS cause,
  CASE WHEN c.ended IS NULL THEN 'still there' ELSE coalesce(n.setting, 'nothing soon after') END
    AS other,
  c.till - c.since AS lost, {for_time("(c.till - c.since)", "p.night")} AS money, 1.0 AS share
FROM late AS c LEFT JOIN ({_NEXT}) AS n ON n.contact = c.contact
  LEFT JOIN price AS p ON p.setting = c.setting
"""
_OUT_OF = """
SELECT count(*) FROM contact AS c JOIN grace AS g USING (setting)
WHERE c.ready < $until AND c.started IS NOT NULL AND coalesce(c.ended, $until) >= $start
"""


def find(ground: Ground, terms: Mapping[str, Any]) -> Looked:
    """Stays that went on for longer after being ready than going takes, by what came next."""
    grace = [(setting, round(m * _MINUTE)) for setting, m in terms["grace_minutes"].items()]
    ground.table("grace", ("setting VARCHAR", "ms BIGINT"), grace)
    ground.run(_LATE)
    ignores, days = list(terms["next_ignores"]), round(terms["next_days"] * DAY)
    ground.keep(_FOUND, ignores=ignores, days=days)
    return Looked(out_of=ground.one(_OUT_OF))
