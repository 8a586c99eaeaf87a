"""Building a specialty's budget: keep it, take a change back, comment, sign, and so agree it.

Whoever acts says the number of the last step that they `seen`. A version is agreed when a clinical
director and finance have both signed it: then its money is moved to lines of its own in the
ledger's plan, out of the line that the budget names, under the fences that hold there.
"""

from typing import Any

from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.funds import actions as funds
from onesystem.budget.funds import reading as fund_reading
from onesystem.budget.funds.acts import Transfer
from onesystem.budget.funds.rows import LineRow
from onesystem.budget.funds.shape import Line
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.months import Year
from onesystem.budget.specialty import codec, reading
from onesystem.budget.specialty.building import PARTS, build
from onesystem.budget.specialty.checks import Wrong, problems
from onesystem.budget.specialty.reading import CLINICAL, FINANCE, Standing
from onesystem.budget.specialty.rows import SpecialtyStep, SpecialtyYear
from onesystem.budget.specialty.shape import Specialty
from onesystem.district import current, now
from onesystem.vocabulary import NotPermitted, UserError, to_local
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_date

_JOB = "specialty budgets"


class Overtaken(UserError):
    """Somebody did something to it meanwhile; what one wrote is still on the page."""


@transaction.atomic
def keep(*, budget: Specialty, seen: int, by: Actor, why: str = "") -> int:
    """Keep a version of a budget; gives its number. Raises Wrong, Overtaken, NotPermitted."""
    access.require(by, "budget.build")
    before = reading.maybe(budget.slug, budget.year)
    _same(before, budget.slug, budget.year, seen)
    here = current()
    if found := problems(budget, services=here.services, organisations=here.organisations):
        raise Wrong(found)
    if before and codec.written(before.budget) == codec.written(budget):
        return before.version
    return _version(budget, "kept", before, by, why)


@transaction.atomic
def undo(*, slug: str, year: str, seen: int, by: Actor) -> int:
    """Take the last version back: what was kept before stands again."""
    access.require(by, "budget.build")
    before = reading.standing(slug, year)
    _same(before, slug, year, seen)
    bodies = [s.body for s in reading.steps(slug, year) if s.kind in ("kept", "undone")]
    earlier = next((body for body in reversed(bodies[:-1]) if body != bodies[-1]), None)
    if earlier is None:
        raise UserError("there is nothing to undo", "This is how the budget began")
    return _version(codec.read(earlier), "undone", before, by, "")


@transaction.atomic
def comment(*, slug: str, year: str, words: str, by: Actor) -> int:
    """Say something of the version that stands."""
    access.require(by, "budget.see")
    before = reading.standing(slug, year)
    if not words.strip():
        raise UserError("a comment says something", "Write it, then send it")
    return _step(before.budget, "comment", before, by, words, "", before.version)


@transaction.atomic
def sign(*, slug: str, year: str, seen: int, as_: str, by: Actor) -> bool:
    """Sign the version that stands; gives whether it is agreed by that. Raises NotPermitted."""
    _may_sign(by, as_)
    before = reading.standing(slug, year)
    _same(before, slug, year, seen)
    if as_ in before.signed:
        return before.agreed == before.version
    if any(step.by == by.name for step in before.signed.values()):
        raise NotPermitted(
            say("{name} has signed already", name=by.name), "Two people sign, each for their part"
        )
    _step(before.budget, "signed", before, by, "", as_, before.version)
    signed = reading.standing(slug, year)
    if {CLINICAL, FINANCE} <= set(signed.signed):
        _agree(signed, by)
        return True
    return False


def _may_sign(by: Actor, as_: str) -> None:
    if as_ == CLINICAL:
        access.require(by, "budget.build")
        if not by.is_job and "clinical-director" not in by.roles:
            raise NotPermitted(
                say("{name} is no clinical director", name=by.name), "One of them signs this part"
            )
    elif as_ == FINANCE:
        access.require(by, "budget.move")
    else:
        raise UserError(
            say("nobody signs as {as_}", as_=repr(as_)), "Sign as clinical or as finance"
        )


