"""A pathway as FHIR R4, both ways: a Bundle of a PlanDefinition and what it names.

Each request criterion is an ActivityDefinition, each form a Questionnaire. What R4 has no element
for is in extensions of ours. Nothing of ours is lost on the way there and back; what a foreign
PlanDefinition says beyond what we know is kept by its place (`Pathway.kept`), and named.

    to_fhir(pathway)      the text of the Bundle
    from_fhir(text)       the pathway
    kept(pathway)         what was not understood: places, and what stood there
"""

import json
from typing import Any

import orjson

from onesystem.care.pathways.document import Pathway
from onesystem.care.pathways.fhir.reading import pathway_of
from onesystem.care.pathways.fhir.writing import bundle_of
from onesystem.feeds.fhir import validation
from onesystem.vocabulary import BadConfig, BadInput

__all__ = ["bundle_of", "from_fhir", "kept", "pathway_of", "to_fhir"]


def to_fhir(pathway: Pathway, *, status: str = "draft", version: str = "") -> str:
    """The Bundle as text."""
    made = bundle_of(pathway, status=status, version=version)
    return orjson.dumps(made, option=orjson.OPT_INDENT_2).decode()


def from_fhir(text: str) -> Pathway:
    """The pathway that a Bundle or a PlanDefinition says. Raises BadConfig."""
    try:
        said = orjson.loads(text)
    except ValueError as error:
        raise BadConfig(f"this is not JSON: {error}", "Mend it at that place.") from None
    if not isinstance(said, dict):
        raise BadConfig("this is no FHIR resource", "Send a Bundle or a PlanDefinition.")
    _require_r4(said)
    return pathway_of(said)


def _require_r4(said: dict[str, Any]) -> None:
    """What is shaped as R4 can be read; what is not is told by its place."""
    try:
        validation.check(said)
        held = [("", said)]
        if said["resourceType"] == "Bundle":
            held = list(validation.entries(said))
        for place, each in held:
            if place:
                validation.check(each, place)
            for within, inner in validation.inside(each):
                validation.check(inner, f"{place}.{within}")
    except BadInput as error:
        raise BadConfig(f"this is not FHIR R4: {error.where}: {error.what}", error.cure) from None


def kept(pathway: Pathway) -> dict[str, object]:
    """What a foreign PlanDefinition said beyond what we know, by its place."""
    return dict(json.loads(pathway.kept)) if pathway.kept else {}
