"""Orders, referrals and results: ORM, OMG, OML, OMP, REF, RRI and ORU."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from onesystem.feeds.hl7v2.clinical import entry, observation
from onesystem.feeds.hl7v2.message import NO_SEGMENT, Segment
from onesystem.feeds.hl7v2.telling import Telling
from onesystem.vocabulary import Act, BadInput, Code, ContactEvent, Reading, RequestSeen, Setting

_CONTROL = {"NW": "active", "CA": "revoked", "OC": "revoked", "DC": "revoked", "OD": "revoked",
            "HD": "on-hold", "RE": "completed", "SC": "active", "XO": "active"}  # fmt: skip
_STATUS = {"A": "active", "CM": "completed", "CA": "revoked", "DC": "revoked", "HD": "on-hold",
           "IP": "active", "SC": "active", "ER": "entered-in-error"}  # fmt: skip
_REPORT = {"F": "final", "P": "preliminary", "C": "corrected", "X": "cancelled",
           "O": "registered", "I": "registered", "S": "registered", "A": "partial",
           "R": "preliminary"}  # fmt: skip
_REFERRAL = {"A": "active", "P": "active", "R": "revoked", "E": "completed"}


@dataclass(slots=True)
class Order:
    """An order with its detail and results."""

    orc: Segment = field(default_factory=list)
    obr: Segment = field(default_factory=list)
    tq1: Segment = field(default_factory=list)
    results: list[Segment] = field(default_factory=list)


def orders(t: Telling) -> list[Order]:
    """The orders of a message: an ORC, an OBR (or RXO), or both, and the OBX that follow."""
    found: list[Order] = []
    pending = NO_SEGMENT
    for segment in t.hl7.segments:
        name = segment[0]
        if name == "ORC":
            if pending:
                found.append(Order(orc=pending))
            pending = segment
        elif name in {"OBR", "RXO", "RQD"}:
            found.append(Order(orc=pending, obr=segment))
            pending = NO_SEGMENT
        elif name == "TQ1" and found and not pending:
            found[-1].tq1 = segment
        elif name == "OBX" and found and not pending:
            found[-1].results.append(segment)
    if pending:
        found.append(Order(orc=pending))
    return found


def number_of(t: Telling, order: Order) -> str:
    """The order's number: the sender's (placer) before the receiver's (filler)."""
    for segment, number in ((order.orc, 2), (order.obr, 2), (order.orc, 3), (order.obr, 3)):
        if segment and (segment[0] != "RXO") and (found := t.text(segment, number)):
            return found
    return ""


def requests(t: Telling) -> Iterator[Reading]:
    """Every order of the message as a request. Raises BadInput for one without a number."""
    for order in orders(t):
        obr = order.obr if order.obr and order.obr[0] == "OBR" else NO_SEGMENT
        number = number_of(t, order)
        if not number:
            raise BadInput(
                "an order has no number",
                rule="hl7.no-order-number",
                cure="Ask the source to send the order's number in ORC-2 or OBR-2.",
                where="ORC-2",
            )
        status = _STATUS.get(t.text(order.orc, 5).upper()) or _CONTROL.get(t.text(order.orc, 1), "")
        yield RequestSeen(
            key=number,
            subject=t.subject,
            at=t.time(order.orc, 9) or t.time(obr, 6) or t.recorded,
            recorded=t.written,
            what=t.code(obr, 4) if obr else t.code(order.obr, 1),
            service=_section(t, obr),
            urgency=t.text(order.tq1, 9) or t.text(obr, 5) or t.text(obr, 27, 6),
            status=status or "active",
            by=t.person_name(t.hl7.raw(order.orc, 12) or t.hl7.raw(obr, 16)),
            reason=t.text(obr, 31, 2) or t.text(obr, 31) or t.text(obr, 13),
        )


def referrals(t: Telling) -> Iterator[Reading]:
    """A REF or RRI message's referral."""
    rf1 = t.hl7.first("RF1")
    number = t.text(rf1, 6) or t.text(rf1, 11)
    if not number:
        raise BadInput(
            "the referral has no number",
            rule="hl7.no-order-number",
            cure="Ask the source to send the referral's number in RF1-6.",
            where="RF1-6",
        )
    roles = {t.text(prd, 1): prd for prd in t.hl7.all("PRD")}
    sender, receiver = roles.get("RP", NO_SEGMENT), roles.get("RT", NO_SEGMENT)
    where = t.text(receiver, 4, 4) or t.text(receiver, 10)
    names = (t.text(sender, 2, 5), t.text(sender, 2, 2), t.text(sender, 2))
    yield RequestSeen(
        key=number,
        subject=t.subject,
        at=t.time(rf1, 7) or t.recorded,
        recorded=t.written,
        what=t.code(rf1, 3),
        service=_service(t, where, "PRD-4"),
        urgency=t.text(rf1, 2, 2) or t.text(rf1, 2),
        status=_REFERRAL.get(t.text(rf1, 1).upper(), "active"),
        by=" ".join(filter(None, names)),
        reason=t.text(rf1, 10, 2) or t.text(rf1, 10),
    )


def reports(t: Telling, visit: str) -> Iterator[Reading]:
    """An ORU message's reports, their observations, and the contacts with diagnostics."""
    for order in orders(t):
        obr = order.obr
        number = t.text(obr, 3) or t.text(order.orc, 3) or number_of(t, order)
        code = t.code(obr, 4)
        under = f"{number or t.order}/{_short(code)}"
        at = t.time(obr, 7) or t.time(obr, 14) or t.time(obr, 22)
        yield entry(
            t, "DiagnosticReport", under, code, at=at, visit=visit,
            status=_REPORT.get(t.text(obr, 25).upper(), ""),
        )  # fmt: skip
        for obx in order.results:
            found = observation(t, obx, visit, under=under, at=at)
            if found:
                yield found
        contact = _contact(t, order, under, visit)
        if contact:
            yield contact


def _contact(t: Telling, order: Order, key: str, visit: str) -> ContactEvent | None:
    """The contact with diagnostics, when its request or its collection has a time."""
    obr = order.obr
    requested = t.time(order.orc, 9) or t.time(obr, 6)
    collected = t.time(obr, 7)
    if not (requested or collected):
        return None
    final = t.text(obr, 25).upper() in {"F", "C"}
    reported = t.time(obr, 22) if final else None
    if collected and reported and reported < collected:
        t.odd("ends-before-it-starts", f"{collected:%F %T} to {reported:%F %T}", "OBR-22")
    if requested and collected and requested > collected:
        requested = None
    service = _section(t, obr) or f"{t.source.code}/diagnostics"
    return ContactEvent(
        visit=f"order/{key}",
        subject=t.subject,
        act=Act.STATE,
        at=collected or requested,
        recorded=t.recorded,
        order=t.order,
        service=service,
        setting=t.district.setting_of(service) or Setting.DIAGNOSTICS,
        requested=requested,
        started=collected,
        ended=reported,
        reason=t.text(obr, 4, 2) or t.text(obr, 4),
        by=t.person_name(t.hl7.raw(obr, 32).replace(t.hl7.sub, t.hl7.component)),
        cause=visit,
        cancelled=t.text(obr, 25).upper() == "X",
    )


def _section(t: Telling, obr: Segment) -> str:
    return _service(t, t.text(obr, 24), "OBR-24")


def _service(t: Telling, place: str, where: str) -> str:
    return t.place(place, where=where)[0] if place else ""


def _short(code: Code | None) -> str:
    return (code.code or code.display)[:60] if code else ""
