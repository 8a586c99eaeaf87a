"""Settings that are varied, and what came of them: fields, words, a table of shades. Pure."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.twin.besides import FIGURES, said, signed, sure_tag
from onesystem.twin.network.model import Model
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

MOST = 36
_VARIED = {
    "places": ("service", "more", "More places or staff", "more places or staff at"),
    "stays": ("service", "times", "Stays times", "stays times, at"),
    "arrivals": ("inflow", "times", "Arrivals times", "arrivals times, with"),
}  # fmt: skip
_EVERY = {"stays": "every service", "arrivals": "everybody who comes"}
_SHADES = {"good": "better", "bad": "worse", "info": "other"}


def settings(model: Model) -> list[tuple[str, str]]:
    """What can be varied, for a choice: its value, and its words."""
    names = {
        "places": [n for n, node in model.nodes.items() if node.servers is not None],
        "stays": ["", *model.nodes],
        "arrivals": ["", *model.arrivals],
    }
    names["places"] += model.pools
    return [
        (f"{word} {name}".strip(), f"{_VARIED[word][2]}: {name or _EVERY[word]}")
        for word, those in names.items()
        for name in those
    ]


def line(setting: str, values: str) -> str:
    """A setting with its values as `sweeping.grid` reads it."""
    word, _, name = setting.partition(" ")
    key, varied, *_ = _VARIED.get(word, ("service", "more"))
    of = f" {key}={shlex.quote(name)}" if name else ""
    return f"{word}{of} {varied}={shlex.quote(''.join(values.split()))}"


def words(setting: str) -> str:
    """A setting in words."""
    word, _, name = setting.partition(" ")
    return f"{_VARIED[word][3]} {name or _EVERY[word]}" if word in _VARIED else setting


def wheres(model: Model) -> list[tuple[str, str]]:
    """Where a figure can be asked for."""
    return [("", "the whole district"), *((n, n) for n in (*model.nodes, *model.pools))]


def figures() -> list[tuple[str, str]]:
    """The figures that can be asked for."""
    return [(key, name) for key, name in FIGURES.items() if key != "went"]


@dataclass(frozen=True, slots=True)
class Shade:
    """A cell: the figure, how it differs from doing nothing, and how strongly it is shaded."""

    value: str
    difference: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by the first setting, columns by the second (one column without a second)."""

    caption: str
    down: str
    across: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Shade, ...]], ...]
    nothing: str
    replications: int


def table(found: Mapping[str, Any], asked: Sequence[str]) -> Table:
    """A grid as a table; a shade is stronger the further from doing nothing, none within chance."""
    points = found["points"]
    largest = max((abs(p["beside"]["difference"]["mean"] or 0.0) for p in points), default=0.0)
    figure = found["figure"]
    columns = list(dict.fromkeys(p["settings"][1] for p in points if len(p["settings"]) > 1))
    rows: dict[str, list[Shade]] = {}
    for p in points:
        rows.setdefault(p["settings"][0], []).append(_shade(p["beside"], figure, largest))
    base = found["nothing"]
    return Table(
        caption=f"{FIGURES.get(figure, figure)}, {found['where'] or 'the whole district'}",
        down=f"{(down := words(asked[0]))[:1].upper()}{down[1:]}",
        across=words(asked[1]) if columns else "",
        columns=tuple(columns) or ("",),
        rows=tuple((first, tuple(cells)) for first, cells in rows.items()),
        nothing=_between(base, figure), replications=found["replications"],
    )  # fmt: skip


def _shade(beside: Mapping[str, Any], figure: str, largest: float) -> Shade:
    d = beside["difference"]
    kind = _SHADES.get(sure_tag(d, figure), "")
    strength = 1 + min(2, int(3 * abs(d["mean"] or 0.0) / largest)) if largest else 0
    return Shade(
        said(beside["value"]["mean"], figure) or "-", signed(d, figure),
        f"{kind}-{strength}" if kind and strength else "",
    )  # fmt: skip


def _between(each: Mapping[str, Any], figure: str) -> str:
    if each["low"] is None:
        return said(each["mean"], figure) or "not known"
    mean, low, high = (said(each[key], figure) for key in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


def rows(found: Mapping[str, Any], asked: Sequence[str]) -> tuple[list[str], list[list[Any]]]:
    """The head and the rows of a file."""
    parts = ("mean", "low", "high")
    head = [words(each) for each in asked[: len(found["points"][0]["settings"])]]
    head += [*parts, *(f"difference {part}" for part in parts)]
    return head, [
        [*p["settings"], *(p["beside"]["value"][k] for k in parts),
         *(p["beside"]["difference"][k] for k in parts)]
        for p in found["points"]
    ]  # fmt: skip


def best(found: Mapping[str, Any], asked: Mapping[str, Any]) -> Listing:
    """What each option came to, and when it was put aside."""
    rows = [
        [
            name, said(found["means"][n], asked["figure"]), found["replications"][n],
            Cell(say("the best"), tag="good") if n == found["best"] and found["decided"]
            else f"put aside after {gone}" if (gone := found["dropped"][n]) else "remained",
        ]
        for n, name in enumerate(found["options"])
    ]  # fmt: skip
    return Listing(
        caption=f"{FIGURES[asked['figure']]}, {asked['where'] or 'the whole district'}",
        columns=(
            Column("option", "Option"), Column("mean", "Mean", right=True),
            Column("runs", "Replications", right=True), Column("end", "How it ended"),
        ),
        all_rows=rows, query={}, per_page=20, exports=False,
    )  # fmt: skip
