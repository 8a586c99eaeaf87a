"""Reading and checking `district.toml`. An unknown key is answered with the nearest known one."""

import codecs
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import time
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onesystem.district.shape import (
    Capacity,
    District,
    Guard,
    Keeping,
    Organisation,
    Place,
    Service,
    SignIn,
    Source,
)
from onesystem.district.table import Table
from onesystem.vocabulary import BadConfig, Setting, nearest
from onesystem.vocabulary.sensitive import SENSITIVE

FILE = "district.toml"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")
_T = TypeVar("_T")
_TOP = {"district", "access", "retention", "organisations", "places", "services", "sources",
        "sign_in"}  # fmt: skip
_NUMBERS = {"nhs": "NHS number", "nhi": "NHI"}


def load(path: Path | str) -> District:
    """The district in that folder.

    Raises BadConfig, naming the key, the rule and the cure.
    """
    folder = Path(path)
    file = folder / FILE
    if not file.exists():
        raise BadConfig(
            f"there is no {FILE} in {folder}", "Make a district with: onesystem new DIR"
        )
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(f"{file} is not TOML: {error}", "Mend that line.") from error
    return parse(raw, path=folder)


def parse(raw: Mapping[str, Any], *, path: Path) -> District:
    """A district from the tables of its TOML. Raises BadConfig."""
    top = Table("", raw, _TOP)
    head = Table(
        "district",
        top.need("district", dict),
        {"code", "name", "zone", "currency", "number", "suppress_below", "recent_days",
         "languages"},
    )  # fmt: skip
    number = head.get("number", str, "nhs")
    if number not in _NUMBERS:
        raise BadConfig(f"district.number is {number!r}", nearest(number, _NUMBERS))
    district = District(
        path=path,
        code=head.need("code", str),
        name=head.need("name", str),
        zone=_zone("district.zone", head.need("zone", str)),
        currency=head.need("currency", str),
        number=number,
        number_name=_NUMBERS[number],
        suppress_below=head.get("suppress_below", int, 5),
        languages=_languages(head.get("languages", list, [])),
        recent_days=(recent := head.get("recent_days", int, 90)),
        guard=_guard(top.get("access", dict, {}), recent),
        keeping=_keeping(top.get("retention", dict, {})),
        organisations=_each(top, "organisations", _organisation),
        places=_each(top, "places", _place),
        services=_each(top, "services", _service),
        sources=_each(top, "sources", _source),
        sign_ins=_each(Table("sign_in", top.get("sign_in", dict, {}), {"oidc"}), "oidc", _sign_in),
    )
    _check_links(district)
    return district


def _each(top: Table, name: str, make: Callable[[str, str, Any], _T]) -> dict[str, _T]:
    table = top.get(name, dict, {})
    return {code: make(f"{name}.{code}", code, raw) for code, raw in table.items()}


def _languages(raw: list[object]) -> tuple[str, ...]:
    for each in raw:
        if not isinstance(each, str) or not _LANGUAGE.fullmatch(each):
            raise BadConfig(
                f"district.languages names {each!r}", 'Write codes such as "cy" or "mi".'
            )
    return tuple(str(each) for each in raw if each != "en")


def _keeping(raw: object) -> Keeping:
    table = Table("retention", raw, {"years", "services"})
    years = table.get("years", dict, {})
    for code, value in years.items():
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 200:
            raise BadConfig(f"retention.years.{code} is {value!r}", "Write whole years; 0 is off.")
    services = table.get("services", dict, {})
    for code, rule in services.items():
        if not isinstance(rule, str):
            raise BadConfig(f"retention.services.{code} is {rule!r}", "Name a rule of the table.")
    return Keeping(years=dict(years), services=dict(services))


