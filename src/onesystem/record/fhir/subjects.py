"""Whose a resource is that we compose ourselves, since its source sent no FHIR.

The Patient that came for the same identity, where one did; else the number by which the source
knows the person. Another source's Patient of the same person is not named here: whether the caller
may see that one is not this resource's to tell.
"""

from typing import Any

from onesystem.access.quick import rows
from onesystem.feeds.fhir.definitions import definitions

SYSTEM = "urn:onesystem:"  # and the source: the system of its own numbers


def subject_of(kind: str, identity: int) -> dict[str, Any]:
    """The element that says whose it is, by its name; empty where the type has none."""
    leaf = next(iter(definitions().patient.get(kind, ())), "")
    if not identity or not leaf:
        return {}
    said = _reference(identity)
    held = definitions().types[kind].elements.get(leaf)
    return {leaf: [said] if held and held.many else said} if said else {}


def _reference(identity: int) -> dict[str, Any]:
    found = rows(
        "SELECT e.logical FROM record_entry AS e WHERE e.identity = %s AND e.identity > 0 "
        "AND e.kind = %s AND e.status <> 'deleted' ORDER BY e.id LIMIT 1",
        [identity, "Patient"],
    )
    if found:
        return {"reference": f"Patient/{found[0][0]}"}
    known = rows("SELECT source, subject FROM people_identity WHERE id = %s", [identity])
    if not known:
        return {}
    source, subject = known[0]
    return {"type": "Patient", "identifier": {"system": f"{SYSTEM}{source}", "value": subject}}
