"""Which service does each line of a package: one that can, and has room or somebody who agreed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from onesystem.care.episodes import checking, choosing
from onesystem.care.episodes.packages import Kind
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A line as it is chosen. `agreed`: who at a full service said that they take it."""

    kind: str
    a_day: int
    days: int
    service: str = ""
    agreed: str = ""


def options_for(kinds: Iterable[Kind], person: int) -> dict[str, list[choosing.Option]]:
    """The services that could do each of these for the person."""
    stands = checking.stands(person)
    return choosing.options(kinds, known=stands.known, practice=stands.practice)


def with_services(
    chosen: Iterable[Chosen],
    kinds: Mapping[str, Kind],
    options: Mapping[str, list[choosing.Option]],
) -> list[Chosen]:
    """The lines with the service that does each. Raises UserError where none can or has room."""
    made = []
    for each in chosen:
        kind = kinds.get(each.kind)
        if kind is None:
            raise UserError(
                say("there is nothing called {kind}", kind=repr(each.kind)),
                nearest(each.kind, kinds),
            )
        some = options.get(each.kind, [])
        if not some:
            raise UserError(
                say("no service of the district does this: {title}", title=kind.title.lower()),
                "Leave it out (0 a day), or have the service added to the district.",
            )
        one = next((o for o in some if o.service == each.service), None)
        if each.service and one is None:
            raise UserError(
                say(
                    "{title} is not done by {service}", title=kind.title, service=repr(each.service)
                ),
                nearest(each.service, [o.service for o in some]),
            )
        does = one or some[0]
        has_room(kind, does, some, each.agreed)
        made.append(replace(each, service=does.service, agreed=each.agreed if does.full else ""))
    return made


def has_room(
    kind: Kind, option: choosing.Option, some: Sequence[choosing.Option], agreed: str
) -> None:
    """Raises UserError where the service takes nobody, or is full and nobody there agreed."""
    if option.closed:
        raise UserError(
            say("{name} takes nobody now: {closed}", name=option.name, closed=option.closed),
            _instead(some),
        )
    if option.full and len(agreed.strip()) < 3:
        raise UserError(
            say("{title}: {name} is full this week", title=kind.title, name=option.name),
            say("{instead} Or ring them, and write who agreed to take it.", instead=_instead(some)),
        )


def _instead(some: Sequence[choosing.Option]) -> str:
    room = [o.name for o in some if not o.full and not o.closed]
    return (
        say("These have room: {room}.", room=", ".join(room[:3]))
        if room
        else say("No other service has room.")
    )
