"""A settlement in the ledger: what is still to be paid, from the budget line to each party.

One posting, whose legs sum to nothing because the balances of the parties do. It lies in the last
month of the period, or in the first open one where that is closed.
"""

from datetime import date

from onesystem.access import Actor
from onesystem.budget.contracts import owing
from onesystem.budget.contracts.agreement import Agreement
from onesystem.budget.contracts.queries import Settled
from onesystem.budget.ledger import actions, queries
from onesystem.budget.ledger.entry import ACTUAL, Leg
from onesystem.budget.months import later
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_date


def key_of(slug: str, settlement: int) -> str:
    """What the ledger knows the posting of a settlement by."""
    return f"settlement:{slug}:{settlement}"


def posted(slug: str, made: Agreement, one: Settled, *, by: Actor) -> list[int]:
    """Post what is still to be paid; the numbers of the postings, none where nothing is."""
    legs = _legs(slug, made, one)
    if not legs:
        return []
    if not made.line:
        raise UserError(
            "no budget line pays for this contract",
            "Write the line into its next version, or have the gate's question answered.",
        )
    row = one.row
    last = later(row.until, -1)
    words = say(
        "{name}: settlement {settlement}, {since} to {last}",
        name=made.name,
        settlement=row.settlement,
        since=say_date(row.since, "%B %Y"),
        last=say_date(last, "%B %Y"),
    )
    key = key_of(slug, row.settlement)
    number = actions.post(
        book=ACTUAL, month=_month(last), legs=legs, words=words[:500], by=by, key=key, cause=key
    )
    return [number]


def _legs(slug: str, made: Agreement, one: Settled) -> list[Leg]:
    about = {"line": made.line, "contract": slug,
             "decision": f"{owing.SETTLED}{one.row.settlement}"}  # fmt: skip
    paying = set(made.funders)
    return [
        Leg("spent" if party in paying else "owed", -amount, organisation=party, **about)
        for party, amount in one.balance.items()
        if amount
    ]


def _month(last: date) -> date:
    return max(last, queries.first_open() or last)


def reversed_(number: int, *, why: str, by: Actor) -> None:
    """Reverse a posting of a settlement."""
    actions.correct(posting=number, by=by, why=why or "the settlement was corrected")
