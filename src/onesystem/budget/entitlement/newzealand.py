"""The residential care subsidy of New Zealand: assets all or nothing, then income. Pure.

Who has more than the threshold pays up to the maximum contribution of the territory. Who has no
more pays from income, and the subsidy pays the rest. What care costs above the maximum
contribution is a top-up that nobody is asked for. Amounts are whole cents.
"""

from onesystem.budget.entitlement.case import Case
from onesystem.budget.entitlement.kinds import CAPITAL, kinds
from onesystem.budget.entitlement.rates import Rate, Rates
from onesystem.budget.entitlement.trace import (
    CAPITAL as OF_CAPITAL,
)
from onesystem.budget.entitlement.trace import (
    COST,
    INCOME,
    KEEP,
    LATER,
    NEED,
    PAYS,
    SUM,
    Charge,
    Line,
)
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

_ACT = say("Residential Care and Disability Support Services Act 2018, schedule 2")
_PENSION, _YOUNGEST = 65, 50
_WEEKS = 52
_EXEMPT = frozenset({"earnings", "war pension"})


def charge(case: Case, rates: Rates, name: str = "nz") -> Charge:
    """What a resident contributes, and what the subsidy pays."""
    if case.currency != "NZD":
        raise UserError(
            say("the case is in {currency}, and these rules in NZD", currency=case.currency),
            'Write currency: "NZD" and every amount in cents.',
        )
    lines = [Line("cost", say("What the care costs each week"), case.cost, say("As said"), COST)]
    most = maximum(case, rates)
    asked = min(case.cost, most.amount)
    lines.append(
        Line(
            "nz.maximum",
            say("The most that anybody is asked for in this territory"),
            asked,
            most.source,
            COST,
            most.assumed,
        )
    )
    if not case.eligible or not _qualifies(case):
        words = (
            say("You were not assessed as needing long-term residential care")
            if not case.eligible
            else say("The subsidy is for people of 65 and over, and single people of 50 to 64")
        )
        lines.append(Line("nz.not-qualifying", words, None, _ACT, NEED))
        return _ends(case, name, lines, asked, full=True)
    if _no_asset_test(case):
        lines.append(
            Line(
                "nz.no-asset-test",
                say(
                    "You are 50 to 64, single and without children who depend on you: what you own "
                    "is not counted"
                ),
                None,
                say("Neighbourhood Support Canterbury, 1 July 2009"),
                NEED,
            )
        )
    elif _assets(case, rates, lines) > (limit := threshold(case, rates)).amount:
        lines.append(
            Line(
                "nz.over",
                say("Your assets are above the threshold: you pay until they are not"),
                limit.amount,
                limit.source,
                OF_CAPITAL,
                limit.assumed,
            )
        )
        _loan(case, rates, lines)
        return _ends(case, name, lines, asked, full=True)
    else:
        lines.append(Line("nz.under", say("Your assets are not above the threshold"), limit.amount,
                          limit.source, OF_CAPITAL, limit.assumed))  # fmt: skip
    pays = min(asked, max(0, _income(case, rates, lines)))
    return _ends(case, name, lines, pays, full=False)


def _qualifies(case: Case) -> bool:
    return case.age >= _PENSION or _no_asset_test(case)


def _no_asset_test(case: Case) -> bool:
    young = _YOUNGEST <= case.age < _PENSION
    return young and case.household == "single" and not case.children


def threshold(case: Case, rates: Rates) -> Rate:
    """A, or B for a couple of whom one is in care, unless they choose A."""
    key = "b" if case.resident == "one" and case.choice != "a" else "a"
    return rates.amount(say("asset thresholds"), key, case.day)


def maximum(case: Case, rates: Rates) -> Rate:
    """The maximum contribution: of the case, else of the territory by the Gazette."""
    if case.maximum:
        return Rate(name=say("maximum contribution"), key="said", amount=case.maximum,
                    source="New Zealand Gazette, as said in the case")  # fmt: skip
    if not case.territory:
        raise UserError("the case says neither territory nor maximum",
                        "Write territory, or maximum in cents, from the Gazette.")  # fmt: skip
    return rates.amount(say("maximum contribution"), case.territory, case.day)


def _assets(case: Case, rates: Rates, lines: list[Line]) -> int:
    total, known = 0, kinds(CAPITAL)
    for each in case.capital:
        kind = known[each.kind]
        if kind.name == "belongings":
            lines.append(
                Line(
                    "nz.left-out",
                    say("{title}: not counted", title=kind.title),
                    0,
                    _ACT,
                    OF_CAPITAL,
                )
            )
            continue
        lines.append(Line("nz.counted", kind.title, each.amount, say("As said"), OF_CAPITAL))
        total += each.amount
    total += _home(case, lines) + gifted(case, rates, lines) + _funeral(case, rates, lines)
    lines.append(
        Line("nz.assets", say("Together, the assets that count"), total, say("As said"), SUM)
    )
    return total


