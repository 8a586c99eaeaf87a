"""Who falls due, worked out apart: it reads the last contact of everybody, which takes a while."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from onesystem import access
from onesystem.district import now
from onesystem.record.keeping import finding
from onesystem.record.keeping.holds import RIGHT
from onesystem.record.keeping.rows import Search
from onesystem.vocabulary.kept import from_micros, to_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the last search stands: since when it was asked for, and what came of it."""

    state: str  # waits, works, done, stopped, failed
    since: datetime
    by: str
    at: datetime | None  # when it was over

    @property
    def working(self) -> bool:
        """Whether something is still to come."""
        return self.state in {"waits", "works"}


def ask(*, by: access.Actor) -> None:
    """Have it worked out who falls due; whoever asks while it is, waits for the same.

    Raises NotPermitted.
    """
    access.require(by, RIGHT)
    try:
        with transaction.atomic():
            Search.objects.create(asked_at=to_micros(now()), asked_by=by.name)
            access.record(by=by, act="retention.asked")
    except IntegrityError:
        return  # one is on its way


def stop(*, by: access.Actor) -> None:
    """Call it off: the list stays as it was. Raises NotPermitted."""
    access.require(by, RIGHT)
    with transaction.atomic():
        if _open().update(done_at=to_micros(now()), stopped_by=by.name):
            access.record(by=by, act="retention.stopped")


def standing() -> Standing | None:
    """How the last search stands; None where nobody asked."""
    last = Search.objects.order_by("-id").first()
    if last is None:
        return None
    if last.done_at is None:
        state = "waits" if last.begun_at is None else "works"
    elif last.stopped_by:
        state = "stopped"
    else:
        state = "failed" if last.found is None else "done"
    return Standing(
        state=state,
        since=from_micros(last.asked_at),
        by=last.asked_by,
        at=from_micros(last.done_at) if last.done_at is not None else None,
    )


def waits() -> bool:
    """Whether somebody asked and has no answer yet."""
    return _open().exists()


def work() -> bool:
    """Work it out and put it on the list, unless it was called off meanwhile; False: none is left.

    What was begun by a process that ended is begun again.
    """
    asked = _open().first()
    if asked is None:
        return False
    mine = Search.objects.filter(pk=asked.pk, done_at=None)
    mine.update(begun_at=to_micros(now()))
    try:
        found = finding.look()
    except Exception:
        mine.update(done_at=to_micros(now()))
        raise
    with transaction.atomic():
        # First what says that it is done, so that a stop either comes before it or changes nothing.
        if mine.update(done_at=to_micros(now()), found=0):
            count = finding.put(found, by=access.Actor.job("retention"))
            Search.objects.filter(pk=asked.pk).update(found=count)
    return False


def _open() -> QuerySet[Search]:
    return Search.objects.filter(done_at=None)
