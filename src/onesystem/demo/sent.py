"""What a source of the demo sends, and where files lie; light, since it stays in memory."""

from dataclasses import dataclass

from onesystem.demo.seconds import DAY, HOUR, MINUTE

DROP = "drop"  # where a source that is not on the wire leaves its files
LIVE = 2 * DAY  # the last days of a demo that is made, which come as messages
EVERY = {  # seconds between the extracts of the sources that send no messages
    "ambulance": 10 * MINUTE, "out-of-hours": 30 * MINUTE, "community": HOUR, "council": 6 * HOUR,
    "pharmacies": 6 * HOUR,
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Sent:
    """Something that a source sends: a message, or a file with a name."""

    at: int
    source: str
    name: str
    data: bytes
    hl7: bool
