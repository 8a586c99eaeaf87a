"""Who hangs together with whom: the identities that links, merges and decisions lead to.

A group of more than `blocking.MOST` that nothing but likeness holds is a crowd. It is not walked
to its end: of those in it only what is sure is read, and `settling` works it out as a whole.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from onesystem.people import blocking, store
from onesystem.people.clusters import MERGE, SCORE, SOURCE, Link

Pair = tuple[int, int]
_AT_ONCE = 100  # after so many identities one looks whether they are a crowd by now
_STEPS = 4


@dataclass(slots=True)
class Component:
    """Identities, their links, which of these were cut before, and who is ruled apart.

    `crowd` are those of the start of whom likeness led to too many: their likeness is left out.
    """

    nodes: set[int] = field(default_factory=set)
    links: dict[tuple[int, int, str], Link] = field(default_factory=dict)
    cut: set[Pair] = field(default_factory=set)
    apart: set[Pair] = field(default_factory=set)
    crowd: set[int] = field(default_factory=set)


def component(start: Collection[int]) -> Component:
    """All that hangs together with these identities."""
    found, groups = _walk(start, surely=False)
    found.crowd = {each for each in start if groups.many(each)}
    if not found.crowd:
        return found
    sure, _ = _walk(found.crowd, surely=True)
    calm = {each for each in found.nodes if not groups.many(each)}
    return Component(
        nodes=calm | sure.nodes,
        links={k: v for k, v in found.links.items() if v.a in calm} | sure.links,
        cut={pair for pair in found.cut if pair[0] in calm} | sure.cut,
        apart=found.apart | sure.apart,
        crowd=found.crowd,
    )


def _walk(start: Collection[int], *, surely: bool) -> tuple[Component, "_Groups"]:
    found, groups = Component(), _Groups()
    edge = sorted(start)
    while edge:
        found.nodes.update(edge)
        beyond: set[int] = set()
        for some in _portions(edge, groups):
            for link, cut in _linked(some, surely=surely):
                found.links[link.a, link.b, link.rule] = link
                beyond.update((link.a, link.b))
                groups.join(link)
                if cut:
                    found.cut.add((link.a, link.b))
            for (a, b), together in rulings(some).items():
                if together:
                    link = found.links[a, b, MERGE] = Link(a, b, MERGE)
                    beyond.update((a, b))
                    groups.join(link)
                else:
                    found.apart.add((a, b))
        edge = sorted(each for each in beyond - found.nodes if not groups.many(each))
    return found, groups


def _portions(edge: Sequence[int], groups: "_Groups") -> Iterator[list[int]]:
    for i in range(0, len(edge), _AT_ONCE):
        some = [each for each in edge[i : i + _AT_ONCE] if not groups.many(each)]
        if some:
            yield some


class _Groups:
    """Who has been found to hang together; what is surely one counts as one."""

    def __init__(self) -> None:
        self._root: dict[int, int] = {}
        self._size: dict[int, int] = {}

    def join(self, link: Link) -> None:
        a, b = self._find(link.a), self._find(link.b)
        if a != b:
            size = self._size.get(a, 1) + self._size.get(b, 1)
            self._root[b] = a
            self._size[a] = size if link.rule == SCORE else size - 1

    def many(self, identity: int) -> bool:
        """Whether likeness holds too many together with this one."""
        return self._size.get(self._find(identity), 1) > blocking.MOST

    def _find(self, x: int) -> int:
        root = self._root
        while (up := root.get(x, x)) != x:
            root[x] = x = root.get(up, up)
        return x


def _linked(ids: Sequence[int], *, surely: bool) -> Iterator[tuple[Link, bool]]:
    """Links of these, each with whether it was cut; what is sure comes first."""
    where = store.marks(ids)
    likeness = f" AND rule <> '{SCORE}'" if surely else ""
    parts = [
        f"SELECT a, b, state, rule, weight FROM people_pair WHERE {end} IN ({where})"
        f" AND state <> 'ask'{likeness}"
        for end in "ab"
    ]
    parts += [
        f"SELECT a, b, 'link', '{SOURCE}', 0.0 FROM people_merged WHERE {end} IN ({where})"
        for end in "ab"
    ]
    rows = store.rows(" UNION ALL ".join(parts), list(ids) * _STEPS)
    for a, b, state, rule, weight in sorted(rows, key=lambda row: row[3] == SCORE):
        yield Link(a, b, rule, weight), state == "cut"


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


def merged_or_ruled(ids: Iterable[int]) -> set[int]:
    """Those with whom a source's word or a decision, standing or not, has to do, and these."""
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
