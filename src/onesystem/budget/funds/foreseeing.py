"""Forecasts of lines: by run-rate of the months that are in, and by what the twin foresees.

The twin's is for lines of services that the district's model knows: people taken in a day in each
run, times what a contact with the service has cost. Where there is no model, or it was not run, or
nobody knows what a contact costs, the run-rate stands, and the page says which it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onesystem.budget.funds.costed import Costs
from onesystem.budget.funds.forecasting import Forecast, by_twin, run_rate
from onesystem.budget.funds.shape import Line
from onesystem.budget.months import Year, days_in
from onesystem.district import current
from onesystem.vocabulary import UserError

_ENOUGH = 20  # contacts that have to begin in half a year before their mean cost says anything


@dataclass(frozen=True, slots=True)
class Volumes:
    """People whom the model took in a day, one figure a run of `days` each.

    `alone` is by service; `others` by setting, of the services that are one node together.
    """

    alone: Mapping[str, Sequence[float]]
    others: Mapping[str, Sequence[float]]
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
    costs: Costs,
    volumes: Volumes,
) -> dict[str, Forecast]:
    """Each line's forecast by what the twin takes in, for the lines of services that it knows."""
    ahead = sum(days_in(each) for each in year.months if each > month)
    made = {}
    for line in lines:
        a_day = daily(services_of(line), costs, volumes)
        spent = sum(n for m, n in actual.get(line.code, {}).items() if m <= month)
        if a_day and (found := by_twin(spent, a_day, ahead, volumes.days)):
            made[line.code] = found
    return made


def daily(services: Sequence[str], costs: Costs, volumes: Volumes) -> list[float]:
    """What some services cost a day, one figure a run; none where the model knows none of them.

    A service that is a node of its own costs what its contacts do; one that the model has with
    others, its part of what those do. What the model left out goes on as it was.
    """
    settings = {code: str(each.setting) for code, each in current().services.items()}
    runs: list[float] = []
    flat = 0.0
    for service in services:
        minor, many = costs.sums.get(service, (0, 0))
        if seen := volumes.alone.get(service) if many >= _ENOUGH else None:
            part = [n * minor / many for n in seen]
        elif minor and (group := volumes.others.get(settings.get(service, ""))):
            # Of all who come to the node at the mean cost, as much as was this service's cost.
            contacts = sum(
                costs.sums.get(code, (0, 0))[1]
                for code, setting in settings.items()
                if setting == settings[service] and code not in volumes.alone
            )
            part = [n * minor / contacts for n in group] if contacts >= _ENOUGH else []
        else:
            part = []
        if not part:
            flat += minor / costs.days
        else:
            runs = [a + b for a, b in zip(runs, part, strict=True)] if runs else part
    return [each + flat for each in runs]


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
    from onesystem.twin.standing import standing
    from onesystem.twin.working import came

    try:
        summary = came()
    except UserError as error:
        return Volumes({}, {}, 1.0, str(error))
    if summary is None:
        return Volumes({}, {}, 1.0, "The twin of this district was not run yet: open Twin once.")
    nodes = standing(current().path).model.nodes
    codes = {each.name: code for code, each in current().services.items()}
    alone: dict[str, list[float]] = {}
    others: dict[str, list[float]] = {}
    for (what, where, kind), values in summary.values.items():
        if what != "taken in" or kind != "all" or where not in nodes:
            continue
        a_day = [float(n or 0) / summary.days for n in values]
        if where in codes:
            alone[codes[where]] = a_day
        else:
            setting = str(nodes[where].setting)
            more = others.get(setting)
            others[setting] = [a + b for a, b in zip(more, a_day, strict=True)] if more else a_day
    return Volumes(alone, others, summary.days)
