"""Who keeps what somebody is typing: wired to those who keep drafts, which this room may not know.

Without them a form goes on as it is, and only what is sent is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from onesystem.access import Actor


@dataclass(frozen=True, slots=True)
class Drafts:
    """What those who keep drafts do: let go of one, keep a form whose rows came or went, count
    the rows of a part that somebody had begun.
    """

    done: Callable[[Actor, str], object]
    keep_begun: Callable[..., int]
    rows_begun: Callable[..., int]


_told: list[Drafts] = []


def register(drafts: Drafts) -> None:
    """Whom to ask. Again replaces."""
    _told[:] = [drafts]


def done(by: Actor, key: str) -> None:
    """What was typed under that key is kept: no draft of it is needed any more."""
    for each in _told:
        each.done(by, key)


def keep_begun(*, by: Actor, key: str, raw: Mapping[str, str], path: str) -> int:
    """Keep a form whose rows came or went; gives the version that the page comes with."""
    return _told[0].keep_begun(by=by, key=key, raw=raw, path=path) if _told else 0


def rows_begun(*, by: Actor, key: str, part: str) -> int:
    """How many rows of a part somebody had begun."""
    return _told[0].rows_begun(by=by, key=key, part=part) if _told else 0
