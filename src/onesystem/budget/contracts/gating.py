"""The gate before a contract goes live: cost, price, tax, guarantees, subcontracts, exit. Pure.

An eight-hundred-million contract for older people ended after eight months: its costs were not
clear when it was signed, VAT on the subcontracts was missed, a parent company's guarantee was not
there, and nothing paused it until they were (National Audit Office, 2016, on UnitingCare). Each of
these is asked before a contract goes live; who goes on all the same is named, with a reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts.agreement import Agreement
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem

WIDEST = 5  # the range of a cost that is known: its high end at most so many fifths of its low one


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that the gate asks, what is missing of it (nothing where it is known)."""

    name: str
    words: str
    missing: tuple[Problem, ...]


def asked(made: Agreement) -> list[Asked]:
    """Everything that the gate asks, with what is missing."""
    return [Asked(name, words, tuple(check(made))) for name, words, check in _ASKS]


def missing(made: Agreement) -> list[Problem]:
    """What is missing before it may go live; none: it may."""
    return [problem for each in asked(made) for problem in each.missing]


def _cost(made: Agreement) -> Iterator[Problem]:
    gate = made.gate
    if gate.cost_low is None or gate.cost_high is None:
        yield Problem(
            "gate.cost_low", say("Nobody has said what it will cost"),
            say("Write the range that a year will cost, and where it comes from."),
        )  # fmt: skip
    elif gate.cost_high < gate.cost_low:
        yield Problem("gate.cost_high", say("The range ends before it begins"), say("Mend it."))
    elif gate.cost_high * 4 > gate.cost_low * WIDEST:
        yield Problem(
            "gate.cost_high", say("The range is wider than a quarter, so the cost is not known"),
            say("Find out more, and write a narrower range."),
        )  # fmt: skip
    if not gate.cost_words.strip():
        yield Problem(
            "gate.cost_words", say("The cost has no source"), say("Write where it comes from.")
        )


def _budget(made: Agreement) -> Iterator[Problem]:
    if not made.line:
        yield Problem(
            "line", say("No budget line pays for it"), say("Choose the line that it is paid from.")
        )


def _price(made: Agreement) -> Iterator[Problem]:
    if not made.gate.price.strip():
        yield Problem(
            "gate.price",
            say("The price is not agreed"),
            say("Write who agreed it, when, and where it is."),
        )


def _tax(made: Agreement) -> Iterator[Problem]:
    if made.gate.tax not in of.TAXES or not made.gate.tax:
        yield Problem(
            "gate.tax", say("The VAT of it is not settled"),
            say("Ask an adviser, for the subcontracts too, and choose what holds."),
        )  # fmt: skip


def _guarantees(made: Agreement) -> Iterator[Problem]:
    if not made.gate.guarantees.strip():
        yield Problem(
            "gate.guarantees", say("Nobody has said who stands in for whom"),
            say("Write the guarantees, or why none is needed."),
        )  # fmt: skip


def _subcontracts(made: Agreement) -> Iterator[Problem]:
    covered = {each.organisation for each in made.passes}
    for party in made.of(of.SUBCONTRACTOR):
        if party.organisation not in covered:
            yield Problem(
                "passes",
                say(
                    "{organisation} is subcontracted, and nothing is passed on to it",
                    organisation=party.organisation,
                ),
                say("Write what it does, and for how much."),
            )


def _exit(made: Agreement) -> Iterator[Problem]:
    if made.gate.exit_months <= 0 or not made.gate.exit.strip():
        yield Problem(
            "gate.exit", say("Nobody has said how it ends early"),
            say("Write the months of notice, and who goes on with the care."),
        )  # fmt: skip


_ASKS = (
    ("cost", say("What it costs is known"), _cost),
    ("budget", say("A budget line pays for it"), _budget),
    ("price", say("The price is agreed"), _price),
    ("tax", say("VAT is settled"), _tax),
    ("guarantees", say("Guarantees are in place"), _guarantees),
    ("subcontracts", say("Every subcontract is there"), _subcontracts),
    ("exit", say("The way out is agreed"), _exit),
)
