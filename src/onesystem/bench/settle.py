"""Contracts settled on one core, line by line, and payment forms over simulated years.

The stated limits: 200 contracts by 60 months under 1 CPU second with every line of the working,
and five payment forms over 1,000 simulated years of 60 months under 2 CPU seconds. The second walks
columns (`terms/many.py`), which a test holds equal to the first; here a sample is compared too.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from onesystem.bench.shape import Row, cpu_seconds, register

CONTRACTS, MONTHS, DRAWS = 200, 60, 1_000
FORMS = ("aligned", "marginal-rate", "cost-and-volume", "fee-for-service", "gain-and-loss-share")
_MILLION = 100_000_000


@register("settle", "contracts settled line by line, and payment forms over simulated years")
def run(*, full: bool) -> Iterable[Row]:
    """The stated size; `full` takes ten times the draws."""
    contracts = [_contract(at) for at in range(CONTRACTS)]
    spent, lines = _settled(contracts)
    yield Row(
        name=f"{CONTRACTS} contracts by {MONTHS} months ({lines:,} lines of working)",
        value=round(spent, 3), unit="CPU s", target=1, lower_is_better=True,
    )  # fmt: skip
    draws = DRAWS * (10 if full else 1)
    spent = _compared(draws)
    yield Row(
        name=f"{len(FORMS)} payment forms over {draws:,} simulated years of {MONTHS} months",
        value=round(spent, 3), unit="CPU s", target=None if full else 2, lower_is_better=True,
    )  # fmt: skip
    yield Row(
        name="draws of them that the exact path gives otherwise, of 25 months compared",
        value=_unequal(), unit="draws", target=0, lower_is_better=True,
    )  # fmt: skip


def _settled(contracts: list[Any]) -> tuple[float, int]:
    from onesystem.budget.terms import Facts, settle

    lines, started = 0, cpu_seconds()
    for at, terms in enumerate(contracts):
        for nth, month in enumerate(_months()):
            whole = {"units": 700 + nth + at, "cost": 16_000_000 + nth * 1_003}
            facts = Facts(months=(month,), currency="GBP", whole=whole)
            lines += len(settle(terms, facts).lines)
    return cpu_seconds() - started, lines


def _compared(draws: int) -> float:
    from onesystem.budget.terms.many import settle_many

    made, given = [_form(name) for name in FORMS], list(_drawn(draws))
    started = cpu_seconds()
    for terms in made:
        for each in given:
            settle_many(terms, each)
    return cpu_seconds() - started


def _unequal() -> int:
    from onesystem.budget.terms import settle
    from onesystem.budget.terms.many import settle_many

    wrong = 0
    for name in FORMS:
        for each in list(_drawn(20))[::12]:
            found = settle_many(_form(name), each)
            for at in range(each.count):
                exact = settle(_form(name), each.one(at)).by_party
                wrong += any(int(found[who][at]) != sum_ for who, sum_ in exact.items())
    return wrong


def _months() -> list[date]:
    return [date(2026 + (3 + at) // 12, (3 + at) % 12 + 1, 1) for at in range(MONTHS)]


def _drawn(draws: int) -> Iterable[Any]:
    """Facts of each month: simulated activity and cost, a seeded draw."""
    import numpy as np

    from onesystem.budget.terms.many import Draws

    drawn = np.random.default_rng(7)
    for month in _months():
        values = {
            "units": drawn.poisson(700, (draws, 1)), "cost": drawn.poisson(166_000, draws) * 100,
        }  # fmt: skip
        yield Draws(months=(month,), currency="GBP", count=draws, values=values)


def _contract(at: int) -> Any:
    """A fixed element, a variable one of some form, and in every second one an alliance's pot."""
    return _form(FORMS[at % len(FORMS)], pot=bool(at % 2), code=f"contract-{at}")


def _form(name: str, *, pot: bool = False, code: str = "") -> Any:
    from onesystem.budget.terms import Measured, Party, Pot, Rate, Table, Terms, Weight
    from onesystem.budget.terms.forms import form

    members = ("hospital", "community", "practice")
    plan = Measured(rate="plan", per="year")
    units, cost = Measured(fact="units", rate="price"), Measured(fact="cost")
    saving = name == "gain-and-loss-share"
    elements = [
        form("block").element("fixed", "hospital", plan=Measured(rate="fixed", per="year")),
        form(name).element(
            "moving",
            "share" if saving else "community",
            plan=plan,
            outturn=cost if saving else units,
        ),
    ]
    if pot and not saving:
        elements.append(
            form("gain-and-loss-share").element("gain", "share", plan=plan, outturn=cost)
        )
    rates = (("fixed", _MILLION), ("plan", _MILLION), ("price", 123_45))
    weights = tuple(Weight(party=each, share=Fraction(1, 3)) for each in members)
    return Terms(
        code=code or name, name=name, currency="GBP", payer="board",
        parties=tuple(Party(code=each) for each in ("board", *members)), elements=tuple(elements),
        pots=(Pot(code="share", weights=weights),) if pot or saving else (),
        rates=tuple(Table(name=n, rates=(Rate(value=Fraction(v)),)) for n, v in rates),
    )  # fmt: skip
