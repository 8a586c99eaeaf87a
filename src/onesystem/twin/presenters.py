"""The model as pages show it: a map, tables, the forms of changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.flow.journeys.layout import BOX_HEIGHT, BOX_WIDTH, Drawing, layout
from onesystem.twin.network.loads import mean_stay
from onesystem.twin.network.model import OUT, UNITS, Model, Node, most, options
from onesystem.twin.scenarios import changes as of
from onesystem.twin.scenarios.routes import destinations
from onesystem.vocabulary.said import listed, say
from onesystem.vocabulary.tables import Cell, Column, Listing

BOX = (BOX_WIDTH, BOX_HEIGHT)
_FULL = 0.92
_WORST, _LINE = 25, 21
_ONWARD = 4
_SMALL, _WAYS = 20, 36  # services up to which all are drawn, and ways drawn of a larger model


@dataclass(frozen=True, slots=True)
class Box:
    """A service on the map."""

    x: float
    y: float
    lines: tuple[str, ...]
    below: str
    said: str
    weight: float
    full: bool


@dataclass(frozen=True, slots=True)
class Map:
    """Services and the ways between them, as SVG draws them."""

    boxes: tuple[Box, ...]
    drawing: Drawing


def map_of(model: Model, load: Mapping[str, float], ways: Mapping[tuple[str, str], float]) -> Map:
    """The flows of a model; boxes say how many places and how hard they are worked.

    Of a large model the ways that most people take, and the services that they join.
    """
    pairs = {pair: rate for pair, rate in ways.items() if pair[0] != pair[1]}
    names = list(model.nodes)
    if len(names) > _SMALL:
        pairs = dict(sorted(pairs.items(), key=lambda item: -item[1])[:_WAYS])
        joined = {name for pair in pairs for name in pair}
        names = [name for name in names if name in joined]
    most_taken = max(pairs.values(), default=1.0)
    weights = {pair: max(1, round(1000 * rate / most_taken)) for pair, rate in pairs.items()}
    drawing = layout(names, weights)
    boxes = tuple(_box(each, model.nodes[each.name], load.get(each.name)) for each in drawing.boxes)
    return Map(boxes, drawing)


def _box(box: Any, node: Node, load: float | None) -> Box:
    number = places(node)
    below = (
        say("{number} places, {load}", number=number, load=f"{load:.0%}")
        if load is not None
        else number
    )
    return Box(
        x=box.x, y=box.y, lines=_lines(box.name), below=below,
        said=listed([box.name, below], ": "),
        weight=min(load or 0.0, 1.0), full=(load or 0.0) >= _FULL,
    )  # fmt: skip


def _lines(name: str) -> tuple[str, ...]:
    """A name in two lines at most."""
    if len(name) <= _LINE or " " not in name:
        return (shorten(name),)
    cut = name.rfind(" ", 0, _LINE + 1)
    return name[:cut], shorten(name[cut + 1 :])


def shorten(text: str) -> str:
    """A text that fits a line of a box."""
    return text if len(text) <= _LINE else f"{text[: _LINE - 2]} …"


def places(node: Node) -> str:
    """How many places a service has."""
    if node.servers is None:
        return say("as many as it takes")
    fewest = min(n for each in options(node.servers) for _, n in each.changes)
    top = most(node.servers)
    return str(top) if fewest == top else say("{fewest} to {top}", fewest=fewest, top=top)


def services(
    model: Model, load: Mapping[str, float], ways: Mapping[tuple[str, str], float], query: Any
) -> Listing:
    """The table beside the map; the file has every service that people go on to."""
    hours = UNITS[model.unit] / 3600
    rows = [
        [
            name,
            Cell(places(node), value=most(node.servers) if node.servers else None),
            Cell(f"{load[name]:.0%}", value=load[name], tag="warn" if load[name] >= _FULL else "")
            if name in load else None,
            Cell(length(_stay(model, node) * hours), value=_stay(model, node)),
            _onward(name, node, model, ways),
        ]
        for name, node in model.nodes.items()
    ]  # fmt: skip
    return Listing(
        caption="Services of the model",
        columns=(
            Column("service", "Service"), Column("places", "Places", right=True),
            Column("load", "Work that comes, of what it can do", right=True),
            Column("stay", "Mean stay", right=True), Column("next", "Goes on to"),
        ),
        all_rows=rows,
        query=query,
        per_page=200,
    )  # fmt: skip


def _onward(name: str, node: Node, model: Model, ways: Mapping[tuple[str, str], float]) -> Cell:
    """Where people go on to, most of them first; a ward leads to half the district."""
    to = [each for each in destinations(node.next, model) if each != OUT]
    to.sort(key=lambda each: -ways.get((name, each), 0.0))
    rest = len(to) - _ONWARD
    text = ", ".join(to[:_ONWARD]) or "out"
    return Cell(
        text,
        value=", ".join(to) or "out",
        note=say("and {rest} more", rest=rest) if rest > 0 else "",
        title=", ".join(to[_ONWARD:]),
    )


def trust(report: Mapping[str, Any]) -> Listing:
    """What the model said of days that it had never seen, beside what came; the worst first."""
    rows = [
        [each["name"], check["what"], _figure(check["model"], check), between(check),
         _figure(check["observed"], check),
         Cell(say("outside"), tag="warn") if check["outside"] else "inside"]
        for each in report["services"] for check in each["checks"]
    ]  # fmt: skip
    rows.sort(key=lambda row: row[-1] == "inside")  # else as the report has them
    return Listing(
        caption="What the model said of days it had not seen",
        columns=(
            Column("service", "Service"), Column("what", "Figure"),
            Column("model", "Model", right=True), Column("between", "95% interval", right=True),
            Column("came", "What came", right=True), Column("holds", "It lies"),
        ),
        all_rows=rows[:_WORST],
        query={},
        per_page=_WORST,
    )  # fmt: skip


def between(check: Mapping[str, Any]) -> str:
    """The interval of a check in words."""
    if check["low"] is None:
        return "-"
    return say("{low} to {high}", low=f"{check['low']:.3g}", high=f"{check['high']:.3g}")


def _figure(value: float | None, check: Mapping[str, Any]) -> str:
    if value is None:
        return "-"
    return f"{value:.1%}" if check["unit"] == "share" else f"{value:.3g} {check['unit']}"


def trusted(report: Mapping[str, Any]) -> dict[str, Any]:
    """How far the model held on the days held back: shares, and how often closer than naive."""
    days = [d for s in report["services"] for d in (s["arrivals_a_day"], s["inside_at_noon"]) if d]
    return {
        "inside": report["inside_intervals"], "coverage": report["coverage"],
        "closer": sum(d["error"] < d["naive"] for d in days), "series": len(days),
        "since": report["held_back_from"][:10], "until": report["to"][:10],
        "contacts": report["contacts"],
    }  # fmt: skip


def _stay(model: Model, node: Node) -> float:
    each = [mean_stay(model, node.service, kind) for kind in model.classes]
    return sum(each) / len(each)


def length(hours: float) -> str:
    """A length of time in the unit that suits it."""
    if hours >= 48:
        return say("{hours} days", hours=f"{hours / 24:.3g}")
    return (
        say("{hours} hours", hours=f"{hours:.2g}")
        if hours >= 1
        else say("{hours} minutes", hours=f"{hours * 60:.2g}")
    )


def listing(held: Sequence[Any], query: Any) -> Listing:
    """The scenarios."""
    rows = [
        [
            Cell(h.version.name, value=h.version.name, href=f"/twin/scenarios/{h.row.id}/"),
            len(h.version.changes),
            Cell(say("shared"), tag="good") if h.row.shared else say("only you"),
            h.row.by, Cell(f"{h.version.made_at:%-d %b %Y}", value=h.version.made_at),
        ]
        for h in held
    ]  # fmt: skip
    return Listing(
        caption="Scenarios",
        columns=(
            Column("name", "Scenario"), Column("changes", "Changes", right=True),
            Column("shared", "Seen by"), Column("by", "Made by"), Column("at", "Changed"),
        ),
        all_rows=rows,
        query=query,
        empty_title="Nothing has been tried yet",
        empty_advice="Begin a scenario: say in words what would be different, and from when.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form of a change: a choice where `options` are given."""

    name: str
    label: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    type: str = "text"


