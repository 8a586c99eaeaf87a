"""The care room: requests, and how they stand. The door is lazy: importing it needs no Django."""

from onesystem.vocabulary.door import lazy

_DOOR = {
    "take_requests": "requests.store",
    "erase": "requests.store",
    "forget": "requests.store",
    "requests_of": "requests.queries",
    "steps_of": "requests.queries",
    "say": "saying",
    "Owned": "message",
}

__getattr__ = lazy(__name__, _DOOR)
