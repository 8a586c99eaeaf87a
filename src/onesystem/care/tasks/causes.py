"""The requests that tasks of a person can be for, and what a task's cause says of them."""

from onesystem import care, people
from onesystem.care.message import SOURCE
from onesystem.care.tasks.task import Task
from onesystem.district import current
from onesystem.vocabulary import Asked, key_elsewhere


def choices(person: int) -> list[tuple[str, str]]:
    """The open requests of a person, each by its cause: to be chosen from."""
    found = care.requests_of(people.identity_ids_of(person))
    return [(cause_of(each), words_of(each)) for each in found if each.open]


def asked_for(person: int, task: Task) -> Asked | None:
    """The request that a task was planned for; None where it is part of something else."""
    if not task.cause:
        return None
    found = care.requests_of(people.identity_ids_of(person))
    return next((each for each in found if cause_of(each) == task.cause), None)


def cause_of(asked: Asked) -> str:
    """A request as the cause of a visit names it."""
    return asked.key if asked.source == SOURCE else key_elsewhere(asked.source, asked.key)


def words_of(asked: Asked) -> str:
    """What was asked for, and of whom."""
    service = current().service_name(asked.service) if asked.service else ""
    return ", ".join(filter(None, (asked.what, service))) or "A request"
