"""Work on the questions that wait, one at a time; stop where one is cancelled."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog

from onesystem.flow.answers.asking import KEPT
from onesystem.flow.answers.rows import Asked
from onesystem.vocabulary import BadInput, UserError
from onesystem.vocabulary.kept import to_micros

_LOOK = 0.3  # seconds between looks whether a question was cancelled
_WATCHED = 20_000_000  # microseconds for which somebody who looked counts as still there

_log = structlog.get_logger(__name__)

T = TypeVar("T")


class Cancelled(Exception):
    """Nobody waits for the answer any more."""


class Progress:
    """How far the work on a question is: call it with the share done (0 to 1) and what is done."""

    def __init__(self, digest: str) -> None:
        self._digest = digest

    def __call__(self, share: float, said: str) -> None:
        """Say how far the work is. Raises Cancelled where nobody waits any more."""
        still = Asked.objects.filter(digest=self._digest, state="working")
        if not still.update(share=round(100 * share), said=said[:200]):
            raise Cancelled

    def look(self) -> None:
        """Raise Cancelled where nobody waits any more."""
        if not Asked.objects.filter(digest=self._digest, state="working").exists():
            raise Cancelled


Worker = Callable[[dict[str, Any], Progress], dict[str, Any]]
_WORKERS: dict[str, Worker] = {}
_begun = threading.Event()


def register(kind: str, worker: Worker) -> None:
    """Say who answers a kind of question."""
    _WORKERS[kind] = worker


def waits() -> bool:
    """Whether a question waits, or was left half answered by a process that ended.

    For whoever works on questions, while nobody works on one.
    """
    open_ = Asked.objects.filter(state__in=("waiting", "working"), kind__in=list(_WORKERS))
    return open_.exists()


def work() -> bool:
    """Answer what somebody looks at, else what waited longest; whether another one waits."""
    if not _begun.is_set():
        _take_up()
        _begun.set()
    waiting = Asked.objects.filter(state="waiting", kind__in=list(_WORKERS))
    watched = waiting.filter(looked_at__gte=_now() - _WATCHED)
    row = (watched if watched.exists() else waiting).order_by("asked_at", "digest").first()
    if row is None:
        return False
    claimed = Asked.objects.filter(digest=row.digest, state="waiting")
    if claimed.update(state="working", begun_at=_now()):
        _answer(row)
    return waiting.exists()


def _answer(row: Asked) -> None:
    mine = Asked.objects.filter(digest=row.digest, state="working")
    try:
        found = _WORKERS[row.kind](json.loads(row.asked), Progress(row.digest))
    except Cancelled:
        return
    except (UserError, BadInput) as error:
        mine.update(state="failed", problem=str(error)[:300], done_at=_now())
    except Exception:  # noqa: BLE001 - whatever it was, the next question is worked on
        mine.update(
            state="failed",
            problem="Something went wrong on our side; the log of the server says what.",
            done_at=_now(),
        )
        _log.exception("a question could not be answered", kind=row.kind, digest=row.digest)
    else:
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        mine.update(state="done", found=text, share=100, said="", done_at=_now())


def unhurried(act: Callable[[], T], *, stop: Callable[[], None], progress: Progress) -> T:
    """Run one long call in a thread of its own, and `stop` it where the question is cancelled."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(act())
        except BaseException as error:  # noqa: BLE001 - it is raised again below
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_LOOK)
            progress.look()
    except Cancelled:
        stop()
        thread.join()
        raise
    if failed:
        raise failed[0]
    return done[0]


def _take_up() -> None:
    """What a process that ended left half done waits again; what nobody asked for long goes."""
    Asked.objects.filter(state="working").update(state="waiting")
    week = to_micros(datetime.now(UTC) - KEPT)
    Asked.objects.filter(asked_at__lt=week).exclude(state="working").delete()


def _now() -> int:
    return to_micros(datetime.now(UTC))
