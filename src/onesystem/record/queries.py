"""What can be asked of a person's record: always by someone, for a purpose."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db import connection

from onesystem import access, contacts, people
from onesystem.record.columns import Kept
from onesystem.record.entries import entries_of
from onesystem.record.timeline import Asked, Timeline, build
from onesystem.vocabulary import Contact, NotFound, NotPermitted

# Any row with the fields of `Asked`: the room that keeps requests does not know this one.
RequestsOf = Callable[[Sequence[int]], Sequence[Any]]
_requests: list[RequestsOf] = []


def register_requests(function: RequestsOf) -> None:
    """Tell the timeline who keeps requests: identity ids in, requests out. Safe to call again.

    Requests belong to a room beside this one, so the wiring introduces the two.
    """
    if function not in _requests:
        _requests.append(function)


def timeline(
    person: int, *, by: access.Actor, purpose: str, at: datetime, recent: bool = False
) -> Timeline:
    """Everything that the district knows of one person's contacts, as it stands at that moment.

    `recent` leaves out what only the log holds: contacts that ended before the district's recent
    days. Raises NotPermitted where the actor may not open a person for that purpose.
    """
    identities = _identities(person, by=by, purpose=purpose)
    asked = [_asked(each) for function in _requests for each in function(identities)]
    known = contacts.recent_of if recent else contacts.of_identities
    return build(known(identities), asked, at=at)


def seen(asker: access.Asker) -> tuple[str, list[Any]]:
    """The condition on rows `e` of record_entry that leaves what this asker may see."""
    condition: tuple[str, list[Any]] = access.scope(asker).row_sql("e")
    return condition


def _asked(row: Any) -> Asked:
    return Asked(**{field.name: getattr(row, field.name) for field in fields(Asked)})


def versions(contact: int, *, person: int, by: access.Actor, purpose: str) -> list[Contact]:
    """Every version of one contact of that person, oldest first.

    Raises NotFound where it is another person's, so that a guessed number opens nothing.
    """
    identities = _identities(person, by=by, purpose=purpose)
    found = contacts.versions_of(contact, identities=identities)
    if not found or found[-1].identity not in identities:
        raise NotFound("this person has no such contact", "Go back to the timeline")
    return list(found)


def entry_counts(person: int, *, by: access.Actor, purpose: str) -> list[tuple[str, int]]:
    """How many clinical entries there are of each kind, the most first; none that are gone."""
    identities = _identities(person, by=by, purpose=purpose)
    if not identities:
        return []
    marks = ", ".join(["%s"] * len(identities))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kind, COUNT(*) FROM record_entry WHERE identity IN ({marks}) "
            "AND status NOT IN ('deleted', 'entered-in-error') "
            "GROUP BY kind ORDER BY COUNT(*) DESC, kind",
            identities,
        )
        return [(kind, count) for kind, count in cursor.fetchall()]


def entries(person: int, *, kind: str, by: access.Actor, purpose: str) -> list[Kept]:
    """The clinical entries of one kind, newest first."""
    return entries_of(_identities(person, by=by, purpose=purpose), kinds={kind})


def _identities(person: int, *, by: access.Actor, purpose: str) -> list[int]:
    if not access.may_open(by, purpose):
        raise NotPermitted(
            f"{by.name} may not open a person's record for {purpose or 'no purpose'}",
            "Choose a purpose that your role allows",
        )
    return list(people.identity_ids_of(person))
