"""What is done in the care room as a message: landed first, and read again by every replay.

One line of JSON with the readings as they are to be taken: acts of the room itself, steps of
requests, events of contacts, entries of the record. Each is in the name of the source whose thing
it is of (`owner`; `care` for what began here), about a person as another source knows them
(`whose`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import orjson

from onesystem.contacts.rows import event_from, event_json
from onesystem.district import District, Source
from onesystem.feeds.readers import Elsewhere, Explained, OwnReader, register
from onesystem.vocabulary import (
    BadInput,
    CareAct,
    Code,
    ContactEvent,
    Entry,
    Reading,
    RequestSeen,
)
from onesystem.vocabulary.said import say

FORMAT = "care"
SOURCE = "care"  # the source under which what is done in the room is landed, and what began here
Said = CareAct | RequestSeen | ContactEvent | Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """One reading, and the source whose thing it is of."""

    reading: Said
    owner: str = SOURCE


def packed(*, whose: str, by: str, readings: Sequence[Owned]) -> bytes:
    """The message to land."""
    return orjson.dumps(
        {
            "onesystem": FORMAT,
            "version": 1,
            "whose": whose,
            "by": by,
            "readings": [
                {"owner": each.owner, "type": type(each.reading).__name__, **_plain(each.reading)}
                for each in readings
            ],
        }
    )


class CareReader(OwnReader):
    """Reads what was done in the care room; nothing else is of this format."""

    format = FORMAT

    def kind(self, message: bytes) -> str:
        """What was done, in a few words."""
        try:
            return "care: " + ", ".join(_named(orjson.loads(message)["readings"]))
        except (ValueError, KeyError, TypeError):
            return ""

    def read(
        self, message: bytes, *, source: Source, district: District, received: datetime
    ) -> list[Reading]:
        """The readings, each in the name of the source whose thing it is of."""
        del source, district, received  # the message says all of it
        try:
            said = orjson.loads(message)
            return [Elsewhere(r["owner"], said["whose"], _reading(r)) for r in said["readings"]]  # type: ignore[misc]
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(
                say("this was not done in the care room: {error}", error=error),
                rule="care.unreadable",
                cure="Care is given on the pages; nobody sends these messages.",
            ) from error

    def explain(self, message: bytes) -> list[Explained]:
        """Who did what."""
        said = orjson.loads(message)
        return [Explained(text=each, says=f"by {said['by']}") for each in _named(said["readings"])]


def _named(readings: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"{each['part']} {each['verb']}" if each["type"] == "CareAct" else each["type"]
        for each in readings
    ]


def _plain(reading: Said) -> dict[str, Any]:
    """A reading as JSON has it; `_reading` is the way back."""
    if isinstance(reading, ContactEvent):
        return {"event": orjson.loads(event_json(reading))}
    made = {f.name: getattr(reading, f.name) for f in fields(reading)}
    if code := made.get("code") or made.get("what"):
        made["code" if isinstance(reading, Entry) else "what"] = [
            code.system, code.code, code.display,
        ]  # fmt: skip
    if isinstance(body := made.get("body"), bytes):
        made["body"] = body.decode()
    made.pop("resource", None)  # it is the body again
    return made


def _reading(said: Mapping[str, Any]) -> Said:
    return _MAKE[said["type"]]({k: v for k, v in said.items() if k not in {"type", "owner"}})


def _act(said: dict[str, Any]) -> CareAct:
    made = CareAct(**{**said, "recorded": datetime.fromisoformat(said["recorded"])})
    if not (made.part and made.verb and made.thing and made.by and made.act):
        msg = say(
            "{part} {verb} by {by}", part=repr(made.part), verb=repr(made.verb), by=repr(made.by)
        )
        raise ValueError(msg)
    return made


def _event(said: dict[str, Any]) -> ContactEvent:
    return event_from(orjson.dumps(said["event"]))


def _request(said: dict[str, Any]) -> RequestSeen:
    return RequestSeen(**{**said, **_moments(said), **_body(said), "what": _code(said["what"])})


def _entry(said: dict[str, Any]) -> Entry:
    body = _body(said)
    resource = orjson.loads(body["body"]) if body["body"] is not None else None
    return Entry(
        **{**said, **_moments(said), **body, "code": _code(said["code"]),
           "numbers": tuple(said["numbers"]), "links": said["links"] or {}, "resource": resource}
    )  # fmt: skip


def _moments(said: Mapping[str, Any]) -> dict[str, Any]:
    at = said["at"]
    return {
        "at": datetime.fromisoformat(at) if at else None,
        "recorded": datetime.fromisoformat(said["recorded"]),
    }


def _body(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"body": said["body"].encode() if said["body"] is not None else None}


def _code(said: Sequence[str] | None) -> Code | None:
    return Code(*said) if said else None


_MAKE: Mapping[str, Callable[[dict[str, Any]], Said]] = {
    "CareAct": _act, "ContactEvent": _event, "RequestSeen": _request, "Entry": _entry,
}  # fmt: skip


def connect() -> None:
    """Let the feeds read what is done in the care room. Safe to call again."""
    register(CareReader())
