"""The details of an entry by its kind, as (name, value) in the order in which they are read.

`AGREE` names those on which two sources that mean the same thing ought to agree.
"""

from collections.abc import Callable, Mapping

from onesystem.record.summary.wording import Resource, concept, notes, quantity
from onesystem.vocabulary.said import say, say_each

Pairs = tuple[tuple[str, str], ...]
_RISK = say_each({"high": "high risk", "low": "low risk"})


def _allergy(said: Resource) -> Pairs:
    reactions = [r for r in said.get("reaction") or () if isinstance(r, dict)]
    severities = dict.fromkeys(str(r["severity"]) for r in reactions if r.get("severity"))
    return (
        ("Reaction", concept([m for r in reactions for m in r.get("manifestation") or ()])),
        ("Severity", ", ".join(severities)),
        ("Criticality", _RISK.get(str(said.get("criticality")), "")),
        ("Certainty", concept(said.get("verificationStatus"))),
        ("Kind", concept(said.get("category"))),
        ("Note", notes(said)),
    )  # fmt: skip


def _problem(said: Resource) -> Pairs:
    return (
        (say("Severity"), concept(said.get("severity"))),
        (say("Certainty"), concept(said.get("verificationStatus"))),
        (say("Site"), concept(said.get("bodySite"))),
        (
            say("Ended"),
            str(said.get("abatementDateTime") or said.get("abatementString") or "")[:10],
        ),
        (say("Note"), notes(said)),
    )


def _medicine(said: Resource) -> Pairs:
    dosage = [
        d for d in said.get("dosageInstruction") or said.get("dosage") or () if isinstance(d, dict)
    ]
    supply = said.get("dispenseRequest")
    repeats = supply.get("numberOfRepeatsAllowed") if isinstance(supply, dict) else None
    return (
        (say("Dose"), "; ".join(filter(None, (_dose(d) for d in dosage)))),
        (say("Quantity"), quantity(said.get("quantity"))),
        (say("Repeats"), str(repeats) if repeats else ""),
        (say("Reason"), concept(said.get("reasonCode"))),
        (say("Stopped because"), concept(said.get("statusReason"))),
        (say("Note"), notes(said)),
    )  # fmt: skip


def _dose(said: Resource) -> str:
    if said.get("text"):
        return str(said["text"])
    amounts = [d for d in said.get("doseAndRate") or () if isinstance(d, dict)]
    amount = next((quantity(d.get("doseQuantity")) for d in amounts), "")
    timing = said.get("timing")
    how_often = concept(timing.get("code")) if isinstance(timing, dict) else ""
    return " ".join(filter(None, (amount, how_often, concept(said.get("route")))))


def _document(said: Resource) -> Pairs:
    content = said.get("content")
    first = content[0] if isinstance(content, list) and content else {}
    held = first.get("attachment") if isinstance(first, dict) else None
    attached = held if isinstance(held, dict) else {}
    return (
        ("Title", str(attached.get("title") or said.get("description") or "")),
        ("Form", str(attached.get("contentType") or "")),
        ("Conclusion", str(said.get("conclusion") or "")),
    )


def _plan(said: Resource) -> Pairs:
    activities = [a.get("detail") for a in said.get("activity") or () if isinstance(a, dict)]
    steps = [
        concept(d.get("code")) or str(d.get("description", ""))
        for d in activities
        if isinstance(d, dict)
    ]
    period = said.get("period") if isinstance(said.get("period"), dict) else {}
    return (
        (say("Steps"), "; ".join(filter(None, steps))),
        (say("Wish"), str(said.get("description") or "")),
        (say("Until"), str((period or {}).get("end", ""))[:10]),
        (say("Note"), notes(said)),
    )  # fmt: skip


def _wish(said: Resource) -> Pairs:
    return (("Wish", concept(said.get("policyRule"))), ("Note", notes(said)))


def _observed(said: Resource) -> Pairs:
    return (("Method", concept(said.get("method"))), ("Note", notes(said)))


DETAILS: Mapping[str, Callable[[Resource], Pairs]] = {
    "AllergyIntolerance": _allergy,
    "Condition": _problem,
    "MedicationRequest": _medicine,
    "MedicationStatement": _medicine,
    "MedicationDispense": _medicine,
    "DocumentReference": _document,
    "DiagnosticReport": _document,
    "CarePlan": _plan,
    "Goal": _plan,
    "Consent": _wish,
    "Observation": _observed,
}
AGREE: Mapping[str, tuple[str, ...]] = {
    "AllergyIntolerance": ("Criticality", "Certainty"),
    "Condition": ("Certainty",),
    "MedicationRequest": ("Dose",),
    "MedicationStatement": ("Dose",),
}
