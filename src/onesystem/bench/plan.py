"""The plan room: allocations solved, and draws of a plan of money, on one core.

The stated limits: 200 services by 60 months by 12 staff groups under 1.5 CPU seconds; with 800
yes/no choices, proven within a thousandth, under 10; twenty years by quarter under 10. Building
the matrix is part of it. The peer is scipy's `milp`, which hands the same matrix to its own build
of the same solver; `full` measures it in the same run.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from onesystem.bench.shape import Row, cpu_seconds, register

SERVICES, GROUPS, CHOICES, MOMENTS = 200, 12, 40, 20
_A_POST = 7_000.0  # minutes a month


@register("plan", "allocations of staff, money and options, and draws of a plan of money")
def run(*, full: bool) -> Iterable[Row]:
    """The stated sizes; `full` measures the peer too, and twenty years by month."""
    from onesystem.bench.plan_case import rows as cases
    from onesystem.bench.plan_draws import rows as draws

    yield from draws(full=full)
    yield from cases(full=full)
    size = f"{SERVICES} services, {GROUPS} staff groups"
    yield from _solved(f"allocation, {size}, 60 months", made(60), 1.5, peer=full)
    choices = f"{CHOICES * MOMENTS} yes/no choices"
    yield from _solved(f"the same with {choices}", made(60, choices=CHOICES), 10, peer=full)
    long = made(80, months=3)
    yield from _solved(f"allocation, {size}, 20 years by quarter", long, 10, peer=full)
    with_choices = made(80, months=3, choices=CHOICES)
    yield from _solved(f"20 years by quarter with {choices}", with_choices, 10, peer=full)
    if full:
        yield from _solved(f"allocation, {size}, 240 months", made(240), None)


def _solved(name: str, problem: Any, target: float | None, *, peer: bool = False) -> Iterable[Row]:
    from onesystem.plan.portfolio.matrix import matrix
    from onesystem.plan.portfolio.solving import Solver

    started = cpu_seconds()
    solver = Solver(matrix(problem))
    found = solver.solve()
    spent = cpu_seconds() - started
    theirs = _peer(problem, found.total) if peer else None
    m = solver.matrix
    yield Row(
        name=f"{name} ({m.count:,} columns, {len(m.row_lower):,} rows)", value=round(spent, 2),
        unit="CPU s", target=target, lower_is_better=True,
        peer="scipy milp" if theirs else "", peer_value=theirs,
    )  # fmt: skip
    if m.columns.on.size:
        gap = (found.total - found.bound) / found.total * 100
        yield Row(name=f"{name}: proven within", value=round(gap, 4), unit="%", target=0.1,
                  lower_is_better=True)  # fmt: skip


def _peer(problem: Any, ours: float) -> float:
    """CPU seconds of scipy on the same matrix, which has to come to the same."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    from onesystem.plan.portfolio.matrix import matrix

    started = cpu_seconds()
    m = matrix(problem)
    rows = csr_array((m.value, m.index, m.start), shape=(len(m.row_lower), m.count))
    whole = np.zeros(m.count)
    whole[m.columns.on.ravel()] = 1
    found = milp(
        m.cost, constraints=LinearConstraint(rows, m.row_lower, m.row_upper),
        bounds=Bounds(m.lower, m.upper), integrality=whole, options={"mip_rel_gap": 1e-3},
    )  # fmt: skip
    assert abs(found.fun / ours - 1) < 2e-3  # noqa: S101 - else a peer of nothing
    return round(cpu_seconds() - started, 2)


def made(periods: int, *, months: int = 1, choices: int = 0) -> Any:
    """A district of that size, drawn from a seed: demand grows faster than staff and money."""
    from onesystem.plan.portfolio.shape import Problem

    luck = np.random.default_rng(7)
    base = luck.uniform(200, 5000, SERVICES) * months
    minutes = luck.uniform(10, 60, SERVICES)
    able = [luck.choice(GROUPS, 3, replace=False) for _ in range(SERVICES)]
    load = np.zeros(GROUPS)
    for n in range(SERVICES):
        load[able[n]] += base[n] * minutes[n] / (_A_POST * months) / 3
    groups = [_group(luck, n, load[n], months) for n in range(GROUPS)]
    years = np.arange(periods) * months / 12
    shape = (1 + 0.08 * np.cos(2 * np.pi * years)) * 1.02**years
    services = [_service(luck, n, base[n] * shape, minutes[n], able[n]) for n in range(SERVICES)]
    a_year = 12 // months
    spent = sum(each.there * each.pay for each in groups)
    spent += sum(s.cost * b for s, b in zip(services, base, strict=True))
    money = tuple(int(spent * a_year * 1.01 * 1.012**year) for year in range(-(-periods // a_year)))
    every = 3 // months
    return Problem(
        periods=periods, a_year=a_year, services=tuple(services), groups=tuple(groups),
        choices=tuple(_choice(luck, n, base, minutes, every) for n in range(choices)),
        money=money, change=(3.0,) * (MOMENTS if choices else 0), every=every,
        moments=MOMENTS if choices else 0,
    )  # fmt: skip


def _group(luck: Any, n: int, load: float, months: int) -> Any:
    from onesystem.plan.portfolio.shape import Group

    return Group(
        name=f"group {n}", minutes=_A_POST * months, there=load * 0.97,
        leaving=(0.17 / 60 + 0.08 / 12) * months,  # the 17 per cent over 55 go in five years
        training=int(luck.integers(3, 36)) // months, most_hired=load * 0.02 * months,
        hiring=500_000, pay=int(luck.integers(250_000, 600_000)) * months,
        agency=900_000 * months, most_agency=load * 0.05,
    )  # fmt: skip


def _service(luck: Any, n: int, wanted: Any, minutes: float, able: Any) -> Any:
    from onesystem.plan.portfolio.shape import Service

    return Service(
        name=f"service {n}", wanted=tuple(wanted.tolist()), cost=int(luck.integers(500, 6_000)),
        undone=int(minutes * luck.uniform(150, 600)),
        minutes={f"group {g}": minutes * luck.uniform(0.9, 1.3) for g in able.tolist()},
    )  # fmt: skip


def _choice(luck: Any, n: int, base: Any, minutes: Any, every: int) -> Any:
    from onesystem.plan.portfolio.shape import Choice

    some = luck.choice(SERVICES, 5, replace=False).tolist()
    worth = sum(base[s] * minutes[s] * 20 for s in some)
    return Choice(
        name=f"option {n}", setup=int(worth * luck.uniform(0.5, 6)),
        running=int(worth * luck.uniform(0.05, 0.6)), lag=every,
        staff={f"group {luck.integers(GROUPS)}": float(luck.uniform(1, 10))},
        less={f"service {s}": base[s] * luck.uniform(0.03, 0.22) for s in some},
    )  # fmt: skip
