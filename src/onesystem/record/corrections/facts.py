"""The facts that can be put right, and what a source says of them later. Pure.

A correction names the facts that were wrong and what they are: fact to text. What a source sends
afterwards either says the same wrong thing again, or has been put right, or says something new.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

from onesystem.vocabulary import Act, ContactEvent, Entry, PersonSeen, contact_id
from onesystem.vocabulary.said import say_each

Facts = dict[str, str]
ENTRY = ("words", "code", "system", "status", "at", "value", "unit")
CONTACT = ("service", "requested", "started", "ready", "ended", "reason", "outcome", "by",
           "cancelled")  # fmt: skip
TEXTS = ("reason", "outcome", "by")  # of a contact, that a further note can change
PERSON = ("family", "given", "birth_date", "sex", "address", "postcode", "phone", "practice",
          "died")  # fmt: skip
_TIMES = ("requested", "started", "ready", "ended")
_AT = say_each(
    {Act.REQUEST: "requested", Act.START: "started", Act.READY: "ready", Act.END: "ended"}
)
NAMES: Mapping[str, str] = say_each({
    "words": "What it is", "code": "Code", "system": "Code system", "status": "Status",
    "at": "When", "value": "Value", "unit": "Unit", "service": "Service",
    "requested": "Asked for", "started": "Started", "ready": "Ready to leave", "ended": "Ended",
    "reason": "Reason", "outcome": "Outcome", "by": "Who", "cancelled": "It never happened",
    "family": "Family name", "given": "Given names", "birth_date": "Born", "sex": "Sex",
    "address": "Address", "postcode": "Postcode", "phone": "Telephone", "practice": "Practice",
    "died": "Died",
})  # fmt: skip


class Again(StrEnum):
    """What a source says of a fact that was put right."""

    WRONG = "wrong"
    RIGHT = "right"
    NEW = "new"
    SILENT = "silent"


def person_target(source: str, subject: str) -> int:
    """The id under which a subject of a source is met again."""
    return contact_id(source, f"\x1fperson\x1f{subject}")


def moment_text(moment: datetime | None) -> str:
    """A moment as a fact."""
    return moment.astimezone(UTC).isoformat() if moment else ""


def of_entry(said: Entry) -> Facts:
    """The facts of an entry as it arrives."""
    code = said.code
    return {
        "words": code.display if code else "", "code": code.code if code else "",
        "system": code.system if code else "", "status": said.status, "at": moment_text(said.at),
        "value": said.value, "unit": said.unit,
    }  # fmt: skip


def of_event(said: ContactEvent) -> Facts:
    """What one event of a visit says; empty where it does not."""
    found = {name: moment_text(getattr(said, name)) for name in _TIMES}
    if said.at and (name := _AT.get(said.act)):
        found[name] = found[name] or moment_text(said.at)
    found |= {name: getattr(said, name) for name in ("service", *TEXTS)}
    return found


def of_person(said: PersonSeen) -> Facts:
    """The facts of a description."""
    found = {}
    for name in PERSON:
        value = getattr(said, name)
        found[name] = value.isoformat() if hasattr(value, "isoformat") else (value or "").strip()
    return found


def compared(said: Mapping[str, str], was: Mapping[str, str], now: Mapping[str, str]) -> Again:
    """What is said of the facts that were put right. `now` holds only those."""
    told = {name: said.get(name, "") for name in now}
    if all(not value for value in told.values()):
        return Again.SILENT
    if all(value in {was.get(name, ""), ""} for name, value in told.items()):
        return Again.WRONG
    if all(value in {now[name], ""} for name, value in told.items()):
        return Again.RIGHT
    if all(value in {now[name], was.get(name, ""), ""} for name, value in told.items()):
        return Again.WRONG
    return Again.NEW


def righted_event(
    said: ContactEvent, was: Mapping[str, str], now: Mapping[str, str]
) -> ContactEvent:
    """The event with the facts put right that it says wrongly again."""
    changed: dict[str, object] = {}
    for name, value in now.items():
        if name in _TIMES:
            right = datetime.fromisoformat(value) if value else None
            if moment_text(getattr(said, name)) == was.get(name) != "":
                changed[name] = right
            if _AT.get(said.act) == name and moment_text(said.at) == was.get(name) and right:
                changed["at"] = right
        elif name in {"service", *TEXTS} and getattr(said, name) == was.get(name) != "":
            changed[name] = value
            if name == "service":
                changed["setting"] = None
    return replace(said, **changed) if changed else said  # type: ignore[arg-type]


def righted_person(said: PersonSeen, was: Mapping[str, str], now: Mapping[str, str]) -> PersonSeen:
    """The description with the facts put right that it says wrongly again."""
    told = of_person(said)
    changed: dict[str, object] = {}
    for name, value in now.items():
        if told[name] == was.get(name, ""):
            dated = name in {"birth_date", "died"}
            changed[name] = _day(value) if dated else value
    return replace(said, **changed) if changed else said  # type: ignore[arg-type]


def _day(text: str) -> object:
    return datetime.fromisoformat(text).date() if text else None
