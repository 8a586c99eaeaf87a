"""Funds, goals, lines and fences as they stand, out of their rows."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import orjson

from onesystem.budget.funds.fences import Fence
from onesystem.budget.funds.rows import FenceRow, FundRow, GoalRow, LineRow
from onesystem.budget.funds.shape import Fund, Goal, Line, programme_of, where
from onesystem.budget.months import BEGINS, Year, month_in
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, nearest, to_local
from onesystem.vocabulary.said import say


def fund(code: str) -> Fund:
    """A fund. Raises NotFound."""
    row = FundRow.objects.filter(code=code).first()
    if row is None:
        known = FundRow.objects.values_list("code", flat=True)
        raise NotFound(say("there is no fund {code}", code=repr(code)), nearest(code, known))
    return _fund(row)


def funds() -> dict[str, Fund]:
    """All of them, by code."""
    return {row.code: _fund(row) for row in FundRow.objects.order_by("name")}


def _fund(row: FundRow) -> Fund:
    return Fund(
        code=row.code, name=row.name, since=row.since, until=row.until, words=row.words,
        number=row.number,
    )  # fmt: skip


def goals() -> dict[str, Goal]:
    """The shared goals, by code."""
    return {
        row.code: Goal(code=row.code, words=row.words, measure=row.measure, number=row.number)
        for row in GoalRow.objects.order_by("words")
    }


def goal(code: str) -> Goal:
    """A goal. Raises NotFound."""
    known = goals()
    if code not in known:
        raise NotFound(say("there is no goal {code}", code=repr(code)), nearest(code, known))
    return known[code]


def line(code: str) -> Line:
    """A line of a budget. Raises NotFound."""
    row = LineRow.objects.filter(code=code).first()
    if row is None:
        known = LineRow.objects.values_list("code", flat=True)
        raise NotFound(say("there is no budget line {code}", code=repr(code)), nearest(code, known))
    return line_of(row)


def line_of(row: LineRow) -> Line:
    """A line out of its row."""
    return Line(
        code=row.code, name=row.name, fund=row.fund_id, programme=row.programme,
        organisation=row.organisation, service=row.service, setting=row.setting, place=row.place,
        goal=row.goal, number=row.number,
    )  # fmt: skip


def lines(**at: str) -> list[Line]:
    """The lines of a fund, programme, organisation, service, setting, place or goal, by name."""
    meant = programme_of(at.pop("programme", ""))
    found = map(line_of, LineRow.objects.filter(**at).order_by("name", "code"))
    return [line for line in found if not meant or line.programme == meant]


class Payers:
    """Which line pays for a service, of the lines as they are now: read once for many services.

    It is a service's own line, else that of its setting at its organisation. Where several would
    fit, the first by code; None where nobody has a line for it.
    """

    def __init__(self) -> None:
        self._own: dict[str, Line] = {}
        self._near: dict[tuple[str, str], Line] = {}
        for line in map(line_of, LineRow.objects.order_by("code")):
            if line.service:
                self._own.setdefault(line.service, line)
            elif line.setting:
                self._near.setdefault((line.setting, line.organisation), line)

    def line_for(
        self, *, service: str = "", setting: str = "", organisation: str = ""
    ) -> Line | None:
        """The line that pays for it."""
        return self._own.get(service) or self._near.get((setting, organisation))


def line_for(*, service: str = "", setting: str = "", organisation: str = "") -> Line | None:
    """The line that pays for one service: see Payers."""
    return Payers().line_for(service=service, setting=setting, organisation=organisation)


def describe(code: str) -> dict[str, str] | None:
    """What a line is for, for the ledger's entries on it; None where nobody has opened it."""
    row = LineRow.objects.filter(code=code).first()
    if row is None:
        return None
    return {
        "fund": row.fund_id, "organisation": row.organisation, "service": row.service,
        "setting": row.setting,
    }  # fmt: skip


def fences(year: Year | None = None) -> list[Fence]:
    """The fences, or those in force in a year, by name."""
    every = (_fence(row) for row in FenceRow.objects.order_by("code"))
    return [f for f in every if year is None or f.holds(year.first, year.last)]


def fence(code: str) -> Fence:
    """A fence. Raises NotFound."""
    row = FenceRow.objects.filter(code=code).first()
    if row is None:
        known = FenceRow.objects.values_list("code", flat=True)
        raise NotFound(say("there is no fence {code}", code=repr(code)), nearest(code, known))
    return _fence(row)


def _fence(row: FenceRow) -> Fence:
    said = orjson.loads(row.body)
    return Fence(
        code=row.code, kind=row.kind, since=row.since, until=row.until, number=row.number,
        name=said["name"], where=where(said["where"]), basis=said["basis"],
        amount=said["amount"], share=Fraction(said["share"]), fund=said["fund"],
        source=said["source"],
    )  # fmt: skip


def packed(each: Any) -> str:
    """A fund, goal, line or fence as JSON of its fields, for its step."""
    fields = [f for f in each.__dataclass_fields__ if f != "number"]
    said = {f: _plain(getattr(each, f)) for f in fields}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | None) else str(value)


def begins() -> int:
    """The month in which the district's financial year begins."""
    return BEGINS.get(current().currency, 1)


def year_at(text: str = "") -> Year:
    """The financial year of a month, said as 2026-04; this year where nothing is said."""
    return Year.on(month_in(text) if text else this_month(), begins())


def this_month() -> Any:
    """The month that it is now, by the district's clocks."""
    return to_local(now(), current().zone).date().replace(day=1)


def names(codes: Iterable[str]) -> dict[str, str]:
    """Codes of organisations, services and places with their names; as they are where unknown."""
    here = current()
    known = {**here.places, **here.services, **here.organisations}
    return {code: known[code].name if code in known else code for code in codes}
