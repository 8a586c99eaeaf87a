"""Who is who: identities, linkage, the map from identities to persons, and officers' decisions.

The door of the room. Importing it needs neither Django nor the heavy libraries.
"""

from importlib import import_module
from typing import Any

_DOOR = {
    "meet": "meeting",
    "identify": "meeting",
    "meet_table": "bulk",
    "identify_table": "bulk",
    "link_pending": "pending",
    "person_of": "mapping",
    "identities_of": "mapping",
    "identity_ids_of": "mapping",
    "people_count": "mapping",
    "IdentityView": "mapping",
    "forget_map": "forgetting",
    "alike": "likeness",
    "Alike": "likeness",
}

__all__ = list(_DOOR)


def __getattr__(name: str) -> Any:
    if name not in _DOOR:
        raise AttributeError(f"the people room has no {name!r}")
    found = getattr(import_module(f"onesystem.people.{_DOOR[name]}"), name)
    globals()[name] = found  # the next one who asks finds it at once
    return found
