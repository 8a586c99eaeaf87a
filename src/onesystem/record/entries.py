"""What the record can be asked for of its entries. Callers check who asks, and for what purpose."""

from collections.abc import Collection, Sequence

from django.db import connection

from onesystem.record.bodies import unpack
from onesystem.record.columns import TOLD, Kept, entry_id, kept_of

_NAMES = ", ".join(TOLD)
_GONE = ("deleted", "entered-in-error")


def entries_of(
    identities: Sequence[int],
    *,
    kinds: Collection[str] = (),
    gone: bool = False,
    limit: int = 5000,
    seen: tuple[str, Sequence[object]] = ("1 = 1", ()),
) -> list[Kept]:
    """The entries of a person's identities as they stand, newest first.

    `kinds` are FHIR resource types, all when empty; `gone` includes what was deleted or entered
    in error; `seen` is the condition on rows `e` of what may be seen.
    """
    people = [i for i in identities if i > 0]
    if not people:
        return []
    where = f"identity IN ({_marks(people)}) AND identity > 0"  # as the index says it
    values: list[object] = list(people)
    if kinds:
        where += f" AND kind IN ({_marks(kinds)})"
        values += sorted(kinds)
    if not gone:
        where += f" AND status NOT IN ({_marks(_GONE)})"
        values += _GONE
    where += f" AND {seen[0]}"
    values += seen[1]
    # Entries that say no time stand at the end, in the order in which they were recorded.
    order = "CASE WHEN at IS NULL THEN 1 ELSE 0 END, at DESC, recorded DESC, entry"
    return _asked(
        f"SELECT {_NAMES} FROM record_entry e WHERE {where} ORDER BY {order} LIMIT %s",
        [*values, limit],
    )


def counts_of(
    identities: Sequence[int], *, seen: tuple[str, Sequence[object]] = ("1 = 1", ())
) -> dict[str, int]:
    """How many entries of those identities there are of each kind; none that are gone."""
    people = [i for i in identities if i > 0]
    if not people:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.kind, COUNT(*) FROM record_entry e WHERE e.identity IN ({_marks(people)}) "
            f"AND e.identity > 0 AND e.status NOT IN ({_marks(_GONE)}) AND {seen[0]} "
            "GROUP BY e.kind",
            [*people, *_GONE, *seen[1]],
        )
        return dict(cursor.fetchall())


def entry_of(source: str, kind: str, key: str) -> Kept | None:
    """One entry as it stands."""
    found = _asked(
        f"SELECT {_NAMES} FROM record_entry WHERE entry = %s", [entry_id(source, kind, key)]
    )
    return found[0] if found else None


def entry_by_id(entry: int) -> Kept | None:
    """One entry as it stands, by its id."""
    found = _asked(f"SELECT {_NAMES} FROM record_entry WHERE entry = %s", [entry])
    return found[0] if found else None


def entries_with(number: str) -> list[Kept]:
    """The entries that carry a business identifier, written `system|value`."""
    return _asked(
        f"SELECT {_NAMES} FROM record_entry WHERE entry IN "
        "(SELECT entry FROM record_number WHERE number = %s) ORDER BY entry",
        [number],
    )


def versions_of(entry: int) -> list[Kept]:
    """All versions of an entry in the order in which they became known."""
    found = _asked(
        f"SELECT {_NAMES} FROM record_version WHERE entry = %s UNION ALL "
        f"SELECT {_NAMES} FROM record_entry WHERE entry = %s",
        [entry, entry],
    )
    return sorted(found, key=lambda kept: kept.version)


def body_of(entry: int, *, version: int | None = None) -> bytes | None:
    """The resource byte for byte as it was sent; None where there was none."""
    with connection.cursor() as cursor:
        for table in ("record_entry", "record_version"):
            cursor.execute(f"SELECT body, version FROM {table} WHERE entry = %s", [entry])
            for body, number in cursor.fetchall():
                if version in {None, number}:
                    return unpack(body) if body is not None else None
    return None


def count() -> dict[str, int]:
    """How many entries stand and how many older versions are kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT COUNT(*) FROM record_entry), (SELECT COUNT(*) FROM record_version)"
        )
        entries, versions = cursor.fetchone()
    return {"entries": entries, "versions": versions}


def _asked(sql: str, values: Sequence[object]) -> list[Kept]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [kept_of(row) for row in cursor.fetchall()]


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))
