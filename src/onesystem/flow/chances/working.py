"""Work opportunities out for those who wait, and once a night; see `flow.answers`."""

from collections.abc import Callable
from typing import Any

from onesystem import district
from onesystem.access import Actor
from onesystem.flow import answers
from onesystem.flow.chances.keeping import BEHIND, KIND, asked_of, behind_of
from onesystem.flow.chances.question import Period
from onesystem.vocabulary import to_local


def connect() -> None:
    """Say who answers questions about opportunities."""
    answers.register(KIND, work)


def work(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """The opportunities of one period; the contacts behind them are kept beside."""
    from onesystem.flow.chances.reading import found

    def run(act: Callable[[], Any], stop: Callable[[], None]) -> Any:
        return answers.unhurried(act, stop=stop, progress=progress)

    period = Period.kept(asked)
    made = found(district.current(), period, run=run, say=progress)
    for name, rows in made.behind.items():
        by = Actor.job("opportunities")
        answers.keep(BEHIND, behind_of(period, name), {"rows": rows}, by=by)
    return made.shown


def nightly() -> None:
    """Ask for the usual period anew: whoever looks tomorrow finds it worked out."""
    today = to_local(district.now(), district.current().zone).date()
    period = Period.usual(today)
    answers.ask(KIND, asked_of(period), by=Actor.job("opportunities"), anew=True)
