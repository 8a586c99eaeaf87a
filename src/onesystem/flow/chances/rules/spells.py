"""Stretches in wards that follow each other closely are one spell; its first stands for it."""

from onesystem.flow.chances.rules.shape import Ground

_SPELLS = """
CREATE OR REPLACE TEMP TABLE spell AS
WITH stretch AS (
  SELECT *, max(coalesce(ended, $until)) OVER (PARTITION BY person ORDER BY started, contact
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
  FROM contact WHERE setting = 'ward' AND started IS NOT NULL
), numbered AS (
  SELECT *, sum((reach IS NULL OR started > reach + $gap)::INT) OVER (
    PARTITION BY person ORDER BY started, contact ROWS UNBOUNDED PRECEDING) AS nth
  FROM stretch
)
SELECT person, arg_min(contact, (started, contact)) AS contact,
  max(least(coalesce(ended, $until), $until)) AS ended
FROM numbered GROUP BY person, nth
"""


def join(ground: Ground, *, gap: int) -> None:
    """The table `spell`: person, first contact, end (ms, the last that is counted where open)."""
    ground.run(_SPELLS, gap=gap)
