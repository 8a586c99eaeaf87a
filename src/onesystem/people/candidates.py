"""Whom a live record is worth comparing with: the look-ups of `blocking`, and shared numbers."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.people import blocking, store
from onesystem.people.blocking import Block
from onesystem.people.compare import Record
from onesystem.vocabulary.arrays import arrays_of, unnested

_TOGETHER = 128  # records whose candidates are asked for at once


@dataclass(frozen=True, slots=True)
class Beside:
    """Those whom a record is compared with, and the crowds it is in, which brought nobody."""

    others: Sequence[Record]
    crowds: Sequence[Block] = ()


def sharing_numbers(ids: Iterable[int]) -> dict[int, Collection[int]]:
    """Who has the same national number, current on both sides and passing its check."""
    mine: dict[tuple[str, str], list[int]] = {}
    for some in store.chunks(ids):
        for scheme, value, identity in _numbered("identity", some):
            mine.setdefault((scheme, value), []).append(identity)
    theirs: dict[tuple[str, str], set[int]] = {}
    for some in store.chunks({value for _, value in mine}):
        for scheme, value, identity in _numbered("value", some):
            theirs.setdefault((scheme, value), set()).add(identity)
    found: dict[int, set[int]] = {}
    for number, identities in mine.items():
        if len(theirs[number]) > 1:
            for identity in identities:  # a number of thousands is one set for all of them
                known = found.get(identity)
                found[identity] = known | theirs[number] if known else theirs[number]
    return dict(found)


def _numbered(column: str, among: Sequence[Any]) -> list[tuple[Any, ...]]:
    sql = (
        f"SELECT scheme, value, identity FROM people_number WHERE {column} IN"
        f" ({store.marks(among)}) AND scheme IN ({store.marks(store.NATIONAL)})"
        " AND checked = 'passes' AND current = 1"
    )
    return store.rows(sql, [*among, *store.NATIONAL])


def candidates(record: Record, sharing: Collection[int]) -> Beside:
    """Those that agree with the record on a blocking rule, or share its number."""
    me = int(record["id"])
    numbered = blocking.numbered(me, sharing)
    if len(numbered) > blocking.MOST:
        return _one_by_one(record, numbered)
    queries, values = [], []
    for lookup, given in blocking.lookups(record):
        queries.append(f"SELECT id FROM ({lookup}) AS x")
        values += given
    if numbered:
        queries.append(f"SELECT id FROM people_identity WHERE id IN ({store.marks(numbered)})")
        values += numbered
    if not queries:
        return Beside(())
    found = store.records_where(" UNION ".join(queries), values)
    if len(found) > blocking.MOST:
        return _one_by_one(record, numbered)
    return Beside([each for each in found if each["id"] != me])


def _one_by_one(record: Record, numbered: Iterable[int]) -> Beside:
    """Each rule by itself, where all of them found more than one may find; crowds are left out."""
    crowds, ids = [], set(numbered)
    for rule, values in blocking.keys_of(record):
        among = store.rows(blocking.LOOKUPS[rule], blocking.lookup_values(rule, values))
        if len(among) > blocking.MOST:
            crowds.append((rule, values))
        else:
            ids.update(row[0] for row in among)
    found = store.records(ids - {int(record["id"])})
    return Beside(list(found.values()), crowds)


def beside(
    records: Sequence[Record], sharing: Mapping[int, Collection[int]]
) -> Iterator[tuple[Record, Beside]]:
    """Each record with its candidates."""
    if not store.on_postgres():
        for record in records:
            yield record, candidates(record, sharing.get(int(record["id"]), ()))
        return
    for i in range(0, len(records), _TOGETHER):
        some = records[i : i + _TOGETHER]
        numbered = {
            me: blocking.numbered(me, sharing[me])
            for me in (int(record["id"]) for record in some)
            if me in sharing
        }
        found = _of_several(some, numbered)
        for record in some:
            me = int(record["id"])
            others = found.get(me, ())
            if len(others) > blocking.MOST:
                yield record, _one_by_one(record, numbered.get(me, ()))
            else:
                yield record, Beside([each for each in others if each["id"] != me])


def _of_several(
    records: Sequence[Record], numbered: Mapping[int, Sequence[int]]
) -> dict[int, list[Record]]:
    """The candidates of several records by one statement: PostgreSQL plans each anew."""
    told: dict[blocking.Rule, list[tuple[Any, ...]]] = {}
    for record in records:
        for rule, given in blocking.keys_of(record):
            line = (int(record["id"]), *blocking.lookup_values(rule, given))
            told.setdefault(rule, []).append(line)
    queries, values = [], []
    for rule, rows in told.items():
        names = [f"v{i}" for i in range(1, len(rows[0]))]
        lookup = blocking.LOOKUPS[rule] % tuple(f"told.{name}" for name in names)
        source = (
            f"{unnested(['bigint', *['text' for _ in names]])} AS told (me, {', '.join(names)})"
        )
        queries.append(f"SELECT told.me, x.id FROM {source} CROSS JOIN LATERAL ({lookup}) AS x")
        values += arrays_of(rows)
    pairs = [(me, other) for me, others in numbered.items() for other in others]
    if pairs:
        queries.append(f"SELECT * FROM {unnested(['bigint', 'bigint'])}")
        values += arrays_of(pairs)
    return store.records_beside(" UNION ".join(queries), values) if queries else {}
