"""What lies behind a figure: its parts by place and person's group, and for those who may, whom."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, district
from onesystem.flow.showing import presenters, reading
from onesystem.flow.showing.charting import kinds_for
from onesystem.flow.showing.common import day_in, state_of
from onesystem.flow.showing.state import State, period_words, selection, words_of
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_PURPOSES = say("Opening a name asks for a purpose, and is recorded.")


@require_safe
@access.page(right="measures.see")
def behind(request: HttpRequest, name: str, every: str, period: str) -> HttpResponse:
    """What lies behind this figure?"""
    actor = request.actor  # type: ignore[attr-defined]
    declared = reading.named(name)
    day = day_in(period)
    state = state_of(request, declared, every=every)
    span = State.of(
        {**state.said, "from": day.isoformat(), "to": day.isoformat(), "every": every, "by": ""},
        today=day + timedelta(days=1), every=every, dimensions=declared.dimensions,
        kinds=kinds_for(declared),
    )  # fmt: skip
    whole = reading.charts(declared, span, by=actor, group=False)[0][1].figures
    sees = access.may(actor, "person.open")
    part = request.GET.get("part", "numerator")
    listing = _contacts(request, declared, day, span, part) if sees else None
    if listing is not None and (taken := access.exported(listing, request, f"{name}-{period}")):
        return taken
    context = {
        "measure": declared,
        "state": state,
        "when": period_words(whole.periods[0], span.every),
        "figures": whole,
        "said": presenters.figure_said(whole),
        "chosen": ", ".join(selection(state, reading.words_for(state)))
        or say("the whole district"),
        "splits": [
            _split(declared, span, dimension, actor)
            for dimension in presenters.splits(declared, span)
            # People are told apart by month and longer alone: a week has no split by practice.
            if reading.tells(declared, {dimension, *span.where}, span.every)
        ],
        "listing": listing,
        "parts": _parts(declared, request),
        "purposes": _PURPOSES,
        "below": district.current().suppress_below,
        "back": state.link(f"/measures/{name}/"),
    }
    return render(request, "flow/behind.html", context)


def _split(declared: Any, span: State, dimension: str, actor: access.Actor) -> Listing:
    """The figure by one more dimension: each row leads to its own chart."""
    narrowed = State.of(
        {**span.said, "by": dimension}, today=span.end, every=span.every,
        dimensions=declared.dimensions, kinds=kinds_for(declared),
    )  # fmt: skip
    rows = []
    for names, charted in reading.charts(declared, narrowed, by=actor):
        figures = charted.figures
        value = presenters.figure_said(figures)
        if not (figures.people[0] or figures.hidden[0]):
            continue
        path = f"/measures/{declared.name}/{span.every}/{figures.periods[0].isoformat()}/"
        href = span.link(
            path, by=None, **{"from": None, "to": None, dimension: figures.group[dimension]}
        )  # type: ignore[arg-type]
        rows.append([
            Cell(names[dimension], href=href),
            Cell(say("hidden")) if figures.hidden[0] else value,
            presenters.counted(figures.people[0]),
        ])  # fmt: skip
    return Listing(
        caption=f"By {words_of(dimension)}",
        columns=(Column("group", words_of(dimension)[:1].upper() + words_of(dimension)[1:]),
                 Column("value", "Figure", right=True), Column("people", "People", right=True)),
        all_rows=rows,
        per_page=200,
        exports=False,
        empty_title=f"Nobody in any {words_of(dimension)}",
        empty_advice="",
    )  # fmt: skip


def _contacts(request: HttpRequest, declared: Any, day: date, state: State, part: str) -> Listing:
    """The contacts behind the figure. Names show once a record is open, for a stated purpose."""
    found = reading.behind(declared, day, state, part, by=request.actor)  # type: ignore[attr-defined]
    here = district.current()
    return Listing(
        caption="Contacts" if declared.drill == "contact" else "People",
        columns=(
            Column("day", "Day"),
            Column("person", "Person"),
            Column("service", "Service"),
            Column("started", "Started"),
            Column("ended", "Ended"),
            Column("counted", "Counted", right=True),
        ),
        all_rows=[presenters.behind_row(each, here) for each in found],
        query=request.GET,
        empty_title="No contact gave to this figure",
        empty_advice="Choose the other part of the figure, or another period.",
    )


def _parts(declared: Any, request: HttpRequest) -> list[tuple[str, str, bool]]:
    """The parts of a figure that can be listed: what is counted, and out of what."""
    now = request.GET.get("part", "numerator")
    query = request.GET.copy()
    found = []
    for part, said in (
        ("numerator", say("What is counted")),
        ("denominator", say("All it is out of")),
    ):
        query["part"] = part
        query.pop("page", None)
        found.append((said, f"?{query.urlencode()}", part == now))
    return found if not declared.over else []
