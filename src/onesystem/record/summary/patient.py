"""A person as one FHIR Patient, out of all their identities: the newest description leads. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from onesystem.people import IdentityView
from onesystem.vocabulary import NHI, NHS, CheckState, Identifier
from onesystem.vocabulary.codes import NHI_NUMBER, NHS_NUMBER

_SYSTEMS = {NHS: NHS_NUMBER, NHI: NHI_NUMBER}
_SEXES = frozenset({"female", "male", "other"})
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
# In the place of a value that nobody has said.
UNKNOWN = {"extension": [{"url": _ABSENT, "valueCode": "unknown"}]}
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def patient_of(person: int, identities: Sequence[IdentityView]) -> dict[str, Any]:
    """The Patient. An address that a source marks as sensitive is left out."""
    newest = sorted(identities, key=lambda each: each.seen_at or _LONG_AGO, reverse=True)
    told: dict[str, Any] = {
        "resourceType": "Patient",
        "id": f"person-{person}",
        "identifier": list(_identifiers(newest)),
        "name": list(_names(newest)),
        "telecom": [{"system": "phone", "value": each.phone} for each in newest if each.phone][:1],
        "gender": next((each.sex for each in newest if each.sex in _SEXES), ""),
        "birthDate": next((each.birth_date for each in newest if each.birth_date), ""),
        "deceasedDateTime": next((each.died for each in newest if each.died), ""),
        "address": [] if any(each.restricted for each in newest) else list(_addresses(newest)),
    }
    kept = {leaf: value for leaf, value in told.items() if value}
    # The guide of the patient summary asks for both.
    kept.setdefault("name", [{"text": "Name not known"}])
    return kept if "birthDate" in kept else kept | {"_birthDate": UNKNOWN}


def _identifiers(newest: Iterable[IdentityView]) -> Iterable[dict[str, Any]]:
    once: dict[tuple[str, str], Identifier] = {}
    for each in newest:
        for number in each.numbers:
            if number.scheme in _SYSTEMS and number.check is not CheckState.FAILS:
                once.setdefault((number.scheme, number.value), number)
    for scheme, value in once:
        yield {"use": "official", "system": _SYSTEMS[scheme], "value": value}


def _names(newest: Iterable[IdentityView]) -> Iterable[dict[str, Any]]:
    once = dict.fromkeys((i.family, i.given) for i in newest if i.family or i.given)
    for place, (family, given) in enumerate(once):
        name: dict[str, Any] = {"use": "usual" if place else "official"}
        if family:
            name["family"] = family
        if given:
            name["given"] = given.split()
        yield name


def _addresses(newest: Iterable[IdentityView]) -> Iterable[dict[str, Any]]:
    first = next((each for each in newest if each.address or each.postcode), None)
    if first is None:
        return
    told = {"use": "home", "text": first.address, "postalCode": first.postcode}
    yield {leaf: value for leaf, value in told.items() if value}
