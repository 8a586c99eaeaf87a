"""The cells in the operational store, by plain SQL that SQLite and PostgreSQL both speak."""

from collections.abc import Iterable, Mapping, Sequence
from secrets import randbits
from typing import Any

from django.db import connection

from onesystem.access import quick
from onesystem.vocabulary.arrays import arrays_of, from_arrays

_PORTION = 500
_CELL = {
    "kept": "integer", "cut": "text", "every": "text", "period": "integer", "key": "text",
    "numerator": "bigint", "denominator": "bigint", "people": "integer",
}  # fmt: skip
_WHO = {
    "identity": "bigint", "person": "bigint", "born": "integer", "died": "integer", "sex": "text",
    "practice": "text", "area": "text", "deprivation": "text",
}  # fmt: skip
_LIVING = {
    "year": "integer", "band": "integer", "sex": "text", "practice": "text", "area": "text",
    "deprivation": "text", "people": "bigint",
}  # fmt: skip
_ADD_CELL = (
    "ON CONFLICT (kept, cut, every, period, key) DO UPDATE SET"
    " numerator = flow_cell.numerator + excluded.numerator,"
    " denominator = flow_cell.denominator + excluded.denominator,"
    " people = flow_cell.people + excluded.people"
)
_ADD_LIVING = (
    "ON CONFLICT (year, band, sex, practice, area, deprivation) DO UPDATE SET"
    " people = flow_living.people + excluded.people"
)
_PUT_WHO = "ON CONFLICT (identity) DO UPDATE SET " + ", ".join(
    f"{n} = excluded.{n}" for n in list(_WHO)[1:]
)


def rows(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return quick.rows(sql, values)


def run(sql: str, values: Sequence[Any] = ()) -> int:
    """Run a statement; gives how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return int(cursor.rowcount)


def portions(values: Iterable[Any]) -> Iterable[list[Any]]:
    """Lists short enough for one statement."""
    every = list(values)
    for at in range(0, len(every), _PORTION):
        yield every[at : at + _PORTION]


def marks(values: Sequence[Any]) -> str:
    """As many placeholders as values."""
    return ", ".join(["%s"] * len(values))


def many(table: str, kinds: Mapping[str, str], lines: Sequence[Sequence[Any]], then: str) -> None:
    """Insert rows: on PostgreSQL by one statement over arrays."""
    if not lines:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(from_arrays(table, kinds, then), arrays_of(lines))
        else:
            names = ", ".join(kinds)
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks(list(kinds))}) {then}", lines
            )


def add_cells(lines: Sequence[Sequence[Any]]) -> None:
    """Add sums to cells; cells that are not there begin with nothing."""
    many("flow_cell", _CELL, lines, _ADD_CELL)


def new_cells(lines: Sequence[Sequence[Any]]) -> None:
    """Write cells of measures that have none yet."""
    many("flow_cell", _CELL, lines, "")


def drop_empty(lines: Sequence[Sequence[Any]]) -> None:
    """Take away those of the cells in which nobody is left."""
    if not lines:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM flow_cell WHERE kept = %s AND cut = %s AND every = %s AND period = %s"
            " AND key = %s AND people = 0 AND numerator = 0 AND denominator = 0",
            [line[:5] for line in lines],
        )


def add_living(lines: Sequence[Sequence[Any]]) -> None:
    """Add people to the counts of the middle of a year."""
    many("flow_living", _LIVING, lines, _ADD_LIVING)


def write_who(lines: Sequence[Sequence[Any]]) -> None:
    """Put what is known of everybody in the place of what was."""
    run("DELETE FROM flow_who")
    for at in range(0, len(lines), 50_000):
        put_who(lines[at : at + 50_000])


def put_who(lines: Sequence[Sequence[Any]]) -> None:
    """Keep what is known of some identities now."""
    many("flow_who", _WHO, lines, _PUT_WHO)


def add_behind(lines: Sequence[Sequence[Any]]) -> None:
    """Keep who is behind weeks, which are told by their first days."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO flow_behind (kept, day, service, people) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (kept, day, service) DO UPDATE SET people = excluded.people",
            lines,
        )


