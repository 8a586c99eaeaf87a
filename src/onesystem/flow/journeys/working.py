"""Answer questions about journeys for those who wait; see `flow.answers`."""

from collections.abc import Callable
from typing import Any

from onesystem.district import current
from onesystem.flow import answers
from onesystem.flow.journeys.agreed import way_of
from onesystem.flow.journeys.question import Question

KIND = "journeys"
PEOPLE = "journeys-people"
ED_TIME = "ed-time"


def connect() -> None:
    """Say who answers questions about journeys."""
    answers.register(KIND, work)
    answers.register(PEOPLE, work_people)
    answers.register(ED_TIME, work_ed_time)


def work(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """The answer to one question, from the contact log."""
    from onesystem.flow.journeys.answer import answer

    question = Question.kept(asked)
    return answer(_steps(question, progress), question, _way(question))


def work_people(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """Whose journeys those of a question are, the latest first."""
    from onesystem.flow.journeys.answer import behind

    question = Question.kept(asked)
    return behind(_steps(question, progress), question, _way(question))


def _steps(question: Question, progress: answers.Progress) -> Any:
    from onesystem.flow.journeys.reading import steps_of

    return steps_of(current(), question, run=_stoppable(progress), say=progress)


def _way(question: Question) -> Any:
    return way_of(question.way, current().path).stages if question.way else ()


def work_ed_time(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """ED stays by part, and general practice on the same days."""
    from onesystem.flow.journeys.edtime.question import Question as Days
    from onesystem.flow.journeys.edtime.reading import answer

    return answer(current(), Days.kept(asked), run=_stoppable(progress), say=progress)


def _stoppable(progress: answers.Progress) -> Callable[..., Any]:
    def run(act: Callable[[], Any], stop: Callable[[], None]) -> Any:
        return answers.unhurried(act, stop=stop, progress=progress)

    return run
