"""What an episode costs, line by line, in whole pence, against its cap. Pure.

What was ordered and not done yet is committed; what was done is spent, whoever ordered it. When an
episode ends or a line is stopped, what was not done is no longer committed.

    3 visits ordered at 59.65, 1 done:  committed 2 x 5965 = 11930, spent 1 x 5965 = 5965
"""

from collections.abc import Mapping
from dataclasses import dataclass

from onesystem.care.episodes.episode import ENDED, Episode, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """One line of the working."""

    line: Line
    done: int
    committed: int
    spent: int

    @property
    def total(self) -> int:
        """Committed and spent."""
        return self.committed + self.spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """The whole of it. `other` is what was done for the episode that no line asked for."""

    lines: tuple[Worked, ...]
    cap: int
    allowed: int

    @property
    def committed(self) -> int:
        """What was ordered and not done yet."""
        return sum(each.committed for each in self.lines)

    @property
    def spent(self) -> int:
        """What was done."""
        return sum(each.spent for each in self.lines)

    @property
    def total(self) -> int:
        """Both."""
        return self.committed + self.spent

    @property
    def left(self) -> int:
        """What may still be ordered; under nothing where more was done than was allowed."""
        return self.allowed - self.total

    @property
    def share(self) -> int:
        """How much of the cap is used, in whole per cent."""
        return round(100 * self.total / self.cap) if self.cap else 0


def working(episode: Episode, done: Mapping[int, int] | None = None) -> Working:
    """The working. `done` is how many of each line were done, by its number; else as was said."""
    counted = visits_of(episode) if done is None else done
    return Working(
        lines=tuple(_worked(episode, line, counted.get(line.number, 0)) for line in episode.lines),
        cap=episode.cap,
        allowed=episode.allowed,
    )


def visits_of(episode: Episode) -> dict[int, int]:
    """How many of each line were said to be done; when it ended, what the log knew besides."""
    found: dict[int, int] = dict(episode.done)
    if found:
        return found
    for each in episode.visits:
        found[each.said["line"]] = found.get(each.said["line"], 0) + 1
    return found


def price_of(a_day: int, days: int, price: int) -> int:
    """What a line costs."""
    return a_day * days * price


def _worked(episode: Episode, line: Line, done: int) -> Worked:
    open_ = not line.stopped and episode.state != ENDED
    left = max(0, line.amount - done) if open_ else 0
    return Worked(line=line, done=done, committed=left * line.price, spent=done * line.price)
