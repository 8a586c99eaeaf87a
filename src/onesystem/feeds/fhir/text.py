"""From the bytes of a message to its JSON, guarded.

What is refused here, with a reason: text that is not JSON, the same key twice in one object (two
readers would see two different truths), nesting so deep that it can only be an attack, and
numbers that no computer keeps.
"""

import codecs
import json
import re
from typing import Any

import orjson

from onesystem.vocabulary import BadInput

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NUL = re.compile(rb"(?<!\\)(\\\\)*\\u0000")
DEEPEST = 254  # what orjson writes; the deepest official example has 24 levels


def plain(message: bytes) -> bytes:
    """The message as UTF-8 without a byte order mark. Raises BadInput."""
    for mark, encoding in _BOMS:
        if message.startswith(mark):
            try:
                return message.decode(encoding).encode()
            except UnicodeError as error:
                raise _not_text(str(error)) from error
    return message.strip()


def parse(message: bytes) -> dict[str, Any]:
    """The one JSON object of a message. Raises BadInput with the line where it goes wrong."""
    if not message:
        raise BadInput(
            "the message is empty", rule="fhir.empty", cure="Ask the source to send it again."
        )
    try:
        value = orjson.loads(message)
    except orjson.JSONDecodeError as error:
        raise _broken(message, error) from error
    if not isinstance(value, dict):
        raise BadInput(
            f"the message is a JSON {_kind(value)}, not one resource",
            rule="fhir.not-a-resource",
            cure="Send one resource, a Bundle, or NDJSON with one resource a line.",
        )
    if b"\\u0000" in message and _NUL.search(message):
        raise BadInput(
            "a text holds the character NUL",
            rule="fhir.control-character",
            cure="FHIR allows no control characters in a text; mend the system that made it.",
        )
    _guard(value, message)
    return value


def _guard(value: dict[str, Any], message: bytes) -> None:
    # Writing it again is the cheapest way to learn two things: that the nesting is sane, and that
    # no key was lost. What comes out as it went in lost none. Only where the counts differ is the
    # slow and certain check worth its time.
    try:
        again = orjson.dumps(value)
    except (TypeError, RecursionError) as error:
        raise _too_deep() from error
    if again != message and again.count(b'":') != message.count(b'":'):
        _find_repeated(message)


def _too_deep() -> BadInput:
    return BadInput(
        f"the message is nested more than {DEEPEST} levels deep",
        rule="fhir.too-deep",
        cure="No real record is nested so deep; check the system that made it.",
    )


def _find_repeated(message: bytes) -> None:
    def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise BadInput(
                f"the element {twice!r} is there twice in one object",
                rule="fhir.repeated-key",
                cure="Send it once: which of the two is meant cannot be known.",
                where=twice,
            )
        return made

    try:
        json.loads(message, object_pairs_hook=each_once)
    except (RecursionError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise _too_deep() from error


def _kind(value: Any) -> str:
    return {list: "list", str: "text", type(None): "null", bool: "boolean"}.get(
        type(value), "number"
    )


def _not_text(why: str) -> BadInput:
    return BadInput(
        f"the message is not text: {why}",
        rule="fhir.encoding",
        cure="Send UTF-8, as FHIR requires.",
    )


def _broken(message: bytes, error: orjson.JSONDecodeError) -> BadInput:
    try:
        message.decode()
    except UnicodeDecodeError as wrong:
        return BadInput(
            f"byte {wrong.start + 1} is not UTF-8",
            rule="fhir.encoding",
            cure="Send UTF-8, as FHIR requires.",
            where=f"byte {wrong.start + 1}",
        )
    if "ecursion" in error.msg or "depth" in error.msg:
        return _too_deep()
    cut = (
        error.pos >= len(message.rstrip()) - 1
        or "EOF" in error.msg
        or "unexpected end" in error.msg
    )
    if cut:
        return BadInput(
            f"the message breaks off after {len(message):,} bytes",
            rule="fhir.truncated",
            cure="Ask the source to send it again, whole.",
            where=f"line {error.lineno}, column {error.colno}",
        )
    return BadInput(
        f"this is not JSON: {error.msg}",
        rule="fhir.not-json",
        cure="Mend the text there, or send FHIR as XML.",
        where=f"line {error.lineno}, column {error.colno}",
    )
