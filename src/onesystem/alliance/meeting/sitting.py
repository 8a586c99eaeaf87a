"""An item of a meeting as `consensus` sees it: who sits, is there, said what, has an interest.

Everything is asked of a moment, so that an outcome of last March is worked out as it was.
"""

import json
from datetime import datetime

from onesystem.alliance.charter import queries as charter
from onesystem.alliance.charter.queries import Declared
from onesystem.alliance.charter.rows import CharterVersion
from onesystem.alliance.charter.standing import Standing
from onesystem.alliance.meeting import consensus, rows, within
from onesystem.alliance.meeting.consensus import Outcome, Table
from onesystem.alliance.meeting.proposal import Proposed, read, touched
from onesystem.alliance.meeting.quorum import Place, Presence
from onesystem.district import now
from onesystem.vocabulary.kept import from_micros


def proposed_of(item: rows.Item) -> Proposed:
    """What is decided on."""
    version = rows.ProposalVersion.objects.get(proposal=item.proposal_id, number=item.version)
    return read(json.loads(version.body))


def table_of(item: rows.Item, at: datetime | None = None) -> Table:
    """All that the outcome of an item follows from, at a moment."""
    at = at or now()
    code = item.meeting.alliance_id
    standing = within.standing(item.meeting, at)
    made = proposed_of(item)
    opened_under = _charter(code, item.charter)
    rule = opened_under.charter if opened_under else None
    return Table(
        places=places_of(standing), presences=presences_of(item.meeting),
        voices=tuple(map(_voice, rows.Voice.objects.filter(item=item).order_by("id"))),
        quorum=rule.quorum if rule and not standing.group else standing.quorum,
        opened=from_micros(item.opened) if item.opened is not None else at,
        version=item.version, funders=made.funders,
        touched=frozenset(each.member for each in interests_in(made, code, at)),
        handled=handled_of(item), charter=item.charter,
        charter_now=standing.version.number if standing.version else 0,
        finishes=bool(rule and rule.midway == "finish"),
    )  # fmt: skip


def outcome_of(item: rows.Item, at: datetime | None = None) -> Outcome:
    """What the voices come to at a moment; of what is closed, at its closing."""
    if at is None and item.closed is not None:
        at = from_micros(item.closed)
    at = at or now()
    return consensus.work_out(table_of(item, at), at)


def places_of(standing: Standing) -> tuple[Place, ...]:
    """The seats of an alliance."""
    return tuple(
        Place(member=m.key, seat=m.seat, funder=m.commands, since=m.since, until=m.until,
              barred=m.barred)
        for m in standing.seated
    )  # fmt: skip


def presences_of(meeting: rows.Meeting) -> tuple[Presence, ...]:
    """Who was there from when to when; those who stayed to the end left at the closing."""
    end = meeting.closed
    return tuple(
        Presence(
            each.member_id, from_micros(each.came),
            from_micros(each.left) if each.left is not None
            else from_micros(end + 1) if end is not None else None,
        )
        for each in rows.Attendance.objects.filter(meeting=meeting).order_by("id")
    )  # fmt: skip


def interests_in(made: Proposed, alliance: str, at: datetime) -> tuple[Declared, ...]:
    """Declared interests of members that what is proposed touches."""
    asked = touched(made)
    return charter.interests(alliance, sorted(asked), at) if asked else ()


def handled_of(item: rows.Item) -> dict[int, str]:
    """How each member's interest is handled: what was said last."""
    found = rows.Handling.objects.filter(item=item).order_by("id")
    return dict(found.values_list("member_id", "handling"))


def _voice(row: rows.Voice) -> consensus.Voice:
    return consensus.Voice(
        member=row.member_id, said=row.said, at=from_micros(row.at), reason=row.reason,
        version=row.version, way=row.way,
    )  # fmt: skip


def _charter(code: str, number: int) -> charter.Version | None:
    row = CharterVersion.objects.filter(alliance=code, number=number).first() if number else None
    return charter.version_of(row) if row else None
