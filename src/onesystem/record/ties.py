"""Where ties are found: enrolment, contacts, requests, caseloads and care teams.

Nothing is kept twice: a tie is worked out from the rows of people, contacts, care and the record
when it is asked for, so it begins with the message that says so and ends with the one that ends it.
The same parts make the question about one person (`ties_of`) and, in `scope`, about everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from onesystem.access import Asker
from onesystem.access.quick import rows
from onesystem.district import District
from onesystem.vocabulary.kept import to_micros

# As care.requests.states.OPEN has them: a room beside this one, so a test holds the two equal.
OPEN = ("accepted", "booked", "in-progress", "needs-more", "received", "redirected")
Values = list[Any]
Condition = tuple[str, Values]


@dataclass(frozen=True, slots=True)
class Reach:
    """What an asker's organisations are, in the words of the tables. Codes in order."""

    organisations: tuple[str, ...]
    services: tuple[str, ...]
    sources: tuple[str, ...]
    practices: tuple[str, ...]  # as people's enrolment names them: code or national code
    owners: dict[str, str]  # service, source, practice or organisation -> organisation


@dataclass(frozen=True, slots=True)
class Part:
    """One place where ties are: a table with an `identity`, a condition on its alias `t`.

    `tie` and `key` are SQL for the tie's name and for the code that `Reach.owners` knows.
    """

    table: str
    where: str
    values: tuple[Any, ...]
    tie: str
    key: str


def reach_of(organisations: frozenset[str], district: District) -> Reach:
    """What these organisations are in the tables, with those that they succeeded."""
    return _reach(organisations, _Known(district))


class _Known:
    """A district by its identity: it is replaced, never changed, when its file changes."""

    def __init__(self, district: District) -> None:
        self.district = district

    def __hash__(self) -> int:
        return id(self.district)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.district is self.district


@lru_cache(maxsize=256)
def _reach(organisations: frozenset[str], known: _Known) -> Reach:
    district, heirs = known.district, {code: code for code in organisations}
    todo = list(organisations)
    while todo:
        code = todo.pop()
        owner = district.organisations.get(code)
        for old in owner.succeeds if owner else ():
            if old not in heirs:
                heirs[old] = heirs[code]
                todo.append(old)
    owners = {s.code: heirs[s.organisation] for s in district.services.values()
              if s.organisation in heirs}  # fmt: skip
    services = tuple(sorted(owners))
    sources = {s.code: heirs[s.organisation] for s in district.sources.values()
               if s.organisation in heirs}  # fmt: skip
    practices = dict(heirs)
    for code, heir in heirs.items():
        owner = district.organisations.get(code)
        if owner and owner.national_code:
            practices[owner.national_code] = heir
    return Reach(
        organisations=tuple(sorted(heirs)),
        services=services,
        sources=tuple(sorted(sources)),
        practices=tuple(sorted(practices)),
        owners=owners | sources | practices,
    )


def parts_of(reach: Reach, asker: Asker, district: District) -> list[Part]:
    """Every place but enrolment, which is on the identity itself."""
    now = to_micros(asker.at)
    since = now - timedelta(days=district.guard.window_days) // timedelta(microseconds=1)
    where, values = _services(reach)
    found = []
    if where:
        found += [
            Part(
                "contacts_contact",
                f"NOT t.cancelled AND (t.ended IS NULL OR t.ended >= %s) AND {where}",
                (since, *values),
                "CASE WHEN t.ended IS NULL THEN 'contact' ELSE 'recent' END",
                "t.service",
            ),
            Part(
                "care_request",
                # One that ended keeps open for the window: a mistake is put right.
                f"(t.state IN ({_marks(OPEN)}) OR t.since >= %s) AND {where}",
                (*OPEN, since, *values),
                f"CASE WHEN t.state IN ({_quoted(OPEN)}) THEN 'request' ELSE 'recent' END",
                "t.service",
            ),
        ]
    if reach.services:
        found.append(
            Part(
                "care_task",
                "(t.state IN ('open', 'started') OR t.at >= %s) "
                f"AND t.team IN ({_marks(reach.services)})",
                (since, *reach.services),
                # To be asked to do something is to be asked; what was done lately is a contact.
                "CASE WHEN t.state IN ('open', 'started') THEN 'request' ELSE 'recent' END",
                "t.team",
            )
        )
    if reach.sources:
        found.append(
            Part(
                "record_entry",
                # Above nobody, as the index of people says it: else all teams are gone through.
                "t.identity > 0 AND t.kind IN ('CareTeam', 'EpisodeOfCare') "
                "AND t.status IN ('active', '') "
                f"AND t.source IN ({_marks(reach.sources)})",
                reach.sources,
                "'team'",
                "t.source",
            )
        )
    if reach.organisations:
        found.append(
            Part(
                "care_request",
                # Who asked follows it to its answer, and can read that for a while.
                f"(t.state IN ({_marks(OPEN)}) OR t.since >= %s)"
                f" AND t.organisation IN ({_marks(reach.organisations)})",
                (*OPEN, since, *reach.organisations),
                "'request'",
                "t.organisation",
            )
        )
        found.append(
            Part(
                "access_caseload",
                "t.since <= %s AND (t.until IS NULL OR t.until > %s) "
                f"AND t.organisation IN ({_marks(reach.organisations)})",
                (now, now, *reach.organisations),
                "'team'",
                "t.organisation",
            )
        )
    return found


def ties_of(
    identities: Sequence[tuple[int, str, str]], asker: Asker, district: District
) -> frozenset[str]:
    """The ties that an asker's organisations have with a person, by name, in one statement.

    `identities`: id, source and practice of each identity of the person.
    """
    reach = reach_of(asker.organisations, district)
    if not reach.organisations or not identities:
        return frozenset()
    found = {("practice", practice) for _, _, practice in identities if practice in reach.practices}
    ids = [each[0] for each in identities]
    parts = parts_of(reach, asker, district)
    sql = " UNION ALL ".join(
        f"SELECT {p.tie}, {p.key} FROM {p.table} t WHERE t.identity IN ({_marks(ids)}) "
        f"AND {p.where}"
        for p in parts
    )
    found.update(rows(sql, [value for p in parts for value in (*ids, *p.values)]))
    return frozenset(_named(tie, key, reach, asker) for tie, key in found)


def _named(tie: str, key: str, reach: Reach, asker: Asker) -> str:
    owner = reach.owners.get(key) or reach.owners.get(key.partition("/")[0], "")
    return "on-call" if owner in asker.on_call else tie


def _services(reach: Reach) -> tuple[str, Values]:
    """Our services, and the places of our sources that nobody has mapped yet (`SOURCE/PLACE`)."""
    ways, values = [], Values()
    if reach.services:
        ways.append(f"t.service IN ({_marks(reach.services)})")
        values += reach.services
    for source in reach.sources:
        ways.append(f"(t.source = %s AND substr(t.service, 1, {len(source) + 1}) = %s)")
        values += [source, f"{source}/"]
    return (f"({' OR '.join(ways)})" if ways else ""), values


def _quoted(words: Sequence[str]) -> str:
    """Words of our own as SQL has them."""
    return ", ".join(f"'{word}'" for word in words)


def _marks(values: Any) -> str:
    return ", ".join(["%s"] * len(values))
