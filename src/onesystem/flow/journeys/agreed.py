"""Agreed ways as small files: the stages of a journey, in order, with their limits.

Ours are beside this module; a district keeps its own in `ways/` of its folder, and one of the same
name takes the place of ours. Whether a pathway of the district is followed is asked with one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onesystem.flow.journeys.question import LEVELS
from onesystem.flow.journeys.stage import Stage
from onesystem.vocabulary import BadConfig, NotFound, nearest
from onesystem.vocabulary.declared import check_keys, parsed
from onesystem.vocabulary.said import say

_OURS = Path(__file__).parent / "ways"
_KEYS = ("title", "words", "source", "source_date", "level", "stage")
_STAGE_KEYS = ("name", "kinds", "within", "since", "optional")
_UNITS = {"min": 60, "h": 3600, "d": 86_400}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(min|h|d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An agreed way: what it is for, who says so and since when, and its stages."""

    name: str
    title: str
    words: str
    source: str
    source_date: str
    level: str
    stages: tuple[Stage, ...]


def ways(folder: Path) -> dict[str, Way]:
    """The agreed ways of a district by name. Raises BadConfig naming file, key and cure."""
    return {way.name: way for way in sorted(_all(folder), key=lambda way: way.title)}


def way_of(name: str, folder: Path) -> Way:
    """One agreed way. Raises NotFound, with the nearest name."""
    known = ways(folder)
    if name not in known:
        raise NotFound(
            say("there is no agreed way called {name}", name=repr(name)), nearest(name, known)
        )
    return known[name]


def read(text: str, name: str) -> Way:
    """An agreed way from its file. Raises BadConfig."""
    said = parsed(text, f"{name}.toml")
    check_keys(f"{name}.toml", said, _KEYS)
    level = said.get("level", "setting")
    if level not in LEVELS:
        raise BadConfig(
            say("{name}.toml: level is {level}", name=name, level=repr(level)),
            nearest(str(level), LEVELS),
        )
    stages = tuple(
        _stage(say("{name}.toml, stage {i}", name=name, i=i), s)
        for i, s in enumerate(said.get("stage", ()), 1)
    )
    if not stages:
        raise BadConfig(say("{name}.toml has no stage", name=name), "Write at least one [[stage]].")
    return Way(
        name=name,
        title=str(said.get("title", name)),
        words=str(said.get("words", "")),
        source=str(said.get("source", "")),
        source_date=str(said.get("source_date", "")),
        level=level,
        stages=stages,
    )


def _all(folder: Path) -> Iterator[Way]:
    found = {path.stem: path for place in (_OURS, folder / "ways") for path in place.glob("*.toml")}
    for name, path in found.items():
        yield read(path.read_text(encoding="utf-8"), name)


def _stage(where: str, said: dict[str, Any]) -> Stage:
    check_keys(where, said, _STAGE_KEYS)
    for key in ("name", "kinds"):
        if not said.get(key):
            raise BadConfig(
                say("{where} has no {key}", where=where, key=key), say("Write {key} = ...", key=key)
            )
    within = said.get("within")
    return Stage(
        name=str(said["name"]),
        kinds=frozenset(str(kind) for kind in said["kinds"]),
        within=None if within is None else _length(where, str(within)),
        since=str(said.get("since", "")),
        optional=bool(said.get("optional", False)),
    )


def _length(where: str, text: str) -> int:
    found = _LENGTH.fullmatch(text.strip())
    if not found:
        raise BadConfig(
            say("{where}: within is {text}", where=where, text=repr(text)),
            "Write 60 min, 4 h or 14 d.",
        )
    return round(float(found[1]) * _UNITS[found[2]] * 1_000_000)
