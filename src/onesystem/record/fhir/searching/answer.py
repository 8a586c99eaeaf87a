"""A search from its parameters to a Bundle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from onesystem.record.fhir import joining, outcomes
from onesystem.record.fhir.asks import Ask
from onesystem.record.fhir.searching.asked import Asked
from onesystem.record.fhir.searching.cutting import cut, named
from onesystem.record.fhir.searching.including import fetch, included
from onesystem.record.fhir.searching.limits import limited
from onesystem.record.fhir.searching.links import opened, token
from onesystem.record.fhir.searching.paging import Place, by_time, count, in_time, page, served
from onesystem.record.fhir.searching.params import read
from onesystem.record.fhir.searching.plan import Context, Planner, Source
from onesystem.record.fhir.searching.starting import ENOUGH
from onesystem.record.fhir.serving import Shown
from onesystem.vocabulary.kept import to_micros

PAGE = "_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to a search: the Bundle as bytes, and whose data it shows, for the audit."""

    body: bytes
    shown: tuple[Shown, ...]
    total: int | None


@dataclass(slots=True, kw_only=True)
class _Results:
    asked: Asked
    keys: list[list[Any]]
    total: int | None
    more: bool  # beyond the page
    before: bool  # in front of it
    found: dict[int, Shown] | None = None  # the results themselves, where they came along


def search(
    ask: Ask, kind: str | None, params: Sequence[tuple[str, str]], scope: Any, *,
    asker: Any = None, within: tuple[str, str] | None = None, kinds: Sequence[str] = (),
) -> Found:  # fmt: skip
    """Answer a search of a type, of several (`_type`, or all of `kinds`), or of a compartment.

    `asker` is the access.Asker that the scope is of; links to further pages are bound to them.
    Raises Refusal.
    """
    who = _who(asker)
    context = _context(ask, scope, asker)
    of = kind or ""
    given = next((value for name, value in params if name == PAGE), None)
    place, total = None, None
    if given is not None:
        params, place, total = opened(given, who, of, within)
    lenient = "handling=lenient" in ask.header("prefer").replace(" ", "")
    asked = read(kind, params, lenient=lenient, within=within, allowed=kinds)
    with limited():
        results = _run(asked, context, place, total)
        found = results.found
        if found is None:
            found = fetch([key[-1] for key in results.keys])
        matched = [found[key[-1]] for key in results.keys if key[-1] in found]
        brought, cut_short = included(matched, asked.includes, context)
    if cut_short:
        asked.ignored.append("More is included than is given here. Ask for smaller pages: _count")
    links = _links(ask, of, results, place, who)
    body = _bundle(ask.base, asked, links, matched, brought, results.total)
    return Found(body=body, shown=(*matched, *brought), total=results.total)


def matches(
    kind: str, params: Sequence[tuple[str, str]], scope: Any, limit: int = 2, *,
    base: str = "", asker: Any = None,
) -> list[int]:  # fmt: skip
    """The entries that meet a condition, for conditional operations; at most `limit`."""
    asked = read(kind, params)
    if not asked.conditions:
        raise outcomes.Refusal(412, "The condition names no search parameter",
                               "Write one, such as identifier=SYSTEM|VALUE")  # fmt: skip
    context = _context(Ask(method="GET", path=kind, base=base), scope, asker)
    with limited():
        source = Planner(context).source(asked.kinds, asked.conditions)
        found = fetch([key[-1] for key in page(asked, source, None, limit)])
        return [found[row].entry for row in sorted(found)]


def _run(asked: Asked, context: Context, place: Place | None, total: int | None) -> _Results:
    counted = asked.count == 0 or asked.summary == "count"
    source = Planner(context).source(
        asked.kinds, asked.conditions, asked.within,
        timed=not counted and in_time(asked.sort), again=by_time(asked.sort, place),
    )  # fmt: skip
    if counted:
        return _Results(asked=asked, keys=[], total=count(source, None), more=False, before=False)
    keys, found, whole = _page(asked, source, place)
    extra = len(keys) > asked.count
    if whole:
        total = len(keys)
    elif place is None:
        total = _total(asked, source, len(keys), extra)
    back = place is not None and place.back
    if extra:
        keys = keys[1:] if back else keys[: asked.count]
    before = extra if back else place is not None
    return _Results(asked=asked, keys=keys, total=total, more=extra or back, before=before,
                    found=found)  # fmt: skip


