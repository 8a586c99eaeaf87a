"""Crews at the door: ambulances that have reached a hospital and not handed over. Pure.

A crew's contact is *ready* when it reaches the hospital and *ends* when it has handed over. At
which ED it stands, the attendance tells that names the crew's contact as its cause; else the
attendance of the same person that began nearest to the crew's arrival, an hour away at most.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from onesystem.flow.now import HOUR, ServiceNow

NOT_SAID = ""


class Crew(NamedTuple):
    """A crew's contact. Times are microseconds in UTC."""

    contact: int
    identity: int
    service: str
    ready: int
    ended: int | None


class Reached(NamedTuple):
    """An attendance at an ED that a crew may have led to."""

    cause: int | None
    identity: int
    service: str
    started: int


def doors(
    crews: Iterable[Crew], reached: Iterable[Reached], persons: Mapping[int, int]
) -> dict[int, str]:
    """At which ED each crew stands, by contact; NOT_SAID where no attendance tells.

    `persons` are the persons of identities, which differ from source to source.
    """
    caused: dict[int, str] = {}
    attended: dict[int, list[Reached]] = {}
    for each in reached:
        if each.cause is not None:
            caused[each.cause] = each.service
        attended.setdefault(persons.get(each.identity, each.identity), []).append(each)
    return {
        crew.contact: caused.get(crew.contact)
        or _nearest(crew, attended.get(persons.get(crew.identity, crew.identity), ()))
        for crew in crews
    }


def _nearest(crew: Crew, attended: Iterable[Reached]) -> str:
    away = [(abs(each.started - crew.ready), each.service) for each in attended]
    return min(((far, ed) for far, ed in away if far <= HOUR), default=(0, NOT_SAID))[1]


def queues(crews: Iterable[Crew], at_door: Mapping[int, str], *, at: int) -> dict[str, list[int]]:
    """Since when crews wait to hand over at each ED, the longest first."""
    found: dict[str, list[int]] = {}
    for crew in crews:
        if crew.ready <= at and (crew.ended is None or crew.ended > at):
            found.setdefault(at_door.get(crew.contact, NOT_SAID), []).append(crew.ready)
    return {ed: sorted(since) for ed, since in found.items()}


def with_queue(figures: ServiceNow, queue: list[int]) -> ServiceNow:
    """The figures of an ED with the crews at its door."""
    return replace(figures, crews=len(queue), crews_since=min(queue, default=None))
