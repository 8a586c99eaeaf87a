"""The reader of messages that were destroyed: they say nothing, now and at every replay."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from onesystem.district import District, Source
from onesystem.feeds.landing.scrubbing import DESTROYED
from onesystem.feeds.readers import Explained, register
from onesystem.vocabulary import Reading


class DestroyedReader:
    """Reads what is left of a message: nothing."""

    format = DESTROYED

    def sniff(self, name: str, head: bytes) -> bool:  # noqa: ARG002 - as all readers
        """Nothing that arrives is of this format."""
        return False

    def split(self, data: BinaryIO, name: str) -> Iterator[bytes]:  # noqa: ARG002
        """Nothing that arrives is of this format."""
        return iter(())

    def read(
        self, message: bytes, *, source: Source, district: District, received: datetime
    ) -> list[Reading]:
        """No readings."""
        del message, source, district, received
        return []

    def kind(self, message: bytes) -> str:  # noqa: ARG002
        """What it is shown as."""
        return DESTROYED

    def explain(self, message: bytes) -> list[Explained]:  # noqa: ARG002
        """Why there is nothing to see."""
        return [Explained(text="", says="This message was destroyed with the record it was of.")]


def connect() -> None:
    """Let the feeds pass over what was destroyed. Safe to call again."""
    register(DestroyedReader())
