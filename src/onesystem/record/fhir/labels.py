"""How sensitive an entry is: a bit mask of kinds of data, by its codes and its security labels."""

from collections.abc import Iterable, Iterator
from typing import Any

from onesystem.access import kinds
from onesystem.vocabulary import Code, Entry

# Where a resource says what it is about; categories and types tell as much as the code itself.
_SAID = ("code", "category", "type", "reasonCode", "serviceType", "vaccineCode",
         "medicationCodeableConcept")  # fmt: skip


def label_of(source: str, said: Entry) -> int:  # noqa: ARG001 - see the district's `sensitive`
    """The label of an entry of that source."""
    resource = said.resource or {}
    meta = resource.get("meta")
    security = meta.get("security") if isinstance(meta, dict) else None
    codes = list(_codes(resource))
    if said.code:
        codes.append(said.code)
    return kinds.label_of(codes, list(_codings(security)))


def _codes(resource: Any) -> Iterator[Code]:
    for leaf in _SAID:
        concepts = resource.get(leaf)
        if concepts is None:
            continue
        for concept in concepts if isinstance(concepts, list) else (concepts,):
            if isinstance(concept, dict):
                yield from _codings(concept.get("coding"))


def _codings(listed: Any) -> Iterable[Code]:
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and each.get("code"):
            yield Code(str(each.get("system", "")), str(each["code"]), "")
