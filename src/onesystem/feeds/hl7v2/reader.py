"""The reader: a message's type decides which rules see it."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from onesystem.district import District, Source
from onesystem.feeds.hl7v2.appointments import appointment
from onesystem.feeds.hl7v2.clinical import document, entries
from onesystem.feeds.hl7v2.explain import explain
from onesystem.feeds.hl7v2.message import Hl7, Segment, parse
from onesystem.feeds.hl7v2.orders import referrals, reports, requests
from onesystem.feeds.hl7v2.person import person
from onesystem.feeds.hl7v2.split import looks_like, messages
from onesystem.feeds.hl7v2.telling import Telling
from onesystem.feeds.hl7v2.times import moment
from onesystem.feeds.hl7v2.visits import (
    ACTS,
    MERGES,
    NUMBER_MOVES,
    PERSON_ONLY,
    events,
    merges,
    visit_key,
    visit_merges,
)
from onesystem.feeds.hl7v2.words import STANDARD
from onesystem.feeds.readers import Explained
from onesystem.vocabulary import BadInput, PersonSeen, Reading

_ORDERS = {"ORM", "OMG", "OML", "OMP", "OMI", "OMB", "OPR"}
_REFERRALS = {"REF", "RRI"}
_RESULTS = {"ORU", "OUL"}
_MOST_STRANGERS = 10  # a text with line ends in it looks like a hundred segments
_VISITLESS = {"ACK", "NAK", "QRY", "QBP", "RSP", "MFN", "MFK", "ADR", "NMD", "ORR", "BTS"}


class Hl7Reader:
    """HL7 version 2, any version from 2.1 on."""

    format = "hl7v2"

    def sniff(self, name: str, head: bytes) -> bool:  # noqa: ARG002
        """See Reader."""
        return looks_like(head)

    def split(self, data: BinaryIO, name: str) -> Iterator[bytes | BinaryIO]:  # noqa: ARG002
        """See Reader."""
        return messages(data)

    def kind(self, message: bytes) -> str:
        """ADT^A01, as MSH-9 says."""
        line = message.split(b"\r", 1)[0].split(b"\n", 1)[0]
        line = line.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x0b \t")
        fields = line.split(line[3:4]) if len(line) > 8 else []
        if len(fields) < 9 or not line.isascii():
            return ""
        return "^".join(fields[8].decode("ascii").split(chr(line[4]))[:2])

    def read(
        self, message: bytes, *, source: Source, district: District, received: datetime
    ) -> list[Reading]:
        """See Reader."""
        hl7, remarks = parse(message, encoding=source.encoding)
        t = opened(hl7, source=source, district=district, received=received)
        t.remarks += remarks
        _note_strangers(t)
        found = list(_readings(t))
        return [*found, *dict.fromkeys(t.remarks)]

    def explain(self, message: bytes) -> list[Explained]:
        """See Reader."""
        return explain(message)


def opened(hl7: Hl7, *, source: Source, district: District, received: datetime) -> Telling:
    """The message with its header read. Raises BadInput without a type."""
    msh, evn = hl7.first("MSH"), hl7.first("EVN")
    t = Telling(hl7, source, district, received)
    t.type, t.trigger = hl7.text(msh, 9).upper(), hl7.text(msh, 9, 2).upper()
    if not t.type:
        raise BadInput(
            "MSH-9 says no message type",
            rule="hl7.no-type",
            cure="Ask the source to send the type and trigger in MSH-9, such as ADT^A01.",
            where="MSH-9",
        )
    if not t.trigger:
        t.trigger = hl7.text(evn, 1).upper()
    t.order = hl7.text(msh, 10)
    if t.order.isdigit():
        t.order = t.order.zfill(20)  # so that 9 comes before 10
    written = moment(hl7.text(msh, 7), t.zone) or moment(hl7.text(evn, 2), t.zone)
    if written is None:
        t.odd(
            "no-message-time", "neither MSH-7 nor EVN-2 is a time; taken as just received", "MSH-7"
        )
    t.recorded = written or received
    return t


def _note_strangers(t: Telling) -> None:
    """Flag segments that neither the standard knows nor a source may call its own (Z)."""
    names = {segment[0] for segment in t.hl7.segments} - STANDARD
    strangers = sorted(name for name in names if not name.startswith("Z"))
    for name in strangers[:_MOST_STRANGERS]:
        t.odd("unknown-segment", f"{name[:20]} is no segment of HL7 v2", name[:20])


def _readings(t: Telling) -> Iterator[Reading]:
    pid, pv1 = t.hl7.first("PID"), t.hl7.first("PV1")
    if not pid and (t.type in _VISITLESS or t.type not in {"ADT", *_ORDERS, *_RESULTS}):
        raise no_rule(t)
    seen = person(t, pid)
    t.subject = seen.subject
    yield seen
    visit = _visit(t, pid, pv1)
    if t.type == "ADT":
        yield from _adt(t, pid, pv1)
        yield from entries(t, visit)
    elif t.type == "SIU":
        yield from appointment(t, pv1)
        yield from entries(t, visit)
    elif t.type in _RESULTS:
        yield from reports(t, visit)
    elif t.type in _ORDERS:
        yield from requests(t)
        yield from _beside_orders(t, visit)
    elif t.type in _REFERRALS:
        yield from referrals(t)
        yield from _beside_orders(t, visit)
    elif t.type == "MDM":
        yield document(t, t.hl7.first("TXA"), visit)
    else:
        # Nothing of what such a message is for is lost: it is in the landing. What it says of the
        # person, and of diagnoses, allergies and medicines, is read like in any other.
        yield from entries(t, visit)
        t.odd("no-rule-for-type", f"{t.type}^{t.trigger}: read for the person only", "MSH-9")


def _visit(t: Telling, pid: Segment, pv1: Segment) -> str:
    """The visit that entries belong to; empty where none is named."""
    try:
        return visit_key(t, pv1, pid) if pv1 else ""
    except BadInput:
        return ""


def _adt(t: Telling, pid: Segment, pv1: Segment) -> Iterator[Reading]:
    if t.trigger in MERGES:
        yield from merges(t)
    elif t.trigger == "A17":
        yield from _swap(t)
    elif t.trigger in NUMBER_MOVES:
        yield from visit_merges(t, pid, pv1)
    elif t.trigger in ACTS:
        yield from events(t, pid, pv1)
    elif t.trigger not in PERSON_ONLY:
        t.odd("no-rule-for-type", f"ADT^{t.trigger}: read for the person only", "MSH-9")


def _swap(t: Telling) -> Iterator[Reading]:
    """A17: two people change beds; each PID with the PV1 that follows it."""
    first, pid = t.subject, None
    for segment in t.hl7.segments:
        if segment[0] == "PID":
            pid = segment
        elif segment[0] == "PV1" and pid is not None:
            seen: PersonSeen = person(t, pid)
            if seen.subject != first:
                yield seen
            t.subject = seen.subject
            yield from events(t, pid, segment)
    t.subject = first


def _beside_orders(t: Telling, visit: str) -> Iterator[Reading]:
    """Diagnoses and allergies sent with an order; its own OBX belong to the order."""
    for found in entries(t, visit):
        if found.kind != "MedicationRequest":
            yield found


def no_rule(t: Telling) -> BadInput:
    """The refusal of a message that is about no person and that no rule reads."""
    return BadInput(
        f"no rule for {t.type}^{t.trigger}, and it names no person",
        rule="hl7.no-rule",
        cure="Nothing is lost: it is kept. Tell the source that it need not send this type.",
        where="MSH-9",
    )
