"""Closing a month: what has to be done before, what is left over, and then the close itself.

A month closes when it is over and every one before it is closed. Costs that are not posted stop it.
What is left over of a reconciliation, and settlements that nobody posted, are shown: somebody says
that they are known, and closes all the same.
"""

from dataclasses import dataclass
from datetime import date

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.funds import books, costed, tied
from onesystem.budget.funds.planning import Refused, says
from onesystem.budget.funds.reading import this_month
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger import queries
from onesystem.budget.ledger.checklist import Item, register
from onesystem.budget.months import later

DONE, KNOWN, STOPS = "done", "known", "stops"  # how a step stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to look at before a month closes. `stops` has to be done, `known` be looked at."""

    name: str
    state: str
    words: str
    to: str = ""


def checklist(month: date) -> list[Step]:
    """Everything to look at, in the order to do it."""
    return [
        _over(month), _before(month), *_costs(month), _settlements(month), _chain(),
    ]  # fmt: skip


def close(*, month: date, by: Actor, known: bool = False) -> None:
    """Close a month. `known` says that what is left over was looked at. Raises Refused."""
    access.require(by, "budget.move")
    steps = checklist(month)
    for step in (each for each in steps if each.state == STOPS):
        raise Refused(step.name.lower(), step.words, "Do this first, then close the month.")
    for step in (each for each in steps if each.state == KNOWN and not known):
        raise Refused(step.name.lower(), step.words, "Say that what is left over is known.")
    ledger.close(month=month, by=by)


def _over(month: date) -> Step:
    over = month < this_month()
    words = "It is over." if over else f"It ends on {later(month, 1):%-d %B %Y}."
    return Step(name="The month is over", state=DONE if over else STOPS, words=words)


def _before(month: date) -> Step:
    before = [m for m in queries.months() if m.month < month and not m.closed]
    if not before:
        return Step(name="Months before are closed", state=DONE, words="All of them.")
    words = f"{before[0].month:%B %Y} is open, and closes with this one."
    return Step(name="Months before are closed", state=KNOWN, words=words)


def _costs(month: date) -> list[Step]:
    found = costed.reconciled(month)
    if found is None:
        return [Step(name="Costs are posted", state=KNOWN, words="Nothing is costed yet.",
                     to="/budget/costs/")]  # fmt: skip
    to = f"/budget/costs/months/{month:%Y-%m}/"
    due = found.contacts + found.unused
    nobodys = sum(row.left for row in found.rows if not row.line)
    waits = sum(abs(row.left) for row in found.rows if row.line)
    posted = Step(
        name="Costs are posted", state=STOPS if waits else DONE, to=to,
        words=f"{says(found.posted)} of {says(due)} that contacts and capacity cost is in the "
              f"ledger{f'; {says(waits)} is not posted, or changed since' if waits else ''}.",
    )  # fmt: skip
    words = "Costed contacts and the ledger agree to the penny."
    if nobodys:
        words = f"{says(nobodys)} is left over: no budget line pays for those services."
    return [posted, Step(name="Costs and ledger agree", state=KNOWN if nobodys else DONE,
                         words=words, to=to)]  # fmt: skip


def _settlements(month: date) -> Step:
    some = tied.unposted(month)
    if not some:
        return Step(name="Settlements are posted", state=DONE, words="None is waiting.")
    return Step(name="Settlements are posted", state=KNOWN, words="; ".join(some) + ".",
                to="/contracts/")  # fmt: skip


def _chain() -> Step:
    wrong = queries.verify()
    if not wrong:
        return Step(name="The ledger's chain is whole", state=DONE, words="Every posting fits.")
    return Step(name="The ledger's chain is whole", state=STOPS, words=wrong[0])


def _item(step: Step) -> Item:
    done = None if step.state == KNOWN else step.state == DONE
    return Item(step.name, done, step.words, step.to)


def connect() -> None:
    """Show the same on the ledger's own page of a month."""
    register(_posted_item)
    register(_settled_item)


def _posted_item(month: date) -> Item:
    worst = (STOPS, KNOWN, DONE)
    return _item(min(_costs(month), key=lambda step: worst.index(step.state)))


def _settled_item(month: date) -> Item:
    return _item(_settlements(month))


def closed(month: date) -> bool:
    """Whether a month is closed."""
    return books.closed(month)
