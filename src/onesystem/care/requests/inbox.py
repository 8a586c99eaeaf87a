"""Whose inbox somebody may work, for which purpose, and where they see names.

An inbox is a service's: those work it whose role may, for an organisation that runs the service,
their own or one that they are on call for. Being asked is the tie to the person (0330).
"""

from onesystem.access import Actor, Asker, asker_of, may, may_open
from onesystem.care.requests import sent_live
from onesystem.district import current
from onesystem.record.ties import reach_of
from onesystem.vocabulary import NotFound, NotPermitted
from onesystem.vocabulary.said import say

RIGHT = "requests.work"
PURPOSES = ("direct care", "care coordination")


def asker(actor: Actor) -> Asker:
    """Who asks when somebody works an inbox: for the first purpose that their roles have."""
    purpose = next((p for p in PURPOSES if may_open(actor, p)), PURPOSES[-1])
    return asker_of(actor, purpose)


def worked(by: Asker) -> tuple[str, ...]:
    """The services whose inbox the asker may work, in the order of their names."""
    if not may(by.actor, RIGHT):
        return ()
    here = current()
    mine = [code for code in reach_of(by.organisations, here).services if code in here.services]
    return tuple(sorted(mine, key=lambda code: (here.service_name(code).casefold(), code)))


def may_work(actor: Actor, service: str) -> bool:
    """Whether somebody may work the inbox of a service; or may listen to what they sent."""
    if service.startswith(sent_live.PREFIX):
        return sent_live.may_listen(actor, service.removeprefix(sent_live.PREFIX))
    return service in worked(asker(actor))


def require(by: Asker, service: str) -> None:
    """Raises NotFound where there is no such service, NotPermitted where it is not theirs."""
    if service not in current().services:
        raise NotFound(
            say("there is no service {service}", service=repr(service)),
            "Look at the list of inboxes.",
        )
    if service not in worked(by):
        raise NotPermitted(
            "another organisation works this inbox", "Ask somebody who works there, or send to it"
        )


def names_shown(service: str) -> bool:
    """Whether an inbox has names: never where the name of the service says something sensitive."""
    return not current().services[service].sensitive
