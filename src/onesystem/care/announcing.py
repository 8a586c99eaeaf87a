"""Telling open inboxes which requests moved, in the transaction in which they do."""

from collections import defaultdict
from collections.abc import Mapping

from django.db import connection

from onesystem.contacts import announce as announce_change

TOPIC = "requests"
MANY = 200  # requests in one word; beyond, a page asks for its list anew
_SOME = 500


def announce(moved: Mapping[int, str]) -> None:
    """Tell the inboxes where requests are, and where they go (empty: they stay), what moved.

    Before anything of it is written into the trail: whoever announces keeps others waiting until
    the commit, and so does the trail, always in this order.
    """
    told: dict[str, set[int]] = defaultdict(set)
    for request, service in (*_where(list(moved)), *moved.items()):
        if service:
            told[service].add(request)
    for service, requests in sorted(told.items()):
        some = sorted(requests) if len(requests) <= MANY else []
        announce_change(TOPIC, {"service": service, "requests": some})


def _where(requests: list[int]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for at in range(0, len(requests), _SOME):
        some = requests[at : at + _SOME]
        marks = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT request, service FROM care_request WHERE request IN ({marks})", some
            )
            found += cursor.fetchall()
    return found
