"""What can be done: a funder confirms, takes it back; a decision is set going, or stopped.

A funder's word stands by itself. Whether the decision can then be set going is asked at once: every
amount confirmed, every month of it reserved in the ledger, every change carried out, the review
opened and the decision marked, in one transaction; where anything is refused, nothing was done, the
words of the funders stand, and the reason is there for all to see.

The ledger's line of writers is taken first, then the register's: who confirms and who withdraws at
the same moment come one after the other, on both stores.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from onesystem import access, budget
from onesystem.access import Actor
from onesystem.access.notices.telling import notify
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.charter.keeping import words as worded
from onesystem.alliance.charter.standing import Member
from onesystem.alliance.commit import carrying, queries
from onesystem.alliance.commit.carrying import Cause
from onesystem.alliance.commit.rows import (
    CarriedOut,
    FunderWord,
    Hindered,
    ReservedMonth,
    Resourced,
)
from onesystem.alliance.commit.standing import CONFIRMED, WITHDRAWN, Line, by_month
from onesystem.alliance.meeting import changes
from onesystem.alliance.meeting import queries as meeting
from onesystem.alliance.meeting.queries import Decision
from onesystem.alliance.meeting.store import turn as register_turn
from onesystem.budget.funds import queries as funds
from onesystem.budget.ledger.store import turn as ledger_turn
from onesystem.district import current, now
from onesystem.vocabulary import Money, NotFound, NotPermitted, UserError, nearest, to_local
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a word: whether the decision was set going; else who or what is missing."""

    resourced: bool
    missing: tuple[str, ...] = ()
    hindered: str = ""
    cure: str = ""


@contextmanager
def _in_turn(by: Actor) -> Iterator[None]:
    with transaction.atomic(), ledger_turn(by), register_turn():
        yield


def confirm(
    *, decision: int, nth: int, amount: int, since: date, until: date, line: str, by: Actor
) -> Outcome:
    """A funder confirms an amount, its months and the line that it comes from.

    Raises NotPermitted for whoever does not command that funder's money, and UserError where it is
    not what was asked for: less, or other months, is another proposal.
    """
    access.require(by, "alliance.fund")
    with _in_turn(by):
        asked = _open(decision, nth)
        _commands(asked, by, amount, meeting.decision(decision).alliance)
        _as_asked(asked, amount, since, until)
        _line(line)
        _say(decision, asked, CONFIRMED, line, "", by)
    return resource(decision=decision, by=by)


def withdraw(*, decision: int, nth: int, reason: str, by: Actor) -> None:
    """A funder takes its word back, before the money is reserved. Raises UserError after it."""
    access.require(by, "alliance.fund")
    with _in_turn(by):
        asked = _open(decision, nth)
        _commands(asked, by, 0, meeting.decision(decision).alliance)
        if asked.state != CONFIRMED:
            raise UserError("nothing is confirmed that could be taken back", "Look at it again.")
        _say(decision, asked, WITHDRAWN, asked.word.line if asked.word else "",
             worded(reason, say("why it is withdrawn")), by)  # fmt: skip


def _open(decision: int, nth: int) -> Line:
    """An amount that is asked for, while a funder may still say something of it."""
    found = meeting.decision(decision)
    if found.state != "agreed":
        raise UserError(
            say("decision {decision} is {state}", decision=decision, state=found.state),
            "Its money is reserved: bring a proposal to change it."
            if found.state == "resourced" else "Nothing is asked of funders any more.",
        )  # fmt: skip
    lines = queries.standing(found).lines
    if not 0 <= nth < len(lines):
        raise NotFound(
            say("decision {decision} asks for no such amount", decision=decision),
            "Load the page again.",
        )
    return lines[nth]


