"""The records of some people as their sources send them in FHIR R4: one line a resource.

The practice holds most of it; the pharmacies tell what they handed out, and community nursing has
its own list of allergies, its care plans and its alerts. Sources say some of the same things, and
do not always agree, as in any district.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from onesystem.demo.fhir import instant
from onesystem.demo.world import World
from onesystem.vocabulary import codes

_HL7 = "http://terminology.hl7.org/CodeSystem/"
_DAY = 86_400
_CONDITIONS = (  # SNOMED CT code, words, share at 40, share at 80, medicines
    ("38341003", "Hypertension", 0.08, 0.6,
     ("Amlodipine 5 mg tablets", "Ramipril 5 mg capsules", "Indapamide 2.5 mg tablets")),
    ("44054006", "Type 2 diabetes mellitus", 0.04, 0.2,
     ("Metformin 500 mg tablets", "Atorvastatin 20 mg tablets", "Gliclazide 80 mg tablets")),
    ("195967001", "Asthma", 0.1, 0.1,
     ("Salbutamol 100 micrograms inhaler", "Beclometasone 100 micrograms inhaler")),
    ("13645005", "Chronic obstructive lung disease", 0.01, 0.12,
     ("Tiotropium 18 micrograms inhaler", "Carbocisteine 375 mg capsules")),
    ("49436004", "Atrial fibrillation", 0.004, 0.15,
     ("Apixaban 5 mg tablets", "Digoxin 125 microgram tablets")),
    ("709044004", "Chronic kidney disease", 0.01, 0.25, ("Sodium bicarbonate 500 mg capsules",)),
    ("35489007", "Depressive disorder", 0.13, 0.1, ("Sertraline 50 mg tablets",)),
    ("52448006", "Dementia", 0.0005, 0.11, ("Donepezil 10 mg tablets",)),
    ("396275006", "Osteoarthritis", 0.04, 0.3,
     ("Paracetamol 500 mg tablets", "Omeprazole 20 mg capsules", "Codeine 15 mg tablets")),
    ("84114007", "Heart failure", 0.003, 0.1,
     ("Bisoprolol 2.5 mg tablets", "Furosemide 40 mg tablets", "Spironolactone 25 mg tablets")),
)  # fmt: skip
_PAST = (("233604007", "Pneumonia"), ("68566005", "Urinary tract infection"),
         ("5913000", "Fracture of neck of femur"))  # fmt: skip
_DOSES = {
    "Amlodipine 5 mg tablets": "One to be taken each day",
    "Ramipril 5 mg capsules": "One to be taken each day",
    "Metformin 500 mg tablets": "One to be taken twice a day with food",
    "Salbutamol 100 micrograms inhaler": "Two puffs when needed",
    "Tiotropium 18 micrograms inhaler": "One to be inhaled each morning",
    "Apixaban 5 mg tablets": "One to be taken twice a day",
    "Sertraline 50 mg tablets": "One to be taken each morning",
    "Paracetamol 500 mg tablets": "Two up to four times a day when needed",
    "Bisoprolol 2.5 mg tablets": "One to be taken each day",
    "Atorvastatin 20 mg tablets": "One to be taken at night",
    "Omeprazole 20 mg capsules": "One to be taken each morning",
    "Furosemide 40 mg tablets": "One to be taken each morning",
    "Spironolactone 25 mg tablets": "One to be taken each day",
    "Indapamide 2.5 mg tablets": "One to be taken each morning",
    "Gliclazide 80 mg tablets": "One to be taken twice a day with food",
    "Beclometasone 100 micrograms inhaler": "Two puffs twice a day",
    "Carbocisteine 375 mg capsules": "Two to be taken three times a day",
    "Digoxin 125 microgram tablets": "One to be taken each day",
    "Sodium bicarbonate 500 mg capsules": "One to be taken three times a day",
    "Donepezil 10 mg tablets": "One to be taken at night",
    "Codeine 15 mg tablets": "One up to four times a day when needed",
}
_CLINIC = frozenset({3, 4, 5, 9})  # conditions whose medicines the hospital's clinic prescribes
_AGAIN = 180  # days within which a medicine that goes on was prescribed again
_ALLERGIES = (  # code, words, reaction, criticality
    ("91936005", "Allergy to penicillin", "Rash", "high"),
    ("91935009", "Allergy to peanut", "Swelling of the face", "high"),
    ("300913006", "Allergy to latex", "Itching", "low"),
)
_RESULTS = (  # LOINC, words, unit, UCUM, usual low and high, mean, spread, for which condition
    ("59261-8", "HbA1c", "mmol/mol", "mmol/mol", 20, 42, 56, 9, 1),
    ("2823-3", "Potassium", "mmol/L", "mmol/L", 3.5, 5.3, 4.4, 0.4, 0),
    ("62238-1", "Estimated glomerular filtration rate", "mL/min/1.73m2", "mL/min/{1.73_m2}",
     60, 120, 52, 12, 5),
)  # fmt: skip
_STEPS = ("Review medicines", "Strength and balance exercises", "Daily visit by home care",
          "Plan for what to do when breathless")  # fmt: skip
_ALERTS = ("Falls often", "Needs an interpreter", "Key safe at the door")
Lines = Iterator[bytes]


@dataclass
class Person:
    """What is so of one person, before anybody writes it down."""

    index: int
    age: int
    ill: list[int] = field(default_factory=list)
    since: list[int] = field(default_factory=list)  # seconds, one a condition
    allergy: int = -1


def records(world: World, who: np.ndarray, cut: int, *, nursed: np.ndarray) -> "Records":
    """The people's conditions, the same each time. `nursed`: those whom community nursing knows."""
    age = world.people.age(cut // _DAY)
    rng = world.rng("records", 0)
    found = []
    for index in who.tolist():
        ill = _ill(int(age[index]), rng)
        since = cut // _DAY - rng.integers(30, 3000, len(_CONDITIONS))
        found.append(Person(
            index, int(age[index]), ill, (since * _DAY).tolist(),
            index % len(_ALLERGIES) if index % 9 == 0 else -1,
        ))  # fmt: skip
    return Records(world, found, cut, set(nursed.tolist()))


def _ill(age: int, rng: np.random.Generator) -> list[int]:
    part = np.clip((age - 20) / 60, 0, 1.15)
    draw = rng.random(len(_CONDITIONS))
    return [
        n for n, (_, _, young, old, _) in enumerate(_CONDITIONS)
        if age >= 18 and draw[n] < (young * 0.6 + (old - young * 0.6) * part**2)
    ]  # fmt: skip


@dataclass
class Records:
    """The records of some people: what each source sends, by resource type."""

    world: World
    people: list[Person]
    cut: int
    nursed: set[int]

    def practices(self, subject: dict[int, str]) -> dict[str, Lines]:
        """What the practices hold."""
        return {
            "Condition": self._conditions(subject),
            "MedicationRequest": self._prescribed(subject),
            "AllergyIntolerance": self._allergies(subject),
            "Observation": self._observed(subject),
            "Immunization": self._immunised(subject),
            "DocumentReference": self._letters(subject),
            "Consent": self._wishes(subject),
        }

    def pharmacies(self, subject: dict[int, str]) -> dict[str, Lines]:
        """What the pharmacies handed out to those whom they know."""
        return {"MedicationDispense": self._dispensed(subject)}

    def community(self, subject: dict[int, str]) -> dict[str, Lines]:
        """What community nursing wrote down of those whom it knows."""
        return {
            "AllergyIntolerance": self._nursing_allergies(subject),
            "CarePlan": self._plans(subject),
            "CareTeam": self._teams(subject),
            "Flag": self._flags(subject),
        }

    def _conditions(self, subject: dict[int, str]) -> Lines:
        for p in self.people:
            for n in p.ill:
                code, words = _CONDITIONS[n][:2]
                yield _condition(subject[p.index], f"c{n}", code, words, p.since[n], "active")
            if p.age > 60 and p.index % 3 == 0:
                code, words = _PAST[p.index // 3 % len(_PAST)]
                at = p.since[0]
                yield _condition(subject[p.index], "past", code, words, at, "resolved")

    def _prescribed(self, subject: dict[int, str]) -> Lines:
        for p, n, m, name in self._medicines():
            at, stopped = p.since[n], (p.index + n) % 11 == 0
            if not stopped:
                at = max(at, self.cut - (p.index * 7 + n * 13 + m) % _AGAIN * _DAY)
            yield _line(
                "MedicationRequest", f"{subject[p.index]}-m{n}{m}", at,
                status="stopped" if stopped else "active", intent="order",
                medicationCodeableConcept={"text": name}, subject=_about(subject[p.index]),
                authoredOn=instant(at)[:10],
                requester={"display": doctor(p.index, clinic=n in _CLINIC)},
                dosageInstruction=[{"text": _DOSES[name]}],
            )  # fmt: skip

    def _dispensed(self, subject: dict[int, str]) -> Lines:
        for p, n, m, name in self._medicines():
            if p.index not in subject:
                continue
            for month in range(2):
                at = self.cut - (p.index % 25 + 28 * month + 1) * _DAY
                yield _line(
                    "MedicationDispense", f"{subject[p.index]}-d{n}{m}{month}", at,
                    status="completed", medicationCodeableConcept={"text": name},
                    subject=_about(subject[p.index]), whenHandedOver=instant(at),
                    quantity={"value": 28, "unit": "dose"},
                    performer=[{"actor": {"display": "Community pharmacy"}}],
                )  # fmt: skip

    def _medicines(self) -> Iterator[tuple[Person, int, int, str]]:
        for p in self.people:
            for n in p.ill:
                for m, name in enumerate(_CONDITIONS[n][4]):
                    yield p, n, m, name

    def _allergies(self, subject: dict[int, str]) -> Lines:
        for p in self.people:
            if p.allergy >= 0:
                yield _allergy(subject[p.index], p.allergy, p.since[0])

    def _nursing_allergies(self, subject: dict[int, str]) -> Lines:
        for p in self._nursed():
            if p.allergy >= 0:  # the same words; now and then a nurse was told otherwise
                said = "low" if p.index % 4 == 0 else _ALLERGIES[p.allergy][3]
                yield _allergy(subject[p.index], p.allergy, p.since[1], said)
            elif p.index % 2 == 0:
                none = _coded(codes.SNOMED, "716186003", "No known allergies")
                yield _intolerance(subject[p.index], p.since[1], none)

    def _observed(self, subject: dict[int, str]) -> Lines:
        rng = self.world.rng("results", 0)
        for p in self.people:
            for n in range(1 + 2 * bool(p.ill)):
                yield _pressure(subject[p.index], n, self.cut, rng)
            for r, (*_, which) in enumerate(_RESULTS):
                if which in p.ill:
                    yield from self._results(subject[p.index], r, rng)

    def _results(self, subject: str, r: int, rng: np.random.Generator) -> Lines:
        code, words, unit, ucum, low, high, mean, spread, _ = _RESULTS[r]
        level = float(rng.normal(mean, spread))
        for n in range(4):
            at = self.cut - (20 + 110 * n + int(rng.integers(0, 60))) * _DAY
            value = round(level + float(rng.normal(0, spread / 4)), 1)
            flag = "H" if value > high else "L" if value < low else "N"
            ends = {"low": _amount(low, unit, ucum), "high": _amount(high, unit, ucum)}
            yield _line(
                "Observation", f"{subject}-r{r}{n}", at, status="final",
                category=[_coded(f"{_HL7}observation-category", "laboratory", "Laboratory")],
                code=_coded(codes.LOINC, code, words), subject=_about(subject),
                effectiveDateTime=instant(at), valueQuantity=_amount(value, unit, ucum),
                interpretation=[_coded(f"{_HL7}v3-ObservationInterpretation", flag, flag)],
                referenceRange=[ends],
            )  # fmt: skip

    def _immunised(self, subject: dict[int, str]) -> Lines:
        for p in self.people:
            if p.age >= 65 and p.index % 4:
                at = self.cut - (40 + p.index % 30) * _DAY
                yield _line(
                    "Immunization", f"{subject[p.index]}-i", at, status="completed",
                    vaccineCode={"text": "Influenza vaccine"}, patient=_about(subject[p.index]),
                    occurrenceDateTime=instant(at)[:10],
                )  # fmt: skip

    def _letters(self, subject: dict[int, str]) -> Lines:
        for p in self.people:
            if len(p.ill) >= 3:
                at = self.cut - (60 + p.index % 200) * _DAY
                yield _line(
                    "DocumentReference", f"{subject[p.index]}-l", at, status="current",
                    type=_coded(codes.LOINC, "11488-4", "Consult note"),
                    subject=_about(subject[p.index]), date=instant(at),
                    author=[{"display": "Hospital clinic"}],
                    content=[{"attachment": {"contentType": "text/plain", "title": "Clinic letter",
                                             "data": "U3ludGhldGljIGxldHRlci4="}}],
                )  # fmt: skip

    def _wishes(self, subject: dict[int, str]) -> Lines:
        for p in self.people:
            if p.age >= 80 and p.index % 3 == 0:
                at = self.cut - (200 + p.index % 300) * _DAY
                yield _line(
                    "Consent", f"{subject[p.index]}-w", at, status="active",
                    scope=_coded(f"{_HL7}consentscope", "adr", "Advance care directive"),
                    category=[_coded(f"{_HL7}consentcategorycodes", "acd", "Advance directive")],
                    patient=_about(subject[p.index]), dateTime=instant(at),
                    policyRule={"text": "Wishes to be looked after at home"},
                )  # fmt: skip

    def _plans(self, subject: dict[int, str]) -> Lines:
        for p in self._nursed():
            if p.age < 70 or not p.ill:
                continue
            steps = [_STEPS[(p.index + n) % len(_STEPS)] for n in range(1 + len(p.ill) % 3)]
            at = self.cut - (30 + p.index % 90) * _DAY
            yield _line(
                "CarePlan", f"{subject[p.index]}-p", at, status="active", intent="plan",
                category=[{"text": "Care plan at home"}], subject=_about(subject[p.index]),
                period={"start": instant(at)[:10]}, author={"display": "Community nurse"},
                activity=[{"detail": {"status": "in-progress", "description": s}} for s in steps],
            )  # fmt: skip

    def _teams(self, subject: dict[int, str]) -> Lines:
        for p in self._nursed():
            if p.age >= 70:
                yield _line(
                    "CareTeam", f"{subject[p.index]}-t", p.since[0], status="active",
                    name="Neighbourhood nursing team", subject=_about(subject[p.index]),
                    participant=[{"role": [{"text": "Named nurse"}],
                                  "member": {"display": "Community nurse"}}],
                )  # fmt: skip

    def _flags(self, subject: dict[int, str]) -> Lines:
        for p in self._nursed():
            if p.index % 5 == 0:
                yield _line(
                    "Flag", f"{subject[p.index]}-f", p.since[0], status="active",
                    code={"text": _ALERTS[p.index // 5 % len(_ALERTS)]},
                    subject=_about(subject[p.index]),
                )  # fmt: skip

    def _nursed(self) -> Iterator[Person]:
        return (p for p in self.people if p.index in self.nursed)


def _line(kind: str, name: str, at: int, /, **told: Any) -> bytes:
    return orjson.dumps(
        {"resourceType": kind, "id": name, "meta": {"lastUpdated": instant(at)}, **told}
    )


def _about(subject: str) -> dict[str, str]:
    return {"reference": f"Patient/{subject}"}


def _coded(system: str, code: str, words: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": words}], "text": words}


def _amount(value: float, unit: str, ucum: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": codes.UCUM, "code": ucum}


def doctor(person: int, *, clinic: bool = False) -> str:
    """Who looks after somebody in their practice, or in a clinic: another doctor than there."""
    number = person // 10 + 2 * clinic
    return f"Dr {('Avocet', 'Bittern', 'Curlew', 'Dunlin', 'Egret')[number % 5]}"


def _condition(subject: str, name: str, code: str, words: str, at: int, state: str) -> bytes:
    return _line(
        "Condition", f"{subject}-{name}", at,
        clinicalStatus=_coded(f"{_HL7}condition-clinical", state, state.capitalize()),
        code=_coded(codes.SNOMED, code, words), subject=_about(subject),
        onsetDateTime=instant(at)[:10], recordedDate=instant(at)[:10],
    )  # fmt: skip


def _allergy(subject: str, which: int, at: int, criticality: str = "") -> bytes:
    code, words, reaction, risk = _ALLERGIES[which]
    return _intolerance(
        subject, at, _coded(codes.SNOMED, code, words), criticality=criticality or risk,
        reaction=[{"manifestation": [{"text": reaction}]}],
    )  # fmt: skip


def _intolerance(subject: str, at: int, code: dict[str, Any], **told: Any) -> bytes:
    return _line(
        "AllergyIntolerance", f"{subject}-a", at,
        clinicalStatus=_coded(f"{_HL7}allergyintolerance-clinical", "active", "Active"),
        code=code, patient=_about(subject), recordedDate=instant(at)[:10], **told,
    )  # fmt: skip


def _pressure(subject: str, which: int, cut: int, rng: np.random.Generator) -> bytes:
    at = cut - int(rng.integers(1, 700)) * _DAY
    upper, lower = int(rng.normal(134, 15)), int(rng.normal(79, 9))

    def part(code: str, words: str, value: int) -> dict[str, Any]:
        return {"code": _coded(codes.LOINC, code, words),
                "valueQuantity": _amount(value, "mmHg", "mm[Hg]")}  # fmt: skip

    return _line(
        "Observation", f"{subject}-o{which}", at, status="final",
        category=[_coded(f"{_HL7}observation-category", "vital-signs", "Vital Signs")],
        code=_coded(codes.LOINC, "85354-9", "Blood pressure"), subject=_about(subject),
        effectiveDateTime=instant(at),
        component=[part("8480-6", "Systolic blood pressure", upper),
                   part("8462-4", "Diastolic blood pressure", lower)],
    )  # fmt: skip
