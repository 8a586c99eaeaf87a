"""The directory as FHIR R4: HealthcareService, Location, Organization, Schedule, Slot.

What R4 has a place for stands there. The entry as a whole stands beside it, as JSON in one
extension, for whoever reads our own files again (`told`).
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import orjson

from onesystem.care.services.codec import packed
from onesystem.care.services.entry import Entry
from onesystem.care.services.exchange.told import Json, Sessions, SlotTold
from onesystem.care.services.hours import DAYS, Opening
from onesystem.district import District

ENTRY = "urn:onesystem:service-entry"  # the extension with the whole entry
SESSIONS = "urn:onesystem:service-sessions"  # and that with a pattern of sessions
STATUS = {"free": "free", "booked": "busy", "blocked": "busy-unavailable"}
_DAY_END = time(23, 59, 59)
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


def system(district: District, what: str) -> str:
    """The system of our own codes: of a service, a place, an organisation."""
    return f"urn:onesystem:{district.code}:{what}"


def id_of(code: str) -> str:
    """A code as a FHIR id.

    >>> id_of("nursing-north"), id_of("a_b")
    ('nursing-north', 'a-b-9a66dd1d')
    """
    if _ID.fullmatch(code):
        return code
    short = hashlib.blake2b(code.encode(), digest_size=4).hexdigest()
    return f"{re.sub('[^A-Za-z0-9.-]', '-', code)[:50]}-{short}"


def bundle(
    entries: Sequence[Entry],
    district: District,
    *,
    at: datetime,
    schedules: Iterable[Sessions] = (),
    slots: Iterable[SlotTold] = (),
    worded: Callable[[Entry, Json], Json] = lambda _, each: each,
) -> Json:
    """Everything in one Bundle, each thing once; `worded` puts parts in the words they came in."""
    local = at.date()
    made: dict[str, Json] = {}
    for entry in entries:
        each = worded(entry, service(entry, district, local))
        for other in beside(entry, district):
            _add(other, made, each)
        made[f"HealthcareService/{each['id']}"] = each
    services = {entry.service: entry for entry in entries}
    for sessions in schedules:
        if sessions.service in services:
            made[f"Schedule/{id_of(sessions.key)}"] = schedule(sessions)
    for told in slots:
        if f"Schedule/{id_of(told.schedule)}" in made:
            made[f"Slot/{id_of(told.key)}"] = slot(told)
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at.astimezone(UTC).isoformat(timespec="seconds"),
        "entry": [{"fullUrl": f"urn:onesystem:{district.code}:{name}", "resource": each}
                  for name, each in made.items()],
    }  # fmt: skip


def _add(other: Json, made: dict[str, Json], service: Json) -> None:
    """A resource beside a service; where another has its id already, it gets one of its own."""
    name = f"{other['resourceType']}/{other['id']}"
    if made.get(name, other) != other:
        content = hashlib.blake2b(orjson.dumps(other), digest_size=8).hexdigest()
        own = f"{other['resourceType']}/{content}"
        other = {**other, "id": content}
        for part in ("location", "providedBy"):
            if part in service:
                service[part] = _pointed(service[part], name, own)
        name = own
    made[name] = other


def _pointed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [_pointed(each, old, new) for each in value]
    return {**value, "reference": new} if value.get("reference") == old else value


def service(entry: Entry, district: District, today: date) -> Json:
    """A service as a HealthcareService."""
    foreign: Mapping[str, Any] = entry.foreign.get("fhir", {}).get("elements", {})
    own = {"system": system(district, "service"), "value": entry.service}
    made = {
        "resourceType": "HealthcareService",
        "id": id_of(entry.service),
        "extension": [
            {"url": ENTRY, "valueString": carried(entry)}, *foreign.get("extension", [])
        ],
        "identifier": [own, *foreign.get("identifier", [])],
        "active": entry.closed_on(today) is None,
        "providedBy": _organisation_reference(entry, district),
        "category": [{"text": entry.setting}] if entry.setting else [],
        "location": _locations(entry, district),
        "name": entry.name,
        "comment": entry.words,
        "extraDetails": entry.whom,
        "telecom": [*_telecom(entry), *foreign.get("telecom", [])],
        "eligibility": [{"comment": entry.criteria}] if entry.criteria.strip() else [],
        "availableTime": available(entry.hours),
        "notAvailable": _away(entry),
    }  # fmt: skip
    kept = {name: value for name, value in foreign.items() if name not in made}
    return {name: value for name, value in {**made, **kept}.items() if value or value is False}


def carried(entry: Entry) -> str:
    """The whole entry as JSON, with who confirmed it when."""
    said = packed(entry)
    said.pop("foreign", None)  # it stands in its own places
    if entry.confirmed_at is not None:
        said["confirmed"] = [entry.confirmed_at.isoformat(), entry.confirmed_by]
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def available(hours: Iterable[Opening]) -> list[Json]:
    """Hours as R4 has them: none past midnight, so that such a stretch is two."""
    made: list[Json] = []
    for opening in hours:
        days, after = opening.days, frozenset((d + 1) % 7 for d in opening.days)
        if opening.opens == opening.closes == time(0):
            made.append({"daysOfWeek": _days(days), "allDay": True})
        elif opening.closes == time(0) or opening.closes > opening.opens:
            made.append(_available(days, opening.opens, opening.closes))
        else:
            made.append(_available(days, opening.opens, time(0)))
            made.append(_available(after, time(0), opening.closes))
    return made


def _available(days: frozenset[int], opens: time, closes: time) -> Json:
    ends = _DAY_END if closes == time(0) else closes
    return {
        "daysOfWeek": _days(days),
        "availableStartTime": opens.isoformat(),
        "availableEndTime": ends.isoformat(),
    }


def _days(days: frozenset[int]) -> list[str]:
    return [DAYS[day] for day in sorted(days)]


def _away(entry: Entry) -> list[Json]:
    """Days of other hours; R4 knows only that it is not open as usual."""
    return [
        {
            "description": holiday.words or "Other hours",
            "during": {"start": holiday.since.isoformat(), "end": holiday.until.isoformat()},
        }
        for holiday in entry.holidays
    ]


def _telecom(entry: Entry) -> list[Json]:
    pairs = (("phone", entry.phone), ("email", entry.email))
    return [{"system": kind, "value": value} for kind, value in pairs if value]


def beside(entry: Entry, district: District) -> list[Json]:
    """The organisation and the places of a service as resources of their own."""
    made = [_organisation(entry, district)] if entry.organisation else []
    made += [_place(code, district) for code in entry.places if code in district.places]
    kept = {name: each for each in _kept(entry, "Location") for name in [address_of(each)]}
    return made + [kept.get(line) or _address(line) for line in entry.addresses]


def _kept(entry: Entry, kind: str) -> list[Json]:
    every: list[Json] = entry.foreign.get("fhir", {}).get("resources", [])
    return [each for each in every if each.get("resourceType") == kind]


def _organisation(entry: Entry, district: District) -> Json:
    known = district.organisations.get(entry.organisation)
    if known is None:
        for each in _kept(entry, "Organization"):
            if each.get("name") == entry.organisation:
                return each
        return {"resourceType": "Organization", "id": id_of(entry.organisation),
                "name": entry.organisation}  # fmt: skip
    made: Json = {
        "resourceType": "Organization",
        "id": id_of(known.code),
        "identifier": [{"system": system(district, "organisation"), "value": known.code}],
        "name": known.name,
    }
    if known.phone:
        made["telecom"] = [{"system": "phone", "value": known.phone}]
    return made


def _organisation_reference(entry: Entry, district: District) -> Json:
    if not entry.organisation:
        return {}
    made = _organisation(entry, district)
    return {"reference": f"Organization/{made['id']}", "display": made["name"]}


def _locations(entry: Entry, district: District) -> list[Json]:
    return [
        {"reference": f"Location/{each['id']}", "display": each.get("name") or address_of(each)}
        for each in beside(entry, district)
        if each["resourceType"] == "Location"
    ]


def _place(code: str, district: District) -> Json:
    place = district.places[code]
    made: Json = {
        "resourceType": "Location",
        "id": id_of(code),
        "identifier": [{"system": system(district, "place"), "value": code}],
        "name": place.name,
    }
    if place.postcode:
        made["address"] = {"postalCode": place.postcode}
    if place.latitude is not None and place.longitude is not None:
        made["position"] = {"longitude": place.longitude, "latitude": place.latitude}
    return made


def _address(line: str) -> Json:
    return {"resourceType": "Location", "id": id_of(f"address {line}"), "address": {"text": line}}


def address_of(location: Mapping[str, Any]) -> str:
    """The address of a Location in one line."""
    said = location.get("address") or {}
    if text := said.get("text"):
        return str(text).replace("\n", ", ")
    parts = [location.get("name"), *said.get("line", []), said.get("city"), said.get("district"),
             said.get("postalCode")]  # fmt: skip
    return ", ".join(str(part) for part in parts if part)


def schedule(sessions: Sessions) -> Json:
    """A pattern of sessions as a Schedule."""
    made: Json = {
        "resourceType": "Schedule",
        "id": id_of(sessions.key),
        "extension": [{"url": SESSIONS, "valueString": _sessions(sessions)}],
        "active": True,
        "actor": [{"reference": f"HealthcareService/{id_of(sessions.service)}"}],
    }
    if sessions.words:
        made["comment"] = sessions.words
    return made


def _sessions(sessions: Sessions) -> str:
    said = {"key": sessions.key, "place": sessions.place, "pattern": sessions.pattern}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def slot(told: SlotTold) -> Json:
    """A slot as a Slot. Whose it is stays here."""
    made: Json = {
        "resourceType": "Slot",
        "id": id_of(told.key),
        "identifier": [{"system": "urn:onesystem:slot", "value": told.key}],
        "schedule": {"reference": f"Schedule/{id_of(told.schedule)}"},
        "status": STATUS[told.state],
        "start": _instant(told.starts),
        "end": _instant(told.ends),
    }
    if told.words:
        made["comment"] = told.words
    return made


def _instant(moment: datetime) -> str:
    whole = moment.astimezone(UTC)
    return whole.isoformat(timespec="microseconds" if whole.microsecond else "seconds")
