"""What can be done with costs: work them out, and post a month of them."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.costing import queries
from onesystem.budget.costing.posting import CONTACTS, UNUSED, WORDS, Row, cause, many_posted
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger.entry import ACTUAL, Leg
from onesystem.budget.ledger.store import turn
from onesystem.vocabulary import UserError

_MOST = 20_000  # legs in one posting

if TYPE_CHECKING:
    from onesystem.budget.costing.refreshing import Refreshed

__all__ = ["post_month", "refresh"]


def refresh(
    *, by: Actor, day: date | None = None, say: Callable[[str], None] = lambda _: None
) -> "Refreshed":
    """Cost what is new or changed. Raises NoRate where a rate is missing; then nothing changed."""
    from onesystem.budget.costing import refreshing  # brings the engines: not for a page

    return refreshing.refresh(by=by, day=day, say=say)


def post_month(*, month: date, by: Actor, into: date | None = None) -> list[int]:
    """Post what a month cost to the actual book, by service and line; gives the postings' numbers.

    Only what is not posted yet: again posts nothing, and after corrections the difference. Of a
    closed month the difference goes `into` an open one. What no budget line pays for is left, and
    `queries.reconcile` says so.
    """
    access.require(by, "budget.move")
    if month.day != 1:
        raise UserError(f"{month} is no month", "Give the first day of one.")
    queries.require_costed(month, "Post it when it is over and costed.")
    with turn(by):
        told = queries.reconcile(month)
        if told.closed and into is None and any(row.left and row.line for row in told.rows):
            raise UserError(
                f"{month:%B %Y} is closed, and its costs changed since",
                "Say into which open month the difference goes.",
            )
        numbers = [
            _post(month, into or month, kind, [r for r in told.rows if r.kind == kind], by)
            for kind in (CONTACTS, UNUSED)
        ]
    return [number for number in numbers if number]


def _post(month: date, into: date, kind: str, rows: list[Row], by: Actor) -> int:
    legs = []
    for row in rows:
        if row.left and row.line:
            at = {"line": row.line, "organisation": row.organisation, "service": row.service,
                  "setting": row.setting}  # fmt: skip
            legs += [Leg("spent", row.left, **at), Leg("owed", -row.left, **at)]
    if not legs:
        return 0
    if len(legs) > _MOST:
        raise UserError("more services than one posting holds", "Join services in the directory.")
    number = many_posted(month, kind)
    again = ", the difference since" if number else ""
    return ledger.post(
        book=ACTUAL, month=into, legs=legs, by=by,
        words=f"Costing of {month:%B %Y}: {WORDS[kind]}{again}",
        key=f"{cause(month, kind)}:{number}", cause=cause(month, kind),
    )  # fmt: skip
