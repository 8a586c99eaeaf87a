"""The versions of a contact in words: when each became known, and what it changed. No HTML."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from onesystem.record.presenters import When, Words
from onesystem.vocabulary import Contact
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import local

CHANGED = (
    "service", "setting", "requested", "planned", "started", "ready", "ended", "bed", "mode",
    "urgency", "reason", "outcome", "by", "cause", "cancelled",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionWords:
    """One version of a contact: when it became known and what it changed."""

    version: int
    known: When | None
    source: str
    message: int
    changes: tuple[tuple[str, str, str], ...]  # (what, before, after)


def versions_words(versions: Iterable[Contact], words: Words) -> list[VersionWords]:
    """The versions of one contact, newest first, each with what it changed."""
    ordered = sorted(versions, key=lambda c: c.version)
    found = []
    for before, c in zip([None, *ordered], ordered, strict=False):
        changes = tuple(_changes(before, c, words)) if before else ()
        source = words.source(c.source)
        found.append(VersionWords(c.version, words.when(c.known_at), source, c.message, changes))
    return found[::-1]


def _changes(before: Contact, after: Contact, words: Words) -> Iterable[tuple[str, str, str]]:
    for name in CHANGED:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield name.capitalize(), _value(name, old, words), _value(name, new, words)


def _value(name: str, value: object, words: Words) -> str:
    if value is None or value == "":
        return say("not said")
    if isinstance(value, datetime):
        return local(value, words.district.zone)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "service":
        return words.district.service_name(str(value))
    if name == "cause":
        return words.link(int(str(value))).words
    return str(value)
