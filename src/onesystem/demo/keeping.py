"""Keeping the demo's world between runs: numbers and arrays in two files of `live/`.

The frame, the plan and the targets follow from the arguments; the rest is kept. Words are kept by
their text, because another run may number them otherwise.
"""

import json
import os
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from onesystem.demo.beds import Beds
from onesystem.demo.frames import Frame, frame
from onesystem.demo.people import NEVER, People
from onesystem.demo.progress import FOLDER, Made, where, world_of
from onesystem.demo.streams import COLUMNS, Stream, vocabulary, word
from onesystem.demo.world import World, make_world

_WORDS = ("mode", "urgency", "reason", "outcome", "by")


@dataclass
class Told:
    """How far the demo has been told: the world, what still happens in it, and up to when.

    `reached` is the second up to which messages were sent; `block` and `last` the latest stretch
    of days that was drawn.
    """

    made: Made
    world: World
    streams: dict[str, Stream]
    reached: int
    block: int
    last: int
    dropped: dict[str, int] = field(default_factory=dict)  # source -> second of its last extract


def today_of(made: Made) -> date:
    """The day (UTC) on which the demo was made."""
    return date.fromordinal(made.now // 86_400 + date(1970, 1, 1).toordinal())


def fresh(made: Made) -> World:
    """The world at its beginning."""
    return make_world(district=made.district, people=made.people, today=today_of(made),
                      years=made.years, seed=made.seed)  # fmt: skip


def save(told: Told, folder: Path) -> None:
    """Keep what matters from `reached` on, whole or not at all."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, np.ndarray] = {
        f"people.{f.name}": getattr(told.world.people, f.name) for f in fields(People)
    }
    arrays["stays"] = told.world.stays[:, told.world.stays[2] > told.reached]
    for name, values in told.world.tuned.items():
        arrays[f"tuned.{name}"] = values
    causes = {}
    for series, made in told.streams.items():
        rest = made.where(_matters(made, told.reached))
        causes[series] = rest.cause_series
        for column in COLUMNS:
            arrays[f"stream.{series}.{column}"] = getattr(rest, column)
    head: dict[str, Any] = {
        "reached": told.reached, "block": told.block, "last": told.last,
        "dropped": told.dropped, "counters": told.world.counters, "causes": causes,
        "words": vocabulary(), "free": {str(k): v for k, v in told.world.beds.free.items()},
    }  # fmt: skip
    arrays["head"] = np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)
    part = place / f"world.{os.getpid()}.npz"
    with part.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    part.replace(place / "world.npz")


def _matters(made: Stream, reached: int) -> np.ndarray:
    """Rows to which something will still happen."""
    later = np.zeros(len(made), dtype=bool)
    for name in ("requested", "started", "ready", "ended"):
        values = getattr(made, name)
        later |= (values > reached - 7 * 86_400) & (values < NEVER)
    return later


def load(folder: Path, made: Made) -> Told:
    """What was kept. Raises NotFound where no demo was made."""
    with np.load(world_of(folder)) as arrays:
        head = json.loads(arrays["head"].tobytes())
        world = fresh(made)
        world.people = People(**{f.name: arrays[f"people.{f.name}"] for f in fields(People)})
        world.stays = arrays["stays"]
        world.tuned = {n[6:]: arrays[n] for n in arrays.files if n.startswith("tuned.")}
        numbers = np.array([word(text) for text in head["words"]])
        streams = {
            series: _stream(arrays, series, cause, numbers)
            for series, cause in head["causes"].items()
        }
    world.counters = head["counters"]
    world.beds = Beds({int(k): [(a, b) for a, b in v] for k, v in head["free"].items()})
    reached, dropped = where(folder)
    return Told(made, world, streams, reached, head["block"], head["last"], dropped)


def _stream(arrays: Any, series: str, cause: str, numbers: np.ndarray) -> Stream:
    columns = {c: arrays[f"stream.{series}.{c}"] for c in COLUMNS if c != "planned"}
    # A demo that was made before appointments kept when they are due has no such column.
    never = np.full(len(columns["person"]), NEVER)
    columns["planned"] = arrays.get(f"stream.{series}.planned", never)
    for column in _WORDS:
        columns[column] = numbers[columns[column]]
    return Stream(series=series, cause_series=cause, **columns)


def frame_of(made: Made) -> Frame:
    """The frame of the district that was made."""
    return frame(made.district)
