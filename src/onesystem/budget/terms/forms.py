"""The payment forms: each is data (`data/forms.toml`), dated, and made into a rule of terms here.

>>> form("marginal-rate", date(2016, 4, 1)).words
'the full price up to the baseline, 70% above it'
"""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files

from onesystem.budget.terms.codec import read, unpacked
from onesystem.budget.terms.numbers import ZERO
from onesystem.budget.terms.rates import RateMissing
from onesystem.budget.terms.schedule import Schedule, Threshold
from onesystem.budget.terms.terms import Adjustment, Element, Measured, Order, Step, Weight
from onesystem.vocabulary import NotFound, nearest
from onesystem.vocabulary.said import say, say_date

LOW_VOLUME = 150_000_000  # NHS payment scheme 2025/26: expected annual value of 1.5 million or less

# The sliding scale of 42 CFR 425.604(b), by assigned people: between two points a straight line.
SLIDING = tuple(
    (Fraction(people), Fraction(rate, 1000))
    for people, rate in (
        (5_000, 39), (6_000, 36), (7_000, 34), (8_000, 32), (9_000, 31), (10_000, 30),
        (15_000, 27), (20_000, 25), (50_000, 22), (60_000, 20),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A payment form while it is in force."""

    name: str
    words: str
    source: str = ""
    since: date | None = None
    until: date | None = None
    base: Fraction = ZERO
    schedule: Schedule | None = None
    adjustments: tuple[Adjustment, ...] = ()

    def on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )

    def element(
        self, rule: str, pays: str, *, plan: Measured | None = None,
        outturn: Measured | None = None, scope: str = "", payer: str = "", goal: str = "",
    ) -> Element:  # fmt: skip
        """The rule of terms that pays by this form."""
        return Element(
            rule=rule, words=self.words, source=self.source, pays=pays, payer=payer, scope=scope,
            goal=goal, base=self.base, baseline=plan, schedule=self.schedule,
            outturn=outturn if self.schedule is not None else None, adjustments=self.adjustments,
        )  # fmt: skip


@cache
def forms() -> tuple[Form, ...]:
    """Every form at every time."""
    text = files("onesystem.budget.terms").joinpath("data/forms.toml").read_text(encoding="utf-8")
    return tuple(unpacked(Form, each, each["name"]) for each in read(text, suffix=".toml")["forms"])


def form(name: str, day: date | None = None) -> Form:
    """A form as it is in force on a day; without a day the latest."""
    found = [each for each in forms() if each.name == name]
    if not found:
        raise NotFound(
            say("there is no payment form {name}", name=repr(name)),
            nearest(name, {f.name for f in forms()}),
        )
    if day is None:
        return found[-1]
    for each in found:
        if each.on(day):
            return each
    spans = "; ".join(f"{each.since or '…'} to {each.until or '…'}" for each in found)
    raise RateMissing(
        say(
            "the payment form {name} is not in force on {day}",
            name=repr(name),
            day=say_date(day, "%-d %B %Y"),
        ),
        say(
            "It is known {spans}. Choose another form, or give its rates for that day.", spans=spans
        ),
    )


def with_band(found: Form, threshold: Threshold) -> Form:
    """The form with another dead band (such as the sliding scale by people)."""
    assert found.schedule is not None  # noqa: S101 - a form with a band has slices
    return replace(found, schedule=replace(found.schedule, threshold=threshold))


def sliding(by: str = "people") -> Threshold:
    """The minimum savings rate read from the number of people."""
    return Threshold(by=by, points=SLIDING)


def is_low_volume(expected: int) -> bool:
    """Whether a year's expected value is paid as a block."""
    return expected <= LOW_VOLUME


def section_75(
    host: str, partners: tuple[Weight, ...], *, rule: str, baseline: Measured, outturn: Measured
) -> Order:
    """The usual order of an overspend of a pooled fund.

    Underspends of other schemes first, then the risk pool, then schemes not yet committed, then
    money from outside the pool: the partners pro rata to what they contribute, each up to its
    most. What is left stays with the host.
    """
    own = (Weight(party=host, share=Fraction(1)),)
    return Order(
        rule=rule,
        words=say("overspend of the pooled fund"),
        host=host,
        baseline=baseline,
        outturn=outturn,
        source="Section 75 agreement: order of an overspend",
        steps=(
            Step(
                rule=f"{rule}.underspends",
                words=say("from underspends of other schemes"),
                weights=own,
                limit="underspends",
            ),
            Step(
                rule=f"{rule}.risk-pool",
                words=say("from the risk pool"),
                weights=own,
                limit="risk pool",
            ),
            Step(
                rule=f"{rule}.uncommitted",
                words=say("from schemes not yet committed"),
                weights=own,
                limit="uncommitted",
            ),
            Step(rule=f"{rule}.partners", words=say("from the partners"), weights=partners),
            Step(rule=f"{rule}.host", words=say("the host carries the rest"), weights=own),
        ),
    )
