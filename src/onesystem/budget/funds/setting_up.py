"""Opening funds and lines, agreeing goals, setting fences: what is kept of each, step by step.

Whoever changes one says the number of the step they have `seen`; who comes second is told.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.funds import reading
from onesystem.budget.funds.fences import BASES, CONTRIBUTED, KINDS, MOST_OVERLAPPING, RING, Fence
from onesystem.budget.funds.fences import overlapping as _overlapping
from onesystem.budget.funds.rows import FenceRow, FundRow, FundsStep, GoalRow, LineRow
from onesystem.budget.funds.shape import Fund, Goal, Line, where
from onesystem.district import now
from onesystem.vocabulary import BadConfig, UserError, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

_CODE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")


class Overtaken(UserError):
    """Somebody changed it meanwhile; what one wrote is still on the page."""


@transaction.atomic
def open_fund(
    *,
    code: str,
    name: str,
    since: date,
    by: Actor,
    until: date | None = None,
    words: str = "",
    seen: int = 0,
    why: str = "",
) -> Fund:
    """Open a fund, with the line on which lies what nobody has allotted; or change one."""
    access.require(by, "budget.move")
    _sound(code, name)
    if until and until < since:
        raise BadConfig(
            say("a fund that ends on {until} cannot begin on {since}", until=until, since=since),
            "Turn them round.",
        )
    made = Fund(code=code, name=name.strip(), since=since, until=until, words=words.strip())
    made = _keep("fund", made, seen, by, why)
    FundRow.objects.update_or_create(
        code=code,
        defaults={"name": made.name, "since": since, "until": until, "words": made.words,
                  "number": made.number},
    )  # fmt: skip
    if not LineRow.objects.filter(code=made.unallotted).exists():
        rest = Line(
            code=made.unallotted, name=say("{name}, not allotted yet", name=made.name), fund=code
        )
        _line(_keep("line", rest, 0, by, say("opened with its fund")))
    return made


@transaction.atomic
def open_line(*, line: Line, by: Actor, seen: int = 0, why: str = "") -> Line:
    """Open a budget line, or change what it is for. Its fund is what it was opened with.

    Raises BadConfig, NotFound, Overtaken.
    """
    if not (access.may(by, "budget.build") or access.may(by, "budget.move")):
        access.require(by, "budget.move")
    _sound(line.code, line.name)
    reading.fund(line.fund)
    if line.goal:
        reading.goal(line.goal)
    before = LineRow.objects.filter(code=line.code).first()
    if before is not None and before.fund_id != line.fund:
        raise UserError(
            say("{code} is a line of the fund {fund_id}", code=line.code, fund_id=before.fund_id),
            "Open a line in the other fund, and move the money.",
        )
    made = _keep("line", replace(line, name=line.name.strip()), seen, by, why)
    _line(made)
    return made


@transaction.atomic
def set_goal(
    *, code: str, words: str, by: Actor, measure: str = "", seen: int = 0, why: str = ""
) -> Goal:
    """Agree a shared goal, or say it anew."""
    access.require(by, "budget.move")
    _sound(code, words)
    made = _keep("goal", Goal(code=code, words=words.strip(), measure=measure), seen, by, why)
    GoalRow.objects.update_or_create(
        code=code, defaults={"words": made.words, "measure": measure, "number": made.number}
    )
    return made


def tie(*, line: str, goal: str, by: Actor, seen: int, why: str = "") -> Line:
    """Say which shared goal a line serves; an empty one takes it away."""
    return open_line(line=replace(reading.line(line), goal=goal), by=by, seen=seen, why=why)


@transaction.atomic
def set_fence(
    *,
    code: str,
    name: str,
    kind: str,
    at: str,
    by: Actor,
    source: str,
    basis: str = "amount",
    amount: int = 0,
    share: Fraction = Fraction(1),
    fund: str = "",
    since: date = date.min,
    until: date | None = None,
    seen: int = 0,
    why: str = "",
) -> Fence:
    """Set a ring fence, a floor or a ceiling, with the words of who says so; or change it.

    `at` says which lines: `programme=mental health; setting=community`. Raises BadConfig.
    """
    access.require(by, "budget.move")
    _sound(code, name)
    _ruled(kind, basis, amount, share)
    if not source.strip():
        raise BadConfig("a fence says who asks for it", "Name the grant, the law or the decision.")
    if fund or basis == CONTRIBUTED:
        reading.fund(fund)
    made = Fence(
        code=code, name=name.strip(), kind=kind, where=where(at), basis=basis, amount=amount,
        share=share, fund=fund, source=source.strip(), since=since, until=until,
    )  # fmt: skip
    _few(made)
    made = _keep("fence", made, seen, by, why)
    FenceRow.objects.update_or_create(
        code=code,
        defaults={"kind": kind, "since": since, "until": until, "body": reading.packed(made),
                  "number": made.number},
    )  # fmt: skip
    return made


def _ruled(kind: str, basis: str, amount: int, share: Fraction) -> None:
    if kind not in KINDS:
        raise BadConfig(
            say("there is no fence of kind {kind}", kind=repr(kind)), nearest(kind, KINDS)
        )
    if basis not in BASES:
        raise BadConfig(
            say("a fence has no basis {basis}", basis=repr(basis)), nearest(basis, BASES)
        )
    if amount < 0 or share < 0:
        raise BadConfig("a fence asks for nothing or more", "Give an amount from 0 up.")


def _few(made: Fence) -> None:
    others = [f for f in reading.fences() if f.code != made.code]
    for group in _overlapping([*others, made], reading.lines()):
        if len(group) > MOST_OVERLAPPING:
            raise BadConfig(
                say("{group} ring fences would lie over the same lines", group=len(group)),
                say(
                    "Give them lines of their own: {most_overlapping} at most may overlap.",
                    most_overlapping=MOST_OVERLAPPING,
                ),
            )
    if made.kind == RING and not made.where.parts and not made.fund:
        raise BadConfig("a ring fence around everything fences nothing", "Say which lines.")


def _sound(code: str, name: str) -> None:
    if not code or len(code) > 60 or set(code) - _CODE:
        raise BadConfig(
            say("{code} is no code", code=repr(code)),
            "Use up to 60 small letters, digits, dots and hyphens.",
        )
    if not name.strip() or len(name) > 200:
        raise BadConfig("it needs a name of up to 200 letters", "Say in a few words what it is.")


def _line(made: Line) -> None:
    LineRow.objects.update_or_create(
        code=made.code,
        defaults={"name": made.name, "fund_id": made.fund, "programme": made.programme,
                  "organisation": made.organisation, "service": made.service,
                  "setting": made.setting, "place": made.place, "goal": made.goal,
                  "number": made.number},
    )  # fmt: skip


def _keep(kind: str, made: Any, seen: int, by: Actor, why: str) -> Any:
    """Write the next step. Raises Overtaken where somebody was first."""
    last = FundsStep.objects.filter(kind=kind, code=made.code).order_by("-number").first()
    body = reading.packed(made)
    if last is not None and last.body == body and last.number == seen:
        return replace(made, number=last.number)
    _same(kind, made.code, last, seen)
    try:
        with transaction.atomic():
            FundsStep.objects.create(
                kind=kind, code=made.code, number=seen + 1, at=to_micros(now()), by=by.name,
                why=why.strip()[:1000], body=body,
            )  # fmt: skip
    except IntegrityError:
        _same(kind, made.code, FundsStep.objects.filter(kind=kind, code=made.code).last(), seen)
    access.record(by=by, act=f"budget.{kind}.kept", what=made.code, detail={"step": seen + 1})
    return replace(made, number=seen + 1)


def _same(kind: str, code: str, last: FundsStep | None, seen: int) -> None:
    number = last.number if last else 0
    if number == seen:
        return
    if seen == 0 and last is not None:
        raise UserError(
            say("there is a {kind} {code} already", kind=kind, code=repr(code)),
            "Choose another code, or change it.",
        )
    who = last.by if last else "somebody"
    raise Overtaken(
        say("{who} changed it while you were looking", who=who), "Look at what stands now."
    )
