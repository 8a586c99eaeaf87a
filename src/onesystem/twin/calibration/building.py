"""The model that a calibration amounts to, for any stretch of time.

Where everybody who goes on from a service waits in it for a place in the next, the next is given no
waiting room and the stay ends when treatment does: the delay is then what the twin works out. That
needs the next to be reached from such services alone, never in a ring, since people who block each
other in a ring never move; elsewhere the delay is part of the stay.
"""

import math
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from onesystem.twin.calibration.arrivals import Profile
from onesystem.twin.calibration.calibrating import Calibration
from onesystem.twin.calibration.fitting import Fit
from onesystem.twin.calibration.log import NONE, WEEK
from onesystem.twin.calibration.present import present
from onesystem.twin.calibration.routing import Ways
from onesystem.twin.calibration.stays import Fitted
from onesystem.twin.network.loads import loads
from onesystem.twin.network.model import (
    CLASS,
    OUT,
    Attribute,
    By,
    Chances,
    Dated,
    Inflow,
    Model,
    Node,
    Poisson,
    Process,
    Route,
    Schedule,
    Stay,
)

_RARE = 0.002  # of those who leave, and of those who come there: fewer are not followed
_RARE_THERE = 0.01
_OUTSIDE = 0.05  # the most from outside, who would be lost where there is no waiting room
_DELAY = 0.5  # hours; a shorter mean delay is not worth a block
_WORKED = 0.99
_MONTH = 4 * WEEK  # how often the level of arrivals is renewed


def model_of(
    made: Calibration,
    *,
    start: float,
    horizon: float,
    replications: int = 20,
    seed: int = 1,
) -> tuple[Model, dict[str, str]]:
    """The model from a midnight of the log on, with who is there then, and what had to be let go.

    The second says of services why their capacity is no limit in it.
    """
    builder = _Builder(made, start, horizon)
    model = builder.model(replications, seed)
    let_go = {
        name: f"the work that comes is {load:.0%} of what the places can do: run without a limit"
        for name, load in loads(model).items()
        if load >= _WORKED
    }
    if let_go:
        builder.unlimited |= set(let_go)
        model = builder.model(replications, seed)
    return model, let_go


