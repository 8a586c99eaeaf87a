"""Taking what was said on boards, in the transaction of its message, in whatever order it comes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from onesystem import contacts
from onesystem.flow.stays.facts import Said, standing
from onesystem.vocabulary import StayFact, contact_id
from onesystem.vocabulary.kept import to_micros

_COLUMNS = (
    "act", "visit", "contact", "identity", "source", "fact", "value", "note", "before", "undoes",
    "by", "at", "message", "latest",
)  # fmt: skip
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_SAID = "act, visit, contact, fact, by, at, value, note, before, undoes"
_SAID_NAMES = ", ".join(f'"{name}"' for name in _SAID.split(", "))


def take(items: Sequence[tuple[str, int, int, StayFact]], known_at: datetime) -> None:
    """Keep facts, and work out anew what stands of their visits."""
    del known_at  # what stands follows from when things were said, not from when they arrived
    rows = [
        (
            said.act, contact_id(source, said.visit), contact_id(source, said.stretch), identity,
            source, said.fact, said.value, said.note, said.before, said.undoes, said.by,
            to_micros(said.recorded), message, False,
        )
        for source, identity, message, said in items
    ]  # fmt: skip
    marks = ", ".join(["%s"] * len(_COLUMNS))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO flow_said ({_NAMES}) VALUES ({marks}) ON CONFLICT DO NOTHING", rows
        )
    for visit in sorted({row[1] for row in rows}):
        _stand(visit)
    _tell({row[2] for row in rows})


def said_of(visit: int) -> list[Said]:
    """All that was said of a visit, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_SAID_NAMES} FROM flow_said WHERE visit = %s ORDER BY at, id", [visit]
        )
        return [said(row) for row in cursor.fetchall()]


def said(row: Sequence[Any]) -> Said:
    """A row of `_SAID` columns as a fact."""
    return Said(**dict(zip(_SAID.split(", "), row, strict=True)))


def standing_of(visits: Iterable[int]) -> dict[int, list[Said]]:
    """What stands of each visit, in the order in which it was said."""
    found: dict[int, list[Said]] = {}
    with connection.cursor() as cursor:
        for values, among in contacts_chunks(visits):
            cursor.execute(
                f"SELECT {_SAID_NAMES} FROM flow_said WHERE latest AND visit {among}"
                " ORDER BY at, id",
                values,
            )
            for row in cursor.fetchall():
                each = said(row)
                found.setdefault(each.visit, []).append(each)
    return found


def contacts_chunks(ids: Iterable[int]) -> Iterable[tuple[list[Any], str]]:
    """The ids in portions, as one parameter each."""
    from onesystem.contacts.store import chunks

    return chunks(ids)


def erase() -> None:
    """Forget all, before a replay says it anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM flow_said")


def forget(identities: Sequence[int]) -> int:
    """Forget what was said of people whose record is destroyed; gives how many rows."""
    if not identities:
        return 0
    marks = ", ".join(["%s"] * len(identities))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM flow_said WHERE identity IN ({marks})", list(identities))
        return int(cursor.rowcount)


def _stand(visit: int) -> None:
    stand = {(each.act, each.fact) for each in standing(said_of(visit))}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, act, fact, latest FROM flow_said WHERE visit = %s", [visit])
        changed = [
            ((act, fact) in stand, number)
            for number, act, fact, latest in cursor.fetchall()
            if bool(latest) != ((act, fact) in stand)
        ]
        cursor.executemany("UPDATE flow_said SET latest = %s WHERE id = %s", changed)


def _tell(stretches: Iterable[int]) -> None:
    """Tell the open boards that show these contacts."""
    services: set[str] = set()
    with connection.cursor() as cursor:
        for values, among in contacts_chunks(stretches):
            cursor.execute(f"SELECT service FROM contacts_contact WHERE contact {among}", values)
            services |= {row[0] for row in cursor.fetchall()}
    for service in sorted(services):
        contacts.announce("contacts", {"service": service, "changed": 1})
