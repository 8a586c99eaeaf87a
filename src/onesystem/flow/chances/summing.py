"""What a rule found, summed: the whole, and each split of it, by one statement."""

from collections.abc import Mapping
from typing import Any

# Each set of columns that a page shows; beside a service, the splits that it can be narrowed with.
SETS = (
    (), ("service",), ("organisation",), ("practice",), ("cause",), ("other",),
    ("service", "cause"), ("service", "other"),
)  # fmt: skip
_NAMES = ("service", "organisation", "practice", "cause", "other")
_SUMS = f"""
SELECT grouping({", ".join(_NAMES)}) AS which, {", ".join(_NAMES)}, count(*) AS contacts,
  count(DISTINCT person) AS people, CAST(sum(lost) AS BIGINT) AS lost,
  CAST(sum(money) AS BIGINT) AS money
FROM found GROUP BY GROUPING SETS ({", ".join(f"({', '.join(each)})" for each in SETS)})
ORDER BY contacts DESC, {", ".join(_NAMES)}
"""
_BEHIND = """
SELECT contact, identity, person, moment, service, practice, cause, other, lost, money
FROM (SELECT *, row_number() OVER (
  PARTITION BY service, cause ORDER BY lost DESC, money DESC, contact) AS nth FROM found)
WHERE nth <= $each ORDER BY lost DESC, money DESC, contact LIMIT $most
"""
EACH, MOST = 100, 1_000  # of the contacts behind a service and cause, and of all, that are listed

Cells = Mapping[str, Mapping[str, list[int]]]


def cells(duck: Any) -> dict[str, dict[str, list[int]]]:
    """Sums by set of columns: values joined by a tab, to contacts, people, ms and minor units."""
    made: dict[str, dict[str, list[int]]] = {"+".join(names): {} for names in SETS}
    for which, *rest in duck.execute(_SUMS).fetchall():
        values, sums = rest[: len(_NAMES)], rest[len(_NAMES) :]
        bits = [not which >> (len(_NAMES) - 1 - i) & 1 for i in range(len(_NAMES))]
        names = "+".join(name for name, is_in in zip(_NAMES, bits, strict=True) if is_in)
        key = "\t".join(v or "" for v, is_in in zip(values, bits, strict=True) if is_in)
        made[names][key] = [int(each or 0) for each in sums]
    return made


def behind(duck: Any) -> list[list[Any]]:
    """The contacts behind it that lost the most, of each service and cause."""
    found = duck.execute(_BEHIND, {"each": EACH, "most": MOST}).fetchall()
    return [list(row) for row in found]
