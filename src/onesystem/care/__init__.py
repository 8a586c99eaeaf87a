"""The care room: requests, and how they stand. The door is lazy: importing it needs no Django."""

from onesystem.vocabulary.door import lazy

_DOOR = {
    "take_requests": "store",
    "erase": "store",
    "forget": "store",
    "requests_of": "queries",
    "steps_of": "queries",
    "say": "saying",
    "Owned": "message",
}

__getattr__ = lazy(__name__, _DOOR)
