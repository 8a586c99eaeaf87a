"""What can be asked about notices: a user's own, and those of their organisation."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from onesystem.access.actor import Actor
from onesystem.access.models import Mailing, Notice, User
from onesystem.access.notices.topics import TOPICS
from onesystem.access.quick import rows
from onesystem.access.rights import may
from onesystem.vocabulary.kept import from_micros

SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWords:
    """One notice as its page has it. `mine`: it is for this user alone."""

    notice: int
    at: datetime
    topic: str
    words: str
    more: str
    link: str
    mine: bool
    seen_at: datetime | None
    seen_by: str


def notices(
    *, by: Actor, unseen: bool = False, topic: str = "", limit: int = SHOWN
) -> list[NoticeWords]:
    """What a user and their organisation are told, newest first."""
    found = for_actor(by)
    if unseen:
        found = found.filter(seen_at__isnull=True)
    if topic:
        found = found.filter(topic=topic)
    return [
        NoticeWords(
            notice=n.pk, at=from_micros(n.at), topic=n.topic, words=TOPICS.get(n.topic, n.topic),
            more=n.words, link=n.link, mine=bool(n.username), seen_by=n.seen_by,
            seen_at=None if n.seen_at is None else from_micros(n.seen_at),
        )
        for n in found.order_by("-id")[:limit]
    ]  # fmt: skip


def for_actor(by: Actor) -> QuerySet[Notice]:
    """The rows that are for somebody: an organisation's are for those who open people."""
    whose = Q(username=by.name)
    if by.organisation and may(by, "person.open"):
        whose |= Q(organisation=by.organisation)
    return Notice.objects.filter(whose)


def unread(actor: Actor) -> int:
    """How many notices of a user and their organisation nobody has read."""
    mine, organisation = actor.name, actor.organisation if may(actor, "person.open") else ""
    [(count,)] = rows(  # on every page
        "SELECT (SELECT COUNT(*) FROM access_notice WHERE username = %s AND seen_at IS NULL)"
        " + (SELECT COUNT(*) FROM access_notice WHERE organisation = %s AND organisation <> ''"
        " AND seen_at IS NULL)",
        [mine, organisation],
    )
    return int(count)


def mailed(by: Actor) -> tuple[bool, str]:
    """Whether a user is told by e-mail, and the address that is known of them."""
    user = User.objects.filter(username=by.name).first()
    return Mailing.objects.filter(username=by.name).exists(), user.email if user else ""
