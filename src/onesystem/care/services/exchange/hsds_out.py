"""The directory as Open Referral HSDS 3: one service after another, each whole in itself.

Ids are made of our codes, so that an export says the same ids each time. The entry as a whole
stands beside what HSDS has a place for, as an attribute (`told`).
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from onesystem.care.services.entry import Entry
from onesystem.care.services.exchange.fhir_out import carried
from onesystem.care.services.exchange.told import Json
from onesystem.care.services.hours import Opening, said_span
from onesystem.district import District

CARRIED = "onesystem-service-entry"  # the link_type of the attribute that has the whole entry
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SPACE = uuid.UUID("5f0d3c6e-2f0a-5d57-9d0c-6d2f6a3a7b10")


def id_of(district: District, *parts: str) -> str:
    """The id of a thing of ours: the same each time."""
    return str(uuid.uuid5(_SPACE, "/".join([district.code, *parts])))


def page(
    entries: Sequence[Entry],
    district: District,
    *,
    at: datetime,
    waits: Mapping[str, str] | None = None,
    worded: Callable[[Entry, Json], Json] = lambda _, each: each,
) -> Json:
    """All services as one page of an HSDS API; `worded` as in `fhir_out.bundle`."""
    told, today = waits or {}, at.date()
    contents = [worded(e, service(e, district, today, told.get(e.service, ""))) for e in entries]
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }


def service(entry: Entry, district: District, today: date, wait: str = "") -> Json:
    """A service as HSDS has it."""
    foreign: Mapping[str, Any] = entry.foreign.get("hsds", {})
    own = foreign.get("id") or id_of(district, "service", entry.service)
    made: Json = {
        "id": own,
        "name": entry.name,
        "description": entry.words,
        "status": _status(entry, today),
        "email": entry.email,
        "eligibility_description": entry.whom,
        "application_process": entry.criteria,
        "wait_time": wait,
        "alert": " ".join(notice.words for notice in entry.notices_on(today)),
        "assured_date": entry.confirmed_at.date().isoformat() if entry.confirmed_at else "",
        "last_modified": _moment(entry.kept_at),
        "organization": _organisation(entry, district),
        "phones": _phones(entry, district),
        "schedules": schedules(entry, district),
        "service_at_locations": _at_locations(entry, district, own),
        "attributes": [*foreign.get("elements", {}).get("attributes", []),
                       _attribute(entry, district, own)],
    }  # fmt: skip
    kept = {k: v for k, v in foreign.get("elements", {}).items() if not made.get(k)}
    return {name: value for name, value in {**made, **kept}.items() if value not in ("", [], None)}


def _status(entry: Entry, today: date) -> str:
    if entry.gone is not None and entry.gone <= today:
        return "defunct"
    closed = entry.closed_on(today)
    if closed is None:
        return "active"
    return "temporarily closed" if closed.until else "inactive"


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""


def _organisation(entry: Entry, district: District) -> Json:
    kept = entry.foreign.get("hsds", {}).get("organization")
    if kept and kept.get("name") == entry.organisation:
        return dict(kept)
    known = district.organisations.get(entry.organisation)
    name = known.name if known else entry.organisation
    own = id_of(district, "organisation", entry.organisation)
    return {"id": own, "name": name or "Not known", "description": (known and known.kind) or name}


def _phones(entry: Entry, district: District) -> list[Json]:
    if not entry.phone:
        return []
    return [{"id": id_of(district, "phone", entry.service), "number": entry.phone, "type": "voice"}]


def schedules(entry: Entry, district: District) -> list[Json]:
    """Hours by the week, and days on which other hours are kept."""
    made = [
        {"id": id_of(district, "hours", entry.service, str(n)), **_weekly(each)}
        for n, each in enumerate(entry.hours)
    ]
    for number, holiday in enumerate(entry.holidays):
        spans = ", ".join(said_span(*span) for span in holiday.spans)
        made.append(
            {
                "id": id_of(district, "holiday", entry.service, str(number)),
                "valid_from": holiday.since.isoformat(),
                "valid_to": holiday.until.isoformat(),
                "description": holiday.words or "Other hours",
                "notes": f"Open {spans}" if spans else "Closed",
            }
        )
    return made


def _weekly(opening: Opening) -> Json:
    first, last = said_span(opening.opens, opening.closes).split("-")
    return {
        "freq": "WEEKLY",
        "byday": ",".join(BYDAY[day] for day in sorted(opening.days)),
        "opens_at": first,
        "closes_at": last,
    }


def _at_locations(entry: Entry, district: District, own: str) -> list[Json]:
    kept: Mapping[str, Json] = entry.foreign.get("hsds", {}).get("locations", {})
    made = []
    for code in entry.places:
        if code in district.places:
            location = _place(code, district)
            made.append({"id": id_of(district, "at", own, code), "location": location})
    for line in entry.addresses:
        at = id_of(district, "at", own, line)
        made.append(kept.get(line) or {"id": at, "location": _address(line, district)})
    return made


def _place(code: str, district: District) -> Json:
    place = district.places[code]
    made: Json = {
        "id": id_of(district, "place", code), "location_type": "physical", "name": place.name,
        "external_identifier": code, "external_identifier_type": f"onesystem:{district.code}",
    }  # fmt: skip
    if place.latitude is not None and place.longitude is not None:
        made |= {"latitude": place.latitude, "longitude": place.longitude}
    if place.postcode:
        made["addresses"] = [_lines(district, code, place.name, place.postcode)]
    return made


def _address(line: str, district: District) -> Json:
    return {
        "id": id_of(district, "address", line), "location_type": "physical", "name": line,
        "addresses": [_lines(district, line, line, "")],
    }  # fmt: skip


def _lines(district: District, key: str, line: str, postcode: str) -> Json:
    # HSDS wants every part of an address; what we do not know is empty.
    return {
        "id": id_of(district, "lines", key), "address_1": line, "city": "", "state_province": "",
        "postal_code": postcode, "country": "", "address_type": "physical",
    }  # fmt: skip


def _attribute(entry: Entry, district: District, own: str) -> Json:
    return {
        "id": id_of(district, "attribute", entry.service),
        "link_id": own,
        "link_type": CARRIED,
        "link_entity": "service",
        "taxonomy_term_id": id_of(district, "term", CARRIED),
        "value": carried(entry),
        "label": f"{district.code}/{entry.service}",
    }
