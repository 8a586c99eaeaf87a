"""Settle a period: terms and facts in, lines out. Pure; the same lines for ever.

    >>> settle(terms, facts).by_party          # doctest: +SKIP
    {'hospital': 24300000000, 'icb': -24300000000}

Every line that moves money has two ends, so that what the parties have sums to zero.
"""

from datetime import date
from typing import Any

from onesystem.budget.terms.ordering import ordered
from onesystem.budget.terms.paying import Prepared
from onesystem.budget.terms.settlement import Line, Settlement
from onesystem.budget.terms.sharing import divided, funded, passed_on
from onesystem.budget.terms.terms import ENGINE, Facts, Terms
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_date


def settle(terms: Terms, facts: Facts) -> Settlement:
    """The settlement of the months of the facts.

    >>> from datetime import date
    >>> from fractions import Fraction
    >>> from onesystem.budget.terms import Facts, Measured, Party, Rate, Table, Terms
    >>> from onesystem.budget.terms.forms import form
    >>> year = Table(name="year", rates=(Rate(value=Fraction(1_200_000_00)),))
    >>> block = form("block").element("fixed", "hospital", plan=Measured(rate="year", per="year"))
    >>> terms = Terms(code="block", name="A block", currency="GBP", payer="board", rates=(year,),
    ...               parties=(Party(code="board"), Party(code="hospital")), elements=(block,))
    >>> settle(terms, Facts(months=(date(2026, 4, 1),), currency="GBP", whole={})).by_party
    {'hospital': 10000000, 'board': -10000000}
    """
    refuse(terms, facts)
    lines: list[Line] = []
    for each in prepared(terms):
        if in_force(each.element, facts.months):
            lines += each.lines(facts)
    for order in terms.orders:
        if in_force(order, facts.months):
            lines += ordered(terms, order, facts)
    for pot in terms.pots:
        lines += divided(pot, lines)
    if terms.subcontracts:
        lines += passed_on(terms, facts, tuple(lines))
    lines += list(funded(terms, lines))
    return Settlement(
        contract=terms.code, version=terms.version, engine=terms.engine, currency=terms.currency,
        months=facts.months, lines=tuple(lines),
    )  # fmt: skip


def prepared(terms: Terms) -> tuple[Prepared, ...]:
    """The rules made ready, once for these terms."""
    found: tuple[Prepared, ...] | None = terms.__dict__.get("_prepared")
    if found is None:
        found = tuple(Prepared(terms, each) for each in terms.elements)
        terms.__dict__["_prepared"] = found
    return found


def refuse(terms: Terms, facts: Facts) -> None:
    """Refuse what cannot be settled at all: engine, currency, months, dates."""
    if terms.engine != ENGINE:
        raise UserError(
            say(
                "the terms are settled by engine {engine}, this is {engine2}",
                engine=repr(terms.engine),
                engine2=repr(ENGINE),
            ),
            "Use the version of onesystem that has that engine, or write the terms anew.",
        )
    if facts.currency != terms.currency:
        raise UserError(
            say(
                "the terms are in {currency} and the facts in {currency2}",
                currency=terms.currency,
                currency2=facts.currency,
            ),
            say(
                "Give the facts in {currency}; a rate of exchange is never guessed.",
                currency=terms.currency,
            ),
        )
    if not facts.months or list(facts.months) != sorted(set(facts.months)):
        raise UserError("the months are missing or not in order", "Give each month once, in order.")
    outside = [m for m in facts.months if not _within(terms.since, terms.until, m)]
    if outside:
        raise UserError(
            say(
                "version {version} of {code} is not in force in {outside}",
                version=terms.version,
                code=repr(terms.code),
                outside=say_date(outside[0], "%B %Y"),
            ),
            "Settle each version for its own months.",
        )


def _within(since: Any, until: Any, month: Any) -> bool:
    return (since is None or since <= month) and (until is None or month < until)


def in_force(each: Any, months: tuple[date, ...]) -> bool:
    """Whether a rule is in force in those months; half of them is refused."""
    if each.since is None and each.until is None:
        return True
    found = [_within(each.since, each.until, month) for month in months]
    if any(found) and not all(found):
        raise UserError(
            say("the rule {rule} is in force for some of the months only", rule=repr(each.rule)),
            "Settle the months before and after by themselves.",
        )
    return all(found)
