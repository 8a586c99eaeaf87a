"""The comparison of a time: asked for on a page, worked out apart, kept, shown."""

from collections.abc import Callable
from typing import Any

from onesystem.access import Actor
from onesystem.district import current, now
from onesystem.flow import answers
from onesystem.flow.answers import Answer
from onesystem.flow.chances.question import Period
from onesystem.vocabulary import to_local

KIND = "peers"
_SHAPE = 1  # of what is kept: another one is another question


def connect() -> None:
    """Say who answers questions about practices beside each other."""
    answers.register(KIND, work)


def work(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """Count what the people of each practice had."""
    from onesystem.alliance.learning.peers.reading import counted

    def run(act: Callable[[], Any], stop: Callable[[], None]) -> Any:
        return answers.unhurried(act, stop=stop, progress=progress)

    return counted(current(), Period.kept(asked), run=run, say=progress)


def ask(period: Period, *, by: Actor, anew: bool = False) -> Answer:
    """The answer as it is kept, or how far it is."""
    asked = {**period.as_dict(), "shape": _SHAPE}
    kept = None if anew else answers.kept(KIND, asked)
    return kept or answers.ask(KIND, asked, by=by, anew=anew)


def usual() -> Period:
    """The twelve whole months before this one."""
    return Period.usual(to_local(now(), current().zone).date())
