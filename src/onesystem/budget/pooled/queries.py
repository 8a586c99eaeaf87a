"""What can be asked of pooled funds. Nothing of it is about a person.

funds()                     the latest year of each
standing("bcf", "2026/27")  the agreement as it stands
position(...)               contributions and schemes against the ledger, to the penny
metrics(...)                the year's measures from the log
draft_return(...)           what a return of a quarter would say now
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem import access
from onesystem.budget.months import Year
from onesystem.budget.pooled import books, returning
from onesystem.budget.pooled import metrics as measured
from onesystem.budget.pooled.agreement import Agreement
from onesystem.budget.pooled.benefit import Benefit, benefit
from onesystem.budget.pooled.books import Books
from onesystem.budget.pooled.frameworks import framework
from onesystem.budget.pooled.reading import funds, made, returns, standing, steps, years
from onesystem.district import current, now
from onesystem.flow import measures
from onesystem.flow.measures import library
from onesystem.vocabulary import to_local

__all__ = [
    "Position", "benefits", "draft_return", "funds", "made", "metrics", "position", "quarter_now",
    "returns", "standing", "steps", "title_of", "today", "years",
]  # fmt: skip


def today() -> date:
    """The day by the district's clock."""
    return to_local(now(), current().zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A year of a fund: what was agreed, and what the ledger says to the penny."""

    agreement: Agreement
    books: Books
    planned: int
    received: int
    spent: int
    due: int  # what was planned to be spent by now

    @property
    def differs(self) -> int:
        """What the plan in the ledger has more than the agreement: nothing, if all is well."""
        return sum(self.books.budget.values()) - self.agreement.in_cash


def position(fund: str, year: str, *, by: access.Actor) -> Position:
    """Where a year of a fund stands today."""
    access.require(by, "budget.see")
    a = standing(fund, year).agreement
    found, months = books.read(fund, Year.of(year)), _over_by_now(Year.of(year))
    return Position(
        agreement=a, books=found, planned=a.in_cash,
        received=sum(found.received_of(c.code) for c in a.contributions),
        spent=sum(found.spent_on(code) for code in found.spent),
        due=sum(returning.due(s.amount, s.phasing, Year.of(year), months)
                for s in a.cash_schemes),
    )  # fmt: skip


def _over_by_now(year: Year) -> list[date]:
    """The months of a year that are over."""
    return [month for month in year.months if month < today().replace(day=1)]


def quarter_now(year: Year) -> int:
    """The last quarter of a year that is over; the first where none is."""
    over = [n for n in range(1, 5) if year.quarter_end(n) < today()]
    return over[-1] if over else 1


def metrics(
    fund: str, year: str, *, by: access.Actor, quarter: int = 4,
    notes: Mapping[str, str] | None = None,
) -> list[measured.Metric]:  # fmt: skip
    """The measures of the year's rules, and those of schemes, from the log."""
    access.require(by, "budget.see")
    a = standing(fund, year).agreement
    return measured.metrics(
        Year.of(year), framework(Year.of(year)), a.targets, by=_reader(by), quarter=quarter,
        notes=notes, more=[s.measure for s in a.schemes],
    )  # fmt: skip


def _reader(by: access.Actor) -> access.Actor:
    """Who may see measures reads as themselves; others as a job that sees no small counts."""
    if access.may(by, "measures.see"):
        return by
    return access.Actor(name=by.name, roles=frozenset({"improvement"}))


def title_of(measure: str) -> str:
    """What people call a measure; its name where the library has it no more."""
    known = library.everything().get(measure)
    return known.title if known else measure


def benefits(
    fund: str, year: str, *, by: access.Actor, known: Sequence[measured.Metric] | None = None
) -> list[Benefit]:
    """Where money for a limited time stands: its end, and its test."""
    a = standing(fund, year).agreement
    limited = [s for s in a.schemes if s.until or s.test]
    every = known if known is not None or not limited else metrics(fund, year, by=by)
    found = {m.measured.name: m.measured for m in every or ()}
    made_ = []
    for scheme in limited:
        at = found.get(scheme.test.measure) if scheme.test else None
        way = library.measure(scheme.test.measure).direction if scheme.test else "down"
        made_.append(benefit(scheme, at.so_far if at else None, way, today()))
    return made_


def draft_return(
    fund: str, year: str, quarter: int, answers: Mapping[str, Any], *, by: access.Actor
) -> returning.Return:
    """What a return of a quarter says, from the books, the log and the answers."""
    access.require(by, "budget.see")
    here = current()
    a, when = standing(fund, year).agreement, Year.of(year)
    rules, found = framework(when), books.read(fund, when)
    notes = {name.removeprefix("note."): str(said) for name, said in answers.items()
             if name.startswith("note.")}  # fmt: skip
    earlier = sum(each.quarter < quarter for each in returns(fund, year))
    providers = {code: o.name for code, o in here.organisations.items()}
    data_to = measures.data_to()
    return returning.Return(
        fund=fund, name=a.name, board=a.board, year=year, quarter=quarter,
        host=next((p.name for p in a.partners if p.code == a.host), a.host),
        until=when.quarter_end(quarter), currency=here.currency, framework=rules.name,
        source=rules.source, signed=a.signed.isoformat() if a.signed else "",
        income=returning.income(a, found.received_of, quarter),
        spending=returning.spending(a, found.spent_on, quarter, providers),
        conditions=returning.conditions(a, rules, answers, earlier, quarter),
        measures=tuple(
            m.measured for m in metrics(fund, year, by=by, quarter=quarter, notes=notes)
        ),
        successes=str(answers.get("successes", "")).strip(),
        challenges=str(answers.get("challenges", "")).strip(),
        support=str(answers.get("support", "")).strip(),
        data_to=data_to.isoformat() if data_to else "",
    )  # fmt: skip
