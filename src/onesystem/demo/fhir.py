"""What the practices send as FHIR R4 of their visits: people and consultations."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson

from onesystem.demo.faces import Face, Faces
from onesystem.demo.people import NEVER
from onesystem.demo.streams import Stream, vocabulary
from onesystem.demo.world import World
from onesystem.vocabulary import codes

_SYSTEMS = {"nhs": codes.NHS_NUMBER, "nhi": codes.NHI_NUMBER}
_CLASS = {"face to face": "AMB", "home visit": "HH", "telephone": "VR", "online": "VR"}
_ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def instant(second: int) -> str:
    """A time as FHIR writes it."""
    return datetime.fromtimestamp(int(second), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def patient(face: Face, world: World, at: int) -> bytes:
    """A Patient."""
    scheme = world.here.facts["district"]["number"]
    born = face.birth_date
    made: dict[str, Any] = {
        "resourceType": "Patient", "id": face.subject, "meta": {"lastUpdated": instant(at)},
        "identifier": [{"system": _SYSTEMS[scheme], "value": face.number}] if face.number else None,
        "name": [{"use": "official", "family": face.family, "given": face.given.split()}],
        "telecom": [{"system": "phone", "value": face.phone}] if face.phone else None,
        "gender": "male" if face.sex == "M" else "female",
        "birthDate": f"{born[:4]}-{born[4:6]}-{born[6:]}",
        "address": [{"line": [face.address], "city": face.town, "postalCode": face.postcode}],
        "generalPractitioner": [{"identifier": {"value": face.practice}}],
    }  # fmt: skip
    return orjson.dumps({k: v for k, v in made.items() if v})


def encounter(world: World, made: Stream, row: int, subject: str, at: int) -> bytes:
    """A consultation as it stands at that second."""
    words = vocabulary()
    begun, ended = int(made.started[row]), int(made.ended[row])
    gone = bool(made.cancelled[row]) and ended <= at
    status, version = "planned", 1
    period: dict[str, str] = {"start": instant(min(begun, ended))}
    if begun <= at:
        status, version, period = "in-progress", 2, {"start": instant(begun)}
    if gone:
        status, version = "cancelled", 2
    elif ended <= at:
        status, version = "finished", 3
        period["end"] = instant(ended)
    service = world.plan.services[int(made.service[row])]
    said: dict[str, Any] = {"admitSource": {"text": words[made.mode[row]]}}
    if ended <= at:
        said["dischargeDisposition"] = {"text": words[made.outcome[row]]}
    asked = {"status": "planned", "period": {"start": instant(made.requested[row])}}
    return orjson.dumps({
        "resourceType": "Encounter", "id": f"G{int(made.number[row]):08d}",
        "meta": {"versionId": str(version), "lastUpdated": instant(at)},
        "status": status, "statusHistory": [asked],
        "class": {"system": _ACT, "code": _CLASS.get(words[made.mode[row]], "AMB")},
        "subject": {"reference": f"Patient/{subject}"}, "period": period,
        "participant": [{"individual": {"display": words[made.by[row]]}}],
        "reasonCode": [{"text": words[made.reason[row]]}], "hospitalization": said,
        "serviceProvider": {"identifier": {"value": service["code"]}, "display": service["name"]},
    })  # fmt: skip


def visits(
    world: World, faces: Faces, who: np.ndarray, gp: Stream, cut: int
) -> dict[str, Iterator[bytes]]:
    """Some people and their consultations by resource type: one line a resource."""
    faces.prepare("practices", who)
    subject = {int(p): faces.of("practices", int(p), second=False).subject for p in who}
    seen = gp.where((gp.ended <= cut) & (gp.started < NEVER))
    return {
        "Patient": (patient(faces.of("practices", int(p), second=False), world, cut) for p in who),
        "Encounter": (encounter(world, seen, row, subject[int(seen.person[row])],
                                int(seen.ended[row])) for row in range(len(seen))),
    }  # fmt: skip
