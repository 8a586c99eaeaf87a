"""FHIR R4 search over the record. The door is lazy: importing it needs no Django.

The index itself is kept by the module `index` (`index.index`, `index.unindex`, `index.erase`).
"""

from importlib import import_module
from typing import Any

_DOOR = {
    "search": "onesystem.record.fhir.searching.answer",
    "matches": "onesystem.record.fhir.searching.answer",
    "covered": "onesystem.record.fhir.searching.coverage",
    "parameters_of": "onesystem.record.fhir.searching.definitions",
}


def __getattr__(name: str) -> Any:
    if name in _DOOR:
        found = globals()[name] = getattr(import_module(_DOOR[name]), name)
        return found
    raise AttributeError(name)
