"""The same year under each payment form: the terms of each, and the facts of the year. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

from onesystem.budget.comparing.asked import Asked
from onesystem.budget.comparing.year import Year
from onesystem.budget.terms import schedule as slices
from onesystem.budget.terms import terms as to
from onesystem.budget.terms.forms import Form, form
from onesystem.budget.terms.numbers import ONE, ZERO
from onesystem.budget.terms.rates import Rate, Table
from onesystem.vocabulary.said import say, say_each

PROVIDER, FUNDER = "provider", "funder"
TITLES = say_each(
    {
        "block": "Block",
        "cost-and-volume": "Cost and volume",
        "fee-for-service": "Fee for service",
        "marginal-rate": "Marginal rate",
        "aligned": "Aligned payment",
        "capitation": "Capitation",
        "gain-and-loss-share": "Target cost, gain and loss shared",
        "shared-savings": "Shared savings",
    }
)
UNITS = to.Measured(fact="contacts", rate="price", words=say("Contacts at their price"))
COST = to.Measured(fact="cost", words=say("What the contacts cost"))
PLAN = to.Measured(rate="plan", per="period", words=say("The plan at its price"))


def terms_of(name: str, asked: Asked, year: Year, currency: str) -> to.Terms:
    """The terms of one form. `asked` is filled: it has a plan and a price."""
    plan, price = Fraction(asked.plan or 0), Fraction(asked.price or 0)
    rates = {
        "price": (price, say("the price set here")),
        "plan": (plan * price, say("the plan set here, at the price")),
        "elective plan": (plan * year.part * price, say("the elective part of the plan")),
        "other plan": (plan * (1 - year.part) * price, say("the rest of the plan")),
        "head": (plan * price / max(1, year.people), say("the plan, for each of the population")),
    }
    return to.Terms(
        code=name, name=TITLES[name], currency=currency, payer=FUNDER, form=name,
        parties=(to.Party(code=FUNDER, role="funder"), to.Party(code=PROVIDER)),
        elements=tuple(_elements(name, asked)),
        rates=tuple(
            Table(name=key, rates=(Rate(value=value, source=source),))
            for key, (value, source) in rates.items()
        ),
    )  # fmt: skip


def facts_of(asked: Asked, year: Year, currency: str) -> to.Facts:
    """What happened in the year, in the words of the terms."""
    return to.Facts(
        months=year.months, currency=currency,
        monthly={"contacts": year.contacts, "elective": year.elective, "cost": year.cost},
        whole={"quality": asked["quality"], "people": max(1, year.people)},
        sources=dict.fromkeys(("contacts", "elective", "cost", "people"), year.source),
    )  # fmt: skip


def _elements(name: str, asked: Asked) -> Iterator[to.Element]:
    if name == "block":
        yield form(name).element("block", PROVIDER, plan=PLAN)
    elif name == "fee-for-service":
        yield form(name).element(say("for each contact"), PROVIDER, outturn=UNITS)
    elif name == "cost-and-volume":
        made = _set(form(name), _band(asked["tolerance"], asked["variable"]))
        yield made.element(say("cost and volume"), PROVIDER, plan=PLAN, outturn=UNITS)
    elif name == "marginal-rate":
        made = _set(form(name), _marginal(asked["marginal"]))
        yield made.element(say("marginal rate"), PROVIDER, plan=PLAN, outturn=UNITS)
    elif name == "capitation":
        head = to.Measured(fact="people", rate="head", words=say("People, at so much each"))
        yield form(name).element("capitation", PROVIDER, outturn=head)
    elif name == "aligned":
        yield from _aligned(asked)
    elif name == "gain-and-loss-share":
        yield form("open-book").element(say("open-book cost"), PROVIDER, outturn=COST)
        made = _set(form(name), _shared(asked))
        yield made.element(say("gain and loss"), PROVIDER, plan=PLAN, outturn=COST)
    else:
        yield form("fee-for-service").element(say("for each contact"), PROVIDER, outturn=UNITS)
        made = _set(form(name), _savings(asked, form(name)))
        yield made.element(say("shared savings"), PROVIDER, plan=PLAN, outturn=UNITS)


def _aligned(asked: Asked) -> Iterator[to.Element]:
    """The fixed element for what is not elective, and the elective part by the rule of the year."""
    fixed = to.Measured(
        rate=say("other plan"), per="period", words=say("The plan of what is not elective")
    )
    plan = to.Measured(rate=say("elective plan"), per="period", words=say("The elective plan"))
    elective = to.Measured(
        fact="elective", rate="price", words=say("Elective contacts at their price")
    )
    yield form("block").element(say("fixed element"), PROVIDER, plan=fixed)
    made = form("aligned", date(int(asked.aligned), 4, 1))
    yield made.element(say("variable element"), PROVIDER, plan=plan, outturn=elective)


def _set(found: Form, schedule: slices.Schedule) -> Form:
    return replace(found, words=f"{found.name}, as set here", schedule=schedule)


def _band(tolerance: Fraction, share: Fraction) -> slices.Schedule:
    inner = (
        slices.Slice(start=-tolerance, end=tolerance, share=ZERO, words=say("within tolerance")),
    )
    return slices.Schedule(
        slices=(
            slices.Slice(end=-tolerance, share=share, words=say("below the tolerance")),
            *(inner if tolerance else ()),
            slices.Slice(start=tolerance, share=share, words=say("above the tolerance")),
        ),
        of=slices.OVER,
    )


def _marginal(share: Fraction) -> slices.Schedule:
    return slices.Schedule(
        slices=(
            slices.Slice(start=ZERO, end=ONE, share=ONE, words=say("up to the plan")),
            slices.Slice(start=ONE, share=share, words=say("above the plan")),
        ),
        of=slices.OUTTURN,
    )


def _shared(asked: Asked) -> slices.Schedule:
    most = (slices.Limit(share=asked["cap"], words=say("the most that is shared")),)
    each = (slices.Slice(share=asked["gain"]),)
    return slices.Schedule(slices=each, of=slices.SAVING, cap=most, collar=most)


def _savings(asked: Asked, usual: Form) -> slices.Schedule:
    assert usual.schedule is not None  # noqa: S101 - the data has one
    return replace(
        usual.schedule,
        slices=(
            slices.Slice(end=ZERO, share=ZERO, words="losses stay with the funder"),
            slices.Slice(start=ZERO, share=asked["saving"]),
        ),
        threshold=slices.Threshold(share=asked["dead"]),
    )
