"""Who is told that what somebody was typing has been kept: wired to those who keep drafts."""

from collections.abc import Callable

from onesystem.access import Actor

_told: list[Callable[[Actor, str], object]] = []


def register(done: Callable[[Actor, str], object]) -> None:
    """Tell this one. The same again changes nothing."""
    if done not in _told:
        _told.append(done)


def done(by: Actor, key: str) -> None:
    """What was typed under that key is kept: no draft of it is needed any more."""
    for each in _told:
        each(by, key)
