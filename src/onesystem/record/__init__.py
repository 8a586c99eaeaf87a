"""The record room: what is known of a person. The door is lazy: importing it needs no Django."""

from importlib import import_module
from typing import Any

_DOOR = {
    "connect_fhir": "onesystem.record.fhir.wired",
    "connect_protection": "onesystem.record.protection.wired",
    "run_errands": "onesystem.record.fhir.errands",
    "take_entries": "onesystem.record.store",
    "erase": "onesystem.record.store",
    "entries_of": "onesystem.record.entries",
    "entry_of": "onesystem.record.entries",
    "entries_with": "onesystem.record.entries",
    "versions_of": "onesystem.record.entries",
    "body_of": "onesystem.record.entries",
    "Gatherer": "onesystem.record.gathering",
    "register_forgetter": "onesystem.record.keeping.destroying",
    "register_requests": "onesystem.record.queries",
    "timeline": "onesystem.record.queries",
}


def __getattr__(name: str) -> Any:
    if name in _DOOR:
        return getattr(import_module(_DOOR[name]), name)
    raise AttributeError(name)
