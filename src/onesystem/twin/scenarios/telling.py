"""A comparison as rows of a file, and which figures come first. Pure."""

from collections.abc import Iterator
from typing import Any

from onesystem.twin.scenarios.comparing import Comparison
from onesystem.vocabulary.said import say

HEADLINES = (
    "wait",
    say("nine in ten wait"),
    "occupancy",
    say("hours full"),
    say("gridlock days"),
    say("taken in"),
    say("left waiting"),
    say("people through"),
    say("time inside"),
    say("days in service"),
    say("days at home"),
    say("days in beds"),
    say("staff hours"),
    "cost",
)
_PARTS = ("mean", "low", "high")


def csv_rows(found: Comparison) -> Iterator[list[Any]]:
    """The head, then every figure: doing nothing, and each scenario with its difference."""
    yield [
        "figure", "where", "class", "unit", *(say("nothing {part}", part=part) for part in _PARTS),
        *(f"{name} {what}{part}" for name in found.scenarios for what in ("", "difference ")
          for part in _PARTS),
    ]  # fmt: skip
    for row in found.rows:
        parts = [row.nothing]
        for each in row.scenarios:
            parts += [each.value, each.difference]
        values = [getattr(each, part) for each in parts for part in _PARTS]
        yield [row.figure, row.where, row.kind, row.unit, *values]