class _Builder:
    def __init__(self, made: Calibration, start: float, horizon: float) -> None:
        self.made, self.start, self.horizon = made, start, horizon
        self.fits = {name: each for name, each in made.services.items() if each.stay is not None}
        self.unlimited: set[str] = set()

    def model(self, replications: int, seed: int) -> Model:
        log = self.made.log
        blocking = self._blocking()
        nodes = {name: self._node(each, blocking) for name, each in self.fits.items()}
        return Model(
            name=self.made.name,
            unit="hour",
            starts=log.moment(self.start).replace(tzinfo=ZoneInfo(self.made.zone)),
            horizon=self.horizon,
            replications=replications,
            seed=seed,
            classes=dict.fromkeys(log.classes, 0),
            attributes={name: self._attribute(name) for name in log.traits},
            nodes=nodes,
            arrivals={
                name: self._inflow(each, each.arrivals)
                for name, each in self.fits.items()
                if each.arrivals is not None and each.outside
            },
            inside=tuple(each for each, _ in present(log, self.start, nodes)),
        )

    def _node(self, each: Fit, blocking: set[str]) -> Node:
        ends = each.treatment is not None and self._waits_inside(each, blocking)
        stay = each.treatment if ends else each.stay
        by = each.treatment_by if ends else each.stay_by
        servers = self._servers(each)
        return Node(
            service=self._stay(stay, by),
            servers=servers,
            next=self._route(each),
            waiting_room=0 if each.name in blocking else None,
            patience=each.patience.distribution if servers and each.patience else None,
            place=each.place,
            setting=each.kind,
        )

    def _stay(self, stay: Any, by: Mapping[int, Fitted]) -> Stay:
        if not by:
            return stay.distribution  # type: ignore[no-any-return]
        classes = self.made.log.classes
        return By(
            CLASS,
            {classes[n]: each.distribution for n, each in by.items()},
            stay.distribution,
        )

    def _servers(self, each: Fit) -> Schedule | None:
        if each.name in self.unlimited:
            return None
        if each.limit.number is not None:
            return Schedule(((0.0, each.limit.number),))
        if each.limit.stated is None:
            return None
        return schedule(each.limit.stated, self.start, self.horizon)

    def _limited(self, name: str) -> bool:
        limit = self.fits[name].limit
        limited = limit.number is not None or limit.stated is not None
        return limited and name not in self.unlimited

    def _route(self, each: Fit) -> Route:
        ways = each.ways
        if not len(ways.targets):
            return OUT
        if not ways.differ:
            return self._shares(ways, ways.all)
        classes = self.made.log.classes
        return By(
            CLASS,
            {classes[n]: self._shares(ways, row) for n, row in enumerate(ways.by)},
            self._shares(ways, ways.all),
        )

    def _shares(self, ways: Ways, shares: Any) -> Route:
        kept = {to: float(shares[n]) for n, to in self._onto(ways).items() if shares[n] > 0}
        if not kept:
            return OUT
        rest = max(1.0 - sum(kept.values()), 0.0)
        return Chances((*kept.items(), (OUT, rest)))

    def _onto(self, ways: Ways) -> dict[int, str]:
        """The ways on that are worth keeping: of some weight here, or there."""
        names = self.made.log.services
        found = {}
        for n, to in enumerate(ways.targets):
            if to != NONE and (next_ := self.fits.get(names[to])):
                count = ways.counts[:, n].sum()
                if count >= 3 and (ways.all[n] >= _RARE or count >= _RARE_THERE * next_.events):
                    found[n] = names[to]
        return found

    def _inflow(self, each: Fit, profile: Profile) -> Inflow:
        week = np.maximum(profile.rates, 0.0)
        week = np.round(np.roll(week, -(int(self.start) % WEEK)), 6)
        process: Process | Dated[Process] = Poisson(tuple(week.tolist()), float(WEEK))
        if np.any(profile.terms):
            dates = np.arange(0, max(self.horizon, 1), _MONTH)
            levels = profile.level((self.start + dates + _MONTH / 2) / 24)
            process = Dated(tuple(
                (float(at), Poisson(tuple(np.round(week * level, 6).tolist()), float(WEEK)))
                for at, level in zip(dates, levels, strict=True)
            ))  # fmt: skip
        classes = dict(zip(self.made.log.classes, each.classes.tolist(), strict=True))
        traits = {name: self._levels(name, each) for name, each in each.traits.items()}
        return Inflow(node=each.name, process=process, classes=classes, attributes=traits)

    def _attribute(self, name: str) -> Attribute:
        return Attribute(self.made.log.levels[name], self._levels(name, self.made.traits[name]))

    def _levels(self, name: str, shares: Any) -> By[Mapping[str, float]]:
        """Shares of a trait by class, in the model's words; they sum to one in the last place."""
        log, found = self.made.log, {}
        for kind, row in zip(log.classes, np.round(shares, 4).tolist(), strict=True):
            first, *others = log.levels[name]
            rest = dict(zip(others, row[1:], strict=True))
            found[kind] = {first: round(1 - sum(rest.values()), 4)} | rest
        return By(CLASS, found)

    def _waits_inside(self, each: Fit, blocking: set[str]) -> bool:
        """Whether the delay of a service is mostly that of people who go on to where it blocks."""
        if each.delayed < _DELAY or each.delay_onward < 0.5:
            return False
        share = {to: float(each.ways.all[n]) for n, to in self._onto(each.ways).items()}
        total = sum(share.values())
        return total > 0 and sum(s for name, s in share.items() if name in blocking) > total / 2

    def _blocking(self) -> set[str]:
        """Services that people wait for in the one before, in no ring and seldom from outside."""
        onto: dict[str, set[str]] = {
            name: set(self._onto(each.ways).values()) for name, each in self.fits.items()
        }
        found = set()
        for name, each in self.fits.items():
            before = [other for other, ways in onto.items() if name in ways]
            if (
                before
                and self._limited(name)
                and each.outside <= _OUTSIDE * each.events
                and any(self.fits[other].delayed >= _DELAY for other in before)
                and name not in _reached(onto, name)
            ):
                found.add(name)
        return found


def _reached(onto: Mapping[str, set[str]], name: str) -> set[str]:
    """Everything that can be reached from a service, itself only if there is a way back."""
    found: set[str] = set()
    ahead = list(onto[name])
    while ahead:
        each = ahead.pop()
        if each not in found:
            found.add(each)
            ahead += onto[each]
    return found


def schedule(places: Any, start: float, horizon: float) -> Schedule | None:
    """Places as a schedule: of one week where every week is alike, else change by change."""
    hours = start + np.arange(max(math.ceil(horizon), WEEK))
    numbers = np.asarray(places(hours + 0.5)).astype(np.int64)
    if numbers.max() == 0:
        return None
    again = None
    if len(numbers) >= 2 * WEEK and np.array_equal(numbers[WEEK:], numbers[:-WEEK]):
        numbers, again = numbers[:WEEK], float(WEEK)
    at = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
    changes = tuple((float(n), int(numbers[n])) for n in at)
    return Schedule(changes, again if len(changes) > 1 else None)
