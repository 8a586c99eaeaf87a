"""Two people that nobody is: one of whom nothing is known, and one who has all that is asked for.

A condition that is saved is asked of both, so that what cannot be put in order, or is no truth, is
found by its author and not by whoever opens the pathway beside a person.
"""

from datetime import UTC, datetime
from typing import Any

from onesystem.care.pathways.document import CodeList, Pathway, Question
from onesystem.care.pathways.known import Facts

NOBODY = Facts(now=datetime(2026, 1, 1, tzinfo=UTC))
_DAY = "2025-12-31"
_ANSWERS = {"boolean": True, "integer": 1, "decimal": 1.5, "date": _DAY, "text": "words"}
_KINDS = {
    "Condition": "onsetDateTime", "Observation": "effectiveDateTime", "Flag": "date",
    "AllergyIntolerance": "onsetDateTime", "MedicationRequest": "authoredOn",
    "Immunization": "occurrenceDateTime",
}  # fmt: skip


def somebody(pathway: Pathway) -> Facts:
    """One who has everything that the lists of a pathway name, and answered every question."""
    return Facts(
        now=NOBODY.now,
        patient={"resourceType": "Patient", "birthDate": "1950-01-01", "gender": "female"},
        resources={
            kind: tuple(_one(kind, when, each) for each in pathway.lists)
            for kind, when in _KINDS.items()
        },
        answers={q.key: _answer(q) for form in pathway.forms for q in form.questions},
    )


def _one(kind: str, when: str, each: CodeList) -> dict[str, Any]:
    codings = [{"system": c.system, "code": c.code.rstrip("*")} for c in each.codes]
    made = {"resourceType": kind, "id": each.key, when: _DAY, "code": {"coding": codings}}
    return made | ({"valueQuantity": {"value": 1.5}} if kind == "Observation" else {})


def _answer(question: Question) -> Any:
    options = question.options or ("words",)
    return options[0] if question.type == "choice" else _ANSWERS.get(question.type, "words")
