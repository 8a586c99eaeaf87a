"""The directory out of Open Referral HSDS 3: a page of services, a list of them, or one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

import orjson

from onesystem.care.services.codec import unpacked
from onesystem.care.services.editing import name_of
from onesystem.care.services.entry import Entry, Holiday, Notice
from onesystem.care.services.exchange import hsds_out as out
from onesystem.care.services.exchange.lines import Lines, Path, loaded
from onesystem.care.services.exchange.told import (
    Come,
    Json,
    Read,
    Remark,
    Take,
    as_told,
    differing,
    laid_over,
    texts,
)
from onesystem.care.services.hours import EVERY_DAY, Opening
from onesystem.district import District
from onesystem.vocabulary import UserError, nearest

_STATUS = ("active", "inactive", "defunct", "temporarily closed")
_OWN = {"id", "name", "description", "status", "email", "eligibility_description",
        "application_process", "wait_time", "alert", "assured_date", "last_modified",
        "organization", "organization_id", "phones", "schedules", "service_at_locations",
        "attributes"}  # fmt: skip


def read(text: bytes, district: District, known: Mapping[str, Entry], today: date) -> Read:
    """What an HSDS file says of services. Raises UserError where it is no HSDS at all."""
    whole = loaded(text, "HSDS 3 as JSON")
    found = list(_services(whole))
    if not found:
        raise UserError(
            "there is no service in this file",
            'HSDS 3 has them in a list, or under "contents" or "services".',
        )
    lines = Lines(text)
    reading = _Reading(district, known, today, lines)
    for path, each in found:
        reading.take(path, each)
    return reading.read


def _services(whole: Any) -> Iterator[tuple[Path, Any]]:
    if isinstance(whole, list):
        yield from (((n,), each) for n, each in enumerate(whole))
    elif isinstance(whole, dict):
        for name in ("contents", "services"):
            if isinstance(whole.get(name), list):
                yield from (((name, n), each) for n, each in enumerate(whole[name]))
                return
        if "name" in whole:
            yield (), whole


class _Reading:
    """One file while it is read."""

    def __init__(
        self, district: District, known: Mapping[str, Entry], today: date, lines: Lines
    ) -> None:
        self.district, self.known, self.today = district, known, today
        self.lines, self.read = lines, Read()
        self.codes: set[str] = {*known}  # those taken
        self.own = {out.id_of(district, "service", code): code for code in known}
        self.own |= {
            entry.foreign["hsds"]["id"]: code for code, entry in known.items()
            if entry.foreign.get("hsds", {}).get("id")
        }  # fmt: skip

    def take(self, path: Path, each: Any) -> None:
        """One service, or what is wrong with it."""
        wrong = list(_wrong(each))
        for leaf, what, cure in wrong:
            line = self.lines.of((*path, *leaf), path)
            self.read.errors.append(Remark(_said(path, leaf), what, cure, line))
        if wrong:
            return
        said = _carried(each)
        code = self._code(each)
        self.codes.add(code)
        base, whole = self._base(code, each, said)
        ours = out.service(base, self.district, self.today)
        made = laid_over(base, each, ours, _parts(base) | self._pointing(base), whole=whole)
        made = self._closed(self._foreign(made, each, said), each)
        confirmed = _assured(each) if said is None else said.get("confirmed") or [None, ""]
        self.read.services.append(
            Come(
                entry=made, where=_said(path, ()), line=partial(self.lines.of, path),
                kept=tuple(sorted(made.foreign.get("hsds", {}).get("elements", {}))),
                confirmed_at=datetime.fromisoformat(confirmed[0]) if confirmed[0] else None,
                confirmed_by=str(confirmed[1]),
            )
        )  # fmt: skip

    def _code(self, each: Json) -> str:
        told = self.own.get(str(each["id"]))
        label = next((str(a.get("label", "")) for a in each.get("attributes", []) if _ours(a)), "")
        district, _, code = label.partition("/")
        if told is None and district == self.district.code and code:
            return code
        return told or name_of(str(each["name"]), self.codes)

    def _base(self, code: str, each: Json, said: Json | None) -> tuple[Entry, bool]:
        known = self.known.get(code)
        ground = known or Entry(service=code, name=str(each["name"]), listed=True)
        if said is None:
            return ground, False
        if code in self.district.services:
            said = {name: value for name, value in said.items() if name != "listed"}
        elif "listed" not in said:  # a service of another district
            runs = (each.get("organization") or {}).get("name", "")
            listed = {"name": str(each["name"]), "setting": "", "organisation": runs}
            said = {**said, "accepts": [], "listed": listed}
        return replace(unpacked(said, ground), foreign={}), True

    def _pointing(self, base: Entry) -> dict[str, Take]:
        """The parts that name places and organisations."""
        parts: dict[str, Take] = {"service_at_locations": self._located}
        if base.listed:
            parts["organization"] = lambda e, v: replace(e, organisation=self._run(v or {}))
        return parts

    def _run(self, value: Mapping[str, Any]) -> str:
        for code in self.district.organisations:
            if out.id_of(self.district, "organisation", code) == value.get("id"):
                return code
        return str(value.get("name", ""))

    def _located(self, entry: Entry, value: Any) -> Entry:
        codes, lines = [], []
        for each in value or []:
            location = each.get("location") or {}
            code = self._place(location)
            if code:
                codes.append(code)
            elif line := address_of(location):
                lines.append(line)
        return replace(entry, places=tuple(codes), addresses=tuple(lines))

    def _place(self, location: Mapping[str, Any]) -> str:
        ours = location.get("external_identifier_type") == f"onesystem:{self.district.code}"
        code = str(location.get("external_identifier", ""))
        return code if ours and code in self.district.places else ""

    def _foreign(self, made: Entry, each: Json, said: Json | None) -> Entry:
        elements = {name: value for name, value in each.items() if name not in _OWN}
        if said is None:
            elements |= {"wait_time": each.get("wait_time")}
        elements["attributes"] = [a for a in each.get("attributes", []) if not _ours(a)]
        elements = {name: value for name, value in elements.items() if value or value is False}
        told = differing(made, each, out.service(made, self.district, self.today), _parts(made))
        own = out.id_of(self.district, "service", made.service) == each["id"]
        at = {
            address_of(one.get("location") or {}): one
            for one in each.get("service_at_locations") or []
            if not self._place(one.get("location") or {}) and not _made_here(one)
        }
        runs = each.get("organization") or {}
        foreign_run = runs if made.listed and self._run(runs) == runs.get("name") else {}
        kept = {name: value for name, value in made.foreign.items() if name != "hsds"}
        if elements or at or told or not own:
            kept["hsds"] = {
                "told": told,
                "elements": elements, "locations": at,
                **({} if own else {"id": str(each["id"]), "organization": foreign_run}),
            }  # fmt: skip
        return replace(made, foreign=kept)

    def _closed(self, made: Entry, each: Json) -> Entry:
        if each["status"] == "active" or made.closed_on(self.today) is not None:
            return made
        words = str(each.get("alert") or each["status"].capitalize() + ".")
        others = tuple(notice for notice in made.notices if notice.words != words)
        return replace(made, notices=(*others, Notice(words=words, closed=True)))


def worded(entry: Entry, made: Json) -> Json:
    """A service of ours with its parts in the words in which others told them."""
    return as_told(entry, made, entry.foreign.get("hsds", {}).get("told", {}), _parts(entry))


def _parts(base: Entry) -> dict[str, Take]:
    """The parts of an HSDS service that say something of an entry."""
    parts: dict[str, Take] = {
        "description": lambda e, v: replace(e, words=str(v or "").strip()),
        "eligibility_description": lambda e, v: replace(e, whom=str(v or "").strip()),
        "application_process": lambda e, v: replace(e, criteria=str(v or "").strip()),
        "email": lambda e, v: replace(e, email=str(v or "").strip()),
        "phones": lambda e, v: replace(e, phone=_phone(v or [])),
        "alert": lambda e, v: replace(
            e, notices=tuple(n for n in e.notices if n.closed) + ((Notice(words=v),) if v else ())
        ),
        "schedules": lambda e, v: replace(e, hours=_hours(v or []), holidays=_holidays(v or [])),
    }
    if base.listed:
        parts["name"] = lambda e, v: replace(e, name=str(v))
    return parts


def _phone(value: list[Json]) -> str:
    first = next(iter(texts([each.get("number") for each in value])), "")
    return first.strip("\"' ")[:40]


def _assured(each: Json) -> list[Any]:
    """When somebody elsewhere last made sure of it, and who."""
    try:
        day = date.fromisoformat(str(each.get("assured_date", "")))
    except ValueError:
        return [None, ""]
    who = each.get("assurer_email") or (each.get("organization") or {}).get("name") or "elsewhere"
    return [datetime.combine(day, time(12), UTC).isoformat(), str(who)[:150]]


def _made_here(at: Mapping[str, Any]) -> bool:
    """Whether a place is an address that we had written into the file ourselves."""
    location = at.get("location") or {}
    plain = set(location) == {"id", "location_type", "name", "addresses"}
    lines = location.get("addresses") or [{}]
    return plain and set(at) == {"id", "location"} and lines[0].get("address_1") == location["name"]


def _said(path: Path, leaf: Path) -> str:
    words = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in (*path, *leaf))
    return words.lstrip(".") or "the service"


def _wrong(each: Any) -> Iterator[tuple[Path, str, str]]:
    """What is wrong with a service: at which leaf, what, and what to do."""
    if not isinstance(each, dict):
        yield (), "it is no object", "A service is an object with id, name and status."
        return
    for name in ("id", "name", "status"):
        if not (isinstance(each.get(name), str) and each[name].strip()):
            yield (name,), f"it has no {name}", f"HSDS needs {name!r} as text."
    status = each.get("status")
    if isinstance(status, str) and status and status not in _STATUS:
        yield ("status",), f"{status!r} is no status", nearest(status, _STATUS)
    for name in ("phones", "schedules", "service_at_locations", "attributes"):
        value = each.get(name) or []
        if not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
            yield (name,), "it is no list of objects", "Write it as HSDS 3 has it."
        elif name == "schedules":
            yield from _wrong_hours(value)
    for name in ("organization",):
        if not isinstance(each.get(name) or {}, dict):
            yield (name,), "it is no object", "Write it as HSDS 3 has it."


def _wrong_hours(value: list[Json]) -> Iterator[tuple[Path, str, str]]:
    for number, each in enumerate(value):
        try:
            _opening(each)
            _holiday(each)
        except (ValueError, KeyError):
            yield (
                ("schedules", number), "its hours cannot be read",
                "Write byday like MO,TU, hours like 09:00, and days like 2026-12-25.",
            )  # fmt: skip


def _hours(value: list[Json]) -> tuple[Opening, ...]:
    return tuple(made for each in value if (made := _opening(each)) is not None)


def _opening(each: Json) -> Opening | None:
    """A line of the week; None for a schedule that is none of these (by month, or some days)."""
    if each.get("freq", "WEEKLY") != "WEEKLY" or not (each.get("opens_at") or each.get("byday")):
        return None
    days = frozenset(
        out.BYDAY.index(d.strip()) for d in str(each.get("byday") or "").split(",") if d
    )
    return Opening(
        days or EVERY_DAY,
        _time(str(each.get("opens_at") or "00:00")),
        _time(str(each.get("closes_at") or "24:00")),
    )


def _time(text: str) -> time:
    plain = text.strip().removesuffix("Z")
    if plain.startswith(("24:00", "23:59")):
        return time(0)
    return time.fromisoformat(plain).replace(second=0, microsecond=0, tzinfo=None)


def _holidays(value: list[Json]) -> tuple[Holiday, ...]:
    return tuple(made for each in value if (made := _holiday(each)) is not None)


def _holiday(each: Json) -> Holiday | None:
    """Days on which it is closed: from one to another, and no hours."""
    if _opening(each) is not None or not (each.get("valid_from") and each.get("valid_to")):
        return None
    return Holiday(
        since=date.fromisoformat(str(each["valid_from"])),
        until=date.fromisoformat(str(each["valid_to"])),
        words=str(each.get("description") or ""),
    )


def address_of(location: Mapping[str, Any]) -> str:
    """The address of a location in one line."""
    lines = location.get("addresses") or [{}]
    first: Mapping[str, Any] = lines[0] if isinstance(lines[0], dict) else {}
    names = ("address_1", "address_2", "city", "region", "postal_code")
    parts = texts([location.get("name"), *(first.get(name) for name in names)])
    return ", ".join(dict.fromkeys(parts))


def _ours(attribute: Mapping[str, Any]) -> bool:
    return attribute.get("link_type") == out.CARRIED


def _carried(each: Json) -> Json | None:
    text = next((a.get("value") for a in each.get("attributes", []) if _ours(a)), None)
    try:
        said = orjson.loads(text) if isinstance(text, str) else None
    except orjson.JSONDecodeError:
        return None
    return said if isinstance(said, dict) else None
