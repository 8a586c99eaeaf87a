"""Codes and lists of codes, both ways."""

from collections.abc import Sequence

from onesystem.care.pathways.document import CodeList
from onesystem.care.pathways.fhir.naming import KEY, Resource, filled
from onesystem.care.pathways.fhir.taking import Taken
from onesystem.vocabulary import Code


def code_coding(code: Code) -> Resource:
    """A code as a Coding."""
    return filled({"system": code.system, "code": code.code, "display": code.display})


def code_concept(code: Code) -> Resource:
    """A code as a CodeableConcept."""
    return {"coding": [code_coding(code)]}


def code_in(coding: Taken | None) -> Code | None:
    """The code of a Coding."""
    if coding is None:
        return None
    return Code(coding.text("system"), coding.text("code"), coding.text("display"))


def first_code(concept: Taken | None) -> Code | None:
    """The first code of a CodeableConcept, which is all that a pathway keeps of one."""
    codings = concept.each("coding") if concept else []
    return code_in(codings[0]) if codings else None


def lists_of(lists: Sequence[CodeList]) -> list[Resource]:
    """Lists of codes as ValueSets inside the PlanDefinition."""
    return [
        filled({
            "resourceType": "ValueSet", "id": f"list-{n}", "status": "draft", "title": each.words,
            "identifier": [filled({"system": KEY, "value": each.key})],
            "compose": filled({"include": _includes(each.codes)}),
        })
        for n, each in enumerate(lists, 1)
    ]  # fmt: skip


def _includes(codes: Sequence[Code]) -> list[Resource]:
    found: list[Resource] = []
    for code in codes:
        concept = filled({"code": code.code, "display": code.display})
        if found and found[-1]["system"] == code.system:
            found[-1]["concept"].append(concept)
        else:
            found.append({"system": code.system, "concept": [concept]})
    return found


def list_in(said: Taken) -> CodeList:
    """The list of codes that a ValueSet says."""
    codes = []
    compose = said.one("compose")
    for part in compose.each("include") if compose else []:
        system = part.text("system")
        codes += [
            Code(system, each.text("code"), each.text("display")) for each in part.each("concept")
        ]
    said.drop("resourceType", "status", "id")
    key = said.key() or said.text("name") or said.where
    return CodeList(key=key, words=said.text("title"), codes=tuple(codes))
