"""Charges with their traced lines on one core: one by one, and many at once as columns.

One by one is the exact path that pages, letters and the command line go: a case in, who pays what
and every line of why out. Many at once is the same means test over columns of whole pence, each
line a column; a sample of its rows is held equal to the exact path in the same run.
"""

import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from onesystem.bench.shape import Row, register

WANTED = 100_000
_DAY = date(2026, 5, 1)
_SAMPLE = 500
_ROUNDS = 5


@register("charge", "charges for care with their traced lines, one by one and many at once")
def run(*, full: bool) -> Iterable[Row]:
    """20,000 one by one and 200,000 at once; `full` ten times as many."""
    from onesystem.budget.entitlement import bulk
    from onesystem.budget.entitlement.england import charge
    from onesystem.budget.entitlement.rates import england

    rates, times = england(), 10 if full else 1
    people = bulk.made_up(20_000 * times, _DAY)
    cases = [bulk.case_at(people, row) for row in range(len(people))]
    lines = sum(len(charge(each, rates).lines) for each in cases) / len(cases)
    spent = _least(lambda: _each(cases, rates))
    yield Row(
        name=f"exact path, one by one, {lines:.1f} lines each with rule, words, source, amount",
        value=round(len(cases) / spent), unit="charges a CPU second", target=WANTED,
        peer="a Decimal function without lines, as measured before", peer_value=610_000,
    )  # fmt: skip
    many = bulk.made_up(200_000 * times, _DAY)
    columns = bulk.charges(many, rates)
    spent = _least(lambda: bulk.charges(many, rates))
    yield Row(
        name=f"the same rules over columns, {len(columns)} columns of lines and sums, no words",
        value=round(len(many) / spent), unit="charges a CPU second", target=WANTED,
    )  # fmt: skip
    step = max(1, len(many) // _SAMPLE)
    apart = sum(
        (each.pays, each.council, each.nhs)
        != tuple(int(columns[key][row]) for key in ("pays", "council", "nhs"))
        for row in range(0, len(many), step)
        for each in [charge(bulk.case_at(many, row), rates)]
    )
    yield Row(name=f"of {_SAMPLE} rows, those where the two differ", value=apart, unit="rows",
              target=0, lower_is_better=True)  # fmt: skip


def _each(cases: Iterable[Any], rates: Any) -> None:
    """Each charge with its lines, let go before the next, as a page or a file takes them."""
    from onesystem.budget.entitlement.england import charge

    for each in cases:
        charge(each, rates)


def _least(work: Callable[[], object]) -> float:
    """The CPU seconds of the best of some rounds."""
    found = []
    for _ in range(_ROUNDS):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)
