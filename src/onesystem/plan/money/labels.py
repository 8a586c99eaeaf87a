"""Saving 4 per cent a year for five years is said in three ways; each is labelled. Pure.

    added             5 x 4              20.00 per cent   as it is often said
    compound rise     1.04 ** 5 - 1      21.67 per cent   costs that grow unmatched
    compound fall     1 - 0.96 ** 5      18.46 per cent   costs that fall each year

The first is neither what costs rise by nor what is saved. A plan that mixes them has a hole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from onesystem.vocabulary.said import say

WHOLE = 10_000  # rates are whole hundredths of a per cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One way of saying it: the name of the sum, the sum, and what it is good for."""

    key: str
    name: str
    working: str
    means: str
    share: Fraction

    @property
    def percent(self) -> float:
        """As it is written: 21.67."""
        return round(float(self.share * 100), 2)


def labels(rate: int, years: int) -> tuple[Label, Label, Label]:
    """The three for the same rate (hundredths of a per cent) in each of so many years."""
    return of_path([rate] * years)


def of_path(rates: Sequence[int]) -> tuple[Label, Label, Label]:
    """The three for a rate in each year."""
    each = [Fraction(rate, WHOLE) for rate in rates]
    rise, fall = Fraction(1), Fraction(1)
    for share in each:
        rise, fall = rise * (1 + share), fall * (1 - share)
    return (
        Label(
            key="added",
            name=say("Simple sum"),
            working=_sum(rates),
            share=sum(each, Fraction()),
            means=say(
                "The rates added up. Of no year's money: not what costs rise by, not what is saved."
            ),
        ),
        Label(
            key="rise",
            name=say("Compound rise"),
            working=_chain(rates, "+", "{} - 1"),
            share=rise - 1,
            means=say("What costs have grown by at the end, if nothing is done about the rate."),
        ),
        Label(
            key="fall",
            name=say("Compound fall"),
            working=_chain(rates, "-", "1 - {}"),
            share=1 - fall,
            means=say(
                "What the first year's cost has fallen by at the end, if the rate is saved "
                "each year."
            ),
        ),
    )


def _sum(rates: Sequence[int]) -> str:
    if len(set(rates)) == 1:
        return f"{len(rates)} x {rates[0] / 100:g}"
    return " + ".join(f"{rate / 100:g}" for rate in rates)


def _chain(rates: Sequence[int], sign: str, form: str) -> str:
    made = [f"{1 + rate / WHOLE if sign == '+' else 1 - rate / WHOLE:g}" for rate in rates]
    same = len(set(rates)) == 1 and made
    return form.format(f"{made[0]} ** {len(rates)}" if same else " x ".join(made))
