"""Tables as TOML files: read with the line and the cure of a mistake, and written again.

key = "crb-65"
title = "CRB-65"
source = "Lim and others, Thorax 2003; 58: 377-382"

[[input]]
name = "respiration"
words = "Respiration rate"
unit = "/min"
least = 1
most = 80

[[item]]
name = "respiration"
words = "30 or more breaths a minute"
cases = [{ points = 1, when = ["respiration >= 30"] }]

[[band]]
least = 0
words = "Low risk"
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from onesystem.care.triage.checking import faults
from onesystem.care.triage.tables import Band, Case, Condition, Input, Item, Table, Value
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say

_CONDITION = re.compile(r"\s*([\w-]+)\s*(<=|>=|!=|<|>|=)\s*(.+?)\s*\Z")
_TYPES: Mapping[str, tuple[tuple[type, ...], str]] = {
    **dict.fromkeys(("key", "title", "source", "use", "name", "words", "kind", "unit", "code",
                     "help", "do", "outcome"), ((str,), '"..."')),
    **dict.fromkeys(("least", "most", "step"), ((int, float), "10")),
    **dict.fromkeys(("since", "until"), ((date,), "2026-12-31")),
    "single": ((int,), "3"), "example": ((bool,), "true"), "cases": ((list,), "[{ points = 1 }]"),
    "when": ((list,), '["pulse >= 131"]'),
}  # fmt: skip
_WORDS = {"yes": True, "true": True, "no": False, "false": False}


def read(text: str, *, name: str = say("the table")) -> Table:
    """A table from its TOML. Raises BadConfig with every mistake, its place and its cure."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(
            say("{name} is not TOML: {error}", name=name, error=error), "Put that line right."
        ) from error
    try:
        table = _table(said)
    except _Mistake as error:
        raise BadConfig(f"{name}: {error.what}", error.cure) from error
    wrong = faults(table)
    if wrong:
        more = say(" (and {wrong} more)", wrong=len(wrong) - 1) if len(wrong) > 1 else ""
        what, _, cure = wrong[0].partition("; ")
        raise BadConfig(f"{name}: {what}{more}", cure[:1].upper() + cure[1:] + ".")
    return table


class _Mistake(Exception):
    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what)
        self.what, self.cure = what, cure


def _table(said: Mapping[str, Any]) -> Table:
    known = {f.name for f in fields(Table)} - {"inputs", "items", "bands"}
    _only(said, known | {"input", "item", "band"}, say("the table"))
    plain = {k: v for k, v in said.items() if k in known}
    for each in ("key", "title"):
        if not isinstance(plain.get(each), str):
            raise _Mistake(
                say("it has no {each}", each=each),
                say('Write {each} = "..." at the top.', each=each),
            )
    return Table(
        **{"source": "", **plain},
        inputs=tuple(_input(each, n) for n, each in _each(said, "input")),
        items=tuple(_item(each, n) for n, each in _each(said, "item")),
        bands=tuple(_band(each, n) for n, each in _each(said, "band")),
    )


def _each(said: Mapping[str, Any], what: str) -> list[tuple[int, Mapping[str, Any]]]:
    found = said.get(what, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise _Mistake(
            say("[{what}] is one thing", what=what),
            say("Write [[{what}]] above each of them.", what=what),
        )
    return list(enumerate(found, 1))


def _input(said: Mapping[str, Any], number: int) -> Input:
    place = say("input {number}", number=number)
    _only(said, {f.name for f in fields(Input)}, place)
    _needs(said, ("name", "words"), place)
    options = said.get("options", {})
    if not isinstance(options, dict):
        raise _Mistake(
            say("{place}: options are no table", place=place),
            'Write options = { alert = "Alert", ... }.',
        )
    return Input(**{**said, "options": tuple((str(k), str(v)) for k, v in options.items())})


def _item(said: Mapping[str, Any], number: int) -> Item:
    place = say("item {number}", number=number)
    _only(said, {"name", "words", "cases"}, place)
    _needs(said, ("name", "words", "cases"), place)
    return Item(
        name=said["name"],
        words=said["words"],
        cases=tuple(
            _case(each, say("{place}, case {n}", place=place, n=n))
            for n, each in enumerate(said["cases"], 1)
        ),
    )


def _case(said: Any, place: str) -> Case:
    if not isinstance(said, dict):
        raise _Mistake(
            say("{place} is no table", place=place),
            'Write { points = 1, when = ["pulse >= 131"] }.',
        )
    _only(said, {"points", "when"}, place)
    _needs(said, ("points",), place)
    if not isinstance(said["points"], int) or isinstance(said["points"], bool):
        raise _Mistake(say("{place}: points are a whole number", place=place), "Write points = 2.")
    return Case(
        points=said["points"], when=tuple(_condition(w, place) for w in said.get("when", []))
    )


def _condition(text: Any, place: str) -> Condition:
    found = _CONDITION.match(text) if isinstance(text, str) else None
    if found is None:
        raise _Mistake(
            say("{place}: {text} is no condition", place=place, text=repr(text)),
            "Write it as: input, < <= = != >= or >, value.",
        )
    name, compare, value = found.groups()
    return Condition(name=name, compare=compare, value=_value(value))


def _value(text: str) -> Value:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "." not in text else number


def _band(said: Mapping[str, Any], number: int) -> Band:
    place = say("band {number}", number=number)
    _only(said, {f.name for f in fields(Band)}, place)
    _needs(said, ("words",), place)
    return Band(**said)


def _only(said: Mapping[str, Any], known: set[str], place: str) -> None:
    for key in said:
        if key not in known:
            raise _Mistake(
                say("{place} says {key}, which means nothing here", place=place, key=repr(key)),
                nearest(key, known),
            )
        kinds, such = _TYPES.get(key, ((), ""))
        if kinds and type(said[key]) not in kinds:
            raise _Mistake(
                say("{place}: {key} cannot be {said}", place=place, key=key, said=repr(said[key])),
                say("Write {key} = {such}.", key=key, such=such),
            )


def _needs(said: Mapping[str, Any], names: Sequence[str], place: str) -> None:
    for name in names:
        if name not in said:
            raise _Mistake(
                say("{place} has no {name}", place=place, name=name),
                say("Write {name} = ... in it.", name=name),
            )
