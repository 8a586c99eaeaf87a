"""Patient/[id]/$summary: the person's International Patient Summary, as the page hands it out."""

import orjson

from onesystem import district, people
from onesystem.record.fhir import operations
from onesystem.record.fhir.acts.inputs import given
from onesystem.record.fhir.asks import JSON, Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.finding import by_name
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.reading import absent
from onesystem.record.fhir.routing import Route


def summary(case: Case, asked: Route) -> Answer:
    """GET or POST Patient/id/$summary: a document Bundle of what this caller may see."""
    from onesystem.record.summary import asking, ips
    from onesystem.record.summary.assembling import assemble
    from onesystem.record.summary.patient import patient_of

    # The document holds many types: a token for some of them is not enough.
    case.require("Patient", "r")
    case.require("*", "r")
    _known_profile(given(case, ("profile",)).get("profile", []))
    person = by_name("Patient", asked.logical, case.scope)
    if person is None or person.gone:
        raise absent("Patient", asked.logical)
    of = people.person_of([person.identity]).get(person.identity)
    if of is None:
        raise absent("Patient", asked.logical)
    ids = _shared(case, people.identity_ids_of(of))
    condition, values = case.scope.row_sql("e")
    seen = (condition or "1 = 1", list(values))
    said = assemble(asking.statements_of(ids, seen=seen), at=district.now())
    made = ips.document(
        said,
        patient=patient_of(of, [i for i in people.identities_of(of) if i.identity in set(ids)]),
        resources=asking.resources_of(ips.entries_of(said), seen=seen),
        base=case.ask.base,
        author=district.current().name,
        at=district.now(),
    )
    case.touches([person.identity])
    case.detail["entries"] = len(made["entry"])
    return Answer(200, orjson.dumps(made), {"Content-Type": JSON})


def _shared(case: Case, identities: list[int]) -> list[int]:
    """The identities whose sources this caller may see."""
    from onesystem.record.fhir.quick import rows

    condition, values = case.scope.sql("i.id")
    listed = ", ".join(map(str, identities))
    sql = f"SELECT i.id FROM people_identity AS i WHERE i.id IN ({listed}) AND {condition}"
    return [row[0] for row in rows(sql, list(values))]


def _known_profile(said: list[str]) -> None:
    for each in said:
        if each != "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips":
            raise Refusal(400, "no summary is made by that profile",
                          "Leave it out, or name Bundle-uv-ips.", where="profile",
                          code="not-supported")  # fmt: skip


def connect() -> None:
    """Make it known. Safe to call again."""
    operations.register(
        operations.Operation(
            "summary",
            summary,
            kinds=("Patient",),
            instance=True,
            reads=True,
            definition="http://hl7.org/fhir/uv/ips/OperationDefinition/summary",
        )
    )
