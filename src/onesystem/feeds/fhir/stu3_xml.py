"""FHIR STU3 in XML into the JSON that it stands for.

No definitions of STU3 are shipped, and live exports bend them. What R4 knows by the same name is
read as R4 has it; whatever else an element has a value for is a primitive, and all other elements
are objects. An element that repeats is a list, and so are those that STU3 lets repeat.
"""

from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

from onesystem.feeds.fhir.definitions import Element as Defined
from onesystem.feeds.fhir.definitions import definitions
from onesystem.feeds.fhir.xml_values import (
    DEEPEST,
    FHIR,
    XHTML,
    add_in_step,
    narrative,
    too_deep,
    typed,
)

# What R4 calls the types that it renamed.
_NOW = {
    "BodySite": "BodyStructure", "DeviceComponent": "DeviceMetric",
    "DiagnosticRequest": "ServiceRequest", "EligibilityRequest": "CoverageEligibilityRequest",
    "EligibilityResponse": "CoverageEligibilityResponse", "ProcedureRequest": "ServiceRequest",
    "ReferralRequest": "ServiceRequest", "Sequence": "MolecularSequence",
}  # fmt: skip
# Lists of STU3 that R4 has under another name, or not at all; and those that are none in STU3.
_LISTS = frozenset(
    {
        "action", "coding", "definition", "ingredient", "notDone", "reason",
        "reasonNotTaken", "reasonReference", "recipient", "related", "relevantHistory", "replaces",
        "serviceRequested", "supportingInformation", "supportingInfo", "vaccinationProtocol",
    }
)  # fmt: skip
_MANY = {"Immunization": {"practitioner"}, "QuestionnaireResponse": {"parent"}}
_SINGLE = {
    "Composition": {"class"}, "DiagnosticReport": {"category"}, "DocumentReference": {"class"},
    "DocumentReference_Context": {"encounter"}, "Location": {"type"},
    "Observation": {"interpretation"}, "Procedure": {"category"},
    "ProcedureRequest": {"performer"},
}  # fmt: skip


def stu3_resource(node: Element, level: int = 0) -> dict[str, Any]:
    """The resource as JSON. Raises BadInput where it is nested too deeply."""
    kind = node.tag.removeprefix(FHIR)
    return {"resourceType": kind, **_object(node, kind, level)}


def _object(node: Element, kind: str, level: int) -> dict[str, Any]:
    if level > DEEPEST:
        raise too_deep()
    type_ = definitions().types.get(_NOW.get(kind, kind))
    elements = type_.elements if type_ else {}
    often = Counter(child.tag for child in node)
    made: dict[str, Any] = {
        name: value for name, value in node.attrib.items() if name in {"id", "url"}
    }
    for child in node:
        leaf = child.tag.rpartition("}")[2]
        element = elements.get(leaf)
        if child.tag.startswith(XHTML):
            made[leaf] = narrative(child)
            continue
        many = often[child.tag] > 1 or leaf in _LISTS or leaf in _MANY.get(kind, ())
        many = many or bool(element and element.many)
        if leaf in _SINGLE.get(kind, ()) and often[child.tag] == 1:
            many = False
        if "value" in child.attrib:
            _primitive(child, leaf, element, made, many=many, level=level)
            continue
        value = _value(child, element, level + 1)
        if many:
            made.setdefault(leaf, []).append(value)
        else:
            made[leaf] = value
    return made


def _value(node: Element, element: Defined | None, level: int) -> dict[str, Any]:
    held = node[0].tag.removeprefix(FHIR) if len(node) == 1 else ""
    if held[:1].isupper():  # elements begin small, types do not
        return stu3_resource(node[0], level)
    kind = element.kind if element and element.kind not in definitions().primitives else ""
    return _object(node, kind, level)


def _primitive(
    node: Element, leaf: str, element: Defined | None, made: dict[str, Any], *, many: bool,
    level: int,
) -> None:  # fmt: skip
    text = node.attrib["value"]
    known = element is not None and element.kind in definitions().primitives
    kind = element.kind if element and known else "boolean"
    value = typed(text, kind)
    beside = _object(node, "Element", level + 1) if len(node) else {}
    if "id" in node.attrib and leaf != "id":
        beside["id"] = node.attrib["id"]
    # What R4 has as a list of objects is one code in STU3, as a verification status is.
    if many and (known or element is None or leaf in made):
        add_in_step(made, leaf, value, beside)
        return
    made[leaf] = value
    if beside:
        made[f"_{leaf}"] = beside
