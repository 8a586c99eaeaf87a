"""What a service alliance may decide by itself, and what it recommends to the alliance. Pure.

The alliance gave it a mandate: money that its decisions commit in twelve months, and services that
it looks after. What is beyond it is decided by the alliance; the group says what it recommends.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from onesystem.alliance.meeting.changes import SERVICE, TERMS
from onesystem.alliance.meeting.proposal import Proposed
from onesystem.vocabulary.typed import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """What a group may do. Money is whole minor units; `spent` in the last twelve months.

    `services` are the codes of what it looks after; where it names none, whatever it decides is in
    its scope. `own` are the numbers of its own decisions.
    """

    name: str
    most: int
    spent: int = 0
    services: frozenset[str] = frozenset()
    own: frozenset[int] = frozenset()


def beyond(
    made: Proposed, mandate: Mandate, money: Callable[[int], str], named: Callable[[str], str]
) -> list[Problem]:
    """Each rule by which a proposal goes beyond a mandate; `named` is what a service is called."""
    return [*_money(made, mandate, money), *_scope(made, mandate, named), *_others(made, mandate)]


def _money(made: Proposed, mandate: Mandate, money: Callable[[int], str]) -> Iterator[Problem]:
    left = mandate.most - mandate.spent
    if made.total <= left or not made.total:
        return
    cure = f"The alliance decides; {mandate.name} recommends."
    if not mandate.most:
        yield Problem("mandate.money", f"It asks for {money(made.total)}, and {mandate.name} "
                      "commits no money by itself", cure)  # fmt: skip
        return
    before = f" and has committed {money(mandate.spent)}" if mandate.spent else ""
    yield Problem(
        "mandate.money", f"It asks for {money(made.total)}; {mandate.name} may commit "
        f"{money(mandate.most)} by itself in twelve months{before}", cure,
    )  # fmt: skip


def _scope(made: Proposed, mandate: Mandate, named: Callable[[str], str]) -> Iterator[Problem]:
    touched = [code for kind, code in made.touches if kind == "service"]
    touched += [change.code for change in made.changes if change.kind == SERVICE]
    for code in dict.fromkeys(touched):
        if mandate.services and code not in mandate.services:
            yield Problem("mandate.scope", f"It touches {named(code)}, which {mandate.name} does "
                          "not look after", "The alliance decides on it.")  # fmt: skip


def _others(made: Proposed, mandate: Mandate) -> Iterator[Problem]:
    if any(change.kind == TERMS for change in made.changes):
        yield Problem("mandate.terms", "It puts terms of a contract in force",
                      "Terms bind the parties: the alliance decides on them.")  # fmt: skip
    if made.funds and made.funds not in mandate.own:
        yield Problem("mandate.funds", f"It attaches money to decision {made.funds}, which "
                      f"{mandate.name} did not make",
                      "Whoever made a decision decides on its money.")  # fmt: skip
