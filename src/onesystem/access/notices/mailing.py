"""Sending what is due by e-mail, through whatever back end Django is set to; a job of the district.

A letter says that there is something to read and where. One that cannot be sent is tried again,
later each time, for a day; nobody's page waits for a mail server.
"""

import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from onesystem.access.models import Letter, Notice, User
from onesystem.access.notices.topics import TOPICS
from onesystem.district import current, now
from onesystem.vocabulary.kept import to_micros

TRIES = 8
_AT_ONCE = 50
_FIRST = timedelta(minutes=2)


def waits() -> bool:
    """Whether a letter is due."""
    return Letter.objects.filter(sent_at__isnull=True, due_at__lte=to_micros(now())).exists()


def send() -> int:
    """Send what is due, oldest first; gives how many went."""
    due = list(
        Letter.objects.filter(sent_at__isnull=True, due_at__lte=to_micros(now())).order_by("pk")[
            :_AT_ONCE
        ]
    )
    to = dict(
        User.objects.filter(username__in=[each.username for each in due]).values_list(
            "username", "email"
        )
    )
    about = Notice.objects.in_bulk([each.notice for each in due])
    mails, gone = get_connection(), 0
    for letter in due:
        notice, address = about.get(letter.notice), to.get(letter.username, "")
        if notice is None or not address or notice.seen_at is not None:
            _done(letter)  # read already, or nobody to write to any more
            continue
        try:
            _mail(notice, address, mails).send()
        except (smtplib.SMTPException, OSError):
            _later(letter)
        else:
            _done(letter)
            gone += 1
    return gone


def _mail(notice: Notice, address: str, mails: object) -> EmailMessage:
    here = current()
    where = settings.ADDRESS.rstrip("/") + notice.link if settings.ADDRESS else "onesystem"
    body = (
        f"{TOPICS.get(notice.topic, 'There is something to read')}.\n\n"
        f"Sign in to read it: {where}\n\n"
        f"{here.name}, on onesystem. This message holds nothing about a person. You get it because"
        " you asked for notices by e-mail; Notices, in the menu beside your name, is where to stop."
    )
    return EmailMessage(
        subject=f"{here.name}: something waits for you", body=body, to=[address],
        connection=mails,
    )  # fmt: skip


def _done(letter: Letter) -> None:
    letter.sent_at = to_micros(now())
    letter.save(update_fields=["sent_at"])


def _later(letter: Letter) -> None:
    letter.tries += 1
    if letter.tries >= TRIES:
        _done(letter)
        return
    letter.due_at = to_micros(now() + _FIRST * 2**letter.tries)
    letter.save(update_fields=["tries", "due_at"])
