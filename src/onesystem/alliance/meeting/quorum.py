"""Who must be there: chair or deputy, a community seat, each affected funder, enough of all. Pure.

What is asked for is a part of the charter that members signed. Whom an interest excludes does not
count, so the caller leaves them out of those who decide.

>>> lacks(Quorum(), (), (), frozenset())[0]
'neither the chair nor the deputy is there'
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from onesystem.alliance.charter.standing import CHAIR, COMMUNITY, DEPUTY, LEAD, MEMBER
from onesystem.alliance.charter.text import Quorum


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A member's seat from a moment to a moment; `funder` is the organisation whose money they
    command. `barred` says why somebody has a seat and no voice: suspended, charter not signed.
    """

    member: int
    seat: str = MEMBER
    funder: str = ""
    since: datetime | None = None
    until: datetime | None = None
    barred: str = ""

    def on(self, at: datetime) -> bool:
        """Whether they are a member at that moment."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Presence:
    """That a member was in the meeting, from a moment to a moment."""

    member: int
    came: datetime
    left: datetime | None = None


def there(presences: Iterable[Presence], member: int, at: datetime) -> bool:
    """Whether somebody is in the meeting at a moment. Who leaves at noon is not there at noon."""
    return any(
        p.member == member and p.came <= at and (p.left is None or at < p.left) for p in presences
    )


def lacks(
    rule: Quorum, standing: Collection[Place], deciding: Sequence[Place], funders: Collection[str]
) -> list[str]:
    """What is missing for a quorum, in words; nothing where there is one."""
    seats = [place.seat for place in deciding]
    found = []
    if rule.chair and not {CHAIR, DEPUTY, LEAD} & set(seats):
        found.append(rule.LED)
    if seats.count(COMMUNITY) < rule.community:
        found.append(
            "no member of the community is there" if rule.community == 1
            else f"{rule.community} members of the community are needed"
        )  # fmt: skip
    present = {place.funder for place in deciding}
    if rule.funders:
        found += [f"nobody is there who commands the money of {funder}"
                  for funder in sorted(funders) if funder not in present]  # fmt: skip
    needed = max(rule.least, ceil(rule.share * len(standing)))
    here = len({place.member for place in deciding})
    if here < needed:
        found.append(f"{needed} of {len(standing)} members are needed, and {here} can decide")
    return found


def lost(
    presences: Iterable[Presence], opened: datetime, at: datetime,
    quorate: Callable[[datetime], bool],
) -> list[tuple[datetime, datetime | None]]:  # fmt: skip
    """The stretches between two moments in which there was no quorum; the last may be open.

    Who is there changes only when somebody comes or leaves, so only these moments are looked at.
    """
    moments = {opened, at}
    for each in presences:
        moments |= {m for m in (each.came, each.left) if m is not None and opened < m < at}
    found: list[tuple[datetime, datetime | None]] = []
    since: datetime | None = None
    for moment in sorted(moments):
        if not quorate(moment):
            since = since or moment
        elif since is not None:
            found.append((since, moment))
            since = None
    if since is not None:
        found.append((since, None))
    return found
