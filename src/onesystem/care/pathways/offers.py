"""Which services a request of a pathway can go to, and how they stand: room, waits, notices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from onesystem.care.pathways.document import Criterion
from onesystem.care.pathways.search import folded
from onesystem.care.services import queries as services
from onesystem.care.services.entry import Entry
from onesystem.vocabulary.said import say
from onesystem.vocabulary.words import length_of

MOST = 4  # services beside one criterion; the directory has the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A service that a request can go to. `room` and `wait` are words, empty where not known."""

    service: str
    name: str
    room: str = ""
    full: bool = False
    wait: str = ""
    closed: str = ""
    confirmed: datetime | None = None
    used: bool = False  # whether the person has been there

    @property
    def takes(self) -> bool:
        """Whether it takes requests now."""
        return not self.closed


def offers(
    criteria: Iterable[Criterion], day: date, used: frozenset[str] = frozenset()
) -> dict[str, tuple[Offer, ...]]:
    """The services of each criterion by its key: those that take people first, and of these the
    ones that the person has been to (`used`), then those with room.
    """
    every = services.entries()
    fit = {
        c.key: sorted(fitting(c, every.values()), key=lambda e: e.service not in used)[:MOST]
        for c in criteria
    }
    codes = {each.service for some in fit.values() for each in some}
    rooms, waits = services.capacities(codes), services.waits() if codes else {}
    made = {
        code: _offer(every[code], rooms.get(code), waits.get(code), day, used) for code in codes
    }
    return {
        key: tuple(
            sorted((made[e.service] for e in some), key=lambda o: (not o.takes, not o.used, o.full))
        )
        for key, some in fit.items()
    }


def fitting(criterion: Criterion, every: Iterable[Entry]) -> list[Entry]:
    """The district's services that a criterion means: the one it names, else all that fit."""
    found = [each for each in every if not each.listed and each.takes(criterion.kind)]
    if criterion.service:
        return [each for each in found if each.service == criterion.service]
    if not (criterion.setting or criterion.named):
        return []
    named = folded(criterion.named)
    return [
        each for each in found
        if (not criterion.setting or each.setting == criterion.setting)
        and named in folded(" ".join((each.name, *each.tags)))
    ]  # fmt: skip


def _offer(
    entry: Entry,
    room: services.Room | None,
    wait: services.Wait | None,
    day: date,
    used: frozenset[str],
) -> Offer:
    closed = entry.closed_on(day)
    return Offer(
        service=entry.service, name=entry.name, closed=closed.words if closed else "",
        room=_room_words(room), full=bool(room and room.full), wait=_wait_words(wait),
        confirmed=entry.confirmed_at, used=entry.service in used,
    )  # fmt: skip


def _room_words(room: services.Room | None) -> str:
    if room is None or room.free is None:
        return ""
    what = "slots" if room.how == "slots" else "places"
    return (
        say("{free} of {of} {what} free this week", free=room.free, of=room.of, what=what)
        if room.free
        else say("full this week")
    )


def _wait_words(wait: services.Wait | None) -> str:
    if wait is None or wait.all.median is None:
        return ""
    ninth = (
        say(", nine of ten within {length_of}", length_of=length_of(wait.all.ninth))
        if wait.all.ninth
        else ""
    )
    return say("people wait {length_of}{ninth}", length_of=length_of(wait.all.median), ninth=ninth)
