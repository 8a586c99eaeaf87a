"""The answer of a question about journeys in words, boxes and arrows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from onesystem.flow.journeys.layout import BOX_HEIGHT, BOX_WIDTH, layout
from onesystem.flow.journeys.question import Question
from onesystem.vocabulary import Money, words
from onesystem.vocabulary.said import say

MOST_BOXES = 14
_SECOND = 1_000_000
_PRICED_IN, _POUND = "GBP", 100  # the tables of unit costs are English
_FULL = 22  # letters on a line of a box
_MOST_LABELS = 24
_LABEL = (92.0, 29.0)  # what a label of two lines takes up, in units of the drawing

Pair = tuple[str, str]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxShown:
    """A box with its words and where it leads."""

    name: str
    lines: tuple[str, ...]
    x: float
    y: float
    said: str
    below: str
    href: str
    weight: float
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """An arrow with its words; `label` and `cost` are empty where they would only clutter."""

    source: str
    target: str
    path: str
    x: float
    y: float
    width: float
    label: str
    cost: str
    said: str
    href: str
    back: bool
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MapShown:
    """The map as it is drawn, and what is not drawn."""

    boxes: tuple[BoxShown, ...]
    lines: tuple[LineShown, ...]
    width: float
    height: float
    left_out: int  # kinds of step
    share: float  # of the arrows' journeys that is drawn
    hidden: int  # arrows hidden because few people took them


def map_shown(
    found: Mapping[str, Any],
    asked: Question,
    *,
    detail: int,
    below: int,
    own: Sequence[str] = (),
) -> MapShown:
    """The busiest part of a map: `detail` hundredths of what went along arrows.

    Where `below` is not 0, what fewer journeys took than that is not drawn. `own` are the kinds of
    step of one journey in their order: they are drawn whatever else is, and marked.
    """
    nodes = {n["name"]: n for n in found["nodes"] if n["journeys"] >= max(below, 1)}
    shown = [n for i, n in enumerate(nodes) if i < MOST_BOXES or n in own]
    kept = {name: nodes[name] for name in shown}
    mine = set(pairwise(own))
    open_arrows = [a for a in found["arrows"] if a["journeys"] >= max(below, 1)]
    arrows = [a for a in open_arrows if a["source"] in kept and a["target"] in kept]
    drawn = _busiest(arrows, detail)
    drawn += [a for a in arrows[len(drawn) :] if (a["source"], a["target"]) in mine]
    kept = _joined(kept, drawn, own)
    drawing = layout(list(kept), {(a["source"], a["target"]): a["steps"] for a in drawn})
    by_pair = {(a["source"], a["target"]): a for a in drawn}
    most = max((a["steps"] for a in drawn), default=1)
    labelled = _labelled(drawn, {(li.source, li.target): (li.x, li.y) for li in drawing.lines})
    busiest = max((n["steps"] for n in kept.values()), default=1)
    total = sum(a["steps"] for a in found["arrows"]) or 1
    return MapShown(
        boxes=tuple(
            _box(
                kept[box.name],
                (box.x, box.y),
                asked,
                found["journeys"],
                weight=kept[box.name]["steps"] / busiest,
                mine=box.name in own,
            )
            for box in drawing.boxes
        ),
        lines=tuple(
            _line(
                by_pair[(li.source, li.target)],
                li,
                asked,
                most,
                labelled=(li.source, li.target) in labelled,
                mine=(li.source, li.target) in mine,
            )
            for li in drawing.lines
        ),
        width=drawing.width,
        height=drawing.height,
        left_out=len(nodes) - len(kept),
        share=sum(a["steps"] for a in drawn) / total,
        hidden=len(found["arrows"]) - len(open_arrows),
    )


def _joined(nodes: dict[str, Any], drawn: list[Any], own: Sequence[str]) -> dict[str, Any]:
    """The boxes that an arrow touches, and one's own; all where there is no arrow."""
    touched = {end for arrow in drawn for end in (arrow["source"], arrow["target"])}
    touched |= {name for name in own if touched}
    return {name: n for name, n in nodes.items() if not touched or name in touched}