def _guard(raw: object, recent: int) -> Guard:
    known = {
        "window_days", "break_glass_hours", "opted_out_break_glass", "reauthenticate",
        "people_per_hour", "labels",
    }  # fmt: skip
    t = Table("access", raw, known)
    labels = dict(t.get("labels", dict, {}))
    for code, kind in labels.items():
        name = f"access.labels.{code!r}"
        if "|" not in code:
            raise BadConfig(f"{name} names no code", 'Write it as "system|code" or "system|A1*".')
        if kind not in SENSITIVE:
            raise BadConfig(f"{name} is {kind!r}", nearest(str(kind), SENSITIVE))
    return Guard(
        # What ended longer ago than `recent_days` is no longer where ties are looked for.
        window_days=t.number("window_days", min(30, recent), 0, recent),
        break_glass_hours=t.number("break_glass_hours", 4, 1, 24),
        opted_out_break_glass=t.flag("opted_out_break_glass", default=True),
        reauthenticate=t.flag("reauthenticate", default=False),
        people_per_hour=t.number("people_per_hour", 120, 0, 100_000),
        labels=labels,
    )


def _sign_in(name: str, code: str, raw: object) -> SignIn:
    name = f"sign_in.{name}"
    known = {"name", "issuer", "client_id", "secret_env", "claim", "roles", "organisation"}
    t = Table(name, raw, known)
    issuer = t.need("issuer", str).rstrip("/")
    local = issuer.startswith(("http://localhost:", "http://127.0.0.1:"))
    if not issuer.startswith("https://") and not local:
        raise BadConfig(f"{name}.issuer is {issuer!r}", "It has to begin with https://.")
    roles = tuple(t.get("roles", list, []))
    if not all(isinstance(role, str) for role in roles):
        raise BadConfig(f"{name}.roles is {roles!r}", "Write the codes of roles.")
    return SignIn(
        code=code,
        name=t.get("name", str, code),
        issuer=issuer,
        client_id=t.need("client_id", str),
        secret_env=t.need("secret_env", str),
        claim=t.get("claim", str, "email"),
        roles=roles,
        organisation=t.get("organisation", str, ""),
    )


def _organisation(name: str, code: str, raw: object) -> Organisation:
    t = Table(name, raw, {"name", "kind", "national_code", "phone", "succeeds", "from", "to"})
    return Organisation(
        code=code,
        name=t.need("name", str),
        kind=t.get("kind", str, ""),
        national_code=t.get("national_code", str, ""),
        phone=t.get("phone", str, ""),
        succeeds=tuple(t.get("succeeds", list, [])),
        **t.dates(),
    )


def _place(name: str, code: str, raw: object) -> Place:
    t = Table(
        name,
        raw,
        {"name", "organisation", "postcode", "latitude", "longitude", "from", "to"},
    )
    return Place(
        code=code,
        name=t.need("name", str),
        organisation=t.get("organisation", str, ""),
        postcode=t.get("postcode", str, ""),
        latitude=t.get("latitude", (float, int), None),
        longitude=t.get("longitude", (float, int), None),
        **t.dates(),
    )


def _service(name: str, code: str, raw: object) -> Service:
    known = {"name", "setting", "organisation", "place", "phone", "capacity", "sensitive", "from",
             "to"}  # fmt: skip
    t = Table(name, raw, known)
    setting = t.need("setting", str)
    if setting not in set(Setting):
        raise BadConfig(f"{name}.setting is {setting!r}", nearest(setting, Setting))
    lines = t.get("capacity", (list, int), [])
    if isinstance(lines, int):
        lines = [{"amount": lines}]
    return Service(
        code=code,
        name=t.need("name", str),
        setting=Setting(setting),
        organisation=t.need("organisation", str),
        place=t.get("place", str, ""),
        phone=t.get("phone", str, ""),
        sensitive=t.kinds("sensitive"),
        capacity=tuple(_capacity(f"{name}.capacity[{i}]", line) for i, line in enumerate(lines)),
        **t.dates(),
    )


def _capacity(name: str, raw: object) -> Capacity:
    t = Table(name, raw, {"amount", "days", "hours", "from", "to"})
    amount = t.need("amount", int)
    if amount < 0:
        raise BadConfig(f"{name}.amount is {amount}", "It is a number of people, 0 or more.")
    opens, closes = _hours(f"{name}.hours", t.get("hours", str, "00:00-24:00"))
    return Capacity(
        amount=amount,
        days=_days(f"{name}.days", t.get("days", str, "mon-sun")),
        opens=opens,
        closes=closes,
        **t.dates(),
    )


