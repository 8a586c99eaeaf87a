"""ADT: what happens to a visit, from PV1, PV2 and EVN.

Which act a trigger is follows chapter 3 of the standard. A08 changes what is known and no step.
Leave and tracking (A09, A10, A21, A22) do not free the bed, so they are notes.
"""

from datetime import timedelta

from onesystem.feeds.hl7v2.causes import alternate_visit, cause_of
from onesystem.feeds.hl7v2.message import Segment
from onesystem.feeds.hl7v2.person import subject_of
from onesystem.feeds.hl7v2.telling import Telling
from onesystem.vocabulary import Act, BadInput, ContactEvent, Reading, SubjectsMerged

ACTS = {
    "A01": Act.START,
    "A02": Act.MOVE,
    "A03": Act.END,
    "A04": Act.START,
    "A05": Act.REQUEST,
    "A06": Act.MOVE,
    "A07": Act.MOVE,
    "A08": Act.NOTE,
    "A09": Act.NOTE,
    "A10": Act.NOTE,
    "A11": Act.CANCEL,
    "A12": Act.UNMOVE,
    "A13": Act.UNEND,
    "A14": Act.REQUEST,
    "A15": Act.NOTE,
    "A16": Act.READY,
    "A17": Act.MOVE,
    "A21": Act.NOTE,
    "A22": Act.NOTE,
    "A23": Act.CANCEL,
    "A25": Act.UNREADY,
    "A26": Act.NOTE,
    "A27": Act.CANCEL,
    "A32": Act.NOTE,
    "A33": Act.NOTE,
    "A38": Act.CANCEL,
    "A44": Act.NOTE,
    "A45": Act.NOTE,
    "A52": Act.NOTE,
    "A53": Act.NOTE,
    "A54": Act.NOTE,
    "A55": Act.NOTE,
    "A01+ED": Act.START,
}
MERGES = {"A18", "A30", "A34", "A36", "A39", "A40", "A46", "A47", "A49"}
NUMBER_MOVES = {"A35", "A41", "A42", "A43", "A50", "A51"}
PERSON_ONLY = {"A28", "A29", "A31", "A24", "A37", "A60", "A61", "A62"} | NUMBER_MOVES
_FUTURE = timedelta(days=1)


def visit_key(t: Telling, pv1: Segment, pid: Segment) -> str:
    """The source's key of the visit: its number, else the account, else person and admission.

    Raises BadInput where a message names none of them, since its events could never be joined.
    """
    found = t.text(pv1, 19) or alternate_visit(t, pv1) or t.text(pid, 18)
    if found:
        return found
    if admitted := t.text(pv1, 44):
        return f"{t.subject}@{admitted}"
    raise BadInput(
        "the message names no visit",
        rule="hl7.no-visit",
        cure="Ask the source to send the visit number in PV1-19 (or the account in PID-18).",
        where="PV1-19",
    )


def events(t: Telling, pid: Segment, pv1: Segment) -> list[Reading]:
    """The event of an ADT message."""
    act = ACTS.get(t.trigger)
    if act is None:
        return []
    if not pv1:
        raise BadInput(
            f"{t.type}^{t.trigger} needs a PV1 segment and has none",
            rule="hl7.no-pv1",
            cure="Ask the source to send PV1 with every message about a visit.",
            where="PV1",
        )
    return [event(t, pid, pv1, act)]


def event(t: Telling, pid: Segment, pv1: Segment, act: Act, **said: object) -> ContactEvent:
    """One event of the visit that PV1 is about."""
    hl7, text = t.hl7, t.text
    evn, pv2 = hl7.first("EVN"), hl7.first("PV2")
    at = t.time(evn, 6) or t.time(evn, 2) or t.recorded
    patient_class = text(pv1, 2)
    location = hl7.raw(pv1, 3).split(hl7.repeat, 1)[0]
    service, setting = t.place(location, where="PV1-3", patient_class=patient_class)
    if at - t.received > _FUTURE and act is not Act.REQUEST:
        t.odd("in-the-future", at.isoformat(), "EVN")
    keeps_end = act in {Act.END, Act.NOTE}
    admitted, discharged = t.time(pv1, 44), t.time(pv1, 45)
    if admitted and discharged and discharged < admitted:
        t.odd("ends-before-it-starts", f"{admitted:%F %T} to {discharged:%F %T}", "PV1-45")
    values: dict[str, object] = {
        "visit": visit_key(t, pv1, pid),
        "subject": t.subject,
        "act": act,
        "at": at,
        "recorded": t.recorded,
        "order": t.order,
        "service": service,
        "setting": setting,
        "requested": at if act is Act.REQUEST else None,
        "planned": t.time(pv2, 8) if act is Act.REQUEST else None,
        "started": None if act is Act.REQUEST else admitted,
        "ended": discharged if keeps_end else None,
        "bed": "-".join(filter(None, hl7.parts(location)[1:3])),
        "mode": text(pv2, 38, 2) or text(pv2, 38) or text(pv1, 14, 2) or text(pv1, 14),
        "urgency": text(pv1, 4, 2) or text(pv1, 4),
        "reason": text(pv2, 3, 2) or text(pv2, 3),
        "outcome": (text(pv1, 36, 2) or text(pv1, 36)) if act is Act.END else "",
        "by": t.person_name(hl7.raw(pv1, 7).split(hl7.repeat, 1)[0]),
        "cause": cause_of(t, pv1),
    }
    return ContactEvent(**(values | said))  # type: ignore[arg-type]


def merges(t: Telling) -> list[Reading]:
    """The pairs of a merge: each PID with the MRG that follows it."""
    found: list[Reading] = []
    subject = ""
    for segment in t.hl7.segments:
        if segment[0] == "PID":
            subject = subject_of(t, segment)
        elif segment[0] == "MRG":
            old = subject_of(t, segment, (1, 4))
            if not (subject and old):
                raise BadInput(
                    "a merge does not name both numbers",
                    rule="hl7.no-merge-number",
                    cure="Ask the source to send the old number in MRG-1, the new one in PID-3.",
                    where="MRG-1",
                )
            if subject == old:
                t.odd("merge-with-itself", "old and new number are the same", "MRG-1")
            else:
                found.append(SubjectsMerged(subject=subject, old=old, at=t.recorded))
    if not found and not t.remarks:
        raise BadInput(
            f"{t.type}^{t.trigger} has no MRG segment",
            rule="hl7.no-merge-number",
            cure="Ask the source to send the old number in MRG-1.",
            where="MRG",
        )
    return found


def visit_merges(t: Telling, pid: Segment, pv1: Segment) -> list[Reading]:
    """A42: two visit numbers were one visit. The old one is taken back; the new one stands."""
    mrg = t.hl7.first("MRG")
    old = t.text(mrg, 5)
    if t.trigger == "A42" and old and pv1 and old != visit_key(t, pv1, pid):
        return [
            event(t, pid, pv1, Act.CANCEL, visit=old, outcome="merged into another visit"),
            event(t, pid, pv1, Act.NOTE),
        ]
    t.odd("numbers-of-accounts", f"{t.trigger} changes account or visit numbers only", "MRG")
    return []
