"""read, vread and history (http.html#read, #vread, #history)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import orjson

from onesystem.access.quick import filled, marks, rows, vendor
from onesystem.record.fhir.asks import JSON, Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.finding import (
    are_many,
    by_name,
    by_names,
    count_versions,
    version_by_name,
    versions,
)
from onesystem.record.fhir.moments import span
from onesystem.record.fhir.names import is_given
from onesystem.record.fhir.negotiating import GENERAL
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.routing import Route
from onesystem.record.fhir.searching.limits import limited
from onesystem.record.fhir.serving import Shown
from onesystem.vocabulary.typed import whole_or

_PAGE, _MOST = 50, 1000
# Of many the newest are a short walk by time. SQLite would sort the type; PostgreSQL knows better.
_WALKED = "+e.kind = %s"
_HISTORY = GENERAL | {"_since", "_at", "_count", "_page"}


def read(case: Case, kind: str, logical: str) -> Answer:
    """GET Type/id."""
    case.act, case.what = "fhir.read", f"{kind}/{logical}"
    case.require(kind, "r")
    only(case, GENERAL)
    ready = case.ready
    found = by_name(kind, logical, case.scope) if ready is None else ready.get(logical)
    if found is None:
        raise absent(kind, logical)
    return _standing(case, found)


def look_up(asked: Sequence[tuple[Case, Route]]) -> None:
    """Look up what several reads name: one statement for each caller and type."""
    together: dict[tuple[int, str], list[tuple[Case, str]]] = {}
    for case, each in asked:
        if each.name == "read" and case.caller.allows(each.kind, "r"):
            together.setdefault((id(case.caller), each.kind), []).append((case, each.logical))
    for (_, kind), cases in together.items():
        if len(cases) > 1:
            names = sorted({logical for _, logical in cases})
            found = by_names(kind, names, cases[0][0].scope)
            for case, _ in cases:
                case.ready = found


def vread(case: Case, kind: str, logical: str, version: str) -> Answer:
    """GET Type/id/_history/version."""
    case.act, case.what = "fhir.version-read", f"{kind}/{logical}/_history/{version}"
    case.require(kind, "r")
    only(case, GENERAL)
    number = whole_or(version, 0)
    found = version_by_name(kind, logical, number, case.scope) if number else None
    if found is None:
        raise absent(kind, f"{logical}/_history/{version}")
    return _standing(case, found)


def absent(kind: str, logical: str) -> Refusal:
    """What is not here, and what is not for this caller: the same words."""
    return Refusal(
        404,
        f"there is no {kind}/{logical} here",
        "Check the id, or search. What you may not see is not here for you either.",
    )


def _standing(case: Case, found: Shown) -> Answer:
    case.touches([found.identity])
    if found.gone:
        raise Refusal(
            410,
            f"{found.name} was deleted",
            f"Its versions are at {found.name}/_history.",
            headers={"ETag": found.etag},
        )
    headers = case.ask.headers
    if ("if-none-match" in headers or "if-modified-since" in headers) and _unchanged(case, found):
        return Answer(304, b"", heads(found))
    return Answer(200, found.body, {"Content-Type": JSON, **heads(found)})


def heads(found: Shown) -> dict[str, str]:
    """ETag and Last-Modified of a version."""
    return {"ETag": found.etag, "Last-Modified": _dated(found.known_at // 1_000_000)}


@lru_cache(maxsize=256)  # what came together became known together
def _dated(second: int) -> str:
    return format_datetime(datetime.fromtimestamp(second, UTC), usegmt=True)


def _unchanged(case: Case, found: Shown) -> bool:
    tags = case.ask.header("if-none-match")
    if tags:
        return tags.strip() == "*" or found.etag in {_weak(t) for t in tags.split(",")}
    since = case.ask.header("if-modified-since")
    try:
        at = parsedate_to_datetime(since)
    except ValueError:
        return False
    return found.known_at // 1_000_000 <= at.timestamp()


def _weak(tag: str) -> str:
    tag = tag.strip().removeprefix("W/").strip('"')
    return f'W/"{tag}"'


def history(case: Case, kind: str = "", logical: str = "") -> Answer:
    """GET _history, Type/_history or Type/id/_history: a page of versions, newest first.

    The next page goes on from the last version that was shown, so that what is written meanwhile
    moves nothing. Of a type or of all, there is a total where it is quickly counted.
    """
    case.act, case.what = "fhir.history-read", "/".join(filter(None, (kind, logical, "_history")))
    case.require(kind or "*", "r")
    only(case, _HISTORY)
    params = dict(case.ask.params())
    count = _count(params)
    with limited():
        where, values = _chosen(case, kind, logical)
        _since(params, where, values)
        many = not logical and are_many(" AND ".join(where), values)
        total = None if many else count_versions(" AND ".join(where), values, case.scope)
        if many and kind and vendor() == "sqlite":
            where[0] = _WALKED
        if page := params.get("_page"):
            _after(page, where, values)
        found = versions(" AND ".join(where), values, case.scope, count + 1) if count else []
    more, shown = found[count:], found[:count]
    case.touches(each.identity for each in shown)
    case.detail["entries"] = len(shown)
    body = _bundle(case, shown, total, bool(more), params)
    return Answer(200, body, {"Content-Type": JSON})


def _chosen(case: Case, kind: str, logical: str) -> tuple[list[str], list[Any]]:
    if not logical:
        return (["e.kind = %s"], [kind]) if kind else ([], [])
    found = by_name(kind, logical, case.scope)
    if found is None:
        raise absent(kind, logical)
    return ["e.entry = %s"], [found.entry]


def _count(params: dict[str, str]) -> int:
    said = params.get("_count", "")
    if not said:
        return _PAGE
    if not said.isascii() or not said.isdigit():
        raise Refusal(
            400, f"_count={said!r} is not a whole number", "Say how many, for example 50."
        )
    return min(int(said[:9]), _MOST)


def _since(params: dict[str, str], where: list[str], values: list[Any]) -> None:
    if since := params.get("_since"):
        where.append("e.known_at >= %s")
        values.append(span(since, "_since")[0])
    if at := params.get("_at"):
        low, high = span(at, "_at")
        # What was current at some time in the span: known before its end, not replaced before it.
        where.append(
            "e.known_at < %s AND NOT EXISTS (SELECT 1 FROM record_entry AS n WHERE "
            "n.entry = e.entry AND n.version > e.version AND n.known_at <= %s) AND NOT EXISTS "
            "(SELECT 1 FROM record_version AS n WHERE n.entry = e.entry AND n.version > e.version "
            "AND n.known_at <= %s)"
        )
        values += [high, low, low]


def _after(page: str, where: list[str], values: list[Any]) -> None:
    parts = page.split("-")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 20 for p in parts):
        raise Refusal(400, f"there is no page {page!r}", "Follow the links of the Bundle.")
    known, entry, version = map(int, parts)
    where.append(
        "e.known_at <= %s AND (e.known_at < %s OR "
        "e.entry < %s OR (e.entry = %s AND e.version < %s))"
    )
    values += [known, known, entry, entry, version]


def _bundle(
    case: Case, found: list[Shown], total: int | None, more: bool, params: dict[str, str]
) -> bytes:
    base, path = case.ask.base, f"{case.ask.base}/{case.ask.path}"
    links = [{"relation": "self", "url": path + (f"?{case.ask.query}" if case.ask.query else "")}]
    if more:
        last = found[-1]
        ahead = params | {"_page": f"{last.known_at}-{last.entry}-{last.version}"}
        links.append({"relation": "next", "url": f"{path}?{urlencode(ahead)}"})
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "history",
        "link": links,
    }
    if total is not None:
        bundle["total"] = total
    if found:
        back = _brought_back(found)
        bundle["entry"] = [_entry(base, each, (each.entry, each.version) in back) for each in found]
    return orjson.dumps(bundle)


def _brought_back(found: list[Shown]) -> set[tuple[int, int]]:
    """The entries and versions that followed on a deletion: these were created, not changed."""
    wanted = sorted({each.entry for each in found if each.version > 1})
    if not wanted:
        return set()
    asked = filled(wanted)
    gone = rows(
        "SELECT entry, version FROM record_version WHERE status = 'deleted' "
        f"AND entry IN ({marks(asked)})",
        asked,
    )
    return {(entry, version + 1) for entry, version in gone}


def _entry(base: str, each: Shown, back: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"fullUrl": f"{base}/{each.name}"}
    method = "POST" if each.version == 1 and is_given(each.logical) else "PUT"
    status = "201" if each.version == 1 or back else "200"
    if each.gone:
        method, status = "DELETE", "204"
    else:
        made["resource"] = orjson.Fragment(each.body)
    made["request"] = {"method": method, "url": each.kind if method == "POST" else each.name}
    made["response"] = {
        "status": status,
        "etag": each.etag,
        "lastModified": each.changed.isoformat(timespec="milliseconds"),
    }
    return made


def only(case: Case, known: frozenset[str], cure: str = "") -> None:
    """Raises Refusal for a parameter that is not known here."""
    if not case.ask.query:
        return
    for name, _ in case.ask.params():
        if name not in known:
            raise Refusal(
                400,
                f"the parameter {name!r} is not known here",
                cure or f"Known: {', '.join(sorted(known - {'_page'}))}.",
                where=name,
                code="not-supported",
            )