def put_gave(lines: Sequence[tuple[int, bytes]]) -> None:
    """Keep what people gave."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO flow_gave (person, body) VALUES (%s, %s)"
            " ON CONFLICT (person) DO UPDATE SET body = excluded.body",
            lines,
        )


def drop_gave(persons: Sequence[int]) -> None:
    """Forget people who give nothing any more."""
    for some in portions(persons):
        run(f"DELETE FROM flow_gave WHERE person IN ({marks(some)})", some)


def change_behind(changes: Mapping[tuple[int, int, str], Mapping[int, int]]) -> None:
    """Put people behind weeks (1), and take others away (-1)."""
    from onesystem.flow.measures.packing import packed, people_in

    lines, empty = [], []
    found = _behind_of(list(changes))
    for place, moved in changes.items():
        people = set(people_in(found[place])) if place in found else set()
        people |= {person for person, sign in moved.items() if sign > 0}
        people -= {person for person, sign in moved.items() if sign < 0}
        if people:
            lines.append((*place, packed(sorted(people))))
        else:
            empty.append(place)
    add_behind(lines)
    if empty:
        with connection.cursor() as cursor:
            cursor.executemany(
                "DELETE FROM flow_behind WHERE kept = %s AND day = %s AND service = %s", empty
            )


def _behind_of(places: Sequence[tuple[int, int, str]]) -> dict[tuple[int, int, str], bytes]:
    """The packed people of places.

    The places go first: asked which rows are among them, SQLite reads the whole table.
    """
    found: dict[tuple[int, int, str], bytes] = {}
    for some in portions(places):
        values = ", ".join(["(%s, %s, %s)"] * len(some))
        for kept_, day, service, raw in rows(
            f"WITH place (kept, day, service) AS (VALUES {values})"
            " SELECT b.kept, b.day, b.service, b.people FROM place CROSS JOIN flow_behind AS b"
            " WHERE b.kept = place.kept AND b.day = place.day AND b.service = place.service",
            [each for place in some for each in place],
        ):
            found[kept_, day, service] = bytes(raw)
    return found


def gave_of(persons: Iterable[int]) -> dict[int, bytes]:
    """What some people gave, packed."""
    found: dict[int, bytes] = {}
    for some in portions(persons):
        sql = f"SELECT person, body FROM flow_gave WHERE person IN ({marks(some)})"
        found.update((person, bytes(raw)) for person, raw in rows(sql, some))
    return found


def kept_ids(digests: Mapping[str, str]) -> dict[str, int]:
    """The numbers under which measures are kept, with the definitions that they now have."""
    lines = list(digests.items())
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO flow_kept (name, digest) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET digest = excluded.digest",
            lines,
        )
    return {name: number for name, (number, _) in kept().items() if name in digests}


def kept() -> dict[str, tuple[int, str]]:
    """Every measure that is kept: its number and the digest of its definition."""
    found = rows("SELECT name, id, digest FROM flow_kept ORDER BY id")
    return {name: (number, digest) for name, number, digest in found}


def forget_unknown(names: set[str]) -> None:
    """Let go of measures that no longer exist."""
    for name, (number, _) in kept().items():
        if name not in names:
            wipe([number])
            run("DELETE FROM flow_kept WHERE id = %s", [number])


def wipe(numbers: Iterable[int]) -> None:
    """Empty the cells of some measures."""
    for number in numbers:
        for table in ("flow_cell", "flow_behind"):
            run(f"DELETE FROM {table} WHERE kept = %s", [number])


def wipe_gave() -> None:
    """Forget what people gave."""
    run("DELETE FROM flow_gave")


def working() -> list[int]:
    """Identities that a refresh took off the list of the touched and has not worked out yet."""
    return [identity for (identity,) in rows("SELECT identity FROM flow_working")]


def set_working(identities: Iterable[int]) -> None:
    """Note identities that are about to be worked out."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO flow_working (identity) VALUES (%s) ON CONFLICT (identity) DO NOTHING",
            [(each,) for each in identities],
        )


def forget_working() -> None:
    """They are worked out."""
    run("DELETE FROM flow_working")


def get_marks() -> dict[str, int]:
    """How far the cells are."""
    return dict(rows("SELECT name, value FROM flow_reached"))  # type: ignore[arg-type]


def set_marks(**values: int) -> None:
    """Keep how far the cells are."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO flow_reached (name, value) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            list(values.items()),
        )


def new_edition() -> None:
    """Tell who remembers something of the cells that they are written to; with what is written.

    Drawn, not counted: what was rolled back, or brought back from a copy, is never told twice.
    """
    set_marks(edition=randbits(62))


def last_mapped() -> int:
    """The last change of who is who."""
    return int(rows("SELECT coalesce(max(id), 0) FROM people_mapped")[0][0])
