"""What can be asked of committing: who confirmed what, what a decision set going, what waits.

standing(decision)     each amount asked for, with its funder's last word
resourced(7)           what decision 7 set going, or None
in_force()             changes of decisions that were neither stopped nor ended, now
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from onesystem.access import Actor
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.commit.rows import CarriedOut, FunderWord, Hindered, Resourced
from onesystem.alliance.commit.standing import Line, Standing, Word, stand
from onesystem.alliance.meeting import queries as meeting
from onesystem.alliance.meeting.queries import Decision
from onesystem.budget.ledger import queries as ledger
from onesystem.vocabulary.kept import from_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A change that a decision set going: of what kind, of what, from when, and until when."""

    decision: int
    kind: str
    code: str
    number: str
    since: date
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """What stood in the way of setting a decision going, the last time that it was tried."""

    what: str
    cure: str
    at: datetime
    by: str


def standing(found: Decision) -> Standing:
    """Each amount that a decision asks for, with its funder's last word."""
    return stand(found.asks, words(found.number))


def words(decision: int) -> list[Word]:
    """All that funders said of a decision, the first first."""
    return [
        Word(
            nth=row.nth, said=row.said, amount=row.amount, since=row.since, until=row.until,
            line=row.line, by=row.by, at=row.at, reason=row.reason,
        )
        for row in FunderWord.objects.filter(decision=decision).order_by("id")
    ]  # fmt: skip


def resourced(decision: int) -> Resourced | None:
    """That a decision was resourced, with `reserved` and `carried`."""
    found = Resourced.objects.prefetch_related("reserved", "carried").filter(decision=decision)
    return found.first()


def hindered(decision: int) -> Stood | None:
    """What stood in the way the last time, where nothing was said by a funder since."""
    row = Hindered.objects.filter(decision=decision).order_by("-id").first()
    if row is None:
        return None
    later = FunderWord.objects.filter(decision=decision, at__gt=row.at).exists()
    return None if later else Stood(
        what=row.what, cure=row.cure, at=from_micros(row.at), by=row.by
    )  # fmt: skip


def carried(decision: int) -> list[CarriedOut]:
    """The changes that went live with a decision, in their order."""
    return list(CarriedOut.objects.filter(resourced=decision).order_by("nth"))


def in_force(*kinds: str) -> list[InForce]:
    """The changes of decisions that were set going; of those that were stopped, until when."""
    found = CarriedOut.objects.select_related("resourced").order_by("resourced", "nth")
    if kinds:
        found = found.filter(kind__in=kinds)
    return [
        InForce(
            decision=row.resourced_id, kind=row.kind, code=row.code, number=row.number,
            since=row.since,
            until=None if row.resourced.ended is None else from_micros(row.resourced.ended),
        )
        for row in found
    ]  # fmt: skip


def left_of(reservation: int) -> int:
    """What a reservation of the ledger still holds."""
    return ledger.held(reservation)


def party_of(by: Actor, alliance: str = "") -> str:
    """The code of the party whose money somebody commands now; empty for nobody's."""
    seat = charter.member_of(by, alliance)
    return seat.commands if seat and not seat.barred else ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A decision that waits for money, and how it stands."""

    decision: Decision
    standing: Standing

    def of(self, party: str) -> tuple[Line, ...]:
        """What a party is asked for and has not confirmed."""
        return tuple(
            line for line in self.standing.lines
            if line.ask.funder == party and not line.confirmed
        )  # fmt: skip


def waiting(alliance: str = "") -> list[Waiting]:
    """Decisions that are agreed and not resourced, the longest-waiting first."""
    agreed: Iterable[Decision] = meeting.decisions(alliance, "agreed")
    return [Waiting(each, standing(each)) for each in reversed(list(agreed)) if not each.row.funds]
