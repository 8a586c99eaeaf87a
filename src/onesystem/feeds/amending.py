"""What the district itself has decided about what sources send: put right, or passed over.

A correction that an officer accepted, and a person whose record was destroyed, hold against the
same facts sent again and against every replay. Who decides lives in a room above; the wiring
introduces it here, and without it everything passes as it came.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from onesystem.feeds.reading import Read
from onesystem.vocabulary import Reading

OFFICE = "corrections"  # the source under which the district's own decisions are landed
Barred = Callable[[Sequence[str]], frozenset[str]]  # subjects to those that are passed over


class Part(Protocol):
    """What holds for one batch of messages."""

    def of(self, read: Read) -> list[Reading]:
        """The readings of a message as they are to be taken."""


class Office(Protocol):
    """Who has decided. Everything happens in the caller's transaction."""

    def part(self, reads: Sequence[Read], known_at: datetime) -> Part | None:
        """What holds for these messages; None where nothing does."""

    def entries(
        self, source: str, readings: Sequence[Reading], known_at: datetime
    ) -> list[Reading]:
        """Readings out of an extract, as they are to be taken."""

    def barred(self, source: str, received: datetime) -> Barred | None:
        """Whose rows of a file received then are passed over; None where nobody's are."""

    def file_taken(self, source: str, message: int, known_at: datetime) -> None:
        """A whole file was taken in bulk: put right again what it said wrongly again."""


_offices: list[Office] = []


def register_office(office: Office) -> None:
    """Let a room above decide. Again replaces."""
    _offices[:] = [office]


def office() -> Office | None:
    """Who decides."""
    return _offices[0] if _offices else None
