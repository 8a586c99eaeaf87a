"""The demo's `district.toml` and its mappings, as files."""

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from onesystem.demo.layouts import SENDERS, Layout, layouts, mapping
from onesystem.demo.sent import DROP
from onesystem.demo.world import World

PORTS_FROM = 2575  # of the sources that send HL7 v2; 2575 is the port registered for it


def write_district(world: World, folder: Path) -> None:
    """Write `district.toml` and `mappings/` into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shelf = folder / "mappings"
    shelf.mkdir(exist_ok=True)
    scheme = world.here.facts["district"]["number"]
    made = layouts(world.here)
    for layout in made.values():
        for kind in ("contacts", "people"):
            text = mapping(layout, kind, scheme)
            (shelf / f"{layout.code}-{kind}.toml").write_text(text, encoding="utf-8")
    text = "\n".join(_lines(world, made)) + "\n"
    (folder / "district.toml").write_text(text, encoding="utf-8")
    (folder / "areas.csv").write_text("\n".join(_areas(world)) + "\n", encoding="utf-8")


def _areas(world: World) -> Iterator[str]:
    """Postcode districts by council; where deprivation is published, their sectors by fifth."""
    yield "postcode,deprivation,council"
    for code, (_, authority, *_) in world.here.towns.items():
        name = world.here.facts["authorities"][authority]["name"]
        yield f'{code},,"{name}"'
        if world.here.facts["district"]["number"] != "nhi":
            yield from (f'{code} {digit},{digit // 2 + 1},"{name}"' for digit in range(10))


def place_of(layout: Layout, service: str) -> str:
    """The source's own name for a service's place."""
    if layout.live == "hl7v2":
        return service.removeprefix(f"{layout.organisation}-").upper()
    return service


def _lines(world: World, made: dict[str, Layout]) -> list[str]:
    facts = world.here.facts["district"]
    lines = [
        "# A demo district: real places and organisations, synthetic people. Made by",
        "# `onesystem demo make`; where the figures come from: docs/explanation/demo.md.",
        "",
    ]
    head = {k: facts[k] for k in ("code", "name", "zone", "currency", "number")}
    head["recent_days"] = 30  # a small machine carries less of the past in its store
    lines += _table("district", head)
    for code, organisation in world.plan.organisations.items():
        lines += _table(f"organisations.{_key(code)}", organisation)
    for code, place in world.plan.places.items():
        lines += _table(f"places.{_key(code)}", place)
    for service in world.plan.services:
        lines += _service(service)
    ports = itertools.count(PORTS_FROM)
    for layout in made.values():
        lines += _source(world, layout, next(ports) if layout.live == "hl7v2" else 0)
    return lines


def _service(service: dict[str, Any]) -> list[str]:
    plain = {k: v for k, v in service.items() if k not in {"code", "capacity"} and v}
    lines = _table(f"services.{_key(service['code'])}", plain)
    for capacity in service.get("capacity", []):
        lines += _table(f"services.{_key(service['code'])}.capacity", capacity, many=True)
    return lines


def _source(world: World, layout: Layout, port: int) -> list[str]:
    facts: dict[str, Any] = {
        "name": layout.name,
        "organisation": layout.organisation,
        "format": layout.live or layout.format,
        "encoding": layout.encoding if layout.live == "hl7v2" or layout.format == "csv" else "",
        "watch": f"{DROP}/{layout.code}" if layout.live != "hl7v2" else "",
        "listen": port,
        "silent_after_minutes": layout.silent_after,
        "mappings": [f"{layout.code}-contacts", f"{layout.code}-people"],
    }
    lines = _table(f"sources.{layout.code}", {k: v for k, v in facts.items() if v})
    if layout.live == "hl7v2":
        mine = _own_services(world, layout)
        lines += _table(f"sources.{layout.code}.services",
                        {place_of(layout, code): code for code in mine})  # fmt: skip
        if "referral" in layout.contact:
            own = {layout.authority: layout.code}
            lines += _table(f"sources.{layout.code}.causes", SENDERS | own)
    return lines


def _own_services(world: World, layout: Layout) -> list[str]:
    """What the source sends about: a hospital's beds and clinics, or everyone's tests."""
    tests = layout.code == "diagnostics"
    return [
        s["code"]
        for s in world.plan.services
        if (s["setting"] == "diagnostics") == tests
        and (tests or s["organisation"] == layout.organisation)
    ]


def _table(name: str, values: dict[str, Any], *, many: bool = False) -> list[str]:
    head = f"[[{name}]]" if many else f"[{name}]"
    return [head, *(f"{_key(k)} = {_value(v)}" for k, v in values.items()), ""]


def _key(name: str) -> str:
    bare = name.replace("-", "").replace("_", "")
    return name if bare.isascii() and bare.isalnum() else f'"{name}"'


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | int | float):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
