"""The quality of a period: each measure of a contract over its services, against its bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from onesystem.access import Actor
from onesystem.budget.contracts.agreement import Agreement, Quality
from onesystem.budget.contracts.scoping import Around
from onesystem.budget.months import later
from onesystem.contacts import operational, relation
from onesystem.district import current
from onesystem.flow.measures import library, previewing, store
from onesystem.flow.measures.figured import Figures, value_of
from onesystem.flow.measures.queries import data_to, figures
from onesystem.vocabulary import BadConfig

READER = "contract settlement"  # the job that reads whole figures: none of them names anybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A measure of the period: what it came to, whether its bound was reached."""

    measure: str
    words: str
    value: float | None
    bound: Fraction
    most: bool
    weight: Fraction
    met: bool
    numerator: int
    denominator: float

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "measure": self.measure, "words": self.words, "value": self.value,
            "bound": str(self.bound), "most": self.most, "weight": str(self.weight),
            "met": self.met, "numerator": self.numerator, "denominator": self.denominator,
        }  # fmt: skip


def measured(
    made: Agreement, services: Sequence[str], months: Sequence[date], around: Around
) -> list[Reached]:
    """Each measure over the services in scope, in the order of the contract."""
    return [_reached(each, services, months, around) for each in made.quality]


def _reached(
    each: Quality, services: Sequence[str], months: Sequence[date], around: Around
) -> Reached:
    (top, bottom), where = _sums(each.measure, services, months)
    counted = library.measure(each.measure).over in {"none", "most"} or bottom
    value = value_of(library.measure(each.measure), top, bottom) if counted else None
    met = value is not None and (value <= each.bound if each.most else value >= each.bound)
    return Reached(
        measure=each.measure, value=value,
        words=around.measures.get(each.measure, each.measure) + where,
        bound=each.bound, most=each.most, weight=each.weight, met=met, numerator=top,
        denominator=bottom,
    )  # fmt: skip


def _sums(
    name: str, services: Sequence[str], months: Sequence[date]
) -> tuple[tuple[int, float], str]:
    """Numerator and denominator of the services; where none are told apart, the district's."""
    last = months[-1]
    end = later(last)
    known = data_to()
    if name not in store.kept() or known is None or known < end - timedelta(days=1):
        return _on_the_spot(name, services, months[0], end)
    reader, span = Actor.job(READER), {"start": months[0], "end": end}
    try:
        of: Any = {"service": tuple(services)}
        return _of(figures(name, every="month", where=of, asker=reader, **span)), ""
    except BadConfig:
        return _of(figures(name, every="month", asker=reader, **span)), WHOLE


WHOLE = ", of the whole district"


def _of(found: Sequence[Figures]) -> tuple[int, float]:
    return (
        sum(n or 0 for one in found for n in one.numerator),
        sum(d or 0 for one in found for d in one.denominator),
    )


def _on_the_spot(
    name: str, services: Sequence[str], start: date, end: date
) -> tuple[tuple[int, float], str]:
    """The same from the log itself, where the kept figures do not reach so far."""
    import duckdb

    apart = "service" in library.measure(name).dimensions
    with duckdb.connect() as duck:
        contacts = relation.contacts(duck, current().path, operational.in_process())
        rows = previewing.table(
            current(), contacts, duck, name, by=("service",) if apart else (), every="month",
            start=start, end=end,
        ).to_pylist()  # fmt: skip
    mine = [row for row in rows if not apart or row["service"] in set(services)]
    top = sum(row["numerator"] or 0 for row in mine)
    return (top, sum(row["denominator"] or 0 for row in mine)), "" if apart else WHOLE
