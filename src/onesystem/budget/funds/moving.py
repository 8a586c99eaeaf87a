"""Whether a change of the plan may be: the rules, and what to do where one forbids it.

refusal(asked) is None     it may be
refusal(asked).rule        the name of the rule that forbids it; `what` and `cure` say the rest
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from onesystem.budget.funds.fences import CEILING, FLOOR, Broken, Fence, Holding, broken
from onesystem.budget.funds.shape import Line
from onesystem.vocabulary.said import say

Says = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Change:
    """What a line's plan of the year would change by."""

    line: Line
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A change with all that bears on it. `bound` is what is promised and spent, by line.

    `gives` is what is given to the funds from outside (a contribution); 0 for a move.
    """

    changes: Sequence[Change]
    lines: Sequence[Line]
    fences: Sequence[Fence]
    holding: Holding
    bound: Mapping[str, int] = field(default_factory=dict)
    gives: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rule that forbids a change, what would come of it, and the cure."""

    rule: str
    what: str
    cure: str


def refusal(asked: Asked, says: Says = str) -> Refusal | None:
    """Why a change may not be; None where it may. `says` puts minor units into words."""
    return _conserves(asked, says) or _covered(asked, says) or _fenced(asked, says)


def _conserves(asked: Asked, says: Says) -> Refusal | None:
    left = sum(c.amount for c in asked.changes) - sum(asked.gives.values())
    if left == 0:
        return None
    return Refusal(
        say("nothing is made or lost"),
        say("what is taken and what is given differ by {says}", says=says(abs(left))),
        say("Let both sums be the same."),
    )


def _covered(asked: Asked, says: Says) -> Refusal | None:
    """What is promised or spent cannot be moved away, and no line falls below nothing."""
    after = asked.holding.after(_by_line(asked))
    for change in asked.changes:
        if change.amount >= 0:
            continue
        code = change.line.code
        has, bound = asked.holding.plan.get(code, 0), max(0, asked.bound.get(code, 0))
        if after.plan[code] < bound:
            free = max(0, has - bound)
            return Refusal(
                say("what is promised or spent stays"),
                say(
                    "{name} has {says} in the plan, of which {says2} is promised or spent",
                    name=change.line.name,
                    says=says(has),
                    says2=says(bound),
                ),
                say("Move {says} at most, or release a commitment first.", says=says(free))
                if free
                else say("Choose another line, or release a commitment first."),
            )
    return None


def _fenced(asked: Asked, says: Says) -> Refusal | None:
    # Money that comes in is never turned away, though a share of a larger whole is a larger sum:
    # the fence is shown as not reached, and no move may then make it worse.
    if asked.gives and min(asked.gives.values()) >= 0:
        return None
    before, after = asked.holding, asked.holding.after(_by_line(asked))
    given = dict(before.contributed)
    for fund, amount in asked.gives.items():
        given[fund] = given.get(fund, 0) + amount
    after = Holding(after.plan, given, after.spent_before)
    found = broken(asked.fences, asked.lines, before, after)
    return _said(found[0], says) if found else None


def _by_line(asked: Asked) -> dict[str, int]:
    changes: dict[str, int] = {}
    for change in asked.changes:
        changes[change.line.code] = changes.get(change.line.code, 0) + change.amount
    return changes


_WORDS = {FLOOR: ("floor", say("at least")), CEILING: ("ceiling", say("at most"))}


def _said(found: Broken, says: Says) -> Refusal:
    if len(found.fences) > 1:
        names = ", ".join(f.name for f in found.fences)
        return Refusal(
            say("ring fences {names}", names=names),
            say(
                "the ring fences {names} ask for {says} together, and the lines within would "
                "hold {says2}",
                names=names,
                says=says(found.level),
                says2=says(found.held),
            ),
            say("Leave {says} more on lines within them.", says=says(found.missed)),
        )
    [fence] = found.fences
    kind, bound = _WORDS.get(fence.kind, (say("ring fence"), say("at least")))
    way = say("less onto") if fence.kind == CEILING else say("more on")
    source = f" ({fence.source})" if fence.source else ""
    return Refusal(
        f"{kind} {fence.name}",
        say(
            "the {kind} “{name}” asks for {bound} {says} on {words}, and {says2} would be "
            "there{source}",
            kind=kind,
            name=fence.name,
            bound=bound,
            says=says(found.level),
            words=fence.where.words,
            says2=says(found.held),
            source=source,
        ),
        say(
            "Put {says} {way} lines within it, in the same step if it is to balance.",
            says=says(found.missed),
            way=way,
        ),
    )
