"""The people of `bench fhir-server`, taken in as a source would send them, and a doctor's token.

Everybody has a few results; the first LONG of them have a long record.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from onesystem.bench.scratch import HOSPITAL

LONG = 100  # people with a long record
SYSTEM = "urn:bench:number"
COMMON = "http://loinc.org|2823-3"
DISTRICT = (
    HOSPITAL
    + """
[organisations.practice]
name = "Practice"
national_code = "P1"

[services.clinic]
name = "Clinic"
setting = "outpatient"
organisation = "hospital"

[sources.bench]
organisation = "hospital"
format = "fhir"
"""
)
_FEW, _MANY = 4, 150  # results of a person
_CODES = (("2823-3", "Potassium"), ("2951-2", "Sodium"), ("4548-4", "HbA1c"))


def fill(folder: Path, people: int) -> tuple[str, int, float]:
    """Take them in; gives the token, how many resources there are, and the CPU seconds it took."""
    from onesystem import access, wiring
    from onesystem.access import actions
    from onesystem.feeds import take_in
    from onesystem.record.fhir import clients

    district = wiring.open_district()
    file, count = folder / "people.ndjson", 0
    with file.open("wb") as out:
        for resource in _resources(people):
            out.write(orjson.dumps(resource, option=orjson.OPT_APPEND_NEWLINE))
            count += 1
    begun = time.process_time()
    report = take_in([file], "bench", district=district)
    spent = time.process_time() - begun
    if report.total.quarantined or report.entries != count:
        raise RuntimeError("the benchmark's own records were not read")
    file.unlink()
    by = access.Actor.job("bench")
    actions.add_user(username="doctor", password="three blind mice run",  # noqa: S106 - of a minute
                     roles=["hospital-doctor"], organisation="practice", by=by)  # fmt: skip
    token = clients.issue(client="bench", scopes="user/*.rs", purpose="direct care", by=by,
                          username="doctor")  # fmt: skip
    return token, count, spent


def _resources(people: int) -> Iterator[dict[str, Any]]:
    for n in range(people):
        yield _patient(n)
        for each in range(_MANY if n < LONG else _FEW):
            yield _result(n, each)


def _patient(n: int) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": f"p{n}",
        "meta": {"lastUpdated": "2026-01-05T10:00:00Z"},
        "identifier": [{"system": SYSTEM, "value": f"N{n}"}],
        "active": True,
        "name": [{"use": "official", "family": f"Family{n % 977}", "given": [f"Given{n % 331}"]}],
        "telecom": [{"system": "phone", "value": f"01603 {n:06}", "use": "home"}],
        "gender": "female" if n % 2 else "male",
        "birthDate": f"{1930 + n % 90}-{n % 12 + 1:02}-{n % 28 + 1:02}",
        "address": [{"line": [f"{n % 200} Mill Road"], "city": "Norwich", "postalCode": "NR1 1AA"}],
        "generalPractitioner": [
            {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code",
                            "value": "P1"}}
        ],
    }  # fmt: skip


def _result(n: int, each: int) -> dict[str, Any]:
    code, words = _CODES[each % len(_CODES)]
    at = f"20{10 + each % 15}-{each % 12 + 1:02}-{each % 28 + 1:02}T09:{n % 60:02}:00Z"
    return {
        "resourceType": "Observation",
        "id": f"o{n}-{each}",
        "meta": {"lastUpdated": at},
        "status": "final",
        "category": [{"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": words}],
                 "text": words},
        "subject": {"reference": f"Patient/p{n}"},
        "effectiveDateTime": at,
        "issued": at,
        "valueQuantity": {"value": 40 + (n + each) % 17, "unit": "mmol/L",
                          "system": "http://unitsofmeasure.org", "code": "mmol/L"},
    }  # fmt: skip
