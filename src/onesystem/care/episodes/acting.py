"""One gesture on an episode: held, looked at, said, with what the log and the record hear of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from onesystem import access, people
from onesystem.access import Asker
from onesystem.care.episodes import rules, store
from onesystem.care.episodes.episode import Episode
from onesystem.care.episodes.numbers import key_of, reference
from onesystem.care.episodes.packages import Package, packages
from onesystem.care.episodes.store import PART
from onesystem.care.episodes.telling import plan
from onesystem.care.message import Owned, Said
from onesystem.care.saying import say
from onesystem.district import current, now
from onesystem.vocabulary import Act, BadConfig, CareAct, ContactEvent, NotFound

Acts = Sequence[tuple[str, Mapping[str, Any]]]
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An episode that nobody else acts on until the transaction is over."""

    number: int
    episode: Episode
    package: Package
    person: int

    @property
    def reference(self) -> str:
        """Its number as people read it out."""
        return reference(self.number)


def held(number: int, by: Asker, *, seen: int = 0, does: str = "this") -> Held:
    """The episode, held. Raises NotFound, NotPermitted, UserError where somebody was quicker."""
    access.require(by.actor, "episodes.act")
    if not store.hold(number):
        raise NotFound("there is no such episode", "Look at the board again.")
    found = known(number)
    access.require_open(by, found.person)
    rules.unchanged(found.episode, seen, does)
    return found


def known(number: int) -> Held:
    """The episode as it stands, for who may open its person. Raises NotFound."""
    rows = store.rows("episode = %s", [number])
    episode = store.episode_of(number)
    if not rows or episode is None:
        raise NotFound("there is no such episode", "Look at the board again.")
    identity = rows[0]["identity"]
    return Held(
        number=number,
        episode=episode,
        package=package_of(episode),
        person=people.person_of([identity]).get(identity, identity),
    )


def package_of(episode: Episode) -> Package:
    """The version of the package that an episode was started with.

    Where the district has it no more, what the episode itself says of it: who is at home under it
    is looked after to the end.
    """
    said = packages(current().path)
    for since in (episode.since, None):
        try:
            return said.package(episode.package, since)
        except BadConfig:
            continue
    return Package(
        name=episode.package, title=episode.title, purpose=episode.purpose, about="",
        days=episode.days, most_days=episode.days, cap=episode.cap, reviews=episode.reviews,
        since=episode.since, source="no longer in packages.toml", lines=(), criteria=(), flags=(),
        escalations=tuple(said.escalations),
    )  # fmt: skip


def does(
    found: Held, by: Asker, act: str, acts: Acts, *, events: Sequence[ContactEvent] = (),
    detail: Mapping[str, Any] | None = None, gesture: str = "",
) -> str:  # fmt: skip
    """Say acts of an episode in one message, and what it now is to the record; gives the gesture.

    They come after all that was said before, whatever the clock says.
    """
    last = found.episode.last
    moment = max(now(), last.at + _TICK) if last else now()
    gesture = gesture or uuid4().hex
    told: list[Said | Owned] = acted(found.number, by, acts, gesture, moment)
    say(
        person=found.person, by=by, act=f"episode.{act}", what=found.episode.service,
        readings=[*told, *events],
        detail={"episode": found.number, "package": found.episode.package, **(detail or {})},
    )  # fmt: skip
    return gesture


def record_plan(found: Held, by: Asker) -> None:
    """Tell the record how the care plan now stands."""
    now_ = known(found.number)
    say(
        person=found.person, by=by, act="episode.recorded", what=found.episode.service,
        readings=[plan(now_.episode, now(), service=current().service_name(now_.episode.service))],
        detail={"episode": found.number},
    )  # fmt: skip


def acted(number: int, by: Asker, acts: Acts, gesture: str, moment: datetime) -> list[Said | Owned]:
    """The acts as readings, one tick apart so that their order is said."""
    return [
        CareAct(
            part=PART, verb=verb, thing=key_of(number), act=gesture, by=by.actor.name,
            recorded=moment + tick * _TICK, said=dict(said),
        )
        for tick, (verb, said) in enumerate(acts)
    ]  # fmt: skip


def event(number: int, act: Act, at: datetime, **more: Any) -> ContactEvent:
    """An event of the contact that the episode is."""
    return ContactEvent(
        visit=more.pop("visit", key_of(number)), subject="", act=act, at=at, recorded=now(), **more
    )
