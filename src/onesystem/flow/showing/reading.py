"""What the pages of measures read: figures with their marks, the groups to choose from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from onesystem import access, district
from onesystem.flow import measures
from onesystem.flow.marks import queries as marks
from onesystem.flow.measures import cells, library
from onesystem.flow.measures.days import PERIODS
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.names import practice_name, word_of
from onesystem.flow.showing import charting
from onesystem.flow.showing.charting import Charted
from onesystem.flow.showing.state import State, scope_of
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say

MOST_GROUPS = 60  # small charts on one page
GRID_DIMENSIONS = ("setting", "service", "place", "practice")


def first_day_without() -> date:
    """The first day that no figure is kept for; today, where none are."""
    last = measures.data_to()
    return district.now().date() if last is None else last + timedelta(days=1)


def named(measure: str) -> Declared:
    """A measure by its name. Raises NotFound with the nearest."""
    return library.measure(measure)


def charts(
    measure: Declared, state: State, *, by: access.Actor, group: bool = True
) -> list[tuple[Mapping[str, str], Charted]]:
    """The chart of each group of a measure, with its marks; `group` is off for the whole alone."""
    found = measures.figures(
        measure.name,
        by=(state.by,) if group and state.by else (),
        every="day" if state.rare else state.every,
        start=state.start,
        end=state.end,
        where=state.where,
        asker=by,
    )
    drawn = charting.rare if state.rare else charting.chart
    scopes = [scope_of({**state.where, **each.group}) for each in found]
    on = marks.marks_on([(measure.name, scope) for scope in scopes], by=by)
    return [
        (each.names, drawn(each, state, on.get((measure.name, scope), [])))
        for each, scope in zip(found, scopes, strict=True)
    ]


def groups(measure: Declared, state: State, *, by: access.Actor) -> list[Any]:
    """The figures of each group of a measure, period by period."""
    return measures.figures(
        measure.name, by=(state.by,), every=state.every, start=state.start, end=state.end,
        where=state.where, asker=by,
    )  # fmt: skip


def shortest(measure: Declared, dimensions: Iterable[str]) -> str:
    """The shortest period by which a measure is kept for these; empty where it is not at all."""
    ages = measure.standardisation != "none"
    try:
        cut = cells.cut_for(measure, dimensions, "year", ages=ages)
    except BadConfig:
        return ""
    return cells.periods_of(measure, cut)[0]


def tells(measure: Declared, dimensions: Iterable[str], every: str) -> bool:
    """Whether a measure is kept for these by a period so short."""
    least = shortest(measure, dimensions)
    return bool(least) and PERIODS.index(every) >= PERIODS.index(least)


def grid(
    wanted: Iterable[Declared], state: State, *, by: access.Actor
) -> list[tuple[Declared, State, Charted]]:
    """One chart of each measure that is kept by what is asked for."""
    made, known = [], measures.Known()
    for measure in wanted:
        if not set(state.where) <= set(measure.dimensions):
            continue
        own, least = state, shortest(measure, state.where)
        if not least:
            continue
        if PERIODS.index(state.every) < PERIODS.index(least):
            own = replace(state, every=least, start=min(state.start, back(state.end)))
        figures = measures.figures(
            measure.name, every=own.every, start=own.start, end=own.end, where=own.where,
            asker=by, known=known,
        )[0]  # fmt: skip
        made.append((measure, own, figures))
    on = marks.marks_on([(m.name, state.scope) for m, _, _ in made], by=by)
    return [
        (m, own, charting.chart(f, own, on.get((m.name, state.scope), []))) for m, own, f in made
    ]


def back(end: date) -> date:
    """Five years before, for measures that only have figures by month or longer."""
    return end - timedelta(days=5 * 365)


def choices(dimension: str, measure: str = "", *, by: access.Actor) -> list[tuple[str, str]]:
    """(code, words) of what a page can be narrowed to, all first."""
    here = district.current()
    if measure and dimension not in {"service", "setting", "organisation", "place"}:
        found = measures.values_of(measure, dimension, asker=by)
    elif dimension == "setting":
        used = sorted({str(s.setting) for s in here.services.values()})
        found = [(code, word_of(here, "setting", code)) for code in used]
    elif dimension == "practice":
        found = _practices(here)
    else:
        held = {"service": here.services, "organisation": here.organisations, "place": here.places}
        found = sorted(((c, each.name) for c, each in held[dimension].items()), key=_by_words)
    return [("", say("All")), *(pair for pair in found if pair[0])]


def _practices(here: Any) -> list[tuple[str, str]]:
    codes = {
        each.national_code or code
        for code, each in here.organisations.items()
        if each.kind == "general practice"
    }
    return sorted(((code, practice_name(here, code)) for code in codes), key=_by_words)


def _by_words(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


def words_for(state: State) -> dict[str, str]:
    """The selection's codes in words."""
    here = district.current()
    return {key: word_of(here, key, value) for key, value in state.where.items()}


def matching(text: str) -> list[Declared]:
    """The measures whose title, words or name hold every word of a text; all for none."""
    wanted = text.casefold().split()
    return [
        each
        for each in library.everything().values()
        if all(w in f"{each.title} {each.words} {each.name}".casefold() for w in wanted)
    ]


def behind(
    measure: Declared, period: date, state: State, part: str, *, by: access.Actor
) -> Sequence[Any]:
    """The contacts behind a figure, for those who may see people."""
    return measures.contacts_behind(
        measure.name, period=period, every=state.every, group=dict(state.where), part=part, asker=by
    )
