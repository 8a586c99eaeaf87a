"""Taken to hospital, and home again within hours: an ambulance, then an ED and no more."""

from collections.abc import Mapping
from typing import Any

from onesystem.flow.chances.rules.shape import ALIKE, HOUR, WHERE, Ground, Looked

_TO_ED = f"""
CREATE OR REPLACE TEMP TABLE brought AS
SELECT {ALIKE}, {WHERE}, c.reason, coalesce(c.ready, e.started) AS reached, e.started, e.ended,
  e.urgency, e.outcome
FROM contact AS c JOIN contact AS e ON e.person = c.person
WHERE c.setting = 'ambulance' AND c.ended >= $start AND c.ended < $until
  AND c.outcome IN (SELECT unnest($outcomes))
  AND e.setting = 'ED' AND e.started >= c.started AND e.started < c.ended + $within
QUALIFY row_number() OVER (PARTITION BY c.contact
  ORDER BY coalesce(e.cause = c.contact, false) DESC, e.started, e.contact) = 1
"""
_FOUND = f"""
SELECT {ALIKE}, c.reached AS moment, {WHERE},
  CASE WHEN c.reason = '' THEN 'not told' ELSE c.reason END AS cause,
  CASE WHEN c.outcome = '' THEN 'not told' ELSE c.outcome END AS other,
  c.ended - least(c.reached, c.started) AS lost, coalesce(p.once, 0) AS money, 1.0 AS share
FROM brought AS c LEFT JOIN price AS p ON p.setting = 'ED'
WHERE c.ended - c.started <= $ed AND c.ended < $until
  AND c.outcome NOT IN (SELECT unnest($admitted))
  AND (c.urgency = '' OR lower(c.urgency) IN (SELECT unnest($not_urgent)))
  AND NOT EXISTS (SELECT 1 FROM contact AS w WHERE w.person = c.person AND w.setting = 'ward'
    AND w.started >= c.started AND w.started <= c.ended + $admission)
"""


def find(ground: Ground, terms: Mapping[str, Any]) -> Looked:
    """Conveyances whose ED contact was short, not urgent, and led to no ward."""
    ground.run(_TO_ED, outcomes=list(terms["outcomes"]), within=round(terms["within_hours"] * HOUR))
    ground.keep(
        _FOUND,
        ed=round(terms["ed_hours"] * HOUR),
        admitted=list(terms["admitted"]),
        not_urgent=[each.lower() for each in terms["not_urgent"]],
        admission=round(terms["admission_hours"] * HOUR),
    )
    return Looked(out_of=ground.one("SELECT count(*) FROM brought"))
