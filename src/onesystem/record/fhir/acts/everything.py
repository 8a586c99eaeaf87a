"""Patient/[id]/$everything (operation-patient-everything.html of R4).

All that is kept of a person: the entries of every identity that is linked to them, and then what
these refer to that is about nobody (practitioners, organisations, places). A page begins after a
place in that order, so what is written meanwhile moves nothing.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import orjson

from onesystem import people
from onesystem.access.quick import rows
from onesystem.record.fhir import operations
from onesystem.record.fhir.acts.inputs import Given, given, kinds, one, whole
from onesystem.record.fhir.asks import JSON, Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.finding import by_name
from onesystem.record.fhir.moments import span
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.reading import absent
from onesystem.record.fhir.routing import Route
from onesystem.record.fhir.serving import Shown, columns, shown

PAGE, _MOST = 100, 1000
_KNOWN = ("start", "end", "_since", "_type", "_count", "_page")
# Where a page begins: the Patients, then what else is theirs, then what it refers to.
_PATIENTS, _THEIRS, _REFERRED = range(3)
Sql = tuple[str, list[Any]]


def everything(case: Case, asked: Route) -> Answer:
    """GET or POST Patient/id/$everything: a searchset, page by page."""
    case.require("Patient", "r")
    said = given(case, _KNOWN)
    person = by_name("Patient", asked.logical, case.scope)
    if person is None or person.gone:
        raise absent("Patient", asked.logical)
    count = whole(said, "_count", PAGE, _MOST)
    place = _place(one(said, "_page"))
    found = _found(case, said, _identities(person), place, count + 1)
    more, page = len(found) > count, found[:count]
    case.touches(each.identity for each in page)
    case.detail["entries"] = len(page)
    return Answer(200, _bundle(case, asked, said, page, place, more=more), {"Content-Type": JSON})


def _identities(person: Shown) -> list[int]:
    persons = people.person_of([person.identity])
    of = persons.get(person.identity)
    return people.identity_ids_of(of) if of is not None else [person.identity]


def _found(
    case: Case, said: Given, identities: list[int], place: tuple[int, int | None], limit: int
) -> list[Shown]:
    """Up to `limit` resources from a place on. Each part is one statement."""
    wanted = _wanted(case, kinds(said))
    theirs = _conditions(case, said, identities)
    part, after = place
    found: list[Shown] = []
    for each in range(part, _REFERRED + 1):
        sql = _sql(case, each, wanted, theirs, after if each == part else None)
        if sql is not None and len(found) < limit:
            text, values = sql
            asked = rows(f"{text} ORDER BY +e.entry LIMIT {limit - len(found)}", values)
            found += [shown(row) for row in asked]
    return found


def _sql(
    case: Case, part: int, wanted: frozenset[str] | None, theirs: Sql, after: int | None
) -> Sql | None:
    where, values = _scope(case, "e")
    if part == _PATIENTS:
        if wanted is not None and "Patient" not in wanted:
            return None
        where, values = f"e.kind = 'Patient' AND {theirs[0]} AND {where}", [*theirs[1], *values]
    elif part == _THEIRS:
        limits, more = _of_kinds(wanted, "e")
        where = f"e.kind <> 'Patient'{limits} AND {theirs[0]} AND {where}"
        values = [*more, *theirs[1], *values]
    else:
        limits, more = _of_kinds(wanted, "e")
        inner, inner_values = _scope(case, "o")
        named = (
            "SELECT x.target, x.kind FROM record_entry AS o CROSS JOIN record_reference AS x "
            f"WHERE x.entry = o.id AND {theirs[0].replace('e.', 'o.')} AND {inner}"
        )
        where = f"(e.logical, e.kind) IN ({named}) AND e.identity = 0{limits} AND {where}"
        values = [*theirs[1], *inner_values, *more, *values]
    if after is not None:
        where += " AND +e.entry > %s"  # the plus keeps from a walk through everybody's entries
        values = [*values, after]
    return (
        f"SELECT {columns('e')} FROM record_entry AS e WHERE {where} AND e.status <> 'deleted'",
        values,
    )


def _scope(case: Case, alias: str) -> Sql:
    condition, values = case.scope.row_sql(alias)
    return condition or "1 = 1", list(values)


def _wanted(case: Case, asked: Sequence[str]) -> frozenset[str] | None:
    """The types that the token opens and that were asked for; None for all."""
    for kind in asked:
        case.require(kind, "r")
    if asked:
        return frozenset(asked)
    scopes = case.asker.scopes
    if scopes is None or scopes.allows("*", "r"):
        return None
    return frozenset(g.resource for g in scopes.grains if "r" in g.acts)


def _of_kinds(wanted: frozenset[str] | None, alias: str) -> Sql:
    if wanted is None:
        return "", []
    if not wanted:
        return " AND 1 = 0", []
    return f" AND {alias}.kind IN ({', '.join(['%s'] * len(wanted))})", sorted(wanted)


def _conditions(case: Case, said: Given, identities: list[int]) -> Sql:
    """Whose, from when to when the care was, and known since when."""
    # That it is above zero lets the index of people's entries be used, which holds no others.
    where = [f"e.identity IN ({', '.join(map(str, identities))}) AND e.identity > 0"]
    values: list[Any] = []
    if start := one(said, "start"):
        where.append("(e.at IS NULL OR e.at >= %s)")
        values.append(span(start, "start")[0])
    if end := one(said, "end"):
        where.append("(e.at IS NULL OR e.at < %s)")
        values.append(span(end, "end")[1])
    if since := one(said, "_since"):
        where.append("e.known_at >= %s")
        values.append(span(since, "_since")[0])
    case.detail["params"] = sorted(said)
    return " AND ".join(where), values


def _place(text: str) -> tuple[int, int | None]:
    if not text:
        return _PATIENTS, None
    part, _, entry = text.partition(".")
    number = entry.removeprefix("-")
    if part not in {"0", "1", "2"} or not (number.isascii() and number.isdigit()) \
            or len(number) > 19:  # fmt: skip
        raise Refusal(400, f"there is no page {text[:40]!r}", "Follow the links of the Bundle.",
                      where="_page")  # fmt: skip
    return int(part), int(entry)


def _part_of(each: Shown) -> int:
    if each.identity == 0:
        return _REFERRED
    return _PATIENTS if each.kind == "Patient" else _THEIRS


def _bundle(
    case: Case, asked: Route, said: Given, page: list[Shown], place: Any, *, more: bool
) -> bytes:
    base = case.ask.base
    address = f"{base}/Patient/{asked.logical}/$everything"
    plain = [(k, str(v)) for k, values in said.items() if k != "_page" for v in values]
    own = said.get("_page", [])
    links = [{"relation": "self", "url": _url(address, plain + [("_page", p) for p in own])}]
    if more:
        last = page[-1]
        ahead = [*plain, ("_page", f"{_part_of(last)}.{last.entry}")]
        links.append({"relation": "next", "url": _url(address, ahead)})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if not more and place == (_PATIENTS, None):
        bundle["total"] = len(page)
    head = orjson.dumps(bundle | {"link": links})
    if not page:
        return head
    entries = b",".join(_entry(base, each) for each in page)
    return b'%b,"entry":[%b]}' % (head[:-1], entries)


def _url(address: str, params: Sequence[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(params)}" if params else address


def _entry(base: str, each: Shown) -> bytes:
    mode = b"match" if each.identity else b"include"
    return b'{"fullUrl":"%b/%b","resource":%b,"search":{"mode":"%b"}}' % (
        base.encode(), each.name.encode(), each.body, mode,
    )  # fmt: skip


def connect() -> None:
    """Make it known. Safe to call again."""
    operations.register(
        operations.Operation(
            "everything",
            everything,
            kinds=("Patient",),
            instance=True,
            reads=True,
            definition="http://hl7.org/fhir/OperationDefinition/Patient-everything",
        )
    )
