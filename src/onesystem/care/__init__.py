"""The care room: requests, and how they stand. The door is lazy: importing it needs no Django."""

from importlib import import_module
from typing import Any

_DOOR = {
    "take_requests": "onesystem.care.store",
    "erase": "onesystem.care.store",
    "forget": "onesystem.care.store",
    "requests_of": "onesystem.care.queries",
    "steps_of": "onesystem.care.queries",
}


def __getattr__(name: str) -> Any:
    if name in _DOOR:
        return getattr(import_module(_DOOR[name]), name)
    raise AttributeError(name)
