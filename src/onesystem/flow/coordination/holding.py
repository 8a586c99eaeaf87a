"""For what purpose the worklist is open in a session, while that holds; and the district's day."""

import time
from datetime import date, timedelta

from django.http import HttpRequest

from onesystem import access, district
from onesystem.vocabulary import to_local

KEY = "worklist"  # of the session: [purpose, reason, until]


def held(request: HttpRequest) -> tuple[str, str] | None:
    """The purpose and the reason given for the list in this session, while they hold."""
    kept = request.session.get(KEY)
    if kept is None or kept[2] <= time.time():
        return None
    if not access.may_open(access.Actor.of(request.user), kept[0]):
        return None
    return kept[0], kept[1]


def local_day(more: int = 0) -> date:
    """The district's day, or one so many days later."""
    today = to_local(district.now(), district.current().zone).date()
    return today + timedelta(days=more)
