"""The four stages of a plan, its clock, and what must be there before the next stage. Pure.

The stages are those of the work that England asked of eleven economies in 2014, over about ten
weeks: diagnosis of supply and demand, solutions and options, the plan, its implementation. How the
weeks are shared out is ours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onesystem.vocabulary.said import say, say_each

STAGES = say_each(
    {
        "diagnosis": "Diagnosis of supply and demand",
        "solutions": "Solutions and options",
        "plan": "The plan",
        "implementation": "Implementation",
    }
)
CLOSED = "closed"
_SHARES = {"diagnosis": 2, "solutions": 3, "plan": 3, "implementation": 2}
LEAST_OPTIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What there is in a plan, as its gates ask for it."""

    opportunities: int = 0
    measures: int = 0
    case: bool = False
    options: int = 0
    alone: int = 0  # options that were run by themselves, as they stand now
    together: int = 0  # combinations that were run
    chosen: int = 0
    unscored: tuple[str, ...] = ()  # criteria that no critical friend has scored
    unanswered: int = 0  # comments of critical friends
    unowned: tuple[str, ...] = ()  # chosen options without an action
    actions: int = 0
    open_actions: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a gate asks for; `cure` says what to do where it is missing."""

    words: str
    met: bool
    cure: str


@dataclass(frozen=True, slots=True)
class Due:
    """A stage, from when until when it should be."""

    stage: str
    first: date
    last: date


def asked(stage: str, facts: Facts) -> list[Asked]:
    """What the gate at the end of a stage asks for."""
    gates: dict[str, Callable[[Facts], list[Asked]]] = {
        "diagnosis": _diagnosis, "solutions": _solutions, "plan": _plan,
        "implementation": _implementation,
    }  # fmt: skip
    return gates[stage](facts) if stage in gates else []


def _diagnosis(f: Facts) -> list[Asked]:
    return [
        Asked(say("The largest avoidable flows are kept"), f.opportunities > 0,
              say("Keep an opportunity: where most could be done better.")),
        Asked(say("A measure with its chart is kept"), f.measures > 0,
              say("Keep a measure that the plan would move.")),
        Asked(say("What doing nothing leads to is kept"), f.case,
              say("Keep the case for change of the area.")),
    ]  # fmt: skip


def _solutions(f: Facts) -> list[Asked]:
    return [
        Asked(
            say("{least_options} options are weighed", least_options=LEAST_OPTIONS),
            f.options >= LEAST_OPTIONS,
            say("Take options from the library, beds among them if they are the alternative."),
        ),
        Asked(
            say("Each was run in the twin as it stands"),
            f.options > 0 and f.alone >= f.options,
            say("Run the options; what was changed since has to be run again."),
        ),
        Asked(
            say("A combination was run"),
            f.together > 0,
            say("Run some together: what two do is not the sum of what each does."),
        ),
    ]


def _plan(f: Facts) -> list[Asked]:
    unscored = ", ".join(f.unscored)
    unowned = ", ".join(f.unowned)
    return [
        Asked(say("It is said which options the plan goes on with"), f.chosen > 0,
              say("Choose them on the page of options.")),
        Asked(say("A critical friend has scored every criterion"), not f.unscored,
              say("Ask for a score of: {unscored}.", unscored=unscored)),
        Asked(say("Every comment of a critical friend has an answer"), not f.unanswered,
              say("Answer {unanswered} of them.", unanswered=f.unanswered)),
        Asked(say("Every option that goes on has somebody who does something"),
              f.chosen > 0 and not f.unowned,
              say("Write an action with an owner and a date for: {unowned}.", unowned=unowned)),
    ]  # fmt: skip


def _implementation(f: Facts) -> list[Asked]:
    return [
        Asked(
            say("There are actions, and every one is done or dropped"),
            f.actions > 0 and not f.open_actions,
            say("{open_actions} are open.", open_actions=f.open_actions)
            if f.actions
            else say("Add who does what."),
        ),
    ]


def after(stage: str) -> str:
    """The stage that follows."""
    order = [*STAGES, CLOSED]
    return order[order.index(stage) + 1]


def clock(begins: date, weeks: int) -> list[Due]:
    """From when until when each stage should be: whole days, the last ends with the weeks."""
    days, made, first = 7 * weeks, [], begins
    whole, so_far = sum(_SHARES.values()), 0
    for stage, share in _SHARES.items():
        so_far += share
        after_it = begins + timedelta(days=days * so_far // whole)
        made.append(Due(stage, first, max(first, after_it - timedelta(days=1))))
        first = after_it
    return made


def late(stage: str, begins: date, weeks: int, today: date) -> int:
    """By how many days the stage that a plan is in has run over."""
    for due in clock(begins, weeks):
        if due.stage == stage:
            return max(0, (today - due.last).days)
    return 0


def lacking(stage: str, facts: Facts) -> Sequence[Asked]:
    """What a stage's gate asks for and does not find."""
    return [each for each in asked(stage, facts) if not each.met]
