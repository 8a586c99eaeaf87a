"""An agreement as legs of the plan book, month by month, and what changes from one to another.

Each contribution in money is contributed by its partner and budgeted on the line of a scheme, the
risk pool or what is in no scheme yet; each month sums to nothing. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from onesystem.budget.months import Year
from onesystem.budget.pooled.agreement import Agreement
from onesystem.budget.pooled.phasing import phased

RISK_POOL, FREE = "risk-pool", "in-no-scheme"
Key = tuple[str, str, str]  # account, scheme's code, contribution's code


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What changes in a month: amounts by account, scheme and contribution; they sum to nothing."""

    month: date
    amounts: Mapping[Key, int]


def months_of(agreement: Agreement | None) -> dict[date, dict[Key, int]]:
    """The whole plan by month."""
    made: dict[date, dict[Key, int]] = defaultdict(lambda: defaultdict(int))
    if agreement is None:
        return made
    year = Year.of(agreement.year)
    for paid in agreement.contributions:
        if paid.kind != "in-kind":
            for month, amount in phased(paid.amount, paid.phasing, year).items():
                made[month]["contributed", "", paid.code] -= amount
                made[month]["budget", FREE, ""] += amount
    lines = [(s.code, s.amount, s.phasing) for s in agreement.cash_schemes]
    for code, amount, phasing in [*lines, (RISK_POOL, agreement.risk_pool, "end")]:
        if amount:
            for month, part in phased(amount, phasing, year).items():
                made[month]["budget", code, ""] += part
                made[month]["budget", FREE, ""] -= part
    return made


def moves(before: Agreement | None, after: Agreement, closed: Iterable[date]) -> list[Move]:
    """What to post so that the plan is the new one. What would fall in a closed month falls in
    the first open one after it, so that a month that was closed never changes.
    """
    old, new = months_of(before), months_of(after)
    shut = set(closed)
    open_ = [month for month in Year.of(after.year).months if month not in shut]
    found: dict[date, dict[Key, int]] = defaultdict(lambda: defaultdict(int))
    for month in sorted({*old, *new}):
        to = month if month not in shut else next((o for o in open_ if o > month), None)
        to = to or (open_[-1] if open_ else month)  # the ledger says why not, where none is open
        for key in {*old.get(month, {}), *new.get(month, {})}:
            found[to][key] += new.get(month, {}).get(key, 0) - old.get(month, {}).get(key, 0)
    kept = ((month, {k: v for k, v in amounts.items() if v}) for month, amounts in found.items())
    return [Move(month=month, amounts=amounts) for month, amounts in sorted(kept) if amounts]