def _labelled(drawn: list[Any], points: Mapping[Pair, Point]) -> set[Pair]:
    """The arrows that get a label: the busiest first, and none where it would lie on another."""
    taken: list[Point] = []
    made: set[Pair] = set()
    for arrow in drawn[:_MOST_LABELS]:
        pair = (arrow["source"], arrow["target"])
        x, y = points[pair]
        if all(abs(x - x2) > _LABEL[0] or abs(y - y2) > _LABEL[1] for x2, y2 in taken):
            taken.append((x, y))
            made.add(pair)
    return made


def _busiest(arrows: list[Any], detail: int) -> list[Any]:
    total, sum_so_far, made = sum(a["steps"] for a in arrows), 0, []
    for arrow in arrows:
        if sum_so_far * 100 >= total * detail:
            break
        made.append(arrow)
        sum_so_far += arrow["steps"]
    return made


def _box(
    node: Any, at: Point, asked: Question, journeys: int, *, weight: float, mine: bool
) -> BoxShown:
    stay = "" if node["stay"] is None else say(", median stay {stay}", stay=length(node["stay"]))
    share = words.percent(node["journeys"] / journeys if journeys else None)
    cost = f" · {money(node['cost_each'])}" if node["cost"] else ""
    return BoxShown(
        name=node["name"],
        lines=wrapped(node["name"]),
        x=at[0],
        y=at[1],
        below=say("{steps} in {share}{cost}", steps=f"{node['steps']:,}", share=share, cost=cost),
        said=(
            say(
                "{name}: {steps} in {journeys} ({share}){stay}; {begins} begin and {ends} end "
                "here{costs}",
                name=node["name"],
                steps=words.plural(node["steps"], "step"),
                journeys=words.plural(node["journeys"], "journey"),
                share=share,
                stay=stay,
                begins=f"{node['begins']:,}",
                ends=f"{node['ends']:,}",
                costs=_costs(node),
            )
        ),
        href=link(asked, through=node["name"]),
        weight=weight,
        mine=mine,
    )


def _line(
    arrow: Any, line: Any, asked: Question, most: int, *, labelled: bool, mine: bool
) -> LineShown:
    time = length(arrow["time"])
    return LineShown(
        source=line.source,
        target=line.target,
        path=line.path,
        x=line.x,
        y=line.y,
        width=1 + 6 * math.sqrt(arrow["steps"] / most),
        label=f"{arrow['steps']:,} · {time}" if labelled else "",
        cost=money(arrow["cost_each"]) if labelled and arrow["cost"] else "",
        said=(
            say(
                "{source} to {target}: {steps} times in {journeys} journeys, median {time}, "
                "nine in ten within {ninth}{costs}",
                source=line.source,
                target=line.target,
                steps=f"{arrow['steps']:,}",
                journeys=f"{arrow['journeys']:,}",
                time=time,
                ninth=length(arrow["ninth"]),
                costs=_costs(arrow),
            )
        ),
        href=link(asked, source=line.source, target=line.target),
        back=line.back,
        mine=mine,
    )


def _costs(one: Any) -> str:
    if not one["cost"]:
        return ""
    return say(
        "; {cost_each} a contact, {cost} in all",
        cost_each=money(one["cost_each"]),
        cost=money(one["cost"]),
    )


def about(asked: Question, conditions: Sequence[tuple[str, str]] = ()) -> str:
    """What the anchor of a question is, in a few words."""
    condition = asked.condition and dict(conditions).get(asked.condition, asked.condition)
    first = (asked.reason, condition, asked.service, asked.setting, asked.organisation, asked.place)
    return next((text for text in first if text), say("any contact"))


