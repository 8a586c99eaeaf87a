"""A settlement worked out of what was kept: terms, facts, what was owed already. Pure.

The same that was kept gives the same lines, however many years later: nothing else is asked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.budget.contracts.terming import QUALITY, SHARED
from onesystem.budget.terms import codec
from onesystem.budget.terms.settlement import Line
from onesystem.budget.terms.settling import settle
from onesystem.budget.terms.terms import Facts, Terms
from onesystem.vocabulary.said import say

FORMAT = "onesystem.settled.1"
ALREADY = "owed already"
_FACT = re.compile(r"fact ([\w.-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Already:
    """What the ledger owes to a party already for the period; `fact` is where it is told."""

    party: str
    amount: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """The lines, what is due to each party, and what of it is still to be paid."""

    lines: tuple[Line, ...]
    due: Mapping[str, int]
    balance: Mapping[str, int]


def worked(terms: Terms, facts: Facts, already: Sequence[Already]) -> Worked:
    """Settle the facts by the terms, and take off what was owed already."""
    made = settle(terms, facts)
    due = {party.code: made.by_party.get(party.code, 0) for party in terms.parties}
    lines = list(made.lines)
    balance = dict(due)
    for each in already:
        words = say("What the ledger owes to it already for these months")
        line = Line(ALREADY, words, each.source, -each.amount, each.party, terms.payer)
        lines.append(line)
        balance[line.party] = balance.get(line.party, 0) + line.amount
        balance[line.against] = balance.get(line.against, 0) - line.amount
    return Worked(lines=tuple(lines), due=due, balance=balance)


def kept(
    terms: Terms, facts: Facts, already: Sequence[Already], origins: Sequence[Any], found: Worked
) -> dict[str, Any]:
    """All that a settlement keeps, as JSON would have it; `again` gives its lines back."""
    return {
        "format": FORMAT,
        "terms": codec.terms_json(terms),
        "facts": codec.facts_json(facts),
        "already": [[each.party, each.amount, each.source] for each in already],
        "origins": list(origins),
        "due": dict(found.due),
        "balance": dict(found.balance),
    }


def again(said: Mapping[str, Any]) -> Worked:
    """The settlement of what was kept, worked out once more."""
    already = [
        Already(party=party, amount=amount, source=source)
        for party, amount, source in said["already"]
    ]
    return worked(codec.terms_of(said["terms"]), codec.facts_of(said["facts"]), already)


def fact_of(line: Line) -> str:
    """The fact that a line stands on; empty where it stands on the line above it."""
    if found := _FACT.search(line.source):
        return found[1]
    return QUALITY if line.rule == SHARED and line.words.startswith(QUALITY) else ""


def source_of(fact: str, words: str) -> str:
    """What is said of where a fact comes from, so that its line finds it."""
    return say("{words} (fact {fact})", words=words, fact=fact)
