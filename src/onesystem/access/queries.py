"""What can be asked of users and of the trail, each for those who hold the right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from onesystem.access.actor import Actor
from onesystem.access.models import Audit, AuditHead, User
from onesystem.access.rights import may, require
from onesystem.district import current
from onesystem.vocabulary import NotFound, zone
from onesystem.vocabulary.said import say

MOST = 10_000  # rows of the trail that one page or one export holds


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for in the trail; empty words leave that side open."""

    actor: str = ""
    act: str = ""
    person: str = ""
    purpose: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """From a query string."""
        return cls(**{name: query.get(name, "").strip() for name in cls.__slots__})


def users(*, by: Actor) -> list[User]:
    """Everybody who signs in."""
    require(by, "users.manage")
    return list(User.objects.order_by("username"))


def user(number: int, *, by: Actor) -> User:
    """One of them. Raises NotFound."""
    require(by, "users.manage")
    found = User.objects.filter(pk=number).first()
    if found is None:
        raise NotFound(say("there is no user {number}", number=number), "Look in the list of users")
    return found


def able(right: str) -> list[tuple[str, str]]:
    """Everybody who holds a right today, to be asked for something: username and name."""
    found = User.objects.filter(is_active=True).order_by("username")
    return [(u.username, u.get_full_name() or u.username) for u in found
            if may(Actor.of(u), right)]  # fmt: skip


def trail(asked: Asked, *, by: Actor, limit: int = MOST) -> list[Audit]:
    """Rows of the trail, newest first, at most `limit`."""
    require(by, "audit.see")
    return list(_filtered(asked)[:limit])


def row(number: int, *, by: Actor) -> Audit:
    """One row of the trail. Raises NotFound."""
    require(by, "audit.see")
    found = Audit.objects.filter(pk=number).first()
    if found is None:
        raise NotFound(
            say("the trail has no row {number}", number=number),
            say("It has rows 1 to {length}", length=length()),
        )
    return found


def acts() -> list[str]:
    """The acts that are in the trail, for the filter."""
    return sorted(Audit.objects.values_list("act", flat=True).distinct())


def length() -> int:
    """How many rows the trail has."""
    head = AuditHead.objects.first()
    return head.length if head else 0


def between(since: datetime | None, until: datetime | None, *, by: Actor) -> Iterator[Audit]:
    """Rows of the trail of a stretch of time, oldest first, without an end to how many."""
    require(by, "audit.see")
    found = Audit.objects.order_by("id")
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    return found.iterator(chunk_size=2000)


def looks(person: int, *, limit: int = 200) -> list[Audit]:
    """Who looked at a person, newest first: what the person can ask to see."""
    seen = Audit.objects.filter(person=person, act="person.looked").order_by("-id")
    return list(seen[:limit])


def _filtered(asked: Asked) -> QuerySet[Audit]:
    found = Audit.objects.order_by("-id")
    if asked.actor:
        found = found.filter(actor=asked.actor)
    if asked.act:
        found = found.filter(act=asked.act)
    if asked.purpose:
        found = found.filter(purpose=asked.purpose)
    if asked.person.isascii() and asked.person.isdigit() and len(asked.person) < 19:
        found = found.filter(person=int(asked.person))
    if start := _day(asked.since):
        found = found.filter(at__gte=start)
    if end := _day(asked.until):
        found = found.filter(at__lt=end + timedelta(days=1))
    return found


def _day(text: str) -> datetime | None:
    """The local midnight with which a day begins; None where it is no day."""
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return None
    return day.replace(tzinfo=zone(current().zone)).astimezone(UTC)
