"""Patient/[id]/$summary: the person's International Patient Summary, as the page hands it out."""

import orjson

from onesystem import people
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
    from onesystem.record.summary.handing import handed_on

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
    open_to = set(_shared(case, people.identity_ids_of(of)))
    condition, values = case.scope.row_sql("e")
    made = handed_on(
        of,
        [each for each in people.identities_of(of) if each.identity in open_to],
        seen=(condition or "1 = 1", list(values)),
        base=case.ask.base,
    )
    case.touches([person.identity])
    case.detail["entries"] = len(made["entry"])
    return Answer(200, orjson.dumps(made), {"Content-Type": JSON})


def _shared(case: Case, identities: list[int]) -> list[int]:
    """The identities whose sources this caller may see."""
    from onesystem.access.quick import rows

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
