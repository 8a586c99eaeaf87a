"""The record room: what is known of a person. The door is lazy: importing it needs no Django."""

from onesystem.vocabulary.door import lazy

_DOOR = {
    "connect_fhir": "fhir.wired",
    "connect_protection": "protection.wired",
    "errands_wait": "fhir.errands",
    "run_errands": "fhir.errands",
    "take_entries": "store",
    "erase": "store",
    "entries_of": "entries",
    "entry_of": "entries",
    "entries_with": "entries",
    "versions_of": "entries",
    "body_of": "entries",
    "Gatherer": "gathering",
    "register_forgetter": "keeping.destroying",
    "register_requests": "queries",
    "register_tab": "tabs",
    "timeline_of": "queries",
}

__getattr__ = lazy(__name__, _DOOR)
