"""$everything of a Patient, a Group, an Encounter and all Patients (operations.html of R4).

All that is kept of a person: the entries of every identity that is linked to them, and then what
these refer to that is about nobody (practitioners, organisations, places). A page begins after a
place in that order, so what is written meanwhile moves nothing.

Of everybody whom the caller may see, entries come in the order in which they became known, and
what a page refers to comes with that page: it may come again with a later one.

Of a Group it is all of its members; of an Encounter what is in its compartment.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from onesystem import people
from onesystem.access.quick import filled, marks, rows
from onesystem.record.fhir import joining, operations
from onesystem.record.fhir.acts.groups import members
from onesystem.record.fhir.acts.inputs import Given, given, kinds, one, whole
from onesystem.record.fhir.asks import JSON, Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.finding import by_name, by_rows
from onesystem.record.fhir.moments import span
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.reading import absent
from onesystem.record.fhir.routing import Route
from onesystem.record.fhir.searching.limits import limited
from onesystem.record.fhir.serving import Shown, columns, shown

PAGE, _MOST = 100, 1000
_MEMBERS = 2000  # identities of a Group
_SLICE = 500  # rows looked at at once for everybody
_KNOWN = ("start", "end", "_since", "_type", "_count", "_page")
# Where a page begins: the Patients, then what else is theirs, then what it refers to.
_PATIENTS, _THEIRS, _REFERRED = range(3)
_FIRST = (_PATIENTS, 0)
Sql = tuple[str, list[Any]]
Place = tuple[int, int]  # a part, and the row of the last entry before it
Row = tuple[int, Shown]


def everything(case: Case, asked: Route) -> Answer:
    """GET or POST Patient/id/$everything: a searchset, page by page."""
    case.require(asked.kind, "r")
    if asked.kind == "Encounter":
        return _of_encounter(case, asked)
    case.require("Patient", "r")
    said = given(case, _KNOWN)
    if not asked.logical:
        return _of_everybody(case, asked, said)
    identities = _whose(case, asked)
    count = whole(said, "_count", PAGE, _MOST)
    place = _place(one(said, "_page"))
    found = _found(case, said, identities, place, count + 1) if identities else []
    more, page = len(found) > count, found[:count]
    case.touches(each.identity for _, each in page)
    case.detail["entries"] = len(page)
    ahead = (_part_of(page[-1][1]), page[-1][0]) if more else None
    body = _bundle(case, asked, said, page, first=place == _FIRST, ahead=ahead)
    return Answer(200, body, {"Content-Type": JSON})


def _whose(case: Case, asked: Route) -> list[int]:
    """The identities of the person, or of all members of the Group. Raises Refusal."""
    shown = by_name(asked.kind, asked.logical, case.scope)
    if shown is None or shown.gone:
        raise absent(asked.kind, asked.logical)
    if asked.kind == "Patient":
        return _identities(shown)
    found = sorted(members(shown, case.scope))
    if len(found) > _MEMBERS:
        raise Refusal(422, f"the Group has more than {_MEMBERS:,} identities",
                      "Ask Group/[id]/$export.", code="too-costly")  # fmt: skip
    return found


def _of_encounter(case: Case, asked: Route) -> Answer:
    """What is in the Encounter's compartment, and what that refers to: a search like any other."""
    from onesystem.record.fhir import searching

    said = given(case, ("_since", "_type", "_count"))
    shown = by_name("Encounter", asked.logical, case.scope)
    if shown is None or shown.gone:
        raise absent("Encounter", asked.logical)
    params = [("_include", "*")]
    if types := kinds(said):
        params.append(("_type", ",".join(types)))
    if since := one(said, "_since"):
        span(since, "_since")
        params.append(("_lastUpdated", f"ge{since}"))
    params.append(("_count", str(whole(said, "_count", PAGE, _MOST))))
    found = searching.search(case.ask, None, params, case.scope, asker=case.asker,
                             within=("Encounter", asked.logical))  # fmt: skip
    case.touches(each.identity for each in found.shown)
    case.detail["entries"] = len(found.shown)
    return Answer(200, found.body, {"Content-Type": JSON})


