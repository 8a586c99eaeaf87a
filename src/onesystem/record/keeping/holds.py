"""Legal holds: put on a person or some of their entries, reviewed, released; each with a reason.

While one stands nothing of it is destroyed. Everything else that could take facts away keeps them:
a deletion over FHIR, a correction and a compaction of the log keep every version. That somebody is
under a hold is shown to records officers and privacy officers, and to nobody else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from onesystem import access, people
from onesystem.district import now
from onesystem.record.entries import entry_by_id
from onesystem.record.keeping.rows import Hold, HoldOn
from onesystem.vocabulary import BadConfig, NotFound
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

RIGHT = "record.protect"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """A hold as it is listed. `person` is who it is on by the map of now."""

    number: int
    person: int
    reason: str
    reference: str
    since: datetime
    by: str
    review: date
    entries: tuple[int, ...]
    until: datetime | None
    ended_by: str
    ended_reason: str


@transaction.atomic
def put(
    *, person: int, reason: str, reference: str, review: date, by: access.Actor,
    entries: Sequence[int] = (),
) -> int:  # fmt: skip
    """Put a hold on a person, or on some of their entries; gives its number."""
    access.require(by, RIGHT)
    ids = list(people.identity_ids_of(person))
    if not ids:
        raise NotFound(
            say("there is no person {person}", person=person),
            "Look them up: onesystem people search",
        )
    if not reason.strip() or not reference.strip():
        raise BadConfig(
            "a hold has a reason and a reference", "Say which claim or inquiry asks for it."
        )
    if review <= now().date():
        raise BadConfig("the review would be over already", "Choose a day to come.")
    whose = _whose(entries, ids)
    row = Hold.objects.create(
        person=person, reason=reason.strip()[:2000], reference=reference.strip()[:200],
        since=to_micros(now()), by=by.name, review=review.isoformat(),
    )  # fmt: skip
    if entries:
        HoldOn.objects.bulk_create(HoldOn(hold=row.pk, identity=whose[e], entry=e) for e in entries)
    else:
        HoldOn.objects.bulk_create(HoldOn(hold=row.pk, identity=i) for i in ids)
    access.record(by=by, act="hold.put", what=f"hold {row.pk}", person=person,
                  detail={"entries": len(entries), "review": row.review})  # fmt: skip
    return int(row.pk)


@transaction.atomic
def release(*, hold: int, reason: str, by: access.Actor) -> None:
    """End a hold, with a reason."""
    access.require(by, RIGHT)
    row = _standing(hold)
    if not reason.strip():
        raise BadConfig("a hold is released with a reason", "Say why it is no longer needed.")
    row.until, row.ended_by = to_micros(now()), by.name
    row.ended_reason = reason.strip()[:2000]
    row.save()
    access.record(by=by, act="hold.released", what=f"hold {hold}", person=row.person)


@transaction.atomic
def review_again(*, hold: int, review: date, by: access.Actor) -> None:
    """It is still needed: the next day to ask."""
    access.require(by, RIGHT)
    row = _standing(hold)
    if review <= now().date():
        raise BadConfig("the review would be over already", "Choose a day to come.")
    row.review = review.isoformat()
    row.save(update_fields=["review"])
    access.record(by=by, act="hold.reviewed", what=f"hold {hold}", person=row.person,
                  detail={"review": row.review})  # fmt: skip


def listed(*, by: access.Actor, person: int | None = None, ended: bool = False) -> list[HoldView]:
    """The holds that stand (and those that ended), the next review first."""
    access.require(by, RIGHT)
    rows = Hold.objects.all() if ended else Hold.objects.filter(until__isnull=True)
    if person is not None:
        ids = people.identity_ids_of(person)
        held = HoldOn.objects.filter(identity__in=ids).values_list("hold", flat=True)
        rows = rows.filter(pk__in=list(held))
    return [_view(row) for row in rows.order_by("review", "id")]


def held(identities: Iterable[int]) -> bool:
    """Whether any hold that stands is on one of them, or on an entry of theirs."""
    ids = list(identities)
    if not ids:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM record_hold_on o JOIN record_hold h ON h.id = o.hold WHERE "
            f"h.until IS NULL AND o.identity IN ({', '.join(['%s'] * len(ids))}) LIMIT 1",
            ids,
        )
        return cursor.fetchone() is not None


def _whose(entries: Sequence[int], ids: Sequence[int]) -> dict[int, int]:
    found = {}
    for each in entries:
        kept = entry_by_id(each)
        if kept is None or kept.identity not in ids:
            raise NotFound(
                say("{each} is no entry of this person", each=each), "Take it from their record."
            )
        found[each] = kept.identity
    return found


def _standing(hold: int) -> Hold:
    row = Hold.objects.filter(pk=hold, until__isnull=True).first()
    if row is None:
        raise NotFound(say("no hold {hold} stands", hold=hold), "See: onesystem people hold list")
    return row


def _view(row: Hold) -> HoldView:
    on = list(HoldOn.objects.filter(hold=row.pk).order_by("id"))
    first = on[0].identity if on else row.person
    return HoldView(
        number=row.pk, person=people.person_of([first]).get(first, row.person), reason=row.reason,
        reference=row.reference, since=from_micros(row.since), by=row.by,
        review=date.fromisoformat(row.review),
        entries=tuple(each.entry for each in on if each.entry is not None),
        until=from_micros(row.until) if row.until else None, ended_by=row.ended_by,
        ended_reason=row.ended_reason,
    )  # fmt: skip
