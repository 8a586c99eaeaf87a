"""What can be asked of meetings: decisions, proposals, agendas, and the register.

decision(7)              a decision by its number: what it asks, what goes live, where it stands
decisions("")            all of an alliance, the latest first
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from onesystem.alliance.meeting import decided_rows, rows, within
from onesystem.alliance.meeting import proposal as of
from onesystem.alliance.meeting.proposal import Ask, Change, Proposed
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say


@dataclass(frozen=True)
class Decision:
    """What the alliance agreed. `asks` are those of now: they may have been attached later."""

    row: decided_rows.Decision

    @property
    def number(self) -> int:
        """Its number in the register."""
        return int(self.row.number)

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.row.title)

    @property
    def alliance(self) -> str:
        """The code of the alliance."""
        return str(self.row.alliance_id)

    @property
    def made_by(self) -> str:
        """What the alliance that decided is called: the alliance, or a service alliance."""
        return within.name(self.row)

    @property
    def state(self) -> str:
        """Where it stands: agreed, resourced, adopted, changed, stopped, withdrawn."""
        return str(self.row.state)

    @property
    def funding(self) -> str:
        """`asked`, `later` (no money is attached yet, or it was attached later), or `none`."""
        return str(self.row.funding)

    @cached_property
    def proposed(self) -> Proposed:
        """The version that was agreed, as it was."""
        return of.read(json.loads(self.row.body))

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """The money that funders are asked for."""
        return of.asks_of(json.loads(self.row.asks))

    @property
    def changes(self) -> tuple[Change, ...]:
        """What goes live with it."""
        return self.proposed.changes

    @property
    def measure(self) -> str:
        """The code of the measure that will judge it."""
        return self.proposed.measure

    @property
    def review(self) -> date | None:
        """When the alliance looks at what came of it."""
        return self.row.review

    @property
    def owner(self) -> int:
        """The key of the member who owns it; 0 for none."""
        return self.proposed.owner

    @property
    def agreed_at(self) -> datetime:
        """When it was agreed."""
        return from_micros(self.row.at)

    @property
    def waits_for_money(self) -> bool:
        """Whether it is agreed, and no funder has committed itself: open for all to see."""
        return self.state == "agreed" and self.funding != of.NONE and not self.row.funds


def decision(number: int) -> Decision:
    """A decision by its number. Raises NotFound."""
    row = decided_rows.Decision.objects.filter(number=number).first()
    if row is None:
        raise NotFound(
            say("there is no decision {number}", number=number),
            "Look at them: /alliance/decisions/",
        )
    return Decision(row)


def decisions(alliance: str = "", state: str = "") -> list[Decision]:
    """The decisions of an alliance, or of all, the latest first."""
    only = {name: said for name, said in (("alliance", alliance), ("state", state)) if said}
    found = decided_rows.Decision.objects.select_related("alliance", "group").filter(**only)
    return [Decision(row) for row in found.order_by("-number")]


def at_review(day: date) -> list[Decision]:
    """Decisions in force whose review date has come."""
    found = decided_rows.Decision.objects.filter(state="resourced", review__lte=day)
    return [Decision(row) for row in found.order_by("review", "number")]


@dataclass(frozen=True)
class Version:
    """A version of a proposal."""

    row: rows.ProposalVersion

    @property
    def number(self) -> int:
        """Which it is."""
        return int(self.row.number)

    @cached_property
    def proposed(self) -> Proposed:
        """What it says."""
        return of.read(json.loads(self.row.body))


@dataclass(frozen=True)
class Proposal:
    """A proposal with its versions, the latest first."""

    row: rows.Proposal
    versions: tuple[Version, ...]

    @property
    def key(self) -> int:
        """Its number."""
        return int(self.row.id)

    @property
    def last(self) -> Version:
        """The version to show."""
        return self.versions[0]

    @property
    def state(self) -> str:
        """Where it stands."""
        return str(self.row.state)

    def version(self, number: int) -> Version:
        """A version by its number. Raises NotFound."""
        for each in self.versions:
            if each.number == number:
                return each
        raise NotFound(
            say("the proposal has no version {number}", number=number), "Look at its history."
        )


def proposal(key: int) -> Proposal:
    """A proposal by its number. Raises NotFound."""
    row = rows.Proposal.objects.filter(id=key).first()
    if row is None:
        raise NotFound(
            say("there is no proposal {key}", key=key), "Look at them: /alliance/proposals/"
        )
    return _proposals([row])[0]


def proposals(alliance: str = "") -> list[Proposal]:
    """All proposals, the latest first."""
    only = {"alliance": alliance} if alliance else {}
    found = rows.Proposal.objects.select_related("alliance", "group").filter(**only)
    return _proposals(list(found.order_by("-id")))


def _proposals(found: Sequence[rows.Proposal]) -> list[Proposal]:
    versions: dict[int, list[Version]] = {}
    for row in rows.ProposalVersion.objects.filter(proposal__in=found).order_by("-number"):
        versions.setdefault(row.proposal_id, []).append(Version(row))
    return [Proposal(row, tuple(versions[row.id])) for row in found]


def meeting(key: int) -> rows.Meeting:
    """A meeting by its number. Raises NotFound."""
    row = rows.Meeting.objects.filter(id=key).first()
    if row is None:
        raise NotFound(
            say("there is no meeting {key}", key=key), "Look at them: /alliance/meetings/"
        )
    return row


def meetings(alliance: str = "") -> list[rows.Meeting]:
    """All meetings, the latest first."""
    only = {"alliance": alliance} if alliance else {}
    found = rows.Meeting.objects.select_related("alliance", "group").filter(**only)
    return list(found.order_by("-starts", "-id"))


def items(meeting: rows.Meeting) -> list[rows.Item]:
    """The agenda in its order."""
    return list(rows.Item.objects.filter(meeting=meeting).order_by("place", "id"))


def item(key: int) -> rows.Item:
    """A point of an agenda. Raises NotFound."""
    row = rows.Item.objects.select_related("meeting", "proposal").filter(id=key).first()
    if row is None:
        raise NotFound(say("there is no item {key}", key=key), "Look at the agenda of the meeting")
    return row


def actions_of(alliance: str = "", *, still_open: bool = False) -> list[rows.Action]:
    """What members said that they would do, the next due first."""
    found = rows.Action.objects.select_related("meeting", "owner").order_by("due", "id")
    if alliance:
        found = found.filter(meeting__alliance=alliance)
    return list(found.filter(state="open") if still_open else found)
