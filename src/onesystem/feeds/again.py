"""Replay: reading messages again from the landing, some of them or all.

One or many: each message is read anew, and what it said before is taken back where it says
something else now. All: everything after the landing is wiped and built again, in the order in
which it became known and with the times at which it did, so that the versions are the same too.
A replay of everything can be stopped or killed and goes on where it was.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import connection, transaction
from django.utils import timezone

from onesystem import access, contacts, people
from onesystem.contacts.retracting import retract
from onesystem.district import District, current
from onesystem.feeds import rows
from onesystem.feeds.intake import pipeline_of
from onesystem.feeds.landing import Landed, Landing
from onesystem.feeds.models import Message
from onesystem.feeds.pending import process_pending
from onesystem.feeds.pipeline import Pipeline, Tally
from onesystem.feeds.reading import UNANSWERED, Read, fault, read_one, unanswered
from onesystem.feeds.takers import takers
from onesystem.vocabulary import BadInput, Busy, ContactEvent, NotFound

_BATCH = 256
_PLACE = "replay"  # the cursor of a replay of everything that is under way

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Replayed:
    """What a replay gave."""

    read: int = 0
    quarantined: int = 0
    contacts: int = 0
    stopped: bool = False


def replay(
    messages: Sequence[int] | None = None,
    *,
    source: str = "",
    quarantined: bool = False,
    everything: bool = False,
    by: access.Actor | None = None,
    district: District | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] = lambda: False,
) -> Replayed:
    """Read messages again: those named, those of a source, those in quarantine, or all.

    Raises NotFound for a message that is not there.
    """
    by = by or access.Actor.job("feeds")
    pipeline = pipeline_of(district or current()).refreshed()
    if everything:
        return _all(pipeline, by, progress, cancel)
    ids = _chosen(messages, source, quarantined=quarantined)
    done = Replayed()
    for at in range(0, len(ids), _BATCH):
        if cancel():
            done.stopped = True
            break
        with transaction.atomic():
            _again(pipeline, ids[at : at + _BATCH], done)
        if progress:
            progress(min(at + _BATCH, len(ids)), len(ids))
    people.link_pending()
    if ids:
        what = f"messages {', '.join(map(str, ids[:5]))}{'...' if len(ids) > 5 else ''}"
        detail = {"messages": len(ids), "read": done.read, "quarantined": done.quarantined}
        access.record(by=by, act="messages.replayed", what=what, detail=detail)
    return done


def unfinished() -> bool:
    """Whether a replay of everything was begun and is not done; until then figures are partial."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM feeds_cursor WHERE segment = %s", [_PLACE])
        return cursor.fetchone() is not None


def _chosen(messages: Sequence[int] | None, source: str, *, quarantined: bool) -> list[int]:
    if messages is not None:
        ids = sorted(set(messages))
        there = set(Message.objects.filter(id__in=ids).values_list("id", flat=True))
        for each in ids:
            if each not in there:
                raise NotFound(f"there is no message {each}", "See the Feeds page for numbers.")
        return ids
    chosen = Message.objects.order_by("id")
    if source:
        chosen = chosen.filter(source=source)
    if quarantined:
        chosen = chosen.filter(state=Message.QUARANTINED)
    return list(chosen.values_list("id", flat=True))


def _again(pipeline: Pipeline, ids: Sequence[int], done: Replayed) -> None:
    """Read some messages again, in one transaction."""
    known_at = timezone.now()
    kept = list(Message.objects.filter(id__in=ids).order_by("id"))
    was_read = {each.id for each in kept if each.state == Message.READ}
    reads = _reread(pipeline, kept)
    tally = _apply(pipeline, reads, known_at, was_read)
    _write(reads, known_at)
    for name in sorted({each.source for each in kept}):
        recount(name)
    _count(done, reads, tally)


def _reread(pipeline: Pipeline, kept: Sequence[Message]) -> list[tuple[int, Read]]:
    _forget_notes([each.id for each in kept])
    landed = (_landed(pipeline.landing, each) for each in kept)
    return [
        (
            each.id,
            unanswered(one)
            if each.rule == UNANSWERED
            else read_one(one, pipeline.district, pipeline.landing),
        )
        for each, one in zip(kept, landed, strict=True)
    ]


def _landed(landing: Landing, message: Message) -> Landed:
    segment, offset, index = message.address.split(":")
    frame = landing.frame(message.address)
    return Landed(frame, segment, int(offset), 0, int(index))


def _apply(
    pipeline: Pipeline, reads: Sequence[tuple[int, Read]], known_at: datetime, was_read: set[int]
) -> Tally:
    """Hand readings on; halves are tried until only a culprit is set aside."""
    try:
        with transaction.atomic():
            return _retaken(pipeline, reads, known_at, was_read)
    except (Busy, connection.Database.OperationalError):
        raise
    except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
        if len(reads) == 1:
            refusal = error if isinstance(error, BadInput) else fault(error, reads[0][1].landed)
            reads[0][1].refuse(refusal)
            return Tally()
        half = len(reads) // 2
        tally = _apply(pipeline, reads[:half], known_at, was_read)
        tally.add(_apply(pipeline, reads[half:], known_at, was_read))
        return tally


