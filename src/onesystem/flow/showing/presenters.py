"""Charts of measures in words and rows: the cards of the grid, the table under a chart."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from onesystem.district import District
from onesystem.flow.charts import drawing, svg, words
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.showing.charting import Charted, unit_of
from onesystem.flow.showing.state import DIMENSIONS, State, period_name
from onesystem.flow.spc import Cause, Chart, Kind
from onesystem.vocabulary import to_local
from onesystem.vocabulary.said import amid, listed, say, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing

DIRECTIONS = say_each(
    {
        "up": "Higher is better",
        "down": "Lower is better",
        "none": "Neither way is better by itself",
    }
)
_RANK = {Kind.CONCERN: 0, Kind.IMPROVEMENT: 1, Kind.NEUTRAL: 2, Kind.COMMON: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A chart of the grid, ready to be laid out."""

    title: str
    href: str
    rank: tuple[int, int, str]
    charted: Charted
    variation_words: str
    assurance_words: str
    latest: str
    when: str
    mean: str
    limits: str
    target: str
    hidden: int
    signal: bool

    # Drawn when it is laid out: of many cards a page shows some.

    @property
    def variation(self) -> Markup:
        """The icon of variation; none where nothing is known."""
        chart = self.charted.chart
        return Markup("") if chart.last is None else svg.icon(words.VARIATIONS[chart.variation])

    @property
    def assurance(self) -> Markup:
        """The icon of assurance; none without a target."""
        met = self.charted.chart.assurance
        return Markup("") if met is None else svg.icon(words.ASSURANCES[met], of_target=True)

    @property
    def small(self) -> Markup:
        """The chart without axes."""
        return svg.small(self.charted.chart, title=self.title, unit=self.charted.unit)


def card(charted: Charted, *, title: str, href: str) -> Card:
    """The card of a chart."""
    chart, unit = charted.chart, charted.unit
    last, met = chart.last, chart.assurance
    icon = words.VARIATIONS[chart.variation]
    kind = Kind.COMMON if last is None else chart.kinds[last]
    lower = None if last is None else chart.line("lower")[last]
    upper = None if last is None else chart.line("upper")[last]
    return Card(
        title=title,
        href=href,
        rank=(_RANK[kind] if last is not None else 9, 0 if met == "fail" else 1, title.casefold()),
        charted=charted,
        variation_words=say("Nothing is known")
        if last is None
        else listed([icon.title, icon.words]),
        assurance_words="" if met is None else words.ASSURANCES[met].words,
        latest=unit.said(None if last is None else chart.series.values[last]),
        when=charted.last,
        mean=unit.said(None if last is None else chart.line("centre")[last]),
        limits=say("none yet")
        if upper is None
        else say("{lower} to {upper}", lower=unit.said(lower), upper=unit.said(upper)),
        target="" if chart.asked.target is None else unit.said(chart.asked.target),
        hidden=charted.hidden,
        signal=kind is not Kind.COMMON,
    )


def in_order(cards: Iterable[Card]) -> list[Card]:
    """Concern first, then improvement, then the rest; in each, missed targets before others."""
    return sorted(cards, key=lambda each: each.rank)


