"""What the log and its costs say of providers' years, and which comparisons are saved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from onesystem.budget.comparing.activity import Row
from onesystem.budget.comparing.rows import Comparison
from onesystem.budget.comparing.year import Year
from onesystem.budget.contracts import queries as contracts
from onesystem.budget.contracts.agreement import Payment
from onesystem.budget.contracts.queries import Version
from onesystem.budget.costing import queries as costing
from onesystem.budget.costing.cells import Cell, month_of
from onesystem.budget.months import later, months_from
from onesystem.district import current, folder
from onesystem.people.mapping import people_count
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_date

_ELECTIVE = {"outpatient", "diagnostics"}
_PLANNED = {"planned", "elective"}
YEAR = 12


def whole_months() -> list[date]:
    """The months to choose from that are costed to their end, oldest first."""
    day = costing.kept().day
    return [m for m in costing.months_held() if day is not None and later(m, 1) <= day]


def last_year() -> date:
    """The first of the last twelve whole months. Raises UserError where nothing is costed."""
    months = whole_months()
    if not months:
        raise UserError("nothing is costed yet", "Run `onesystem cost log` first.")
    return later(months[-1], 1 - YEAR)


def rows(first: date, last: date) -> list[Row]:
    """Activity and cost of every service, month by month (both included)."""
    return list(_rows(first, last, costing.kept(), str(folder())))


@lru_cache(maxsize=8)
def _rows(first: date, last: date, *_known_by: Any) -> tuple[Row, ...]:
    sums: dict[tuple[Any, ...], list[int]] = {}
    for cell in costing.cells(first, last):
        key = (cell.service, cell.setting, cell.month, cell.mode, cell.basis, cell.rule,
               cell.kind, cell.name)  # fmt: skip
        held = sums.setdefault(key, [0, 0, 0])
        for at, value in enumerate(_counts(cell)):
            held[at] += value
    return tuple(_row(key, held) for key, held in sums.items())


def _counts(cell: Cell) -> tuple[int, int, int]:
    """A contact counts once, by the first of its lines."""
    first = cell.line == 0
    return (cell.begun if first else 0, cell.portions if first else 0, cell.minor)


def _row(key: tuple[Any, ...], held: list[int]) -> Row:
    service, setting, month, mode, basis, rule, kind, name = key
    return Row(
        organisation=costing.organisation(service), service=service, setting=setting,
        month=month_of(month), mode=mode, began=held[0], there=held[1], cost=held[2], basis=basis,
        rule=rule, kind=kind, name=name,
    )  # fmt: skip


def year_of(provider: str, service: str = "", first: date | None = None) -> Year:
    """Twelve months of a provider, or of one of its services. Raises UserError."""
    first = first or last_year()
    months = months_from(first, YEAR)
    known = whole_months()
    if not known or months[-1] > known[-1]:
        raise UserError(
            say("costs do not reach to the end of {months}", months=say_date(months[-1], "%B %Y")),
            "Choose an earlier first month, or work the costs out again.",
        )
    found = list(_of(months[0], months[-1], provider, service))
    stays = sum(row.there for row in found) > 2 * sum(row.began for row in found)
    contacts, elective, cost = (dict.fromkeys(months, 0) for _ in range(3))
    for row in found:
        many = row.there if stays else row.began
        contacts[row.month] += many
        elective[row.month] += many if _is_elective(row) else 0
        cost[row.month] += row.cost
    before = 0
    if later(first, -YEAR) >= known[0]:
        for row in _of(later(first, -YEAR), later(first, -1), provider, service):
            before += row.there if stays else row.began
    return Year(
        months=months, contacts=_each(contacts), elective=_each(elective),
        cost=tuple(cost.values()), people=people_count(), before=before,
        source="the contact log and its costs",
        unit=say("months of care") if stays else say("contacts"),
    )  # fmt: skip


def _each(counts: dict[date, int]) -> tuple[Fraction, ...]:
    return tuple(Fraction(each) for each in counts.values())


def _of(first: date, last: date, provider: str, service: str) -> Iterator[Row]:
    for row in rows(first, last):
        if row.organisation == provider and service in ("", row.service):
            yield row


def _is_elective(row: Row) -> bool:
    return row.setting in _ELECTIVE or row.mode in _PLANNED


def providers(first: date, last: date) -> list[tuple[str, str]]:
    """Who had contacts in those months: code and name, by name."""
    codes = {row.organisation for row in rows(first, last) if row.organisation}
    here = current().organisations
    named = [(code, here[code].name if code in here else code) for code in codes]
    return sorted(named, key=lambda each: each[1])


def services(first: date, last: date, provider: str) -> list[tuple[str, str]]:
    """A provider's services that had contacts: code and name, by name."""
    codes = {row.service for row in rows(first, last) if row.organisation == provider}
    return sorted(((c, current().service_name(c)) for c in codes), key=lambda each: each[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment of a contract that is in force, and for which services it is."""

    contract: str
    name: str
    nth: int
    payment: Payment
    since: date
    until: date


def payments(day: date) -> list[Paid]:
    """Every payment of the contracts that are in force on a day."""
    found = []
    for each in contracts.contracts():
        version: Version | None = each.in_force(day)
        if version is None:
            continue
        made = version.agreement
        found += [
            Paid(contract=each.slug, name=each.name, nth=nth, payment=payment,
                 since=made.since, until=made.until)
            for nth, payment in enumerate(made.payments)
        ]  # fmt: skip
    return found


def saved() -> list[Comparison]:
    """The comparisons that somebody saved, the latest first."""
    return list(Comparison.objects.filter(gone_at=None).order_by("-at"))


def comparison(number: int) -> Comparison | None:
    """One that was saved."""
    return Comparison.objects.filter(pk=number, gone_at=None).first()
