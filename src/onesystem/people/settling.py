"""Settling everybody at once, after a bulk run: the same rule as `linking.settle`, in one sweep.

Most groups hold no conflict and need no more than to be joined; only those where two verified
numbers or a ruling meet go through the careful order of `clusters.resolve`.
"""

from collections.abc import Iterable

from onesystem.people import store
from onesystem.people.clusters import MERGE, NUMBER, SOURCE, Held, Link, resolve
from onesystem.people.linking import rulings_all

_RANK = {MERGE: 0, SOURCE: 1, NUMBER: 2}


def settle_all(*, at: int, by: str = "") -> int:
    """Work out every person anew. Gives how many identities now belong to another."""
    links = _links()
    apart = set()
    for (a, b), together in rulings_all().items():
        if together:
            links.append(Link(a, b, MERGE))
        else:
            apart.add((a, b))
    root = _joined(links)
    contested = _contested(root, apart)
    cut: list[Link] = []
    if contested:
        cut = _resolve(root, [k for k in links if root[k.a] in contested], apart)
    _mark_cut(cut)
    return _remap(root, links, at=at, by=by)


def _links() -> list[Link]:
    links = [
        Link(*row)
        for row in store.rows("SELECT a, b, rule, weight FROM people_pair WHERE state <> 'ask'")
    ]
    links += [Link(a, b, SOURCE) for a, b in store.rows("SELECT a, b FROM people_merged")]
    return links


def _joined(links: Iterable[Link]) -> dict[int, int]:
    """The lowest identity of each group, for every identity that has a link."""
    root: dict[int, int] = {}

    def find(x: int) -> int:
        while (up := root.setdefault(x, x)) != x:
            root[x] = x = root[up]
        return x

    for link in links:
        a, b = find(link.a), find(link.b)
        if a != b:
            root[max(a, b)] = min(a, b)
    for x in root:
        root[x] = find(x)
    return root


def _contested(root: dict[int, int], apart: Iterable[tuple[int, int]]) -> set[int]:
    """Groups where two numbers that may not differ do, or where a ruling keeps two apart."""
    found = {root[a] for a, b in apart if a in root and root[a] == root.get(b)}
    numbers: dict[tuple[int, str], str] = {}
    sql = (
        "SELECT identity, scheme, value FROM people_number WHERE checked = 'passes'"
        f" AND scheme IN ({store.marks(store.NATIONAL)})"
        " AND (superseded = 1 OR (verified = 1 AND current = 1))"
    )
    for identity, scheme, value in store.rows(sql, store.NATIONAL):
        group = root.get(identity)
        if group is not None and numbers.setdefault((group, scheme), value) != value:
            found.add(group)
    return found


def _resolve(
    root: dict[int, int], links: list[Link], apart: Iterable[tuple[int, int]]
) -> list[Link]:
    nodes = {end for link in links for end in (link.a, link.b)}
    held: dict[int, Held] = store.held_by(nodes)
    result = resolve(
        links,
        held=held,
        apart=[pair for pair in apart if pair[0] in nodes or pair[1] in nodes],
        keys=store.stable_keys(nodes),
    )
    root.update({node: node for node in nodes})
    for group in result.groups:
        root.update(dict.fromkeys(group, group[0]))
    return list(result.cut)


def _mark_cut(cut: Iterable[Link]) -> None:
    before = set(store.rows("SELECT a, b FROM people_pair WHERE state = 'cut'"))
    now = {(link.a, link.b) for link in cut}
    sql = "UPDATE people_pair SET state = %s WHERE a = %s AND b = %s AND state <> 'ask'"
    store.many(sql, [("cut", *pair) for pair in sorted(now - before)])
    store.many(sql, [("link", *pair) for pair in sorted(before - now)])


def _remap(root: dict[int, int], links: Iterable[Link], *, at: int, by: str) -> int:
    was: dict[int, int] = dict(
        store.rows("SELECT id, person FROM people_identity WHERE person <> id")  # type: ignore[arg-type]
    )
    moved = {i: p for i, p in root.items() if was.get(i, i) != p}
    moved |= {i: i for i in was if i not in root}
    if not moved:
        return 0
    best = _best(moved, root, links)
    lines = sorted(moved.items())
    store.many("UPDATE people_identity SET person = %s WHERE id = %s", [(p, i) for i, p in lines])
    store.many(
        "INSERT INTO people_mapped (identity, person, was, at, why, evidence, by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [(i, p, was.get(i, i), at, *_reason(i, best.get(i)), by) for i, p in lines],
    )
    return len(lines)


def _best(moved: dict[int, int], root: dict[int, int], links: Iterable[Link]) -> dict[int, Link]:
    best: dict[int, Link] = {}
    for link in links:
        if root[link.a] != root[link.b]:
            continue
        for end in (link.a, link.b):
            if end not in moved:
                continue
            kept = best.get(end)
            if kept is None or _order(link) < _order(kept):
                best[end] = link
    return best


def _order(link: Link) -> tuple[int, float]:
    return _RANK.get(link.rule, 3), -link.weight


def _reason(identity: int, link: Link | None) -> tuple[str, str]:
    if link is None:
        return "apart", ""
    other = link.b if identity == link.a else link.a
    return link.rule, f"identity {other}, {link.weight:.2f} bits"
