"""$meta of one resource (resource-operation-meta.html): its profiles, tags and labels."""

import orjson

from onesystem.record.fhir import operations
from onesystem.record.fhir.acts.inputs import given
from onesystem.record.fhir.asks import JSON, Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.finding import by_name
from onesystem.record.fhir.reading import absent
from onesystem.record.fhir.routing import Route


def meta(case: Case, asked: Route) -> Answer:
    """GET or POST Type/id/$meta."""
    case.require(asked.kind, "r")
    given(case, ())
    found = by_name(asked.kind, asked.logical, case.scope)
    if found is None or found.gone:
        raise absent(asked.kind, asked.logical)
    case.touches([found.identity])
    said = orjson.loads(found.body)["meta"]
    made = {"resourceType": "Parameters", "parameter": [{"name": "return", "valueMeta": said}]}
    return Answer(200, orjson.dumps(made), {"Content-Type": JSON})


def connect() -> None:
    """Make it known. Safe to call again."""
    operations.register(
        operations.Operation(
            "meta",
            meta,
            kinds=("*",),
            instance=True,
            reads=True,
            definition="http://hl7.org/fhir/OperationDefinition/Resource-meta",
        )
    )
