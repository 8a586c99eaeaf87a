"""What a settlement moves, as entries of the ledger: a correction in the month it is about.

Between purses what was spent moves from the one that paid meanwhile to the other. What the person
pays is charged, and owed to the purse that paid; the person is a key, never a name. A month that is
closed takes no entry: the correction goes into the first open month, and says which it is for.
"""

from collections.abc import Sequence
from datetime import date

from onesystem.access import Actor
from onesystem.budget.entitlement.moving import Moved
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger import queries as books
from onesystem.budget.ledger.entry import ACTUAL, Leg, Posting
from onesystem.district import current
from onesystem.vocabulary.said import say, say_date

_KINDS = {
    "council": ("council", say("local authority")),
    "nhs": (say("integrated care board"), "health"),
}


def post(moved: Sequence[Moved], person_key: str, step: int, *, by: Actor) -> list[int]:
    """Post them, all or nothing; gives the numbers of the postings."""
    if not moved:
        return []
    open_from = books.first_open() or date.min
    return ledger.post_many([_posting(each, person_key, step, open_from) for each in moved], by=by)


def _posting(each: Moved, key: str, step: int, open_from: date) -> Posting:
    month = max(each.month, open_from)
    late = (
        say(", for {month}, which is closed", month=say_date(each.month, "%B %Y"))
        if month != each.month
        else ""
    )
    pays = organisation_of(each.meanwhile)
    if each.purse == "person":
        legs = (Leg("owed", each.amount, organisation=pays, person_key=key),
                Leg("charged", -each.amount, organisation=pays, person_key=key))  # fmt: skip
    else:
        to = organisation_of(each.purse)
        legs = (Leg("spent", each.amount, organisation=to, person_key=key),
                Leg("spent", -each.amount, organisation=pays, person_key=key))  # fmt: skip
    return Posting(
        ACTUAL,
        month,
        legs,
        say(
            "Payer settled: {purse} instead of {meanwhile}{late}",
            purse=each.purse,
            meanwhile=each.meanwhile,
            late=late,
        ),
        f"charges/{key}/{step}/{each.month:%Y-%m}/{each.meanwhile}/{each.purse}",
        f"charges/{key}",
    )


def organisation_of(purse: str) -> str:
    """The organisation of the district behind a purse, by its kind; the purse's name if none."""
    for kind in _KINDS.get(purse, ()):
        for code, each in current().organisations.items():
            if kind in str(getattr(each, "kind", "")).lower():
                return code
    return purse
