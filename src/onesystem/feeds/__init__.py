"""The feeds room: landing, readers, quarantine and replay.

What a source sends is landed, read into readings, and handed to people, contacts and whoever
registered for the rest, in one transaction with the row that says what became of the message.
"""

from onesystem.vocabulary.door import lazy

# The door is lazy: importing it needs neither Django nor a district.
_DOOR = {
    "Arrival": "landing",
    "NotLanded": "landing",
    "landing_of": "landing",
    "register_taker": "takers",
    "register_own": "own",
    "register": "readers",
    "register_office": "amending",
    "Explained": "readers",
    "FileTaken": "readers",
    "RefusedRow": "readers",
    "Outcome": "intake",
    "IngestReport": "intake",
    "take_in": "intake",
    "take_messages": "intake",
    "process_pending": "pending",
    "replay": "again",
    "listen": "mllp",
    "apart": "forked",
}

__getattr__ = lazy(__name__, _DOOR)
