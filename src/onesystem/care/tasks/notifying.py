"""Who is told of a task and of a hand-over: whoever is to do it, and a team of another house.

A team of one's own sees its list change; a task that belongs to a request, an episode or a pathway
is told of by that. A notice names the team and nobody else.
"""

from onesystem import access
from onesystem.access import Asker
from onesystem.care.tasks.colleagues import names
from onesystem.care.tasks.task import Task
from onesystem.district import current

TASKS = "/tasks/"


def planned(task: Task, person: int, by: Asker) -> None:
    """Somebody has a task, or a team of another organisation has."""
    if not _to_user("task.planned", task.owner, task.team, person, by) and not task.cause:
        _to_team("task.planned", task.team, person, by)


def handed_over(*, team: str, owner: str, person: int, by: Asker) -> None:
    """Somebody, or a team, is to look after a person from now on."""
    if not _to_user("handover.given", owner, team, person, by):
        _to_team("handover.given", team, person, by, own=True)


def _to_user(topic: str, owner: str, team: str, person: int, by: Asker) -> bool:
    """Whether it is somebody's: told, where it is not whoever does it, and they sign in here."""
    if owner and owner != by.actor.name and owner in names([owner]):
        words = current().service_name(team) if team else ""
        access.notify(topic=topic, username=owner, words=words, link=TASKS, person=person)
    return bool(owner)


def _to_team(topic: str, team: str, person: int, by: Asker, *, own: bool = False) -> None:
    service = current().services.get(team)
    if service and service.organisation and (own or service.organisation not in by.organisations):
        access.notify(topic=topic, organisation=service.organisation, words=service.name,
                      link=f"{TASKS}?team={team}", person=person)  # fmt: skip
