"""The search parameters of R4, as compiled from HL7's files by `tools/build_fhir_search.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
import zstandard

# What no index answers: the server says so by name instead of ignoring it.
UNANSWERED = {
    "_text": "Search the narrative with the parameters of its own elements instead",
    "_content": "Search with the parameters of the type's own elements instead",
    "_query": "There are no named queries at this server",
    "near": "Search for a Location by its address, identifier or type instead",
}
COLUMNS = ("_id", "_lastUpdated", "_source")  # answered by the entry itself, without an index


@dataclass(frozen=True, slots=True)
class Slot:
    """One path into the JSON of a resource, what lies there and how it is indexed."""

    number: int
    path: str
    holds: str  # the FHIR data type
    asked: str  # token, string, date, number, quantity, reference, uri
    system: str = ""  # that a plain code implies


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter of one type. `only` maps a slot to the type that references must name."""

    code: str
    type: str
    url: str
    says: str
    slots: tuple[int, ...] = ()
    only: Mapping[int, str] | None = None
    targets: tuple[str, ...] = ()
    components: tuple["Parameter", ...] = ()
    whole: bool = False  # a component that is said once for the whole resource

    @property
    def kind_of_target(self) -> str:
        """The one type that references of this parameter name; empty for any."""
        found = set(self.only.values()) if self.only else {""}
        return found.pop() if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class Known:
    """What can be searched for in one resource type."""

    slots: tuple[Slot, ...]
    parameters: Mapping[str, Parameter]


@cache
def _raw() -> Any:
    packed = files("onesystem.record.fhir").joinpath("data", "r4.search.json.zst").read_bytes()
    return orjson.loads(zstandard.ZstdDecompressor().decompress(packed))


@cache
def kinds() -> frozenset[str]:
    """All resource types of R4."""
    return frozenset(_raw()["types"])


@cache
def known_of(kind: str) -> Known:
    """The slots and parameters of a resource type."""
    held = _raw()["types"][kind]
    return Known(
        tuple(Slot(*each) for each in held["slots"]),
        {code: _parameter(code, said) for code, said in sorted(held["params"].items())},
    )


@cache
def parameters_of(kind: str) -> Mapping[str, Parameter]:
    """The parameters of a resource type that this server answers, by name."""
    return {c: p for c, p in known_of(kind).parameters.items() if c not in UNANSWERED}


@cache
def slot_of(kind: str, number: int) -> tuple[Slot, ...]:
    """The slots of a type that share a number: the choices of one element."""
    return tuple(slot for slot in known_of(kind).slots if slot.number == number)


@cache
def parted(kind: str) -> frozenset[str]:
    """The elements that repeat and whose parts belong together in a composite parameter."""
    known, found = known_of(kind), set()
    for parameter in known.parameters.values():
        numbers = {n for c in parameter.components for n in c.slots if not c.whole}
        found |= {
            s.path.split(".")[0] for s in known.slots if s.number in numbers and "." in s.path
        }
    return frozenset(found)


@cache
def compartment(kind: str) -> tuple[str, ...]:
    """The parameters that put a resource of this type into a patient's compartment."""
    return tuple(_raw()["compartment"].get(kind, ()))


@cache
def common() -> frozenset[str]:
    """The parameters that every resource type has."""
    every = [set(known_of(kind).parameters) for kind in kinds()]
    return frozenset(set.intersection(*every))


def _parameter(code: str, said: Mapping[str, Any]) -> Parameter:
    slots = said.get("slots", ())
    return Parameter(
        code=code,
        type=said["type"],
        url=said.get("url", ""),
        says=said.get("says", ""),
        slots=tuple(dict.fromkeys(number for number, _ in slots)),
        only={number: kind for number, kind in slots if kind} or None,
        targets=tuple(said.get("targets", ())),
        components=tuple(_parameter(c["code"], c) for c in said.get("components", ())),
        whole=said.get("whole", False),
    )


def summary_of(kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The elements that a summary of a type keeps, and those that must be there in any case."""
    held = _raw()["types"][kind]
    return tuple(held["summary"]), tuple(held["needed"])
