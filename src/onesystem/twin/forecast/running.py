"""Replications of a model that begins now, at the hours that a forecast tells of."""

from dataclasses import dataclass
from threading import Event
from typing import Any

import numpy as np

from onesystem.twin.network.model import UNITS, Model
from onesystem.twin.network.running import STANDS, replications

_WAITING, _BUSY, _BLOCKED = range(len(STANDS))


@dataclass(frozen=True)
class Ran:
    """What was at each hour told of: arrays of replications by hours by nodes.

    `came` counts from the start; `blocked` are among those who are `inside`.
    """

    nodes: tuple[str, ...]
    inside: Any
    waiting: Any
    blocked: Any
    came: Any


def marks(hours: int) -> tuple[int, ...]:
    """The hours that are told of: each of the first twelve, then every third, then every sixth."""
    found = [*range(1, 13), *range(15, 73, 3), *range(78, 337, 6)]
    return (*(each for each in found if each < hours), hours)


def ran(
    model: Model, at: tuple[int, ...], *, workers: int | None = None, stop: Event | None = None
) -> Ran:
    """Run the model and look at these hours, of which the last is its end."""
    hour = 3600 / UNITS[model.unit]
    runs = replications(model, workers=workers, stop=stop, marks=[each * hour for each in at])
    stands, came = [], []
    for each in runs:
        stands.append(each.stands)
        came.append(each.came)
    stood = np.stack(stands)
    return Ran(
        nodes=tuple(model.nodes),
        inside=stood[..., _BUSY],
        waiting=stood[..., _WAITING],
        blocked=stood[..., _BLOCKED],
        came=np.stack(came).astype(np.int64),
    )