def _of_everybody(case: Case, asked: Route, said: Given) -> Answer:
    """One page of what is known of all whom the caller may see."""
    count = whole(said, "_count", PAGE, _MOST)
    place = _place(one(said, "_page"))
    wanted = _wanted(case, kinds(said))
    with limited():
        found = _next(case, wanted, _narrowed(case, said), place[1], count + 1)
        more, page = len(found) > count, found[:count]
        if page:
            numbers = filled([row for row, _ in page])
            theirs = f"e.id IN ({marks(numbers)})", numbers
            text, values = _referred(case, wanted, theirs, 0)
            page += [(r[-1], shown(r)) for r in rows(f"{text} ORDER BY e.id", values)]
    case.touches(each.identity for _, each in page)
    case.detail["entries"] = len(page)
    first = place == _FIRST
    last = (_THEIRS, found[count - 1][0]) if more else None
    return Answer(200, _bundle(case, asked, said, page, first=first, ahead=last),
                  {"Content-Type": JSON})  # fmt: skip


def _next(
    case: Case, wanted: frozenset[str] | None, theirs: Sql, after: int, limit: int
) -> list[Row]:
    """The next entries that are about somebody and in scope, in the order of their rows."""
    limits, more = _of_kinds(wanted, "e")
    found: list[Row] = []
    while len(found) < limit:
        asked = rows(
            f"SELECT e.id FROM record_entry AS e WHERE e.id > %s AND +e.identity > 0 "
            f"AND {theirs[0]}{limits} ORDER BY e.id LIMIT {_SLICE}",
            [after, *theirs[1], *more],
        )
        numbers = [row[0] for row in asked]
        seen = by_rows(numbers, case.scope)
        found += [(n, seen[n]) for n in numbers if n in seen and not seen[n].gone]
        if len(asked) < _SLICE:
            break
        after = numbers[-1]
    return found[:limit]


def _identities(person: Shown) -> list[int]:
    persons = people.person_of([person.identity])
    of = persons.get(person.identity)
    return people.identity_ids_of(of) if of is not None else [person.identity]


def _found(case: Case, said: Given, identities: list[int], place: Place, limit: int) -> list[Row]:
    """Up to `limit` resources with their rows, from a place on."""
    wanted = _wanted(case, kinds(said))
    identities = filled(identities)
    theirs = _conditions(case, said, identities)
    found: list[Row] = []
    if place[0] != _REFERRED:
        found = _theirs(case, wanted, theirs, identities, place, limit)
    if len(found) < limit:
        after = place[1] if place[0] == _REFERRED else 0
        text, values = _referred(case, wanted, theirs, after)
        asked = rows(f"{text} ORDER BY e.id LIMIT {limit - len(found)}", values)
        found += [(row[-1], shown(row)) for row in asked]
    return found


def _theirs(
    case: Case, wanted: frozenset[str] | None, theirs: Sql, identities: list[int], place: Place,
    limit: int,
) -> list[Row]:  # fmt: skip
    """What is of the person: rows by an index that holds no more, then those in scope."""
    limits, more = _of_kinds(wanted, "o")
    seen, whose = case.scope.row_sql("e", likely=(marks(identities), identities))
    found: list[Row] = []
    while len(found) < limit:
        where, values = _beyond(place)
        # The plus keeps from a walk through everybody's entries.
        asked = rows(
            f"SELECT {columns('e')}, w.kind, w.id FROM (SELECT o.id, o.kind FROM record_entry AS o "
            f"WHERE {theirs[0].replace('e.', 'o.')}{limits}{where} "
            f"ORDER BY o.kind <> 'Patient', +o.id LIMIT {limit}) AS w "
            f"LEFT JOIN record_entry AS e ON e.id = w.id AND e.status <> 'deleted' AND {seen}",
            [*theirs[1], *more, *values, *whose],
        )
        asked.sort(key=_order)
        found += [(row[-1], shown(row)) for row in asked if row[0] is not None]
        if len(asked) < limit:
            break
        place = _order(asked[-1])
    return found[:limit]


