"""The summary as it is handed on: one way, for the page and for the FHIR server.

Nobody learns by it that a sender whose data is shut knows the person: the description of the
person is made of the identities that are open, as the sections are of the entries that are.
"""

from collections.abc import Sequence
from typing import Any

from onesystem import district
from onesystem.people import IdentityView
from onesystem.record.summary import asking, ips
from onesystem.record.summary.assembling import assemble
from onesystem.record.summary.patient import patient_of


def handed_on(
    person: int, open_to: Sequence[IdentityView], *, seen: asking.Condition, base: str
) -> dict[str, Any]:
    """The document Bundle of a person, out of the identities and entries that are open."""
    at = district.now()
    ids = [each.identity for each in open_to]
    said = assemble(asking.statements_of(ids, seen=seen), at=at)
    return ips.document(
        said,
        patient=patient_of(person, open_to),
        resources=asking.resources_of(ips.entries_of(said), seen=seen),
        base=base,
        author=district.current().name,
        at=at,
    )
