"""Loading a list of codes: FHIR ValueSet and CodeSystem as JSON, or CSV. None is shipped.

CSV has the columns system, code, display and parent, of which display and parent may be missing;
`parent` is the code above, or several separated by spaces. A list loaded again under its address
takes the place of the one before, which is kept with its version.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction

from onesystem import access
from onesystem.district import now
from onesystem.record.codes.rows import CodeRow, CodeSet
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True)
class Coded:
    """One code of a list."""

    system: str
    code: str
    display: str = ""
    parent: str = ""


@transaction.atomic
def load(file: Path, *, by: access.Actor, url: str = "", version: str = "") -> tuple[CodeSet, int]:
    """Load a file; gives the set and how many codes it has. Raises BadConfig."""
    access.require(by, "settings.see")
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BadConfig(
            say("{file} cannot be read: {strerror}", file=file, strerror=error.strerror),
            "Name another file.",
        ) from error
    if raw.lstrip()[:1] == b"{":
        said = _json(raw)
        codes = list(_valueset(said) if said["resourceType"] == "ValueSet" else _codesystem(said))
        head = {"url": url or said.get("url", ""), "version": version or said.get("version", ""),
                "kind": said["resourceType"], "name": said.get("title") or said.get("name", ""),
                "source": said.get("publisher") or file.name,
                "licence": str(said.get("copyright", ""))[:2000]}  # fmt: skip
    else:
        codes = list(_csv(raw))
        head = {"url": url or f"urn:onesystem:list:{file.stem}", "version": version, "name": "",
                "kind": "ValueSet", "source": file.name, "licence": ""}  # fmt: skip
    if not head["url"]:
        raise BadConfig("the list has no address of its own", "Give one with --url.")
    codes = list({(c.system, c.code): c for c in codes if c.code}.values())
    if not codes:
        raise BadConfig(
            "the list names no code itself", "Have it expanded first, by whoever publishes it."
        )
    return _kept(head, codes, hashlib.blake2b(raw, digest_size=16).hexdigest(), by)


def _kept(
    head: dict[str, Any], codes: list[Coded], digest: str, by: access.Actor
) -> tuple[CodeSet, int]:
    CodeSet.objects.filter(url=head["url"], kind=head["kind"]).update(current=False)
    row = CodeSet.objects.create(
        **head, file=digest, loaded_at=to_micros(now()), loaded_by=by.name, current=True
    )
    CodeRow.objects.bulk_create(
        (
            CodeRow(codeset=row.pk, system=c.system, code=c.code, display=c.display,
                    parent=f" {c.parent} " if c.parent else "")
            for c in codes
        ),
        batch_size=500,
    )  # fmt: skip
    access.record(by=by, act="codes.loaded", what=f"codes {head['url']}"[:300],
                  detail={"codes": len(codes), "version": head["version"]})  # fmt: skip
    return row, len(codes)


def _json(raw: bytes) -> dict[str, Any]:
    try:
        said = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadConfig(
            say("the file is not JSON: {error}", error=error), "Send it as FHIR JSON, or CSV."
        ) from error
    if not isinstance(said, dict) or said.get("resourceType") not in {"ValueSet", "CodeSystem"}:
        raise BadConfig("the file is neither a ValueSet nor a CodeSystem", "Load one of these.")
    return said


def _codesystem(said: dict[str, Any]) -> Iterator[Coded]:
    """Its concepts, nested or with a `parent` property."""

    def walk(concepts: list[dict[str, Any]], above: str) -> Iterator[Coded]:
        for each in concepts:
            parents = [
                str(p.get("valueCode", "")) for p in each.get("property", ())
                if p.get("code") in {"parent", "subsumedBy"}
            ]  # fmt: skip
            parent = " ".join(dict.fromkeys([p for p in (above, *parents) if p]))
            yield Coded(said.get("url", ""), each["code"], each.get("display", ""), parent)
            yield from walk(each.get("concept", []), each["code"])

    yield from walk(said.get("concept", []), "")


def _valueset(said: dict[str, Any]) -> Iterator[Coded]:
    """Its expansion where it has one, else the codes that it names; rules are not worked out."""

    def walk(contains: list[dict[str, Any]], above: str) -> Iterator[Coded]:
        for each in contains:
            if each.get("code") and not each.get("abstract"):
                yield Coded(each.get("system", ""), each["code"], each.get("display", ""), above)
            yield from walk(each.get("contains", []), each.get("code", ""))

    if expansion := said.get("expansion"):
        yield from walk(expansion.get("contains", []), "")
        return
    compose = said.get("compose", {})
    if compose.get("exclude") or any(
        i.get("filter") or i.get("valueSet") or not i.get("concept")
        for i in compose.get("include", ())
    ):
        raise BadConfig(
            "the list is a rule and not a list of codes",
            "Have it expanded first, by whoever publishes it.",
        )
    for include in compose.get("include", ()):
        for each in include["concept"]:
            yield Coded(include.get("system", ""), each["code"], each.get("display", ""))


def _csv(raw: bytes) -> Iterator[Coded]:
    try:
        rows = csv.DictReader(raw.decode("utf-8-sig").splitlines())
    except UnicodeDecodeError as error:
        raise BadConfig("the file is not UTF-8", "Save it as UTF-8.") from error
    missing = {"system", "code"} - set(rows.fieldnames or ())
    if missing:
        raise BadConfig(
            say("the file has no column {missing}", missing=", ".join(sorted(missing))),
            "Its first line names the columns: system,code,display,parent",
        )
    for row in rows:
        yield Coded(
            *(str(row.get(n) or "").strip() for n in ("system", "code", "display", "parent"))
        )
