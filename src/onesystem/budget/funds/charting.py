"""Plan and actual of a year, month by month added up, with the forecast's interval, as an SVG."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from onesystem.budget.funds import books, presenters
from onesystem.budget.funds.queries import Whole
from onesystem.budget.months import Year

_WIDE, _HIGH, _LEFT, _BASE = 640, 190, 8, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Where lines go, in the units of the picture, and what it says in words."""

    plan: str
    actual: str
    ahead: str
    fan: str
    ticks: list[tuple[float, str]]
    words: str
    top: str


def cumulative(year: Year, month: date, whole: Whole, currency: str) -> Chart | None:
    """The whole system's year so far; None where nothing is planned and nothing spent."""
    plan = _added(books.by_month(books.PLAN, year), year)
    actual = _added(books.by_month(books.ACTUAL, year), year)
    past = [n for n, m in enumerate(year.months) if m <= month]
    forecast = whole.total.forecast
    most = max([*plan, *actual, forecast.high or forecast.amount if forecast else 0])
    if most <= 0:
        return None

    def at(n: int, amount: float) -> str:
        return f"{_x(n):.1f},{_BASE - max(0.0, amount) / most * (_BASE - 12):.1f}"

    so_far = [at(n, actual[n]) for n in past]
    ahead = fan = ""
    if forecast and past and past[-1] < 11:
        last = past[-1]
        ahead = f"{at(last, actual[last])} {at(11, forecast.amount)}"
        if forecast.low is not None and forecast.high is not None:
            fan = f"{at(last, actual[last])} {at(11, forecast.high)} {at(11, forecast.low)}"
    return Chart(
        plan=" ".join(at(n, amount) for n, amount in enumerate(plan)), actual=" ".join(so_far),
        ahead=ahead, fan=fan,
        ticks=[(_x(n), f"{m:%b}") for n, m in enumerate(year.months) if n % 2 == 0 or n == 11],
        words=(
            f"Added up over {year.name}: {presenters.whole(plan[-1], currency)} planned, "
            f"{presenters.whole(actual[past[-1]] if past else 0, currency)} spent to date"
            + (f", {presenters.whole(forecast.amount, currency)} foreseen" if forecast else "")
        ),
        top=presenters.whole(int(most), currency),
    )  # fmt: skip


def _x(n: int) -> float:
    return _LEFT + n * (_WIDE - 2 * _LEFT - 24) / 11


def _added(lines: Mapping[str, Mapping[date, int]], year: Year) -> list[int]:
    made, so_far = [], 0
    for month in year.months:
        so_far += sum(months.get(month, 0) for months in lines.values())
        made.append(so_far)
    return made
