"""What a visit is made of: its events as they were told, and the stretches that they come to.

The words that the fold, the store and the log share; what makes one of the other is in `fold`.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from onesystem.vocabulary import ContactEvent, Setting


class Told(NamedTuple):
    """An event of a visit, and the identity that it is about."""

    event: ContactEvent
    identity: int


class Stretch(NamedTuple):
    """One stretch of a visit: what a contact says, without its id, version and message."""

    identity: int
    service: str = ""
    setting: Setting | None = None
    requested: datetime | None = None
    started: datetime | None = None
    ready: datetime | None = None
    ended: datetime | None = None
    bed: str = ""
    mode: str = ""
    urgency: str = ""
    reason: str = ""
    outcome: str = ""
    by: str = ""
    cause: str = ""  # the key of a visit or request, as the event says it
    cancelled: bool = False
    planned: datetime | None = None

    @property
    def timed(self) -> bool:
        """Whether any time is known, without which it is not a contact yet."""
        return bool(self.started or self.requested or self.ready or self.ended)


class Visit(NamedTuple):
    """The stretches so far, and where the part begins that the latest start opened."""

    stretches: tuple[Stretch, ...] = ()
    opened: int = 0


def key_of(visit: str, index: int) -> str:
    """The key of a visit's stretch: the visit's own for the first, then `visit/2` and so on."""
    return visit if index == 0 else f"{visit}/{index + 1}"


def odd(started: datetime | None, ended: datetime | None, known_at: datetime) -> tuple[str, ...]:
    """What is wrong with a contact's times, as slugs: kept, shown, and left to the source.

    A day's grace before "in the future", since clocks and zones of sources are sometimes wrong.
    """
    found = []
    if started and ended and ended < started:
        found.append("ends-before-it-starts")
    limit = known_at + timedelta(days=1)
    if (started and started > limit) or (ended and ended > limit):
        found.append("in-the-future")
    return tuple(found)
