"""Small problems of a portfolio, and an oracle that tries every combination with another solver."""

from itertools import product

import numpy as np
from scipy.optimize import linprog

from onesystem.plan.portfolio.shape import NEVER, Choice, Group, Problem, Service


def small(**said) -> Problem:
    """Two years of two half-years; nurses see people, some of whom an option takes away."""
    nurses = Group(name="nurses", minutes=1000.0, there=10.0, pay=3_000_00)
    visits = Service(name="visits", wanted=(600.0,) * 4, undone=50_00, minutes={"nurses": 20.0})
    given = {
        "periods": 4, "a_year": 2, "services": (visits,), "groups": (nurses,), "every": 1,
        "moments": 4, "money": (80_000_00,) * 2, "change": (1.0,) * 4,
        "choices": (
            Choice(name="advice", setup=500_00, running=100_00, lag=1, less={"visits": 60.0}),
            Choice(name="calls", setup=900_00, running=50_00, less={"visits": 40.0}),
        ),
    }  # fmt: skip
    return Problem(**(given | said))


def every_start(problem: Problem):
    """All combinations of starts that the choices, and the capacity for change, allow."""
    names = [each.name for each in problem.choices]
    whens = [
        [m for m in (NEVER, *range(problem.moments)) if _may(each, m)] for each in problem.choices
    ]
    for chosen in product(*whens):
        starts = dict(zip(names, chosen, strict=True))
        if _together(problem, starts):
            yield starts


def _may(choice: Choice, moment: int) -> bool:
    if moment == NEVER:
        return choice.by is None
    return not choice.banned and choice.earliest <= moment <= (
        moment if choice.by is None else choice.by
    )


def _together(problem: Problem, starts) -> bool:
    effort = {each.name: each.effort for each in problem.choices}
    for moment, room in enumerate(problem.change):
        if sum(effort[n] for n, m in starts.items() if m == moment) > room + 1e-9:
            return False
    for each in problem.choices:
        mine = starts[each.name]
        for other in each.needs:
            if mine != NEVER and (starts[other] == NEVER or starts[other] > mine):
                return False
        if any(mine != NEVER and starts[other] != NEVER for other in each.apart):
            return False
    return True


def total(problem: Problem, starts) -> float | None:  # noqa: C901, PLR0912, PLR0915 - rows as one would say them
    """The least total with these starts by dense rows written out by hand; None if there is none.

    Unknowns by period: work of each pair, unmet of each service, hired, agency, staff of each.
    """
    p, periods = problem, range(problem.periods)
    pairs = [(s, g) for s in p.services for g in p.groups if g.name in s.minutes]
    names = (
        [("work", s.name, g.name) for s, g in pairs]
        + [("work", s.name, "") for s in p.services if not s.minutes]
        + [("unmet", s.name) for s in p.services]
        + [(what, g.name) for g in p.groups for what in ("hired", "agency", "staff")]
    )
    at = {(name, t): n for n, (name, t) in enumerate(product(names, periods))}
    cost, fixed = np.zeros(len(at)), 0.0
    upper, limit, equal, level = [], [], [], []
    spend = [np.zeros(len(at)) for _ in range(p.years)]
    chosen = [0.0] * p.years
    bounds = [(0, None)] * len(at)

    def on(choice, t, lag=0):
        begun = starts[choice.name]
        return begun != NEVER and t >= begun * p.every + lag

    for t in periods:
        year = t // p.a_year
        prices = {}
        for s in p.services:
            mine = [at[name, t] for name in names if name[:2] == ("work", s.name)]
            row = np.zeros(len(at))
            row[[*mine, at[("unmet", s.name), t]]] = -1
            less = sum(c.less.get(s.name, 0) for c in p.choices if on(c, t, c.lag))
            upper.append(row)
            limit.append(less - s.wanted[t])
            prices |= dict.fromkeys(mine, s.cost)
            cost[at[("unmet", s.name), t]] += s.undone
            if s.floor:
                bounds[at[("unmet", s.name), t]] = (0, (1 - s.floor) * s.wanted[t])
        for g in p.groups:
            row = np.zeros(len(at))
            for s, group in pairs:
                if group is g:
                    row[at[("work", s.name, g.name), t]] = s.minutes[g.name] / g.minutes
            for s in p.services:
                for each in names:
                    if each[:2] == ("work", s.name):
                        row[at[each, t]] += s.also.get(g.name, 0) / g.minutes
            row[[at[("staff", g.name), t], at[("agency", g.name), t]]] = -1
            upper.append(row)
            limit.append(-sum(c.staff.get(g.name, 0) for c in p.choices if on(c, t)))
            row = np.zeros(len(at))
            row[at[("staff", g.name), t]] = 1
            came = g.coming.get(t, 0.0)
            if t:
                row[at[("staff", g.name), t - 1]] = g.leaving - 1
            else:
                came += g.there * (1 - g.leaving)
            if t >= g.training:
                row[at[("hired", g.name), t - g.training]] -= 1
            equal.append(row)
            level.append(came)
            bounds[at[("hired", g.name), t]] = (0, g.most_hired)
            bounds[at[("agency", g.name), t]] = (0, g.most_agency)
            prices |= {
                at[("staff", g.name), t]: g.pay, at[("agency", g.name), t]: g.agency,
                at[("hired", g.name), t]: g.hiring,
            }  # fmt: skip
        for name, there in p.places.items():
            row = np.zeros(len(at))
            for s in p.services:
                for each in names:
                    if s.place == name and each[:2] == ("work", s.name):
                        row[at[each, t]] = s.takes
            upper.append(row)
            limit.append(there[t] + sum(
                c.places.get(name, 0) for c in p.choices if on(c, t, c.lag)))  # fmt: skip
        for column, price in prices.items():
            spend[year][column] += price
        for c in p.choices:
            paid = c.running * on(c, t) + c.setup * (starts[c.name] * p.every == t)
            chosen[year] += paid
            fixed += paid
    cost += sum(spend)
    for year, money in enumerate(p.money):
        upper.append(spend[year])
        limit.append(money - chosen[year])
    found = linprog(
        cost, np.array(upper), np.array(limit), np.array(equal) if equal else None,
        level or None, bounds, method="highs-ds",
    )  # fmt: skip
    return found.fun + fixed if found.success else None


def best(problem: Problem) -> float | None:
    """The least total over every combination; None where none keeps to the limits."""
    totals = [total(problem, starts) for starts in every_start(problem)]
    return min((each for each in totals if each is not None), default=None)
