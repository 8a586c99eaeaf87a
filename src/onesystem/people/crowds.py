"""Crowds: records that agree on so much with so many that agreeing says nothing.

A nursery that fills in 1900-01-01, a flood of "Unknown", a fuzz: beyond `blocking.MOST` records a
block is not compared by its rule any more, and a group that nothing but likeness holds is not one
person. Nothing is lost by it: every record is there, what other rules find is compared, and each
crowd is kept here for an officer to look at. One that shrinks is worked out again.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from onesystem.access import Actor, record, require
from onesystem.people import blocking, store
from onesystem.people.blocking import Block
from onesystem.people.waiting import mark_pending

# The rule of a group that likeness alone holds. It says its lowest identity; nothing while it waits
# to be worked out.
LIKENESS = ("likeness",)
_BETWEEN = "\x1f"
_CROWD = {"rule": "text", "said": "text", "members": "bigint", "at": "bigint"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What `members` records agree on: the `rule`'s fields and what they say, and since when.

    `at` is in microseconds.
    """

    rule: blocking.Rule
    said: tuple[str, ...]
    members: int
    at: int


def kept(by: Actor) -> list[Crowd]:
    """All crowds there are, the largest first. Audited, because what they say may be names."""
    require(by, "people.merge")
    found = [
        Crowd(rule=rule, said=said, members=_count((rule, said), members), at=at)
        for (rule, said), (members, at) in _known().items()
    ]
    record(by=by, act="crowds.looked", detail={"crowds": len(found)})
    return sorted(found, key=lambda each: (-each.members, each.rule, each.said))


def note(found: Collection[Block], *, at: int) -> set[int]:
    """Keep crowds that were found; gives all members of those that were none before.

    These were compared by a rule that is one no more, and have to be judged again.
    """
    if not found:
        return set()
    known = _known()
    new = [block for block in dict.fromkeys(found) if block not in known]
    members: set[int] = set()
    for block in new:
        here = _members(block)
        _keep(block, len(here), at)
        members |= here
    return members


def note_groups(sizes: Iterable[tuple[int, int]], *, at: int) -> None:
    """Keep the groups that likeness alone holds, as they now are: (lowest identity, members)."""
    store.run("DELETE FROM people_crowd WHERE rule = %s", [_text(LIKENESS)])
    for lowest, members in sizes:
        _keep((LIKENESS, (str(lowest),)), members, at)


def wait(members: int, *, at: int) -> None:
    """Keep that likeness led to a crowd, of whom so many are new; `settling` works it out."""
    _keep((LIKENESS, ("",)), members, at)


def waits() -> bool:
    """Whether a crowd waits to be worked out."""
    sql = "SELECT 1 FROM people_crowd WHERE rule = %s AND said = ''"
    return bool(store.rows(sql, [_text(LIKENESS)]))


def let_go() -> None:
    """Forget blocks that are crowds no more; their records wait to be worked out again."""
    for block in _known():
        if block[0] == LIKENESS:
            continue
        here = _members(block, most=blocking.MOST + 1)
        if len(here) <= blocking.MOST:
            store.run(
                "DELETE FROM people_crowd WHERE rule = %s AND said = %s", list(map(_text, block))
            )
            mark_pending(here)


def _text(words: Iterable[str]) -> str:
    return _BETWEEN.join(words)


def _known() -> dict[Block, tuple[int, int]]:
    rows = store.rows("SELECT rule, said, members, at FROM people_crowd")
    return {
        (tuple(rule.split(_BETWEEN)), tuple(said.split(_BETWEEN))): (members, at)
        for rule, said, members, at in rows
    }


def _keep(block: Block, members: int, at: int) -> None:
    line = (*map(_text, block), members, at)
    store.insert("people_crowd", _CROWD, [line], "ON CONFLICT (rule, said) DO NOTHING")


def _members(block: Block, *, most: int | None = None) -> set[int]:
    rule, said = block
    sql = f"{blocking.agreeing_sql(rule)}{f' LIMIT {most}' if most else ''}"
    return {row[0] for row in store.rows(sql, blocking.lookup_values(rule, said))}


def _count(block: Block, counted: int) -> int:
    rule, said = block
    if rule == LIKENESS:
        return counted
    sql = f"SELECT count(*) FROM ({blocking.agreeing_sql(rule)}) AS each"
    return int(store.rows(sql, blocking.lookup_values(rule, said))[0][0])
