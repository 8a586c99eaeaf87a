"""Terms and facts that the tests of terms, contracts and comparing share."""

from datetime import date
from fractions import Fraction

from onesystem.budget.terms import Facts, Measured, Party, Rate, Table, Terms
from onesystem.budget.terms.forms import form

APRIL = date(2026, 4, 1)
M = 100_000_000  # a million pounds in pence
PARTIES = (
    Party(code="icb", name="Integrated care board", role="funder"),
    Party(code="hospital", name="The hospital"),
    Party(code="community", name="Community trust"),
    Party(code="practice", name="The practices"),
)


def year(start=APRIL):
    """Twelve months."""
    first = start.year * 12 + start.month - 1
    return tuple(date(at // 12, at % 12 + 1, 1) for at in range(first, first + 12))


def rate(name, value, **said):
    """A rate that has one figure for ever."""
    return Table(name=name, rates=(Rate(value=Fraction(value), **said),))


def terms_of(*elements, **said):
    """Terms between a funder and three providers."""
    made = {"code": "agreement", "name": "Agreement", "currency": "GBP", "payer": "icb"}
    return Terms(**{**made, "parties": PARTIES, "elements": elements, **said})


def by_form(name, day=None, *, plan=0, **said):
    """Terms of one form: a plan for the period against a spend."""
    element = form(name, day).element(
        "rule", "hospital", plan=Measured(rate="plan", per="period"), outturn=Measured(fact="spend")
    )
    rates = (rate("plan", plan),)
    return terms_of(element, rates=rates, **said)


def facts(months=(APRIL,), currency="GBP", monthly=None, **whole):
    """Facts of the period, by name."""
    return Facts(months=months, currency=currency, monthly=monthly or {}, whole=whole)
