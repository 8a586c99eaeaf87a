"""Patient/$match (operation-patient-match.html): who somebody could be, by the district's linkage.

The same scorer that links what feeds bring in. Nothing is kept of who was asked for, and only
Patients that the caller may see are answered.
"""

from typing import Any

import orjson
from django.db import connection

from onesystem import people
from onesystem.district import Source, current, now
from onesystem.feeds.fhir.frame import Frame
from onesystem.feeds.fhir.persons import person as person_in
from onesystem.record.fhir import operations
from onesystem.record.fhir.acts.inputs import flag, given, whole
from onesystem.record.fhir.asks import JSON, Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.planning import checked
from onesystem.record.fhir.routing import Route
from onesystem.record.fhir.serving import Shown, columns, shown

_KNOWN = ("resource", "onlyCertainMatches", "onlySingleMatch", "count")
_USUAL, _MOST = 10, 100
_GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
_PART = 500  # identities of one statement


def match(case: Case, asked: Route) -> Answer:  # noqa: ARG001 - every operation takes both
    """POST Patient/$match with Parameters."""
    case.require("Patient", "s")
    said = given(case, _KNOWN)
    resource = _resource(said.get("resource", []))
    certain, single = flag(said, "onlyCertainMatches"), flag(said, "onlySingleMatch")
    count = whole(said, "count", _USUAL, _MOST)
    found = people.alike(_described(resource))
    if certain:
        found = [each for each in found if each.state == "link"]
    shown = _seen(case, found)
    if (certain or single) and len({a.person for a, _ in shown}) > 1:
        # Of several who are all alike, none is certain.
        shown = []
    shown = shown[:count]
    case.touches(each.identity for _, each in shown)
    case.detail |= {"entries": len(shown), "params": sorted(set(said) - {"resource"})}
    return Answer(200, _bundle(case, shown), {"Content-Type": JSON})


def _resource(values: list[Any]) -> dict[str, Any]:
    if len(values) != 1 or not isinstance(values[0], dict):
        raise Refusal(400, "there is not one resource to match", "Send one Patient, as resource.",
                      where="Parameters.parameter", code="required")  # fmt: skip
    checked(values[0], "Patient", "Parameters.parameter.resource")
    return values[0]


def _described(resource: dict[str, Any]) -> Any:
    source = Source(code="match", name="match", organisation="", declared=False)
    frame = Frame(source=source, district=current(), received=now())
    return person_in(resource, "Patient/match", frame)


def _seen(case: Case, found: list[people.Alike]) -> list[tuple[people.Alike, Shown]]:
    """The Patients of those identities, and of others of the same persons, that may be seen."""
    best: dict[int, people.Alike] = {}
    for each in found:
        best.setdefault(each.person, each)
    of = {i: person for person in best for i in people.identity_ids_of(person)}
    own = {each.identity: each for each in found}
    pairs = [
        (own.get(each.identity, best[of[each.identity]]), each)
        for each in _patients(case, sorted(of))
    ]
    order = {person: at for at, person in enumerate(best)}
    return sorted(pairs, key=lambda p: (order[p[0].person], -p[0].weight, p[1].entry))


def _patients(case: Case, identities: list[int]) -> list[Shown]:
    condition, values = case.scope.row_sql("e")
    found = []
    for at in range(0, len(identities), _PART):
        listed = ", ".join(map(str, identities[at : at + _PART]))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns('e')} FROM record_entry AS e WHERE e.identity IN ({listed}) "
                f"AND e.identity > 0 AND e.kind = 'Patient' AND e.status <> 'deleted' "
                f"AND {condition or '1 = 1'}",
                list(values),
            )
            found += [shown(row) for row in cursor.fetchall()]
    return found


def _grade(found: people.Alike) -> str:
    if found.state == "link":
        return "certain"
    return "probable" if found.strong else "possible"


def _bundle(case: Case, found: list[tuple[people.Alike, Shown]]) -> bytes:
    made: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "total": len(found)}
    if found:
        made["entry"] = [
            {
                "fullUrl": f"{case.ask.base}/{each.name}",
                "resource": orjson.Fragment(each.body),
                "search": {
                    "extension": [{"url": _GRADE, "valueCode": _grade(alike)}],
                    "mode": "match",
                    "score": round(alike.probability, 6),
                },
            }
            for alike, each in found
        ]
    return orjson.dumps(made)


def connect() -> None:
    """Make it known. Safe to call again."""
    operations.register(
        operations.Operation(
            "match",
            match,
            kinds=("Patient",),
            type=True,
            methods=("POST",),
            reads=True,
            definition="http://hl7.org/fhir/OperationDefinition/Patient-match",
        )
    )