def _page(
    asked: Asked, source: Source, place: Place | None
) -> tuple[list[list[Any]], dict[int, Shown] | None, bool]:
    """The keys of a page and one more, the results where they came along, and whether it is all.

    Where few are found and have yet to be put in order, all their ids are: the total is then free.
    """
    if source.ready and not asked.sort:
        return *served(source, place, asked.count), False
    whole = place is None and source.few and not asked.total
    keys = page(asked, source, place, max(asked.count, ENOUGH if whole else 0) + 1)
    return keys, None, whole and len(keys) <= ENOUGH


def _total(asked: Asked, source: Source, on_page: int, extra: bool) -> int | None:
    """All there are: counted where asked for, or where it is cheap."""
    if not extra:
        return on_page
    if asked.total == "none":
        return None
    return count(source, None) if asked.total else None


def _context(ask: Ask, scope: Any, asker: Any) -> Context:
    scopes = getattr(asker, "scopes", None)
    at = getattr(asker, "at", None) or datetime.now(UTC)

    def allows(kind: str) -> bool:
        return scopes is None or scopes.allows(kind, "s") or scopes.allows(kind, "r")

    return Context(scope=scope, base=ask.base, now=to_micros(at), allows=allows)


def _who(asker: Any) -> str:
    if asker is None:
        return ""
    return f"{asker.actor.name}\x1f{asker.client}\x1f{asker.purpose}"


def _links(
    ask: Ask, kind: str, results: _Results, place: Place | None, who: str
) -> list[tuple[str, str]]:
    asked = results.asked
    path = "/".join(p for p in (*(asked.within or ()), kind or ("*" if asked.within else "")) if p)
    address = f"{ask.base}/{path}" if path else ask.base
    # As it was asked, where all of it was understood: what is sent back is then what was sent.
    as_it_was = ask.method != "POST" and asked.understood == ask.params()
    query = ask.query if as_it_was else urlencode(asked.understood)
    first = f"{address}?{query}" if query else address

    def to(key: list[Any], *, back: bool) -> str:
        made = token(who, kind, asked, Place(key=key, back=back), results.total)
        return f"{address}?{PAGE}={made.replace('=', '%3D')}"  # the only sign that needs it

    links = [("self", to(place.key, back=place.back) if place else first), ("first", first)]
    if results.keys and results.more:
        links.append(("next", to(results.keys[-1], back=False)))
    if results.keys and results.before:
        links.append(("previous", to(results.keys[0], back=True)))
    return links


def _bundle(
    base: str, asked: Asked, links: list[tuple[str, str]], matched: Sequence[Shown],
    brought: Sequence[Shown], total: int | None,
) -> bytes:  # fmt: skip
    """The Bundle. Resources go in as the bytes that they are served as."""
    said: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if total is not None:
        said["total"] = total
    said["link"] = [{"relation": relation, "url": url} for relation, url in links]
    trim = _trimmer(asked)
    at = base.encode()
    entries = [joining.entry(at, each, trim(each, False), joining.MATCH) for each in matched]
    entries += [joining.entry(at, each, trim(each, True), joining.INCLUDE) for each in brought]
    if asked.ignored:
        entries.append(_outcome(asked.ignored))
    return joining.bundle(said, entries)


def _trimmer(asked: Asked) -> Callable[[Shown, bool], bytes]:
    """How much of a result is given, and of what it brings along."""
    if not asked.elements and asked.summary not in {"true", "text", "data"}:
        return lambda each, _: each.body

    def trim(each: Shown, included: bool) -> bytes:
        elements = named(asked.elements, each.kind, included=included)
        return cut(each.body, each.kind, asked.summary, elements)

    return trim


def _outcome(ignored: Sequence[str]) -> bytes:
    issues = [
        outcomes.Issue(what=what, code="not-supported", severity="warning") for what in ignored
    ]
    resource = orjson.dumps(outcomes.resource(issues))
    return b'{"resource":%b,"search":{"mode":"outcome"}}' % resource
