"""Encounter into contact events: the whole visit as it stands, then each move within it."""

from datetime import datetime, timedelta
from typing import Any

from onesystem.feeds.fhir.entries import concept_code, subject_of, words_of
from onesystem.feeds.fhir.frame import Frame, Resource
from onesystem.feeds.fhir.persons import recorded, version_of
from onesystem.feeds.fhir.places import place_of, service_of
from onesystem.feeds.fhir.times import moment
from onesystem.vocabulary import Act, ContactEvent, Setting

# HL7 v3 ActCode (R4) and the words of STU3 for the class of an encounter.
CLASSES = {
    "EMER": Setting.ED, "emergency": Setting.ED,
    "IMP": Setting.WARD, "ACUTE": Setting.WARD, "NONAC": Setting.WARD, "OBSENC": Setting.WARD,
    "SS": Setting.WARD, "inpatient": Setting.WARD, "daytime": Setting.WARD,
    "AMB": Setting.OUTPATIENT, "PRENC": Setting.OUTPATIENT, "outpatient": Setting.OUTPATIENT,
    "ambulatory": Setting.OUTPATIENT,
    "HH": Setting.COMMUNITY, "home": Setting.COMMUNITY,
    "FLD": Setting.AMBULANCE, "field": Setting.AMBULANCE,
    "VR": Setting.TELEPHONE, "virtual": Setting.TELEPHONE,
}  # fmt: skip
_GONE = {"cancelled", "entered-in-error"}
_BED = {"bd"}
_NOT_YET = {"planned", "reserved"}
_FUTURE = timedelta(days=1)  # clocks and zones of sources are sometimes wrong


def contact_events(resource: Resource, key: str, frame: Frame) -> list[ContactEvent]:
    """The events of one Encounter; none when it is about nobody."""
    subject = subject_of(resource, key, frame)
    if not subject:
        frame.remark("fhir.nobody", "the encounter names no person, so it is no contact", key)
        return []
    status = resource.get("status", "")
    at = recorded(resource, frame)
    order = _order(resource)
    period = resource.get("period") or {}
    start, end = moment(period.get("start"), frame.zone), moment(period.get("end"), frame.zone)
    setting = _setting(resource, key, frame)
    stays = _stays(resource, frame)
    service, setting = service_of(_place(resource, stays, key, frame), setting, frame, key)
    planned = status == "planned"
    if not (start or end):
        frame.remark("fhir.no-time", "the encounter says no time, so it is no contact yet", key)
    _note_times(start, end, key, frame, planned=planned)
    if status == "finished" and start and not end:
        # A consultation whose end nobody wrote down was over when it was written down.
        end = start
    events = [
        ContactEvent(
            visit=key,
            subject=subject,
            act=Act.STATE,
            at=start or end,
            recorded=at,
            order=order,
            service=service,
            setting=setting,
            requested=_requested(resource, start, at, planned=planned, frame=frame),
            started=None if planned else start,
            ended=None if planned else end,
            planned=start if planned else None,
            bed=_bed(stays[0] if stays else None, key, frame),
            mode=_hospital(resource, "admitSource"),
            urgency=words_of(resource.get("priority")),
            reason=_reason(resource, key, frame),
            outcome=_hospital(resource, "dischargeDisposition"),
            by=_by(resource, key, frame),
            cause=_cause(resource, key, frame),
            cancelled=status in _GONE,
        )
    ]
    if status not in _GONE and not planned:
        events += _moves(stays, events[0], end, key, frame)
    return events


def _moves(
    stays: list[dict[str, Any]], first: ContactEvent, end: datetime | None, key: str, frame: Frame
) -> list[ContactEvent]:
    moves = []
    for n, stay in enumerate(stays[1:], start=1):
        at = moment((stay.get("period") or {}).get("start"), frame.zone)
        if at is None or (end and at > end) or (first.started and at <= first.started):
            continue
        place = place_of(stay.get("location"), key, frame)
        service, setting = service_of([place], first.setting, frame, key)
        moves.append(
            ContactEvent(
                visit=key,
                subject=first.subject,
                act=Act.MOVE,
                at=at,
                recorded=first.recorded,
                order=f"{first.order}.{n:03}",  # after the state that they are part of
                service=service,
                setting=setting,
                bed=_bed(stay, key, frame),
            )
        )
    return moves