def _commands(asked: Line, by: Actor, amount: int, alliance: str) -> Member | None:
    """Whoever commands that party's money, up to that much. Raises NotPermitted."""
    if by.is_job:
        return None
    seat = charter.member_of(by, alliance)
    if seat is None or seat.commands != asked.ask.funder:
        party = charter.standing(alliance).party(asked.ask.funder)
        raise NotPermitted(
            say(
                "you do not command the money of {if_party}",
                if_party=party.name if party else asked.ask.funder,
            ),
            "Whoever sits for it confirms.",
        )
    if seat.barred:
        raise NotPermitted(
            say("you may not decide now: {barred}", barred=seat.barred), "Ask the chair."
        )
    if seat.most and amount > seat.most:
        most, whole = (Money(each, current().currency) for each in (seat.most, amount))
        raise NotPermitted(
            say("you may commit up to {most}, and this is {whole}", most=most, whole=whole),
            "Ask whoever stands behind you to have your limit raised in the charter.",
        )
    return seat


def _as_asked(asked: Line, amount: int, since: date, until: date) -> None:
    ask = asked.ask
    if (amount, since, until) != (ask.amount, ask.since, ask.until):
        whole = Money(ask.amount, current().currency)
        raise UserError(
            say(
                "{whole} for {since} to {until} was agreed",
                whole=whole,
                since=say_date(ask.since, "%B %Y"),
                until=say_date(ask.until, "%B %Y"),
            ),
            "Confirm that, or bring a proposal for what you can commit.",
        )


def _line(code: str) -> None:
    if not code:
        raise UserError("no line of the budget was chosen", "Choose the one that it comes from.")
    known = {each.code for each in funds.lines()}
    if code not in known:
        raise UserError(
            say("there is no budget line {code}", code=repr(code)), nearest(code, known)
        )


def _say(decision: int, asked: Line, said: str, line: str, reason: str, by: Actor) -> None:
    ask = asked.ask
    FunderWord.objects.create(
        decision_id=decision, nth=asked.nth, party=ask.funder, said=said, amount=ask.amount,
        since=ask.since, until=ask.until, line=line, reason=reason, at=to_micros(now()), by=by.name,
    )  # fmt: skip
    access.record(
        by=by, act=f"alliance.funding-{said}", what=f"decision {decision}",
        detail={"funder": ask.funder, "amount": ask.amount, "line": line},
    )  # fmt: skip


def resource(*, decision: int, by: Actor) -> Outcome:
    """Set a decision going where every funder has confirmed; all of it, or nothing and the reason.

    Anybody who may fund, and the keeper of the alliance's books, may try again after a refusal.
    """
    if not access.may(by, "alliance.keep"):
        access.require(by, "alliance.fund")
    try:
        with _in_turn(by):
            found = meeting.decision(decision)
            stands = queries.standing(found)
            if found.state != "agreed" or not stands.complete or not _may_go(found):
                return Outcome(found.state == "resourced", stands.missing)
            _resource(found, by)
    except UserError as refused:
        _hindered(decision, refused, by)
        return Outcome(resourced=False, hindered=refused.what, cure=refused.cure)
    return Outcome(resourced=True)


def _may_go(found: Decision) -> bool:
    """Money is attached, or none is needed: a design without a payment line waits openly."""
    return bool(found.asks) or found.funding == "none"


def _resource(found: Decision, by: Actor) -> None:
    from onesystem.alliance.meeting import actions as decided
    from onesystem.alliance.proof import opening

    row = Resourced.objects.create(
        decision_id=found.number, review=found.review, measure=found.measure, owner=found.owner,
        at=to_micros(now()), by=by.name,
    )  # fmt: skip
    months = sum(_reserve(row, found, each, by) for each in queries.standing(found).lines)
    done = _carry(row, found)
    opening.open_review(found)
    decided.mark(decision=found.number, state="resourced", by=by, body=_body(found, row))
    access.record(
        by=by, act="alliance.resourced", what=f"decision {found.number}",
        detail={"months": months, "changes": done},
    )  # fmt: skip
    _tell("alliance.resourced", found)


def _body(found: Decision, row: Resourced) -> dict[str, object]:
    """What the register says of it: who pays how much from when, and what went live."""
    return {
        "money": [[a.funder, a.amount, f"{a.since:%Y-%m}", f"{a.until:%Y-%m}"] for a in found.asks],
        "live": [each.done for each in row.carried.order_by("nth")],
        "review": found.review.isoformat() if found.review else "",
    }


