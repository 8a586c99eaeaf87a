"""A model as a scenario would make it. Pure.

Changes are put into one order first, so that the order in which they are written never matters;
those that contradict each other are refused. Raises BadConfig with the nearest name and the cure.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from onesystem.twin.network.checks import checked
from onesystem.twin.network.distributions import Fixed
from onesystem.twin.network.model import (
    CLASS,
    Dated,
    Inflow,
    Model,
    Node,
    Poisson,
    Schedule,
    options,
)
from onesystem.twin.network.model import Staffing as Roster
from onesystem.twin.scenarios import changes as of
from onesystem.twin.scenarios.conflicts import Placed, contradict, look, not_closing
from onesystem.twin.scenarios.dated import Span, during, length_of, of_people, span_of
from onesystem.twin.scenarios.long import beyond
from onesystem.twin.scenarios.rates import faster, faster_between
from onesystem.twin.scenarios.routes import SORTED, goes_to, sent, without
from onesystem.twin.scenarios.stays import times as longer
from onesystem.vocabulary import BadConfig

_ORDER = (of.Open, of.Staffing, of.Places, of.Arrivals, of.Stays, of.Patience, of.Send, of.Close)


def applied(model: Model, scenario: of.Scenario) -> Model:
    """The model with every change of the scenario, checked."""
    work, placed = _Work(model, scenario), []
    for n, change in enumerate(scenario.changes):
        at = f"{scenario.name!r}, change {n + 1} ({change.word})"
        look(change, model, work.opened, at)
        placed.append((change, at, span_of(change, model, at)))
    contradict(placed, scenario.name)
    not_closing(placed, model)
    for each in sorted(placed, key=_order):
        work.apply(*each)
    return checked(work.model) if scenario.changes else model


def _order(placed: Placed) -> tuple[int, str]:
    return _ORDER.index(type(placed[0])), repr(placed[0])


class _Work:
    """A model on its way; `parts` says into which inflows one was divided."""

    def __init__(self, model: Model, scenario: of.Scenario) -> None:
        self.model, self.parts = model, {name: [name] for name in model.arrivals}
        self.opened = {c.service for c in scenario.changes if isinstance(c, of.Open)}
        self.at = ""

    def apply(self, change: of.Change, at: str, span: Span) -> None:
        """Make one change."""
        self.at = at
        match change:
            case of.Open():
                self._open(change, span)
            case of.Places():
                self._staffed(change.service, span, lambda each: _places(each, change, self.at))
            case of.Staffing():
                new = Schedule(change.changes, change.every)
                self._staffed(change.service, span, lambda _: new)
            case of.Arrivals():
                self._arrivals(change, span)
            case of.Stays():
                self._stays(change, span)
            case of.Patience():
                self._patience(change, span)
            case of.Send():
                self._send(change, span)
            case of.Close():
                self._close(change, span)

    def _open(self, change: of.Open, span: Span) -> None:
        closed, opened = Schedule(((0.0, 0),)), Schedule(((0.0, change.places),))
        servers = during(closed, span, lambda _: opened)
        self._put(change.service, replace(self.model.nodes[change.like], servers=servers))

    def _staffed(self, name: str, span: Span, change: Callable[[Schedule], Schedule]) -> None:
        def new(roster: Roster) -> Roster:
            changed: Roster = during(roster, span, change)
            return changed

        if name not in self.model.nodes:
            pools = dict(self.model.pools)
            pools[name] = new(pools[name])
            self.model = replace(self.model, pools=pools)
            return
        node = self.model.nodes[name]
        if node.servers is None:
            raise BadConfig(
                f"{self.at}: {name} has as many places as it takes",
                "Nobody waits for a place there, so their number changes nothing.",
            )
        self._put(name, replace(node, servers=new(node.servers)))

    def _stays(self, change: of.Stays, span: Span) -> None:
        over = length_of(change.over, self.model)

        def one(stay: Any) -> Any:
            return longer(stay, change.times) if over is None else beyond(stay, over, change.times)

        def new(stay: Any) -> Any:
            return of_people(stay, change.who, self.model, one)

        for name, node in self.model.nodes.items():
            if name == (change.service or name):
                self._put(name, replace(node, service=during(node.service, span, new)))

    def _patience(self, change: of.Patience, span: Span) -> None:
        node = self.model.nodes[change.service]
        if node.patience is None:
            raise BadConfig(
                f"{self.at}: people wait for {change.service} for ever",
                "The model says nothing of their patience; give the service one first.",
            )

        def new(stay: Any) -> Any:
            return of_people(stay, change.who, self.model, lambda one: longer(one, change.times))

        self._put(change.service, replace(node, patience=during(node.patience, span, new)))

    def _send(self, change: of.Send, span: Span) -> None:
        def new(route: Any) -> Any:
            return of_people(
                route, change.who, self.model,
                lambda one: sent(one, change.share, change.to, change.instead_of),
            )  # fmt: skip

        if change.leaving in self.model.nodes:
            node = self.model.nodes[change.leaving]
            self._put(change.leaving, replace(node, next=during(node.next, span, new)))
            return
        if change.share:
            for name in self.parts[change.leaving]:
                self._sort(name, lambda route: during(route, span, new))

    def _sort(self, name: str, new: Callable[[Any], Any]) -> None:
        """Give an inflow a way in: people are sorted as they come, in no time."""
        inflow = self.model.arrivals[name]
        sorter = f"{name}{SORTED}"
        if inflow.node != sorter:
            if self.model.nodes[inflow.node].waiting_room is not None:
                raise BadConfig(
                    f"{self.at}: who comes with {name} and finds {inflow.node} full leaves at "
                    "once, and could not be sent elsewhere first",
                    f"Give {inflow.node} a waiting room without end, or a service before it.",
                )
            self._put(sorter, Node(service=Fixed(0.0), next=inflow.node))
            self._let(name, replace(inflow, node=sorter))
        node = self.model.nodes[sorter]
        self._put(sorter, replace(node, next=new(node.next)))

    def _arrivals(self, change: of.Arrivals, span: Span) -> None:
        other = [name for name in change.who if name != CLASS]
        if other:
            raise BadConfig(
                f"{self.at}: arrivals cannot be changed by {other[0]}",
                "Name classes, or an inflow.",
            )
        names = [change.inflow] if change.inflow else list(self.parts)
        wanted = change.who.get(CLASS, tuple(self.model.classes))
        parts = [part for name in names for part in self.parts[name]]
        if change.times == 1:
            return
        met = False
        for name in parts:
            inflow = self.model.arrivals[name]
            share = sum(p for kind, p in inflow.classes.items() if kind in wanted)
            if share > 0:
                met = True
                part = name if share > 1 - 1e-9 else self._divided(name, wanted, share)
                self._faster(part, change, span)
        if not met:
            raise BadConfig(
                f"{self.at}: nobody of {', '.join(wanted)} comes with {change.inflow}",
                "Name another class or inflow.",
            )

    def _faster(self, name: str, change: of.Arrivals, span: Span) -> None:
        def new(process: Any) -> Any:
            if change.hours:
                return faster_between(process, change.times, change.hours, self.model)
            return faster(process, change.times)

        inflow = self.model.arrivals[name]
        try:
            self._let(name, replace(inflow, process=during(inflow.process, span, new)))
        except ValueError as error:
            raise self._given(name, str(error)) from None

    def _divided(self, name: str, wanted: Collection[str], share: float) -> str:
        """Divide an inflow by class (parts of a Poisson process are such); the part wanted."""
        inflow = self.model.arrivals[name]
        if not all(isinstance(each, Poisson) for each in options(inflow.process)):
            raise self._given(name, "its arrivals are not at random")
        parts = {True: share, False: 1 - share}
        new = f"{name}: {', '.join(wanted)}"
        for chosen, part in parts.items():
            kinds = {k: p / part for k, p in inflow.classes.items() if (k in wanted) == chosen}
            self._let(new if chosen else name, _thinned(inflow, part, kinds))
        for each in self.parts.values():
            if name in each:
                each.append(new)
        return new

    def _given(self, name: str, why: str) -> BadConfig:
        return BadConfig(
            f"{self.at}: the inflow {name} cannot be multiplied so: {why}",
            "Give it a rate, or rates with `every`, in the model.",
        )

    def _close(self, change: of.Close, span: Span) -> None:
        name, instead = change.service, change.instead
        for kind, path in self.model.pathways.items():
            if name in path:
                raise BadConfig(
                    f"{self.at}: {name} is a step of the pathway of {kind}",
                    "Change the pathway in the model.",
                )
        for other, node in self.model.nodes.items():
            if node.bump_to == name:
                raise BadConfig(
                    f"{self.at}: people of {other} are moved to {name} to make room",
                    "Change `bump_to` of it in the model.",
                )

        def new(route: Any) -> Any:
            return without(route, name, instead)

        for other, node in list(self.model.nodes.items()):
            ways = {
                key: during(getattr(node, key), span, new)
                for key in ("next", "leave_to")
                if goes_to(getattr(node, key), name)
            }
            over = tuple(each for each in node.overflow if each != name)
            self._put(other, replace(node, overflow=over, **ways))
        for inflow, each in list(self.model.arrivals.items()):
            if each.node == name:
                self._sort(inflow, lambda route: during(route, span, new))

    def _put(self, name: str, node: Node) -> None:
        self.model = replace(self.model, nodes={**self.model.nodes, name: node})

    def _let(self, name: str, inflow: Inflow) -> None:
        self.model = replace(self.model, arrivals={**self.model.arrivals, name: inflow})


def _places(schedule: Schedule, change: of.Places, at: str) -> Schedule:
    def new(number: int) -> int:
        if change.to is not None:
            return change.to
        if change.times is not None:
            return int(number * change.times + 0.5)
        if number + (change.more or 0) < 0:
            raise BadConfig(
                f"{at}: {change.service} has {number}, and {-(change.more or 0)} are taken away",
                "Take away fewer, or close the service.",
            )
        return number + (change.more or 0)

    if change.to is not None:
        return Schedule(((0.0, change.to),))
    return replace(schedule, changes=tuple((t, new(number)) for t, number in schedule.changes))


def _thinned(inflow: Inflow, share: float, kinds: dict[str, float]) -> Inflow:
    process = inflow.process
    thin: Any = (
        Dated(tuple((when, faster(each, share)) for when, each in process.changes))
        if isinstance(process, Dated)
        else faster(process, share)
    )
    return replace(inflow, process=thin, classes=kinds)
