"""Keeping a pooled fund: its agreement, its money, the end of its year, its returns.

Each act is a step that is never edited, with who, when and why, and a row of the trail. Whoever
acts says the number of the last step that they `seen`: who comes second is told what was done.
Nothing of a year changes once it is settled; the partners can open it again, with a reason.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.months import Year
from onesystem.budget.pooled import books, codec, reading, returning, sharing
from onesystem.budget.pooled.agreement import Agreement
from onesystem.budget.pooled.checks import Wrong, problems
from onesystem.budget.pooled.outturn import outturns
from onesystem.budget.pooled.rows import PooledReturn, PooledSignature, PooledStep, PooledYear
from onesystem.budget.pooled.sharing import ShareOut, require_settled
from onesystem.district import current, now
from onesystem.vocabulary import NotPermitted, UserError, to_local
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_date


class Overtaken(UserError):
    """Somebody did something to it meanwhile; what one wrote is still on the page."""


class Settled(UserError):
    """The year was settled: nothing more goes into it."""


@transaction.atomic
def keep(*, agreement: Agreement, seen: int, by: Actor, why: str = "") -> int:
    """Keep a year's agreement as it is now written, and let the plan follow; gives the step.

    Raises Wrong, Overtaken, Settled. A step that would change nothing is not made.
    """
    access.require(by, "pooled.keep")
    before = reading.maybe(agreement.fund, agreement.year)
    _same(before, agreement.fund, agreement.year, seen)
    _open(before)
    if found := problems(agreement, **_around()):
        raise Wrong(found)
    if before and codec.written(before.agreement) == codec.written(agreement):
        return before.number
    return _step(agreement, "kept", before, by, why)


@transaction.atomic
def undo(*, fund: str, year: str, seen: int, by: Actor) -> int:
    """Take the last change of the agreement back: what was kept before stands again."""
    access.require(by, "pooled.keep")
    before = reading.standing(fund, year)
    _same(before, fund, year, seen)
    _open(before)
    kept = [s for s in reading.steps(fund, year) if s.kind in ("kept", "undone")]
    bodies = [step.body for step in kept]
    earlier = next((b for b in reversed(bodies[:-1]) if b != bodies[-1]), None)
    if earlier is None:
        raise UserError("there is nothing to undo", "This is how the agreement began")
    return _step(codec.read(earlier), "undone", before, by, "")


def _step(a: Agreement, kind: str, before: Any, by: Actor, why: str) -> int:
    number = (before.number if before else 0) + 1
    posted = books.follow(
        before.agreement if before else None, a, by=by,
        key=f"pooled:{a.fund}:{a.year}:{number}",
    )  # fmt: skip
    _write(a.fund, a.year, number, kind, codec.written(a), posted, by, why)
    PooledYear.objects.update_or_create(
        fund=a.fund, year=a.year,
        defaults={"number": number, "name": a.name, "body": codec.written(a)},
    )  # fmt: skip
    access.record(by=by, act=f"pooled.{kind}", what=f"{a.fund} {a.year}", detail={"step": number})
    return number


def _write(
    fund: str, year: str, number: int, kind: str, body: str, posted: Sequence[int], by: Actor,
    why: str,
) -> None:  # fmt: skip
    try:
        with transaction.atomic():
            PooledStep.objects.create(
                fund=fund, year=year, number=number, kind=kind, at=to_micros(now()), by=by.name,
                why=why.strip()[:1000], body=body, posted=orjson.dumps(list(posted)).decode(),
            )  # fmt: skip
    except IntegrityError:
        _same(reading.maybe(fund, year), fund, year, number - 1)
        raise


@transaction.atomic
def receive(
    *, fund: str, year: str, contribution: str, month: date, amount: int, by: Actor, key: str,
    words: str = "",
) -> int:  # fmt: skip
    """Say that money of a contribution came in. Raises Settled once the year is settled."""
    a = _to_post(fund, year, month, amount, by)
    paid = a.contribution(contribution)
    if paid is None or paid.kind == "in-kind":
        raise UserError(
            say("{contribution} is no contribution in money", contribution=repr(contribution)),
            "Choose one that the agreement names",
        )
    came = books.read(fund, Year.of(year)).received_of(contribution) + amount
    if came > paid.amount:
        raise UserError(
            say("{came} more came in than was agreed", came=f"{(came - paid.amount) / 100:,.2f}"),
            "Write the additional contribution into the agreement first",
        )
    return books.receive(
        a, contribution, month=month, amount=amount, by=by, key=key,
        words=words or f"{a.name}: {paid.words or paid.code}",
    )  # fmt: skip


@transaction.atomic
def spend(
    *, fund: str, year: str, scheme: str, month: date, amount: int, by: Actor, key: str,
    words: str = "",
) -> int:  # fmt: skip
    """Say what was spent on a scheme in a month. Raises Settled; UserError after its end."""
    a = _to_post(fund, year, month, amount, by)
    found = a.scheme(scheme)
    if found is None or found not in a.cash_schemes:
        raise UserError(
            say("{scheme} is no scheme paid from money", scheme=repr(scheme)),
            "Choose one that the agreement names",
        )
    if found.until and month > found.until:
        raise UserError(
            say(
                "{name} ended on {until}: its money was for a limited time",
                name=found.name,
                until=say_date(found.until, "%-d %B %Y"),
            ),
            "Give it a later end in the agreement, with what its test has shown",
        )
    return books.spend(
        a, found, month=month, amount=amount, by=by, key=key, words=words or f"{found.name}"
    )


@transaction.atomic
def recharge(*, fund: str, year: str, month: date, by: Actor) -> dict[str, int]:
    """Let the pool pay its part of what the contacts of its schemes' services cost in a month.

    What costing posted on other lines is spent on the scheme's line instead, so that nothing
    counts twice and each figure leads back to contacts. Gives what each scheme was charged; a
    month that was charged already is charged what changed since.
    """
    a = _to_post(fund, year, month, 1, by)
    made = {}
    for scheme in a.cash_schemes:
        if scheme.until and month > scheme.until:
            continue
        known = books.recharged(a, scheme, month)
        parts = []
        for service, line, of, left in books.costed(a, scheme, month):
            whole = left + known.get((service, line), 0)
            due = whole * scheme.share // 100 - known.get((service, line), 0)
            if due > 0:
                parts.append((service, line, of, due))
        if parts:
            number = len(known)
            key = f"pooled:{fund}:{year}:{scheme.code}:{month:%Y-%m}:{sum(known.values())}:{number}"
            books.recharge(a, scheme, month, parts, by=by, key=key)
            made[scheme.code] = sum(part[-1] for part in parts)
    return made


@transaction.atomic
def take_back(*, fund: str, year: str, posting: int, why: str, by: Actor) -> list[int]:
    """Take money in or out back, by a contra posting with its reason."""
    access.require(by, "pooled.keep")
    _open(reading.standing(fund, year))
    if ledger.queries.posting(posting).cause != f"pooled:{fund}:{year}":
        raise UserError(
            say("posting {posting} is not of this fund and year", posting=posting),
            "Choose one in the list",
        )
    return ledger.correct(posting=posting, by=by, why=why)


def _to_post(fund: str, year: str, month: date, amount: int, by: Actor) -> Agreement:
    access.require(by, "pooled.keep")
    standing = reading.standing(fund, year)
    _open(standing)
    if month not in standing.year.months:
        raise UserError(
            say("{month} is not in {year}", month=say_date(month, "%B %Y"), year=year),
            "Choose a month of the year",
        )
    if type(amount) is not int or amount <= 0:
        raise UserError("an amount is more than nothing", "Write pounds and pence, such as 1200.50")
    return standing.agreement


def share(fund: str, year: str) -> ShareOut:
    """Who would pay what if the year ended with what the ledger says now."""
    standing = reading.standing(fund, year)
    spent = books.read(fund, standing.year)
    by_scheme = {s.code: spent.spent_on(s.code) for s in standing.agreement.schemes}
    return sharing.share(standing.agreement, outturns(standing.agreement, by_scheme))


@transaction.atomic
def settle(*, fund: str, year: str, seen: int, by: Actor, why: str = "") -> ShareOut:
    """Share over- and underspends of a year that is over, and let nothing more into it."""
    access.require(by, "pooled.keep")
    before = reading.standing(fund, year)
    _same(before, fund, year, seen)
    _open(before)
    if to_local(now(), current().zone).date() <= before.year.ends:
        raise UserError(
            say("{year} is not over yet", year=year),
            say(
                "It can be settled from {ends} on; until then see what it would come to",
                ends=say_date(before.year.ends, "%-d %B %Y"),
            ),
        )
    result = share(fund, year)
    require_settled(result)
    number = before.number + 1
    posted = books.settle(
        before.agreement, result, by=by, key=f"pooled:{fund}:{year}:settled:{number}"
    )
    body = orjson.dumps(returning.packed_share(result)).decode()
    _write(fund, year, number, "settled", body, posted, by, why)
    PooledYear.objects.filter(fund=fund, year=year).update(number=number, settled=number)
    access.record(by=by, act="pooled.settled", what=f"{fund} {year}", detail={"step": number})
    return result


@transaction.atomic
def reopen(*, fund: str, year: str, seen: int, by: Actor, why: str) -> int:
    """Open a settled year again, with a reason: what was shared is posted back."""
    access.require(by, "pooled.keep")
    before = reading.standing(fund, year)
    _same(before, fund, year, seen)
    if not before.settled:
        raise UserError(say("{year} was not settled", year=year), "There is nothing to open again")
    if not why.strip():
        raise UserError("a year is opened again for a reason", "Say in a line what has to change")
    done = next(s for s in reading.steps(fund, year) if s.number == before.settled)
    back = [n for each in done.posted for n in ledger.correct(posting=each, by=by, why=why)]
    number = before.number + 1
    _write(fund, year, number, "reopened", done.body, back, by, why)
    PooledYear.objects.filter(fund=fund, year=year).update(number=number, settled=0)
    access.record(by=by, act="pooled.reopened", what=f"{fund} {year}", detail={"step": number})
    return number


@transaction.atomic
def make_return(
    *, fund: str, year: str, quarter: int, answers: Mapping[str, Any], by: Actor, seen: int = 0,
    why: str = "",
) -> int:  # fmt: skip
    """Make the return of a quarter from the books, the log and what is answered; gives its version.

    A version that some partner has signed is replaced by the next one only with a reason.
    """
    access.require(by, "pooled.keep")
    from onesystem.budget.pooled import queries

    standing = reading.standing(fund, year)
    last = reading.made(fund, year, quarter)
    version = last.version if last else 0
    if version != seen:
        raise Overtaken(
            say(
                "{if_last} made version {version} meanwhile",
                if_last=last.by if last else say("Somebody"),
                version=version,
            ),
            "Look at what stands now, then say again.",
        )
    if last and last.signatures and not why.strip():
        raise UserError(
            say("version {version} is signed already", version=version),
            "Say why a new one takes its place",
        )
    if to_local(now(), current().zone).date() < standing.year.quarter(quarter)[0]:
        raise UserError(
            say("quarter {quarter} of {year} has not begun", quarter=quarter, year=year),
            "Choose one that has",
        )
    said = returning.packed(queries.draft_return(fund, year, quarter, answers, by=by))
    body = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    PooledReturn.objects.create(
        fund=fund, year=year, quarter=quarter, version=version + 1, at=to_micros(now()),
        by=by.name, why=why.strip()[:1000], body=body.decode(),
        digest=hashlib.sha256(body).hexdigest(),
    )  # fmt: skip
    access.record(by=by, act="pooled.returned", what=f"{fund} {year} Q{quarter}",
                  detail={"version": version + 1})  # fmt: skip
    return version + 1


@transaction.atomic
def sign(*, fund: str, year: str, quarter: int, version: int, by: Actor) -> str:
    """Sign a return for one's own organisation; gives the partner. Raises NotPermitted."""
    access.require(by, "pooled.keep")
    a = reading.standing(fund, year).agreement
    last = reading.made(fund, year, quarter)
    if last is None or last.version != version:
        raise Overtaken("there is a newer version of this return", "Look at it, and sign that one")
    partner = a.partner(by.organisation)
    if partner is None:
        names = " or ".join(each.name for each in a.partners)
        raise NotPermitted(say("{name} does not act for a partner of this fund", name=by.name),
                           say("Somebody of {names} signs", names=names))  # fmt: skip
    if partner.code not in {s.partner for s in last.signatures}:
        PooledSignature.objects.create(of_id=last.id, partner=partner.code, at=to_micros(now()),
                                       by=by.name, digest=last.digest)  # fmt: skip
        access.record(by=by, act="pooled.signed", what=f"{fund} {year} Q{quarter}",
                      detail={"version": version, "digest": last.digest})  # fmt: skip
    return partner.code


def _open(before: reading.Standing | None) -> None:
    if before and before.settled:
        year = before.year
        raise Settled(
            say("{name} was settled: nothing more goes into it", name=year.name),
            say(
                "Write it into {name}, or let the partners open the year again",
                name=year.after.name,
            ),
        )


def _same(before: reading.Standing | None, fund: str, year: str, seen: int) -> None:
    number = before.number if before else 0
    if number == seen:
        return
    if not number:
        raise Overtaken(
            say(
                "nothing is kept of {fund} in {year}: the page shows what never was",
                fund=fund,
                year=year,
            ),
            "Load the page again, and write it there.",
        )
    last = reading.steps(fund, year)[-1]
    local = to_local(last.at, current().zone)
    raise Overtaken(
        say(
            "{by} changed it at {local} while you were looking",
            by=last.by,
            local=say_date(local, "%H:%M on %-d %B"),
        ),
        "Look at what stands now, then say again.",
    )


def _around() -> dict[str, Any]:
    from onesystem.flow.measures import library

    district = current()
    return {
        "measures": frozenset(library.everything()),
        "services": frozenset(district.services),
        "organisations": frozenset(district.organisations),
    }
