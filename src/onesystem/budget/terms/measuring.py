"""From facts and dated rates to amounts in whole minor units, each with its line of working.

Rounding point: what a count at one rate comes to in the period is rounded once.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

from onesystem.budget.terms.numbers import rounded
from onesystem.budget.terms.rates import Rate, Table
from onesystem.budget.terms.settlement import Line
from onesystem.budget.terms.terms import Facts, Measured, Terms
from onesystem.vocabulary import NotFound, UserError, nearest
from onesystem.vocabulary.said import say

MONTHS_A_YEAR = 12
Number = int | Fraction


class FactMissing(NotFound):
    """The terms ask for a fact that was not given."""


def whole(facts: Facts, name: str) -> Number:
    """A fact of the period: as given, else the sum of its months."""
    found = facts.whole.get(name)
    if found is not None:
        return found
    return sum(monthly(facts, name))


def monthly(facts: Facts, name: str) -> tuple[Number, ...]:
    """A fact by month."""
    found = facts.monthly.get(name)
    if found is None:
        raise FactMissing(
            say("the fact {name} is not given", name=repr(name)),
            say(
                "Give it by month, or for the period. {nearest}",
                nearest=nearest(name, _known(facts)),
            ),
        )
    if len(found) != len(facts.months):
        raise UserError(
            say(
                "the fact {name} has {found} values for {months} months",
                name=repr(name),
                found=len(found),
                months=len(facts.months),
            ),
            "Give one value a month, in the order of the months.",
        )
    return found


def money(facts: Facts, name: str) -> int:
    """A fact that is money: whole minor units."""
    found = whole(facts, name)
    if found.denominator != 1:
        raise UserError(
            say("the fact {name} is money and came as {found}", name=repr(name), found=found),
            "Give it in whole minor units.",
        )
    return int(found)


def lines_of(terms: Terms, facts: Facts, measured: Measured, rule: str) -> Iterator[Line]:
    """The working of an amount: a line for each rate in force."""
    words = measured.words or measured.fact
    words = words or _table(terms, measured.rate).words or measured.rate
    if not measured.rate:
        found = money(facts, measured.fact)
        yield Line(rule, words, facts.sources.get(measured.fact, ""), found)
    elif measured.fact:
        source = facts.sources.get(measured.fact, "")
        for rate, months, count in _stretches(terms, facts, measured):
            yield Line(
                rule,
                f"{words}: {_number(count)} x {_minor(rate.value)}{_spell(months, facts)}",
                "; ".join(filter(None, (source, rate.source))),
                rounded(
                    rate.value.numerator * count.numerator,
                    rate.value.denominator * count.denominator,
                ),
            )
    else:
        first = _table(terms, measured.rate).at(facts.months[0])
        found = planned(terms, measured, facts.months)
        yield Line(rule, words + _count(facts.months), first.source, found)


def _stretches(
    terms: Terms, facts: Facts, measured: Measured
) -> Iterator[tuple[Rate, list[date], Number]]:
    """The months that share a rate, and their count."""
    table = _table(terms, measured.rate)
    rates = [table.at(month) for month in facts.months]
    given = facts.whole.get(measured.fact)
    if given is not None:
        if any(rate is not rates[0] for rate in rates):
            raise UserError(
                say(
                    "the rate {rate} changes within the period and {fact} is given for the whole "
                    "of it",
                    rate=repr(measured.rate),
                    fact=repr(measured.fact),
                ),
                say("Give {fact} by month.", fact=repr(measured.fact)),
            )
        yield rates[0], list(facts.months), given
        return
    counts = monthly(facts, measured.fact)
    start = 0
    for at in range(1, len(rates) + 1):
        if at == len(rates) or rates[at] is not rates[start]:
            yield rates[start], list(facts.months[start:at]), sum(counts[start:at])
            start = at


def planned(terms: Terms, measured: Measured, months: Sequence[date]) -> int:
    """A rate by itself over the months; a year's is phased so that its months sum to it."""
    table = _table(terms, measured.rate)
    if measured.per == "period":
        months = months[:1]
    found = 0
    for month in months:
        value = table.at(month).value
        amount = rounded(value.numerator, value.denominator)
        if measured.per == "year":
            nth = (month.month - terms.year_starts) % MONTHS_A_YEAR
            amount = amount * (nth + 1) // MONTHS_A_YEAR - amount * nth // MONTHS_A_YEAR
        found += amount
    return found


def _table(terms: Terms, name: str) -> Table:
    found = terms.table.get(name)
    if found is None:
        raise NotFound(
            say("the terms {code} have no rate {name}", code=repr(terms.code), name=repr(name)),
            nearest(name, terms.table),
        )
    return found


def _known(facts: Facts) -> list[str]:
    return [*facts.monthly, *facts.whole]


def _number(count: Number) -> str:
    return f"{int(count):,}" if count.denominator == 1 else f"{float(count):,.4f}"


@lru_cache(maxsize=4096)
def _minor(value: Fraction) -> str:
    if (value * 100).denominator == 1:
        hundredths = int(value * 100)
        tail = f"{hundredths % 100:02d}".rstrip("0")
        whole_, pence = divmod(hundredths // 100, 100)
        return f"{whole_:,}.{pence:02d}{tail}"
    return f"{float(value) / 100:,.6f}"


def _spell(months: list[date], facts: Facts) -> str:
    if len(months) == len(facts.months):
        return ""
    return f", {months[0]:%b %Y}" + (f" to {months[-1]:%b %Y}" if len(months) > 1 else "")


@lru_cache(maxsize=4096)
def _count(months: tuple[date, ...]) -> str:
    return (
        say(", {months} months", months=len(months)) if len(months) > 1 else f", {months[0]:%B %Y}"
    )
