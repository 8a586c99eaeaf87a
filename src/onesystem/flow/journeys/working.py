"""Answer questions about journeys for those who wait; see `flow.answers`."""

from collections.abc import Callable
from typing import Any

from onesystem.district import current
from onesystem.flow import answers
from onesystem.flow.journeys.agreed import way_of
from onesystem.flow.journeys.question import Question

KIND = "journeys"


def connect() -> None:
    """Say who answers questions about journeys."""
    answers.register(KIND, work)


def work(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """The answer to one question, from the contact log."""
    from onesystem.flow.journeys.answer import answer
    from onesystem.flow.journeys.reading import steps_of

    def run(act: Callable[[], Any], stop: Callable[[], None]) -> Any:
        return answers.unhurried(act, stop=stop, progress=progress)

    district, question = current(), Question.kept(asked)
    steps = steps_of(district, question, run=run, say=progress)
    way = way_of(question.way, district.path).stages if question.way else ()
    return answer(steps, question, way)
