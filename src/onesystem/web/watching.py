"""What the stream process asks of the store. Everything here runs in its one store thread."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection

from onesystem.access import Actor, may
from onesystem.care.requests.inbox import may_work
from onesystem.care.requests.inbox_live import LiveInboxes
from onesystem.care.tasks.live import LISTS, LiveTasks, may_listen
from onesystem.flow.boards.live import LiveBoards, Open, is_there
from onesystem.flow.live import Event, LiveBoard
from onesystem.flow.queries import sees_people


@dataclass(slots=True)
class _State:
    board: LiveBoard | None = None
    inboxes: LiveInboxes | None = None
    tasks: LiveTasks | None = None
    boards: LiveBoards | None = None


_STATE = _State()


def begin() -> tuple[int, int | None]:
    """Read the board; gives the last change that is in it, and what to watch for the next.

    On PostgreSQL that is the number of a socket, which becomes readable when a writer commits.
    """
    watch = None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {contacts_channel()}")
        watch = int(connection.connection.fileno())  # type: ignore[union-attr]
    _STATE.board = LiveBoard()
    _STATE.inboxes = LiveInboxes(last=_STATE.board.last)
    _STATE.tasks = LiveTasks(last=_STATE.board.last)
    _STATE.boards = LiveBoards()
    return _STATE.board.last, watch


def contacts_channel() -> str:
    """The name under which writers notify."""
    from onesystem.contacts.outbox import CHANNEL

    return CHANNEL


def poll() -> Event | None:
    """What was announced since the last look."""
    if connection.vendor == "postgresql" and connection.connection is not None:
        list(connection.connection.notifies(timeout=0))  # heard: what was said is in the outbox
    return _STATE.board.poll() if _STATE.board else None


def poll_own(opened: frozenset[Open]) -> list[Event]:
    """What was announced since the last look that goes to some pages alone: to those of an inbox,
    and to those of the district's own boards, of which these are open.
    """
    if _STATE.board is None or _STATE.inboxes is None or _STATE.boards is None:
        return []
    changed = _STATE.board.take_changed()
    tasks = _STATE.tasks.poll() if _STATE.tasks else []
    boards = _STATE.boards.poll(opened, _STATE.board.board, changed)
    return [*tasks, *_STATE.inboxes.poll(), *boards]


def followed() -> int:
    """The last change that open pages were told of."""
    return _STATE.board.last if _STATE.board else 0


def tick() -> Event | None:
    """What only time changed."""
    return _STATE.board.tick() if _STATE.board else None


def close() -> None:
    """Let the store go; the next look opens it again."""
    _STATE.board = _STATE.inboxes = _STATE.boards = _STATE.tasks = None
    connection.close()


class _Asked:
    """As much of a request as Django needs to know who signed in."""

    def __init__(self, session: Any) -> None:
        self.session = session


def who(cookies: str, inbox: str = "", board: str = "") -> bool | None:
    """Whether whoever these cookies belong to sees people; None where they may not listen.

    `inbox`: the service whose inbox they listen to, instead of boards. `board`: one of the
    district's own that they listen to besides.
    """
    try:
        jar = SimpleCookie(cookies)
    except CookieError:
        return None
    key = jar[settings.SESSION_COOKIE_NAME].value if settings.SESSION_COOKIE_NAME in jar else ""
    if not key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(_Asked(session))  # type: ignore[arg-type]
    if not user.is_authenticated or not user.is_active:
        return None
    actor = Actor.of(user)
    if inbox:
        fine = may_listen(actor) if inbox == LISTS else may_work(actor, inbox)
        return True if fine else None
    if not may(actor, "now.see") or (board and not is_there(board)):
        return None
    return sees_people(actor)
