"""What the R4 definitions say of each type: its elements, choices, and whose it is.

Compiled from HL7's files by `tools/build_fhir_r4.py`; loaded once, when first asked for.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
import zstandard


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its type, whether it must be there, may repeat, and the codes it is bound to.

    `codes` is a list for a code, {system: codes} for a coding or concept, None when free.
    """

    kind: str
    needed: bool
    many: bool
    codes: Any = None


@dataclass(frozen=True, slots=True)
class Type:
    """The elements of a type, and its choices as (stem, needed, names)."""

    elements: dict[str, Element]
    choices: tuple[tuple[str, bool, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Definitions:
    """All types of R4 by name: resources, data types, and backbones (`Encounter_Location`)."""

    resources: frozenset[str]
    primitives: dict[str, tuple[str, str]]
    types: dict[str, Type]
    patient: dict[str, tuple[str, ...]]


def load(name: str) -> Any:
    """A packed data file of this package."""
    packed = files(__package__).joinpath("data", name).read_bytes()
    return orjson.loads(zstandard.ZstdDecompressor().decompress(packed))


@cache
def definitions() -> Definitions:
    """The R4 definitions."""
    raw = load("r4.types.json.zst")
    return Definitions(
        resources=frozenset(raw["resources"]),
        primitives={name: (kind, pattern) for name, (kind, pattern) in raw["primitives"].items()},
        types={
            name: Type(
                {
                    leaf: Element(kind, bool(needed), bool(many), codes)
                    for leaf, (kind, needed, many, codes) in held["elements"].items()
                },
                tuple((stem, bool(must), tuple(names)) for stem, must, names in held["choices"]),
            )
            for name, held in raw["types"].items()
        },
        patient={name: tuple(leaves) for name, leaves in raw["patient"].items()},
    )
