"""Who looked at a record, and what was changed about sharing it, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from onesystem.access.looks import SITTING
from onesystem.access.models import Audit, User
from onesystem.access.presenters import role_names
from onesystem.access.reading import Look
from onesystem.district import District
from onesystem.vocabulary.said import listed, say, say_each

_PURPOSES = say_each(
    {
        "direct care": "to look after you",
        "care coordination": "to arrange your care",
        "records management": "to put a record right",
        "privacy review": "to check who looked at your record",
        "subject access": "to answer a question about your record",
        "own record": "it is your own page",
    }
)
_TIES = say_each(
    {
        "practice": "You are enrolled with them",
        "contact": "You were with them at the time",
        "request": "They had a referral or request for you",
        "team": "You are on their list",
        "recent": "You had been with them shortly before",
        "on-call": "They were on call",
        "break-glass": "They broke the glass: nothing tied them to you, and they gave a reason",
        "proxy": "They act for you",
        "self": "It is your own record",
    }
)
_CHANGES = say_each(
    {
        "sharing.refused": "Stopped sharing",
        "sharing.allowed": "Shared again",
        "item.sealed": "Marked something as confidential",
        "item.unsealed": "Took a mark away",
        "proxy.named": "Named someone who may act for you",
        "proxy.ended": "Ended that someone may act for you",
        "own-record.given": "Joined this account to the record",
        "own-record.taken": "Took this account off the record",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Looks of one user close together, as one line. `row` is the first that can be asked about."""

    row: int
    at: datetime
    count: int
    name: str
    roles: str
    organisation: str
    why: str
    reason: str
    ties: tuple[str, ...]
    place: str
    glass: bool
    mine: bool


def sittings(looks: Sequence[Look], *, me: str, here: District) -> list[Sitting]:
    """The looks, newest first, with those of one user for one purpose within minutes together."""
    groups: list[list[Look]] = []
    latest: dict[tuple[str, str], list[Look]] = {}
    for look in looks:
        key = (look.actor, look.purpose)
        held = latest.get(key)
        if held is not None and held[-1].at - look.at < SITTING:
            held.append(look)
            continue
        latest[key] = [look]
        groups.append(latest[key])
    called = dict(
        User.objects.filter(username__in={look.actor for look in looks}).values_list(
            "username", "name"
        )
    )
    return [_sitting(group, called, me, here) for group in groups]


def _sitting(group: list[Look], called: dict[str, str], me: str, here: District) -> Sitting:
    first, ties = group[-1], {tie for look in group for tie in look.ties}
    glass = "break-glass" in ties or any(look.act == "glass.broken" for look in group)
    known = here.organisations.get(first.organisation)
    reasons = dict.fromkeys(look.reason for look in group if look.reason)
    client = next((look.client for look in group if look.client not in {"", "pages"}), "")
    return Sitting(
        row=first.row,
        at=first.at,
        count=len(group),
        name=called.get(first.actor) or first.actor,
        roles=listed(role_names(first.roles)),
        organisation=known.name if known else first.organisation,
        why=_PURPOSES.get(first.purpose, first.purpose or "not said"),
        reason="; ".join(reasons),
        ties=tuple(words for tie, words in _TIES.items() if tie in ties),
        place=say("through {client}", client=client) if client else say("on the pages"),
        glass=glass,
        mine=first.actor == me,
    )


def changes(identities: Iterable[int], *, limit: int = 200) -> list[tuple[datetime, str, str, str]]:
    """What was changed about sharing, newest first: when, what, by whom, why."""
    rows = Audit.objects.filter(person__in=list(identities), act__in=_CHANGES).order_by("-id")
    return [(row.at, _CHANGES[row.act], row.actor, row.reason) for row in rows[:limit]]
