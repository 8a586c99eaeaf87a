"""How sensitive an entry is: a bit mask of kinds of data, by its codes and its security labels."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from onesystem.access import kinds
from onesystem.district import District
from onesystem.vocabulary import Code, Entry

# Where a resource says what it is about; categories and types tell as much as the code itself.
_SAID = ("code", "category", "type", "reasonCode", "serviceType", "vaccineCode",
         "medicationCodeableConcept")  # fmt: skip


def label_of(source: str, said: Entry, district: District | None = None) -> int:
    """The label of an entry of that source, with what the district says of source and codes."""
    mask = _said(said)
    if district is None:
        return mask
    whose, own = district.sources.get(source), district.guard.labels
    if whose is not None and whose.sensitive:
        mask |= kinds.mask_of(whose.sensitive)
    if own:
        mask |= kinds.label_of(_codes(said), (), (), own)
    return mask


def _codes(said: Entry) -> Iterator[Code]:
    if said.code:
        yield said.code
    for leaf in _SAID:
        concepts = (said.resource or {}).get(leaf)
        for concept in concepts if isinstance(concepts, list) else (concepts,):
            if isinstance(concept, dict):
                yield from _codings(concept.get("coding"))


def _said(said: Entry) -> int:
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
