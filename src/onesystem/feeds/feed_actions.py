"""What people do to mend a feed: map a place, take that back, read messages again."""

import time
from collections.abc import Callable, Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from onesystem import access, district, feeds
from onesystem.feeds.models import MappingText, Message, PlaceMap, Replaying
from onesystem.feeds.places import mended_places
from onesystem.vocabulary import BadConfig, NotFound, UserError, nearest

PIECE = 20  # messages that are read again between two looks at the clock
LARGEST = 32 << 20  # bytes: what one request can surely read before it is given up
BUDGET = 0.7  # seconds of one request that works on a replay


class Finished(UserError):
    """The replay has come to its end, or was cancelled."""


@transaction.atomic
def map_place(*, source: str, place: str, service: str, reason: str, by: access.Actor) -> PlaceMap:
    """From now on that place of that source is this service; an empty one takes the word back.

    Raises BadConfig where the district has no such service.
    """
    access.require(by, "feeds.mend")
    here = district.current()
    if service and service not in here.services:
        raise BadConfig(f"there is no service {service!r}", nearest(service, here.services))
    row = PlaceMap.objects.create(
        source=source, place=place, service=service, by=by.name, at=timezone.now(), reason=reason
    )
    access.record(
        by=by,
        act="place.mapped" if service else "place.unmapped",
        what=f"{source}/{place}",
        reason=reason,
        detail={"service": service},
    )
    return row


@transaction.atomic
def undo_place(*, change: int, by: access.Actor) -> PlaceMap:
    """Put a place back to what it was mapped to before that change.

    Raises UserError where somebody has changed it since.
    """
    row = PlaceMap.objects.filter(id=change).first()
    if row is None or mended_places(row.source).get(row.place, "") != row.service:
        raise UserError("this place was changed again since", "Look at its history first.")
    before = PlaceMap.objects.filter(source=row.source, place=row.place, id__lt=row.id)
    was = before.order_by("-id").values_list("service", flat=True).first() or ""
    return map_place(source=row.source, place=row.place, service=was, reason="undone", by=by)


@transaction.atomic
def begin_replay(*, messages: Iterable[int], what: str, by: access.Actor) -> Replaying:
    """Begin to read those messages again. `work_on_replay` goes on with it, piece by piece."""
    access.require(by, "feeds.mend")
    ids = sorted(set(messages))
    if not ids:
        raise UserError("no message was chosen", "Choose one or more, or a whole reason.")
    sizeable = Message.objects.filter(size__gt=LARGEST).values_list("id", flat=True)
    if large := sorted(set(ids).intersection(sizeable)):
        raise UserError(
            f"message {large[0]} is too large to be read again from a page",
            f"Use the command line: onesystem replay --message {large[0]}",
        )
    row = Replaying.objects.create(by=by.name, begun=timezone.now(), what=what, messages=ids)
    access.record(by=by, act="replay.begun", what=f"replay {row.id}", detail={"messages": len(ids)})
    return row


def work_on_replay(
    *, replay: int, by: access.Actor, clock: Callable[[], float] = time.monotonic
) -> Replaying:
    """Read again for about as long as a person waits without a sign, then say how far it is.

    Each piece is one transaction with its place in the row, so a crash or a closed page loses
    nothing and the next call goes on from there. Two people may press: the row is locked.
    """
    access.require(by, "feeds.mend")
    stop = clock() + BUDGET
    row = _next_piece(replay, by)
    while row.state == Replaying.RUNNING and clock() < stop:
        row = _next_piece(replay, by)
    return row


@transaction.atomic
def _next_piece(replay: int, by: access.Actor) -> Replaying:
    row = Replaying.objects.select_for_update().get(id=replay)
    if row.state != Replaying.RUNNING:
        return row
    ids = row.messages[row.done : row.done + PIECE]
    read, kept = _replayed(ids, by)
    row.done += len(ids)
    row.read += read
    row.quarantined += kept
    if row.done >= len(row.messages):
        row.state = Replaying.DONE
    row.save()
    return row


def _replayed(ids: Sequence[int], by: access.Actor) -> tuple[int, int]:
    """Read those messages again; how many were read and how many stay in quarantine."""
    report = feeds.replay(list(ids), by=by)
    return report.read, report.quarantined


@transaction.atomic
def cancel_replay(*, replay: int, by: access.Actor) -> Replaying:
    """Stop a replay; what was read again stays so. Raises Finished when it is over, NotFound."""
    access.require(by, "feeds.mend")
    row = Replaying.objects.select_for_update().filter(id=replay).first()
    if row is None:
        raise NotFound(f"there is no replay {replay}", "Begin one from the quarantine.")
    if row.state != Replaying.RUNNING:
        raise Finished("this replay is over", "Look at its result.")
    row.state = Replaying.CANCELLED
    row.save()
    access.record(by=by, act="replay.cancelled", what=f"replay {row.id}", detail={"done": row.done})
    return row


@transaction.atomic
def save_mapping(*, name: str, text: str, reason: str, by: access.Actor) -> MappingText:
    """Keep a mapping for this district. It reads every file from now on; old versions are kept.

    Raises BadConfig where the mapping makes no sense or calls itself by another name.
    """
    from onesystem.feeds.extract import parse

    access.require(by, "feeds.mend")
    mapping = parse(text)
    if mapping.name != name:
        raise BadConfig(f"the text calls itself {mapping.name!r}", f'Write name = "{name}".')
    if not reason:
        raise BadConfig("the reason is missing", "Say in a few words why it changes.")
    last = MappingText.objects.filter(name=name).order_by("-version").first()
    if last and last.text == text:
        raise BadConfig("nothing was changed", "Change the text first.")
    row = MappingText.objects.create(
        name=name,
        version=max(last.version if last else 0, mapping.version - 1) + 1,
        text=text,
        by=by.name,
        at=timezone.now(),
        reason=reason[:500],
    )
    access.record(
        by=by,
        act="mapping.saved",
        what=name,
        reason=reason,
        detail={"version": row.version},
    )
    return row
