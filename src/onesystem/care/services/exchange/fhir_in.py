"""The directory out of FHIR R4: a Bundle, or one HealthcareService."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import Any

import orjson

from onesystem.care.services.codec import unpacked
from onesystem.care.services.editing import name_of
from onesystem.care.services.entry import Entry, Holiday, Notice
from onesystem.care.services.exchange import fhir_out as out
from onesystem.care.services.exchange.lines import Lines, Path, loaded
from onesystem.care.services.exchange.told import (
    Come,
    Json,
    Read,
    Remark,
    Sessions,
    SlotTold,
    Take,
    as_told,
    differing,
    laid_over,
    texts,
)
from onesystem.care.services.hours import DAYS, Opening
from onesystem.district import District
from onesystem.feeds.fhir.validation import check
from onesystem.vocabulary import BadInput, UserError

STATES = {"free": "free", "busy": "booked", "busy-tentative": "booked",
          "busy-unavailable": "blocked"}  # fmt: skip
_TAKEN = {"HealthcareService", "Organization", "Location", "Schedule", "Slot"}
_OWN = {"resourceType", "id", "meta", "active", "providedBy", "category", "location", "name",
        "comment", "extraDetails", "eligibility", "availableTime", "notAvailable"}  # fmt: skip


def read(text: bytes, district: District, known: Mapping[str, Entry], today: date) -> Read:
    """What a FHIR file says of services. Raises UserError where it is no JSON of FHIR at all."""
    whole = loaded(text, "FHIR R4 as JSON")
    found = list(_resources(whole))
    if not found:
        raise UserError(
            "this is no Bundle and no HealthcareService", "Export it as a FHIR R4 Bundle in JSON."
        )
    lines = Lines(text, 3)
    return _Reading(district, known, today, found, lines).all()


def _resources(whole: Any) -> Iterator[tuple[Path, str, Json]]:
    """Each resource with its path and its full address."""
    if not isinstance(whole, dict):
        return
    if whole.get("resourceType") != "Bundle":
        if whole.get("resourceType") in _TAKEN:
            yield (), "", whole
        return
    for number, entry in enumerate(whole.get("entry") or []):
        each = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(each, dict):
            yield ("entry", number, "resource"), str(entry.get("fullUrl", "")), each


def worded(entry: Entry, made: Json) -> Json:
    """A service of ours with its parts in the words in which others told them."""
    told = entry.foreign.get("fhir", {}).get("told", {})
    return as_told(entry, made, told, _parts(entry))  # places and organisations stay by our ids


class _Reading:
    """One file while it is read."""

    def __init__(
        self, district: District, known: Mapping[str, Entry], today: date,
        found: list[tuple[Path, str, Json]], lines: Lines,
    ) -> None:  # fmt: skip
        self.district, self.known, self.today = district, known, today
        self.read, self.lines = Read(), lines
        self.by: dict[str, Json] = {}
        self.codes: dict[int, str] = {}  # id() of a HealthcareService -> its code
        self.ids = {out.id_of(code): code for code in known}
        self.foreign = {
            entry.foreign["fhir"]["id"]: code for code, entry in known.items()
            if entry.foreign.get("fhir", {}).get("id")
        }  # fmt: skip
        self.taken = {*known}
        self.left: set[str] = set()  # schedules of nothing that the directory has
        self.whole: list[tuple[Path, Json]] = []
        other: dict[str, int] = {}
        for path, url, each in found:
            kind = each.get("resourceType")
            if kind not in _TAKEN:
                other[str(kind)] = other.get(str(kind), 0) + 1
            elif self._valid(path, each):
                self.whole.append((path, each))
                self.by |= {name: each for name in (url, f"{kind}/{each.get('id')}") if name}
        for kind, many in sorted(other.items()):
            self.read.remarks.append(
                Remark(kind, f"{many} were not taken: the directory has no place for them")
            )

    def _valid(self, path: Path, each: Json) -> bool:
        try:
            check(each)
        except BadInput as error:
            self.read.errors.append(
                Remark(error.where or self._where(each), error.what, error.cure, self._line(path))
            )
            return False
        return True

    def _line(self, path: Path) -> int:
        return self.lines.of(path)

    @staticmethod
    def _where(each: Json) -> str:
        return f"{each.get('resourceType')}/{each.get('id', '?')}"

    def all(self) -> Read:
        """Everything that the file says."""
        for kind, take in (
            ("HealthcareService", self._service), ("Schedule", self._schedule), ("Slot", self._slot)
        ):  # fmt: skip
            for path, each in self.whole:
                if each["resourceType"] == kind:
                    take(path, each)
        return self.read

    def _service(self, path: Path, each: Json) -> None:
        said = _carried(each)
        code = self._code(each)
        self.codes[id(each)] = code
        self.taken.add(code)
        base, whole = self._base(code, each, said)
        ours = out.service(base, self.district, self.today)
        parts = _parts(base) | self._pointing(base)
        made = laid_over(base, each, ours, parts, whole=whole)
        made = self._foreign(made, each)
        if each.get("active") is False and made.closed_on(self.today) is None:
            made = replace(made, notices=(*made.notices, Notice(words="Not active.", closed=True)))
        if not base.listed and each.get("name") not in {None, base.name}:
            self.read.remarks.append(
                Remark(self._where(each), f"it is called {base.name!r} here, and stays so",
                       "Names are those of district.toml.", self._line(path))
            )  # fmt: skip
        confirmed = (said or {}).get("confirmed") or [None, ""]
        self.read.services.append(
            Come(
                entry=made, where=self._where(each), line=partial(self._line, path),
                kept=tuple(sorted(made.foreign.get("fhir", {}).get("elements", {}))),
                confirmed_at=datetime.fromisoformat(confirmed[0]) if confirmed[0] else None,
                confirmed_by=str(confirmed[1]),
            )
        )  # fmt: skip

    def _code(self, each: Json) -> str:
        system = out.system(self.district, "service")
        for identifier in each.get("identifier", []):
            if identifier.get("system") == system and identifier.get("value"):
                return str(identifier["value"])
        logical = str(each.get("id", ""))
        if logical in self.foreign:
            return self.foreign[logical]
        return name_of(str(each.get("name") or logical or "service"), self.taken)

    def _base(self, code: str, each: Json, said: Json | None) -> tuple[Entry, bool]:
        """What the file is laid over: the entry that it carries, or the one that we have."""
        known = self.known.get(code)
        in_district = code in self.district.services
        ground = known or Entry(service=code, name=str(each.get("name") or code), listed=True)
        if said is None:
            return ground, False
        if in_district:
            said = {name: value for name, value in said.items() if name != "listed"}
        elif "listed" not in said:  # a service of another district
            said = {**said, "accepts": [], "listed": {
                "name": str(each.get("name") or code),
                "setting": (each.get("category") or [{}])[0].get("text", ""),
                "organisation": (each.get("providedBy") or {}).get("display", ""),
            }}  # fmt: skip
        return replace(unpacked(said, ground), foreign={}), True

    def _pointing(self, base: Entry) -> dict[str, Take]:
        """The parts that point to other resources of the file."""
        return {"location": self._located} | ({"providedBy": self._run} if base.listed else {})

    def _located(self, entry: Entry, value: Any) -> Entry:
        codes, lines = [], []
        for reference in value or []:
            location = self.by.get(str(reference.get("reference", "")), {})
            code = _code_of(location, out.system(self.district, "place"))
            if code in self.district.places:
                codes.append(code)
            elif line := out.address_of(location) or str(reference.get("display", "")):
                lines.append(line)
        return replace(entry, places=tuple(codes), addresses=tuple(lines))

    def _run(self, entry: Entry, value: Any) -> Entry:
        who = self.by.get(str((value or {}).get("reference", "")), {})
        code = _code_of(who, out.system(self.district, "organisation"))
        if code in self.district.organisations:
            return replace(entry, organisation=code)
        return replace(entry, organisation=str(who.get("name") or (value or {}).get("display", "")))

    def _foreign(self, made: Entry, each: Json) -> Entry:
        """What R4 says and we have no place for, kept to be told again."""
        system = out.system(self.district, "service")
        elements = {name: value for name, value in each.items() if name not in _OWN}
        elements["identifier"] = [
            i for i in each.get("identifier", []) if i.get("system") != system
        ]
        elements["extension"] = [x for x in each.get("extension", []) if x.get("url") != out.ENTRY]
        ours = {("phone", made.phone), ("email", made.email)}
        elements["telecom"] = [
            t for t in each.get("telecom", [])
            if (t.get("system"), t.get("value")) not in ours or set(t) - {"system", "value"}
        ]  # fmt: skip
        elements = {name: value for name, value in elements.items() if value or value is False}
        told = differing(made, each, out.service(made, self.district, self.today), _parts(made))
        resources = [r for r in self._pointed(each) if not self._ours(r)]
        kept = {name: value for name, value in made.foreign.items() if name != "fhir"}
        if elements or resources or told or not _carried(each):
            kept["fhir"] = {
                "id": str(each.get("id", "")), "elements": elements, "resources": resources,
                "told": told,
            }  # fmt: skip
        return replace(made, foreign=kept)

    def _pointed(self, each: Json) -> list[Json]:
        pointed = [each.get("providedBy") or {}, *(each.get("location") or [])]
        found = (self.by.get(str(p.get("reference", ""))) for p in pointed)
        return [resource for resource in found if resource]

    def _ours(self, resource: Json) -> bool:
        plain = {"resourceType", "id", "address", "name", "identifier", "telecom", "position"}
        address = resource.get("address") or {}
        bare = set(resource) <= {"resourceType", "id", "address"} and set(address) <= {"text"}
        named = set(resource) == {"resourceType", "id", "name"}
        codes = (out.system(self.district, what) for what in ("place", "organisation"))
        return bare or named or (
            set(resource) <= plain and any(_code_of(resource, system) for system in codes)
        )  # fmt: skip

    def _schedule(self, path: Path, each: Json) -> None:
        code = next(filter(None, map(self._actor, each.get("actor", []))), "")
        if not code:
            self.left.add(self._where(each))
            self.read.remarks.append(
                Remark(self._where(each), "it was left: it is of no service", "", self._line(path))
            )
            return
        said = orjson.loads(_extension(each, out.SESSIONS) or "{}")
        key = str(said.get("key") or each.get("id"))
        self.by[f"key of {self._where(each)}"] = {"key": key}
        self.read.schedules.append(
            Sessions(service=code, key=key, words=str(each.get("comment", ""))[:200],
                     place=str(said.get("place", "")), pattern=str(said.get("pattern", "{}")))
        )  # fmt: skip

    def _actor(self, actor: Json) -> str:
        """The code of a service that a schedule is of: of this file, else of the directory."""
        reference = str(actor.get("reference", ""))
        found = self.by.get(reference)
        if found is not None:
            return self.codes.get(id(found), "")
        kind, _, logical = reference.rpartition("/")
        return self.ids.get(logical, "") if kind.endswith("HealthcareService") else ""

    def _slot(self, path: Path, each: Json) -> None:
        of = self.by.get(str(each["schedule"].get("reference", "")))
        if of is not None and self._where(of) in self.left:
            return
        key = self.by.get(f"key of {self._where(of)}", {}).get("key") if of else None
        state = STATES.get(str(each["status"]))
        starts, ends = (datetime.fromisoformat(each[name]) for name in ("start", "end"))
        if not key or state is None or ends <= starts:
            why = (
                "its Schedule was not taken" if not key
                else f"its status is {each['status']}" if state is None
                else "it ends before it begins"
            )  # fmt: skip
            self.read.errors.append(
                Remark(self._where(each), why, "Mend it, or leave it out.", self._line(path))
            )
            return
        own = _code_of(each, "urn:onesystem:slot") or str(each.get("id"))
        words = str(each.get("comment", ""))[:200]
        self.read.slots.append(
            SlotTold(schedule=str(key), key=own, starts=starts, ends=ends, state=state, words=words)
        )


def _parts(base: Entry) -> dict[str, Take]:
    """The parts of a HealthcareService that say something of an entry."""
    parts: dict[str, Take] = {
        "comment": lambda e, v: replace(e, words=str(v or "")),
        "extraDetails": lambda e, v: replace(e, whom=str(v or "")),
        "eligibility": lambda e, v: replace(
            e, criteria="\n".join(texts([each.get("comment") for each in v or []]))
        ),
        "telecom": lambda e, v: replace(e, phone=_reached(v, "phone"), email=_reached(v, "email")),
        "availableTime": lambda e, v: replace(e, hours=_hours(v or [])),
        "notAvailable": lambda e, v: replace(e, holidays=_holidays(v or [])),
    }
    if base.listed:
        parts |= {
            "name": lambda e, v: replace(e, name=str(v or e.service)),
            "category": lambda e, v: replace(e, setting=_text(v)),
        }
    return parts


def _carried(each: Json) -> Json | None:
    text = _extension(each, out.ENTRY)
    try:
        said = orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return None
    return said if isinstance(said, dict) else None


def _extension(each: Json, url: str) -> str:
    found = (x.get("valueString") for x in each.get("extension", []) if x.get("url") == url)
    return str(next(found, "") or "")


def _code_of(each: Mapping[str, Any], system: str) -> str:
    found = (i.get("value") for i in each.get("identifier", []) if i.get("system") == system)
    return str(next(found, "") or "")


def _text(value: Any) -> str:
    first = (value or [{}])[0]
    codings = first.get("coding") or [{}]
    return str(first.get("text") or codings[0].get("display") or codings[0].get("code") or "")


def _reached(value: Any, kind: str) -> str:
    return next((str(t.get("value", "")) for t in value or [] if t.get("system") == kind), "")


def _hours(value: list[Json]) -> tuple[Opening, ...]:
    """Hours out of R4; one without days is of every day, one without times of all day."""
    made = []
    for each in value:
        days = frozenset(DAYS.index(day) for day in each.get("daysOfWeek", DAYS))
        opens = time.fromisoformat(each.get("availableStartTime", "00:00:00")).replace(second=0)
        closes = time.fromisoformat(each.get("availableEndTime", "23:59:59"))
        midnight = each.get("allDay") or closes >= time(23, 59)
        made.append(
            Opening(days, time(0) if each.get("allDay") else opens,
                    time(0) if midnight else closes.replace(second=0))
        )  # fmt: skip
    return tuple(made)


def _holidays(value: list[Json]) -> tuple[Holiday, ...]:
    made = []
    for each in value:
        during = each.get("during") or {}
        if start := during.get("start"):
            since = date.fromisoformat(start[:10])
            until = date.fromisoformat((during.get("end") or start)[:10])
            made.append(Holiday(since=since, until=until, words=str(each.get("description", ""))))
    return tuple(made)