def _days(name: str, text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        for day in (first, last or first):
            if day not in _DAYS:
                raise BadConfig(f"{name} is {text!r}", "Write it like: mon-fri, sun")
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        days.update((start + i) % 7 for i in range((end - start) % 7 + 1))
    return frozenset(days)


def _hours(name: str, text: str) -> tuple[time, time]:
    try:
        opens, closes = (part.strip() for part in text.split("-"))
        return (
            time.fromisoformat(opens),
            time(0) if closes == "24:00" else time.fromisoformat(closes),
        )
    except ValueError:
        raise BadConfig(f"{name} is {text!r}", "Write it like: 08:00-18:30") from None


def _source(name: str, code: str, raw: object) -> Source:
    t = Table(
        name,
        raw,
        {
            "name", "organisation", "format", "zone", "encoding", "watch", "listen",
            "silent_after_minutes", "mappings", "services", "schemes", "causes", "sensitive",
            "tls_cert", "tls_key", "tls_client_ca",
        },
    )  # fmt: skip
    zone = t.get("zone", str, "")
    return Source(
        code=code,
        name=t.get("name", str, code),
        organisation=t.get("organisation", str, ""),
        format=t.get("format", str, ""),
        zone=_zone(f"{name}.zone", zone) if zone else "",
        encoding=_encoding(f"{name}.encoding", t.get("encoding", str, "")),
        watch=t.get("watch", str, ""),
        listen=_port(f"{name}.listen", t.get("listen", int, 0)),
        tls_cert=t.get("tls_cert", str, ""),
        tls_key=t.get("tls_key", str, ""),
        tls_client_ca=t.get("tls_client_ca", str, ""),
        silent_after_minutes=t.get("silent_after_minutes", int, 0),
        mappings=tuple(t.get("mappings", list, [])),
        services=dict(t.get("services", dict, {})),
        schemes=dict(t.get("schemes", dict, {})),
        sensitive=t.kinds("sensitive"),
        causes=dict(t.get("causes", dict, {})),
    )


def _port(name: str, port: int) -> int:
    if not 0 <= port <= 65535:
        raise BadConfig(f"{name} is {port}", "A port is a number from 1 to 65535.")
    return port


def _zone(name: str, zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadConfig(
            f"{name} is {zone!r}", "Use an IANA name such as Europe/London or Pacific/Auckland."
        ) from None
    return zone


def _encoding(name: str, encoding: str) -> str:
    try:
        return encoding and codecs.lookup(encoding).name
    except LookupError:
        raise BadConfig(
            f"{name} is {encoding!r}", "Use a name such as utf-8, latin-1 or cp1252."
        ) from None


def _check_links(district: District) -> None:
    for o in district.organisations.values():
        for old in o.succeeds:
            name = f"organisations.{o.code}.succeeds"
            _known(name, old, district.organisations, "organisation")
    for p in district.places.values():
        name = f"places.{p.code}.organisation"
        _known(name, p.organisation, district.organisations, "organisation")
    for s in district.services.values():
        name = f"services.{s.code}"
        _known(f"{name}.organisation", s.organisation, district.organisations, "organisation")
        _known(f"{name}.place", s.place, district.places, "place")
    _check_sources(district)


def _check_sources(district: District) -> None:
    taken: dict[int, str] = {}
    for source in district.sources.values():
        if source.listen and taken.setdefault(source.listen, source.code) != source.code:
            raise BadConfig(
                f"sources.{source.code}.listen is the port of {taken[source.listen]} too",
                "Give each source a port of its own: the port tells who sends.",
            )
        name = f"sources.{source.code}"
        if (source.tls_key or source.tls_client_ca) and not source.tls_cert:
            raise BadConfig(f"{name} has a key or an authority for TLS and no certificate",
                            "Give tls_cert too, or senders would talk in plain text.")  # fmt: skip
        _known(f"{name}.organisation", source.organisation, district.organisations, "organisation")
        for authority, cause in source.causes.items():
            code = str(cause).partition(":")[0]
            _known(f"{name}.causes.{authority}", code, district.sources, "source")
        for place, service in source.services.items():
            _known(f"{name}.services.{place}", service, district.services, "service")


def _known(name: str, code: str, among: Mapping[str, object], what: str) -> None:
    if code and code not in among:
        raise BadConfig(f"{name} names no {what}: {code!r}", nearest(code, among))
