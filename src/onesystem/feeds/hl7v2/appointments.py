"""SIU: appointments. A booking is a contact that is waited for; the visit itself comes by ADT.

The key is the visit number where the message has one, so that the arrival that ADT tells of
continues the same contact; else the number of the appointment.
"""

from datetime import datetime

from onesystem.feeds.hl7v2.causes import cause_of
from onesystem.feeds.hl7v2.message import Segment
from onesystem.feeds.hl7v2.telling import Telling
from onesystem.feeds.hl7v2.times import moment
from onesystem.vocabulary import Act, BadInput, ContactEvent, Reading, Setting

_ACTS = {
    "S12": Act.REQUEST,
    "S13": Act.NOTE,
    "S14": Act.NOTE,
    "S15": Act.CANCEL,
    "S16": Act.CANCEL,
    "S17": Act.CANCEL,
    "S26": Act.CANCEL,
}
_OUTCOMES = {
    "S15": "cancelled",
    "S16": "discontinued",
    "S17": "deleted",
    "S26": "did not attend",
}


def appointment(t: Telling, pv1: Segment) -> list[Reading]:
    """The event of a scheduling message. S18 to S25 change resources: notes."""
    act = _ACTS.get(t.trigger, Act.NOTE)
    sch = t.hl7.first("SCH")
    number = t.text(sch, 2) or t.text(sch, 1)
    visit = t.text(pv1, 19) or (f"appointment/{number}" if number else "")
    if not visit:
        raise BadInput(
            "the appointment has no number",
            rule="hl7.no-visit",
            cure="Ask the source to send the appointment's number in SCH-2.",
            where="SCH-2",
        )
    service, setting = _where(t, pv1)
    return [
        ContactEvent(
            visit=visit,
            subject=t.subject,
            act=act,
            at=t.recorded,
            recorded=t.recorded,
            order=t.order,
            service=service,
            setting=setting,
            requested=t.recorded if act is Act.REQUEST else None,
            planned=_due(t, sch),
            urgency=t.text(sch, 7, 2) or t.text(sch, 7),
            reason=t.text(t.hl7.first("AIS"), 3, 2) or t.text(sch, 6, 2) or t.text(sch, 6),
            outcome=_OUTCOMES.get(t.trigger, ""),
            by=t.person_name(t.hl7.raw(t.hl7.first("AIP"), 3)),
            cause=cause_of(t, pv1),
        )
    ]


def _due(t: Telling, sch: Segment) -> datetime | None:
    """When the appointment is to begin: TQ1-7, AIS-4, AIL-6 or, before version 2.5, SCH-11.4."""
    for name, number in (("TQ1", 7), ("AIS", 4), ("AIL", 6)):
        if found := t.time(t.hl7.first(name), number):
            return found
    return moment(t.text(sch, 11, 4), t.zone)


def _where(t: Telling, pv1: Segment) -> tuple[str, Setting | None]:
    for segment, number in ((t.hl7.first("AIL"), 3), (pv1, 3)):
        raw = t.hl7.raw(segment, number)
        if raw:
            name = f"{segment[0]}-{number}"
            service, setting = t.place(raw, where=name, patient_class="O")
            return service, setting or Setting.OUTPATIENT
    return f"{t.source.code}/appointments", Setting.OUTPATIENT