def _home(case: Case, lines: list[Line]) -> int:
    if case.home is None:
        return 0
    if case.resident == "one" and case.choice != "a" and case.home.lives in {"partner", "child"}:
        lines.append(
            Line(
                "nz.home",
                say("Your home is not counted: your partner or child lives there"),
                0,
                _ACT,
                OF_CAPITAL,
            )
        )
        return 0
    worth = max(0, case.home.value - case.home.secured)
    lines.append(
        Line("nz.home", say("Your home, less what is secured on it"), worth, _ACT, OF_CAPITAL)
    )
    return worth


def gifted(case: Case, rates: Rates, lines: list[Line]) -> int:
    """Of what was given away, what is above the limit of its year and so counts as still there."""
    if not case.gifts:
        return 0
    years = rates.amount("gifting", "years", case.day).amount
    by_year: dict[int, int] = {}
    for gift in case.gifts:
        by_year[gift.back] = by_year.get(gift.back, 0) + gift.amount
    total = 0
    for back, given in sorted(by_year.items()):
        rate = rates.amount("gifting", "recent" if back < years else "earlier", case.day)
        over = max(0, given - rate.amount)
        lines.append(
            Line(
                "nz.gifts",
                say("Given away {back} years back, above the limit of a year", back=back),
                over,
                rate.source,
                OF_CAPITAL,
            )
        )
        total += over
    return total


def _funeral(case: Case, rates: Rates, lines: list[Line]) -> int:
    """A pre-paid funeral counts only above what is exempt of each of a couple."""
    if not case.funeral:
        return 0
    rate = rates.amount("exempt", "funeral", case.day)
    over = max(0, case.funeral - rate.amount * (2 if case.household == "couple" else 1))
    lines.append(
        Line(
            "nz.funeral",
            say("A pre-paid funeral, above what is exempt"),
            over,
            rate.source,
            OF_CAPITAL,
        )
    )
    return over


def _income(case: Case, rates: Rates, lines: list[Line]) -> int:
    total = 0
    half = rates.amount("exempt", "superannuation_percent", case.day)
    for each in case.income:
        lines.append(
            Line(
                "nz.income",
                each.words or each.kind.capitalize(),
                each.amount,
                say("As said"),
                INCOME,
            )
        )
        out = each.amount if each.kind in _EXEMPT else 0
        if each.kind in {"occupational pension", "annuity"}:
            out = each.amount * half.amount // 100
        if each.kind == "rent":
            out = _from_assets(case, rates, each.amount)
        if out:
            lines.append(Line("nz.exempt", say("Of this, exempt"), -out, half.source, INCOME))
        total += each.amount - out
    if case.kept:
        lines.append(Line("nz.kept", say("You keep for yourself each week"), -case.kept,
                          say("Work and Income, as said in the case"), KEEP))  # fmt: skip
    lines.append(Line("nz.income-sum", say("Together, the income that goes towards your care"),
                      max(0, total - case.kept), say("As said"), SUM))  # fmt: skip
    return total - case.kept


def _from_assets(case: Case, rates: Rates, amount: int) -> int:
    rate = rates.amount(say("income from assets"), case.resident or "single", case.day)
    return min(amount, -(-rate.amount // _WEEKS))  # a week's part, rounded up for the person


def _loan(case: Case, rates: Rates, lines: list[Line]) -> None:
    rate = rates.amount("exempt", "loan_assets", case.day)
    other = sum(each.amount for each in case.capital if each.kind != "belongings")
    if case.home is not None and other <= rate.amount:
        lines.append(
            Line(
                "nz.loan",
                say(
                    "You may ask for a residential care loan on your home, free of interest: your "
                    "other assets are no more than this"
                ),
                rate.amount,
                rate.source,
                LATER,
            )
        )


def _ends(case: Case, name: str, lines: list[Line], pays: int, *, full: bool) -> Charge:
    rest = case.cost - pays
    lines.append(Line("pays.person", say("You pay each week"), pays, _ACT, PAYS))
    lines.append(Line("pays.nhs", say("The subsidy and the health service pay"), rest, _ACT,
                      PAYS))  # fmt: skip
    return Charge(name, case.day.isoformat(), case.currency, case.cost, pays, 0, rest, full,
                  tuple(lines))  # fmt: skip
