"""FHIR R4 search over the record. The door is lazy: importing it needs no Django.

The index itself is kept by the module `index` (`index.index`, `index.unindex`, `index.erase`).
"""

from onesystem.vocabulary.door import lazy

_DOOR = {
    "search": "answer",
    "matches": "answer",
    "covered": "coverage",
    "parameters_of": "definitions",
}

__getattr__ = lazy(__name__, _DOOR)
