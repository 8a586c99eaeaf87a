"""What a forecast says, as frozen data. Pure; nothing of the engine is loaded to read one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)  # of the replications: the 90% and the 50% band, the middle
WINDOWS = (6, 24, 72)  # hours
Bands = tuple[tuple[int, ...], ...]  # one of each share, a number each hour told of


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service now and at the hours told of.

    `need` is `inside` with those who wait for a place, here or in the service before; `came` counts
    from the start; `places` is empty where they are no limit. `past` is who was inside hour by hour
    before, the oldest first.
    """

    name: str
    setting: str
    here: int
    waiting: int
    ready: int
    places: tuple[int, ...]
    inside: Bands
    need: Bands
    came: Bands
    past: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hospital:
    """A hospital's beds, those of the services `beds`, at the hours told of.

    `within` is the chance of gridlock at one of them or before.
    """

    code: str
    name: str
    beds: tuple[str, ...]
    here: int
    waiting: int
    places: tuple[int, ...]
    inside: Bands
    need: Bands
    within: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Lever:
    """Something to do, and what it changes over the time of the forecast: mean, low, high (95%).

    `gridlock` is the change of the chance of gridlock anywhere, `waiting` of people waiting for a
    bed and `inside` of people in beds, in the mean over the time. `sure` says that it lowers one of
    them by more than chance.
    """

    name: str
    gridlock: tuple[float | None, ...]
    waiting: tuple[float | None, ...]
    inside: tuple[float | None, ...]
    sure: bool


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What is likely from `at` on. `marks` are the hours told of, `model` the digest of the twin.

    `unknown` are people in services that the twin does not have; `notes` say in whole sentences
    what a reader has to know. `late` says that it was made after its moment.
    """

    at: datetime
    zone: str
    model: str
    learnt: datetime
    replications: int
    marks: tuple[int, ...]
    people: int
    unknown: int
    services: tuple[Service, ...]
    hospitals: tuple[Hospital, ...]
    levers: tuple[Lever, ...] = ()
    notes: tuple[str, ...] = ()
    late: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON would have it; `read` gives it back."""
        times = {"at": self.at.isoformat(), "learnt": self.learnt.isoformat()}
        return asdict(self) | times

    def mark(self, hour: int) -> int:
        """Which of the hours told of is the last up to this one."""
        return max(n for n, each in enumerate(self.marks) if each <= hour or n == 0)

    @property
    def windows(self) -> tuple[int, ...]:
        """The next 6, 24 and 72 hours, as far as it goes."""
        found = tuple(each for each in WINDOWS if each <= self.marks[-1])
        return found or (self.marks[-1],)


def read(said: Mapping[str, Any]) -> Forecast:
    """What `Forecast.plain` said."""
    parts: dict[str, Any] = {
        "services": tuple(Service(**_tuples(each)) for each in said["services"]),
        "hospitals": tuple(Hospital(**_tuples(each)) for each in said["hospitals"]),
        "levers": tuple(Lever(**_tuples(each)) for each in said["levers"]),
        "at": datetime.fromisoformat(said["at"]),
        "learnt": datetime.fromisoformat(said["learnt"]),
        "marks": tuple(said["marks"]),
        "notes": tuple(said["notes"]),
    }
    return Forecast(**{**said, **parts})


def _tuples(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _tuple(each) for key, each in said.items()}


def _tuple(each: Any) -> Any:
    return tuple(_tuple(one) for one in each) if isinstance(each, list) else each
