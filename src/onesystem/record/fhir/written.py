"""The reader of writes: an envelope into readings, now and whenever it is replayed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from onesystem.district import District, Source
from onesystem.feeds.fhir.frame import Frame
from onesystem.feeds.fhir.reading import one
from onesystem.feeds.readers import Elsewhere, Explained, OwnReader, register
from onesystem.record.fhir.envelopes import FORMAT, Envelope, Write, unpacked
from onesystem.vocabulary import (
    Act,
    BadInput,
    CareAct,
    ContactEvent,
    Entry,
    Reading,
    key_elsewhere,
)

_MARK = "\x1f"


class WriteReader(OwnReader):
    """Reads what the FHIR server landed; nothing else is of this format."""

    format = FORMAT

    def kind(self, message: bytes) -> str:
        """Method and address."""
        try:
            envelope = unpacked(message)
        except BadInput:
            return ""
        return f"{envelope.method} {envelope.url.partition('?')[0]}"

    def read(
        self, message: bytes, *, source: Source, district: District, received: datetime
    ) -> list[Reading]:
        """What the writes say, each in the name of the source whose resource it is of."""
        del source, received  # each write says whose it is, and when it was recorded
        envelope = unpacked(message)
        made: list[Any] = []
        frames: dict[str, Frame] = {}  # what references mean, and what came along, for each owner
        for write in envelope.writes:
            if write.owner not in frames:
                frames[write.owner] = _frame(write.owner, envelope, district)
            made += _readings(write, frames[write.owner], envelope.by)
        return made

    def explain(self, message: bytes) -> list[Explained]:
        """The writes one by one."""
        try:
            envelope = unpacked(message)
        except BadInput as error:
            return [Explained(text="", problem=str(error))]
        first = f"{envelope.method} {envelope.url} from {envelope.client} by {envelope.by}"
        return [
            Explained(text=first, says=f"at {envelope.at:%Y-%m-%d %H:%M:%S} UTC"),
            *(
                Explained(text=f"{w.act} {w.key}", says=f"a resource of {w.owner}")
                for w in envelope.writes
            ),
        ]


def _frame(whose: str, envelope: Envelope, district: District) -> Frame:
    links = {
        text: key if owner == whose else key_elsewhere(owner, key)
        for text, (owner, key) in envelope.links.items()
    }
    held = {
        links.get(each.key, each.key): orjson.loads(each.body)
        for each in envelope.writes
        if each.body is not None
    }
    return Frame(source=district.source(whose), district=district, received=envelope.at,
                 links=links, held=held)  # fmt: skip


def _readings(write: Write, whole: Frame, by: str) -> list[Elsewhere]:
    frame = replace(whole, received=write.recorded, stated=write.recorded, out=[], told=set(),
                    profiles=set())  # fmt: skip
    if write.body is not None:
        one(_without_meta(orjson.loads(write.body)), write.key, write.body, frame)
    else:
        _deleted(write, frame)
    return [_named(_by(reading, by), write.owner) for reading in frame.out]


def _without_meta(resource: dict[str, Any]) -> dict[str, Any]:
    """What a client says of version and time is the server's to say, not the client's."""
    meta = resource.get("meta")
    if not isinstance(meta, dict):
        return resource
    kept = {k: v for k, v in meta.items() if k not in {"versionId", "lastUpdated", "source"}}
    return {**resource, "meta": kept}


def _deleted(write: Write, frame: Frame) -> None:
    at = write.recorded
    if write.kind == "Encounter" and write.was is not None:
        one(_without_meta(orjson.loads(write.was)), write.key, write.was, frame)
        frame.out[:] = [
            replace(each, act=Act.CANCEL, recorded=at, cancelled=True)
            for each in frame.out
            if isinstance(each, ContactEvent)
        ]
    frame.out.append(
        Entry(kind=write.kind, key=write.key, subject="", recorded=at, status="deleted")
    )


def _by(reading: Any, user: str) -> Any:
    """What is told of a request is told by whoever wrote it, and heard as far as they may tell."""
    if not isinstance(reading, CareAct):
        return reading
    return replace(reading, by=user, said={**reading.said, "user": user})


def _named(reading: Any, owner: str) -> Elsewhere:
    """Whose the reading is: of the owner's resource, about a subject that may be another's."""
    subject = getattr(reading, "subject", "")
    whose, mark, key = subject.partition(_MARK)
    if not mark:
        return Elsewhere(owner, owner, reading)
    return Elsewhere(owner, whose, replace(reading, subject=key))


def connect() -> None:
    """Let the feeds read writes of this server. Safe to call again."""
    register(WriteReader())
