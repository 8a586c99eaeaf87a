"""The register's chain: each entry is sealed by a digest over itself and the digest before. Pure.

Whoever changes a word of an old decision changes every digest after it. An exported register can be
checked by itself, without the district that it came from: `faults` needs nothing but the entries.

>>> first = Entry(1, 0, "ishbel", "decided", "nw", 1, "{}")
>>> faults([sealed(first, START)])
[]
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from onesystem.vocabulary.said import say, say_each

START: Final = "0" * 64
KINDS: Final[Mapping[str, str]] = say_each(
    {
        "decided": "Decided",
        "recommended": "Recommended",
        "returned": "Sent back",
        "funded": "Money attached",
        "resourced": "Resourced",
        "adopted": "Adopted",
        "changed": "To be changed",
        "stopped": "Stopped",
        "withdrawn": "Withdrawn",
        "corrected": "Corrected",
    }
)


class Entry(NamedTuple):
    """One entry: `at` in microseconds since 1970, `body` canonical JSON."""

    number: int
    at: int
    by: str
    kind: str
    alliance: str
    decision: int
    body: str


class Sealed(NamedTuple):
    """An entry in its place in the chain."""

    entry: Entry
    previous: str
    digest: str


def canonical(said: Any) -> str:
    """JSON with its keys in order: the same content is the same text, on every machine."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(entry: Entry, previous: str) -> str:
    """The digest of an entry that follows from `previous`: SHA-256 over both as canonical JSON."""
    content = canonical([*entry, previous])
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def sealed(entry: Entry, previous: str) -> Sealed:
    """An entry, sealed behind `previous`."""
    return Sealed(entry, previous, digest(entry, previous))


def faults(
    chain: Iterable[Sealed], *, length: int | None = None, last: str | None = None
) -> list[str]:
    """What is wrong with a chain, in words; nothing where it holds.

    `length` and `last` are what its end should be, where somebody knows.
    """
    found: list[str] = []
    expected, previous = 1, START
    for entry, before, kept in chain:
        if entry.number != expected:
            found.append(_gap(entry.number, expected))
        elif before != previous:
            found.append(
                say("entry {number} does not follow from the entry before it", number=entry.number)
            )
        if digest(entry, before) != kept:
            found.append(say("entry {number} is not as it was written", number=entry.number))
        expected, previous = entry.number + 1, kept
    if length is not None and length != expected - 1:
        found.append(
            say(
                "the register ends at entry {expected}, and should end at {length}",
                expected=expected - 1,
                length=length,
            )
        )
    elif last is not None and last != previous:
        found.append(
            say("entry {expected} is not the last one that was written", expected=expected - 1)
        )
    return found


def _gap(number: int, expected: int) -> str:
    if number > expected:
        return say(
            "entry {expected} is missing: entry {number} follows entry {expected2}",
            expected=expected,
            number=number,
            expected2=expected - 1,
        )
    return say("entry {number} comes twice, or after a later one", number=number)


def line_of(each: Sealed) -> str:
    """An entry as a line of the exported register."""
    said = each.entry._asdict() | {"body": json.loads(each.entry.body)}
    return canonical(said | {"previous": each.previous, "digest": each.digest})


def read_line(line: str) -> Sealed:
    """An entry from a line of an exported register. Raises ValueError where it is none."""
    said = json.loads(line)
    if not isinstance(said, dict):
        raise ValueError("a line of the register is a JSON object")  # noqa: TRY004
    try:
        entry = Entry(
            number=said["number"], at=said["at"], by=said["by"], kind=said["kind"],
            alliance=said["alliance"], decision=said["decision"], body=canonical(said["body"]),
        )  # fmt: skip
        return Sealed(entry, str(said["previous"]), str(said["digest"]))
    except KeyError as error:
        raise ValueError(say("the entry has no {error}", error=error)) from error
