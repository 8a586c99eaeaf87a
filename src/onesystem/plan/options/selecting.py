"""Which services, inflows and people of a model are meant by an option's selectors. Pure.

A selector is `{setting = "ward"}`, `{name = "theatre"}`, with `pick = "busiest"` for one of them;
a list of selectors means the first of which there is anything. A text is a name as it is.
"""

from collections.abc import Mapping
from typing import Any

from onesystem.twin.network.loads import loads, mean_stay
from onesystem.twin.network.model import Inflow, Model, Node, Poisson, Schedule, options
from onesystem.twin.people.growing import ages_of

_HOURS = {24.0: 24, 168.0: 168}
_FROM = {"old": 75, "adults": 18}


def services(model: Model, said: Any) -> list[str]:
    """The services of a model that a selector means; empty where there are none."""
    if isinstance(said, str):
        return [said] if said in model.nodes else []
    if isinstance(said, list):
        return next((found for each in said if (found := services(model, each))), [])
    found = [name for name, node in model.nodes.items() if _fits(name, node, said)]
    if said.get("pick") == "busiest" and found:
        load = loads(model)
        return [max(found, key=lambda name: load.get(name, 0.0))]
    return found


def _fits(name: str, node: Node, said: Mapping[str, Any]) -> bool:
    return (
        said.get("setting", node.setting) == node.setting
        and str(said.get("name", "")).casefold() in name.casefold()
    )


def inflows(model: Model, said: Any) -> list[str]:
    """The inflows into the services that a selector means."""
    wanted = set(services(model, said))
    return [name for name, each in model.arrivals.items() if each.node in wanted]


def ages(model: Model, said: str) -> list[str]:
    """The classes of people from an age on; empty where all are meant, or no age is known."""
    if not said:
        return []
    known = {kind: between for kind in model.classes if (between := ages_of(kind))}
    found = [kind for kind, (first, _) in known.items() if first >= _FROM[said]]
    return [] if len(found) == len(model.classes) else found


def rate(model: Model, inflow: str, hours: tuple[float, float] | None = None) -> float:
    """People a unit of time who come with an inflow, on average, between hours of the day."""
    each: Inflow = model.arrivals[inflow]
    size = 1.0 if each.batch is None else each.batch.mean
    rates = [_between(p, hours) for p in options(each.process) if isinstance(p, Poisson)]
    return size * sum(rates) / len(rates) if rates else 0.0


def _between(process: Poisson, hours: tuple[float, float] | None) -> float:
    rates = process.rates
    if hours is None or len(rates) % 24:
        return sum(rates) / len(rates)
    first, last = hours
    inside = [
        each for n, each in enumerate(rates)
        if (first <= n % 24 < last if first < last else n % 24 >= first or n % 24 < last)
    ]  # fmt: skip
    return sum(inside) / len(rates)


def hours_of_stay(model: Model, service: str) -> float:
    """The mean stay at a service over all classes, in the model's unit."""
    stays = [mean_stay(model, model.nodes[service].service, kind) for kind in model.classes]
    return sum(stays) / len(stays)


def most(model: Model, service: str) -> int:
    """The most places that a service has at any time; 0 where it has as many as it takes."""
    there = model.nodes[service].servers
    if there is None:
        return 0
    found = [there] if isinstance(there, Schedule) else [s for _, s in there.changes]
    return max((int(each.most) for each in found), default=0)
