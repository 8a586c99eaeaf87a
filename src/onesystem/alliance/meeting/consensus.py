"""Whether members agree: worked out from who was there and what each said, never typed in. Pure.

Consensus is when every entitled member who is there, or who replied in writing, agrees or stands
aside, one at least agrees, and the meeting is quorate. One reasoned objection sends a proposal
back. Silence is no voice: while somebody entitled has not spoken, it waits.

    outcome = work_out(table, at=closing)
    outcome.state        agreed, returned or waiting
    outcome.grounds      each rule that spoke, in words, with what to do next

Who is entitled, and whose voice counts, is decided at the moment of each voice and once more at the
closing: a voice of somebody who had left the room, or the alliance, is kept and does not count.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from onesystem.alliance.charter.text import Quorum
from onesystem.alliance.meeting.quorum import Place, Presence, lacks, lost, there
from onesystem.vocabulary.said import say, say_counted

AGREE: Final = "agree"
ASIDE: Final = "aside"
OBJECT: Final = "object"
SAYINGS: Final[Mapping[str, str]] = {
    AGREE: "agrees", ASIDE: "stands aside", OBJECT: "objects",
}  # fmt: skip
STAY: Final = "stay"
SPEAK: Final = "speak"
LEAVE: Final = "leave"
HANDLINGS: Final[Mapping[str, str]] = {
    STAY: "stays and decides", SPEAK: "speaks, and does not decide", LEAVE: "leaves the room",
}  # fmt: skip
ROOM: Final = "room"
AGREED: Final = "agreed"
RETURNED: Final = "returned"
WAITING: Final = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What a member said of a version of a proposal, when, and how it reached the meeting."""

    member: int
    said: str
    at: datetime
    reason: str = ""
    version: int = 1
    way: str = ROOM


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All that an outcome follows from.

    `touched` are members with a declared interest in what is proposed; `handled` says how the chair
    handled each. `funders` are the organisations whose money is asked for. `charter` is the version
    under which the item was opened, `charter_now` the one in force; `finishes` where the charter
    says that what was opened under the old one is decided under it.
    """

    places: tuple[Place, ...]
    presences: tuple[Presence, ...]
    voices: tuple[Voice, ...]
    quorum: Quorum
    opened: datetime
    version: int = 1
    funders: frozenset[str] = frozenset()
    touched: frozenset[int] = frozenset()
    handled: Mapping[int, str] = field(default_factory=dict)
    charter: int = 1
    charter_now: int = 1
    finishes: bool = False

    def place(self, member: int, at: datetime) -> Place | None:
        """The seat that somebody has at a moment."""
        return next((p for p in self.places if p.member == member and p.on(at)), None)


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule that spoke: its short name, what it found, what to do, and of whom."""

    rule: str
    what: str
    cure: str = ""
    member: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice, and the rule by which it does not count; none where it does."""

    voice: Voice
    ground: Ground | None

    @property
    def counts(self) -> bool:
        """Whether it is part of the outcome."""
        return self.ground is None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the members' voices come to, and why."""

    state: str
    grounds: tuple[Ground, ...]
    heard: tuple[Heard, ...]
    entitled: tuple[int, ...]
    silent: tuple[int, ...]
    quorate: bool

    def counted(self, said: str) -> tuple[Voice, ...]:
        """The voices of a kind that count."""
        return tuple(h.voice for h in self.heard if h.counts and h.voice.said == said)


def may_decide(table: Table, member: int, at: datetime) -> Ground | None:
    """The rule by which somebody has no voice at a moment; None where they have one."""
    place = table.place(member, at)
    if place is None:
        return Ground(
            "member.left", say("was no member of the alliance then"),
            say("Only members decide; ask the chair to keep the register of members."), member,
        )  # fmt: skip
    if place.barred:
        return Ground("member.barred", place.barred, say("It is put right on the page of members."),
                      member)  # fmt: skip
    handled = table.handled.get(member, "")
    if member in table.touched and not handled:
        return Ground(
            "interest.unhandled",
            say("has a declared interest, and it is not said how it is handled"),
            say("The chair says first whether they stay, speak only, or leave."),
            member,
        )
    if handled in (SPEAK, LEAVE):
        return Ground(
            "interest.excluded", say("has an interest: {handlings}", handlings=HANDLINGS[handled]),
            say("Those without the interest decide."), member,
        )  # fmt: skip
    return None


def hear(table: Table, voice: Voice, at: datetime) -> Ground | None:
    """The rule by which a voice does not count at the closing `at`; None where it does."""
    return (
        _of_this(table, voice, at)
        or may_decide(table, voice.member, voice.at)
        or may_decide(table, voice.member, at)
        or _in_the_room(table, voice)
        or _reasoned(voice)
    )


def _of_this(table: Table, voice: Voice, at: datetime) -> Ground | None:
    if voice.version != table.version:
        return Ground(
            "voice.other-version",
            say(
                "spoke of version {version}, not of {version2}",
                version=voice.version,
                version2=table.version,
            ),
            say("Ask again: the text has changed."),
            voice.member,
        )
    if not table.opened <= voice.at <= at:
        return Ground(
            "voice.out-of-time", say("spoke while the item was not open"),
            say("Voices are heard between its opening and its closing."), voice.member,
        )  # fmt: skip
    return None


def _in_the_room(table: Table, voice: Voice) -> Ground | None:
    if voice.way != ROOM:
        return None
    if not there(table.presences, voice.member, voice.at):
        return Ground(
            "voice.after-leaving", say("was not in the meeting when this was said"),
            say("Let them come back in, or reply in writing while the item is open."), voice.member,
        )  # fmt: skip
    if lacking := _lacking(table, voice.at):
        return Ground(
            "voice.no-quorum",
            say("spoke while there was no quorum: {lacking}", lacking=lacking[0]),
            say("Ask again once there is one."),
            voice.member,
        )
    return None


