"""Streams: contacts as columns, with all that will happen to them, before a source writes them."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import numpy as np

from onesystem.demo.people import NEVER

_WORDS: dict[str, int] = {"": 0}


def word(text: str) -> int:
    """The number of a word in the columns."""
    return _WORDS.setdefault(text, len(_WORDS))


def words(*texts: str) -> np.ndarray:
    """The numbers of some words."""
    return np.array([word(t) for t in texts])


def vocabulary() -> list[str]:
    """Every word used so far, in the order of the numbers."""
    return list(_WORDS)


@dataclass
class Stream:
    """Contacts of one series. Times are UTC seconds, NEVER where there is none.

    A visit's number and part make its key: `E0000012`, its second stretch `E0000012/2`. A
    cancelled contact has no start; its end is when it was cancelled. `cause` is the number of the
    contact that led to it, in `cause_series`, 0 where nothing is known. `planned` is when an
    appointment is due.
    """

    series: str
    source: np.ndarray
    person: np.ndarray
    service: np.ndarray
    number: np.ndarray
    part: np.ndarray
    requested: np.ndarray
    started: np.ndarray
    ready: np.ndarray
    ended: np.ndarray
    planned: np.ndarray
    bed: np.ndarray
    mode: np.ndarray
    urgency: np.ndarray
    reason: np.ndarray
    outcome: np.ndarray
    by: np.ndarray
    cause: np.ndarray
    cause_part: np.ndarray
    cancelled: np.ndarray
    cause_series: str = ""

    def __len__(self) -> int:
        return len(self.person)

    @property
    def first(self) -> np.ndarray:
        """The second at which each becomes known."""
        return np.minimum(self.requested, self.started)  # type: ignore[no-any-return]

    def where(self, keep: np.ndarray) -> "Stream":
        """Only those rows (a mask or indexes)."""
        return replace(self, **{n: getattr(self, n)[keep] for n in COLUMNS})


COLUMNS = tuple(f.name for f in fields(Stream) if f.name not in {"series", "cause_series"})
_EMPTY = {
    "requested": NEVER, "started": NEVER, "ready": NEVER, "ended": NEVER, "planned": NEVER,
    "part": 1,
}  # fmt: skip
_FLAGS = {"cancelled"}


def stream(series: str, person: np.ndarray, *, cause_series: str = "", **columns: object) -> Stream:
    """A stream with the columns given; the others say nothing."""
    count = len(person)
    made = {"person": np.asarray(person, dtype=np.int64)}
    for name in COLUMNS:
        if name == "person":
            continue
        value = columns.get(name, _EMPTY.get(name, 0))
        kind = bool if name in _FLAGS else np.int64
        made[name] = np.broadcast_to(np.asarray(value, dtype=kind), (count,)).copy()
    return Stream(series=series, cause_series=cause_series, **made)


def joined(streams: Iterable[Stream]) -> Stream:
    """Streams of one series as one."""
    several = list(streams)
    columns = {n: np.concatenate([getattr(s, n) for s in several]) for n in COLUMNS}
    return replace(several[0], **columns)  # type: ignore[arg-type]


def numbered(made: Stream, base: int) -> Stream:
    """Numbers from `base` + 1 in the order in which they become known."""
    order = np.argsort(made.first, kind="stable")
    made = made.where(order)
    made.number = base + 1 + np.arange(len(made))
    return made
