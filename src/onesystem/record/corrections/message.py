"""An officer's decision as a message: landed first, and read again by every replay.

What came as FHIR is put right by a write like any other (`record.fhir.envelopes`). What came
otherwise has no resource that could be written, and a contact none either: for these there is
this format, one line of JSON with the readings as they are to be taken.
"""

from datetime import datetime
from typing import Any

import orjson

from onesystem.contacts.rows import event_from, event_json
from onesystem.district import District, Source
from onesystem.feeds.readers import Elsewhere, Explained, OwnReader, register
from onesystem.vocabulary import BadInput, Code, ContactEvent, Entry, Reading
from onesystem.vocabulary.said import say

FORMAT = "correction"
_ENTRY = ("kind", "key", "subject", "status", "value", "unit", "visit", "order")


def packed(
    *, owner: str, whose: str, by: str, correction: int, entry: Entry | None = None,
    event: ContactEvent | None = None,
) -> bytes:  # fmt: skip
    """The message to land."""
    said: dict[str, Any] = {"onesystem": FORMAT, "version": 1, "correction": correction, "by": by,
                            "owner": owner, "whose": whose}  # fmt: skip
    if entry:
        said["entry"] = _told(entry)
    if event:
        said["event"] = orjson.loads(event_json(event))
    return orjson.dumps(said)


def _told(entry: Entry) -> dict[str, Any]:
    code = entry.code
    return {
        **{name: getattr(entry, name) for name in _ENTRY},
        "at": entry.at.isoformat() if entry.at else None,
        "recorded": entry.recorded.isoformat(),
        "code": [code.system, code.code, code.display] if code else None,
        "body": entry.body.decode() if entry.body is not None else None,
    }


def _entry(said: dict[str, Any]) -> Entry:
    body = said["body"]
    return Entry(
        **{name: said[name] for name in _ENTRY},
        at=datetime.fromisoformat(said["at"]) if said["at"] else None,
        recorded=datetime.fromisoformat(said["recorded"]),
        code=Code(*said["code"]) if said["code"] else None,
        body=body.encode() if body is not None else None,
        resource=orjson.loads(body) if body is not None else None,
        links={},
    )


class CorrectionReader(OwnReader):
    """Reads what officers decided; nothing else is of this format."""

    format = FORMAT

    def kind(self, message: bytes) -> str:
        """What was put right."""
        try:
            return say("correction of an entry") if "entry" in orjson.loads(message) else (
                say("correction of a contact"))  # fmt: skip
        except orjson.JSONDecodeError:
            return ""

    def read(
        self, message: bytes, *, source: Source, district: District, received: datetime
    ) -> list[Reading]:
        """The readings, each in the name of the source whose fact it is."""
        del source, district, received  # the message says all of it
        try:
            said = orjson.loads(message)
            made: list[Any] = []
            if "entry" in said:
                made.append(_entry(said["entry"]))
            if "event" in said:
                made.append(event_from(orjson.dumps(said["event"])))
            return [Elsewhere(said["owner"], said["whose"], each) for each in made]  # type: ignore[misc]
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(
                say("this is no decision of an officer: {error}", error=error),
                rule="correction.unreadable",
                cure="Corrections are made on the pages; nobody sends them.",
            ) from error

    def explain(self, message: bytes) -> list[Explained]:
        """Who put right what."""
        said = orjson.loads(message)
        return [Explained(text=f"correction {said['correction']}", says=f"by {said['by']}")]


def connect() -> None:
    """Let the feeds read decisions. Safe to call again."""
    register(CorrectionReader())
