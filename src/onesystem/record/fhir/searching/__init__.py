"""FHIR R4 search over the record. The door is lazy: importing it needs no Django."""

from importlib import import_module
from typing import Any

_DOOR = {
    "index": "onesystem.record.fhir.searching.index",
    "unindex": "onesystem.record.fhir.searching.index",
    "erase": "onesystem.record.fhir.searching.index",
    "search": "onesystem.record.fhir.searching.answer",
    "matches": "onesystem.record.fhir.searching.answer",
    "coverage": "onesystem.record.fhir.searching.coverage",
    "parameters_of": "onesystem.record.fhir.searching.definitions",
}


def __getattr__(name: str) -> Any:
    if name in _DOOR:
        return getattr(import_module(_DOOR[name]), name)
    raise AttributeError(name)
