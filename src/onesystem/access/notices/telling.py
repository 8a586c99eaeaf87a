"""Telling: a notice to a user or to an organisation, and who of them is told by e-mail too."""

from onesystem.access.models import Letter, Mailing, Notice, User
from onesystem.access.notices.topics import TOPICS
from onesystem.district import now
from onesystem.vocabulary import nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


def notify(
    *, topic: str, organisation: str = "", username: str = "", words: str = "", link: str = "",
    person: int | None = None, audit: int = 0,
) -> None:  # fmt: skip
    """Tell a user (`username`) or the users of an organisation, in the caller's transaction.

    `topic` is one of TOPICS, `link` a path of ours, `words` what may be read by anybody: a
    service's name, a reference number. Raises ValueError on an unknown topic, on two addressees
    or none, and on an address that is not ours.
    """
    if topic not in TOPICS:
        raise ValueError(
            say(
                "there is no topic {topic}. {nearest}",
                topic=repr(topic),
                nearest=nearest(topic, TOPICS),
            )
        )
    if bool(organisation) == bool(username):
        raise ValueError("a notice is for a user or for an organisation")
    if link and (not link.startswith("/") or link.startswith("//")):
        raise ValueError("a notice leads to a page of ours")
    at = to_micros(now())
    row = Notice.objects.create(
        at=at, organisation=organisation, username=username, topic=topic, words=words[:200],
        link=link[:300], person=person, audit=audit,
    )  # fmt: skip
    Letter.objects.bulk_create(
        Letter(notice=row.pk, username=name, due_at=at) for name in _by_mail(organisation, username)
    )


def told(*, topic: str, link: str, since: int) -> bool:
    """Whether anybody was told of this since a moment, in microseconds since 1970."""
    return Notice.objects.filter(topic=topic, link=link, at__gte=since).exists()


def _by_mail(organisation: str, username: str) -> list[str]:
    """Who of them wants an e-mail, and can get one."""
    told = User.objects.filter(is_active=True).exclude(email="")
    told = told.filter(username=username) if username else told.filter(organisation=organisation)
    return sorted(
        told.filter(username__in=Mailing.objects.values("username")).values_list(
            "username", flat=True
        )
    )
