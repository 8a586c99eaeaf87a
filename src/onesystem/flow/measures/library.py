"""Where measures, code lists and prices come from: this package, then what the district published.

A file of the district with the name of a shipped measure takes its place.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from onesystem.flow.measures.declaration import Declared, read
from onesystem.flow.measures.published import published
from onesystem.flow.measures.tree import Call, Const, walk
from onesystem.flow.measures.world import CodeList, plain
from onesystem.vocabulary import BadConfig, NotFound, nearest
from onesystem.vocabulary.said import say

_HERE = "onesystem.flow.measures"


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Declared]:
    """The measures that come with onesystem, by name, in the order of their files."""
    found = {}
    for name, text in _texts("library"):
        measure = checked(read(text, f"library/{name}"), f"library/{name}")
        found[measure.name] = measure
    return found


@lru_cache(maxsize=1)
def codes() -> Mapping[str, CodeList]:
    """The code lists, by name."""
    return {made.name: made for made in (code_list(text) for _, text in _texts("codes"))}


@lru_cache(maxsize=1)
def prices() -> Mapping[str, Mapping[str, int]]:
    """The tables of prices, by name: pence by setting."""
    return {said["name"]: said["pence"] for said in price_tables().values()}


@lru_cache(maxsize=1)
def price_tables() -> Mapping[str, Mapping[str, Any]]:
    """The tables of prices as their files say, with their words and source."""
    made = (tomllib.loads(text) for _, text in _texts("prices"))
    return {said["name"]: said for said in made}


def code_list(text: str) -> CodeList:
    """A code list from its file."""
    said = tomllib.loads(text)
    exact: set[str] = set()
    prefixes: set[str] = set()
    for group in said["group"]:
        exact |= {plain(word) for word in group.get("words", [])}
        prefixes |= {plain(code) for code in group.get("codes", [])}
    return CodeList(
        said["name"], said["title"], said["source"], frozenset(exact), tuple(sorted(prefixes))
    )


_WRITERS: dict[str, Callable[[], Iterable[str]]] = {}


def register_written(name: str, texts: Callable[[], Iterable[str]]) -> None:
    """Let a room above say definitions of what it tells, as files would. Again replaces."""
    _WRITERS[name] = texts


def told() -> Mapping[str, Declared]:
    """The measures that rooms above tell of what they keep, by name: no engine works them out."""
    more = (_read_told(text) for texts in _WRITERS.values() for text in texts())
    return {**_told(), **{each.name: each for each in more}}


@lru_cache(maxsize=1)
def _told() -> Mapping[str, Declared]:
    made = (read(text, f"told_library/{name}", told=True) for name, text in _texts("told_library"))
    return {each.name: each for each in made}


@lru_cache(maxsize=512)
def _read_told(text: str) -> Declared:
    return read(text, say("a measure that is told"), told=True)


def library() -> dict[str, Declared]:
    """The measures that are worked out from contacts: the shipped ones, and the district's own."""
    return {**shipped(), **published()}


def everything() -> dict[str, Declared]:
    """Every measure by name, those that are told among them."""
    return {**library(), **told()}


def measure(name: str) -> Declared:
    """The measure of a name. Raises NotFound with the nearest.

    What rooms above write is asked for last: they look into the store for it.
    """
    for place in (_told, library, told):
        if found := place().get(name):
            return found
    raise NotFound(say("there is no measure {name}", name=repr(name)), nearest(name, everything()))


def checked(measure: Declared, where: str = "measure") -> Declared:
    """The measure, once the lists and tables that it names are known to be there."""
    for node in (n for e in measure.expressions for n in walk(e)):
        if isinstance(node, Call) and node.name in {"in_codes", "price"}:
            name = node.args[1]
            known: Mapping[str, Any] = codes() if node.name == "in_codes" else prices()
            if isinstance(name, Const) and name.value not in known:
                line = _line_of(measure.text, str(name.value))
                raise BadConfig(
                    say(
                        "{where}, line {line}: there is no list {value}",
                        where=where,
                        line=line,
                        value=repr(name.value),
                    ),
                    nearest(str(name.value), known),
                )
    return measure


def _line_of(text: str, word: str) -> int:
    lines = (at for at, line in enumerate(text.splitlines(), 1) if word in line)
    return next(lines, 1)


def _texts(folder: str) -> list[tuple[str, str]]:
    place = files(_HERE) / folder
    found = (each for each in place.iterdir() if each.name.endswith(".toml"))
    return sorted((each.name, each.read_text(encoding="utf-8")) for each in found)