def table(charted: Charted, state: State, query: Mapping[str, str], *, drill: bool) -> Listing:
    """The figures of a chart as a table, newest first."""
    figures, unit = charted.figures, charted.unit
    counts = figures.measure.unit in {"percent", "count", "people"}
    lines = _lines(charted.chart)
    opens = _opening(charted, state) if drill and charted.figures.measure.drill else None
    rows = [
        _row(charted, opens, place, lines[number], counts=counts)
        for number, place in reversed(list(enumerate(charted.places)))
    ]
    unfinished = [i for i, whole in enumerate(figures.whole) if not whole]
    rows[:0] = [
        [Cell(period_name(figures.periods[i], figures.every), value=figures.periods[i],
              note=say("not over yet")), unit.said(None), "", "", "", "", "", ""]
        for i in unfinished[:1]
    ]  # fmt: skip
    return Listing(
        caption=f"{figures.measure.title} by {figures.every}",
        columns=(
            Column("period", figures.every[:1].upper() + figures.every[1:]),
            Column("value", "Figure", right=True),
            Column("above", "Of which counted" if counts else "Sum", right=True),
            Column("below", "Out of", right=True),
            Column("people", "People", right=True),
            Column("mean", "Mean", right=True),
            Column("limits", "Limits", right=True, sorts=False),
            Column("cause", "What stands out"),
        ),
        all_rows=rows,
        query=query,
        per_page=60,
        exports=False,
        empty_title="No period of this time is over yet",
        empty_advice="Choose an earlier day to begin with, or a shorter period.",
    )


def _lines(chart: Chart) -> list[tuple[Any, ...]]:
    """Of each point: its value, centre, lower and upper limit, and what stands out."""
    columns = [chart.line(name) for name in ("centre", "lower", "upper")]
    marks = map(_stands_out, chart.causes, chart.ways, chart.kinds)
    return list(zip(chart.series.values, *columns, marks, strict=True))


def _opening(charted: Charted, state: State) -> Callable[[date], str]:
    """The address of what lies behind a period; what they all end in is written once."""
    figures = charted.figures
    begins, ends = f"/measures/{figures.measure.name}/{figures.every}/", state.link("/")[1:]
    return lambda first: f"{begins}{first.isoformat()}/{ends}"


def _row(
    charted: Charted, opens: Callable[[date], str] | None, place: int, line: tuple[Any, ...], *,
    counts: bool,
) -> list[Any]:  # fmt: skip
    figures, unit = charted.figures, charted.unit
    value, centre, lower, upper, mark = line
    period = figures.periods[place]
    shown = unit.said(value)
    hidden = figures.hidden[place]
    return [
        Cell(period_name(period, figures.every), value=period, href=opens(period) if opens else ""),
        Cell(say("hidden"), title=say("Of so few people that somebody could be known"))
        if hidden
        else _with_interval(shown, figures, place, unit),
        _count(figures.numerator[place]) if counts else "",
        _count(figures.denominator[place]) if not figures.measure.over else "",
        _count(figures.people[place]),
        unit.said(centre),
        ""
        if upper is None
        else say("{lower} to {upper}", lower=unit.said(lower), upper=unit.said(upper)),
        mark,
    ]


def _with_interval(shown: str, figures: Any, place: int, unit: words.Unit) -> Cell | str:
    """A figure, with its interval where the measure has one."""
    ends = figures.intervals[place] if figures.intervals else None
    if ends is None:
        return shown
    return Cell(
        shown, note=say("{ends} to {ends2}", ends=unit.said(ends[0]), ends2=unit.said(ends[1]))
    )


def _stands_out(cause: Cause, way: int, kind: Kind) -> Cell | str:
    """A tag with its words; nothing for common cause."""
    if not cause:
        return ""
    tag = {Kind.IMPROVEMENT: "good", Kind.CONCERN: "warn", Kind.NEUTRAL: "info"}[kind]
    why = words.cause_of(cause, way)
    return Cell(words.POINT_KINDS[kind], tag=tag, note=why)


