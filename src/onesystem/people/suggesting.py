"""Who may be one person with whom: one suggestion for two persons, however many records they have.

Two people of six records each can be alike in thirty-six pairs of records. An officer decides about
the two people, so they are asked once, by the pair that is most alike.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.access import Actor, record, require
from onesystem.district import folder
from onesystem.people import store
from onesystem.people.mapping import IdentityView, views
from onesystem.people.scorer import Line
from onesystem.people.weights import scorer_for

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Two identities that may be one person. `cut`: the weight is enough, but a rule is against.

    `pairs` is how many pairs of records of the same two persons wait for the same decision.
    """

    a: IdentityView
    b: IdentityView
    weight: float
    rule: str
    cut: bool
    evidence: tuple[Line, ...]
    pairs: int = 1


_LOW = "CASE WHEN x.person < y.person THEN x.person ELSE y.person END"
_HIGH = "CASE WHEN x.person < y.person THEN y.person ELSE x.person END"
_WAITING = (
    " FROM people_pair p JOIN people_identity x ON x.id = p.a JOIN people_identity y ON y.id = p.b"
    " WHERE p.state <> 'link' AND x.person <> y.person AND coalesce((SELECT r.together"
    " FROM people_ruling r JOIN people_decision d ON d.id = r.decision AND d.undone_at = 0"
    " WHERE r.a = p.a AND r.b = p.b ORDER BY r.decision DESC LIMIT 1), 1) = 1"
)
_BEST = (
    f"SELECT p.a, p.b, p.weight, p.rule, p.state, count(*) OVER same AS pairs,"
    f" row_number() OVER (same ORDER BY p.weight DESC, p.a, p.b) AS place{{where}}"
    f" WINDOW same AS (PARTITION BY {_LOW}, {_HIGH})"
)


def suggestions(
    by: Actor, *, person: int | None = None, least: float | None = None,
    without: Collection[Pair] = (), least_first: bool = False, limit: int = 50, start: int = 0,
) -> list[Suggestion]:  # fmt: skip
    """Two persons each that an officer should look at, of one person or of all.

    The most alike come first. `least` is the least weight, `without` names pairs of identities
    whose persons are left out; `start` says how many of the rest come before.
    """
    require(by, "people.merge")
    where, values = _waiting(person, least, without)
    way = "" if least_first else " DESC"
    rows = store.rows(
        f"SELECT a, b, weight, rule, state, pairs FROM ({_BEST.format(where=where)}) AS each"
        f" WHERE place = 1 ORDER BY weight{way}, a, b LIMIT %s OFFSET %s",
        [*values, limit, start],
    )
    found = _suggested(rows)
    record(by=by, act="matches.looked", person=person, detail={"pairs": len(found)})
    return found


def suggestions_count(by: Actor, *, least: float | None = None) -> int:
    """How many times two persons wait for a decision."""
    require(by, "people.merge")
    where, values = _waiting(None, least, ())
    each = f"SELECT DISTINCT {_LOW} AS low, {_HIGH} AS high{where}"
    return int(store.rows(f"SELECT count(*) FROM ({each}) AS each", values)[0][0])


def _waiting(
    person: int | None, least: float | None, without: Collection[Pair]
) -> tuple[str, list[Any]]:
    where, values = _WAITING, []
    if person is not None:
        where += " AND (x.person = %s OR y.person = %s)"
        values += [person, person]
    if least is not None:
        where += " AND p.weight >= %s"
        values.append(least)
    if apart := _persons(without):
        where += f" AND ({_LOW}, {_HIGH}) NOT IN (VALUES {', '.join(['(%s, %s)'] * len(apart))})"
        values += [end for pair in apart for end in pair]
    return where, values


def _persons(pairs: Collection[Pair]) -> list[Pair]:
    person = store.persons({end for pair in pairs for end in pair}) if pairs else {}
    return sorted({
        (min(ends), max(ends))
        for ends in ((person[a], person[b]) for a, b in pairs if a in person and b in person)
    })  # fmt: skip


def _suggested(rows: Sequence[tuple]) -> list[Suggestion]:
    ids = {end for row in rows for end in row[:2]}
    seen = {view.identity: view for view in views(ids)}
    records = store.records(ids)
    scorer = scorer_for(folder())
    return [
        Suggestion(
            a=seen[a], b=seen[b], weight=weight, rule=rule, cut=state == "cut", pairs=pairs,
            evidence=tuple(scorer.evidence(records[a], records[b])),
        )
        for a, b, weight, rule, state, pairs in rows
    ]  # fmt: skip
