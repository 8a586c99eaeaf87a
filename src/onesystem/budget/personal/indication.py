"""From assessed needs to the indicative budget, purse by purse, line by line. Pure.

health 12.50 a week for 52 weeks = 650.00, social care 5.00 for 52 = 260.00; floor 1,000.00:
910.00 is 90.00 under the floor, which is split as the purses are: 64.29 and 25.71. What the person
pays of the cost then comes off what social care gives: 2.00 a week for 52 weeks are 104.00
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onesystem.budget.personal.programme import Programme
from onesystem.vocabulary import UserError
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say

HEALTH, SOCIAL = "health", say("social care")
KINDS = (HEALTH, SOCIAL)
CHARGE = "charge"  # the rule by which what the person pays comes off


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """A purse that pays: its kind, and the line of which fund, whose money it is."""

    line: str
    kind: str
    organisation: str = ""
    fund: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A need as it was assessed: what meeting it costs a week, for how many weeks, from where."""

    words: str
    purse: str  # the line of the purse
    a_week: int
    weeks: int = 52

    @property
    def amount(self) -> int:
        """What it costs in all."""
        return self.a_week * self.weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What the person pays for care a week, for how many weeks, and who says so."""

    a_week: int
    weeks: int = 52
    source: str = ""

    @property
    def amount(self) -> int:
        """What that comes to."""
        return self.a_week * self.weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the working: the rule, what it says, where it comes from, how much."""

    rule: str
    words: str
    source: str
    purse: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Indication:
    """The indicative budget with its working."""

    lines: tuple[Line, ...]
    assessed: Mapping[str, int]
    by_purse: Mapping[str, int]

    @property
    def total(self) -> int:
        """What the purses give."""
        return sum(self.by_purse.values())

    @property
    def pays(self) -> int:
        """What the person pays of the cost."""
        return -sum(line.amount for line in self.lines if line.rule == CHARGE)

    @property
    def cost(self) -> int:
        """What meeting the needs costs, whoever pays."""
        return self.total + self.pays


def indicate(
    needs: Sequence[Need], purses: Sequence[Purse], programme: Programme, currency: str,
    charge: Charge | None = None,
) -> Indication:  # fmt: skip
    """What the budget would be. Raises UserError where needs and purses do not fit together.

    The floor is of the cost: what the person pays comes off last, and never more than social care
    would give.
    """
    _check(needs, purses, programme)
    assessed = {p.line: sum(n.amount for n in needs if n.purse == p.line) for p in purses}
    lines = [
        Line(rule="need", words=need.words, purse=need.purse, amount=need.amount,
             source=f"{Money(need.a_week, currency)} a week for {need.weeks} weeks, as assessed")
        for need in needs
    ]  # fmt: skip
    short = programme.floor - sum(assessed.values())
    found = dict(assessed)
    if short > 0:
        weights = list(assessed.values())
        parts = Money(short, currency).split(weights if any(weights) else [1] * len(weights))
        for line, part in zip(assessed, parts, strict=True):
            found[line] += part.minor
            lines.append(
                Line(rule="floor", words=say("Up to the least that a budget is"), purse=line,
                     amount=part.minor, source=programme.source)
            )  # fmt: skip
    lines += _charged(found, purses, charge, currency)
    return Indication(lines=tuple(lines), assessed=assessed, by_purse=found)


def _charged(
    found: dict[str, int], purses: Sequence[Purse], charge: Charge | None, currency: str
) -> list[Line]:  # fmt: skip
    """Take what the person pays off the purses of social care, as they give; gives the lines."""
    social = [purse.line for purse in purses if purse.kind == SOCIAL]
    gives = [found[line] for line in social]
    if charge is None or not charge.amount or not sum(gives):
        return []
    if charge.a_week < 0:
        raise UserError("nobody pays less than nothing", "Write what the person pays a week.")
    taken = min(charge.amount, sum(gives))
    more = say("; all that social care would give") if taken < charge.amount else ""
    source = say(
        "{money} a week for {weeks} weeks{more}. {source}",
        money=Money(charge.a_week, currency),
        weeks=charge.weeks,
        more=more,
        source=charge.source,
    )
    lines = []
    for line, part in zip(social, Money(taken, currency).split(gives), strict=True):
        found[line] -= part.minor
        lines.append(Line(rule=CHARGE, words=say("What the person pays for care"), source=source,
                          purse=line, amount=-part.minor))  # fmt: skip
    return lines


def _check(needs: Sequence[Need], purses: Sequence[Purse], programme: Programme) -> None:
    if not purses:
        raise UserError("no purse pays", "Name the line of a fund that pays its part.")
    lines = [purse.line for purse in purses]
    if len(set(lines)) < len(lines):
        raise UserError("a purse is named twice", "Put what comes from it together.")
    kinds = {purse.kind for purse in purses}
    if unknown := kinds - set(KINDS):
        raise UserError(
            say("there is no purse for {unknown}", unknown=repr(min(unknown))),
            say("Known: {kinds}.", kinds=KINDS),
        )
    if programme.name == "integrated" and len(kinds) < len(KINDS):
        raise UserError(
            "an integrated budget has money from health and from social care",
            "Name a line of each, or choose the programme for one purse.",
        )
    for need in needs:
        if need.purse not in lines:
            raise UserError(
                say("“{words}” is paid by no purse of the budget", words=need.words), "Choose one."
            )
        if not need.words.strip():
            raise UserError("a need has no words", "Write what the money is to meet.")
        if need.a_week < 0 or not 0 <= need.weeks <= 53:
            raise UserError(say("“{words}” has a negative sum or too many weeks", words=need.words),
                            "Write pounds a week, and weeks up to 53.")  # fmt: skip
