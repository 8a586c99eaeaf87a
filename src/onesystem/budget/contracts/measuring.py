"""The quality of a period: each measure of a contract over its services, against its bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from onesystem.access import Actor
from onesystem.budget.contracts.agreement import Agreement, Quality
from onesystem.budget.contracts.scoping import Around
from onesystem.flow.measures import library
from onesystem.flow.measures.figured import Figures, value_of
from onesystem.flow.measures.queries import figures
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
    found, where = _told(each.measure, services, months)
    top = sum(n or 0 for one in found for n in one.numerator)
    bottom = sum(d or 0 for one in found for d in one.denominator)
    value = value_of(library.measure(each.measure), top, bottom) if found else None
    met = value is not None and (value <= each.bound if each.most else value >= each.bound)
    return Reached(
        measure=each.measure, value=value,
        words=around.measures.get(each.measure, each.measure) + where,
        bound=each.bound, most=each.most, weight=each.weight, met=met, numerator=top,
        denominator=bottom,
    )  # fmt: skip


def _told(name: str, services: Sequence[str], months: Sequence[date]) -> tuple[list[Figures], str]:
    """The figures of the services by month; where there are none of services, the district's."""
    last = months[-1]
    span: Any = {
        "start": months[0],
        "end": date(last.year + last.month // 12, last.month % 12 + 1, 1),
    }
    reader = Actor.job(READER)
    try:
        of = {"service": tuple(services)}
        return figures(name, every="month", where=of, asker=reader, **span), ""
    except BadConfig:
        return figures(name, every="month", asker=reader, **span), ", of the whole district"
