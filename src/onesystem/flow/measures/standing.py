"""Whether the figures stand, and how far whoever works all of them out has come.

Whoever works them out holds the lock of the cells, and says in a file of the district how far that
is. Where the file is there and nobody holds the lock, it came to nothing: the file says why, or
that process died with its last words in it. It is tried again, later each time.
"""

import fcntl
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from onesystem.district import current, folder
from onesystem.flow.measures import store
from onesystem.vocabulary import BadInput, Busy, UserError

FORM = 3  # of what is kept: cells of another form are worked out anew
Say = Callable[[str], None]
Tell = Callable[[str, float], None]  # what was done, and which share (0 to 1) of all

_LOCK, _FILE = "measures.lock", "measures.json"
_TRIES, _APART = 3, 0.05  # of the lock: a page looks at it now and then
_FIRST, _LATEST = 30.0, 3600.0  # seconds until it is tried again: doubled each time


class Stopped(Exception):
    """Whoever worked the figures out was told to stop; nothing went wrong."""


@dataclass(frozen=True, slots=True)
class _Noted:
    """What the file says. `at` is the moment of its last words, in seconds since 1970."""

    said: str = ""
    share: int = 0
    tries: int = 0
    at: float = 0.0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the figures stand.

    `state` is kept, working, waiting (for somebody to begin), failed, or died. `first` is where no
    figures are there at all. `again` is when it is tried again.
    """

    state: str
    first: bool
    said: str = ""
    share: int = 0
    problem: str = ""
    tries: int = 0
    again: datetime | None = None

    @property
    def seen(self) -> str:
        """What a page has said of it; it says it again where this is another."""
        return f"{self.state}-{self.tries}-{self.share}-{self.said}"


def whole(marks: Mapping[str, int]) -> bool:
    """Whether cells of this form were worked out, to the end."""
    return "horizon" in marks and marks.get("form") == FORM and not marks.get("computing")


def stands() -> Standing:
    """How the figures stand: asked by pages."""
    marks = store.get_marks()
    if whole(marks):
        return Standing(state="kept", first=False)
    first = "horizon" not in marks
    held = _held()  # before the file is read: it goes before the lock does
    noted = _read()
    if held:
        return Standing(state="working", first=first, said=noted.said, share=noted.share)
    if not noted.tries:
        return Standing(state="waiting", first=first)
    return Standing(
        state="failed" if noted.problem else "died",
        first=first,
        said=noted.said,
        problem=noted.problem,
        tries=noted.tries,
        again=datetime.fromtimestamp(_again(noted), UTC),
    )


def due() -> bool:
    """Whether all figures are to be worked out now: they are not there, and nobody is at it."""
    if whole(store.get_marks()) or _held():
        return False
    noted = _read()
    return not noted.tries or time.time() >= _again(noted)


@contextmanager
def locked() -> Iterator[None]:
    """Hold the cells against every other process that would change them. Raises Busy.

    Raises BadConfig, and leaves nothing behind, where there is no district.
    """
    with (_district() / _LOCK).open("a") as lock:
        for left in range(_TRIES, 0, -1):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if left == 1:
                    raise Busy(
                        "the measures are being worked out by another process",
                        "Wait for it to end",
                    ) from None
                time.sleep(_APART)
        yield


@contextmanager
def told(say: Say) -> Iterator[Tell]:
    """Keep how far the work is, and why it came to nothing where it does."""
    _district()
    noted = _Noted(tries=_read().tries + 1)
    _write(noted)

    def tell(said: str, share: float) -> None:
        nonlocal noted
        noted = replace(noted, said=said, share=round(100 * share))
        _write(noted)
        say(said)

    try:
        yield tell
    except (Stopped, KeyboardInterrupt):
        _forget()
        raise
    except (UserError, BadInput) as error:
        _write(replace(noted, problem=str(error)))
        raise
    except Exception:
        said = "Something went wrong on our side; the log of the server says what."
        _write(replace(noted, problem=said))
        raise
    _forget()


def _district() -> Path:
    """The folder of the district, once there is one: nothing is written into any other."""
    current()
    return folder()


def _held() -> bool:
    """Whether some process holds the cells."""
    path = folder() / _LOCK
    if not path.exists():
        return False
    with path.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _again(noted: _Noted) -> float:
    return noted.at + min(_LATEST, _FIRST * 2.0 ** min(noted.tries - 1, 16))


def _path() -> Path:
    return folder() / _FILE


def _read() -> _Noted:
    try:
        return _Noted(**json.loads(_path().read_text()))
    except (OSError, ValueError, TypeError):
        return _Noted()


def _write(noted: _Noted) -> None:
    """In the place of what was there, at once: a page never reads half of it."""
    fresh = _path().with_suffix(".new")
    fresh.write_text(json.dumps(asdict(replace(noted, at=time.time()))))
    fresh.replace(_path())


def _forget() -> None:
    with suppress(FileNotFoundError):
        _path().unlink()
