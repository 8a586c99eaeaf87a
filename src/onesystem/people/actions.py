"""What a records officer decides about who is who. Each decision stands until it is undone.

A decision says of pairs of identities that they are together or apart. The map follows from all
decisions that stand and from all evidence, so new evidence, a replay, or another order of events
never loses one. Of two decisions on one pair, the later counts.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise, product

from django.db import transaction

from onesystem.access import Actor, require
from onesystem.people import store
from onesystem.people.linking import settle
from onesystem.people.mapping import identity_ids_of
from onesystem.people.reaching import rulings
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say

_MOST_PAIRS = 5000


@transaction.atomic
def merge(*, persons: Sequence[int], reason: str, by: Actor) -> int:
    """Say that these persons are one. Gives the number of the decision.

    Raises UserError where two of their verified national numbers differ.
    """
    require(by, "people.merge")
    groups = [_identities(person) for person in dict.fromkeys(persons)]
    if len(groups) < 2:
        raise UserError("it takes two persons to merge", "Choose at least two.")
    together = set()
    for first, second in combinations(groups, 2):
        together.add((first[0], second[0]))
        # An earlier "apart" of any two of them has to give way, or it would still stand between.
        together |= {pair for pair in product(first, second) if _is_apart(pair)}
    decision = _decide("merge", together=together, reason=reason, by=by)
    if len(set(store.persons(group[0] for group in groups).values())) > 1:
        raise UserError(
            "these persons have verified national numbers that differ",
            "Ask the source to correct or supersede one of the numbers, then merge.",
        )
    _audit("identities.merged", decision, persons=list(persons), by=by)
    return decision


@transaction.atomic
def unmerge(*, identities: Sequence[int], reason: str, by: Actor) -> int:
    """Say that these identities are another person than the rest of theirs."""
    require(by, "people.merge")
    leaving = sorted(set(identities))
    persons = set(store.persons(leaving).values())
    if len(persons) != 1:
        raise UserError("these identities are not of one person", "Unmerge them one by one.")
    (person,) = persons
    rest = [i for i in identity_ids_of(person) if i not in leaving]
    if not rest:
        raise UserError("nobody would be left", "Leave at least one identity where it is.")
    decision = _decide(
        "unmerge",
        together=set(pairwise(leaving)),
        apart=set(product(leaving, rest)),
        reason=reason,
        by=by,
    )
    _audit("identities.unmerged", decision, persons=[person], by=by)
    return decision


@transaction.atomic
def keep_apart(*, identities: Sequence[int], reason: str, by: Actor) -> int:
    """Say that no two of these identities are one person, whatever evidence may come."""
    require(by, "people.merge")
    distinct = sorted(set(identities))
    if len(distinct) < 2:
        raise UserError("it takes two identities to keep apart", "Choose at least two.")
    persons = sorted(set(store.persons(distinct).values()))
    decision = _decide("apart", apart=set(combinations(distinct, 2)), reason=reason, by=by)
    _audit("identities.kept-apart", decision, persons=persons, by=by)
    return decision


@transaction.atomic
def keep_persons_apart(*, persons: Sequence[int], reason: str, by: Actor) -> int:
    """Say that these persons are different people: no record of one is ever another's."""
    require(by, "people.merge")
    groups = [_identities(person) for person in dict.fromkeys(persons)]
    if len(groups) < 2:
        raise UserError("it takes two persons to keep apart", "Choose at least two.")
    apart = {pair for first, second in combinations(groups, 2) for pair in product(first, second)}
    decision = _decide("apart", apart=apart, reason=reason, by=by)
    _audit("identities.kept-apart", decision, persons=list(persons), by=by)
    return decision


@transaction.atomic
def undo(*, decision: int, by: Actor, reason: str = "") -> None:
    """Take a decision back; what it ruled follows the evidence again."""
    require(by, "people.merge")
    found = store.rows("SELECT undone_at FROM people_decision WHERE id = %s", [decision])
    if not found:
        raise NotFound(
            say("there is no decision {decision}", decision=decision),
            "See the history of the person.",
        )
    if found[0][0]:
        raise UserError(
            say("decision {decision} has been undone already", decision=decision),
            "Nothing needs doing.",
        )
    at = store.now()
    store.lock_map()
    store.run(
        "UPDATE people_decision SET undone_at = %s, undone_by = %s, undone_reason = %s"
        " WHERE id = %s",
        [at, by.name, reason, decision],
    )
    pairs = store.rows("SELECT a, b FROM people_ruling WHERE decision = %s", [decision])
    touched = {end for pair in pairs for end in pair}
    settle(touched, at=at, by=by.name, why="undone")
    _audit("decision.undone", decision, persons=sorted(set(store.persons(touched).values())), by=by)


def _identities(person: int) -> list[int]:
    ids = identity_ids_of(person)
    if not ids:
        raise NotFound(
            say("there is no person {person}", person=person),
            "It may have been merged: search again.",
        )
    return ids


def _is_apart(pair: tuple[int, int]) -> bool:
    return rulings([min(pair)]).get((min(pair), max(pair))) is False


def _decide(
    act: str,
    *,
    together: Iterable[tuple[int, int]] = (),
    apart: Iterable[tuple[int, int]] = (),
    reason: str,
    by: Actor,
) -> int:
    if not reason.strip():
        raise UserError("a decision needs a reason", "Say in a few words how you know.")
    ruled = {(min(p), max(p)): 0 for p in apart} | {(min(p), max(p)): 1 for p in together}
    if len(ruled) > _MOST_PAIRS:
        raise UserError(
            say("{ruled} pairs are too many at once", ruled=len(ruled)),
            "Decide on fewer identities.",
        )
    known = store.persons({end for pair in ruled for end in pair})
    for end in {end for pair in ruled for end in pair}:
        if end not in known:
            raise NotFound(
                say("there is no identity {end}", end=end), "See the person's page for the ids."
            )
    at = store.now()
    store.lock_map()
    decision = int(
        store.rows(
            "INSERT INTO people_decision (act, reason, by, at, undone_by, undone_at,"
            " undone_reason) VALUES (%s, %s, %s, %s, '', 0, '') RETURNING id",
            [act, reason.strip(), by.name, at],
        )[0][0]
    )
    store.many(
        "INSERT INTO people_ruling (decision, a, b, together) VALUES (%s, %s, %s, %s)",
        [(decision, *pair, side) for pair, side in sorted(ruled.items())],
    )
    settle({end for pair in ruled for end in pair}, at=at, by=by.name, why=act)
    return decision


def _audit(act: str, decision: int, *, persons: Sequence[int], by: Actor) -> None:
    from onesystem.access import record

    for person in persons:
        record(by=by, act=act, what=f"decision {decision}", person=person,
               detail={"persons": list(persons)})  # fmt: skip
