"""A small ledger in words, for the tests that write to one."""

from datetime import date

from onesystem.access import Actor
from onesystem.budget.ledger import actions
from onesystem.budget.ledger.entry import Leg, Posting

ANN = Actor("ann", frozenset({"finance"}))
APRIL, MAY, JUNE = (date(2026, month, 1) for month in (4, 5, 6))
OCTOBER = date(2026, 10, 1)  # the last month that is over, by the clock of the tests


def opening(amount=100_000, line="ed", month=APRIL, fund="pool"):
    """Money from the commissioner, on a line."""
    return Posting("plan", month, (
        Leg("budget", amount, line=line, fund=fund, organisation="hospital"),
        Leg("contributed", -amount, fund=fund, organisation="commissioner"),
    ), "Opening budget")  # fmt: skip


def funded(amount=100_000, line="ed", **more):
    """A line with money on it."""
    made = opening(amount, line, **more)
    return actions.post(book=made.book, month=made.month, legs=made.legs, words=made.words, by=ANN)


def bill(amount, line="ed", month=APRIL, **more):
    """What the hospital is owed."""
    return Posting("actual", month, (
        Leg("spent", amount, line=line, fund="pool", organisation="hospital"),
        Leg("owed", -amount, fund="pool", organisation="hospital"),
    ), "A bill", **more)  # fmt: skip
