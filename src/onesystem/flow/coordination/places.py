"""Each place with its three together: outcomes, cost per person, days at home.

Read from the kept cells of measures alone. A place is a practice, a postcode district, a locality
(a group of practices that the district names in `coordination.toml`) or the whole district.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, district
from onesystem.flow import measures
from onesystem.flow.coordination.definitions import definitions
from onesystem.flow.marks import queries as marks
from onesystem.flow.measures.names import word_of
from onesystem.flow.showing import charting, exporting, presenters, reading
from onesystem.flow.showing.common import file_of
from onesystem.flow.showing.state import State, scope_of
from onesystem.flow.spc import Kind
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.typed import whole_or

THREE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Outcomes", ("emergency-admissions-75", "ambulatory-sensitive-admissions")),
    (say("Cost per person"), ("cost-per-person",)),
    (say("Days at home"), ("days-at-home",)),
)
BYS = say_each(
    {
        "practice": "Practices",
        "area": "Postcode districts",
        "locality": "Localities",
        "district": "The whole district",
    }
)
PER_PAGE = 10
_EVERY = ("month", "quarter", "year")
_BACK = 1096  # days, where an address says nothing: a dozen quarters


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with the card of each measure, in the order of THREE."""

    code: str
    name: str
    charted: Mapping[str, charting.Charted]
    narrowing: Mapping[str, str]  # of the measure's own page
    concerns: int

    def cards(self) -> list[tuple[str, list[Any]]]:
        """What stands under each of the three."""
        return [
            (said, [self._card(name) for name in names if name in self.charted])
            for said, names in THREE
        ]

    def _card(self, name: str) -> Any:
        charted = self.charted[name]
        asked = f"?{urlencode(self.narrowing)}" if self.narrowing else ""
        return presenters.card(
            charted, title=charted.figures.measure.title, href=f"/measures/{name}/{asked}"
        )


@require_safe
@access.page(right="measures.see")
def places(request: HttpRequest) -> HttpResponse:
    """How does each place do, in outcomes, cost and days at home together?"""
    actor = request.actor  # type: ignore[attr-defined]
    by = request.GET.get("of", "practice")
    by = by if by in BYS else "practice"
    today = reading.first_day_without()
    said = {key: value for key, value in request.GET.items() if key in ("every", "from", "to")}
    said.setdefault("from", (today - timedelta(days=_BACK)).isoformat())
    state = State.of(
        said, today=today, shortest="month", dimensions=(),
        # A practice has few of these in a month: points of nought and one show nothing.
        every="month" if by == "district" else "quarter",
    )  # fmt: skip
    found = sorted(_places(by, state, actor), key=_order(request.GET.get("sort", "")))
    if request.GET.get("format") == "csv":
        shown = [
            (f"{place.name}: {charted.figures.measure.title}", charted)
            for place in found for charted in place.charted.values()
        ]  # fmt: skip
        return file_of(exporting.as_csv(shown), "csv", "places")
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, whole_or(request.GET.get("page"), 1)), pages)
    context = {
        "state": state,
        "of": by,
        "bys": list(BYS.items()),
        "every": [(each, each[:1].upper() + each[1:]) for each in _EVERY],
        "sort": "name" if request.GET.get("sort") == "name" else "",
        "places": found[(page - 1) * PER_PAGE : page * PER_PAGE],
        "many": len(found),
        "concerned": sum(1 for place in found if place.concerns),
        "page": page,
        "pages": pages,
        "kept": measures.data_to(),
        "standing": measures.stands(),
        "exact": access.may(actor, "person.open"),
        "below": district.current().suppress_below,
        "localities": definitions(district.current().path).localities,
        "link": lambda **changes: _link(request, **changes),
    }
    return render(request, "flow/coordination/places.html", context)


def _order(sort: str) -> Any:
    if sort == "name":
        return lambda place: place.name.casefold()
    return lambda place: (-place.concerns, place.name.casefold())


def _link(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for key, value in changes.items():
        query[key] = str(value)
    return f"?{query.urlencode()}"


def _places(by: str, state: State, actor: access.Actor) -> Iterator[Place]:
    """Every place of a kind that has figures."""
    here = district.current()
    held: dict[str, dict[str, charting.Charted]] = {}
    named = {each.code: each.name for each in definitions(here.path).localities}
    for _, names in THREE:
        for name in names:
            for code, charted in _charts(name, by, state, actor):
                held.setdefault(code, {})[name] = charted
    for code, charted in held.items():
        if not code and by != "district":
            continue  # people of whom the place is not known are no place
        name = named.get(code, "") or (word_of(here, by, code) if code else here.name)
        yield Place(
            code=code, name=name, charted=charted,
            narrowing={by: code} if by in ("practice", "area") else {},
            concerns=sum(_concern(each.chart) for each in charted.values()),
        )  # fmt: skip


def _concern(chart: Any) -> bool:
    return chart.last is not None and chart.kinds[chart.last] is Kind.CONCERN


def _charts(
    name: str, by: str, state: State, actor: access.Actor
) -> Iterator[tuple[str, charting.Charted]]:
    """The chart of one measure for each place; none where it is not kept by such places."""
    span = {"every": state.every, "start": state.start, "end": state.end, "asker": actor}
    try:
        if by == "locality":
            found = [
                (each.code, measures.figures(name, where={"practice": each.practices}, **span)[0])
                for each in definitions(district.current().path).localities
            ]
        elif by == "district":
            found = [("", measures.figures(name, **span)[0])]
        else:
            found = [(f.group[by], f) for f in measures.figures(name, by=(by,), **span)]
    except BadConfig:
        return
    scopes = {code: scope_of({by: code}) if by in ("practice", "area") else "" for code, _ in found}
    on = marks.marks_on([(name, scope) for scope in scopes.values()], by=actor)
    for code, figures in found:
        yield code, charting.chart(figures, state, on.get((name, scopes[code]), []))
