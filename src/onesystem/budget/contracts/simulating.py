"""A contract on simulated years: what each party would have, year by year of the twin. Pure.

Each replication of the model is one year that might be. Its contacts and days by service, at the
unit costs of the twin, are the facts that the contract is settled by; doing nothing and a change
meet the same luck, so their difference is known far better than either (see `twin.scenarios`).
What a model cannot tell, such as a quality that is asked for, is taken as it is said.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from onesystem.budget.contracts import terming
from onesystem.budget.contracts.agreement import BLOCK, ONE, Agreement
from onesystem.budget.contracts.scoping import Around, services_in
from onesystem.budget.months import months_from
from onesystem.budget.terms.settling import settle
from onesystem.budget.terms.terms import Facts, Terms
from onesystem.twin.scenarios.comparing import Estimate, estimate, paired
from onesystem.twin.scenarios.summing import Summary
from onesystem.vocabulary import BadConfig

YEAR = 365.0
Year = Mapping[str, tuple[float, float]]  # contacts and cost in minor units, by service


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Which services of the district each node of the model stands for, and for which part."""

    nodes: Mapping[str, Mapping[str, float]]


def shares(
    nodes: Mapping[str, tuple[str, str]], around: Around, weights: Mapping[str, float]
) -> Shares:
    """The services of each node: by its name; else those of its kind (at its place) that have none.

    `nodes` says the kind and the place of each; `weights` how much of its kind each service is.
    """
    named = {each.name: code for code, each in around.services.items()}
    taken = {named[name] for name in nodes if name in named}
    found: dict[str, dict[str, float]] = {}
    for name, (setting, place) in nodes.items():
        if name in named:
            found[name] = {named[name]: 1.0}
            continue
        rest = [
            code for code, each in around.services.items()
            if each.setting == setting and code not in taken
            and (not place or around.places.get(each.place, each.place) == place)
        ]  # fmt: skip
        heavy = {code: weights.get(code, 0.0) for code in rest}
        total = sum(heavy.values())
        even = 1 / len(rest) if rest else 0.0
        found[name] = {c: (w / total if total else even) for c, w in heavy.items()}
    return Shares(nodes=found)


def years(found: Summary, each: Shares) -> Sequence[Year]:
    """Every replication as a year: contacts and cost of each service of the district."""
    long = YEAR / found.days if found.days else 1.0
    made: list[dict[str, tuple[float, float]]] = [{} for _ in range(found.replications)]
    for node, parts in each.nodes.items():
        contacts = found.values.get(("taken in", node, "all")) or [0.0] * found.replications
        costs = found.values.get(("cost", node, "all")) or [0.0] * found.replications
        for n, year in enumerate(made):
            for code, part in parts.items():
                before = year.get(code, (0.0, 0.0))
                came = (contacts[n] or 0.0) * part * long
                cost = (costs[n] or 0.0) * 100 * part * long
                year[code] = (before[0] + came, before[1] + cost)
    return made


def scaled(every: Sequence[Year], by: Mapping[str, tuple[float, float]]) -> Sequence[Year]:
    """The years with the contacts and costs of each service times a factor of its own."""
    return [
        {code: (came * by.get(code, (1.0, 1.0))[0], cost * by.get(code, (1.0, 1.0))[1])
         for code, (came, cost) in year.items()}
        for year in every
    ]  # fmt: skip


def factors(today: Year, model: Sequence[Year]) -> dict[str, tuple[float, float]]:
    """What makes the model's mean year come to what was counted and costed of each service.

    So a comparison begins where the district stands; a service that the model has not is left out.
    """
    found = {}
    for code, (came, cost) in today.items():
        means = [
            sum(year.get(code, (0.0, 0.0))[at] for year in model) / len(model) for at in (0, 1)
        ]
        if means[0] and means[1]:
            found[code] = (came / means[0], cost / means[1])
    return found