def fields(word: str, model: Model, opened: Sequence[str]) -> list[Field]:
    """The form of a kind of change, in the words of the model."""
    nodes = _choices([*model.nodes, *opened])
    out = (*nodes, (OUT, say("out of the district's services")))
    staffed = [n for n, node in model.nodes.items() if node.servers is not None]
    who = [Field("class", say("Only people of"), "", (("", "everybody"), *_choices(model.classes)))]
    for name, attribute in model.attributes.items():
        who.append(Field(f"who.{name}", say("Only people by {name}", name=name), "",
                         (("", "everybody"), *_choices(attribute.levels))))  # fmt: skip
    first, last = Field("from", "From", say("Empty is from the beginning."), type="date"), Field(
        "until", "Until", say("Empty is to the end."), type="date")  # fmt: skip
    percent = say("0.86 is 14% less, 1.05 is 5% more.")
    of_kind: dict[str, list[Field]] = {
        "places": [
            Field(
                "service", say("Service or staff"), "", _choices([*staffed, *opened, *model.pools])
            ),
            Field(
                "more",
                say("More (fewer: below 0)"),
                say("Such as 10 or -4. Or give the number below."),
            ),
            Field("to", say("Or this many")),
            first,
            last,
        ],
        "close": [
            Field("service", "Service", "", nodes),
            Field("instead", say("Its people go to"), "", out),
            first,
            last,
        ],
        "open": [
            Field("service", say("Name of the new service")),
            Field("like", say("Works like"), "", nodes),
            Field("places", "Places"),
            first,
        ],
        "send": [
            Field(
                "leaving",
                say("Of those who leave, or come with"),
                "",
                (
                    *nodes,
                    *((name, say("{name} (as they come)", name=name)) for name in model.arrivals),
                ),
            ),
            Field("share", say("This share"), say("Such as 40%.")),
            Field("instead_of", say("Who would go to"), "", (("", "anywhere"), *out)),
            Field("to", say("Go instead to"), "", out),
            *who,
            first,
            last,
        ],
        "arrivals": [
            Field(
                "inflow", say("Who come with"), "", (("", "all of them"), *_choices(model.arrivals))
            ),
            Field("times", "Times", percent),
            Field("hours", say("Between the hours"), say("Such as 8-18.")),
            who[0],
            first,
            last,
        ],
        "stays": [
            Field("service", say("Stays at"), "", (("", "every service"), *nodes)),
            Field("times", "Times", percent),
            Field("over", say("Only those over"), say("Such as 14 days; empty is all.")),
            *who,
            first,
            last,
        ],
        "patience": [
            Field(
                "service",
                say("Waiting for"),
                "",
                _choices(n for n, node in model.nodes.items() if node.patience is not None),
            ),
            Field("times", "Times", "2 is twice as long."),
            *who,
            first,
            last,
        ],
        "staffing": [
            Field("service", say("Service or staff"), "", _choices([*staffed, *model.pools])),
            Field(
                "changes",
                say("Times and numbers"),
                say("0:3,8:10,18:3 in {unit}s of the cycle.", unit=model.unit),
            ),
            Field("every", say("The cycle"), say("In {unit}s.", unit=model.unit)),
            first,
            last,
        ],
    }
    return of_kind[word]


def _choices(names: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


KINDS = tuple((kind.word, kind.about) for kind in of.KINDS)
