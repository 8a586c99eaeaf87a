"""How many a service can see at once, as the log shows it.

While somebody waits, every place is taken: so the number of people inside at those times is the
capacity. Where nobody ever waits, the log only says that it is at least as many as were ever
inside; where the number inside varies widely while people wait, no fixed number of places explains
the waits, and none is made up. Places that the district states are asked the same: are they taken
while people wait?

Waits that capacity does not explain (appointments, rounds, travel) are told, and are no part of the
model: people come to such a service when it begins.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.twin.calibration.log import Log

_WAITS = 1 / 60  # hours; less is nobody's wait
_AGREES = 0.6  # the share of the time with a queue in which the number inside is the capacity
_FEWEST = 20
_OVER = 0.05  # the share of the hours with more people inside than places that makes them no limit
_FULL = 0.98


@dataclass(frozen=True)
class Seen:
    """What a log shows of capacity: `number` where it does, with the share that agrees."""

    number: int | None
    agrees: float
    waited: float  # the share of those seen who waited, NaN where nobody wrote down the asking
    most: int
    mean: float
    said: str


def inside(begun: Any, ended: Any, at: Any) -> Any:
    """How many are inside at these times; who has no end stays."""
    start, end = np.sort(begun[~np.isnan(begun)]), np.sort(ended[~np.isnan(begun)])
    return np.searchsorted(start, at, "right") - np.searchsorted(end[~np.isnan(end)], at, "right")


def waiting(asked: Any, begun: Any, ended: Any, at: Any) -> Any:
    """How many have asked and were neither seen nor gone at these times."""
    known = ~np.isnan(asked)
    stop = np.where(np.isnan(begun), ended, begun)[known]
    stop = np.sort(stop[~np.isnan(stop)])
    return np.searchsorted(np.sort(asked[known]), at, "right") - np.searchsorted(stop, at, "right")


def seen(asked: Any, begun: Any, ended: Any, first: float, last: float) -> Seen:
    """The capacity that a service's log shows between two times."""
    taken = ~np.isnan(begun)
    waits = (begun - asked)[taken & ~np.isnan(asked)]
    known = len(waits) >= max(0.5 * taken.sum(), 1)
    waited = float((waits > _WAITS).mean()) if known else float("nan")
    times = np.concatenate([asked, begun, ended])
    times = np.unique(times[(times >= first) & (times < last)])
    if not len(times):
        return Seen(None, 0.0, waited, 0, 0.0, "nobody was seen")
    busy = np.maximum(inside(begun, ended, times), 0)
    spans = np.diff(np.concatenate([times, [last]]))
    most, mean = int(busy.max()), float((busy * spans).sum() / spans.sum())
    if not known:
        return Seen(None, 0.0, waited, most, mean, "when people asked is not in the log")
    if (waits > _WAITS).sum() < _FEWEST or waited < 0.005:
        said = f"nobody waits: at least {most}"
        return Seen(None, 0.0, waited, most, mean, said)
    queue = waiting(asked, begun, ended, times) > 0
    held = np.bincount(busy[queue].astype(np.int64), weights=spans[queue])
    number = int(held.argmax())
    near = np.abs(np.arange(len(held)) - number) <= 0.05 * number
    agrees = float(held[near].sum() / held.sum())
    if number == 0 or agrees < _AGREES:
        said = "people wait while the number inside varies: no fixed number of places explains it"
        return Seen(None, agrees, waited, most, mean, said)
    return Seen(
        number, agrees, waited, most, mean, f"full in {agrees:.0%} of the time with a queue"
    )


Places = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What limits a service: a `number` of places, or those that are `stated`, or nothing.

    `apart` says that its waits have other reasons, and `wait` how long they are (median and nine
    in ten, hours; None where nobody wrote them down or nobody waits).
    """

    seen: Seen
    number: int | None = None
    stated: Places | None = None
    apart: bool = False
    wait: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()


def limit(log: Log, rows: Any, places: Places | None) -> Limit:
    """What limits the service of these rows, with the places that the district states, if any."""
    asked, begun, ended = log.asked[rows], log.begun[rows], log.ended[rows]
    shown = seen(asked, begun, ended, log.first, log.last)
    waits = (begun - asked)[~np.isnan(begun) & ~np.isnan(asked)]
    queues = shown.waited >= 0.005 and len(waits) >= _FEWEST
    wait = (float(np.median(waits)), float(np.quantile(waits, 0.9))) if queues else None
    notes: list[str] = []
    taken, apart = None, False
    if places is not None:
        taken, full = _stated(log, asked, begun, ended, places, notes)
        apart = queues and (taken is None or full < _AGREES)
        shown_number = None
    else:
        shown_number = shown.number
        apart = queues and shown_number is None
        if shown_number is None:
            notes.append(f"Capacity is not known ({shown.said}): run without a limit.")
    if apart and wait is not None:
        notes.append(
            f"Half wait more than {wait[0]:.3g} hours and one in ten more than {wait[1]:.3g}, "
            "mostly while there is a place: its capacity does not explain the waits. In the model "
            "people come when they are seen."
        )
    return Limit(
        seen=shown, number=shown_number, stated=taken, apart=bool(apart), wait=wait,
        notes=tuple(notes),
    )  # fmt: skip


def _stated(
    log: Log, asked: Any, begun: Any, ended: Any, places: Places, notes: list[str]
) -> tuple[Places | None, float]:
    """The stated places where they are a limit, and the share of waiting while all are taken."""
    hours = np.arange(math.floor(log.first), math.ceil(log.last)) + 0.5
    there, busy = places(hours), inside(begun, ended, hours)
    queue = waiting(asked, begun, ended, hours)
    queue = queue * (there > 0)  # while it is closed everybody waits, whatever its capacity
    full = float((queue * (busy >= 0.95 * there)).sum() / max(queue.sum(), 1))
    over = float((busy > there).mean())
    if over > _OVER or busy.mean() > _FULL * there.mean():
        notes.append(
            f"The district states {there.mean():.3g} places in the mean, but more people than "
            f"places are inside in {over:.0%} of the hours: not taken as a limit."
        )
        return None, full
    return places, full
