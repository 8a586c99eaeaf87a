"""Forecasts of lines: by run-rate of the months that are in, and by what the twin foresees.

The twin's is for lines of services that the district's model knows: people taken in a day in each
run, times what a contact with the service has cost. Where there is no model, or it was not run, or
nobody knows what a contact costs, the run-rate stands, and the page says which it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from onesystem.budget.funds.forecasting import Forecast, by_twin, run_rate
from onesystem.budget.funds.shape import Line
from onesystem.budget.funds.year import Year, days_in
from onesystem.district import current
from onesystem.vocabulary import UserError


@dataclass(frozen=True, slots=True)
class Volumes:
    """People whom the model's services took in a day, one figure a run of `days` each."""

    a_day: Mapping[str, Sequence[float]]
    days: float
    why_not: str = ""


def run_rates(
    actual: Mapping[str, Mapping[date, int]], year: Year, month: date
) -> dict[str, Forecast]:
    """Each line's forecast by the average of its months to date."""
    past = [each for each in year.months if each <= month]
    ahead = 12 - len(past)
    made = {}
    for code, months in actual.items():
        if found := run_rate([months.get(each, 0) for each in past], ahead):
            made[code] = found
    return made


def twin_based(
    lines: Sequence[Line],
    actual: Mapping[str, Mapping[date, int]],
    year: Year,
    month: date,
    unit: Callable[[str], Fraction | None],
    volumes: Volumes,
) -> dict[str, Forecast]:
    """Each line's forecast by what the twin takes in, for the lines of services that it knows."""
    ahead = sum(days_in(each) for each in year.months if each > month)
    made = {}
    for line in lines:
        a_day = _a_day(line, unit, volumes)
        spent = sum(n for m, n in actual.get(line.code, {}).items() if m <= month)
        if a_day and (found := by_twin(spent, a_day, ahead, volumes.days)):
            made[line.code] = found
    return made


def _a_day(line: Line, unit: Callable[[str], Fraction | None], volumes: Volumes) -> list[float]:
    """What the services of a line cost a day, one figure a run; none where one is not known."""
    services = services_of(line)
    runs: list[float] = []
    for service in services:
        seen, price = volumes.a_day.get(service), unit(service)
        if not seen or price is None:
            continue
        costs = [each * float(price) for each in seen]
        runs = [a + b for a, b in zip(runs, costs, strict=True)] if runs else costs
    return runs


def services_of(line: Line) -> list[str]:
    """The services that a line pays for: its own, else those of its setting and organisation."""
    if line.service:
        return [line.service]
    if not line.setting:
        return []
    return [
        code
        for code, service in current().services.items()
        if service.setting == line.setting and line.organisation == service.organisation
    ]


def volumes() -> Volumes:
    """What the district's model came to when it was last run as it is."""
    from onesystem.twin.working import came

    try:
        summary = came()
    except UserError as error:
        return Volumes({}, 1.0, str(error))
    if summary is None:
        return Volumes({}, 1.0, "The twin of this district was not run yet: open “What if” once.")
    a_day = {
        where: [float(n or 0) / summary.days for n in values]
        for (what, where, kind), values in summary.values.items()
        if what == "taken in" and kind == "all"
    }
    return Volumes(a_day, summary.days)
