"""A chart as a file: exactly what the page shows, with where it comes from."""

from collections.abc import Iterator, Sequence
from typing import Any

from onesystem.flow.charts import svg, words
from onesystem.flow.showing import presenters
from onesystem.flow.showing.charting import Charted
from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.flow.spc.rules import Cause
from onesystem.vocabulary.tables import csv_text

HEAD = ("group", "period", "figure", "numerator", "denominator", "people", "hidden", "mean",
        "lower limit", "upper limit", "target", "kind", "what stands out", "phase")  # fmt: skip
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}


def rows(shown: Sequence[tuple[str, Charted]]) -> Iterator[list[Any]]:
    """Each point of each chart under `HEAD`; figures in the unit of the page, unrounded."""
    for group, charted in shown:
        figures, scale = charted.figures, charted.unit.scale
        target = charted.chart.asked.target
        for point, place in zip(charted.chart.points(), charted.places, strict=True):
            yield [
                group,
                point.date,
                _times(point.value, scale),
                figures.numerator[place],
                figures.denominator[place],
                figures.people[place],
                "yes" if figures.hidden[place] else "",
                _times(point.centre, scale),
                _times(point.lower, scale),
                _times(point.upper, scale),
                _times(target, scale),
                words.POINT_KINDS[point.kind],
                "" if point.cause is Cause.COMMON else words.cause(point),
                point.phase + 1,
            ]


def as_csv(shown: Sequence[tuple[str, Charted]]) -> str:
    """The points as text for a spreadsheet."""
    return csv_text(HEAD, list(rows(shown)))


def facts(
    shown: Sequence[tuple[str, Charted]], selection: str, address: str, marks: Sequence[Any]
) -> Iterator[tuple[str, str]]:
    """The definition sheet: what it is, what was chosen, who signed what, as of when."""
    charted = shown[0][1]
    figures, asked = charted.figures, charted.chart.asked
    yield "Measure", figures.measure.title
    yield "Selection", selection
    yield from presenters.definition(charted)
    yield "Chart", words.KINDS[asked.kind]
    yield "Outlying moving ranges", "dropped once" if asked.screens else "kept"
    if asked.baseline:
        yield "Baseline", f"the first {asked.baseline} points of each phase"
    for mark in marks:
        name = "Step change" if mark.kind == "step" else "Note"
        yield f"{name} {mark.label}", f"{mark.day}: {mark.text} (signed {mark.by})"
    yield (
        "Small numbers",
        ("exact" if figures.exact else "rounded at random to threes, and small ones hidden"),
    )
    yield "Figures up to", str(figures.data_to or "nothing is kept yet")
    yield "Read at", figures.read_at.isoformat(timespec="seconds")
    yield "Address", address


def as_xlsx(shown: Sequence[tuple[str, Charted]], sheet: Sequence[tuple[str, str]]) -> bytes:
    """A workbook: the points, and the definition on a sheet of its own."""
    return workbook(
        Sheet(name="Figures", head=HEAD, rows=rows(shown), widths=(24, 12, *[13] * 9, 15, 38, 8)),
        Sheet(name="Definition", head=(), rows=sheet, widths=(30, 110), keys=True),
    )


def as_svg(charted: Charted, *, title: str, subtitle: str, source: str) -> str:
    """The chart as a picture of its own."""
    return str(
        svg.large(
            charted.chart, title=title, unit=charted.unit, subtitle=subtitle, source=source,
            marks=charted.marks, alone=True,
        )
    )  # fmt: skip


def _times(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale
