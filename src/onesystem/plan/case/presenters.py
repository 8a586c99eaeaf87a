"""A case as pages and reports lay it out: parts with their charts and tables. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.plan.areas.area import COUNCIL
from onesystem.plan.areas.catalogue import areas
from onesystem.plan.case import wording
from onesystem.plan.case.drawing import chart
from onesystem.plan.case.figures import GROUPS, Case, Figure
from onesystem.plan.charting import Chart
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

KINDS = {"published": "good", "derived": "info", "assumed": "warn"}
_CHARTS = {
    "people": ("people-85",), "activity": ("emergency", "ed"), "beds": ("beds",),
    "clinic": ("waiting",), "places": ("care-home-places",), "staff": ("gps", "nurses"),
    "money": ("money",),
}  # fmt: skip
_HEADLINES = ("people-85", "beds", "gps", "nurses", "care-home-places", "treatments", "money")
_GAPS = {"beds", "places", "staff", "clinic"}
_OLD = 15  # the first band of those who are 75 and over


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A figure in a table: today, every fifth year, the last one's range, and its rise."""

    figure: Figure
    today: str
    values: tuple[str, ...]
    range: str
    change: str
    gap: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the report."""

    key: str
    title: str
    rows: tuple[Shown, ...]
    today: bool  # whether today is told apart from the first year
    gaps: bool  # whether there is something that more is needed than
    charts: tuple[tuple[Figure, Chart], ...]


def marks(case: Case) -> list[int]:
    """Where in the years every fifth is, and the last."""
    return sorted({*range(0, len(case.years), 5), len(case.years) - 1})


def parts(case: Case) -> list[Part]:
    """All parts, in the order of the report."""
    return [
        Part(
            key=key, title=title, rows=tuple(shown(case, each) for each in case.group(key)),
            today=key not in {"people", "money"}, gaps=key in _GAPS,
            charts=tuple((case.of(k), chart(case, case.of(k))) for k in _CHARTS[key]),
        )
        for key, title in GROUPS.items()
    ]  # fmt: skip


def shown(case: Case, figure: Figure) -> Shown:
    """A figure as a row."""
    gap = figure.middle[-1] - figure.today
    return Shown(
        figure=figure, today=wording.plain(figure, figure.today),
        values=tuple(wording.plain(figure, figure.middle[at]) for at in marks(case)),
        range=wording.between(figure, -1), change=wording.change(figure),
        gap=("+" if gap >= 0 else "-") + wording.plain(figure, abs(gap)),
    )  # fmt: skip


def headlines(case: Case) -> list[dict[str, str]]:
    """The figures that head a page."""
    found = []
    for key in _HEADLINES:
        each = case.of(key)
        found.append(
            {
                "key": key,
                "label": each.name,
                "value": wording.plain(each, each.middle[-1]),
                "note": say(
                    "{plain} today; {between}",
                    plain=wording.plain(each, each.today),
                    between=wording.between(each, -1),
                ),
                "unit": "" if each.group == "money" else each.unit,
            }
        )
    return found


def by_deprivation(case: Case) -> list[dict[str, Any]]:
    """People, and those of 75 and over, by fifth of deprivation in the first and last year."""
    if case.projection is None or not (case.projection.now.decile > 0).any():
        return []
    fifth = (case.projection.now.decile + 1) // 2
    small = case.small[[0, -1]]
    return [
        {
            "fifth": number,
            "people": [float(small[at][fifth == number].sum()) for at in (0, 1)],
            "old": [float(small[at][fifth == number][:, :, _OLD:].sum()) for at in (0, 1)],
        }
        for number in range(1, 6)
    ]  # fmt: skip


def small_areas(case: Case) -> Iterator[list[Any]]:
    """A row a small area: code, name, deprivation, people and 75 and over, first and last."""
    if case.projection is None:
        return
    now, small = case.projection.now, case.small[[0, -1]]
    where = {each.code: each.name for each in areas(COUNCIL)}
    everybody, old = small.sum(axis=(2, 3)), small[:, :, :, _OLD:].sum(axis=(2, 3))
    for at, code in enumerate(now.codes):
        yield [
            code, now.names[at] if now.names else where.get(now.councils[at], ""),
            int(now.decile[at]) or None,
            *(float(x) for x in (everybody[0, at], everybody[1, at], old[0, at], old[1, at])),
        ]  # fmt: skip


SMALL_HEAD = (
    say("Small area"),
    "Where",
    say("Deprivation (1 most)"),
    say("People, first year"),
    say("People, last year"),
    say("75 and over, first year"),
    say("75 and over, last year"),
)


def small_listing(case: Case, query: Mapping[str, str]) -> Listing:
    """Small areas as a page has them: first and last year, and the range of who is old then."""
    first, last = case.years[0], case.years[-1]
    found = []
    low, high = _apart(case)
    for code, name, decile, people, then, old, old_then in small_areas(case):
        rise = old_then / old - 1 if old else 0.0
        cells = [Cell(f"{x:,.0f}", value=x) for x in (people, then, old, old_then)]
        found.append(
            [
                code,
                name,
                Cell(str(decile or "not known"), value=decile),
                *cells,
                say(
                    "{old_then} to {old_then2}",
                    old_then=f"{old_then * low:,.0f}",
                    old_then2=f"{old_then * high:,.0f}",
                ),
                Cell(f"{rise:+.0%}", value=rise),
            ]
        )
    return Listing(
        caption="Small areas", columns=(
            Column("code", "Small area"), Column("name", "Where"),
            Column("decile", "Deprivation, 1 most", right=True),
            Column("people", f"People {first}", right=True),
            Column("then", f"People {last}", right=True),
            Column("old", f"75 and over {first}", right=True),
            Column("old-then", f"75 and over {last}", right=True),
            Column("range", "Range", right=True, sorts=False),
            Column("rise", "Change", right=True),
        ),
        all_rows=found, query=query, per_page=50,
    )  # fmt: skip


def _apart(case: Case) -> tuple[float, float]:
    """Low and high of people of 75 and over in the last year, as parts of the middle."""
    if case.projection is None:
        return 1.0, 1.0
    low, middle, high = case.projection.between(75)[:, -1]
    return float(low / middle), float(high / middle)


def rows(case: Case) -> Iterator[list[Any]]:
    """A row a figure and year, as files have them; money in whole minor units."""
    for figure in case.figures.values():
        for at, year in enumerate(case.years):
            yield [case.area.code, figure.key, figure.name, year, *_ends(figure, at), figure.unit,
                   None if figure.now is None else round(figure.now, 1)]  # fmt: skip


HEAD = ("Area", "Key", "Figure", "Year", "Low", say("Middle"), "High", "Unit", "Today")


def _ends(figure: Figure, at: int) -> list[float]:
    ends = [figure.low[at], figure.middle[at], figure.high[at]]
    return [int(x) if isinstance(x, np.integer) else round(float(x), 1) for x in ends]


def definitions(case: Case) -> list[list[Any]]:
    """What each figure is, and where today's level is from."""
    return [
        [each.key, each.name, each.unit, each.kind, each.source] for each in case.figures.values()
    ]


def assumptions(case: Case) -> list[list[Any]]:
    """What was assumed."""
    return [[a.key, a.name, a.value, a.sd, a.unit, a.shipped, a.source] for a in case.assumptions]


def years_table(case: Case, figure: Figure) -> Sequence[tuple[int, str, str, str]]:
    """Every year of a figure."""
    return [
        (year, *(wording.plain(figure, each[at]) for each in figure.values))  # type: ignore[misc]
        for at, year in enumerate(case.years)
    ]
