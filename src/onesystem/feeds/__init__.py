"""The feeds room: landing, readers, quarantine and replay.

What a source sends is landed, read into readings, and handed to people, contacts and whoever
registered for the rest, in one transaction with the row that says what became of the message.
"""

from importlib import import_module
from typing import Any

# The door is lazy: importing it needs neither Django nor a district.
_DOOR = {
    "Arrival": "onesystem.feeds.landing",
    "NotLanded": "onesystem.feeds.landing",
    "landing_of": "onesystem.feeds.landing",
    "register_taker": "onesystem.feeds.takers",
    "register": "onesystem.feeds.readers",
    "register_office": "onesystem.feeds.amending",
    "Explained": "onesystem.feeds.readers",
    "FileTaken": "onesystem.feeds.readers",
    "RefusedRow": "onesystem.feeds.readers",
    "Outcome": "onesystem.feeds.intake",
    "IngestReport": "onesystem.feeds.intake",
    "take_in": "onesystem.feeds.intake",
    "take_messages": "onesystem.feeds.intake",
    "process_pending": "onesystem.feeds.pending",
    "replay": "onesystem.feeds.again",
    "listen": "onesystem.feeds.mllp",
    "watch": "onesystem.feeds.folders",
}


def __getattr__(name: str) -> Any:
    if name in _DOOR:
        return getattr(import_module(_DOOR[name]), name)
    raise AttributeError(name)
