"""What the loaded lists say: the codes of a list, above and below a code, and words for codes."""

from collections.abc import Iterable, Sequence

from django.db import connection

Pair = tuple[str, str]  # system, code
_DEEP = 30  # levels of a hierarchy
_PART = 400


def expand(modifier: str, value: str) -> Sequence[Pair] | None:
    """The codes that a search means by a modifier; None where no loaded list says."""
    if modifier in {"in", "not-in"}:
        return _members(value)
    system, bar, code = value.partition("|")
    return _along(system if bar else "", code if bar else value, up=modifier == "above")


def _members(url: str) -> list[Pair] | None:
    address, _, version = url.partition("|")
    found = _rows(
        "SELECT id FROM record_codeset WHERE url = %s AND "
        + ("version = %s" if version else "current")
        + " ORDER BY loaded_at DESC LIMIT 1",
        [address, version] if version else [address],
    )
    if not found:
        return None
    return _rows("SELECT system, code FROM record_code WHERE codeset = %s", [found[0][0]])


def _along(system: str, code: str, *, up: bool) -> list[Pair] | None:
    """The code and all above or below it, in every current list that knows it."""
    where, values = ("AND c.system = %s", [system]) if system else ("", [])
    known = _rows(
        "SELECT c.codeset, c.system FROM record_code c JOIN record_codeset s ON s.id = c.codeset "
        f"WHERE s.current AND c.code = %s {where}",
        [code, *values],
    )
    if not known:
        return None
    found: dict[Pair, None] = {(name, code): None for _, name in known}
    for codeset, name in known:
        level = [code]
        for _ in range(_DEEP):
            level = _above(codeset, level) if up else _below(codeset, level)
            level = [c for c in level if (name, c) not in found]
            if not level:
                break
            found.update(dict.fromkeys((name, c) for c in level))
    return list(found)


def _below(codeset: int, codes: Sequence[str]) -> list[str]:
    found = []
    for each in codes:
        like = each.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found += _rows(
            "SELECT code FROM record_code WHERE codeset = %s AND parent LIKE %s ESCAPE '\\'",
            [codeset, f"% {like} %"],
        )
    return [row[0] for row in found]


def _above(codeset: int, codes: Sequence[str]) -> list[str]:
    found: list[str] = []
    for each in codes:
        for (parent,) in _rows(
            "SELECT parent FROM record_code WHERE codeset = %s AND code = %s", [codeset, each]
        ):
            found += parent.split()
    return found


def displays(pairs: Iterable[Pair]) -> dict[Pair, str]:
    """Words for codes whose source sent none, of the current lists."""
    wanted = sorted({pair for pair in pairs if pair[1]})
    found: dict[Pair, str] = {}
    for at in range(0, len(wanted), _PART):
        part = wanted[at : at + _PART]
        marks = ", ".join(["%s"] * len(part))
        rows = _rows(
            "SELECT c.system, c.code, c.display FROM record_code c JOIN record_codeset s "
            f"ON s.id = c.codeset WHERE s.current AND c.display <> '' AND c.code IN ({marks})",
            [code for _, code in part],
        )
        asked = set(part)
        found.update({(s, c): d for s, c, d in rows if (s, c) in asked})
    return found


def _rows(sql: str, values: Sequence[object]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()  # type: ignore[no-any-return]
