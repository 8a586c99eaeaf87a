"""Settling everybody at once, after a bulk run: the same rule as `linking.settle`, in one sweep.

Most groups hold no conflict and need no more than to be joined, which is done in columns; only
those where two verified numbers or a ruling meet go through the careful order of
`clusters.resolve`.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from onesystem.people import blocking, crowds, loading, spans, store
from onesystem.people.clusters import MERGE, NUMBER, SCORE, SOURCE, Link, resolve
from onesystem.people.reaching import rulings_all

_RANK = {MERGE: 0, SOURCE: 1, NUMBER: 2, SCORE: 3}
_RULES = tuple(_RANK)
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Links:
    """Reasons to hold identities for one person, as numpy arrays; `rank` is the rule's place."""

    a: Any
    b: Any
    rank: Any
    weight: Any

    def some(self, kept: Any) -> "_Links":
        """Those of a mask."""
        return _Links(self.a[kept], self.b[kept], self.rank[kept], self.weight[kept])

    def of_likeness(self, people: "_Map", persons: Any) -> Any:
        """A mask of those by which likeness holds one of these persons together."""
        import numpy as np

        return (self.rank == _RANK[SCORE]) & np.isin(people.of(self.a), persons)

    def pairs(self, kept: Any) -> set[Pair]:
        """Whom those of a mask join."""
        return set(zip(self.a[kept].tolist(), self.b[kept].tolist(), strict=True))

    def of(self, kept: Any) -> list[Link]:
        """Some of them, one by one."""
        columns = (each[kept].tolist() for each in (self.a, self.b, self.rank, self.weight))
        return [Link(a, b, _RULES[r], w) for a, b, r, w in zip(*columns, strict=True)]


@dataclass(slots=True)
class _Map:
    """Identities that have a link, ascending, and the person of each; numpy arrays."""

    ids: Any
    person: Any

    def of(self, ids: Any) -> Any:
        """The persons of some of them."""
        import numpy as np

        return self.person[np.searchsorted(self.ids, ids)]

    def has(self, ids: Any) -> Any:
        """Whether each of `ids` is one of them."""
        import numpy as np

        at = np.searchsorted(self.ids, ids)
        return np.append(self.ids, -1)[at] == ids


def settle_all(*, at: int, by: str = "") -> int:
    """Work out every person anew. Gives how many identities now belong to another."""
    import numpy as np

    rulings = rulings_all()
    links = _links([pair for pair, together in rulings.items() if together])
    apart = {pair for pair, together in rulings.items() if not together}
    people = _joined(links)
    crowd = _crowds(people, links, at)
    contested = np.union1d(_contested(people, apart), crowd)
    like = links.of_likeness(people, crowd)
    cut = _resolve(people, contested, links, apart, like) if len(contested) else set()
    _mark_cut(cut | links.pairs(like))
    return _remap(people, links, at=at, by=by)


def _links(merged: Iterable[Pair]) -> _Links:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    told = spans.read(
        "people_pair",
        {name: name for name in ("a", "b", "rule", "weight")},
        key="a",
        kinds={"a": "int64", "b": "int64", "weight": "float64"},
        where="state <> 'ask'",
    )
    more = [(a, b, _RANK[SOURCE]) for a, b in store.rows("SELECT a, b FROM people_merged")]
    more += [(a, b, _RANK[MERGE]) for a, b in merged]
    a, b, rank = np.array(more, np.int64).reshape(-1, 3).T
    ranks = pc.index_in(told["rule"], value_set=pa.array(_RULES))
    return _Links(
        np.append(told["a"].to_numpy(), a),
        np.append(told["b"].to_numpy(), b),
        np.append(ranks.to_numpy(), rank).astype(np.int8),
        np.append(told["weight"].to_numpy(), np.zeros(len(a))),
    )


def _joined(links: _Links) -> _Map:
    """Everyone's person when nothing is in the way: the lowest identity they hang together with.

    Each link pulls the higher of its two persons down to the lower one, until none has to.
    """
    import numpy as np

    ids = np.sort(np.append(links.a, links.b))
    ids = ids[np.append(True, ids[1:] != ids[:-1])] if len(ids) else ids
    a, b = (np.searchsorted(ids, end) for end in (links.a, links.b))
    root = np.arange(len(ids))
    while (parted := root[a] != root[b]).any():
        a, b = a[parted], b[parted]
        low, high = np.minimum(root[a], root[b]), np.maximum(root[a], root[b])
        np.minimum.at(root, high, low)
        while not np.array_equal(higher := root[root], root):
            root = higher
    return _Map(ids, ids[root] if len(ids) else ids)


def _contested(people: _Map, apart: Collection[Pair]) -> Any:
    """Persons in whom two numbers that may not differ do, or whom a ruling keeps apart."""
    import numpy as np

    numbers = spans.read(
        "people_number",
        {"identity": "identity", "scheme": "scheme", "value": "value"},
        key="identity",
        kinds={"identity": "int64"},
        where=f"checked = 'passes' AND scheme IN ({', '.join(map(repr, store.NATIONAL))})"
        " AND (superseded = 1 OR (verified = 1 AND current = 1))",
    )
    ids = numbers["identity"].to_numpy()
    linked = people.has(ids)
    scheme, value = (
        numbers[name].combine_chunks().dictionary_encode().indices.to_numpy()[linked]
        for name in ("scheme", "value")
    )
    person = people.of(ids[linked])
    order = np.lexsort((value, scheme, person))
    person, scheme, value = person[order], scheme[order], value[order]
    differ = (person[1:] == person[:-1]) & (scheme[1:] == scheme[:-1]) & (value[1:] != value[:-1])
    ruled = [person_a for person_a, person_b in _persons(people, apart) if person_a == person_b]
    return np.unique(np.append(person[1:][differ], np.array(ruled, np.int64)))


