"""What goes live with a decision: a few kinds of change, each with what it names. Pure.

A change has the kind, the code of what is changed, a number where the kind needs one, the day from
which it holds, and words. `problems` says what is missing; whether it can be carried out today is
asked of the rooms that do it (`carrying.hindered`).

>>> said(Change(kind="service", code="acute-demand", number="12"))
'acute-demand takes 12 people at once'
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from onesystem.alliance.meeting.proposal import Change
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.typed import Problem, whole_or

PATHWAY: Final = "pathway"
SERVICE: Final = "service"
AMBULANCE: Final = "ambulance"
PACKAGE: Final = "package"
GOAL: Final = "goal"
TERMS: Final = "terms"
OTHER: Final = "other"
KINDS: Final[Mapping[str, str]] = say_each(
    {
        PATHWAY: "A signed pathway is put in force",
        SERVICE: "A service opens, or its capacity changes",
        AMBULANCE: "An ambulance crew may decide by a table",
        PACKAGE: "A package of care at home is given",
        GOAL: "A measure gets a goal",
        TERMS: "A signed version of a contract is put in force",
        OTHER: "Something else, done by hand",
    }
)
ORDER: Final = tuple(KINDS)  # in which they are carried out
_MOST_PLACES = 100_000
_GOAL = re.compile(r"(at most|at least) (\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Goal:
    """What a measure is to reach: at most, or at least, so much."""

    most: bool
    bound: Fraction


def goal_of(text: str) -> Goal | None:
    """A goal as it is written: `at least 40`; None where it is none."""
    found = _GOAL.fullmatch(" ".join(text.split()).lower())
    return Goal(found[1] == "at most", Fraction(found[2])) if found else None


def said(change: Change, name: str = "") -> str:
    """A change in words; `name` is what people call what is changed, else its code stands."""
    name, number = name or change.code, change.number
    versioned = say("{name}, version {number}", name=name, number=number) if number else name
    words = {
        PATHWAY: say("The pathway {name} is in force", name=versioned),
        SERVICE: say("{name} takes {number} people at once", name=name, number=number),
        AMBULANCE: say("Crews decide by the table {name}", name=versioned),
        PACKAGE: say("The package {name} is given", name=name),
        GOAL: say("{name} is to be {number}", name=name, number=number),
        TERMS: say("The contract {name} is in force", name=versioned),
    }
    return words.get(change.kind) or change.words or change.code


def problems(changes: Iterable[Change]) -> list[Problem]:
    """What is wrong with what is written, row by row."""
    return [
        problem
        for n, change in enumerate(changes)
        for problem in [_problem(f"changes.{n}", change)]
        if problem
    ]


def _problem(where: str, change: Change) -> Problem | None:
    if change.kind not in KINDS:
        return Problem(
            where,
            say("{kind} is no kind of change", kind=repr(change.kind)),
            say("Choose one of the list."),
        )
    if not change.code.strip() and not (change.kind == OTHER and change.words.strip()):
        return Problem(where, say("It is not said what is changed"), say("Give its code."))
    if change.kind == SERVICE:
        return _places(where, change)
    if change.kind == GOAL and goal_of(change.number) is None:
        return Problem(where, say("{number} is no goal", number=repr(change.number)),
                       say("Write it as: at least 40, or: at most 12.5"))  # fmt: skip
    versioned = change.kind in {PATHWAY, AMBULANCE, TERMS} and change.number
    if versioned and not whole_or(change.number, 0):
        return Problem(
            where,
            say("{number} is no version", number=repr(change.number)),
            say("Give its number, or none."),
        )
    return None


def _places(where: str, change: Change) -> Problem | None:
    number = change.number.strip()
    if not 0 < whole_or(number, 0) <= _MOST_PLACES:
        return Problem(where, say("{number} is no number of people", number=repr(change.number)),
                       say("Say how many the service takes at once."))  # fmt: skip
    if change.since is None:
        return Problem(where, say("It is not said from when"), say("Give the day."))
    return None


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Changes in the order in which they are carried out: care first, then what is paid for it."""
    order = {kind: n for n, kind in enumerate(ORDER)}
    return sorted(changes, key=lambda change: order.get(change.kind, len(order)))
