"""What the demo sends next, a few hours of it, told in a process of its own.

Telling takes the whole world of the demo, a hundred megabytes; sending takes the messages of the
next hours. So the world is loaded, told on and let go again in a process that ends with it.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from onesystem import feeds
from onesystem.demo.flareups import Way
from onesystem.demo.progress import Made, where
from onesystem.demo.seconds import HOUR, MINUTE
from onesystem.demo.sent import EVERY, Sent

AHEAD = 3 * HOUR  # of the demo's time, told at once
_LITTLE = 10 * MINUTE  # the time between the extracts of the source that sends the most

Tell = Callable[[int, dict[str, int], int], list[Sent]]


@dataclass
class Ahead:
    """The messages that lie ahead. `reached` and `dropped` are as in `keeping.Told`."""

    tell: Tell  # (reached, dropped, second) -> what is sent until that second, and a little on
    reached: int
    dropped: dict[str, int]

    def __post_init__(self) -> None:
        self._told = self.reached
        self._next: deque[Sent] = deque()

    def until(self, second: int) -> list[Sent]:
        """What is sent after the second reached, up to this one; that is the one reached now."""
        if second > self._told:
            self._next = deque(self.tell(self.reached, self.dropped, second))
            self._told = second + AHEAD
        found = []
        while self._next and self._next[0].at <= second:
            found.append(self._next.popleft())
        for source, every in EVERY.items():
            due = second // every * every
            if due > self.dropped.get(source, self.reached):
                self.dropped[source] = due
        self.reached = second
        return found


def _nothing() -> tuple[Way, ...]:
    return ()


def from_kept(
    folder: Path, made: Made, in_force: Callable[[], tuple[Way, ...]] = _nothing
) -> Ahead:
    """The demo in a folder, from where it was left; `in_force` says what the district decided."""
    reached, dropped = where(folder)
    return Ahead(
        lambda reached, dropped, second: feeds.apart(
            lambda: _told(folder, made, in_force(), reached, dropped, second)
        ),
        reached,
        dropped,
    )


def _told(
    folder: Path,
    made: Made,
    ways: tuple[Way, ...],
    reached: int,
    dropped: dict[str, int],
    second: int,
) -> list[Sent]:
    from onesystem.demo import keeping
    from onesystem.demo.telling import Teller

    told = keeping.load(folder, made)
    told.world.ways = ways
    told.reached, told.dropped, block = reached, dict(dropped), told.block
    teller = Teller(told)
    sent = teller.until(second)
    for each in range(second + _LITTLE, second + AHEAD + 1, _LITTLE):
        sent += teller.until(each)
    if told.block != block:
        # Nothing of this has been sent yet: it is kept as of where it began.
        told.reached, told.dropped = reached, dict(dropped)
        keeping.save(told, folder)
    return sent
