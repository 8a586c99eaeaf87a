"""The world of the demo: its people, its services, and how far it has been told."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from onesystem.demo.beds import Beds
from onesystem.demo.district import Plan, plan
from onesystem.demo.flareups import Way
from onesystem.demo.frames import Frame, frame
from onesystem.demo.people import People, make_people
from onesystem.demo.targets import Targets, targets

OTHER_SOURCES = (
    "practices", "out-of-hours", "ambulance", "community", "council", "pharmacies", "diagnostics",
)  # fmt: skip


@dataclass
class World:
    """Everything that the next stretch of time depends on; nothing else does.

    `tuned` holds the factors that make the first, long stretch come out as published; later
    stretches are too short to find their own. `stays` are the person, start and end of each time
    in a hospital bed that may still matter. `ways` are what the district has decided: they are read
    from the district each time that the world is told on, and not kept with it.
    """

    here: Frame
    plan: Plan
    goal: Targets
    people: People
    zone: str
    seed: int
    sources: list[str]
    beds: Beds
    counters: dict[str, int] = field(default_factory=dict)
    tuned: dict[str, np.ndarray] = field(default_factory=dict)
    stays: np.ndarray = field(default_factory=lambda: np.zeros((3, 0), dtype=np.int64))
    ways: tuple[Way, ...] = ()

    def source(self, name: str) -> int:
        """The index of a source."""
        return self.sources.index(name)

    def tune(self, name: str, values: np.ndarray) -> np.ndarray:
        """The factors of that name: as first found."""
        return self.tuned.setdefault(name, values)

    def away(self, person: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Whether each person lies in a hospital bed at that second."""
        who, start, end = self.stays
        if not len(who):
            return np.zeros(len(person), dtype=bool)
        index = np.searchsorted(_order(who, start), _order(person, at), side="right") - 1
        index = np.maximum(index, 0)
        return (who[index] == person) & (start[index] <= at) & (at < end[index])  # type: ignore[no-any-return]

    def rng(self, what: str, block: int) -> np.random.Generator:
        """Random numbers of their own for each part of each block, so that parts can change."""
        return np.random.default_rng([self.seed, block + 1_000_000, *what.encode()])


def make_world(*, district: str, people: int, today: date, years: int, seed: int) -> World:
    """The world at its beginning: the same arguments give the same world."""
    here = frame(district)
    goal = targets(here, people)
    planned = plan(here, goal, people, today)
    rng = np.random.default_rng([seed, 1])
    return World(
        here=here,
        plan=planned,
        goal=goal,
        people=make_people(here, planned, people, today, years, rng),
        zone=here.facts["district"]["zone"],
        seed=seed,
        sources=[*(f"{h.code}-pas" for h in here.hospitals), *OTHER_SOURCES],
        beds=Beds(),
    )


def _order(person: np.ndarray, at: np.ndarray) -> np.ndarray:
    """One number that sorts by person, then by time (before the year 2106)."""
    return (person << 32) + np.clip(at, 0, (1 << 32) - 1)  # type: ignore[no-any-return]
