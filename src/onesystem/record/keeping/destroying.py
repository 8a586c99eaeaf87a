"""What an officer decides about a record that falls due: keep it, or destroy it for good.

Destroying is done in two steps. In one transaction the database forgets: entries, their index,
requests, contacts, who the person was; and a certificate says what is still to be done outside
it. Then the log is written anew, and the landing's messages are emptied. A crash between the two
is finished by the next run. Never under a legal hold.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.db import connection, transaction

from onesystem import access, people
from onesystem.contacts import announce
from onesystem.contacts.forgetting import forget_logged, forget_stored
from onesystem.district import current, now
from onesystem.feeds.intake import pipeline_of
from onesystem.feeds.landing import Frame, Landed
from onesystem.feeds.landing.scrubbing import DESTROYED, find, scrub
from onesystem.feeds.reading import read_one
from onesystem.people import destroying
from onesystem.people.mapping import views
from onesystem.record.corrections.rows import Correction
from onesystem.record.fhir.searching import index as search_index
from onesystem.record.keeping import tombs
from onesystem.record.keeping.finding import one
from onesystem.record.keeping.holds import RIGHT, held
from onesystem.record.keeping.rows import Certificate, Due, Hold, HoldOn, Tomb
from onesystem.record.keeping.rules import falls_due
from onesystem.vocabulary import BadConfig, NotFound
from onesystem.vocabulary.kept import to_micros

Forget = Callable[[Sequence[int]], int]
_forgetters: list[Forget] = []
_SHORT = 4  # a source's own key of fewer letters is found everywhere
_PART = 400


def register_forgetter(function: Forget) -> None:
    """Let a room beside this one forget identities: ids in, how many rows went out."""
    if function not in _forgetters:
        _forgetters.append(function)


@transaction.atomic
def keep(*, due: int, reason: str, review: date, by: access.Actor) -> None:
    """Keep a record beyond its day, with a reason, until it is looked at again."""
    row = _waiting(due, reason, by)
    if review <= now().date():
        raise BadConfig("the review would be over already", "Choose a day to come.")
    row.decision, row.reason, row.review = "keep", reason.strip()[:2000], review.isoformat()
    row.decided_at, row.decided_by = to_micros(now()), by.name
    row.save()
    access.record(by=by, act="retention.kept", what=f"rule {row.rule}", person=row.person,
                  detail={"review": row.review})  # fmt: skip


def destroy(*, due: int, reason: str, by: access.Actor) -> int:
    """Destroy the record for good; gives the number of the certificate.

    Raises BadConfig under a legal hold, and where it has been in use since and is not due.
    """
    finish()
    with transaction.atomic():
        row = _waiting(due, reason, by)
        ids = _may_go(row)
        certificate = _forget(row, ids, reason.strip()[:2000], by)
    finish()
    return certificate


def finish() -> int:
    """Do what certificates say is still to be done outside the database; gives how many."""
    done = 0
    for row in Certificate.objects.exclude(todo="").order_by("id"):
        todo = json.loads(row.todo)
        logged = forget_logged(todo["identities"])
        emptied = scrub(pipeline_of(current()).landing, todo["addresses"], moved=_moved)
        counts = json.loads(row.counts)
        counts |= {"log_rows": logged or counts.get("log_rows", 0),
                   "messages": emptied or counts.get("messages", 0)}  # fmt: skip
        row.counts, row.todo = json.dumps(counts, sort_keys=True), ""
        row.finished_at = to_micros(now())
        row.save()
        done += 1
    if done and connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:  # the journal holds what was deleted until then
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return done


def _waiting(due: int, reason: str, by: access.Actor) -> Due:
    access.require(by, RIGHT)
    row = Due.objects.filter(pk=due).first()
    if row is None or row.decision:
        raise NotFound("this does not wait for a decision", "Look at the list again.")
    if not reason.strip():
        raise BadConfig("it is not said why", "Write the reason down; it stays.")
    return row


def _may_go(row: Due) -> list[int]:
    ids = list(people.identity_ids_of(row.person))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # nobody puts a hold on it meanwhile
            cursor.execute("LOCK TABLE record_hold IN SHARE ROW EXCLUSIVE MODE")
    if held(ids):
        raise BadConfig(
            "a legal hold stands on this record", "Nothing of it is destroyed before its release."
        )
    kept = one(row.person)
    if not falls_due(kept, now().date()):
        raise BadConfig("this record is not due any more: it was in use since", "Renew the list.")
    return ids


def _forget(row: Due, ids: list[int], reason: str, by: access.Actor) -> int:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
    who = views(ids)
    pairs = {(view.source, view.subject) for view in who}
    addresses, shared = messages_of(pairs, _needles(who))
    contacts_gone, visits = forget_stored(ids)
    counts = {
        "entries": _entries(ids), "contacts": contacts_gone, "shared_messages": shared,
        "requests": sum(forget(ids) for forget in _forgetters),
        "corrections": Correction.objects.filter(identity__in=ids).delete()[0],
        "identities": len(ids),
    }  # fmt: skip
    certificate = Certificate.objects.create(
        person=row.person, at=to_micros(now()), by=by.name, rule=row.rule, reason=reason,
        counts=json.dumps(counts, sort_keys=True),
        todo=json.dumps({"identities": ids, "addresses": addresses}),
    )  # fmt: skip
    _rows_of_messages(addresses)
    subjects = {v.identity: f"destroyed:{tombs.digest(v.source, v.subject)}:{certificate.pk}"
                for v in who}  # fmt: skip
    Tomb.objects.bulk_create(
        Tomb(source=v.source, digest=tombs.digest(v.source, v.subject), at=certificate.at,
             certificate=certificate.pk)
        for v in who
    )  # fmt: skip
    destroying.destroy(ids, subjects)
    _ended_holds(ids)
    row.decision, row.reason = "destroyed", reason
    row.decided_at, row.decided_by = certificate.at, by.name
    row.save()
    access.record(by=by, act="retention.destroyed", what=f"certificate {certificate.pk}",
                  person=row.person, detail=counts)  # fmt: skip
    announce("contacts", {"destroyed": len(visits)})
    return int(certificate.pk)


def _entries(ids: Sequence[int]) -> int:
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT entry FROM record_entry WHERE identity IN ({marks})", list(ids))
        entries = [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT entry FROM record_version WHERE identity IN ({marks})", list(ids))
        every = sorted({*entries, *(row[0] for row in cursor.fetchall())})
    if entries:
        search_index.unindex(entries)
    with connection.cursor() as cursor:
        for at in range(0, len(every), _PART):
            part = ", ".join(map(str, every[at : at + _PART]))
            for table in ("record_number", "record_version", "record_entry", "record_name"):
                cursor.execute(f"DELETE FROM {table} WHERE entry IN ({part})")
        cursor.execute(f"DELETE FROM record_stamp WHERE identity IN ({marks})", list(ids))
    return len(entries)


def _needles(who: Iterable[people.IdentityView]) -> re.Pattern[bytes] | None:
    """What a message about them holds somewhere in its bytes; None where any message may."""
    words = set()
    for view in who:
        last = re.split(r"[:^|/\x1f]", view.subject)[-1]
        if len(last) < _SHORT:
            return None
        words.add(last)
        words |= {n.value for n in (*view.numbers, *view.former) if len(n.value) >= _SHORT}
    return re.compile(b"|".join(re.escape(w.encode()) for w in sorted(words))) if words else None


def messages_of(
    pairs: set[tuple[str, str]], needles: re.Pattern[bytes] | None
) -> tuple[list[str], int]:
    """The addresses of messages that are about nobody else, and how many are about others too."""
    pipeline = pipeline_of(current()).refreshed()
    landing = pipeline.landing
    addresses, shared = [], 0

    def wanted(_: Frame, data: bytes) -> bool:
        return needles is None or needles.search(data) is not None

    for address, frame in find(landing, wanted):
        segment, offset, index = address.split(":")
        read = read_one(Landed(frame, segment, int(offset), 0, int(index)), current(), landing)
        if read.whole is not None:
            shared += 1
            continue
        told = {
            (_whose(reading, frame.source), subject)
            for reading in read.readings
            if (subject := _subject(reading))
        }
        if told & pairs:
            if told <= pairs:
                addresses.append(address)
            else:
                shared += 1
        elif read.refusal is not None and needles is not None:
            shared += 1  # set aside unread, and it may be about them
    return addresses, shared


def _whose(reading: object, source: str) -> str:
    return getattr(reading, "whose", source)


def _subject(reading: object) -> str:
    return getattr(getattr(reading, "reading", reading), "subject", "")


def _rows_of_messages(addresses: Sequence[str]) -> None:
    """The rows of emptied messages say nothing any more but that there was one."""
    with connection.cursor() as cursor:
        for address in addresses:
            cursor.execute("SELECT id FROM feeds_message WHERE address = %s", [address])
            found = [row[0] for row in cursor.fetchall()]
            for message in found:
                cursor.execute(
                    "UPDATE feeds_message SET name = '', format = %s, kind = %s, reason = '', "
                    "cure = '', pointer = '', state = 'read', rule = '', size = 0 WHERE id = %s",
                    [DESTROYED, DESTROYED, message],
                )
                for table in ("feeds_flag", "feeds_refused"):
                    cursor.execute(f"DELETE FROM {table} WHERE message = %s", [message])


def _moved(addresses: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE feeds_message SET address = %s WHERE address = %s",
            [(new, old) for old, new in addresses.items()],
        )


def _ended_holds(ids: Sequence[int]) -> None:
    """Reasons of holds that were released, and of keeping, say something of the person."""
    on = HoldOn.objects.filter(identity__in=list(ids)).values_list("hold", flat=True)
    Hold.objects.filter(pk__in=list(on), until__isnull=False).update(
        reason="destroyed with the record", reference="", ended_reason="destroyed with the record"
    )
