"""How an alliance stands at a moment: who may decide, who may not and why, what is lacking. Pure.

A member may decide from the moment they sit, have signed the charter in force, and are not
suspended, nor is the party whose money they command. Everything is asked of a moment: who voted
last March is judged by last March.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from onesystem.alliance.charter.text import Charter, Quorum
from onesystem.vocabulary.said import say, say_each

CHAIR, DEPUTY, COMMUNITY, MEMBER = SEATS = ("chair", "deputy", "community", "member")
SEAT_NAMES = say_each({
    CHAIR: "Independent chair", DEPUTY: "Deputy chair", COMMUNITY: "Community", MEMBER: "Member",
})  # fmt: skip
LEAD = "lead"  # of a service alliance
SERVICE = "service"  # of who sits in service alliances alone
_NAMES = SEAT_NAMES | {LEAD: "Leads", SERVICE: "Service alliance"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A body in the alliance; a funder commands money."""

    code: str
    name: str
    organisation: str = ""
    funder: bool = False
    since: datetime | None = None
    until: datetime | None = None
    suspended: str = ""  # why


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who sits; `key` names them everywhere in the room. `commands`: the party whose money.

    `barred` is why they may not decide at the moment that was asked of; empty: they may.
    """

    key: int
    name: str
    perspective: str
    username: str = ""
    seat: str = MEMBER
    profession: str = ""
    sector: str = ""
    clinical: bool = False
    employer: str = ""
    commands: str = ""
    most: int = 0
    since: datetime | None = None
    until: datetime | None = None
    signed: datetime | None = None
    suspended: str = ""  # why, they or the party whose money they command
    barred: str = ""
    levels: dict[str, int] = field(default_factory=dict, compare=False)

    @property
    def entitled(self) -> bool:
        """Whether they may decide."""
        return not self.barred

    @property
    def seat_name(self) -> str:
        """The words for their seat."""
        return _NAMES[self.seat]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of the charter, with its text."""

    number: int
    state: str
    charter: Charter
    digest: str
    since: datetime | None = None
    until: datetime | None = None
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An alliance at a moment. `seated` is everybody who sits, `members` those who may decide.

    Of a service alliance, `group` is its number, `alliance` the one that formed it, and `rule` who
    has to be there.
    """

    alliance: str
    name: str
    at: datetime
    group: int = 0
    rule: Quorum | None = None
    seated: tuple[Member, ...] = ()
    parties: tuple[Party, ...] = ()
    version: Version | None = None

    @property
    def members(self) -> tuple[Member, ...]:
        """Who may decide."""
        return tuple(m for m in self.seated if m.entitled)

    @property
    def chair(self) -> Member | None:
        """The independent chair, or who leads a service alliance, where they may decide."""
        return next(self._in(LEAD if self.group else CHAIR), None)

    @property
    def deputy(self) -> Member | None:
        """Who stands in for the chair."""
        return next(self._in(DEPUTY), None)

    @property
    def community(self) -> tuple[Member, ...]:
        """Who sits for the community."""
        return tuple(self._in(COMMUNITY))

    @property
    def funders(self) -> tuple[Party, ...]:
        """The parties that command money and are not suspended."""
        return tuple(p for p in self.parties if p.funder and not p.suspended)

    @property
    def quorum(self) -> Quorum:
        """The rule of the charter in force, or the group's own; the plain one where none is."""
        if self.rule:
            return self.rule
        return self.version.charter.quorum if self.version else Quorum()

    def member(self, key: int) -> Member | None:
        """Somebody who sits, by their key."""
        return next((m for m in self.seated if m.key == key), None)

    def of_user(self, username: str) -> Member | None:
        """Somebody who sits, by the name they sign in with."""
        return next((m for m in self.seated if username and m.username == username), None)

    def party(self, code: str) -> Party | None:
        """A party by its code."""
        return next((p for p in self.parties if p.code == code), None)

    def _in(self, seat: str) -> Iterator[Member]:
        return (m for m in self.members if m.seat == seat)


def lacking(standing: Standing) -> tuple[str, ...]:
    """What an alliance lacks before it can decide anything, in words with the cure."""
    return tuple(_lacking(standing))


def _lacking(s: Standing) -> Iterator[str]:
    if s.version is None:
        yield say("No charter is in force: write it, and let every member sign it.")
    if not any(m.seat == CHAIR for m in s.seated):
        yield say(
            "Nobody sits as independent chair: seat somebody who answers to none of the parties."
        )
    if not any(m.seat == COMMUNITY for m in s.seated):
        yield say("Nobody sits for the community: seat somebody who uses services here.")
    if not any(p.funder for p in s.parties):
        yield say("No party commands money: nothing that is decided could be resourced.")
    for party in s.funders:
        if not any(m.commands == party.code for m in s.seated):
            yield say("Nobody sits who may commit the money of {name}.", name=party.name)
