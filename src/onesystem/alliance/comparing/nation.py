"""Publications of districts beside each other: funnel, months, rows. Pure but for drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem.alliance.comparing.beside import LIES
from onesystem.alliance.comparing.publication import Publication, Told
from onesystem.flow.charts import funnels, svg
from onesystem.flow.charts.funnels import Spot
from onesystem.flow.charts.words import Unit
from onesystem.flow.measures.declaration import UNITS
from onesystem.flow.spc import Asked, Funnel, Improve, Series, draw, funnel
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_LAST = 12  # months that stand beside each other
_FEWEST = 8
_WAYS = {"down": Improve("down"), "up": Improve("up")}


@dataclass(frozen=True, slots=True)
class Row:
    """A district with a measure: its last months in one, and its own chart."""

    district: Publication
    told: Told
    above: float
    below: float
    months: int
    hidden: int
    picture: Any
    signal: int | None = None

    @property
    def value(self) -> float | None:
        """The figure of its last months; none where nothing is to be divided by."""
        known = [m.value for m in self.told.months[-_LAST:] if m.value is not None]
        if self.below and self.told.counts:
            return self.above / self.below / UNITS[self.told.unit]
        return sum(known) / len(known) if known else None


def measures(publications: Sequence[Publication]) -> dict[str, Told]:
    """Every measure that is published by anybody, by name."""
    found: dict[str, Told] = {}
    for publication in publications:
        for told in publication.measures:
            found.setdefault(told.name, told)
    return dict(sorted(found.items(), key=lambda pair: pair[1].title))


def rows(publications: Sequence[Publication], name: str) -> list[Row]:
    """Each district that publishes a measure, by name, with where it lies beside the others."""
    found = [_row(p, told) for p in publications if (told := p.measure(name))]
    made = _funnel(found)
    if made is None:
        return found
    return [
        Row(r.district, r.told, r.above, r.below, r.months, r.hidden, r.picture, signal)
        for r, signal in zip(found, made.signals, strict=True)
    ]


def _row(publication: Publication, told: Told) -> Row:
    last = told.months[-_LAST:]
    known = [m for m in last if m.above is not None and m.below]
    return Row(
        publication, told, float(sum(m.above or 0 for m in known)),
        float(sum(m.below or 0 for m in known)), len(known), sum(m.hidden for m in last),
        _chart(told, publication.name),
    )  # fmt: skip


def _chart(told: Told, name: str) -> Any:
    known = [m for m in told.months if m.value is not None]
    if len(known) < _FEWEST:
        return ""
    series = Series.of([date.fromisoformat(m.month) for m in told.months],
                       [m.value for m in told.months])  # fmt: skip
    way = _WAYS.get(told.direction, Improve.NONE)
    return svg.small(draw(series, Asked(improve=way)), title=f"{told.title}: {name}",
                     unit=unit_of(told))  # fmt: skip


def unit_of(told: Told) -> Unit:
    """How a measure's figures are written."""
    return Unit(after="%", places=1) if told.unit == "percent" else Unit()


def _funnel(found: Sequence[Row]) -> Funnel | None:
    """Of shares alone: other figures have no limits by their size alone."""
    if not found or not all(r.told.shares and r.told.counts and r.told.over for r in found):
        return None
    return funnel([r.above for r in found], [r.below for r in found], shares=True)


def picture(found: Sequence[Row]) -> Any:
    """The funnel of districts as a drawing; nothing where the measure has none."""
    made = _funnel(found)
    if made is None or not any(r.below for r in found):
        return ""
    told = found[0].told
    spots = [Spot(name=r.district.name, above=r.above, below=r.below) for r in found]
    way = _WAYS.get(told.direction, Improve.NONE)
    drawn = funnels.draw(spots, made, Unit(scale=100, after="%", places=1), way)
    return svg.funnel(drawn, title=told.title, said=say("{spots} districts", spots=len(spots)))


def listing(found: Sequence[Row], query: Any) -> Listing:
    """The same as rows."""
    made = []
    for r in found:
        unit = unit_of(r.told)
        lies = LIES[r.signal] if r.signal is not None else ""
        made.append([
            r.district.name, Cell(unit.said(r.value), value=r.value),
            Cell(f"{r.below:,.0f}", value=r.below) if r.told.over else "", r.months, r.hidden,
            lies, r.district.data_to,
        ])  # fmt: skip
    return Listing(
        caption="Districts", all_rows=made, query=query,
        columns=(Column("district", "District"), Column("value", "Last 12 months", right=True),
                 Column("out", "Out of", right=True), Column("months", "Months told", right=True),
                 Column("hidden", "Months hidden", right=True), Column("lies", "Limits"),
                 Column("to", "Data to")),
        empty_title="No district has published this",
        empty_advice="A district publishes with `onesystem publish`, or on its own page.",
    )  # fmt: skip
