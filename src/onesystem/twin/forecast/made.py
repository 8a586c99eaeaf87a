"""A forecast: what a model that begins now says of each service and hospital, with bands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Any

import numpy as np

from onesystem.flow.boards.gridlock import Limits
from onesystem.twin.forecast.beginning import Here, beginning
from onesystem.twin.forecast.levers import tried
from onesystem.twin.forecast.running import Ran, marks, ran
from onesystem.twin.forecast.sites import Site, at_nodes, gridlocked, needed
from onesystem.twin.forecast.told import SHARES, Bands, Forecast, Hospital, Service
from onesystem.twin.network.model import UNITS, Model


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a forecast is made for, beside the model and who is there."""

    at: datetime
    zone: str = "UTC"
    digest: str = ""
    hours: int = 72
    replications: int = 200
    sites: Sequence[Site] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    past: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unknown: int = 0
    limits: Limits = field(default_factory=lambda: Limits(occupancy=0.95, waiting=1))
    levers: bool = True
    late: bool = False
    notes: tuple[str, ...] = ()


def forecast(
    model: Model, here: Here, asked: Asked, *, workers: int | None = None, stop: Event | None = None
) -> Forecast:
    """Run the twin from who is there, and say what is likely. Raises BadConfig, Cancelled.

    The same people, moment and model give the same forecast.
    """
    hour = 3600 / UNITS[model.unit]
    passed = asked.at.replace(tzinfo=None) - model.starts.replace(tzinfo=None)
    begun = beginning(
        model, here, since=passed.total_seconds() / 3600 * hour, hours=asked.hours,
        replications=asked.replications, seed=int(asked.at.timestamp()) // 60,
    )  # fmt: skip
    at = marks(asked.hours)
    base = ran(begun, at, workers=workers, stop=stop)
    need = needed(begun, base)
    locked = [gridlocked(base, each, asked.limits) for each in asked.sites]
    return Forecast(
        at=asked.at,
        zone=asked.zone,
        model=asked.digest,
        learnt=model.starts,
        replications=asked.replications,
        marks=at,
        people=len(here.people),
        unknown=asked.unknown,
        services=tuple(
            _service(n, name, here, asked, base, need) for n, name in enumerate(base.nodes)
        ),
        hospitals=tuple(
            _hospital(each, here, base, need, lock)
            for each, lock in zip(asked.sites, locked, strict=True)
        ),
        levers=tried(begun, base, at, asked.sites, asked.limits, asked.settings, workers, stop)
        if asked.levers else (),
        notes=asked.notes,
        late=asked.late,
    )  # fmt: skip


def bands(values: Any) -> Bands:
    """The bands of replications by hours, in whole people."""
    found = np.quantile(values, SHARES, axis=0, method="inverted_cdf")
    return tuple(tuple(row) for row in found.astype(int).tolist())


def _service(n: int, name: str, here: Here, asked: Asked, base: Ran, need: Any) -> Service:
    people = [(each, since) for each, since in here.people if each.node == name]
    return Service(
        name=name,
        setting=asked.settings.get(name, ""),
        here=sum(each.elapsed is not None for each, _ in people),
        waiting=sum(each.waiting is not None for each, _ in people),
        ready=sum(since == since for _, since in people),  # noqa: PLR0124 - NaN is not itself
        places=asked.places.get(name, ()),
        inside=bands(base.inside[..., n]),
        need=bands(need[..., n]),
        came=bands(base.came[..., n]),
        past=asked.past.get(name, ()),
    )


def _hospital(site: Site, here: Here, base: Ran, need: Any, locked: Any) -> Hospital:
    beds = at_nodes(base, site.beds)
    people = [each for each, _ in here.people if each.node in site.beds]
    return Hospital(
        code=site.code,
        name=site.name,
        beds=site.beds,
        here=sum(each.elapsed is not None for each in people),
        waiting=sum(each.waiting is not None for each in people),
        places=site.places,
        inside=bands(base.inside[..., beds].sum(axis=-1)),
        need=bands(need[..., beds].sum(axis=-1)),
        within=tuple(np.maximum.accumulate(locked, axis=1).mean(axis=0).round(4).tolist()),
    )