def _count(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def readings(charted: Charted, state: State, *, drill: bool) -> list[list[Any]]:
    """Each known point for the reading by keyboard: where it stands, its words, where it leads."""
    chart, unit = charted.chart, charted.unit
    if not chart.series.dates:
        return []
    places = drawing.places(chart, unit)
    opens = _opening(charted, state) if drill and charted.figures.measure.drill else None
    found = []
    for i, (day, place) in enumerate(zip(chart.series.dates, places, strict=True)):
        if place is None:
            continue
        value = unit.said(chart.series.values[i])
        said = say("{value} {when}", value=value, when=charted.when(day))
        if chart.causes[i]:
            kind = amid(words.POINT_KINDS[chart.kinds[i]])
            cause = words.cause_of(chart.causes[i], chart.ways[i])
            said = say("{figure}: {signal}, {cause}", figure=said, signal=kind, cause=cause)
        found.append([*place, said, opens(day) if opens else ""])
    return found


def definition(charted: Charted) -> Iterator[tuple[str, str]]:
    """Where a figure comes from, for the page and for the sheet of a file."""
    yield from definition_of(charted.figures.measure)


def definition_of(measure: Declared) -> Iterator[tuple[str, str]]:
    """The same of the measure alone."""
    yield say("What it is"), " ".join(measure.words.split())
    yield say("Unit"), measure.unit
    yield say("Which way is better"), DIRECTIONS[measure.direction]
    if measure.target is not None:
        yield (
            say("Target"),
            words.Unit(after="%" if measure.unit == "percent" else "").said(measure.target),
        )
    yield say("Source of the definition"), f"{measure.source} ({measure.source_date:%B %Y})"
    if measure.over == "gini":
        yield (
            "Interval",
            say("95 %, by leaving each person out in turn: how far chance alone would move it"),
        )
    if measure.own:
        yield say("Whose definition"), say("Our own: nobody else has published it")
    if measure.live:
        yield say("What our contacts lack of it"), " ".join(measure.live.split())
    for term, text in measure.terms.items():
        yield say("Written as: {term}", term=term), text
    yield say("Version"), str(measure.version)


def doubts(charted: Charted, problems: Sequence[str], below: int) -> list[str]:
    """What to know about a chart: what the address got wrong, limits on trial, what is hidden."""
    found = [*problems, *(w for w in charted.chart.warnings if "are not known" not in w)]
    missing = len(charted.chart.series) - charted.chart.series.known - charted.hidden
    if missing > 0:
        found.append(
            say(
                "{missing} of {places} points have nothing to divide by.",
                missing=missing,
                places=len(charted.places),
            )
        )
    if charted.hidden:
        found.append(
            say(
                "{hidden} of {places} points are hidden, since they are of fewer than {below} "
                "people; the limits stand on the rest.",
                hidden=charted.hidden,
                places=len(charted.places),
                below=below,
            )
        )
    return found


def figure_said(figures: Any) -> str:
    """The first period's figure in its unit."""
    return unit_of(figures.measure).said(figures.value[0] if figures.value else None)


def counted(value: float | None) -> str:
    """A count in a table; nothing where it is hidden or not known."""
    return _count(value)


def splits(measure: Declared, state: State) -> list[str]:
    """The dimensions by which a figure can be told further: the coarsest of services first."""
    left = [d for d in DIMENSIONS if d in measure.dimensions and d not in state.where]
    of_service = [d for d in ("organisation", "setting", "service") if d in left][:1]
    if "service" in left and ("organisation" in state.where or "setting" in state.where):
        of_service = ["service"]
    of_person = [d for d in ("practice", "age_band", "deprivation") if d in left]
    held = set(state.where) & {"practice", "age_band", "sex", "deprivation", "area"}
    return [*of_service, *([] if held else of_person[:1])]


def behind_row(row: Any, district: District) -> list[Any]:
    """A contact behind a figure: no name, but the way to the record for those who may."""
    told = row.told
    return [
        row.day,
        Cell(
            say("Person {person}", person=row.person),
            value=row.person,
            href=f"/people/{row.person}/",
        ),
        district.service_name(row.service) if row.service else "",
        "" if told is None else _moment(told.started, district.zone),
        "" if told is None else _moment(told.ended, district.zone),
        _count(row.numerator),
    ]


def _moment(moment: datetime | None, zone: str) -> str:
    return "" if moment is None else f"{to_local(moment, zone):%-d %b %Y %H:%M}"
