"""Charges of many at once: the same rules over columns, equal to the exact path. Pure numpy.

For what a policy would cost, and for the year's uprating of everybody: one row a person, whole
pence in int64. Every line of the working is a column, under the name of its rule, so that the
working of any row can be told; `case_at` gives the row back as a case for the exact path, and the
tests hold the two equal. It covers the means test of the law for people whose income and capital
are sums (home or care home, funded nursing care); what is rarer goes the exact way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from onesystem.budget.entitlement.case import Capital, Case, Income
from onesystem.budget.entitlement.means import limits_of
from onesystem.budget.entitlement.rates import Rates

Pence = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_KINDS = ("state pension", "savings credit", "mobility")  # counted, counted in part, left out


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Columns. `income`: one column a kind of `_KINDS`; `couple`, `pensioner`, `in_home`: flags."""

    day: date
    cost: Pence
    age: Pence
    capital: Pence
    counted: Pence
    savings_credit: Pence
    left_out: Pence
    dre: Pence
    housing: Pence
    couple: Flags
    pensioner: Flags
    in_home: Flags
    nursing: Flags
    carer: Flags

    def __len__(self) -> int:
        return len(self.cost)


def charges(people: People, rates: Rates) -> Mapping[str, Pence]:
    """Columns by rule, and `pays`, `council`, `nhs`, `full`; whole pence a week."""
    day, home = people.day, people.in_home
    limits = [limits_of(_somebody(day, s), rates) for s in ("care home", "home")]
    lower = np.where(home, limits[0].lower, limits[1].lower)
    upper = np.where(home, limits[0].upper, limits[1].upper)
    over = people.capital > upper
    step, each = limits[0].step, limits[0].a_step
    tariff = -(-(np.minimum(people.capital, upper) - lower) // step) * each
    tariff = np.where(over | (people.capital <= lower), 0, tariff)

    def rate(name: str, key: str) -> int:
        return rates.amount(name, key, day).amount

    credit = np.where(people.couple, rate("savings credit disregard", "couple"),
                      rate("savings credit disregard", "single"))  # fmt: skip
    out = np.minimum(people.savings_credit, credit) + people.left_out
    income = people.counted + people.savings_credit + people.left_out - out
    mig = _guaranteed(people, rate)
    agreed = np.where(home, 0, people.dre) + people.housing
    keeps = np.where(home, rate("personal expenses allowance", "amount"), mig) + agreed
    fnc = np.where(people.nursing & home,
                   np.minimum(people.cost, rate("funded nursing care", "standard")), 0)  # fmt: skip
    rest = people.cost - fnc
    can = np.maximum(0, income + tariff - keeps)
    pays = np.where(over, rest, np.minimum(rest, can))
    least = rate("small charge", "least")
    pays = np.where(~over & (pays < least), 0, pays)
    return {
        "cost": people.cost, "nhs.fnc": -fnc, "capital.sum": people.capital,
        "capital.tariff": tariff, "income.left-out": -out, "income.sum": income,
        "keep.pea": np.where(home, -keeps, 0), "keep.mig": np.where(home, 0, -mig),
        "keep.agreed": -agreed, "pays": pays, "council": rest - pays, "nhs": fnc,
        "full": over.astype(np.int64),
    }  # fmt: skip


def _guaranteed(people: People, rate: Any) -> Pence:
    name = "minimum income guarantee"
    single = np.where(
        people.pensioner,
        rate(name, "pension"),
        np.where(people.age < _GROWN, rate(name, "young"), rate(name, "adult")),
    )
    couple = np.where(people.pensioner, rate(name, "couple pension"), rate(name, "couple adult"))
    whole: Pence = np.where(people.couple, couple, single)
    return whole + np.where(people.carer, rate(name, "carer"), 0)


_GROWN = 25


def _somebody(day: date, setting: str) -> Case:
    return Case(day=day, setting=setting, cost=0, age=80)


def case_at(people: People, row: int) -> Case:
    """One row as a case, for the exact path and its words."""
    amounts = (people.counted, people.savings_credit, people.left_out)
    weekly = {k: int(a[row]) for k, a in zip(_KINDS, amounts, strict=True)}
    home = bool(people.in_home[row])
    return Case(
        day=people.day, setting="care home" if home else "home", cost=int(people.cost[row]),
        age=int(people.age[row]), household="couple" if people.couple[row] else "single",
        pension_age=bool(people.pensioner[row]), dre=int(people.dre[row]),
        housing=int(people.housing[row]), premiums=("carer",) if people.carer[row] else (),
        nursing="standard" if home and people.nursing[row] else "",
        income=tuple(Income(kind=k, amount=a) for k, a in weekly.items()),
        capital=(Capital(kind="savings", amount=int(people.capital[row])),),
    )  # fmt: skip


def made_up(count: int, day: date, seed: int = 7) -> People:
    """Plainly synthetic people, for benches and tests."""
    rng = np.random.default_rng(seed)

    def some(low: int, high: int) -> Pence:
        return rng.integers(low, high, count)

    age = some(18, 100)
    flags: Sequence[Flags] = [rng.random(count) < share for share in (0.35, 0.4, 0.3, 0.15)]
    return People(
        day=day, cost=some(5_000, 150_000), age=age, capital=some(0, 4_000_000),
        counted=some(8_000, 45_000), savings_credit=some(0, 1_800), left_out=some(0, 8_000),
        dre=some(0, 4_000), housing=some(0, 9_000), couple=flags[0], pensioner=age >= 66,
        in_home=flags[1], nursing=flags[2], carer=flags[3],
    )  # fmt: skip