def _note_times(
    start: datetime | None, end: datetime | None, key: str, frame: Frame, *, planned: bool
) -> None:
    """Flag times that cannot be: kept as told, for the source to mend."""
    if start and end and end < start:
        frame.remark("ends-before-it-starts", f"{start:%F %T} to {end:%F %T}", key)
    last = max(filter(None, (start, end)), default=None)
    if last and not planned and last - frame.received > _FUTURE:
        frame.remark("in-the-future", last.isoformat(), key)


def _order(resource: Resource) -> str:
    version = version_of(resource)
    return version.zfill(20) if version.isdigit() else version


def _stays(resource: Resource, frame: Frame) -> list[dict[str, Any]]:
    """The places of an encounter in order of time; planned ones are not places yet."""
    listed = [s for s in resource.get("location") or () if s.get("status") not in _NOT_YET]
    return sorted(
        listed, key=lambda s: str(moment((s.get("period") or {}).get("start"), frame.zone) or "")
    )


def _place(
    resource: Resource, stays: list[dict[str, Any]], key: str, frame: Frame
) -> list[tuple[str, ...]]:
    """What may name the service, most telling first: place, kind of service, who runs it."""
    found = [place_of(stays[0].get("location"), key, frame)] if stays else []
    kind = concept_code(resource.get("serviceType"))
    if kind:
        found.append(tuple(part for part in (kind.code, kind.display) if part))
    found.append(place_of(resource.get("serviceProvider"), key, frame))
    return [names for names in found if names]


def _setting(resource: Resource, key: str, frame: Frame) -> Setting | None:
    said = resource.get("class")
    setting = CLASSES.get(str(said.get("code", ""))) if isinstance(said, dict) else None
    if setting in {None, Setting.OUTPATIENT} and _of_practice(resource, key, frame):
        return Setting.GENERAL_PRACTICE
    return setting


def _of_practice(resource: Resource, key: str, frame: Frame) -> bool:
    """Whether general practice sent it, as the district, the provider or the profile says."""
    organisation = frame.district.organisations.get(frame.source.organisation)
    if organisation and "practice" in organisation.kind:
        return True
    provider = frame.find(frame.key_of(resource.get("serviceProvider"), key))
    types = provider.get("type") or []
    codes = {c.get("code") for t in (types if isinstance(types, list) else [types])
             for c in t.get("coding") or ()}  # fmt: skip
    return "gp-practice" in codes or any(
        "-GPC-" in p for p in (resource.get("meta") or {}).get("profile") or ()
    )


def _requested(
    resource: Resource, start: datetime | None, at: datetime, *, planned: bool, frame: Frame
) -> datetime | None:
    history = [
        moment((step.get("period") or {}).get("start"), frame.zone)
        for step in resource.get("statusHistory") or ()
        if step.get("status") == "planned"
    ]
    known = [found for found in history if found]
    if known:
        return min(known)
    return min(at, start) if planned and start else (at if planned else None)


def _bed(stay: dict[str, Any] | None, key: str, frame: Frame) -> str:
    if not stay:
        return ""
    found = frame.find(frame.key_of(stay.get("location"), key))
    for concept in (stay.get("physicalType"), found.get("physicalType")):
        for coding in (concept or {}).get("coding") or ():
            if coding.get("code") in _BED:
                names = place_of(stay.get("location"), key, frame)
                return names[0] if names else ""
    return ""


def _hospital(resource: Resource, leaf: str) -> str:
    return words_of((resource.get("hospitalization") or {}).get(leaf))


def _reason(resource: Resource, key: str, frame: Frame) -> str:
    said = words_of(resource.get("reasonCode") or resource.get("reason"))
    if said:
        return said
    references = [*(resource.get("reasonReference") or ()),
                  *(d.get("condition") for d in resource.get("diagnosis") or ())]  # fmt: skip
    for reference in references:
        found = frame.find(frame.key_of(reference, key))
        words = words_of(found.get("code")) or str((reference or {}).get("display", ""))
        if words:
            return words
    return words_of(resource.get("type"))


def _by(resource: Resource, key: str, frame: Frame) -> str:
    for each in resource.get("participant") or ():
        reference = each.get("individual") or {}
        if reference.get("display"):
            return str(reference["display"])
        found = frame.key_of(reference, key)
        if found:
            return found
    return ""


def _cause(resource: Resource, key: str, frame: Frame) -> str:
    """What led to it: the request, the appointment, or the encounter that it is part of."""
    for leaf in ("basedOn", "incomingReferral", "appointment", "partOf"):
        said = resource.get(leaf)
        for reference in said if isinstance(said, list) else [said]:
            found = frame.key_of(reference, key)
            if found:
                return found
    return ""
