"""What the practices send as FHIR R4: people and consultations, and the records of a tenth."""

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
_CONDITIONS = (  # SNOMED CT code, words, share at 40, share at 80
    ("38341003", "Hypertension", 0.08, 0.6),
    ("73211009", "Diabetes mellitus", 0.04, 0.2),
    ("195967001", "Asthma", 0.1, 0.1),
    ("13645005", "Chronic obstructive lung disease", 0.01, 0.12),
    ("49436004", "Atrial fibrillation", 0.004, 0.15),
    ("709044004", "Chronic kidney disease", 0.01, 0.25),
    ("35489007", "Depressive disorder", 0.13, 0.1),
    ("52448006", "Dementia", 0.0005, 0.11),
    ("396275006", "Osteoarthritis", 0.04, 0.3),
)
_MEDICINES = (  # words, for which condition (index)
    ("Amlodipine 5 mg tablets", 0), ("Ramipril 5 mg capsules", 0), ("Metformin 500 mg tablets", 1),
    ("Salbutamol 100 micrograms inhaler", 2), ("Tiotropium 18 micrograms inhaler", 3),
    ("Apixaban 5 mg tablets", 4), ("Sertraline 50 mg tablets", 6),
    ("Paracetamol 500 mg tablets", 8),
)  # fmt: skip
_ALLERGIES = (("91936005", "Allergy to penicillin"), ("91935009", "Allergy to peanut"),
              ("300913006", "Allergy to latex"))  # fmt: skip
_ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_ALLERGY = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"


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


def records(
    world: World, faces: Faces, who: np.ndarray, gp: Stream, cut: int
) -> dict[str, Iterator[bytes]]:
    """The records of some people by resource type: one line a resource."""
    age = world.people.age(cut // 86_400)
    rng = world.rng("records", 0)
    faces.prepare("practices", who)
    ill = {int(p): _ill(int(age[p]), rng) for p in who}
    subject = {int(p): faces.of("practices", int(p), second=False).subject for p in who}
    day = (cut // 86_400 - rng.integers(30, 3000, (len(who), len(_CONDITIONS)))) * 86_400
    since = {int(p): d for p, d in zip(who, day.tolist(), strict=True)}
    seen = gp.where((gp.ended <= cut) & (gp.started < NEVER))
    return {
        "Patient": (patient(faces.of("practices", int(p), second=False), world, cut) for p in who),
        "Encounter": (encounter(world, seen, row, subject[int(seen.person[row])],
                                int(seen.ended[row])) for row in range(len(seen))),
        "Condition": (_condition(subject[p], c, since[p][c]) for p in ill for c in ill[p]),
        "MedicationRequest": (_medicine(subject[p], m, since[p][_MEDICINES[m][1]])
                              for p in ill for m in range(len(_MEDICINES))
                              if _MEDICINES[m][1] in ill[p]),
        "AllergyIntolerance": (_allergy(subject[int(p)], int(p)) for p in who if p % 9 == 0),
        "Observation": (_pressure(subject[p], n, cut, rng)
                        for p in ill for n in range(1 + 2 * bool(ill[p]))),
    }  # fmt: skip


def _ill(age: int, rng: np.random.Generator) -> list[int]:
    part = np.clip((age - 20) / 60, 0, 1.15)
    draw = rng.random(len(_CONDITIONS))
    return [
        n for n, (_, _, young, old) in enumerate(_CONDITIONS)
        if age >= 18 and draw[n] < (young * 0.6 + (old - young * 0.6) * part**2)
    ]  # fmt: skip


def _about(subject: str) -> dict[str, str]:
    return {"reference": f"Patient/{subject}"}


def _coded(system: str, code: str, words: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": words}], "text": words}


def _condition(subject: str, which: int, at: int) -> bytes:
    code, words, _, _ = _CONDITIONS[which]
    return orjson.dumps({
        "resourceType": "Condition", "id": f"{subject}-c{which}",
        "meta": {"lastUpdated": instant(at)},
        "clinicalStatus": {"coding": [{"system": _CLINICAL, "code": "active"}]},
        "code": _coded(codes.SNOMED, code, words), "subject": _about(subject),
        "onsetDateTime": instant(at)[:10], "recordedDate": instant(at)[:10],
    })  # fmt: skip


def _medicine(subject: str, which: int, at: int) -> bytes:
    return orjson.dumps({
        "resourceType": "MedicationRequest", "id": f"{subject}-m{which}",
        "meta": {"lastUpdated": instant(at)}, "status": "active", "intent": "order",
        "medicationCodeableConcept": {"text": _MEDICINES[which][0]}, "subject": _about(subject),
        "authoredOn": instant(at)[:10],
    })  # fmt: skip


def _allergy(subject: str, person: int) -> bytes:
    code, words = _ALLERGIES[person % len(_ALLERGIES)]
    return orjson.dumps({
        "resourceType": "AllergyIntolerance", "id": f"{subject}-a",
        "clinicalStatus": {"coding": [{"system": _ALLERGY, "code": "active"}]},
        "code": _coded(codes.SNOMED, code, words), "patient": _about(subject),
    })  # fmt: skip


def _pressure(subject: str, which: int, cut: int, rng: np.random.Generator) -> bytes:
    at = cut - int(rng.integers(1, 700)) * 86_400
    upper, lower = int(rng.normal(134, 15)), int(rng.normal(79, 9))

    def part(code: str, words: str, value: int) -> dict[str, Any]:
        quantity = {"value": value, "unit": "mmHg", "system": codes.UCUM, "code": "mm[Hg]"}
        return {"code": _coded(codes.LOINC, code, words), "valueQuantity": quantity}

    return orjson.dumps({
        "resourceType": "Observation", "id": f"{subject}-o{which}",
        "meta": {"lastUpdated": instant(at)}, "status": "final",
        "category": [_coded("http://terminology.hl7.org/CodeSystem/observation-category",
                            "vital-signs", "Vital Signs")],
        "code": _coded(codes.LOINC, "85354-9", "Blood pressure"), "subject": _about(subject),
        "effectiveDateTime": instant(at),
        "component": [part("8480-6", "Systolic blood pressure", upper),
                      part("8462-4", "Diastolic blood pressure", lower)],
    })  # fmt: skip
