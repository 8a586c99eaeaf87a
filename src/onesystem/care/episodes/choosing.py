"""Which services of the district can do a line of a package, and which have room this week."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from onesystem.access.quick import rows
from onesystem.care.episodes.packages import Kind
from onesystem.care.services import queries as directory
from onesystem.district import District, Service, current, now
from onesystem.vocabulary import to_local
from onesystem.vocabulary.said import say

_SOME = 400  # people of a practice: enough to see where its people are sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A service that could do it. `free` is None where nobody has said; `known` by the person."""

    service: str
    name: str
    free: int | None = None
    of: int | None = None
    closed: str = ""
    known: bool = False

    @property
    def full(self) -> bool:
        """Whether it is known to have no room this week."""
        return self.free is not None and self.free <= 0

    @property
    def room(self) -> str:
        """Its room in words."""
        if self.closed:
            return say("closed: {closed}", closed=self.closed)
        if self.free is None:
            return say("room not known")
        return (
            say("{free} of {of} free this week", free=self.free, of=self.of)
            if self.free
            else say("full this week")
        )


def options(
    kinds: Iterable[Kind], *, known: Collection[str] = (), practice: str = ""
) -> dict[str, list[Option]]:
    """The services for each kind, the best first: open, with room, called so, known, near.

    `known` are services that the person has met; near are those that others of their practice
    have met most.
    """
    here = current()
    asked = list(kinds)
    able = {kind.name: could(kind, here) for kind in asked}
    codes = sorted({service.code for some in able.values() for service in some})
    rooms = directory.capacities(codes)
    made = {code: _option(code, rooms[code], known) for code in codes}
    near = _near(codes, practice)

    def best(pair: tuple[Kind, Service]) -> tuple[bool, bool, int, bool, int, int, str]:
        kind, service = pair
        option = made[service.code]
        return (
            bool(option.closed), option.full, _called(kind, service), not option.known,
            -near.get(service.code, 0), -(option.free or 0), service.name,
        )  # fmt: skip

    return {
        kind.name: [
            made[service.code]
            for _, service in sorted(((kind, s) for s in able[kind.name]), key=best)
        ]
        for kind in asked
    }


def _called(kind: Kind, service: Service) -> int:
    """Which of the words that the kind looks for it is called by: the first are the best."""
    name = service.name.lower()
    return next((n for n, word in enumerate(kind.called) if word in name), len(kind.called))


def _near(codes: Sequence[str], practice: str) -> dict[str, int]:
    """How many of some people of a practice each service has met lately."""
    if not codes or not practice:
        return {}
    found = rows(
        "SELECT c.service, count(*) FROM contacts_contact c WHERE c.identity IN"
        " (SELECT id FROM people_identity WHERE practice = %s ORDER BY id LIMIT %s)"
        f" AND c.service IN ({', '.join(['%s'] * len(codes))}) GROUP BY c.service",
        [practice, _SOME, *codes],
    )
    return {service: int(many) for service, many in found}


def could(kind: Kind, here: District) -> Sequence[Service]:
    """Services that a district names for it; else of its settings, by what they are called."""
    today = to_local(now(), here.zone).date()
    every = [s for s in here.services.values() if s.on(today)]
    if kind.services:
        return [s for s in every if s.code in kind.services]
    fits = [[s for s in every if s.setting == setting] for setting in kind.settings]
    called = [[s for s in some if any(w in s.name.lower() for w in kind.called)] for some in fits]
    return next((some for some in (*called, *fits) if some), ())


def _option(code: str, room: directory.Room, known: Collection[str]) -> Option:
    entry = directory.entry(code)
    notice = entry.closed_on(to_local(now(), current().zone).date())
    return Option(
        service=code, name=entry.name, free=room.free, of=room.of,
        closed=(notice.words or say("takes nobody now")) if notice else "", known=code in known,
    )  # fmt: skip
