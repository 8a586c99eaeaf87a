"""How sensitive an entry is: a bit mask of kinds of data, by its codes and its security labels."""

from collections.abc import Iterable
from functools import lru_cache
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
    mask = kinds.label_of((), list(_codings(security))) if security else 0
    for leaf in _SAID:
        if leaf in resource:
            mask |= _of_concepts(resource[leaf])
    return mask | _of_code(said.code.system, said.code.code) if said.code else mask


def _of_concepts(concepts: Any) -> int:
    mask = 0
    for concept in concepts if isinstance(concepts, list) else (concepts,):
        listed = concept.get("coding") if isinstance(concept, dict) else None
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict) and each.get("code"):
                mask |= _of_code(str(each.get("system", "")), str(each["code"]))
    return mask


_of_code = lru_cache(maxsize=4096)(kinds.of_code)  # the same codes come again and again


def _codings(listed: Any) -> Iterable[Code]:
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and each.get("code"):
            yield Code(str(each.get("system", "")), str(each["code"]), "")