def facts(made: Agreement, around: Around, year: Year, quality: Fraction, currency: str) -> Facts:
    """A simulated year as the facts that the contract asks for."""
    months = months_from(made.since)
    monthly: dict[str, tuple[int | Fraction, ...]] = {}

    def put(fact: str, services: Sequence[str], at: int) -> None:
        monthly[fact] = _spread(round(sum(year.get(code, (0.0, 0.0))[at] for code in services)))

    inside = services_in(made.scope, around.services)
    for member in made.members:
        mine = [code for code in inside if around.services[code].organisation == member]
        put(terming.cost_of(member), mine, 1)
    parts = [monthly[terming.cost_of(member)] for member in made.members]
    monthly[terming.COST] = tuple(sum(month) for month in zip(*parts, strict=True)) or (0,) * 12
    for nth, payment in enumerate(made.payments):
        if payment.way != BLOCK:
            put(terming.contacts_of(nth), payment.services, 0)
    for nth, each in enumerate(made.passes):
        if each.share is None:
            put(terming.passed_of(nth), each.services, 0)
    return Facts(
        months=months, currency=currency, monthly=monthly, contract="simulated",
        whole={terming.QUALITY: quality} if made.quality else {},
        sources=dict.fromkeys(monthly, "a simulated year"),
    )  # fmt: skip


def _spread(whole: int) -> tuple[int, ...]:
    """A year's amount over its months, to the penny."""
    each, rest = divmod(whole, 12)
    return tuple(each + (n < rest) for n in range(12))


def qualities(
    made: Agreement, years: int, *, reached: Fraction = ONE, chance: Fraction | None = None
) -> list[Fraction]:  # fmt: skip
    """The part of the quality that is reached in each year: as said, or drawn.

    `chance` is that of each measure to be reached in a year, whatever became of the others. The
    draws are the same for every question of a contract, so that what is compared has the same luck.
    """
    if chance is None or not made.quality:
        return [reached] * years
    luck = random.Random(f"{made.name}|{len(made.quality)}")  # noqa: S311 - luck, no secret
    return [
        sum((q.weight for q in made.quality if luck.random() < chance), Fraction(0))
        for _ in range(years)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Had:
    """What one party had in one year: what its services cost, what it was paid, its result."""

    cost: float
    due: float

    @property
    def gain(self) -> float:
        """What it was paid less what its services cost."""
        return self.due - self.cost


def had(
    terms: Terms, made: Agreement, around: Around, every: Sequence[Year],
    quality: Sequence[Fraction],
) -> dict[str, list[Had]]:  # fmt: skip
    """Every party's result, year by year, each with the part of the quality that was reached."""
    involved = _involved(made, around)
    found: dict[str, list[Had]] = {party.organisation: [] for party in made.parties}
    for year, reached in zip(every, quality, strict=True):
        due = settle(terms, facts(made, around, year, reached, terms.currency)).by_party
        for party, held in found.items():
            mine = [c for c in involved if around.services[c].organisation == party]
            cost = sum(year.get(code, (0.0, 0.0))[1] for code in mine)
            held.append(Had(cost=cost, due=float(due.get(party, 0))))
    return found


def _involved(made: Agreement, around: Around) -> tuple[str, ...]:
    from onesystem.budget.contracts.scoping import services_of

    return services_of(made, around.services)


FIGURES: Mapping[str, Callable[[Had], float]] = {
    "due": lambda each: each.due, "cost": lambda each: each.cost, "gain": lambda each: each.gain,
}  # fmt: skip


def beside(
    today: Mapping[str, list[Had]], then: Mapping[str, list[Had]], members: Sequence[str]
) -> list[dict[str, Any]]:
    """Each party's cost, pay and gain today and then, with the difference, pair by pair."""
    rows = []
    for party in members:
        row: dict[str, Any] = {"party": party}
        for name, value in FIGURES.items():
            was = [value(each) for each in today[party]]
            now = [value(each) for each in then.get(party, [])] or [0.0] * len(was)
            row[name] = {"today": _plain(estimate(was)), "then": _plain(estimate(now)),
                         "difference": _plain(estimate(paired(now, was)))}  # fmt: skip
        rows.append(row)
    return rows


def _plain(found: Estimate) -> dict[str, float | None]:
    return {"mean": found.mean, "low": found.low, "high": found.high}


def one_year(made: Agreement) -> Agreement:
    """The agreement over its first twelve months, which is what a simulated year is settled by."""
    from dataclasses import replace

    since = made.since
    end = date(since.year + 1, since.month, 1)
    if made.until < end:
        raise BadConfig("the contract is for less than a year", "Try one that lasts a year.")
    return replace(made, until=end)
