"""Where in a JSON text something stands, so that what is wrong with it can be found. Pure."""

import re
from functools import cached_property
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any

import orjson

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

_BLANK = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r"[^,\]}\s]+")
Path = tuple[str | int, ...]


def loaded(text: bytes, what: str) -> Any:
    """The JSON of a file. Raises UserError with the line and what to do."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        why = str(error).partition(": line")[0]
        raise UserError(
            say(
                "line {lineno}, column {colno}: {why}",
                lineno=error.lineno,
                colno=error.colno,
                why=why,
            ),
            say("Mend that line: the file has to be {what}.", what=what),
        ) from None


class Lines:
    """The lines of a text, worked out when the first is asked for: a file without a mistake does
    without.
    """

    def __init__(self, text: bytes, depth: int = 6) -> None:
        self._text, self._depth = text, depth

    def of(self, *paths: Path) -> int:
        """The line of the first of these paths that is there; 0 where none is."""
        return next((self._found[path] for path in paths if path in self._found), 0)

    @cached_property
    def _found(self) -> dict[Path, int]:
        return places(self._text.decode(errors="replace"), self._depth)


def places(text: str, depth: int = 6) -> dict[Path, int]:
    """The line on which each thing of a JSON text begins, down to a depth. The text is JSON."""
    found: dict[Path, int] = {}
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    try:
        _value(text, _skip(text, 0), (), found, depth)
    except (IndexError, JSONDecodeError, AttributeError):
        return {}
    return {path: _line(starts, at) for path, at in found.items()}


def _line(starts: list[int], at: int) -> int:
    from bisect import bisect_right

    return bisect_right(starts, at)


def _skip(text: str, at: int) -> int:
    return _BLANK.match(text, at).end()  # type: ignore[union-attr]


def _value(text: str, at: int, path: Path, found: dict[Path, int], depth: int) -> int:
    if len(path) <= depth:
        found[path] = at
    if text[at] == "{":
        return _object(text, at, path, found, depth)
    if text[at] == "[":
        return _list(text, at, path, found, depth)
    if text[at] == '"':
        return int(scanstring(text, at + 1, False)[1])
    return _PLAIN.match(text, at).end()  # type: ignore[union-attr]


def _object(text: str, at: int, path: Path, found: dict[Path, int], depth: int) -> int:
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, at = scanstring(text, at + 1, False)
        at = _skip(text, _skip(text, at) + 1)  # past the colon
        at = _skip(text, _value(text, at, (*path, name), found, depth))
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1


def _list(text: str, at: int, path: Path, found: dict[Path, int], depth: int) -> int:
    at, number = _skip(text, at + 1), 0
    while text[at] != "]":
        at = _skip(text, _value(text, at, (*path, number), found, depth))
        number += 1
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1
