"""What a year will come to: by the run-rate of its months, and by the twin's volumes.

Both say how sure they are: an interval that eight years in ten would fall into, if what is ahead
varies as what has been. Amounts are minor units; rounding is to the nearest, at the very end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

RUN_RATE, TWIN = "run-rate", "twin"
SURE = "80 %"
# Student's t, two-sided 80 %, by degrees of freedom; beyond the table it is that of the normal.
_T = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363)
_NORMAL = 1.282


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a year will come to. Without `low` and `high` too little is known to say how sure."""

    amount: int
    low: int | None
    high: int | None
    method: str
    words: str


def run_rate(months: Sequence[int], ahead: int) -> Forecast | None:
    """What was spent in whole months, and as much a month for those `ahead`; None for no month.

    The interval is that of a sum of new months drawn from the same spread: each varies by itself,
    and the mean that was seen may be off for all of them.
    """
    if not months:
        return None
    spent, mean = sum(months), fmean(months)
    amount = round(spent + mean * ahead)
    n = len(months)
    words = f"{n} month{'s' * (n > 1)} so far, and their average for the {ahead} ahead"
    if ahead == 0:
        return Forecast(amount, amount, amount, RUN_RATE, "all months are in")
    if n == 1:
        return Forecast(amount, None, None, RUN_RATE, words)
    t = _T[n - 2] if n - 2 < len(_T) else _NORMAL
    wide = t * stdev(months) * (ahead + ahead * ahead / n) ** 0.5
    return Forecast(amount, round(amount - wide), round(amount + wide), RUN_RATE, words)


def by_twin(spent: int, a_day: Sequence[float], ahead: int, over: float) -> Forecast | None:
    """What was spent, and for each day `ahead` what a day costs in runs of the twin.

    `a_day` has one figure a run, each the average of `over` days: fewer days vary more.
    """
    if not a_day:
        return None
    mean = fmean(a_day)
    amount = round(spent + mean * ahead)
    runs = len(a_day)
    words = f"spent so far, and {ahead} days of what {runs} runs of the twin come to"
    if ahead == 0:
        return Forecast(amount, amount, amount, TWIN, "all days are in")
    if runs == 1:
        return Forecast(amount, None, None, TWIN, words)
    t = _T[runs - 2] if runs - 2 < len(_T) else _NORMAL
    # A run tells how the average of its days varies, the truth how that of the days ahead does.
    wide = t * stdev(a_day) * ahead * (over / ahead + 1 / runs) ** 0.5
    return Forecast(amount, round(amount - wide), round(amount + wide), TWIN, words)


def added(parts: Sequence[Forecast]) -> Forecast | None:
    """Forecasts of parts that vary apart, as one of the whole; None for no part."""
    if not parts:
        return None
    amount = sum(each.amount for each in parts)
    methods = sorted({each.method for each in parts})
    words = parts[0].words if len({p.words for p in parts}) == 1 else f"the sum of {len(parts)}"
    if any(each.low is None or each.high is None for each in parts):
        return Forecast(amount, None, None, " and ".join(methods), words)
    wide = sum(((each.high or 0) - (each.low or 0)) ** 2 for each in parts) ** 0.5 / 2
    return Forecast(
        amount, round(amount - wide), round(amount + wide), " and ".join(methods), words
    )
