"""What can be done with the ledger: post, reserve, draw, release, correct, close.

Each act is one transaction; what it looked up holds until it is done (`store.turn`). Other rooms
post under rights of their own; that an actor may is asked there and on the ledger's pages. Only
closing a month, which binds everybody, is asked here.

    reserve  500 on a line         commitment: reserved +500, promised -500   available 500 less
    draw     200 of it             commitment: reserved -200, promised +200
                                   actual:     spent    +200, owed     -200   available the same
    release  the other 300         commitment: reserved -300, promised +300   available 300 more
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from onesystem import access
from onesystem.access import Actor, quick
from onesystem.budget.ledger import checklist, months, queries
from onesystem.budget.ledger.entry import ACTUAL, COMMITMENT, Leg, Posting, Unbalanced, minor
from onesystem.budget.ledger.posting import write_once
from onesystem.budget.ledger.store import Tied, Turn, register_lines, turn
from onesystem.district import current, now
from onesystem.vocabulary import BadConfig, Money, NotFound, UserError, to_local
from onesystem.vocabulary.said import say, say_date

__all__ = [
    "TooLittle", "close", "correct", "draw", "post", "post_many", "register_lines", "release",
    "reserve",
]  # fmt: skip


class TooLittle(UserError, ValueError):
    """There is not that much left on the line, or in the reservation."""


def post(
    *,
    book: str,
    month: date,
    legs: Sequence[Leg],
    words: str,
    by: Actor,
    key: str = "",
    cause: str = "",
    currency: str = "",
) -> int:
    """Post legs that sum to nothing; gives the posting's number. The same key again adds nothing.

    Raises Unbalanced for what is no posting, for a closed month, for another currency and for a
    key that was used for something else.
    """
    made = Posting(book, month, tuple(legs), words, key, cause)
    with turn(by) as here:
        _refuse_other(here, currency)
        return write_once(here, [Tied(_whole(made, here.currency))], "ledger.posted")[0]


def post_many(postings: Iterable[Posting], *, by: Actor, currency: str = "") -> list[int]:
    """Post many in one go, all or nothing; gives the number of each, old ones of a known key."""
    with turn(by) as here:
        _refuse_other(here, currency)
        return write_once(here, (Tied(each) for each in postings), "ledger.posted")


def reserve(
    *,
    line: str,
    amount: int,
    month: date,
    words: str,
    by: Actor,
    key: str = "",
    contract: str = "",
    decision: str = "",
    organisation: str = "",
    cause: str = "",
    person_key: str = "",
) -> int:
    """Promise money of a line; gives the reservation's number, which is its posting's.

    Raises TooLittle where the line has not that much left. Of two that reserve the last pound at
    the same moment one gets it.
    """
    with turn(by) as here:
        whole = _positive(amount, here.currency)
        about = {"line": line, "contract": contract, "decision": decision,
                 "person_key": person_key}  # fmt: skip
        legs = (
            Leg("reserved", whole, organisation=organisation, **about),
            Leg("promised", -whole, organisation=organisation, **about),
        )
        made = Posting(COMMITMENT, month, legs, words, key, cause)
        if not key or queries.numbered(key) is None:
            _refuse_too_little(line, whole, here.currency)
        return write_once(here, [Tied(made)], "ledger.reserved")[0]


def _refuse_too_little(line: str, amount: int, currency: str) -> None:
    left = queries.available(line)
    if amount > left:
        raise TooLittle(
            say(
                "the line {line} has {money} left, and {money2} was to be reserved",
                line=repr(line),
                money=Money(left, currency),
                money2=Money(amount, currency),
            ),
            "Reserve less, release what is no longer needed, or move money to the line first",
        )


def draw(
    *,
    reservation: int,
    amount: int,
    month: date,
    words: str,
    by: Actor,
    key: str = "",
    organisation: str = "",
    cause: str = "",
    against: str = "owed",
) -> int:
    """Spend some of what is reserved; gives the number of the posting in the actual book.

    What is drawn leaves the reservation in the same act, so it counts once. Raises TooLittle
    where the reservation does not hold that much. `against` is the account that pays or owes.
    """
    with turn(by) as here:
        whole, promise = _positive(amount, here.currency), _promise(reservation)
        if not key or queries.numbered(key) is None:
            _refuse_over(reservation, whole, here.currency)
        to = organisation or promise.organisation
        used = replace(promise, organisation=to, amount=whole)
        spent = Posting(
            ACTUAL, month, (replace(used, account="spent"),
                            replace(used, account=against, amount=-whole)), words, key, cause,
        )  # fmt: skip
        freed = _freed(promise, whole, month, words, cause)
        return write_once(here, [Tied(spent), Tied(freed, reservation, same_act=True)],
                     "ledger.drawn")[0]  # fmt: skip


def release(
    *,
    reservation: int,
    by: Actor,
    words: str,
    amount: int | None = None,
    month: date | None = None,
    key: str = "",
) -> int:
    """Give back what a reservation still holds, or some of it; the month is the present one."""
    with turn(by) as here:
        promise, left = _promise(reservation), queries.held(reservation)
        if key and (known := queries.numbered(key)) is not None:
            return known
        if amount is None and not left:
            raise TooLittle(
                say("reservation {reservation} holds nothing any more", reservation=reservation),
                "Nothing to do",
            )
        whole = left if amount is None else _positive(amount, here.currency)
        _refuse_over(reservation, whole, here.currency)
        freed = replace(_freed(promise, whole, month or _present(here), words, ""), key=key)
        return write_once(here, [Tied(freed, reservation)], "ledger.released")[0]


def _promise(reservation: int) -> Leg:
    """The leg that reserves. Raises NotFound where the posting is no reservation."""
    kept = queries.posting(reservation)
    if kept.book != COMMITMENT or kept.reservation is not None or kept.legs[0].amount < 0:
        raise NotFound(
            say("posting {reservation} is no reservation", reservation=reservation),
            "Give the number of one",
        )
    return kept.legs[0]


def _freed(promise: Leg, amount: int, month: date, words: str, cause: str) -> Posting:
    legs = (replace(promise, amount=-amount), replace(promise, account="promised", amount=amount))
    return Posting(COMMITMENT, month, legs, words, "", cause)


def _refuse_over(reservation: int, amount: int, currency: str) -> None:
    left = queries.held(reservation)
    if amount > left:
        raise TooLittle(
            say(
                "reservation {reservation} holds {money}, and {money2} was asked of it",
                reservation=reservation,
                money=Money(left, currency),
                money2=Money(amount, currency),
            ),
            "Reserve the rest first, so that nobody else is promised it",
        )


def correct(*, posting: int, by: Actor, why: str, month: date | None = None) -> list[int]:
    """Reverse an act, all its postings together; gives the numbers of the contra postings.

    They lie in the month of what they reverse while that is open, else in the first open one.
    What should have been posted is then posted as any other.
    """
    if not why.strip():
        raise Unbalanced("a correction needs a reason", "Say in a line what was wrong")
    with turn(by) as here:
        kept = queries.posting(posting)
        of_act = [each for each in queries.tied_to(posting) if each.act == kept.act]
        wrong = sorted([kept, *of_act], key=lambda each: each.number)
        contras = [_contra(here, each, why, month) for each in wrong]
        return write_once(here, contras, "ledger.corrected")


def _contra(here: Turn, wrong: queries.Kept, why: str, month: date | None) -> Tied:
    if wrong.reversed_by is not None:
        raise UserError(
            say(
                "posting {number} was reversed already, by posting {reversed_by}",
                number=wrong.number,
                reversed_by=wrong.reversed_by,
            ),
            "Post anew what should stand",
        )
    if wrong.reverses is not None:
        raise UserError(
            say(
                "posting {number} reverses posting {reverses}, and is not reversed itself",
                number=wrong.number,
                reverses=wrong.reverses,
            ),
            "Post anew what should stand",
        )
    of = wrong.reservation
    if of is None and wrong.book == COMMITMENT and wrong.legs[0].amount > 0:
        of = wrong.number  # the reservation itself: refused below where some of it is gone
        if queries.held(of) != wrong.legs[0].amount:
            raise UserError(
                say("some of reservation {of} was drawn or released", of=of),
                "Release what it still holds, or correct the draws first",
            )
    kept = months.number(wrong.month)
    when = month or (wrong.month if kept > here.closed else _present(here))
    legs = tuple(leg.turned() for leg in wrong.legs)
    words = say("Corrects {number}: {why}", number=wrong.number, why=why.strip())
    return Tied(
        Posting(wrong.book, when, legs, words[:500], "", wrong.cause), of, wrong.number,
        same_act=True,
    )  # fmt: skip


def close(*, month: date, by: Actor, override: str = "", why: str = "") -> None:
    """Close a month, and every month before it: from now on nothing is posted into them.

    A closed month is never opened again; what was wrong is put right in an open one. What stops it
    (`checklist.stopping`) is overridden by its name and with a reason, which the trail keeps.
    """
    access.require(by, "budget.move")
    with turn(by) as here:
        number = months.number(month)
        if month.day != 1:
            raise BadConfig(say("{month} is no month", month=month), "Give its first day")
        if number <= here.closed:
            raise UserError(
                say("{number} is closed already", number=months.words(number)),
                say(
                    "The first open month is {after}", after=months.words(months.after(here.closed))
                ),
            )
        today = to_local(now(), current().zone).date()
        if number >= months.number(today):
            raise UserError(
                say("{number} is not over yet", number=months.words(number)),
                say(
                    "It can be closed from {first} on",
                    first=say_date(months.first(months.after(number)), "%-d %B %Y"),
                ),
            )
        over = _overridden(checklist.stopping(month), override, why)
        quick.many(
            'INSERT INTO budget_closing (month, at, "by", kind, length, digest) '
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [[number, here.at, by.name, by.kind, here.length, here.digest]],
        )
        detail = {"postings": here.length} | ({"override": over} if over else {})
        access.record(by=by, act="ledger.closed", what=f"{month:%Y-%m}", detail=detail,
                      reason=why.strip() if over else "")  # fmt: skip


def _overridden(stops: Sequence[checklist.Item], override: str, why: str) -> str:
    """The name of what is overridden. Raises UserError for what is not, or without a reason."""
    for item in stops:
        if not item.override or item.override != override:
            cure = say("Put it right, then close the month.")
            if item.override:
                cure += say(
                    " Or close it all the same with the override {override} and a reason.",
                    override=repr(item.override),
                )
            raise UserError(
                say(
                    "this must be right first: {words}. {note}",
                    words=item.words.lower(),
                    note=item.note,
                ),
                cure,
            )
        if not why.strip():
            raise UserError(
                say("closing without this needs a reason: {words}", words=item.words.lower()),
                "Write why the month closes all the same; it is kept in the trail.",
            )
    return override if stops else ""


def _refuse_other(here: Turn, currency: str) -> None:
    if currency and currency != here.currency:
        raise Unbalanced(
            say(
                "the posting is in {currency}, and the ledger is in {currency2}",
                currency=currency,
                currency2=here.currency,
            ),
            say("Change it into {currency} first, and say at which rate", currency=here.currency),
        )


def _whole(made: Posting, currency: str) -> Posting:
    """The posting with amounts that were given as Money as minor units."""
    legs = tuple(replace(leg, amount=minor(leg.amount, currency)) for leg in made.legs)
    return replace(made, legs=legs)


def _positive(amount: int, currency: str) -> int:
    whole = minor(amount, currency)
    if whole <= 0:
        raise Unbalanced(
            say("{whole} minor units is nothing to move", whole=whole),
            "Give an amount above nothing",
        )
    return whole


def _present(here: Turn) -> date:
    """The month it is here, or the first open one where that is closed."""
    today = to_local(now(), current().zone).date()
    return months.first(max(months.number(today), months.after(here.closed) if here.closed else 0))
