"""Follow-ups after which nothing changed: no request, no other service, no test, no medicine."""

from collections.abc import Mapping
from typing import Any

from onesystem.flow.chances.rules.shape import ALIKE, DAY, WHERE, Ground, Looked, spent

_FOLLOW_UPS = f"""
CREATE OR REPLACE TEMP TABLE follow_up AS
SELECT {ALIKE}, {WHERE}, c.mode, c.outcome, c.started, c.ended,
  row_number() OVER (PARTITION BY c.person, c.service ORDER BY c.started, c.contact) AS nth
FROM contact AS c
WHERE c.setting = 'outpatient' AND c.urgency IN (SELECT unnest($urgencies))
  AND c.started IS NOT NULL AND c.ended < $until
"""
# From the start of the day's appointment to the end of the window after it.
_AFTER = "BETWEEN c.started AND c.ended + $window"
_FOUND = f"""
SELECT {ALIKE}, c.started AS moment, {WHERE},
  CASE WHEN c.mode = '' THEN 'not told' ELSE c.mode END AS cause,
  CASE WHEN c.nth = 1 THEN 'first' WHEN c.nth = 2 THEN 'second' WHEN c.nth = 3 THEN 'third'
    ELSE 'fourth or later' END AS other,
  {spent("c.ended", "c.started")} AS lost, coalesce(p.once, 0) AS money, 1.0 AS share
FROM follow_up AS c LEFT JOIN price AS p ON p.setting = 'outpatient'
WHERE c.ended >= $start AND c.outcome IN (SELECT unnest($outcomes))
  AND NOT EXISTS (SELECT 1 FROM asked AS a WHERE a.person = c.person AND a.moment {_AFTER})
  AND NOT EXISTS (SELECT 1 FROM medicine AS m WHERE m.person = c.person AND m.moment {_AFTER}
    AND m.kind IN (SELECT unnest($medicines)))
  AND NOT EXISTS (SELECT 1 FROM contact AS n WHERE n.cause = c.contact AND n.service <> c.service)
  AND NOT EXISTS (SELECT 1 FROM contact AS n WHERE n.person = c.person AND n.requested {_AFTER}
    AND (n.setting = 'diagnostics' OR n.mode IN (SELECT unnest($prescriptions))))
"""
_OUT_OF = "SELECT count(*) FROM follow_up WHERE ended >= $start"


def find(ground: Ground, terms: Mapping[str, Any]) -> Looked:
    """Follow-ups that led to nothing but the next one."""
    window = round(terms["window_days"] * DAY)
    ground.run(_FOLLOW_UPS, urgencies=list(terms["urgencies"]))
    ground.keep(
        _FOUND, outcomes=list(terms["outcomes"]), window=window,
        prescriptions=list(terms["prescriptions"]), medicines=list(terms["medicines"]),
    )  # fmt: skip
    return Looked(out_of=ground.one(_OUT_OF))
