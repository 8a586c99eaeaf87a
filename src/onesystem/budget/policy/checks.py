"""The announcement's own figures, out of the model, beside what it says. Pure.

They hold for the package as it was announced, whatever somebody sets.
"""

from dataclasses import dataclass
from fractions import Fraction

from onesystem.budget.policy.asked import Asked, asked
from onesystem.budget.policy.model import BASE, LATER, Model
from onesystem.budget.policy.working import Year, year_of
from onesystem.vocabulary.said import say

MILLION, BILLION = 10**6, 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One figure of a source, and what the model gives."""

    about: str
    says: int
    gives: int
    source: str

    @property
    def holds(self) -> bool:
        """Whether they are the same to the pound."""
        return self.says == self.gives


def checks(model: Model) -> tuple[Check, ...]:
    """All of them, in the order of the announcement."""
    base = asked(model, {f"{c.name}-from": str(model.first) for c in model.costs}
                 | {"stage-2": str(model.first)})  # fmt: skip
    then, later = year_of(model, _early(base), BASE), year_of(model, base, LATER)
    stage = {
        number: sum(later.revenue[r.name] for r in model.revenues if r.stage == number)
        for number in (1, 2)
    }
    by_line = [
        Check(about=each.title, says=each.yields, gives=later.revenue[each.name],
              source=each.source)
        for each in model.revenues
    ]  # fmt: skip
    sums = [
        (say("First stage: what comes in"), 3_075 * MILLION, stage[1], "1.0 + 1.4 + 0.475 + 0.2"),
        (say("Second stage: what comes in"), 2_800 * MILLION, stage[2], "2.0 + 0.8"),
        (say("Both stages"), 5_875 * MILLION, later.comes_in, "3.075 + 2.8"),
        (
            say("Free care for both bands, in 2014"),
            2_700 * MILLION,
            _bands(then),
            say('Announcement: "an additional 2.7 billion"'),
        ),
        (
            say("Free care for both bands, in 2025"),
            5 * BILLION,
            _bands(later),
            say('Announcement: "around 5 billion more"'),
        ),
        (
            say("Older people's social care in 2014"),
            6 * BILLION,
            then.care,
            say("Announcement: 6 billion"),
        ),
        (
            say("The same with free care, in 2025"),
            14 * BILLION,
            later.care + _bands(later),
            say('Announcement: "around 14 billion by 2025"'),
        ),
    ]
    return (*by_line, *(Check(about=a, says=s, gives=g, source=w) for a, s, g, w in sums))


def within(model: Model, told: Year) -> bool:
    """Whether the year's share of the economy lies where the announcement foresaw it."""
    low, high = model.economy.envelope
    return low <= told.share <= high


def share_at(model: Model, base: Asked) -> Fraction:
    """The share of the economy in the year that the announcement speaks of."""
    return year_of(model, base, model.economy.envelope_year).share


def _bands(told: Year) -> int:
    return told.cost["critical"] + told.cost["substantial"]


def _early(base: Asked) -> Asked:
    """As if all had begun in the year of the announcement."""
    from dataclasses import replace

    return replace(base, begins=dict.fromkeys(base.begins, BASE))
