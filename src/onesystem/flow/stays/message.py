"""A gesture on a board as a message: landed first, and read again by every replay.

One line of JSON with the readings as they are to be taken: the event that changes the contact,
where one does, and the facts with who said them and when. Each is in the name of the source whose
visit it is, so the contact stays one.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson

from onesystem.contacts.rows import event_from, event_json
from onesystem.district import District, Source
from onesystem.feeds.readers import Elsewhere, Explained, OwnReader, register
from onesystem.flow.stays.facts import FACTS, NAMES
from onesystem.vocabulary import BadInput, ContactEvent, Reading, StayFact
from onesystem.vocabulary.said import listed, say

FORMAT = "board"
SOURCE = "board"  # the source under which what is said on boards is landed


def packed(
    *, owner: str, whose: str, facts: Sequence[StayFact], events: Sequence[ContactEvent] = ()
) -> bytes:
    """The message to land. `owner` has the visit, `whose` is the source that names its person."""
    return orjson.dumps(
        {
            "onesystem": FORMAT,
            "version": 1,
            "owner": owner,
            "whose": whose,
            "events": [orjson.loads(event_json(event)) for event in events],
            "facts": [asdict(fact) for fact in facts],
        }
    )


class BoardReader(OwnReader):
    """Reads what was said on boards; nothing else is of this format."""

    format = FORMAT

    def kind(self, message: bytes) -> str:
        """What was said."""
        try:
            facts = orjson.loads(message)["facts"]
            return "board: " + ", ".join(NAMES[fact["fact"]] for fact in facts)
        except (ValueError, KeyError, TypeError):
            return ""

    def read(
        self, message: bytes, *, source: Source, district: District, received: datetime
    ) -> list[Reading]:
        """The readings, each in the name of the source whose visit it is."""
        del source, district, received  # the message says all of it
        try:
            said = orjson.loads(message)
            made: list[Any] = [event_from(orjson.dumps(event)) for event in said["events"]]
            made += [_fact(fact) for fact in said["facts"]]
            return [Elsewhere(said["owner"], said["whose"], each) for each in made]  # type: ignore[misc]
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(
                say("this was not said on a board: {error}", error=error),
                rule="board.unreadable",
                cure="Facts are put right on the boards; nobody sends them.",
            ) from error

    def explain(self, message: bytes) -> list[Explained]:
        """Who said what."""
        return [
            Explained(
                text=listed(
                    [NAMES.get(fact["fact"], fact["fact"]), fact["value"] or say("no")], ": "
                ),
                says=f"by {fact['by']}, {_moment(fact['recorded'])}",
            )
            for fact in orjson.loads(message)["facts"]
        ]


def _moment(recorded: str) -> str:
    return f"{datetime.fromisoformat(recorded).astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def _fact(said: dict[str, Any]) -> StayFact:
    fact = StayFact(**{**said, "recorded": datetime.fromisoformat(said["recorded"])})
    if fact.fact not in FACTS or not fact.by or not fact.act:
        msg = say("{fact} by {by}", fact=repr(fact.fact), by=repr(fact.by))
        raise ValueError(msg)
    return fact


def connect() -> None:
    """Let the feeds read what is said on boards. Safe to call again."""
    register(BoardReader())