def _agree(standing: Standing, by: Actor) -> None:
    """Move the money to the specialty's own lines: what changed since the last agreement."""
    s = standing.budget
    built, year = build(s), Year.of(s.year)
    _lines(s)
    first = ledger.first_open()
    month = max(year.first, first) if first else year.first
    if month not in year.months:
        raise UserError(
            say("every month of {year} is closed", year=s.year), "Agree the budget of an open year"
        )
    transfers = [
        Transfer(s.line, line_of(s.slug, part), more) if more > 0
        else Transfer(line_of(s.slug, part), s.line, -more)
        for part in PARTS
        if (more := built.part(part) - planned(s.slug, part, year))
    ]  # fmt: skip
    if transfers:
        mover = by if access.may(by, "budget.move") else Actor.job(_JOB)
        funds.move_many(
            transfers=transfers,
            month=month,
            by=mover,
            words=say(
                "{name}, {year}: budget agreed, version {version}",
                name=s.name,
                year=s.year,
                version=standing.version,
            ),
            key=f"specialty:{s.slug}:{s.year}:{standing.version}",
        )
    _step(s, "agreed", standing, by, "", "", standing.version)
    SpecialtyYear.objects.filter(slug=s.slug, year=s.year).update(agreed=standing.version)


def line_of(slug: str, part: str) -> str:
    """The code of the ledger's line of a part of a specialty's budget."""
    return f"{slug}.{part}"


def planned(slug: str, part: str, year: Year) -> int:
    """What the plan has for a part in a year."""
    return ledger.balance(
        book="plan", account="budget", line=line_of(slug, part), month_from=year.first,
        month_to=year.months[-1],
    )  # fmt: skip


def _lines(s: Specialty) -> None:
    """Open the specialty's lines. They name no service: what contacts cost stays on its line, so
    that a month that was reconciled before stays so.
    """
    if not s.line:
        raise UserError("the budget names no line that its money comes from",
                        "Edit it, and choose the line")  # fmt: skip
    source, job = fund_reading.line(s.line), Actor.job(_JOB)
    for part, words in PARTS.items():
        code = line_of(s.slug, part)
        made = Line(
            code=code, name=f"{s.name}: {words.lower()}", fund=source.fund, place=source.place,
            programme=source.programme, organisation=s.organisation, goal=source.goal,
        )  # fmt: skip
        row = LineRow.objects.filter(code=code).first()
        if row is None:
            funds.open_line(line=made, by=job)


def _version(s: Specialty, kind: str, before: Standing | None, by: Actor, why: str) -> int:
    number = _step(s, kind, before, by, why, codec.written(s), 0)
    SpecialtyYear.objects.update_or_create(
        slug=s.slug, year=s.year,
        defaults={"number": number, "version": number, "name": s.name, "body": codec.written(s)},
    )  # fmt: skip
    return number


def _step(
    s: Specialty, kind: str, before: Standing | None, by: Actor, why: str, body: str, of: int
) -> int:
    last = reading.steps(s.slug, s.year)
    number = (last[-1].number if last else 0) + 1
    try:
        with transaction.atomic():
            SpecialtyStep.objects.create(
                slug=s.slug, year=s.year, number=number, kind=kind, at=to_micros(now()),
                by=by.name, why=why.strip()[:2000], body=body, of=of,
            )  # fmt: skip
    except IntegrityError:
        _same(reading.maybe(s.slug, s.year), s.slug, s.year, before.number if before else 0)
        raise
    if before is not None:
        SpecialtyYear.objects.filter(slug=s.slug, year=s.year).update(number=number)
    access.record(by=by, act=f"specialty.{kind}", what=f"{s.slug} {s.year}",
                  detail={"step": number})  # fmt: skip
    return number


def _same(before: Standing | None, slug: str, year: str, seen: int) -> None:
    number = before.number if before else 0
    if number == seen:
        return
    done: list[Any] = [s for s in reading.steps(slug, year) if s.number > seen]
    if done and all(s.kind == "comment" for s in done):
        return
    last = done[-1] if done else None
    local = to_local(last.at, current().zone) if last else None
    told = (
        say("{by} changed it at {local}", by=last.by, local=say_date(local, "%H:%M on %-d %B"))
        if last
        else say("it was changed")
    )
    raise Overtaken(
        say("{told} while you were looking", told=told), "Look at what stands now, then say again."
    )
