"""A forecast as the page shows it: sentences, tables and the picture of one place. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onesystem.flow.presenters import setting_name
from onesystem.twin.forecast.drawing import Drawing, drawn
from onesystem.twin.forecast.scoring import Score, together
from onesystem.twin.forecast.told import SHARES, Bands, Forecast, Hospital, Service
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.words import percent, plural

Small = Callable[[int], str]  # a number of people as it may be shown
FIGURES = say_each({
    "inside": "People inside", "came": "People who come from now on", "need": "Places needed",
})  # fmt: skip
_WARD = "ward"


def small(below: int, *, exact: bool) -> Small:
    """Numbers as this reader may see them: few people hidden from who may not see people."""
    return lambda n: f"{n:,}" if exact or n == 0 or n >= below else f"<{below}"


@dataclass(frozen=True, kw_only=True)
class Place:
    """What is drawn: a service, or the beds of a hospital."""

    key: str
    title: str
    here: int
    places: tuple[int, ...]
    inside: Bands
    past: tuple[int, ...]
    names: tuple[str, ...]


def places(made: Forecast) -> list[Place]:
    """Everything that can be drawn: hospitals first, the likeliest to be in gridlock before all."""
    services = {each.name: each for each in made.services}
    first = sorted(made.hospitals, key=lambda each: (-each.within[-1], each.name))
    return [
        *(_hospital(each, services) for each in first),
        *(
            Place(key=each.name, title=each.name, here=each.here, places=each.places,
                  inside=each.inside, past=each.past, names=(each.name,))
            for each in sorted(made.services, key=lambda each: (each.setting != _WARD, each.name))
        ),
    ]  # fmt: skip


def _hospital(each: Hospital, services: Mapping[str, Service]) -> Place:
    past = [services[name].past for name in each.beds]
    return Place(
        key=f"beds {each.code}", title=f"Beds of {each.name}", here=each.here, places=each.places,
        inside=each.inside, past=tuple(sum(some) for some in zip(*past, strict=True)),
        names=each.beds,
    )  # fmt: skip


def picture(made: Forecast, place: Place, came: Mapping[str, Sequence[int]]) -> Drawing:
    """The picture of a place, with what came of it so far."""
    known = [came[name] for name in place.names if name in came]
    whole = (
        [sum(some) for some in zip(*known, strict=True)] if len(known) == len(place.names) else ()
    )
    return drawn(made.at, made.marks, place.here, place.inside, places=place.places,
                 past=place.past, came=whole)  # fmt: skip


def headline(made: Forecast, shown: Small) -> list[str]:
    """The answer in a few sentences."""
    if not made.hospitals:
        return [
            say(
                "No hospital of the district says how many beds it has: nothing is said of "
                "gridlock."
            )
        ]
    hour = min(24, made.marks[-1])
    n = made.mark(hour)
    worst = max(made.hospitals, key=lambda each: each.within[n])
    low, _, middle, _, high = (row[n] for row in worst.need)
    ahead = _range(low, middle, high, shown)
    said = [
        f"The chance of gridlock within {hour} hours is {percent(worst.within[n])} at "
        f"{worst.name}" + (", the highest of all." if len(made.hospitals) > 1 else "."),
        say(
            "In {hour} hours it is likely to need {ahead} beds; {places} are open then.",
            hour=hour,
            ahead=ahead,
            places=worst.places[n],
        ),
    ]
    sure = [each for each in made.levers if each.sure]
    if not any(each.within[-1] for each in made.hospitals):
        said.append(say("No run met gridlock within {marks} hours.", marks=made.marks[-1]))
    elif sure:
        said.append(
            say(
                "What would help most: {name}{name2}.",
                name=sure[0].name[0].lower(),
                name2=sure[0].name[1:],
            )
        )
    elif made.levers:
        said.append(say("None of the things tried makes a sure difference."))
    return said


def _people(number: int, shown: Small, text: str = "") -> Cell:
    """A number as it may be shown; what sorts it gives nothing away that is hidden."""
    said = shown(number)
    return Cell(text or said, said if said.startswith("<") else number)


def rows(made: Forecast, shown: Small) -> Iterator[list[Any]]:
    """Every service and hour with all bands, for a file; the first row is the head."""
    shares = [f"{share:.0%}" for share in SHARES]
    yield ["service", "hour", "places", *(f"{figure} {s}" for figure in FIGURES for s in shares)]
    for each in made.services:
        for n, hour in enumerate(made.marks):
            bands = [row[n] for figure in FIGURES for row in getattr(each, figure)]
            places = each.places[n] if each.places else ""
            yield [each.name, hour, places, *(_people(number, shown).value for number in bands)]


def _range(low: int, middle: int, high: int, shown: Small) -> str:
    if low == high:
        return shown(middle)
    return say(
        "{shown} ({shown2} to {shown3})", shown=shown(middle), shown2=shown(low), shown3=shown(high)
    )


def services(made: Forecast, figure: str, query: Mapping[str, str], shown: Small) -> Listing:
    """The services: now and in 6, 24 and 72 hours, the middle with its 90% band."""
    windows = made.windows
    found = []
    for each in made.services:
        bands: Bands = getattr(each, figure)
        row: list[Any] = [
            Cell(each.name, each.name, href=f"?place={each.name.replace('&', '%26')}#drawn"),
            setting_name(each.setting) if each.setting else "",
            _people(each.here, shown),
            each.places[0] if each.places else None,
        ]
        for hour in windows:
            low, _, middle, _, high = (part[made.mark(hour)] for part in bands)
            row.append(_people(middle, shown, _range(low, middle, high, shown)))
        found.append(row)
    return Listing(
        caption=say(
            "{figure}, by service: the middle, and from where to where in nine of ten runs",
            figure=FIGURES[figure],
        ),
        columns=(
            Column("service", "Service"), Column("setting", "Setting"),
            Column("here", "Now", right=True), Column("places", "Places", right=True),
            *(Column(f"in{hour}", f"In {hour} hours", right=True) for hour in windows),
        ),
        all_rows=found, query=query, exports=False,
    )  # fmt: skip


def hospitals(made: Forecast, shown: Small) -> Listing:
    """Hospitals: beds now, and the chance of gridlock and beds needed ahead."""
    lines = []
    for each in made.hospitals:
        row: list[Any] = [
            Cell(each.name, each.name, href=f"?place=beds+{each.code}#drawn"),
            _people(each.here, shown), each.places[0] if each.places else None,
            _people(each.waiting, shown),
        ]  # fmt: skip
        for hour in made.windows:
            n = made.mark(hour)
            low, _, middle, _, high = (part[n] for part in each.need)
            row += [
                _people(middle, shown, _range(low, middle, high, shown)),
                _chance(each.within[n]),
            ]
        lines.append(row)
    columns = [
        Column("name", "Hospital"), Column("here", "In beds", right=True),
        Column("open", "Open", right=True), Column("waiting", "Waiting", right=True),
    ]  # fmt: skip
    for hour in made.windows:
        columns += [
            Column(f"need{hour}", f"Need, {hour} h", right=True),
            Column(f"lock{hour}", f"Gridlock, {hour} h", right=True),
        ]
    return Listing(
        caption="Beds now, beds needed then, and the chance of gridlock up to then",
        columns=tuple(columns),
        all_rows=lines,
        exports=False,
    )


def _chance(share: float) -> Cell:
    tag = "bad" if share >= 0.5 else "warn" if share >= 0.1 else "quiet"
    return Cell(percent(share), share, tag=tag)


def levers(made: Forecast) -> Listing:
    """What would help, beside doing nothing."""
    lines = [
        [
            each.name, _change(each.gridlock, share=True), _change(each.waiting),
            _change(each.inside),
            Cell(say("helps"), tag="good") if each.sure else Cell(say("not sure"), tag="quiet"),
        ]
        for each in made.levers
    ]  # fmt: skip
    return Listing(
        caption=f"What would change over the next {made.marks[-1]} hours, with 95% intervals",
        columns=(
            Column("lever", "What is done"),
            Column("gridlock", "Chance of gridlock", right=True, unit="points"),
            Column("waiting", "Waiting for a bed", right=True, unit="people, mean"),
            Column("inside", "In beds", right=True, unit="people, mean"), Column("sure", "So"),
        ),
        all_rows=lines, exports=False, empty_title="Nothing was tried",
        empty_advice="There is no hospital whose number of beds is known.",
    )  # fmt: skip


def _change(parts: Sequence[float | None], *, share: bool = False) -> Cell:
    mean, low, high = (None if each is None else each * (100 if share else 1) for each in parts)
    if mean is None:
        return Cell("")
    places = 0 if share else 1
    said = f"{_signed(mean, places)}"
    if low is not None and high is not None:
        said += say(
            " ({signed} to {signed2})", signed=_signed(low, places), signed2=_signed(high, places)
        )
    return Cell(said, mean)


def _signed(number: float, places: int) -> str:
    said = f"{number:+.{places}f}".replace("-", "\u2212")
    return "0" if float(f"{number:.{places}f}") == 0 else said


def record(found: Sequence[Score]) -> Listing:
    """How forecasts did, by how far ahead, beside the same hour last week."""
    words = say_each({"inside": "People inside", "came": "People who come"})
    lines = [
        [
            words[each.figure], Cell(_ahead(each), each.ahead[0]), each.many,
            Cell(percent(each.in50 / each.many), each.in50 / each.many),
            Cell(percent(each.in90 / each.many), each.in90 / each.many),
            Cell(f"{each.error / each.many:.2f}", each.error / each.many),
            Cell(f"{each.naive / each.many:.2f}", each.naive / each.many),
        ]
        for each in together(found)
    ]  # fmt: skip
    return Listing(
        caption="Forecasts beside what came, over all services and hours",
        columns=(
            Column("figure", "Figure"), Column("ahead", "Ahead"),
            Column("many", "Compared", right=True),
            Column("in50", "In the 50% band", right=True),
            Column("in90", "In the 90% band", right=True),
            Column("error", "Out by", right=True, unit="people"),
            Column("naive", "Same hour last week", right=True, unit="out by"),
        ),
        all_rows=lines, exports=False, empty_title="No forecast has come of age yet",
        empty_advice="The first is scored when an hour of it has passed.",
    )  # fmt: skip


def _ahead(each: Score) -> str:
    low, high = each.ahead
    return (
        say("up to {high} hours", high=high)
        if not low
        else say("{low} to {high} hours", low=low, high=high)
    )


def verdict(found: Sequence[Score]) -> str:
    """The record in a sentence."""
    total = [each for each in together(found) if each.many]
    if not total:
        return ""
    won = sum(each.error < each.naive for each in total)
    inside = [each for each in total if each.figure == "inside"]
    many = sum(each.many for each in inside)
    if not many:
        return ""
    kept = sum(each.in90 for each in inside) / many
    return say(
        "{kept} of what came lay in the 90% band. The forecast was closer than the "
        "same hour last week in {won} of {lines} below.",
        kept=percent(kept),
        won=won,
        lines=plural(len(total), "line"),
    )


def clock(at: datetime, hours: int) -> str:
    """The local day and time so many hours on."""
    moment = at + timedelta(hours=hours)
    return f"{moment:%a} {moment.day} {moment:%b %H:%M}"
