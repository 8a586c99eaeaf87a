"""What may be asked of the person index, by whom; every answer about a person is audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onesystem.access import Actor, require
from onesystem.people import store
from onesystem.people.mapping import IdentityView, identities_of
from onesystem.people.searching import Asked, taken_apart
from onesystem.vocabulary import Identifier, NotFound
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHit:
    """A person that a search found, as the identity that matched describes them."""

    person: int
    family: str
    given: str
    birth_date: str
    sex: str
    postcode: str
    number: str
    died: str
    restricted: bool
    identities: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One change of an identity's person."""

    at: datetime
    identity: int
    person: int
    was: int
    why: str
    evidence: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """An officer's decision, and whether it still stands."""

    decision: int
    act: str
    reason: str
    by: str
    at: datetime
    identities: tuple[int, ...]
    undone_by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person: what the latest identity calls them, and all that every source says."""

    person: int
    family: str
    given: str
    other_names: tuple[tuple[str, str], ...]
    birth_date: str
    sex: str
    address: str
    postcode: str
    phone: str
    practice: str
    died: str
    restricted: bool
    numbers: tuple[Identifier, ...]
    identities: tuple[IdentityView, ...]


def search(text: str, *, by: Actor, limit: int = 50) -> list[PersonHit]:
    """People by names in any order, birth date, or number; exact names first.

    Former names and the later parts of a family name find them too. Accents and macrons are
    folded, the last letters of a name may be left out.
    """
    from onesystem.access import record

    require(by, "people.search")
    asked = taken_apart(text)
    ids = _found(asked, limit)
    hits = _hits(ids, limit)
    kind = [k for k, v in (("names", asked.names), (say("birth date"), asked.birth_date),
                           ("number", asked.number or asked.as_typed)) if v]  # fmt: skip
    record(by=by, act="people.searched", what=" and ".join(kind), detail={"found": len(hits)})
    return hits


def _found(asked: Asked, limit: int) -> list[int]:
    """Ids of matching identities, the surest first."""
    found: dict[int, None] = {}
    for sql, values in _queries(asked):
        if len(found) >= limit * 3:
            break
        rows = store.rows(f"SELECT id FROM ({sql} LIMIT {limit * 3}) AS x", values)
        found.update(dict.fromkeys(row[0] for row in rows))
    return list(found)


def _queries(asked: Asked) -> list[tuple[str, list[str]]]:
    born, birth = (" AND birth_date = %s", [asked.birth_date]) if asked.birth_date else ("", [])
    if asked.number or asked.as_typed:
        values = sorted({asked.number, asked.as_typed} - {""})
        of_number = f"SELECT identity FROM people_number WHERE value IN ({store.marks(values)})"
        select = f"SELECT id FROM people_identity WHERE id IN ({of_number}){born}"
        return [(select, [*values, *birth])]
    if not asked.names:
        return [("SELECT id FROM people_identity WHERE birth_date = %s", birth)] if birth else []
    queries = []
    for family, given in _readings(asked.names):
        for exact in (True, False):
            where, values = _like(family, given, exact=exact)
            queries.append((f"SELECT id FROM people_identity WHERE {where}{born}", values + birth))
            called = f"SELECT identity FROM people_alias WHERE {where}"
            by_alias = f"SELECT identity AS id FROM people_alias WHERE {where}"
            if born:
                by_alias = f"SELECT id FROM people_identity WHERE id IN ({called}){born}"
            queries.append((by_alias, values + birth))
    return sorted(queries, key=lambda q: "<" in q[0])


def _readings(names: Sequence[str]) -> list[tuple[str, str]]:
    """The ways to read some words as (family, given), the more usual first."""
    if len(names) == 1:
        return [(names[0], ""), ("", names[0])]
    ways = [
        ("".join(names[1:]), names[0]),
        (names[-1], names[0]),
        (names[0], names[1]),
        ("".join(names[:-1]), names[-1]),
        ("".join(names), ""),
    ]
    return list(dict.fromkeys(ways))


def _like(family: str, given: str, *, exact: bool) -> tuple[str, list[str]]:
    parts, values = [], []
    for column, value in (("family_key", family), ("given_key", given)):
        if not value:
            continue
        if exact and not (column == "given_key" and family):
            parts.append(f"{column} = %s")
            values.append(value)
        else:
            # A range, not LIKE: it is one stretch of the index on both databases.
            parts.append(f"{column} >= %s AND {column} < %s")
            values += [value, value[:-1] + chr(ord(value[-1]) + 1)]
    return " AND ".join(parts), values


def _hits(ids: Sequence[int], limit: int) -> list[PersonHit]:
    by_id: dict[int, tuple] = {}
    columns = "id, person, family, given, birth_date, sex, postcode, number, died, restricted"
    for some in store.chunks(ids):
        sql = f"SELECT {columns} FROM people_identity WHERE id IN ({store.marks(some)})"
        by_id.update({row[0]: row[1:] for row in store.rows(sql, some)})
    best: dict[int, tuple] = {}
    for identity in ids:
        row = by_id[identity]
        if row[0] not in best and len(best) < limit:
            best[row[0]] = row
    counts = _counts(list(best))
    return [
        PersonHit(
            person=person, family=row[1], given=row[2], birth_date=row[3], sex=row[4],
            postcode="" if row[8] else row[5], number=row[6], died=row[7],
            restricted=bool(row[8]), identities=counts[person],
        )
        for person, row in best.items()
    ]  # fmt: skip


def _counts(persons: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in store.chunks(persons):
        sql = (
            "SELECT person, count(*) FROM people_identity"
            f" WHERE person IN ({store.marks(some)}) GROUP BY person"
        )
        found.update(store.rows(sql, some))  # type: ignore[arg-type]
    return found


def person(person: int, *, by: Actor, purpose: str) -> PersonView:
    """One person. An id that was merged away gives the person it is part of now.

    Raises NotFound where no identity has that id; NotPermitted.
    """
    from onesystem.access import record

    require(by, "person.open")
    now = store.persons([person]).get(person)
    if now is None:
        raise NotFound(
            say("there is no person {person}", person=person),
            "Search by name, birth date or number.",
        )
    record(by=by, act="person.looked", what="identities", person=now, purpose=purpose)
    return view_of(now)


def view_of(person: int) -> PersonView:
    """The person without asking who looks: for pages that have asked already."""
    identities = identities_of(person)
    latest = sorted(identities, key=lambda i: (i.seen_at is not None, i.seen_at, i.identity))
    latest.reverse()

    def last(name: str) -> str:
        return next((value for i in latest if (value := getattr(i, name))), "")

    named = next((i for i in latest if i.family and i.given), latest[0])
    names = dict.fromkeys((i.family, i.given) for i in latest if i.family or i.given)
    names.update(dict.fromkeys(other for i in latest for other in i.other_names))
    numbers = {(n.scheme, n.value): n for i in reversed(latest) for n in i.numbers}
    return PersonView(
        person=person, family=named.family, given=named.given,
        other_names=tuple(n for n in names if n != (named.family, named.given)),
        birth_date=last("birth_date"), sex=last("sex"), address=last("address"),
        postcode=last("postcode"), phone=last("phone"), practice=last("practice"),
        died=last("died"), restricted=any(i.restricted for i in identities),
        numbers=tuple(numbers[key] for key in sorted(numbers)), identities=tuple(identities),
    )  # fmt: skip


def history(person: int) -> list[Turn]:
    """The ledger of the map around a person: who joined and who left, the oldest first."""
    sql = (
        "SELECT DISTINCT m.id, m.at, m.identity, m.person, m.was, m.why, m.evidence, m.by"
        " FROM people_mapped m LEFT JOIN people_identity i ON i.id = m.identity"
        " WHERE m.person = %s OR m.was = %s OR i.person = %s ORDER BY m.id"
    )
    return [
        Turn(at=from_micros(at), identity=identity, person=now, was=was, why=why,
             evidence=evidence, by=by)
        for _, at, identity, now, was, why, evidence, by in store.rows(sql, [person] * 3)
    ]  # fmt: skip


def decisions(by: Actor, *, person: int | None = None, limit: int = 100) -> list[DecisionView]:
    """Officers' decisions, the latest first; of one person's identities, or all."""
    require(by, "people.merge")
    where, values = "", []
    if person is not None:
        ids = "SELECT id FROM people_identity WHERE person = %s"
        where = (
            f" WHERE d.id IN (SELECT decision FROM people_ruling WHERE a IN ({ids})"
            f" UNION SELECT decision FROM people_ruling WHERE b IN ({ids}))"
        )
        values = [person, person]
    rows = store.rows(
        "SELECT d.id, d.act, d.reason, d.by, d.at, d.undone_by, d.undone_at"
        f" FROM people_decision d{where} ORDER BY d.id DESC LIMIT {limit}",
        values,
    )
    ruled: dict[int, set[int]] = {}
    for some in store.chunks([row[0] for row in rows]):
        sql = f"SELECT decision, a, b FROM people_ruling WHERE decision IN ({store.marks(some)})"
        for decision, a, b in store.rows(sql, some):
            ruled.setdefault(decision, set()).update((a, b))
    return [
        DecisionView(
            decision=number, act=act, reason=reason, by=who, at=from_micros(at),
            identities=tuple(sorted(ruled.get(number, ()))), undone_by=undone_by,
            undone_at=from_micros(undone_at) if undone_at else None,
        )
        for number, act, reason, who, at, undone_by, undone_at in rows
    ]  # fmt: skip
