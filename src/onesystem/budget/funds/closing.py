"""Closing a month: what has to be done before, what is left over, and then the close itself.

A month closes when it is over. Costs that are not posted stop it, its own and those of the months
that close with it, on whatever page or command it is closed: unless whoever closes it names the
override and says why, which the trail keeps.
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
from onesystem.vocabulary.said import say, say_date

DONE, KNOWN, STOPS = "done", "known", "stops"  # how a step stands
UNPOSTED = "costs-unposted"  # the name of the override


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to look at before a month closes. `stops` has to be done, `known` be looked at."""

    name: str
    state: str
    words: str
    to: str = ""
    override: str = ""


def checklist(month: date) -> list[Step]:
    """Everything to look at, in the order to do it."""
    return [
        _over(month), _before(month), *_costs(month), _settlements(month), _chain(),
    ]  # fmt: skip


def close(
    *, month: date, by: Actor, known: bool = False, override: str = "", why: str = ""
) -> None:  # fmt: skip
    """Close a month. `known` says that what is left over was looked at; `override` names what
    stops it and is known to, with the reason `why`. Raises Refused.
    """
    access.require(by, "budget.move")
    steps = checklist(month)
    for step in (each for each in steps if each.state == STOPS):
        if step.override and step.override == override:
            if not why.strip():
                raise Refused(step.name.lower(), "closing all the same needs a reason",
                              "Write why; it is kept in the trail.")  # fmt: skip
            continue
        raise Refused(step.name.lower(), step.words, "Do this first, then close the month.")
    for step in (each for each in steps if each.state == KNOWN and not known):
        raise Refused(step.name.lower(), step.words, "Say that what is left over is known.")
    ledger.close(month=month, by=by, override=override, why=why)


def _over(month: date) -> Step:
    over = month < this_month()
    words = (
        say("It is over.")
        if over
        else say("It ends on {later}.", later=say_date(later(month, 1), "%-d %B %Y"))
    )
    return Step(name=say("The month is over"), state=DONE if over else STOPS, words=words)


def _before(month: date) -> Step:
    before = [m for m in queries.months() if m.month < month and not m.closed]
    if not before:
        return Step(name=say("Months before are closed"), state=DONE, words=say("All of them."))
    words = say(
        "{month} is open, and closes with this one.", month=say_date(before[0].month, "%B %Y")
    )
    return Step(name=say("Months before are closed"), state=KNOWN, words=words)


def _costs(month: date) -> list[Step]:
    found = costed.reconciled(month)
    if found is None:
        return [Step(name=say("Costs are posted"), state=KNOWN, words=say("Nothing is costed yet."),
                     to="/budget/costs/")]  # fmt: skip
    to = f"/budget/costs/months/{month:%Y-%m}/"
    due = found.contacts + found.unused
    nobodys = sum(row.left for row in found.rows if not row.line)
    waits = sum(abs(row.left) for row in found.rows if row.line)
    earlier = _unposted_before(month)
    posted = Step(
        name=say("Costs are posted"),
        state=STOPS if waits or earlier else DONE,
        to=to,
        override=UNPOSTED if waits or earlier else "",
        words=say(
            "{says} of {says2} that contacts and capacity cost is in the "
            "ledger{if_waits}.{if_earlier}",
            says=says(found.posted),
            says2=says(due),
            if_waits=say("; {says} is not posted, or changed since", says=says(waits))
            if waits
            else "",
            if_earlier=f" {earlier}" if earlier else "",
        ),
    )
    words = say("Costed contacts and the ledger agree to the penny.")
    if nobodys:
        words = say(
            "{says} is left over: no budget line pays for those services.", says=says(nobodys)
        )
    return [posted, Step(name=say("Costs and ledger agree"), state=KNOWN if nobodys else DONE,
                         words=words, to=to)]  # fmt: skip


def _unposted_before(month: date) -> str:
    """Open months that close with this one, and have costs that are not posted; in words."""
    found = []
    for before in queries.months():
        if before.closed or before.month >= month:
            continue
        told = costed.reconciled(before.month)
        if told and any(row.left and row.line for row in told.rows):
            found.append(before.month)
    if not found:
        return ""
    others = say(" and {found} more", found=len(found) - 1) if len(found) > 1 else ""
    return say(
        "{found}{others} would close with it, and their costs are not posted.",
        found=say_date(found[0], "%B %Y"),
        others=others,
    )


def _settlements(month: date) -> Step:
    some = tied.unposted(month)
    if not some:
        return Step(name=say("Settlements are posted"), state=DONE, words=say("None is waiting."))
    return Step(name=say("Settlements are posted"), state=KNOWN, words="; ".join(some) + ".",
                to="/contracts/")  # fmt: skip


def _chain() -> Step:
    wrong = queries.verify()
    if not wrong:
        return Step(
            name=say("The ledger's chain is whole"), state=DONE, words=say("Every posting fits.")
        )
    return Step(name=say("The ledger's chain is whole"), state=STOPS, words=wrong[0])


def _item(step: Step) -> Item:
    done = None if step.state == KNOWN else step.state == DONE
    return Item(step.name, done, step.words, step.to, must=step.state == STOPS,
                override=step.override)  # fmt: skip


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
