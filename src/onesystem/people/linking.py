"""Linking in small numbers, as records come: look up, score, and settle the persons around them.

What two identities are to each other depends on their latest descriptions alone, and the persons
depend on those pairs, the sources' merges and the officers' decisions alone. So each change works
out its pairs anew and settles every identity that is joined to them: whatever the order in which
records arrived, the end is the same.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from onesystem.people import blocking, store
from onesystem.people.clusters import MERGE, NUMBER, SOURCE, Link, resolve
from onesystem.people.compare import Record
from onesystem.people.decide import LINK, Verdict, decide
from onesystem.people.scorer import Scorer
from onesystem.vocabulary.arrays import arrays_of, unnested

Pair = tuple[int, int]
_TOGETHER = 128  # records whose candidates are asked for at once


_PAIR = {"a": "bigint", "b": "bigint", "state": "text", "rule": "text", "weight": "float8"}


def link_changed(
    ids: Iterable[int],
    *,
    scorer: Scorer,
    at: int,
    by: str = "",
    fresh: Mapping[int, Record] = MappingProxyType({}),
) -> int:
    """Compare these identities with all others and settle. Gives how many changed person.

    `fresh` ones were made just now, as these records: nothing is known of them yet that would have
    to be undone.
    """
    changed = sorted({*ids, *fresh})
    if not changed:
        return 0
    store.lock_map()
    records = {**store.records(each for each in changed if each not in fresh), **fresh}
    found: dict[Pair, Verdict] = {}
    sharing = sharing_numbers(changed)
    for record, others in _beside([records[each] for each in changed], sharing):
        judge(record, others, sharing.get(int(record["id"]), ()), scorer, found)
    older = [each for each in changed if each not in fresh]
    touched = _keep_pairs(older, found) | _merged_or_ruled(older)
    return settle(touched, at=at, by=by)


def sharing_numbers(ids: Sequence[int]) -> dict[int, set[int]]:
    """Who else has the same national number, current on both sides and passing its check."""
    found: dict[int, set[int]] = {}
    for some in store.chunks(ids):
        sql = (
            "SELECT n.identity, o.identity FROM people_number n JOIN people_number o"
            " ON o.value = n.value AND o.scheme = n.scheme AND o.identity <> n.identity"
            f" WHERE n.identity IN ({store.marks(some)}) AND n.checked = 'passes'"
            " AND n.current = 1 AND o.current = 1"
            f" AND n.scheme IN ({store.marks(store.NATIONAL)})"
        )
        for identity, other in store.rows(sql, [*some, *store.NATIONAL]):
            found.setdefault(identity, set()).add(other)
    return found


def candidates(record: Record, sharing: Iterable[int]) -> list[Record]:
    """Those that agree with the record on a blocking rule, or share its number."""
    queries, values = [], []
    for lookup, given in blocking.lookups(record):
        queries.append(f"SELECT id FROM ({lookup}) AS x")
        values += given
    numbered = list(sharing)[: blocking.MOST]
    if numbered:
        queries.append(f"SELECT id FROM people_identity WHERE id IN ({store.marks(numbered)})")
        values += numbered
    if not queries:
        return []
    found = store.records_where(" UNION ".join(queries), values)
    return [each for each in found if each["id"] != record["id"]]


def _beside(
    records: Sequence[Record], sharing: Mapping[int, Iterable[int]]
) -> Iterator[tuple[Record, Sequence[Record]]]:
    """Each record with its candidates."""
    if not store.on_postgres():
        for record in records:
            yield record, candidates(record, sharing.get(int(record["id"]), ()))
        return
    for i in range(0, len(records), _TOGETHER):
        some = records[i : i + _TOGETHER]
        found = _candidates_of(some, sharing)
        for record in some:
            yield record, found.get(int(record["id"]), ())


def _candidates_of(
    records: Sequence[Record], sharing: Mapping[int, Iterable[int]]
) -> dict[int, list[Record]]:
    """The candidates of several records by one statement: PostgreSQL plans each anew."""
    told: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    numbered: list[tuple[int, int]] = []
    for record in records:
        me = int(record["id"])
        for rule, given in blocking.keys_of(record):
            told.setdefault(rule, []).append((me, *blocking.lookup_values(rule, given)))
        numbered += [(me, other) for other in list(sharing.get(me, ()))[: blocking.MOST]]
    queries, values = [], []
    for rule, rows in told.items():
        names = [f"v{i}" for i in range(1, len(rows[0]))]
        lookup = blocking.LOOKUPS[rule] % tuple(f"told.{name}" for name in names)
        source = (
            f"{unnested(['bigint', *['text' for _ in names]])} AS told (me, {', '.join(names)})"
        )
        queries.append(f"SELECT told.me, x.id FROM {source} CROSS JOIN LATERAL ({lookup}) AS x")
        values += arrays_of(rows)
    if numbered:
        queries.append(f"SELECT * FROM {unnested(['bigint', 'bigint'])}")
        values += arrays_of(numbered)
    found = store.records_beside(" UNION ".join(queries), values) if queries else {}
    return {me: [o for o in others if o["id"] != me] for me, others in found.items()}


def compare(record: Record, sharing: set[int], scorer: Scorer, found: dict[Pair, Verdict]) -> None:
    """Judge a record against its candidates, adding to `found` what is to be linked or asked."""
    judge(record, candidates(record, sharing), sharing, scorer, found)


def judge(
    record: Record,
    others: Iterable[Record],
    sharing: Collection[int],
    scorer: Scorer,
    found: dict[Pair, Verdict],
) -> None:
    """Judge a record against others, adding to `found` what is to be linked or asked."""
    me = int(record["id"])
    for other in others:
        them = int(other["id"])
        pair = (me, them) if me < them else (them, me)
        if pair not in found:
            verdict = decide(scorer, record, other, shares_number=them in sharing)
            if verdict:
                found[pair] = verdict


def _keep_pairs(changed: Sequence[int], found: dict[Pair, Verdict]) -> set[int]:
    """Write what is new of the pairs, and give the identities whose links are concerned."""
    old: dict[Pair, tuple[str, str, float]] = {}
    for some in store.chunks(changed):
        where = store.marks(some)
        sql = (
            f"SELECT a, b, state, rule, weight FROM people_pair WHERE a IN ({where})"
            f" UNION SELECT a, b, state, rule, weight FROM people_pair WHERE b IN ({where})"
        )
        old.update({(r[0], r[1]): r[2:] for r in store.rows(sql, [*some, *some])})
    gone = [pair for pair in old if pair not in found]
    store.many("DELETE FROM people_pair WHERE a = %s AND b = %s", gone)
    store.insert(
        "people_pair",
        _PAIR,
        [(*pair, v.state, v.rule, v.weight) for pair, v in found.items()],
        "ON CONFLICT (a, b) DO UPDATE SET state = excluded.state, rule = excluded.rule,"
        " weight = excluded.weight",
    )
    linked = {p for p, v in found.items() if v.state == LINK}
    linked |= {p for p, (state, _, _) in old.items() if state != "ask"}
    return {identity for pair in linked for identity in pair}


def _merged_or_ruled(ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for some in store.chunks(ids):
        where = store.marks(some)
        for table in ("people_merged", "people_ruling"):
            sql = (
                f"SELECT a, b FROM {table} WHERE a IN ({where})"
                f" UNION SELECT a, b FROM {table} WHERE b IN ({where})"
            )
            for pair in store.rows(sql, [*some, *some]):
                found.update(pair)
    return found


def settle(ids: Iterable[int], *, at: int, by: str = "", why: str = "") -> int:
    """Work out the persons of these identities and of all that hang together with them."""
    nodes, links, cut_before, apart = _component(set(ids))
    if not nodes:
        return 0
    keys, was = store.standing(nodes)
    result = resolve(links, held=store.held_by(nodes), apart=apart, keys=keys)
    person = {identity: identity for identity in nodes}
    for group in result.groups:
        person.update(dict.fromkeys(group, group[0]))
    _mark_cut({(c.a, c.b) for c in result.cut}, cut_before)
    return _remap(person, was, links, at=at, by=by, why=why)


def _component(
    start: set[int],
) -> tuple[set[int], list[Link], set[Pair], set[Pair]]:
    """All identities that hang together with these; their links; those cut before; the apart."""
    nodes: set[int] = set()
    links: dict[tuple[int, int, str], Link] = {}
    cut: set[Pair] = set()
    apart: set[Pair] = set()
    edge = start
    while edge:
        nodes |= edge
        beyond: set[int] = set()
        for some in store.chunks(edge):
            for a, b, state, rule, weight in _linked(some):
                links[a, b, rule] = Link(a, b, rule, weight)
                beyond.update((a, b))
                if state == "cut":
                    cut.add((a, b))
            for (a, b), together in rulings(some).items():
                if together:
                    links[a, b, MERGE] = Link(a, b, MERGE)
                    beyond.update((a, b))
                else:
                    apart.add((a, b))
        edge = beyond - nodes
    return nodes, list(links.values()), cut, apart


def _linked(ids: Sequence[int]) -> list[tuple[int, int, str, str, float]]:
    where = store.marks(ids)
    parts = [
        f"SELECT a, b, state, rule, weight FROM people_pair WHERE {end} IN ({where})"
        " AND state <> 'ask'"
        for end in "ab"
    ]
    parts += [
        f"SELECT a, b, 'link', '{SOURCE}', 0.0 FROM people_merged WHERE {end} IN ({where})"
        for end in "ab"
    ]
    return store.rows(" UNION ALL ".join(parts), list(ids) * 4)  # type: ignore[return-value]


def rulings(ids: Sequence[int]) -> dict[Pair, bool]:
    """What the latest decision that stands says of each pair with one of these: together?"""
    where = store.marks(ids)
    sql = " UNION ".join(
        "SELECT r.decision, r.a, r.b, r.together FROM people_ruling r"
        " JOIN people_decision d ON d.id = r.decision AND d.undone_at = 0"
        f" WHERE r.{end} IN ({where})"
        for end in "ab"
    )
    return {(a, b): bool(t) for _, a, b, t in sorted(store.rows(sql, [*ids, *ids]))}


def rulings_all() -> dict[Pair, bool]:
    """What the latest decision that stands says of each pair ever ruled on: together?"""
    sql = (
        "SELECT r.decision, r.a, r.b, r.together FROM people_ruling r"
        " JOIN people_decision d ON d.id = r.decision AND d.undone_at = 0"
    )
    return {(a, b): bool(t) for _, a, b, t in sorted(store.rows(sql))}


def _mark_cut(cut: set[Pair], before: set[Pair]) -> None:
    sql = "UPDATE people_pair SET state = %s WHERE a = %s AND b = %s AND state <> 'ask'"
    store.many(sql, [("cut", a, b) for a, b in sorted(cut - before)])
    store.many(sql, [("link", a, b) for a, b in sorted(before - cut)])


def _remap(
    person: Mapping[int, int], was: Mapping[int, int], links: Sequence[Link], *, at: int, by: str,
    why: str,
) -> int:  # fmt: skip
    moved = [(i, p, was[i]) for i, p in sorted(person.items()) if was[i] != p]
    if not moved:
        return 0
    reasons = _reasons(person, links)
    store.many(
        "UPDATE people_identity SET person = %s WHERE id = %s", [(p, i) for i, p, _ in moved]
    )
    store.many(
        "INSERT INTO people_mapped (identity, person, was, at, why, evidence, by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            (
                i,
                p,
                old,
                at,
                why or reasons.get(i, ("apart", ""))[0],
                reasons.get(i, ("", ""))[1],
                by,
            )
            for i, p, old in moved
        ],
    )
    return len(moved)


def _reasons(person: Mapping[int, int], links: Sequence[Link]) -> dict[int, tuple[str, str]]:
    """The best link that holds each identity to its person, as a rule and in words."""
    best: dict[int, Link] = {}
    order = {MERGE: 0, SOURCE: 1, NUMBER: 2}
    for link in links:
        if person[link.a] != person[link.b]:
            continue
        for end in (link.a, link.b):
            kept = best.get(end)
            rank = (order.get(link.rule, 3), -link.weight)
            if kept is None or rank < (order.get(kept.rule, 3), -kept.weight):
                best[end] = link
    return {
        end: (link.rule, f"identity {link.b if end == link.a else link.a}, {link.weight:.2f} bits")
        for end, link in best.items()
    }
