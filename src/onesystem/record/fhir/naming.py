"""Names given, in the transaction that takes entries in: once given, a name is never changed.

What is referred to before it has come gets its name then, and waits for it in `record_name`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from onesystem.record.columns import entry_id
from onesystem.record.fhir.names import (
    MARK,
    base36,
    meant,
    plain,
    renamed,
    texts_of,
    version_kept,
    wished,
)
from onesystem.vocabulary import Entry
from onesystem.vocabulary.arrays import arrays_of, from_arrays, unnested

Wanted = tuple[str, str, str]  # source, kind, key
_PART = 500
_NAME = {"entry": "bigint", "source": "text", "kind": "text", "key": "text", "logical": "text"}


def give_names(wanted: Mapping[int, Wanted], *, keep: bool = False) -> dict[int, str]:
    """Names for entries that have none. `keep` them for entries that have not come yet."""
    waiting = _waiting(wanted)
    rest = {entry: each for entry, each in wanted.items() if entry not in waiting}
    taken = _taken({(kind, wished(kind, key)) for _, kind, key in rest.values()})
    names = dict(waiting)
    for entry, (_, kind, key) in rest.items():
        wish = wished(kind, key)
        if wish and taken.get((kind, wish), entry) == entry:
            taken[kind, wish] = entry
            names[entry] = wish
        else:
            names[entry] = base36(entry)
    if keep:
        _keep([(e, *each, names[e]) for e, each in rest.items()])
    elif waiting:
        _rows(f"DELETE FROM record_name WHERE entry IN ({_listed(waiting)})")
    return names


def serve(items: Sequence[tuple[str, Entry]], own: Mapping[int, str]) -> list[bytes | None]:
    """The bodies with references by our names, or None where they are served as they came.

    `own` are the names of the entries that are being taken in.
    """
    found = [_references(source, said) for source, said in items]
    targets = {entry: each for one in found for entry, each in one.values()}
    names = {entry: name for entry, name in own.items() if entry in targets}
    names |= names_of(targets.keys() - names.keys())
    unknown = {e: each for e, each in targets.items() if e not in names}
    if unknown:
        names |= give_names(unknown, keep=True)
    return [
        _served(said.body, one, names) if one else None
        for (_, said), one in zip(items, found, strict=True)
    ]


def names_of(entries: Iterable[int]) -> dict[int, str]:
    """The names of the entries that are here."""
    found: dict[int, str] = {}
    for part in _parts(entries):
        sql = f"SELECT entry, logical FROM record_entry WHERE entry IN ({_listed(part)})"
        found.update(_rows(sql))
    return found


def _references(source: str, said: Entry) -> dict[bytes, tuple[int, Wanted]]:
    if said.body is None:
        return {}
    made: dict[bytes, tuple[int, Wanted]] = {}
    links = said.links or {}
    for text in texts_of(said.body):
        kind, key = meant(plain(text), links)
        if kind:
            owner, mark, theirs = key.partition(MARK)
            wanted = (owner, kind, theirs) if mark else (source, kind, key)
            made[text] = (entry_id(*wanted), wanted)
    return made


def _served(
    body: bytes | None, found: Mapping[bytes, tuple[int, Wanted]], names: Mapping[int, str]
) -> bytes | None:
    changed = {}
    for text, (entry, (_, kind, _key)) in found.items():
        name = f"{kind}/{names[entry]}"
        written = plain(text)
        if written != name and written.partition("/_history/")[0] != name:
            changed[text] = name + version_kept(written)
    return renamed(body, changed) if body and changed else None


def _waiting(entries: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in _parts(entries):
        sql = f"SELECT entry, logical FROM record_name WHERE entry IN ({_listed(part)})"
        found.update(_rows(sql))
    return found


def _taken(wishes: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Whose these names are."""
    by_kind: dict[str, list[str]] = {}
    for kind, wish in wishes:
        if wish:
            by_kind.setdefault(kind, []).append(wish)
    taken: dict[tuple[str, str], int] = {}
    if connection.vendor == "postgresql":  # one statement for all kinds: each costs it a plan
        told = arrays_of([(kind, wish) for kind, listed in by_kind.items() for wish in listed])
        for table in ("record_name", "record_entry") if told else ():
            sql = (
                f"SELECT t.* FROM {unnested(['text', 'text'])} AS told (kind, logical) CROSS JOIN "
                f"LATERAL (SELECT kind, logical, entry FROM {table} WHERE kind = told.kind AND "
                "logical = told.logical OFFSET 0) AS t"  # a look each, whatever it is estimated
            )
            taken.update(((kind, name), entry) for kind, name, entry in _rows(sql, told))
        return taken
    for kind, listed in by_kind.items():
        for at in range(0, len(listed), _PART):
            part = listed[at : at + _PART]
            marks = ", ".join(["%s"] * len(part))
            for table in ("record_name", "record_entry"):
                sql = f"SELECT logical, entry FROM {table} WHERE kind = %s AND logical IN ({marks})"
                taken.update(((kind, name), entry) for name, entry in _rows(sql, [kind, *part]))
    return taken


def _keep(rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                from_arrays("record_name", _NAME, "ON CONFLICT (entry) DO NOTHING"),
                arrays_of(rows),
            )
            return
        cursor.executemany(
            "INSERT INTO record_name (entry, source, kind, key, logical) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (entry) DO NOTHING",
            rows,
        )


def _parts(entries: Iterable[int]) -> Iterable[list[int]]:
    listed = list(entries)
    return (listed[at : at + _PART] for at in range(0, len(listed), _PART))


def _listed(entries: Iterable[int]) -> str:
    return ", ".join(map(str, entries))


def _rows(sql: str, values: Sequence[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []
