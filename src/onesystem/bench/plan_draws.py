"""A plan of money in a thousand draws: rows for `onesystem bench plan`.

The peer is plain numpy: the same luck and the same sums over whole (draws, years, services) arrays.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from onesystem.bench.shape import Row, cpu_seconds

if TYPE_CHECKING:
    from onesystem.plan.money.drawing import Services, Unsure

DRAWS, SERVICES, YEARS = 1_000, 200, 20


def rows(*, full: bool) -> Iterable[Row]:
    """The stated size; `full` takes ten times the draws."""
    from onesystem.plan.money.drawing import Unsure, draw

    draws = DRAWS * (10 if full else 1)
    services, unsure = _services(), Unsure()
    draw(services, draws=10)
    started = cpu_seconds()
    made = draw(services, draws=draws, unsure=unsure)
    spent = cpu_seconds() - started
    started = cpu_seconds()
    theirs = _plain(services, draws, unsure)
    plain = cpu_seconds() - started
    yield Row(
        name=f"{draws:,} draws of {SERVICES} services over {YEARS} years",
        value=round(spent, 3), unit="CPU s", target=None if full else 0.5,
        peer="plain numpy", peer_value=round(plain, 3), lower_is_better=True,
    )  # fmt: skip
    ours = made.sum(axis=2)[:, -1]
    yield Row(
        name="mean of the last year, apart from plain numpy's",
        value=round(abs(float(ours.mean() / theirs.mean()) - 1) * 100, 3), unit="%",
        target=2, lower_is_better=True,
    )  # fmt: skip


def _services() -> "Services":
    from onesystem.plan.money.drawing import Services

    luck = np.random.default_rng(8)
    return Services(
        base=luck.uniform(1e8, 1e10, SERVICES), pay_share=luck.uniform(0.3, 0.8, SERVICES),
        keeps=np.zeros(SERVICES), demand=np.full((SERVICES, YEARS), 0.02),
        efficiency=np.full((SERVICES, YEARS), 0.01), pay=np.full(YEARS, 0.03),
        price=np.full(YEARS, 0.02), groups=luck.integers(0, 6, SERVICES),
    )  # fmt: skip


def _plain(services: "Services", draws: int, unsure: "Unsure") -> np.ndarray:
    """The total of each draw's last year, as one would write it down first."""
    luck = np.random.default_rng(9)
    held = luck.normal(0, unsure.demand, (draws, 1, SERVICES))
    each = luck.normal(0, unsure.demand_each_year, (draws, YEARS, SERVICES))
    pay = services.pay[None, :, None] + luck.normal(0, unsure.pay, (draws, YEARS, 1))
    price = services.price[None, :, None] + luck.normal(0, unsure.price, (draws, YEARS, 1))
    true = luck.uniform(*unsure.delivered, (draws, 1, 1))
    growth = (1 + services.demand.T[None] + held + each) * (
        1 + pay * services.pay_share + price * (1 - services.pay_share)
    ) * (1 - true * services.efficiency.T[None])  # fmt: skip
    total: np.ndarray = (services.base * np.cumprod(growth, axis=1)).sum(axis=2)[:, -1]
    return total
