"""Who is who: identities, linkage, the map from identities to persons, and officers' decisions.

The door of the room. Importing it needs neither Django nor the heavy libraries.
"""

from onesystem.vocabulary.door import lazy

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
    "births": "mapping",
    "enrolled": "mapping",
    "persons_of_several": "mapping",
    "IdentityView": "mapping",
    "forget_map": "forgetting",
    "alike": "likeness",
    "Alike": "likeness",
}

__all__ = list(_DOOR)

__getattr__ = lazy(__name__, _DOOR)
