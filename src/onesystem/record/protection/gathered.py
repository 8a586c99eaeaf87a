"""Everything that the district holds of a person, for their own eyes (UK GDPR article 15).

What a sender restricted, because it may harm the person or somebody else, is left out and counted:
whoever answers the request decides on it (Data Protection Act 2018, schedule 3).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import orjson
from django.db import connection

from onesystem import access, contacts, district, people
from onesystem.access.kinds import EVERY, mask_of
from onesystem.access.models import Audit
from onesystem.people import queries as people_queries
from onesystem.record import queries
from onesystem.record.corrections.notes import facts_of
from onesystem.record.corrections.rows import Correction
from onesystem.record.fhir.serving import columns, shown
from onesystem.record.sight import Sight
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

PURPOSE = "subject access"
_OWNED = EVERY & ~mask_of(("restricted",))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is held: each list holds plain dictionaries. `kept_back`: entries left out."""

    person: int
    identities: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    contacts: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    trail: list[dict[str, Any]]
    kept_back: int
    corrections: list[dict[str, Any]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many of each, for the audit trail."""
        names = ("identities", "contacts", "requests", "entries", "corrections", "trail")
        return {name: len(getattr(self, name)) for name in names} | {"kept_back": self.kept_back}


def gather(person: int, *, by: access.Actor) -> Gathered:
    """All of it. Raises NotFound, and NotPermitted where `by` may not answer such requests."""
    identities = list(people.identity_ids_of(person))
    if not identities:
        raise NotFound(
            say("there is no person {person}", person=person),
            "Look them up: onesystem people search",
        )
    allowed = access.require_open(access.asker_of(by, PURPOSE), person, action="export")
    # The person asks: what they sealed from others is theirs to see.
    sight = Sight(replace(allowed, labels=allowed.labels & _OWNED))
    shown_entries, every = _entries(identities, sight)
    return Gathered(
        person=person,
        identities=[_plain(each) for each in people.identities_of(person)],
        changes=[_plain(each) for each in people_queries.history(person)],
        contacts=_contacts(identities, sight),
        requests=[
            _plain(each)
            for each in queries.requests(identities)
            if each.source not in sight.allowed.without
        ],
        entries=shown_entries,
        trail=_trail(identities),
        kept_back=every - len(shown_entries),
        corrections=_corrections(identities),
    )


def _corrections(identities: Sequence[int]) -> list[dict[str, Any]]:
    """What was asked to be put right, and what was decided."""
    rows = Correction.objects.filter(identity__in=list(identities)).order_by("id")
    return [
        {
            "asked_at": from_micros(row.asked_at).isoformat(), "what": row.what,
            "wrong": row.wrong, "should": row.should, "source": row.source,
            "state": "undone" if row.undone_at else row.state, "reason": row.reason,
            "statement": row.statement,
            "put_right": [{"fact": n, "was": w, "is": i} for n, w, i in facts_of(row)],
        }
        for row in rows
    ]  # fmt: skip


def _contacts(identities: Sequence[int], sight: Sight) -> list[dict[str, Any]]:
    here = district.current()
    found = [c for c in contacts.of_identities(identities) if sight.shows(c, here)]
    return [_plain(c) | {"setting": str(c.setting)} for c in found]


def _entries(identities: Sequence[int], sight: Sight) -> tuple[list[dict[str, Any]], int]:
    """Every version of every entry, as it is served, and how many there are in all."""
    marks = ", ".join(["%s"] * len(identities))
    condition, values = sight.row_sql("e")
    found: list[dict[str, Any]] = []
    every = 0
    with connection.cursor() as cursor:
        for table in ("record_entry", "record_version"):
            whose = f"FROM {table} e WHERE e.identity IN ({marks})"
            cursor.execute(f"SELECT COUNT(*) {whose}", list(identities))
            every += cursor.fetchone()[0]
            cursor.execute(
                f"SELECT {columns('e')} {whose} AND {condition}",
                [*identities, *values],
            )
            found += [_entry(shown(row)) for row in cursor.fetchall()]
    found.sort(key=lambda e: (e["kind"], e["id"], e["version"]))
    return found, every


def _entry(each: Any) -> dict[str, Any]:
    return {
        "kind": each.kind, "id": each.logical, "version": each.version, "source": each.source,
        "status": each.status, "known_at": each.changed.isoformat(),
        "resource": orjson.loads(each.body) if each.body else None,
    }  # fmt: skip


def _trail(identities: Sequence[int]) -> list[dict[str, Any]]:
    """Who did what, when and why. Before a merge, rows name the person by another identity."""
    rows = Audit.objects.filter(person__in=list(identities)).order_by("id").iterator()
    return [
        {
            "at": row.at.isoformat(), "who": row.actor, "organisation": row.organisation,
            "roles": row.roles, "act": row.act, "purpose": row.purpose, "reason": row.reason,
        }
        for row in rows
    ]  # fmt: skip


def _plain(value: Any) -> dict[str, Any]:
    said = orjson.dumps(asdict(value), default=str, option=orjson.OPT_NON_STR_KEYS)
    return orjson.loads(said)  # type: ignore[no-any-return]