def _retaken(
    pipeline: Pipeline, reads: Sequence[tuple[int, Read]], known_at: datetime, was_read: set[int]
) -> Tally:
    if not was_read:
        return pipeline.apply(reads, known_at=known_at)
    # One by one: were all taken back first, the visit would be folded from half of its events.
    tally = Tally()
    for message, read in reads:
        if message in was_read:
            source = read.landed.frame.source
            events = (
                (owner, each)
                for owner, each in read.owned(source)
                if isinstance(each, ContactEvent)
            )
            retract((owner, event.visit, message) for owner, event in events)
        tally.add(pipeline.apply([(message, read)], known_at=known_at))
    return tally


def _write(reads: Sequence[tuple[int, Read]], known_at: datetime | None) -> None:
    """What became of the messages this time; `known_at` None leaves their times alone."""
    sql = "UPDATE feeds_message SET state = %s, rule = %s, reason = %s, cure = %s, pointer = %s, "
    sql += "format = %s, kind = %s"
    values = [
        [*rows.verdict(read), read.format[:30], rows.clean(read.kind), message]
        for message, read in reads
    ]
    if known_at:
        sql += ", known_at = %s"
        for each in values:
            each.insert(-1, rows.moment(known_at))
    with connection.cursor() as cursor:
        cursor.executemany(f"{sql} WHERE id = %s", values)


def _forget_notes(ids: Sequence[int]) -> None:
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        for table in ("feeds_flag", "feeds_refused"):
            cursor.execute(f"DELETE FROM {table} WHERE message IN ({marks})", list(ids))


def recount(source: str) -> None:
    """Count a source's messages anew. What came twice left no row, so that count stays."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE feeds_sourcecount SET (landed, read, quarantined, rows_read, rows_refused) = "
            "(SELECT COUNT(*), COALESCE(SUM(CASE WHEN state = 'read' THEN 1 ELSE 0 END), 0), "
            "COALESCE(SUM(CASE WHEN state = 'read' THEN 0 ELSE 1 END), 0), "
            "COALESCE(SUM(rows_read), 0), COALESCE(SUM(rows_refused), 0) "
            "FROM feeds_message WHERE source = %s) WHERE source = %s",
            [source, source],
        )


def _all(
    pipeline: Pipeline, by: access.Actor, progress: Progress | None, cancel: Callable[[], bool]
) -> Replayed:
    process_pending(pipeline)
    if not unfinished():
        _wipe(by)
    total, at, done = Message.objects.count(), 0, Replayed()
    for part in _parts():
        if cancel():
            done.stopped = True
            return done
        with transaction.atomic():
            for known_at, group in groupby(part, key=lambda each: each.known_at):
                reads = _reread(pipeline, list(group))
                tally = _apply(pipeline, reads, known_at, set())
                _write(reads, None)
                _count(done, reads, tally)
            _move_place(part[-1].id)
        at += len(part)
        if progress:
            progress(at, total)
    people.link_pending()
    with transaction.atomic():
        for source in Message.objects.values_list("source", flat=True).distinct():
            recount(source)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM feeds_cursor WHERE segment = %s", [_PLACE])
        detail = {"read": done.read, "quarantined": done.quarantined}
        access.record(by=by, act="replay.done", what="all messages", detail=detail)
    return done


def _wipe(by: access.Actor) -> None:
    with transaction.atomic():
        contacts.erase()
        people.forget_map()
        for taker in takers().values():
            if taker.erase:
                taker.erase()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM feeds_flag")
            cursor.execute("DELETE FROM feeds_refused")
        access.record(by=by, act="replay.begun", what="all messages")
        _move_place(0)


def _parts() -> Iterator[list[Message]]:
    """All messages in the order in which they became known, from where the replay is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT done_to FROM feeds_cursor WHERE segment = %s", [_PLACE])
        last = cursor.fetchone()[0]
    while True:
        part = Message.objects.order_by("known_at", "id")
        here = Message.objects.filter(id=last).first()
        if here:
            later = part.filter(known_at=here.known_at, id__gt=here.id)
            part = later | part.filter(known_at__gt=here.known_at)
        found = list(part[:_BATCH])
        if not found:
            return
        yield found
        last = found[-1].id


def _move_place(last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feeds_cursor (segment, done_to) VALUES (%s, %s) "
            "ON CONFLICT (segment) DO UPDATE SET done_to = excluded.done_to",
            [_PLACE, last],
        )


def _count(done: Replayed, reads: Sequence[tuple[int, Read]], tally: Tally) -> None:
    kept = sum(read.refusal is not None for _, read in reads)
    done.quarantined += kept
    done.read += len(reads) - kept
    done.contacts += tally.contacts
