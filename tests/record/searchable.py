"""Resources put into the record, and searches of them, for the tests of search."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import orjson

from onesystem import record
from onesystem.record.fhir.asks import Ask
from onesystem.record.fhir.searching.answer import search
from onesystem.vocabulary import Entry

BASE = "http://here.example/fhir"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def patient(key, /, **more):
    return {"resourceType": "Patient", "id": key, **more}


def observation(key, /, **more):
    return {"resourceType": "Observation", "id": key, "status": "final", **more}


def coded(*pairs, text=None):
    """A CodeableConcept of (system, code) pairs."""
    concept = {"coding": [{"system": s, "code": c} if s else {"code": c} for s, c in pairs]}
    return {**concept, "text": text} if text else concept


def keep(
    *resources: Mapping, source="gp", identities: Mapping[str, int] | None = None, minutes=0
) -> None:
    """Take resources in as the feeds do. `identities` maps `Type/id` to whose it is."""
    items = []
    for each in resources:
        key = f"{each['resourceType']}/{each['id']}"
        entry = Entry(
            kind=each["resourceType"],
            key=key,
            subject="",
            recorded=NOW + timedelta(minutes=minutes),
            body=orjson.dumps(each),
            status="",
        )
        items.append((source, (identities or {}).get(key, 0), 1, entry))
    record.take_entries(items, NOW + timedelta(minutes=minutes))


def bundle(query: str, *, scope=None, headers=None, **more) -> dict:
    """The Bundle that answers `Type?parameters`, `?parameters` or `Patient/id/Type?parameters`."""
    path, _, params = query.partition("?")
    parts = path.split("/")
    if len(parts) == 3:
        more["within"] = (parts[0], parts[1])
    kind = parts[-1] if parts[-1] not in {"", "*"} else None
    ask = Ask(method="GET", path=path, query=params, base=BASE, headers=headers or {})
    found = search(ask, kind, parse_qsl(params, keep_blank_values=True), scope, **more)
    return orjson.loads(found.body)


def ids(query: str, *, mode="match", **more) -> list[str]:
    """The ids that a search finds, sorted."""
    entries = bundle(query, **more).get("entry", [])
    return sorted(e["resource"]["id"] for e in entries if e["search"]["mode"] == mode)


def in_order(query: str, **more) -> list[str]:
    """The ids that a search finds, in its order."""
    return [e["resource"]["id"] for e in bundle(query, **more).get("entry", [])]


def link(found: Mapping, relation: str) -> str | None:
    """A link of a Bundle as a query for `bundle`."""
    for each in found["link"]:
        if each["relation"] == relation:
            url = urlsplit(each["url"])
            return url.path.removeprefix("/fhir/") + ("?" + url.query if url.query else "")
    return None


def walked(query: str, **more) -> list[list[str]]:
    """The ids of all pages from the first to the last."""
    pages, at = [], query
    while at:
        found = bundle(at, **more)
        pages.append([e["resource"]["id"] for e in found.get("entry", [])])
        at = link(found, "next")
    return pages


def every(pages: Iterable[list[str]]) -> list[str]:
    """All pages as one."""
    return [each for page in pages for each in page]


class Only:
    """A scope of some identities, as `record.scope` has it, and of about nobody."""

    def __init__(self, *identities: int, labels: int = 0) -> None:
        self.identities, self.labels = identities, labels

    def row_sql(self, alias: str, *, wide: bool = False, likely=None) -> tuple[str, list]:
        marks = ", ".join(["%s"] * len(self.identities)) or "NULL"
        said = f"({alias}.identity = 0 OR {alias}.identity IN ({marks}))"
        return f"{said} AND ({alias}.label & {~self.labels & 0xFFFF}) = 0", [*self.identities]
