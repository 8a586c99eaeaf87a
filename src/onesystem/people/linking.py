"""Linking in small numbers, as records come: look up, score, and settle the persons around them.

What two identities are to each other depends on their latest descriptions alone, and the persons
depend on those pairs, the sources' merges and the officers' decisions alone. So each change works
out its pairs anew and settles every identity that is joined to them: whatever the order in which
records arrived, the end is the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from onesystem.people import blocking, crowds, store
from onesystem.people.blocking import Block
from onesystem.people.candidates import Beside, beside, candidates, sharing_numbers
from onesystem.people.clusters import MERGE, NUMBER, SOURCE, Link, resolve
from onesystem.people.compare import Record
from onesystem.people.decide import LINK, Verdict, decide
from onesystem.people.reaching import component, merged_or_ruled
from onesystem.people.scorer import Scorer

Pair = tuple[int, int]
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
    seen = _judge_all([records[each] for each in changed], scorer, found)
    older = [each for each in changed if each not in fresh]
    while more := sorted(crowds.note(seen, at=at).difference(older, fresh)):
        # What became a crowd just now brought its other members together until now.
        seen = _judge_all(list(store.records(more).values()), scorer, found)
        older += more
    touched = _keep_pairs(older, found) | merged_or_ruled(older)
    return settle(touched, at=at, by=by)


def _judge_all(records: Sequence[Record], scorer: Scorer, found: dict[Pair, Verdict]) -> set[Block]:
    """Judge records against their candidates; gives the crowds that they are in."""
    sharing = sharing_numbers(int(each["id"]) for each in records)
    seen: set[Block] = set()
    for record, near in beside(records, sharing):
        judge(record, near, sharing.get(int(record["id"]), ()), scorer, found)
        seen.update(near.crowds)
    return seen


def compare(
    record: Record, sharing: Collection[int], scorer: Scorer, found: dict[Pair, Verdict]
) -> None:
    """Judge a record against its candidates, adding to `found` what is to be linked or asked."""
    judge(record, candidates(record, sharing), sharing, scorer, found)


def judge(
    record: Record,
    near: Beside,
    sharing: Collection[int],
    scorer: Scorer,
    found: dict[Pair, Verdict],
) -> None:
    """Judge a record against others, adding to `found` what is to be linked or asked."""
    me = int(record["id"])
    for other in near.others:
        them = int(other["id"])
        pair = (me, them) if me < them else (them, me)
        if pair not in found:
            verdict = decide(
                scorer, record, other, shares_number=them in sharing,
                crowded=bool(near.crowds) and blocking.in_one_crowd(record, other, near.crowds),
            )  # fmt: skip
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


def settle(ids: Iterable[int], *, at: int, by: str = "", why: str = "") -> int:
    """Work out the persons of these identities and of all that hang together with them."""
    found = component(set(ids))
    if not found.nodes:
        return 0
    if found.crowd:
        crowds.wait(len(found.crowd), at=at)
    links = list(found.links.values())
    keys, was = store.standing(found.nodes)
    result = resolve(links, held=store.held_by(found.nodes), apart=found.apart, keys=keys)
    person = {identity: identity for identity in found.nodes}
    for group in result.groups:
        person.update(dict.fromkeys(group, group[0]))
    _mark_cut({(c.a, c.b) for c in result.cut}, found.cut)
    return _remap(person, was, links, at=at, by=by, why=why)


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
