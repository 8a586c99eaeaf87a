"""Acts on the plan: money given to a fund, allotted to lines, moved between them, and taken back.

Each is judged over the whole result (`moving`), written to the ledger month by month, and undone
by a contrary act. Whoever moves money says the last act that they have `seen` on its lines.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import orjson
from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.funds import books, reading
from onesystem.budget.funds.acts import Act, Transfer, changes, spread
from onesystem.budget.funds.moving import Asked, Change, refusal
from onesystem.budget.funds.rows import ActRow, FundRow, LineRow, PlanActLine
from onesystem.budget.funds.setting_up import Overtaken
from onesystem.budget.funds.shape import KINDS, Line
from onesystem.budget.months import Year
from onesystem.district import current, now
from onesystem.vocabulary import BadConfig, NotFound, UserError, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say, say_date


class Refused(UserError):
    """A rule forbids it; `rule` names which."""

    def __init__(self, rule: str, what: str, cure: str) -> None:
        super().__init__(f"{what[:1].upper()}{what[1:]}", cure)
        self.rule = rule


def contribute(
    *,
    fund: str,
    organisation: str,
    amount: int,
    month: date,
    words: str,
    by: Actor,
    kind: str = say("core allocation"),
    months: int | None = None,
    key: str = "",
) -> int:
    """An organisation gives to a fund, spread from `month` to the end of its financial year.

    `months` is over how many, where not all. Gives the number of the act. Raises UserError.
    """
    if kind not in KINDS:
        raise BadConfig(
            say("there is no kind of contribution {kind}", kind=repr(kind)), nearest(kind, KINDS)
        )
    if organisation not in current().organisations:
        raise NotFound(
            say("there is no organisation {organisation}", organisation=repr(organisation)),
            nearest(organisation, current().organisations),
        )
    to = reading.fund(fund)
    if not to.holds(month):
        raise UserError(
            say("{name} is not open in {month}", name=to.name, month=say_date(month, "%B %Y")),
            "Contribute in a month in which it is.",
        )
    return _act(
        "contribute", [Transfer("", to.unallotted, amount)], month, months, words, by, key=key,
        fund=fund, organisation=organisation, source=kind,
    )  # fmt: skip


def allot(
    *,
    amounts: Mapping[str, int],
    month: date,
    words: str,
    by: Actor,
    months: int | None = None,
    seen: int | None = None,
    key: str = "",
) -> int:
    """Give lines of one fund so much each, out of what the fund has not allotted yet."""
    into = [reading.line(code) for code in amounts]
    if len({line.fund for line in into}) != 1:
        raise BadConfig("the lines are of several funds", "Allot the money of each fund by itself.")
    rest = reading.fund(into[0].fund).unallotted
    transfers = [Transfer(rest, line.code, amounts[line.code]) for line in into]
    return _act("allot", transfers, month, months, words, by, seen=seen, key=key, fund=into[0].fund)


def move(
    *,
    source: str,
    to: str,
    amount: int,
    month: date,
    words: str,
    by: Actor,
    months: int | None = None,
    seen: int | None = None,
    key: str = "",
) -> int:
    """Move planned money from a line to another, with a reason. Raises Refused, Overtaken."""
    return move_many(
        transfers=[Transfer(source, to, amount)], month=month, words=words, by=by, months=months,
        seen=seen, key=key,
    )  # fmt: skip


def move_many(
    *,
    transfers: Sequence[Transfer],
    month: date,
    words: str,
    by: Actor,
    months: int | None = None,
    seen: int | None = None,
    key: str = "",
) -> int:
    """Several moves as one act: the fences look at what they come to together."""
    return _act("move", transfers, month, months, words, by, seen=seen, key=key)


def undo(*, act: int, by: Actor, words: str) -> int:
    """Take an act back by a contrary one, over those of its months that are still open."""
    row = ActRow.objects.filter(id=act).first()
    if row is None:
        raise NotFound(say("there is no act {act}", act=act), "Look at the list of moves.")
    if again := ActRow.objects.filter(undoes=act).first():
        raise UserError(
            say("it was undone by {by} already", by=again.by), "Look at the list of moves."
        )
    if row.kind == "undo":
        raise UserError("this is a step back itself", "Do again what was undone.")
    months = [
        each
        for each in Year.on(row.first, reading.begins()).from_month(row.first)
        if each <= row.last and not books.closed(each)
    ]
    if not months:
        raise UserError("all months that it touched are closed", "Move the money in an open month.")
    transfers = [each.turned() for each in act_of(row).transfers]
    return _act(
        "undo", transfers, months[0], len(months), words, by, undoes=act, fund=row.fund,
        organisation=row.organisation, source=row.source,
    )  # fmt: skip


def act_of(row: ActRow, undone: int | None = None) -> Act:
    """An act out of its row."""
    return Act(
        number=row.id, kind=row.kind, first=row.first, last=row.last, amount=row.amount,
        transfers=tuple(Transfer(*each) for each in orjson.loads(row.body)), words=row.words,
        at=row.at, by=row.by, fund=row.fund, organisation=row.organisation, source=row.source,
        undoes=row.undoes, undone=undone,
    )  # fmt: skip


@transaction.atomic
def _act(
    kind: str,
    transfers: Sequence[Transfer],
    month: date,
    months: int | None,
    words: str,
    by: Actor,
    *,
    seen: int | None = None,
    key: str = "",
    undoes: int | None = None,
    fund: str = "",
    organisation: str = "",
    source: str = "",
) -> int:
    access.require(by, "budget.move")
    if key and (done := ActRow.objects.filter(key=key).first()):
        return done.id
    _sound(transfers, month, words)
    # One act on the plan at a time: what a fence looks at is not changed under it by another.
    list(FundRow.objects.select_for_update().order_by("code").values_list("code"))
    year = Year.on(month, reading.begins())
    over = year.from_month(month)[: months or 12]
    changed = changes(transfers)
    if not changed:
        raise BadConfig("this changes nothing", "Choose two lines.")
    at = {code: reading.line(code) for code in changed}
    _seen(changed, seen)
    _judge(year, changed, at, over, {fund: _given(transfers)} if source else {})
    made = ActRow.objects.create(
        kind=kind, first=over[0], last=over[-1], fund=fund, organisation=organisation,
        source=source, amount=sum(each.amount for each in transfers), words=words.strip()[:1000],
        body=orjson.dumps([[t.source, t.to, t.amount] for t in transfers]).decode(),
        at=to_micros(now()), by=by.name, key=key or None, undoes=undoes,
    )  # fmt: skip
    PlanActLine.objects.bulk_create(PlanActLine(act=made, line=code) for code in changed)
    LineRow.objects.filter(code__in=changed).update(act=made.id)
    lines = at | {t.source: reading.line(t.source) for t in transfers if t.source not in {"", *at}}
    books.plan(spread(transfers, over), lines, organisation, words, f"funds:{made.id}", by)
    access.record(
        by=by, act=f"budget.{kind}", what=str(made.id),
        detail={"amount": made.amount, "lines": sorted(changed)[:20], "month": f"{month:%Y-%m}"},
    )  # fmt: skip
    return int(made.id)


def _sound(transfers: Sequence[Transfer], month: date, words: str) -> None:
    if not words.strip():
        raise BadConfig("a move needs its reason", "Say in a few words why.")
    if month.day != 1:
        raise BadConfig(say("{month} is no month", month=month), "Say its first day.")
    for each in transfers:
        if type(each.amount) is not int or each.amount <= 0:
            raise BadConfig(
                say("{amount} is no amount to move", amount=repr(each.amount)),
                "Give whole minor units above 0.",
            )
        if each.source == each.to:
            raise BadConfig("a line cannot give to itself", "Choose two lines.")


def _seen(changed: Mapping[str, int], seen: int | None) -> None:
    if seen is None:
        return
    last = LineRow.objects.filter(code__in=changed, act__gt=seen).order_by("-act").first()
    if last is not None:
        row = ActRow.objects.get(id=last.act)
        raise Overtaken(
            say("{by} moved money on {name} while you were looking", by=row.by, name=last.name),
            "Look at what stands now, then say again.",
        )


def _given(transfers: Sequence[Transfer]) -> int:
    return sum(t.amount * ((not t.source) - (not t.to)) for t in transfers)


def _judge(
    year: Year,
    changed: Mapping[str, int],
    at: Mapping[str, Line],
    over: Sequence[date],
    gives: Mapping[str, int],
) -> None:
    for each in over:
        if books.closed(each):
            raise Refused(
                "closed months",
                say("{each} is closed", each=say_date(each, "%B %Y")),
                "Begin with the first open month.",
            )
    asked = Asked(
        changes=[Change(at[code], amount) for code, amount in changed.items()],
        lines=reading.lines(), fences=reading.fences(year), holding=books.holding(year),
        bound=books.bound(year, changed), gives=gives,
    )  # fmt: skip
    said = refusal(asked, says)
    if said is not None:
        raise Refused(said.rule, said.what, said.cure)


def says(minor: int) -> str:
    """Minor units in words, in the district's money."""
    return str(Money(minor, current().currency))
