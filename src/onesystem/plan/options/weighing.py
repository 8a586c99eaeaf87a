"""What options came to in the twin, beside doing nothing: figures with intervals. Pure.

Every figure is worked out for each replication, and differences are of the same replication on the
same random numbers. An interval says what chance leaves open at the middle of the evidence; `least`
and `most` are the middle difference at the ends of the evidence's range.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from onesystem.plan.options.option import Option, plain
from onesystem.twin.scenarios.comparing import Estimate
from onesystem.vocabulary.said import say

# figure: its words, its unit, and which way is better (1 more, -1 less, 0 neither)
FIGURES: dict[str, tuple[str, str, int]] = {
    "ED wait": (say("Mean wait in ED"), "hours", -1),
    "bed wait": (say("Mean wait for a ward bed"), "hours", -1),
    "planned wait": (say("Mean wait for a clinic"), "hours", -1),
    "wait": (say("Mean wait, all services"), "hours", -1),
    "attendances": (say("People who come to ED"), "a year", -1),
    "admissions": (say("Admissions to wards"), "a year", -1),
    "bed-days": (say("Days in ward beds"), "a year", -1),
    "beds": (say("Ward beds in use"), "on average", -1),
    "days at home": (say("Days at home"), "a year", 1),
    "days at home a head": (say("Days at home"), "a person a year", 1),
    "admissions a head": (say("Admissions to wards"), "for 1,000 people a year", -1),
    "attendances a head": (say("Visits to ED"), "for 1,000 people a year", -1),
    "gridlock": (say("Days with gridlock"), "a year", -1),
    "staff hours": (say("Hours of staff with people"), "a year", 0),
    "cost": (say("Cost of the services there are"), "a year", -1),
    "spread": (say("Spread of the change between places of care"), "of bed-days", 0),
    "home spread": (
        say("Spread of the change between places where people live"),
        "of admissions",
        0,
    ),
    "gap": (say("Admissions, most deprived fifth less least"), "for 1,000 people a year", -1),
}
WHOLE, SETTING, ORGANISATION, GROUP, PLACE, FUNDER, HOME, FIFTH = (
    "whole", "setting", "organisation", "group", "place", "funder", "home", "fifth"
)  # fmt: skip


def apart(each: Estimate) -> bool:
    """Whether an interval leaves 0 out."""
    low, high = each.low, each.high
    return low is not None and high is not None and (low > 0 or high < 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of a set: of the whole or a part of it, by the kinds above.

    `PLACE` is where services are, `HOME` where people live, `FIFTH` how deprived that is.
    """

    kind: str
    label: str
    figure: str
    nothing: Estimate
    value: Estimate
    difference: Estimate
    least: float | None = None
    most: float | None = None
    added: Estimate | None = None  # of several: the differences of each alone, added up
    beyond: Estimate | None = None  # the difference together, less that sum

    @property
    def sure(self) -> bool:
        """Whether the difference is more than chance."""
        return apart(self.difference)

    @property
    def same(self) -> bool:
        """Whether nothing differs, at any strength."""
        return not (self.difference.mean or self.least or self.most)

    @property
    def robust(self) -> bool:
        """Whether it is more than chance, and points one way over the evidence's range."""
        mean = self.difference.mean or 0.0
        ends = [each for each in (self.least, self.most) if each is not None]
        return self.sure and all(each * mean > 0 for each in ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResult:
    """What an option, or several together, came to."""

    name: str
    keys: tuple[str, ...]
    rows: tuple[Row, ...]

    def row(self, figure: str, *, kind: str = WHOLE, label: str = "") -> Row | None:
        """A figure of it; None where the model has no such."""
        for each in self.rows:
            if (each.kind, each.label, each.figure) == (kind, label, figure):
                return each
        return None

    def of(self, kind: str) -> list[Row]:
        """Its figures of one kind."""
        return [each for each in self.rows if each.kind == kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Sets of options beside doing nothing, in one model on the same random numbers."""

    sets: tuple[SetResult, ...]
    model: str
    replications: int
    days: float
    seed: int
    years: int
    people: float
    prices: str = ""
    warnings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    scenarios: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)

    def of(self, keys: Iterable[str]) -> SetResult | None:
        """The set that has exactly these options."""
        wanted = set(keys)
        return next((each for each in self.sets if set(each.keys) == wanted), None)


def terms(option: Option, strength: str) -> str:
    """What of an option was run, as a short text: another size or wording is another one."""
    said = plain(option)
    part = [said["effects"], said["twin"], strength]
    text = json.dumps(part, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def same(wanted: Mapping[str, str], said: Mapping[str, Any]) -> bool:
    """Whether a set that was asked for is of exactly these options, on these terms."""
    return dict(wanted) == dict(said["terms"])


def covered(stand: Mapping[str, str], asked: Sequence[Mapping[str, Any]]) -> tuple[set[str], int]:
    """Which options were run alone as they stand, and how many combinations were run."""
    alone: set[str] = set()
    together: set[frozenset[str]] = set()
    for each in (one for question in asked for one in question["sets"]):
        said = each["terms"]
        if all(stand.get(key) == term for key, term in said.items()):
            if len(said) == 1:
                alone |= set(said)
            else:
                together.add(frozenset(said))
    return alone, len(together)


def kept(result: SetResult) -> dict[str, Any]:
    """As JSON would have it."""
    return asdict(result)


def comparison(asked: Mapping[str, Any], found: Mapping[str, Any]) -> Comparison:
    """A comparison out of the question and what was kept of its answer."""
    return Comparison(
        sets=tuple(_set(each) for each in found["sets"]), model=found["model"],
        replications=found["replications"], days=found["days"], seed=found["seed"],
        years=asked.get("years", 0), people=asked["people"], prices=found.get("prices", ""),
        warnings=tuple(found.get("warnings", ())), missing=tuple(asked.get("missing", ())),
        scenarios=tuple(asked["scenarios"]),
    )  # fmt: skip


def _set(said: Mapping[str, Any]) -> SetResult:
    rows = tuple(_row(dict(each)) for each in said["rows"])
    return SetResult(name=said["name"], keys=tuple(said["keys"]), rows=rows)


def _row(said: dict[str, Any]) -> Row:
    names = ("nothing", "value", "difference", "added", "beyond")
    made: dict[str, Any] = {k: Estimate(**each) for k in names if (each := said.pop(k, None))}
    return Row(**said, **made)
