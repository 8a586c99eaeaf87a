"""A pathway as TOML and as JSON, both ways, and as plain data between: nothing is lost.

What is empty is left out, and a code system of ours may be written by its short name.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from onesystem.care.pathways.document import Pathway
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.codes import ICD10, LOINC, SNOMED
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.toml import toml

SYSTEMS = {"snomed": SNOMED, "loinc": LOINC, "icd10": ICD10}
_SHORT = {url: name for name, url in SYSTEMS.items()}
Plain = dict[str, Any]


def to_plain(made: Any) -> Plain:
    """A part of a pathway as mappings, lists, texts, numbers and truths."""
    found: Plain = {}
    for each in fields(made):
        value = getattr(made, each.name)
        if value != each.default:
            found[each.name] = dict(value) if each.metadata.get("table") else _plain(value)
    if "system" in found:
        found["system"] = _SHORT.get(found["system"], found["system"])
    return found


def from_plain(said: object, kind: Any = Pathway, where: str = "") -> Any:
    """The part that plain data says. Raises BadConfig with the place."""
    if not isinstance(said, Mapping):
        raise _bad(where, f"has {_named(said)} where a table is asked for", "Write key = value.")
    known = {each.name: each for each in fields(kind)}
    for name in said:
        if name not in known:
            raise _bad(where, f"there is no {name!r} here", nearest(str(name), known))
    made = {}
    for name, each in known.items():
        place = f"{where}.{name}" if where else name
        if name in said:
            made[name] = _value(said[name], _hints(kind)[name], place, each)
        elif each.default is MISSING:
            raise _bad(where, f"{name} is missing", "Write it.")
    if "system" in made:
        made["system"] = SYSTEMS.get(made["system"], made["system"])
    return kind(**made)


def to_toml(made: Pathway) -> str:
    """The text of a file."""
    return toml(to_plain(made))


def from_toml(text: str) -> Pathway:
    """The pathway that a file says. Raises BadConfig with the place."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(
            say("this is not TOML: {error}", error=error), "Mend it at that line."
        ) from None
    made: Pathway = from_plain(said)
    return made


def to_json(made: Pathway) -> str:
    """One line of JSON, the same for the same pathway."""
    return json.dumps(to_plain(made), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Pathway:
    """The pathway that JSON says. Raises BadConfig with the place."""
    try:
        said = json.loads(text)
    except ValueError as error:
        raise BadConfig(
            say("this is not JSON: {error}", error=error), "Mend it at that place."
        ) from None
    made: Pathway = from_plain(said)
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return to_plain(value) if is_dataclass(value) else value


def _value(said: object, kind: Any, where: str, each: Field[Any]) -> Any:
    if each.metadata.get("table"):
        return _table(said, where)
    if get_origin(kind) in {Union, UnionType}:  # a part that need not be there
        [kind] = [one for one in get_args(kind) if one is not type(None)]
    if get_origin(kind) is tuple:
        if not isinstance(said, list):
            raise _bad(where, f"has {_named(said)} where a list is asked for", "Write [...].")
        inner = get_args(kind)[0]
        return tuple(_value(one, inner, f"{where}[{n}]", each) for n, one in enumerate(said))
    if is_dataclass(kind):
        return from_plain(said, kind, where)
    if type(said) is not kind:
        raise _bad(where, f"has {_named(said)} where {_CALLED[kind]} is asked for", "Change it.")
    return said


def _table(said: object, where: str) -> tuple[tuple[str, int], ...]:
    if not isinstance(said, Mapping) or any(type(each) is not int for each in said.values()):
        raise _bad(where, "is no table of whole numbers", "Write { gp = 10 }.")
    return tuple(said.items())


_CALLED = say_each({str: "a text", int: "a whole number", bool: "true or false"})


def _named(said: object) -> str:
    return say("a table") if isinstance(said, Mapping) else f"{said!r}"[:40]


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _bad(where: str, what: str, cure: str) -> BadConfig:
    return BadConfig(f"{where or 'pathway'}: {what}", cure)
