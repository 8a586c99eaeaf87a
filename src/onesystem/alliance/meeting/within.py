"""Which alliance a meeting, a proposal or a decision is of: the alliance, or one within it.

A service alliance (`group`) has its own members, quorum and mandate; its decisions stand in the
alliance's register.
"""

import json
from datetime import datetime, timedelta

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.charter.more_rows import ServiceAlliance, ServiceMember
from onesystem.alliance.charter.standing import Standing
from onesystem.alliance.meeting import decided_rows, rows
from onesystem.alliance.meeting import mandate as of
from onesystem.alliance.meeting.mandate import Mandate
from onesystem.alliance.meeting.proposal import Proposed, asks_of
from onesystem.district import current, now
from onesystem.vocabulary import Money, NotFound, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem

Kept = rows.Meeting | rows.Proposal | decided_rows.Decision
KEEPS = "alliance.keep"
_YEAR = timedelta(days=365)


def groups(alliance: str) -> list[ServiceAlliance]:
    """The service alliances that work."""
    found = ServiceAlliance.objects.filter(alliance=alliance, until__isnull=True)
    return list(found.order_by("name"))


def group(alliance: str, code: str) -> ServiceAlliance | None:
    """A service alliance that works, by its code; None for the alliance. Raises UserError."""
    if not code:
        return None
    row = ServiceAlliance.objects.filter(alliance=alliance, code=code).first()
    if row is None:
        raise NotFound(
            say("there is no service alliance {code}", code=repr(code)), "Look at /alliance/groups/"
        )
    if row.until is not None:
        raise UserError(
            say("{name} has ended", name=row.name), "Bring it to the alliance, or to another group"
        )
    return row


def choices(alliance: str, *, by: Actor | None = None) -> list[tuple[str, str]]:
    """The alliance ("-") and its service alliances to choose from; those whose meetings `by` keeps.

    Nothing where there is but one.
    """
    here = charter.alliance(alliance)
    every = [("-", here.name, None), *((g.code, g.name, g.id) for g in groups(here.code))]
    found = [(code, words) for code, words, key in every if by is None or keeps(by, key)]
    return found if len(found) > 1 or by else []


def fits(row: Kept, of: str) -> bool:
    """Whether something is of the alliance ("-"), or of a group by its code; any, of ""."""
    return of in ("", row.group.code if row.group_id else "-")


def name(row: Kept) -> str:
    """What the alliance that it is of is called."""
    return str(row.group.name if row.group_id else row.alliance.name)


def keeps(by: Actor, group: int | None) -> bool:
    """Whether somebody keeps the meetings of an alliance, or of a group: whoever leads it does."""
    if by.is_job or access.may(by, KEEPS):
        return True
    leads = ServiceMember.objects.filter(group=group, leads=True, until__isnull=True)
    return bool(group) and leads.filter(member__username=by.name).exclude(username="").exists()


def beyond(made: Proposed, group: int | None) -> list[Problem]:
    """Each rule by which a proposal goes beyond what a group may decide; nothing of an alliance."""
    if not group:
        return []
    mandate = _mandate(ServiceAlliance.objects.get(id=group))
    return of.beyond(made, mandate, _money, current().service_name)


def _mandate(row: ServiceAlliance) -> Mandate:
    made = decided_rows.Decision.objects.filter(group=row)
    recent = made.filter(at__gte=to_micros(now() - _YEAR)).exclude(
        state__in=("withdrawn", "stopped")
    )
    spent = sum(
        ask.amount for each in recent.filter(funds=0) for ask in asks_of(json.loads(each.asks))
    )
    return Mandate(
        name=row.name, most=row.most, spent=spent, services=frozenset(json.loads(row.services)),
        own=frozenset(made.values_list("number", flat=True)),
    )  # fmt: skip


def _money(minor: int) -> str:
    return str(Money(minor, current().currency)).removesuffix(".00")


def standing(row: rows.Meeting, at: datetime | None = None) -> Standing:
    """How the alliance that meets stood at a moment."""
    return charter.standing(row.alliance_id, at, row.group_id)
