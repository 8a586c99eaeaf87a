"""The demo's months: closed one after another, when all that lies in them is posted."""

from collections.abc import Callable

from onesystem.budget.funds import books, closing, queries
from onesystem.budget.funds.planning import Refused
from onesystem.budget.months import later
from onesystem.demo.budgeting.funds import FINANCE


def fund(say: Callable[[str], None]) -> None:
    """Close the year before, and this year's months but for the last two that are over."""
    this = queries.year_at()
    last = later(queries.this_month(), -3)
    some = [m for m in (*this.before.months, *this.months) if m <= last and not books.closed(m)]
    done = 0
    for month in some:
        try:
            closing.close(month=month, by=FINANCE, known=True)
        except Refused as refused:
            say(f"{month:%B %Y} stays open: {refused.what}")
            break
        done += 1
    if done:
        say(f"{done} months closed")
