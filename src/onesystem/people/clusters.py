"""Who is one person: the strongest links first, and no link that would break a rule.

Joining is greedy from the strongest link to the weakest (Kruskal's order), so what is cut is
always the weakest link that would have joined a conflict. Ties are broken by the sources' own
keys, never by our ids, so that the result depends on what is known and not on when it came.
Two things are a conflict: two different national numbers that are both verified, pass their check
digit and are not superseded; and two identities that an officer has ruled apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MERGE, SOURCE, NUMBER, SCORE = "merge", "source", "number", "score"
_RANK = {MERGE: 0, SOURCE: 1, NUMBER: 2, SCORE: 3}


@dataclass(frozen=True, slots=True)
class Link:
    """A reason to hold two identities for one person."""

    a: int
    b: int
    rule: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Held:
    """The verified, passing national numbers of an identity: (scheme, value)."""

    active: frozenset[tuple[str, str]] = frozenset()
    superseded: frozenset[tuple[str, str]] = frozenset()

    def joined(self, other: "Held") -> "Held | None":
        """Both together, or None where they conflict."""
        if not other.active and not other.superseded:
            return self
        if not self.active and not self.superseded:
            return other
        gone = self.superseded | other.superseded
        mine, theirs = self.active - gone, other.active - gone
        schemes = {scheme for scheme, _ in mine} & {scheme for scheme, _ in theirs}
        for scheme in schemes:
            if len({value for s, value in mine | theirs if s == scheme}) > 1:
                return None
        return Held(mine | theirs, gone)


_NOTHING = Held()


@dataclass(frozen=True, slots=True)
class Resolved:
    """The groups of two and more, each sorted; and the links that had to be cut."""

    groups: Sequence[Sequence[int]]
    cut: Sequence[Link]


def resolve(
    links: Iterable[Link],
    *,
    held: Mapping[int, Held],
    apart: Iterable[tuple[int, int]] = (),
    keys: Mapping[int, object],
) -> Resolved:
    """Group identities by their links. `keys` gives each identity an order that never changes."""
    joined = _Joined(held, apart)
    cut = [link for link in _strongest_first(links, keys) if not joined.join(link.a, link.b)]
    return Resolved(joined.groups(), cut)


def _strongest_first(links: Iterable[Link], keys: Mapping[int, object]) -> list[Link]:
    def order(link: Link) -> tuple[object, ...]:
        ends = sorted((keys[link.a], keys[link.b]))  # type: ignore[type-var]
        return _RANK[link.rule], -round(link.weight, 6), *ends

    return sorted(links, key=order)


class _Joined:
    """Disjoint sets that refuse a join which would break a rule."""

    def __init__(self, held: Mapping[int, Held], apart: Iterable[tuple[int, int]]) -> None:
        self._root: dict[int, int] = {}
        self._held = dict(held)
        self._enemies: dict[int, set[int]] = {}
        for a, b in apart:
            self._enemies.setdefault(a, set()).add(b)
            self._enemies.setdefault(b, set()).add(a)

    def find(self, x: int) -> int:
        root = self._root
        while (up := root.setdefault(x, x)) != x:
            root[x] = root.setdefault(up, up)
            x = up
        return x

    def join(self, a: int, b: int) -> bool:
        a, b = sorted((self.find(a), self.find(b)))
        if a == b:
            return True
        if any(self.find(enemy) == b for enemy in self._enemies.get(a, ())):
            return False
        both = self._held.get(a, _NOTHING).joined(self._held.get(b, _NOTHING))
        if both is None:
            return False
        self._root[b] = a
        if both is not _NOTHING:
            self._held[a] = both
        if b in self._enemies:
            self._enemies.setdefault(a, set()).update(self._enemies.pop(b))
        return True

    def groups(self) -> list[list[int]]:
        members: dict[int, list[int]] = {}
        for x in sorted(self._root):
            members.setdefault(self.find(x), []).append(x)
        return [group for group in members.values() if len(group) > 1]