def _reserve(row: Resourced, found: Decision, each: Line, by: Actor) -> int:
    """Promise an amount month by month; the parts sum to the whole."""
    parts = by_month(each.ask, current().currency)
    line = each.word.line if each.word else ""
    for month, amount in parts:
        if not amount:
            continue
        number = budget.reserve(
            line=line,
            amount=amount,
            month=month,
            by=by,
            decision=str(found.number),
            words=say("Decision {number}: {title}", number=found.number, title=found.title)[:200],
            organisation="",
            key=f"decision:{found.number}:{each.nth}:{month:%Y-%m}",
        )
        ReservedMonth.objects.create(
            resourced=row, nth=each.nth, party=each.ask.funder, line=line, month=month,
            amount=amount, reservation=number,
        )  # fmt: skip
    return len(parts)


def _carry(row: Resourced, found: Decision) -> int:
    today = to_local(now(), current().zone).date()
    cause = Cause(found.number, found.title, today)
    some = changes.in_order(found.changes)
    for nth, change in enumerate(some):
        done = carrying.carry(change, cause)
        CarriedOut.objects.create(
            resourced=row, nth=nth, kind=change.kind, code=change.code, number=change.number,
            since=change.since or today, done=done.words[:500], mark=done.mark,
        )  # fmt: skip
    return len(some)


def _hindered(decision: int, refused: UserError, by: Actor) -> None:
    """Keep what stood in the way, and tell those who asked for it and those who pay."""
    with transaction.atomic():
        Hindered.objects.create(
            decision_id=decision, what=refused.what[:1000], cure=(refused.cure or "")[:1000],
            at=to_micros(now()), by=by.name,
        )  # fmt: skip
        access.record(by=by, act="alliance.not-resourced", what=f"decision {decision}")
        _tell("alliance.hindered", meeting.decision(decision))


def stop(*, decision: int, reason: str, by: Actor) -> list[str]:
    """End what a decision set going, from today on: money that is not drawn is free again."""
    access.require(by, "alliance.keep")
    why = worded(reason, say("why it is stopped"))
    with _in_turn(by):
        found = meeting.decision(decision)
        row = Resourced.objects.filter(decision_id=decision, ended=None).first()
        if row is None:
            raise UserError(
                say("decision {decision} is not in force", decision=decision),
                "There is nothing to stop.",
            )
        said = [_released(row, by), *_ended(row, found)]
        row.ended = to_micros(now())
        row.save()
        access.record(by=by, act="alliance.ended", what=f"decision {decision}", reason=why)
    return said


def _released(row: Resourced, by: Actor) -> str:
    today = to_local(now(), current().zone).date().replace(day=1)
    free = 0
    for each in row.reserved.filter(month__gte=today).order_by("month", "nth"):
        left = queries.left_of(each.reservation)
        if left > 0:
            budget.release(
                reservation=each.reservation, amount=left, month=each.month, by=by,
                words=say("Decision {decision_id} was stopped", decision_id=row.decision_id),
            )  # fmt: skip
            free += left
    return say("{money} of the lines are free again", money=Money(free, current().currency))


def _ended(row: Resourced, found: Decision) -> Iterator[str]:
    cause = Cause(found.number, found.title, to_local(now(), current().zone).date())
    for each in row.carried.order_by("-nth"):
        each.ended = carrying.end(each, cause)[:500]
        each.save()
        yield f"{each.code}: {each.ended}"


def _tell(topic: str, found: Decision) -> None:
    """Tell the funders, the chair and the owner."""
    here = charter.standing(found.alliance)
    funders = {ask.funder for ask in found.asks}
    chair = here.chair.key if here.chair else 0
    for seat in here.seated:
        if seat.username and (seat.commands in funders or seat.key in {found.owner, chair}):
            notify(
                topic=topic,
                username=seat.username,
                words=say("Decision {number}", number=found.number),
                link=f"/alliance/decisions/{found.number}/money/",
            )