def _order(row: tuple[Any, ...]) -> Place:
    """Where a row is in the order: the Patients first."""
    return (_PATIENTS if row[-2] == "Patient" else _THEIRS, row[-1])


def _beyond(place: Place) -> Sql:
    part, after = place
    if part == _THEIRS:
        return " AND o.kind <> 'Patient' AND +o.id > %s", [after]
    return (" AND (o.kind <> 'Patient' OR +o.id > %s)", [after]) if after else ("", [])


def _referred(case: Case, wanted: frozenset[str] | None, theirs: Sql, after: int) -> Sql:
    """What is about nobody, and referred to by what is theirs."""
    inner, inner_values = case.scope.row_sql("o")
    where, values = case.scope.row_sql("e")
    limits, more = _of_kinds(wanted, "e")
    sql = (
        f"SELECT {columns('e')}, e.id FROM record_entry AS e WHERE (e.logical, e.kind) IN ("
        "SELECT x.target, x.kind FROM record_entry AS o CROSS JOIN record_reference AS x "
        f"WHERE x.entry = o.id AND {theirs[0].replace('e.', 'o.')} AND {inner}) "
        f"AND e.identity = 0{limits} AND +e.id > %s AND {where} AND e.status <> 'deleted'"
    )
    return sql, [*theirs[1], *inner_values, *more, after, *values]


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
    """Whose, and as it was narrowed."""
    # That it is above zero lets the index of people's entries be used, which holds no others.
    narrowed, values = _narrowed(case, said)
    where = f"e.identity IN ({marks(identities)}) AND e.identity > 0 AND {narrowed}"
    return where, [*identities, *values]


def _narrowed(case: Case, said: Given) -> Sql:
    """From when to when the care was, and known since when."""
    where: list[str] = ["1 = 1"]
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


def _place(text: str) -> Place:
    if not text:
        return _FIRST
    part, _, row = text.partition(".")
    if part not in {"0", "1", "2"} or not (row.isascii() and row.isdigit()) or len(row) > 18:
        raise Refusal(400, f"there is no page {text[:40]!r}", "Follow the links of the Bundle.",
                      where="_page")  # fmt: skip
    return int(part), int(row)


def _part_of(each: Shown) -> int:
    if each.identity == 0:
        return _REFERRED
    return _PATIENTS if each.kind == "Patient" else _THEIRS


def _bundle(
    case: Case, asked: Route, said: Given, page: list[Row], *, first: bool, ahead: Place | None
) -> bytes:
    base = case.ask.base
    address = f"{base}/{'/'.join(filter(None, (asked.kind, asked.logical, '$everything')))}"
    plain = [(k, str(v)) for k, values in said.items() if k != "_page" for v in values]
    own = said.get("_page", [])
    links = [{"relation": "self", "url": _url(address, plain + [("_page", p) for p in own])}]
    if ahead is not None:
        following = [*plain, ("_page", f"{ahead[0]}.{ahead[1]}")]
        links.append({"relation": "next", "url": _url(address, following)})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if ahead is None and first:
        bundle["total"] = sum(bool(each.identity) for _, each in page)  # the matches alone
    bundle["link"] = links
    at = base.encode()
    return joining.bundle(bundle, (
        joining.entry(at, each, each.body, joining.MATCH if each.identity else joining.INCLUDE)
        for _, each in page
    ))  # fmt: skip


def _url(address: str, params: Sequence[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(params)}" if params else address


def connect() -> None:
    """Make it known. Safe to call again."""
    operations.register(
        operations.Operation(
            "everything",
            everything,
            kinds=("Encounter", "Group", "Patient"),
            only_instances=("Encounter", "Group"),
            type=True,
            instance=True,
            reads=True,
            definitions={
                kind: f"http://hl7.org/fhir/OperationDefinition/{kind}-everything"
                for kind in ("Encounter", "Group", "Patient")
            },
        )
    )