def _persons(people: _Map, pairs: Collection[Pair]) -> Iterator[Pair]:
    """The persons of both ends of pairs; one without a link is a person of their own."""
    import numpy as np

    ends = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    for end in (0, 1):
        linked = people.has(ends[:, end])
        ends[linked, end] = people.of(ends[linked, end])
    return zip(*ends.T.tolist(), strict=True)


def _crowds(people: _Map, links: _Links, at: int) -> Any:
    """Persons of too many whom nothing but likeness holds together; what is sure counts as one."""
    import numpy as np

    person, members = np.unique(people.person, return_counts=True)
    large = person[members > blocking.MOST]
    found = []
    if len(large):
        sure = _joined(links.some(links.rank < _RANK[SCORE]))
        one = people.ids.copy()
        one[np.searchsorted(people.ids, sure.ids)] = sure.person
        for each in large.tolist():
            mine = one[people.person == each]
            if len(np.unique(mine)) > blocking.MOST:
                found.append((each, len(mine)))
    crowds.note_groups(found, at=at)
    return np.array([each for each, _ in found], np.int64)


def _resolve(
    people: _Map, contested: Any, links: _Links, apart: Iterable[Pair], without: Any
) -> set[Pair]:
    """Work the contested persons out with care; gives the pairs that had to be cut.

    `without` is a mask of links that do not count.
    """
    import numpy as np

    nodes = set(people.ids[np.isin(people.person, contested)].tolist())
    some = links.of(np.isin(people.of(links.a), contested) & ~without)
    result = resolve(
        some,
        held=store.held_by(nodes),
        apart=[pair for pair in apart if pair[0] in nodes or pair[1] in nodes],
        keys=store.stable_keys(nodes),
    )
    person = {node: node for node in nodes}
    for group in result.groups:
        person.update(dict.fromkeys(group, group[0]))
    at = np.searchsorted(people.ids, np.array(list(person), np.int64))
    people.person[at] = np.array(list(person.values()), np.int64)
    return {(link.a, link.b) for link in result.cut}


def _mark_cut(now: set[Pair]) -> None:
    before = set(store.rows("SELECT a, b FROM people_pair WHERE state = 'cut'"))
    sql = "UPDATE people_pair SET state = %s WHERE a = %s AND b = %s AND state <> 'ask'"
    store.many(sql, [("cut", *pair) for pair in sorted(now - before)])
    store.many(sql, [("link", *pair) for pair in sorted(before - now)])


def _remap(people: _Map, links: _Links, *, at: int, by: str) -> int:
    """Write what changed of the map, and its ledger."""
    import numpy as np
    import pyarrow as pa

    was = _before(people)
    changed = np.flatnonzero(people.person != was)
    if not len(changed):
        return 0
    ids, persons = people.ids[changed], people.person[changed]
    with store.indexes_later("people_identity", len(ids), of="person", share=0.25):
        store.many(
            "UPDATE people_identity SET person = %s WHERE id = %s",
            list(zip(persons.tolist(), ids.tolist(), strict=True)),
        )
    why, evidence = _reasons(people, links, changed)
    with store.indexes_later("people_mapped", len(ids)):
        loading.load(
            "people_mapped",
            {
                "identity": pa.array(ids), "person": pa.array(persons),
                "was": pa.array(was[changed]), "at": at, "why": pa.array(why),
                "evidence": pa.array(evidence), "by": by,
            },
        )  # fmt: skip
    return len(ids)


def _before(people: _Map) -> Any:
    """The map as it was for each of `people`; those who lost their last link are added to them."""
    import numpy as np

    rows = store.rows("SELECT id, person FROM people_identity WHERE person <> id ORDER BY id")
    ids, persons = np.array(rows, np.int64).reshape(-1, 2).T
    lost = ids[~people.has(ids)]
    every = np.concatenate([people.ids, lost])
    order = np.argsort(every)
    people.ids, people.person = every[order], np.concatenate([people.person, lost])[order]
    was = people.ids.copy()
    was[np.searchsorted(people.ids, ids)] = persons
    return was


def _reasons(people: _Map, links: _Links, changed: Any) -> tuple[list[str], list[str]]:
    """The best link that holds each of the changed to its person, as a rule and in words."""
    import numpy as np

    chosen = _best(people, links)[changed]
    far = np.append(links.b, links.a)
    rules = [*_RULES, "apart"]
    rank = np.append(np.tile(links.rank, 2), len(_RULES))[chosen]
    weight = np.append(np.tile(links.weight, 2), 0.0)[chosen]
    evidence = [
        f"identity {other}, {bits:.2f} bits"
        for other, bits in zip(np.append(far, 0)[chosen].tolist(), weight.tolist(), strict=True)
    ]
    for i in np.flatnonzero(chosen < 0).tolist():
        evidence[i] = ""
    return [rules[r] for r in rank.tolist()], evidence


def _best(people: _Map, links: _Links) -> Any:
    """Of each identity, the place of its best link: a to b first, then b to a; -1 where none is."""
    import numpy as np

    holds = np.flatnonzero(np.tile(people.of(links.a) == people.of(links.b), 2))
    end = np.searchsorted(people.ids, np.append(links.a, links.b)[holds])
    best = np.full(len(people.ids), -1)
    best[end] = holds
    several = np.bincount(end, minlength=len(best))[end] > 1
    some, end = holds[several], end[several]
    far, rank, weight = (
        np.append(links.b, links.a)[some], np.tile(links.rank, 2)[some],
        np.tile(links.weight, 2)[some],
    )  # fmt: skip
    order = np.lexsort((far, -weight, rank, end))[::-1]
    best[end[order]] = some[order]  # the last one written is the first in order
    return best
