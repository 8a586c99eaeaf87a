"""A model in which people live: who comes is somebody who lives there, and goes home again. Pure.

Beside the inflows of a calibrated model, people are new each time. Here each person has a life: at
home until the next need, by age and by what happened to them; then to the service, on from there,
and home. They grow older, die, are born and move. So what somebody missed can lead to what comes
later: who missed a follow-up needs some services more often until they are next seen.

Needs are a Poisson process of each person: candidates at the highest rate of the week and the
season, of which the clock takes as many as come at that hour (thinning; Lewis and Shedler, 1979,
doi:10.1002/nav.3800260304). Ageing is by chance, at the rate at which people of a class grow out
of it, so the ages within a class are not told apart.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from onesystem.twin.network.checks import checked
from onesystem.twin.network.distributions import Exponential, Fixed
from onesystem.twin.network.model import (
    CLASS,
    LIVED_IN,
    OUT,
    UNITS,
    Attribute,
    By,
    Chances,
    Clock,
    Closed,
    Dated,
    Inflow,
    Model,
    Node,
    Poisson,
    Route,
    Stay,
    options,
)
from onesystem.twin.people.growing import ages_of
from onesystem.twin.people.passing import Passing
from onesystem.twin.scenarios.rates import faster
from onesystem.twin.scenarios.routes import sent
from onesystem.vocabulary import BadConfig, nearest

HOME, MISSED, FOLLOW_UP = "at home", "missed a follow-up", "follow-up"
KEPT_IT, MISSED_IT = "kept", "missed"
_YEAR = 365.25 * 86_400


@dataclass(frozen=True)
class FollowUp:
    """Which share of people miss a service to which they come, and what is needed more after it.

    `then` are factors of the need of services, from when somebody missed one until they are seen.
    """

    missed: Mapping[str, float] = field(default_factory=dict)
    then: Mapping[str, float] = field(default_factory=dict)


def lives(model: Model, passing: Mapping[str, Passing], born: float, after: FollowUp) -> Model:
    """The model with people who live there; `born` are births of a year. Raises BadConfig."""
    _known(model, after)
    return checked(_Builder(model, passing, born, after).model())


def _known(model: Model, after: FollowUp) -> None:
    if not any(model.living.values()):
        raise BadConfig(
            "the model does not say how many people live there",
            'Give "living": {"CLASS": people}, or calibrate it from a district.',
        )
    for name in (*after.missed, *after.then):
        if name not in model.nodes:
            raise BadConfig(f"there is no service {name!r}", nearest(name, model.nodes))
    for name, share in after.missed.items():
        if not 0 <= share < 1:
            raise BadConfig(f"{share:g} of people miss {name}", "A share is from 0 to below 1.")
    for name, factor in after.then.items():
        if factor < 1:
            raise BadConfig(
                f"{name} is needed {factor:g} times as often", "A factor here is 1 or more."
            )


class _Builder:
    def __init__(
        self, model: Model, passing: Mapping[str, Passing], born: float, after: FollowUp
    ) -> None:
        self.base, self.passing, self.born, self.after = model, passing, born, after
        self.year = _YEAR / UNITS[model.unit]
        self.here = [kind for kind in model.classes if model.living.get(kind)]
        self.needs = {n: each for n, each in model.arrivals.items() if self._of_people(n, each)}

    def _of_people(self, name: str, inflow: Inflow) -> bool:
        processes = list(options(inflow.process))
        if not any(inflow.classes.get(kind) for kind in self.here):
            return False
        if inflow.batch or not all(isinstance(p, Poisson) and p.every for p in processes):
            raise BadConfig(
                f"arrivals.{name}: its people do not come one by one at rates that come again",
                'Give it "rates" with "every", or classes of people who do not live there.',
            )
        return True

    def model(self) -> Model:
        """The whole."""
        base = self.base
        levels = {KEPT_IT: 1.0, MISSED_IT: 0.0}
        nodes = {name: self._node(name, node) for name, node in base.nodes.items()}
        nodes[HOME] = self._home()
        if self.after.missed:
            missed = {FOLLOW_UP: {KEPT_IT: {MISSED_IT: 1.0}}}
            nodes[MISSED] = Node(service=Fixed(0.0), next=HOME, becomes=missed)
        return replace(
            base, nodes=nodes, arrivals=dict(self._arrivals()),
            attributes={
                **base.attributes, FOLLOW_UP: Attribute((KEPT_IT, MISSED_IT), levels)
            },
        )  # fmt: skip

    def _node(self, name: str, node: Node) -> Node:
        new = replace(node, next=self._homeward(node.next), leave_to=self._homeward(node.leave_to))
        if name in self.after.missed:
            seen = {MISSED_IT: {KEPT_IT: 1.0}}
            new = replace(new, becomes={**node.becomes, FOLLOW_UP: seen})
            if node.patience is not None:
                new = replace(new, leave_to=MISSED)
        return new

    def _homeward(self, route: Route) -> Route:
        """Who lives there goes home instead of out, and some miss what they were sent to."""
        home = sent(route, 1.0, HOME, OUT)
        for name, share in self.after.missed.items():
            home = sent(home, share, MISSED, name)
        strangers = [kind for kind in self.base.classes if kind not in self.here]
        return By(CLASS, dict.fromkeys(strangers, route), home) if strangers else home

    def _home(self) -> Node:
        stays: dict[str, Stay] = {kind: By(FOLLOW_UP, {
            level: Exponential(1 / self._rate(kind, level)) for level in (KEPT_IT, MISSED_IT)
        }) for kind in self.here}  # fmt: skip
        ways = {kind: By(FOLLOW_UP, {
            level: self._ways(kind, level) for level in (KEPT_IT, MISSED_IT)
        }) for kind in self.here}  # fmt: skip
        return Node(
            service=By(CLASS, stays, Exponential(1.0)), next=By(CLASS, ways, OUT),
            becomes={CLASS: dict(self._growing())}, setting=LIVED_IN,
        )  # fmt: skip

    def _growing(self) -> Iterator[tuple[str, dict[str, float]]]:
        older = sorted(self.here, key=lambda kind: ages_of(kind) or (0, 0))
        for kind, following in pairwise(older):
            rate = self.passing.get(kind, Passing()).grows / self.year
            share = rate / self._rate(kind, KEPT_IT)
            if share > 0:
                yield kind, {following: share, kind: 1 - share}

    def _need(self, name: str, kind: str, level: str) -> float:
        """Candidates a unit of time of one person for an inflow."""
        inflow = self.needs[name]
        factor = self.after.then.get(inflow.node, 1.0) if level == MISSED_IT else 1.0
        share = inflow.classes.get(kind, 0.0)
        return factor * _highest(inflow.process) * share / self.base.living[kind]

    def _leaving(self, kind: str) -> float:
        passing = self.passing.get(kind, Passing())
        return (passing.dies + max(-passing.moves, 0.0)) / self.year

    def _rate(self, kind: str, level: str) -> float:
        needs = sum(self._need(name, kind, level) for name in self.needs)
        return max(needs + self._leaving(kind), 1 / self.year)

    def _ways(self, kind: str, level: str) -> Route:
        whole = self._rate(kind, level)
        shares: list[tuple[Route, float]] = []
        for name, inflow in self.needs.items():
            if need := self._need(name, kind, level):
                shares.append((self._at_its_hours(inflow), need / whole))
        shares.append((OUT, self._leaving(kind) / whole))
        rest = 1 - sum(share for _, share in shares)
        return Chances((*shares, (HOME, max(rest, 0.0))))

    def _at_its_hours(self, inflow: Inflow) -> Route:
        """To the service with the chance of the hour and of the season, else home again."""
        top = _highest(inflow.process)
        to: Route = inflow.node
        if missed := self.after.missed.get(inflow.node):
            to = Chances(((MISSED, missed), (inflow.node, 1 - missed)))

        def clock(process: Any) -> Route:
            chances = tuple(round(rate / top, 6) for rate in process.rates)
            return Clock(chances, process.every, to, HOME)

        if isinstance(inflow.process, Dated):
            return Dated(tuple((when, clock(each)) for when, each in inflow.process.changes))
        return clock(inflow.process)

    def _arrivals(self) -> Iterator[tuple[str, Inflow]]:
        """Who is there at the start, who is born and moves in, and strangers as before."""
        base = self.base
        for kind in self.here:
            there = sum(p.count for p in base.inside if p.kind == kind)
            people = Closed(max(round(base.living[kind]) - there, 0))
            yield f"{kind}, here", Inflow(node=HOME, process=people, classes={kind: 1.0})
            moves = self.passing.get(kind, Passing()).moves * base.living[kind] / self.year
            if moves > 0:
                come = Poisson((moves,), 1.0)
                yield f"{kind}, moved here", Inflow(node=HOME, process=come, classes={kind: 1.0})
        if self.born > 0 and self.here:
            youngest = min(self.here, key=lambda kind: ages_of(kind) or (0, 0))
            born = Poisson((self.born / self.year,), 1.0)
            yield "born", Inflow(node=HOME, process=born, classes={youngest: 1.0})
        for name, inflow in base.arrivals.items():
            strangers = {k: p for k, p in inflow.classes.items() if k not in self.here and p}
            share = sum(strangers.values())
            if share and name in self.needs:
                classes = {kind: p / share for kind, p in strangers.items()}
                yield name, replace(inflow, process=_less(inflow.process, share), classes=classes)
            elif share:
                yield name, inflow


def _highest(process: Any) -> float:
    """The highest rate of an inflow, over its cycle and its dates."""
    highest: float = max(max(each.rates) for each in options(process))
    return highest


def _less(process: Any, share: float) -> Any:
    """A part of an inflow."""
    if isinstance(process, Dated):
        return Dated(tuple((when, faster(each, share)) for when, each in process.changes))
    return faster(process, share)
