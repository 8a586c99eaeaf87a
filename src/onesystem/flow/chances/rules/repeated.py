"""Tests done again: the same test of the same person, shortly after, and by somebody else."""

from collections.abc import Mapping
from typing import Any

from onesystem.flow.chances.rules.shape import ALIKE, DAY, WHERE, Ground, Looked, spent

_TESTS = f"""
CREATE OR REPLACE TEMP TABLE tests AS
SELECT {ALIKE}, {WHERE}, c.reason, c.requested, c.started, c.organisation_name,
  lag(c.started) OVER earlier AS before, lag(c.organisation) OVER earlier AS by_whom,
  lag(c.organisation_name) OVER earlier AS by_name
FROM contact AS c WHERE c.setting = 'diagnostics' AND c.started IS NOT NULL AND c.reason <> ''
WINDOW earlier AS (PARTITION BY c.person, c.reason ORDER BY c.started, c.contact)
"""
_FOUND = f"""
SELECT {ALIKE}, c.started AS moment, {WHERE}, c.reason AS cause, c.by_name AS other,
  {spent("c.started", "c.requested")} AS lost, coalesce(p.once, 0) AS money, 1.0 AS share
FROM tests AS c LEFT JOIN windows AS w USING (reason)
  LEFT JOIN price AS p ON p.setting = 'diagnostics'
WHERE c.started >= $start AND c.started < $until
  AND c.started - c.before <= coalesce(w.ms, $window)
  AND (NOT $elsewhere OR c.by_whom <> c.organisation)
"""
_ALIKE = """
SELECT count(*) FROM tests AS c LEFT JOIN windows AS w USING (reason)
WHERE c.started >= $start AND c.started < $until AND c.by_whom = c.organisation
  AND c.started - c.before <= coalesce(w.ms, $window)
"""
_OUT_OF = "SELECT count(*) FROM tests WHERE started >= $start AND started < $until"


def find(ground: Ground, terms: Mapping[str, Any]) -> Looked:
    """Tests whose last forerunner lies within the window, and was another organisation's."""
    windows = [(test, round(number * DAY)) for test, number in terms["windows"].items()]
    ground.table("windows", ("reason VARCHAR", "ms BIGINT"), windows)
    ground.run(_TESTS)
    window, elsewhere = round(terms["window_days"] * DAY), bool(terms["elsewhere_only"])
    ground.keep(_FOUND, window=window, elsewhere=elsewhere)
    alike = ground.one(_ALIKE, window=window) if elsewhere else 0
    return Looked(out_of=ground.one(_OUT_OF), more={"alike": alike})
