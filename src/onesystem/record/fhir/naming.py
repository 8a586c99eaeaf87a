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
_Known = dict[bytes, tuple[int, Wanted] | None]  # what references mean; None: nothing here
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
    # What one person's resources refer to is the same again and again: each is worked out once.
    told: dict[tuple[str, int], _Known] = {}
    found = []
    for source, said in items:
        known = told.setdefault((source, id(said.links) if said.links else 0), {})
        found.append(_references(source, said, known))
    targets = {one[0]: one[1] for known in told.values() for one in known.values() if one}
    names = {entry: name for entry, name in own.items() if entry in targets}
    names |= names_of(targets.keys() - names.keys())
    unknown = {e: each for e, each in targets.items() if e not in names}
    if unknown:
        names |= give_names(unknown, keep=True)
    called = {entry: f"{each[1]}/{names[entry]}" for entry, each in targets.items()}
    given: dict[tuple[bytes, int], str] = {}
    return [
        _served(said.body, one, called, given) if one else None
        for (_, said), one in zip(items, found, strict=True)
    ]


def names_of(entries: Iterable[int]) -> dict[int, str]:
    """The names of the entries that are here."""
    found: dict[int, str] = {}
    for part in _parts(entries):
        sql = f"SELECT entry, logical FROM record_entry WHERE entry IN ({_listed(part)})"
        found.update(_rows(sql))
    return found


def _references(source: str, said: Entry, known: _Known) -> list[tuple[bytes, int]]:
    """What a body refers to: as it is written, and the entry that it means."""
    made: list[tuple[bytes, int]] = []
    for text in texts_of(said.body) if said.body is not None else ():
        if text not in known:
            known[text] = _wanted(source, plain(text), said.links or {})
        if one := known[text]:
            made.append((text, one[0]))
    return made


def _wanted(source: str, text: str, links: Mapping[str, str]) -> tuple[int, Wanted] | None:
    kind, key = meant(text, links)
    if not kind:
        return None
    owner, mark, theirs = key.partition(MARK)
    wanted = (owner, kind, theirs) if mark else (source, kind, key)
    return entry_id(*wanted), wanted


def _served(
    body: bytes | None,
    found: Sequence[tuple[bytes, int]],
    called: Mapping[int, str],
    given: dict[tuple[bytes, int], str],
) -> bytes | None:
    """The body by our names; None where it is by our names already. `given`: those worked out."""
    changed = {}
    for each in found:
        if each not in given:
            given[each] = _ours(plain(each[0]), called[each[1]])
        if given[each]:
            changed[each[0]] = given[each]
    return renamed(body, changed) if body and changed else None


def _ours(written: str, name: str) -> str:
    """What a reference is to say here; empty where it says so already."""
    if written == name or written.partition("/_history/")[0] == name:
        return ""
    return name + version_kept(written)


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
