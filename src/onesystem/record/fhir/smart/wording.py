"""Scopes in plain words, for whoever has to agree to them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from onesystem.access import Grain
from onesystem.record.fhir.smart.granting import Asked, written
from onesystem.vocabulary.said import say, say_each

_WORDS = say_each(
    {
        "openid": "Know who you are when you sign in",
        "fhirUser": "See your entry in the record as a member of staff, or as a person",
        "profile": "See your name",
        "launch": "Know which person's record it was launched from",
        "launch/patient": "Know which person you choose for it",
        "offline_access": "Go on for up to 90 days without asking you again",
    }
)
_TYPES = say_each(
    {
        "*": "everything in the record that you may see yourself",
        "Patient": "who they are: name, birth date, address, numbers",
        "AllergyIntolerance": "allergies",
        "Condition": "problems and diagnoses",
        "Observation": "results and measurements",
        "MedicationRequest": "prescriptions",
        "MedicationStatement": "medicines taken",
        "MedicationDispense": "medicines handed out",
        "Encounter": "visits and stays",
        "Immunization": "vaccinations",
        "Procedure": "operations and procedures",
        "DiagnosticReport": "reports of investigations",
        "DocumentReference": "letters and documents",
        "CarePlan": "care plans",
        "CareTeam": "the care team",
        "Appointment": "appointments",
        "Practitioner": "members of staff",
        "Organization": "organisations",
        "Location": "places",
        "Medication": "descriptions of medicines",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One scope on the page of consent. `firm`: it cannot be taken away by itself."""

    scope: str
    words: str
    firm: bool = False
    writes: bool = False


def lines(asked: Asked) -> Iterator[Line]:
    """The scopes in words, data first."""
    for grain in asked.grains:
        yield Line(written(grain), _said(grain), writes=bool({*"cud"} & grain.acts))
    for word in asked.words:
        firm = word in {"openid", "launch", "launch/patient"}
        yield Line(word, _WORDS[word], firm=firm)


def _said(grain: Grain) -> str:
    acts = grain.acts
    does = []
    if {"r", "s"} & acts:
        does.append("Read" if "s" in acts else say("Read by its address, without searching,"))
    does += [word for letter, word in (("c", "add"), ("u", "change"), ("d", "delete"))
             if letter in acts]  # fmt: skip
    joined = does[0] if len(does) == 1 else ", ".join(does[:-1]) + " and " + does[-1]
    what = _TYPES.get(grain.resource) or re.sub(r"(?<!^)([A-Z])", r" \1", grain.resource).lower()
    whose = say_each(
        {
            "patient": "of this one person",
            "user": "of whomever you may open",
            "system": "of everybody whom the service may open",
        }
    )[grain.level]
    return f"{joined[0].upper()}{joined[1:]}: {what}, {whose}"
