"""The district as it is at a moment, read for a forecast: who is where, how many places there are.

Times are the hours of a log (local, from a Monday), as everywhere in the twin: on the two nights a
year on which clocks change, an hour of a forecast is out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from onesystem import district
from onesystem.district.shape import District as Described
from onesystem.flow.boards.config import config
from onesystem.flow.boards.gridlock import BEDS
from onesystem.twin.calibration import capacity, stays
from onesystem.twin.calibration import district as reading
from onesystem.twin.calibration.calibrating import (
    renamed,
    together,
    when_seen,
    without_forgotten,
)
from onesystem.twin.calibration.fitting import Known
from onesystem.twin.calibration.log import WEEK, Log
from onesystem.twin.calibration.present import present
from onesystem.twin.forecast.beginning import QUARTER, Here
from onesystem.twin.forecast.made import Asked, forecast
from onesystem.twin.forecast.running import marks
from onesystem.twin.forecast.sites import Site
from onesystem.twin.forecast.told import Forecast
from onesystem.twin.network.model import Model, Schedule
from onesystem.twin.standing import FILE, Standing, standing
from onesystem.vocabulary import BadConfig, Setting

BEHIND = WEEK + 24  # hours that are read: the same hour last week, and the day before
_FEWEST = 20  # delays that have ended, for their length to be known
_OLD = 60  # days after which a twin is called old


def of_district(
    opened: Any,
    *,
    at: datetime | None = None,
    hours: int = 72,
    replications: int = 200,
    levers: bool = True,
    workers: int | None = None,
) -> Forecast:
    """The forecast of this process's district, now or from another moment (with a zone).

    `opened` is the same, as an `onesystem.District`. Raises BadConfig where no twin was made of
    it, or none that fits.
    """
    at = at or district.now()
    live = Live.read(opened, at - timedelta(hours=BEHIND))
    return live.forecast(at, hours=hours, replications=replications, levers=levers, workers=workers)


@dataclass(frozen=True)
class Live:
    """A district's twin, and its log since a while ago by the services of the twin.

    `unknown` is the log of services that the twin does not have.
    """

    described: Described
    held: Standing
    log: Log
    unknown: Log

    @classmethod
    def read(cls, opened: Any, since: datetime) -> "Live":
        """Read what had not ended at a moment. Raises BadConfig where there is no own twin."""
        from onesystem import people

        described = district.current()
        held = standing(described.path)
        if not held.own:
            raise BadConfig(
                "No twin has been made of this district, and a forecast is made by it",
                "Make one from the log: onesystem twin calibrate --keep",
            )
        rows = people.births()
        ids, persons = (np.array([row[n] for row in rows], np.int64) for n in (0, 1))
        born = np.array([row[2] or "NaT" for row in rows], "datetime64[D]")
        dated = ~np.isnat(born)
        log = reading.log_of(
            opened, born=(ids[dated], born[dated].astype(np.int64)), person=(ids, persons),
            since=since,
        )  # fmt: skip
        log, _ = without_forgotten(log)
        return cls.of(described, held, log)

    @classmethod
    def of(cls, described: Described, held: Standing, log: Log) -> "Live":
        """A log by the district's services as one by those of the twin."""
        names = _names(described, held.model, log.services)
        strange = [each for each in log.services if each not in names]
        if not names and len(log):
            raise BadConfig(
                "None of the services of the twin is one of the district's",
                "Make a twin of the district: onesystem twin calibrate --keep",
            )
        mine = renamed(log, names, strange)
        if mine.classes != tuple(held.model.classes):
            mine = _of_classes(mine, tuple(held.model.classes))
        apart = _apart(held.report) & set(mine.services)
        return cls(described, held, when_seen(mine, apart), renamed(log, {}, list(names)))

    def hours(self, at: datetime) -> float:
        """A moment in the hours of the log."""
        local = at.astimezone(ZoneInfo(self.described.zone)).replace(tzinfo=None)
        return (local - self.log.zero).total_seconds() / 3600

    def forecast(
        self, at: datetime, *, hours: int = 72, replications: int = 200, levers: bool = True,
        late: bool = False, workers: int | None = None,
    ) -> Forecast:  # fmt: skip
        """The forecast from a moment on, from who was there then."""
        at = at.astimezone(ZoneInfo(self.described.zone))
        now = self.hours(at)
        there, model = marks(hours), self._open_model(now)
        people = list(present(self.log, now, model.nodes))
        known = {name: each for name, each in self.known.items() if each.places is not None}
        places = {
            name: tuple(int(n) for n in each.places(now + np.array(there)))  # type: ignore[misc]
            for name, each in known.items()
        }
        here = Here(
            people=people,
            places={name: _schedule(each, now, hours) for name, each in known.items()},
            delays=self.delays,
        )  # fmt: skip
        unknown = self._unknown(now)
        asked = Asked(
            at=at, zone=self.described.zone, digest=self.held.digest, hours=hours,
            replications=replications, sites=self._sites(places), places=places,
            settings={name: each.kind for name, each in self.known.items()},
            past=self._past(now, tuple(model.nodes)), unknown=sum(unknown.values()),
            limits=config(self.described.path).gridlock, levers=levers, late=late,
            notes=tuple(self._notes(at, now, people, unknown)),
        )  # fmt: skip
        return forecast(model, here, asked, workers=workers)

    @cached_property
    def known(self) -> dict[str, Known]:
        """What the district says of each service of the twin: its setting and its places."""
        every = reading.known_of(self.described, self.log.zero)
        names = _names(self.described, self.held.model, tuple(every))
        parts: dict[str, list[Known]] = {}
        for node, name in names.items():
            parts.setdefault(name, []).append(every[node])
        return {name: together(each) for name, each in parts.items()}

    def inside(self, name: str, at: Any) -> Any:
        """How many were in a service at these hours."""
        if name not in self.log.services:
            return np.zeros(len(at), np.int64)
        rows = self.log.of(name)
        return capacity.inside(self.log.begun[rows], self.log.ended[rows], at)

    def came(self, name: str, since: float, until: Any) -> Any:
        """How many came to a service from a moment up to these."""
        if name not in self.log.services:
            return np.zeros(len(until), np.int64)
        came = np.sort(self.log.came[self.log.of(name)])
        return np.searchsorted(came, until, "right") - np.searchsorted(came, since, "right")

    def _closed(self, now: float) -> list[str]:
        """Services of the twin that the district has no more, or that have no place for long."""
        hours = now + np.arange(0.5, WEEK)
        gone = [name for name in self.held.model.nodes if name not in self.known]
        shut = [
            name for name, each in self.known.items()
            if each.places is not None and not each.places(hours).any()
        ]  # fmt: skip
        return gone + shut

    def _open_model(self, now: float) -> Model:
        """The twin, in which a service that has closed since takes whoever would come."""
        nodes = dict(self.held.model.nodes)
        for name in self._closed(now):
            nodes[name] = replace(nodes[name], servers=None, waiting_room=None)
        return replace(self.held.model, nodes=nodes)

    @cached_property
    def delays(self) -> dict[str, Any]:
        """How long people stay who are ready, by the setting, where enough have gone."""
        log, found = self.log, {}
        settings = {name: each.kind for name, each in self.known.items()}
        if self.held.model.unit != "hour":
            return found
        for kind in set(settings.values()):
            numbers = [n for n, each in enumerate(log.services) if settings.get(each) == kind]
            rows = np.isin(log.service, numbers) & (log.ready >= log.first)
            over = ~np.isnan(log.ended[rows])
            if over.sum() >= _FEWEST:
                lengths = np.where(over, log.ended[rows], log.last) - log.ready[rows]
                fitted = stays.fitted(np.maximum(lengths, 0.0), over)
                found |= {n: fitted.distribution for n, k in settings.items() if k == kind}
        return found

    def _sites(self, places: Mapping[str, tuple[int, ...]]) -> list[Site]:
        """The organisations that have beds whose number they state."""
        owners = _owners(self.described, self.held.model)
        beds: dict[str, list[str]] = {}
        gates: dict[str, list[str]] = {}
        for name, each in self.known.items():
            owner = owners.get(name, "")
            if owner and each.kind in {str(kind.value) for kind in BEDS} and name in places:
                beds.setdefault(owner, []).append(name)
            elif owner and each.kind == Setting.ED.value:
                gates.setdefault(owner, []).append(name)
        return [
            Site(
                code=owner, name=self.described.organisations[owner].name, beds=tuple(names),
                gates=tuple(gates.get(owner, ())),
                places=tuple(sum(each) for each in zip(*(places[n] for n in names), strict=True)),
            )
            for owner, names in beds.items()
        ]  # fmt: skip

    def _past(self, now: float, names: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
        hours = now + np.arange(-24, 1)
        return {name: tuple(self.inside(name, hours).tolist()) for name in names}

    def _unknown(self, now: float) -> dict[str, int]:
        log = self.unknown
        return {
            name: int(many)
            for name in log.services
            if (rows := log.of(name)).size
            and (many := capacity.inside(log.begun[rows], log.ended[rows], np.array([now]))[0]) > 0
        }

    def _notes(self, at: datetime, now: float, people: list[Any], unknown: Any) -> list[str]:
        return notes(self.described, self.held, at, self._closed(now), len(people), unknown)


def notes(
    described: Described, held: Standing, at: datetime, closed: list[str], people: int,
    unknown: Mapping[str, int],
) -> list[str]:  # fmt: skip
    """What a reader of the forecast has to know, in whole sentences."""
    found = []
    if not people:
        found.append(
            "Nobody is in any service now: the forecast begins with an empty district. Where that "
            "is not so, no feed has said who is there."
        )
    if unknown:
        names = ", ".join(sorted(unknown, key=lambda each: -unknown[each])[:3])
        more, many = " and others" if len(unknown) > 3 else "", sum(unknown.values())
        found.append(
            f"{many:,} people are in services that the twin does not have ({names}{more}); they "
            "are not in the forecast."
            if many > 1
            else f"One person is in a service that the twin does not have ({names}), and not in "
            "the forecast."
        )
    if closed:
        found.append(
            f"{', '.join(closed)}: closed since the twin was made. Who would go there is shown as "
            "if it was open; calibrate the twin again."
        )
    days = (at.replace(tzinfo=None) - held.model.starts.replace(tzinfo=None)).days
    if days > _OLD:
        found.append(f"The twin was learnt {days} days ago; calibrate it again.")
    if _newer(described.path):
        found.append(
            "The district file has changed since the twin was made. Places are as it states them "
            "now; people's ways are as they were."
        )
    return found


def _newer(folder: Path) -> bool:
    own = folder / "district.toml"
    return own.is_file() and own.stat().st_mtime > (folder / FILE).stat().st_mtime


def _names(described: Described, model: Model, services: tuple[str, ...]) -> dict[str, str]:
    """What each service of the district is in the twin: itself, or one of its kind."""
    kinds = {
        node: described.services[code].setting.value
        for code, node in reading.nodes_of(described).items()
    }
    found = {}
    for each in services:
        other = f"other {kinds.get(each, '')}"
        if each in model.nodes or other in model.nodes:
            found[each] = each if each in model.nodes else other
    return found


def _owners(described: Described, model: Model) -> dict[str, str]:
    """Who runs a service of the twin, where that is one organisation."""
    nodes = reading.nodes_of(described)
    names = _names(described, model, tuple(nodes.values()))
    found: dict[str, set[str]] = {}
    for code, node in nodes.items():
        if node in names:
            found.setdefault(names[node], set()).add(described.services[code].organisation)
    return {name: next(iter(each)) for name, each in found.items() if len(each) == 1}


def _apart(report: Mapping[str, Any] | None) -> set[str]:
    """Services whose waits are no part of the twin."""
    if not report:
        return set()
    return {each["name"] for each in report["services"] if each.get("wait_apart")}


def _of_classes(log: Log, classes: tuple[str, ...]) -> Log:
    """The log by the classes of another; who is of none of them is of the last."""
    code = np.array([
        classes.index(each) if each in classes else len(classes) - 1 for each in log.classes
    ])  # fmt: skip
    return replace(log, kind=code[log.kind], classes=classes)


def _schedule(known: Known, now: float, hours: int) -> Schedule:
    """The places from now on, looked at every quarter hour."""
    at = np.arange(0, hours, QUARTER)
    numbers = np.asarray(known.places(now + at + QUARTER / 2)).astype(np.int64)  # type: ignore[misc]
    turns = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
    return Schedule(tuple((float(at[n]), int(numbers[n])) for n in turns))
