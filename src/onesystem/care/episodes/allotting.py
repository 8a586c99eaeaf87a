"""Which service does each line of a package: one that can, and has room or somebody who agreed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from onesystem.care.episodes import checking, choosing
from onesystem.care.episodes.packages import Kind
from onesystem.vocabulary import UserError, nearest


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
            raise UserError(f"there is nothing called {each.kind!r}", nearest(each.kind, kinds))
        some = options.get(each.kind, [])
        if not some:
            raise UserError(
                f"no service of the district does this: {kind.title.lower()}",
                "Leave it out (0 a day), or have the service added to the district.",
            )
        one = next((o for o in some if o.service == each.service), None)
        if each.service and one is None:
            raise UserError(f"{kind.title} is not done by {each.service!r}",
                            nearest(each.service, [o.service for o in some]))  # fmt: skip
        does = one or some[0]
        has_room(kind, does, some, each.agreed)
        made.append(replace(each, service=does.service, agreed=each.agreed if does.full else ""))
    return made


def has_room(
    kind: Kind, option: choosing.Option, some: Sequence[choosing.Option], agreed: str
) -> None:
    """Raises UserError where the service takes nobody, or is full and nobody there agreed."""
    if option.closed:
        raise UserError(f"{option.name} takes nobody now: {option.closed}", _instead(some))
    if option.full and len(agreed.strip()) < 3:
        raise UserError(
            f"{kind.title}: {option.name} is full this week",
            f"{_instead(some)} Or ring them, and write who agreed to take it.",
        )


def _instead(some: Sequence[choosing.Option]) -> str:
    room = [o.name for o in some if not o.full and not o.closed]
    return f"These have room: {', '.join(room[:3])}." if room else "No other service has room."
