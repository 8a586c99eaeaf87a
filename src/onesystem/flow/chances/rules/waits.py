"""Waits beyond the step's own target, or where it has none, beyond its median."""

from collections.abc import Mapping
from typing import Any

from onesystem.flow.chances.rules.shape import ALIKE, DAY, WHERE, Ground, Looked

# Somebody waits from being asked for until the contact starts, ends without starting, or now.
_WAITS = f"""
CREATE OR REPLACE TEMP TABLE wait AS
SELECT {ALIKE}, {WHERE}, c.setting, c.urgency, c.requested, c.started,
  coalesce(c.started, c.ended, $until) AS till
FROM contact AS c
WHERE c.setting IN (SELECT unnest($settings)) AND c.requested IS NOT NULL
  AND c.requested < $until AND coalesce(c.started, c.ended, $until) >= $start
  AND c.urgency NOT IN (SELECT unnest($without))
"""
_STEPS = """
CREATE OR REPLACE TEMP TABLE step AS
WITH median AS (
  SELECT setting, urgency,
    quantile_disc(started - requested, 0.5) FILTER (WHERE started >= requested) AS ms
  FROM wait WHERE started >= $start AND started < $until GROUP BY ALL
)
SELECT w.setting, w.urgency, coalesce(own.ms, whole.ms, m.ms) AS ms,
  CASE WHEN coalesce(own.ms, whole.ms) IS NULL THEN 'median' ELSE 'target' END AS against
FROM (SELECT DISTINCT setting, urgency FROM wait) AS w
LEFT JOIN target AS own ON own.step = w.setting || ', ' || w.urgency
LEFT JOIN target AS whole ON whole.step = w.setting
LEFT JOIN median AS m USING (setting, urgency)
"""
_FOUND = f"""
SELECT {ALIKE}, greatest(c.requested + s.ms, $start) AS moment, {WHERE},
  CASE WHEN c.urgency = '' THEN c.setting ELSE c.setting || ', ' || c.urgency END AS cause,
  s.against || ' of ' || CASE WHEN s.ms >= 2 * {DAY} THEN round(s.ms / {DAY}.0)::INT || ' days'
    ELSE round(s.ms / 3600000.0)::INT || ' hours' END AS other,
  least(c.till, $until) - greatest(c.requested + s.ms, $start) AS lost, 0 AS money, 1.0 AS share
FROM wait AS c JOIN step AS s USING (setting, urgency)
WHERE s.ms IS NOT NULL AND least(c.till, $until) > greatest(c.requested + s.ms, $start)
"""


def find(ground: Ground, terms: Mapping[str, Any]) -> Looked:
    """Days of the period on which somebody had waited for longer than the step's limit."""
    targets = [(step, round(days * DAY)) for step, days in terms["target_days"].items()]
    ground.table("target", ("step VARCHAR", "ms BIGINT"), targets)
    ground.run(_WAITS, settings=list(terms["settings"]), without=list(terms["without"]))
    ground.run(_STEPS)
    ground.keep(_FOUND)
    return Looked(out_of=ground.one("SELECT count(*) FROM wait"))
