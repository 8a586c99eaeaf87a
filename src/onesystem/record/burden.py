"""How many conditions each person lives with, as numbers: for sums over everybody, never shown.

Only active conditions count, each code once; with how frail a person was found to be, by the codes
of SNOMED CT that general practice uses. It is asked by named jobs over the whole district.
"""

from collections.abc import Sequence

from django.db import connection

# Mild, moderate and severe frailty as general practices in England code it; frailty, of no degree.
FRAILTY = {
    "925791000000100": 1, "925831000000107": 2, "925861000000102": 3, "248279007": 1,
}  # fmt: skip
_ACTIVE = "kind = 'Condition' AND status = 'active' AND identity > 0"


def conditions() -> dict[int, int]:
    """The number of conditions by identity, where there is any; frailty is not one of them."""
    return dict(_rows(
        f"SELECT identity, count(DISTINCT code) FROM record_entry WHERE {_ACTIVE}"
        f" AND code NOT IN ({_codes()}) GROUP BY identity"
    ))  # fmt: skip


def frailty() -> dict[int, int]:
    """1 mild, 2 moderate, 3 severe, by identity, where it was found: the worst that stands."""
    found: dict[int, int] = {}
    for identity, code in _rows(
        f"SELECT identity, code FROM record_entry WHERE {_ACTIVE} AND code IN ({_codes()})"
    ):
        found[identity] = max(FRAILTY[str(code)], found.get(identity, 0))
    return found


def living_with(code: str) -> set[int]:
    """The identities of whom an active condition of a code is known."""
    return {identity for identity, _ in _rows(
        f"SELECT DISTINCT identity, 1 FROM record_entry WHERE {_ACTIVE} AND code = %s", [code]
    )}  # fmt: skip


def _codes() -> str:
    return ", ".join("%s" for _ in FRAILTY)


def _rows(sql: str, said: Sequence[str] = tuple(FRAILTY)) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(said))
        return list(cursor.fetchall())