def _reasoned(voice: Voice) -> Ground | None:
    if voice.said != OBJECT or voice.reason.strip():
        return None
    return Ground(
        "voice.no-reason", say("objects without a reason"),
        say("Write down the reason: it is what the proposal has to answer."), voice.member,
    )  # fmt: skip


def work_out(table: Table, at: datetime) -> Outcome:
    """What the voices come to at a moment. The order in which anything is given makes no odds."""
    heard = _heard(table, at)
    counted = {h.voice.member: h.voice for h in heard if h.counts}
    entitled = tuple(sorted(_entitled(table, at) | counted.keys()))
    silent = tuple(m for m in entitled if m not in counted)
    stopping = (*_charter(table), *_unhandled(table, at), *_quorum(table, at))
    objections = sorted((v for v in counted.values() if v.said == OBJECT), key=lambda v: v.member)
    if stopping:
        state, grounds = WAITING, stopping
    elif objections:
        state, grounds = RETURNED, tuple(map(_objection, objections))
    else:
        waits = tuple(_waits(heard, counted.values(), silent))
        state, grounds = (WAITING, waits) if waits else (AGREED, (_agreed(counted),))
    return Outcome(state, grounds, heard, entitled, silent, not _lacking(table, at))


def _heard(table: Table, at: datetime) -> tuple[Heard, ...]:
    """Every voice up to the closing; of each member the last that can count, does.

    A later voice that does not count leaves the earlier one standing: somebody who agreed in the
    room and left is not unheard because they called an objection through the door.
    """
    told: list[Heard] = []
    spoke: set[int] = set()
    for voice in sorted(table.voices, key=_order, reverse=True):
        if voice.at > at:
            continue
        ground = hear(table, voice, at)
        if ground is None or ground.rule == "voice.no-reason":
            if voice.member in spoke:
                ground = Ground("voice.replaced", say("spoke again later"), "", voice.member)
            spoke.add(voice.member)
        told.append(Heard(voice, ground))
    return tuple(reversed(told))


def _order(voice: Voice) -> tuple[datetime, int, str, str, str, int]:
    return (voice.at, voice.member, voice.said, voice.reason, voice.way, voice.version)


def _objection(voice: Voice) -> Ground:
    return Ground("objection", say("objects: {reason}", reason=voice.reason.strip()),
                  say("Answer it in the next version."), voice.member)  # fmt: skip


def _entitled(table: Table, at: datetime) -> set[int]:
    """Who is there at the closing and has a voice."""
    return {
        p.member for p in table.places
        if p.on(at) and there(table.presences, p.member, at)
        and may_decide(table, p.member, at) is None
    }  # fmt: skip


def _deciding(table: Table, at: datetime) -> list[Place]:
    """Who counts towards the quorum: who is in the room and has a voice in this.

    A member whom an interest excludes counts towards it no more than one who is not there. One
    whose interest is not handled yet does: that stops the item by a rule of its own.
    """
    return [
        p for p in table.places
        if p.on(at) and not p.barred and there(table.presences, p.member, at)
        and table.handled.get(p.member) not in (SPEAK, LEAVE)
    ]  # fmt: skip


def _lacking(table: Table, at: datetime) -> list[str]:
    standing = [p for p in table.places if p.on(at) and not p.barred]
    return lacks(table.quorum, standing, _deciding(table, at), table.funders)


def _quorum(table: Table, at: datetime) -> Iterator[Ground]:
    for what in _lacking(table, at):
        yield Ground(
            "quorum", say("no quorum: {what}", what=what),
            say("Wait until it is there again, or carry the item over to another meeting."),
        )  # fmt: skip


def losses(table: Table, at: datetime) -> list[tuple[datetime, datetime | None]]:
    """When the quorum was lost between the opening of the item and `at`: from, and until."""
    return lost(table.presences, table.opened, at, lambda moment: not _lacking(table, moment))


def _charter(table: Table) -> Iterator[Ground]:
    if table.charter != table.charter_now and not table.finishes:
        yield Ground(
            "charter.changed",
            say(
                "it was opened under version {charter} of the charter, and version "
                "{charter_now} is in force now",
                charter=table.charter,
                charter_now=table.charter_now,
            ),
            say("Open it again under the new one: whoever spoke under the old one is asked anew."),
        )


def _unhandled(table: Table, at: datetime) -> Iterator[Ground]:
    for member in sorted(table.touched):
        place = table.place(member, at)
        if place and not table.handled.get(member) and there(table.presences, member, at):
            ground = may_decide(table, member, at)
            if ground is not None and ground.rule == "interest.unhandled":
                yield ground


def _waits(
    heard: Iterable[Heard], counted: Iterable[Voice], silent: Iterable[int]
) -> Iterator[Ground]:
    for each in heard:
        if each.ground and each.ground.rule == "voice.no-reason":
            yield each.ground
    asked = tuple(silent)
    for member in asked:
        yield Ground("silent", say("has not spoken"), say("Ask them: silence is no voice."), member)
    if not asked and not any(v.said == AGREE for v in counted):
        cure = say("A decision that all stand aside from is nobody's: carry it over.")
        yield Ground("nobody-agrees", say("nobody agrees to it"), cure)


def _agreed(counted: Mapping[int, Voice]) -> Ground:
    agree = sum(v.said == AGREE for v in counted.values())
    aside = len(counted) - agree
    words = f"{agree} agree" + ("s" if agree == 1 else "")
    words += say_counted(", {n} stands aside", ", {n} stand aside", aside) if aside else ""
    return Ground("consensus", say("{words}, nobody objects", words=words))
