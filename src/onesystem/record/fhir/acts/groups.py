"""Whom a Group names, as it stands and as far as the caller may see them."""

from collections.abc import Sequence
from typing import Any

import orjson

from onesystem import people
from onesystem.record.fhir.finding import by_name
from onesystem.record.fhir.serving import Shown


def members(group: Shown, scope: Any) -> set[int]:
    """The identities of the persons in a Group."""
    said = orjson.loads(group.body).get("member") or ()
    names = [m.get("entity", {}).get("reference", "") for m in said if not m.get("inactive")]
    patients = [name.removeprefix("Patient/") for name in names if name.startswith("Patient/")]
    return linked(patients, scope)


def linked(patients: Sequence[str], scope: Any) -> set[int]:
    """The identities of the persons whom these Patients are."""
    shown = [by_name("Patient", each, scope) for each in patients]
    found = {each.identity for each in shown if each is not None and not each.gone}
    persons = set(people.person_of(sorted(found)).values())
    return found | {i for person in persons for i in people.identity_ids_of(person)}
