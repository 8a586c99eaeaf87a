"""What the demo's funders committed: the help after a fall is paid for, advice needed no money.

The design without a payment line stays as it is: agreed, and open for all to see that it waits.
"""

from collections.abc import Callable

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.commit import actions, queries
from onesystem.alliance.commit.standing import Line
from onesystem.alliance.meeting import queries as meeting
from onesystem.alliance.meeting.queries import Decision
from onesystem.budget.funds import queries as funds
from onesystem.budget.ledger import queries as ledger
from onesystem.demo.agreeing import sharing
from onesystem.demo.delivering.ago import ago

_PAID = 21  # days ago


def agree(say: Callable[[str], None]) -> None:
    """Let funders confirm what they are asked for, and what needs no money go live."""
    sharing.share(say)
    clerk = _actor("contracts")
    waits = [each for each in meeting.decisions(state="agreed") if not each.row.funds]
    if clerk is None or not waits:
        return
    with ago(_PAID):
        for each in waits:
            if each.funding == "none":
                actions.resource(decision=each.number, by=clerk)
            elif each.asks:
                _confirmed(each)
    live = [each.number for each in meeting.decisions(state="resourced")]
    held = sum(row.amount for n in live for row in _reserved(n))
    say(f"{len(live)} decisions resourced, {held / 100:,.0f} reserved for them")


def _reserved(number: int) -> list:  # type: ignore[type-arg]
    row = queries.resourced(number)
    return list(row.reserved.all()) if row else []


def _confirmed(found: Decision) -> None:
    seats = {s.commands: s.username for s in charter.standing(found.alliance).members if s.commands}
    for each in queries.standing(found).lines:
        by = _actor(seats.get(each.ask.funder, ""))
        line = _line(each)
        if by is None or not line:
            return
        ask = each.ask
        actions.confirm(decision=found.number, nth=each.nth, amount=ask.amount, since=ask.since,
                        until=ask.until, line=line, by=by)  # fmt: skip


def _line(each: Line) -> str:
    """The line that is asked for; else the one with most left of the fund that fits the funder."""
    if each.ask.line:
        return each.ask.line
    fund = "council" if each.ask.funder == "council" else "nhs"
    mine = [line for line in funds.lines() if line.fund == fund] or list(funds.lines())
    own = [line for line in mine if line.organisation == each.ask.funder]
    for some in (own, mine):
        most = max((line.code for line in some), key=ledger.available, default="")
        if most and ledger.available(most) >= each.ask.amount:
            return most
    return ""


def _actor(username: str) -> Actor | None:
    found = User.objects.filter(username=username).first()
    return Actor.of(found) if found else None