def money(minor: int) -> str:
    """An amount of pence in words: to the penny, and from a hundred pounds on to the pound.

    Halves go up; the files have every penny.
    """
    if abs(minor) < 100 * _POUND:
        return str(Money(minor, _PRICED_IN))
    whole = (minor + _POUND // 2) // _POUND
    return str(Money(whole * _POUND, _PRICED_IN)).removesuffix(".00")


def arrow_rows(found: Mapping[str, Any], asked: Question, *, below: int) -> list[dict[str, Any]]:
    """The arrows as the rows of a table, the busiest first."""
    return [
        {
            "source": a["source"],
            "target": a["target"],
            "steps": a["steps"],
            "journeys": a["journeys"],
            "time": length(a["time"]),
            "ninth": length(a["ninth"]),
            "wait": "" if a["wait"] is None else length(a["wait"]),
            "cost": money(a["cost"]) if a["cost"] else "",
            "cost_each": money(a["cost_each"]) if a["cost"] else "",
            "href": link(asked, source=a["source"], target=a["target"]),
        }
        for a in found["arrows"]
        if a["journeys"] >= max(below, 1)
    ]


def path_rows(found: Mapping[str, Any], asked: Question, *, below: int) -> list[dict[str, Any]]:
    """The paths as the rows of a table; those that few took are left out."""
    return [
        {
            "names": path["names"],
            "journeys": path["journeys"],
            "share": words.percent(path["share"]),
            "length": length(path["length"]),
            "cost": money(path["cost"]) if path["cost"] else "",
            "along": " > ".join(path["names"]),
            "href": link(asked, along=" > ".join(path["names"])),
        }
        for path in found["top"]
        if path["journeys"] >= max(below, 1)
    ]


def stage_rows(found: Mapping[str, Any], *, below: int) -> list[dict[str, Any]]:
    """The stages of an agreed way as the rows of a table."""
    rows = []
    for stage in found["stages"]:
        instead = [(n, c) for n, c in stage["instead"] if c >= max(below, 1)][:4]
        rows.append(
            {
                **stage,
                "limit": "" if stage["within"] is None else length(stage["within"]),
                "median": "" if stage["time"] is None else length(stage["time"]),
                "into": [(name or say("nothing more"), count) for name, count in instead],
                "late": _counted(stage["late"], below),
                "left": _counted(stage["left"], below),
                "reached": _counted(stage["reached"], below),
            }
        )
    return rows


def _counted(count: int, below: int) -> str:
    return f"<{below}" if 0 < count < below else f"{count:,}"


def filters(asked: Question) -> list[tuple[str, str]]:
    """What narrows the journeys to a path, in words, with the address without it."""
    made = []
    for name, verb in (
        ("through", "through"),
        ("begins", say("begin with")),
        ("ends", say("end with")),
    ):
        if value := getattr(asked, name):
            made.append((f"{verb} {value}", link(asked, **{name: ""})))
    if asked.source:
        word = say("directly to") if asked.target else say("later to")
        made.append(
            (
                say(
                    "from {source} {word} {target}",
                    source=asked.source,
                    word=word,
                    target=asked.target or asked.then,
                ),
                link(asked, source="", target="", then=""),
            )
        )
    if asked.along:
        made.append((say("along {along}", along=asked.along), link(asked, along="")))
    return made


def length(micros: float) -> str:
    """A time in words."""
    return words.length_of(micros / _SECOND)


def wrapped(name: str) -> tuple[str, ...]:
    """A name on at most two lines of a box."""
    if len(name) <= _FULL:
        return (name,)
    cut = name.rfind(" ", 0, _FULL + 1)
    cut = cut if cut > 0 else _FULL
    first, rest = name[:cut], name[cut:].strip()
    return first, rest if len(rest) <= _FULL else rest[: _FULL - 1] + "…"


def link(asked: Question, **changes: str) -> str:
    """The address of the same question, changed."""
    said: dict[str, Any] = {**asked.as_dict(), **changes}
    defaults = {"after": 30, "level": "setting"}
    return "?" + urlencode({k: v for k, v in said.items() if v and defaults.get(k) != v})


BOX = (BOX_WIDTH, BOX_HEIGHT)
