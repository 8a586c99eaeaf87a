"""A shock as a workbook: numbers, what it does, what softens it, day by day, definitions."""

from collections.abc import Mapping
from typing import Any

from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.plan.shocks import presenters
from onesystem.plan.shocks.kinds import Shock
from onesystem.plan.shocks.windows import FIGURES, WINDOWS

_PARTS = ("mean", "low", "high")


def book(kind: Shock, asked: Mapping[str, Any], found: Mapping[str, Any]) -> bytes:
    """All of a run."""
    assumed = {each.name: each for each in kind.sizes}
    cover = [
        ("Shock", kind.title), ("What", kind.what), ("Source", kind.source),
        *((assumed[name].words, value) for name, value in asked["numbers"].items()),
        ("People", asked["people"]), ("Replications", found["runs"]), ("Seed", found["seed"]),
        *(("Scaled", each) for each in found["scaled"]),
        *(("Change", each) for each in found["changes"]),
        *(("Not in the twin", each) for each in found["missing"]),
    ]  # fmt: skip
    effects = [
        [FIGURES[e["figure"]][0], e["window"], e["before"]["mean"], e["after"]["mean"],
         *(e["difference"][part] for part in _PARTS)]
        for e in found["effects"]
    ]  # fmt: skip
    levers = [
        [e["name"], e["kind"], *(e["takes"][w][part] for w in WINDOWS for part in _PARTS)]
        for e in found["levers"]
    ]
    days = [
        [n + 1, *(each[n] for name in FIGURES for each in found["days"][name])]
        for n in range(len(next(iter(found["days"].values()))[0]))
    ]
    return workbook(
        Sheet(name="Shock", head=(), rows=cover, widths=(40, 110), keys=True),
        Sheet(name="What it does", rows=effects, widths=(40, *(12,) * 6),
              head=("Figure", "First", "Without", "With", "Added", "Low", "High")),
        Sheet(name="What softens it", rows=levers, widths=(50, 22, *(12,) * 9),
              head=("Lever", "When", *(f"{w} {part}" for w in WINDOWS for part in _PARTS))),
        Sheet(name="Days", rows=days, widths=(8, *(18,) * 14),
              head=("Day", *(f"{v[0]}, {end}" for v in FIGURES.values()
                             for end in ("without", "with")))),
        Sheet(name="Definitions", head=(), rows=list(presenters.DEFINED), widths=(28, 110),
              keys=True),
    )  # fmt: skip
