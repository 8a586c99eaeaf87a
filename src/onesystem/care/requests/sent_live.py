"""Telling the pages of those who sent requests that one of them moved."""

from collections.abc import Iterable
from typing import Any

import orjson
from django.db import connection

from onesystem import access, contacts
from onesystem.access import Actor, Asker
from onesystem.flow.live import Event

TOPIC = "requests-sent"
PREFIX = "sent:"  # of a channel: they share the way of inboxes through the stream
MANY = 20  # requests told of one by one; beyond, pages ask for their list anew
_SOME = 500


def channel_of(by: Asker, whole: bool) -> str:
    """The channel that a page of somebody listens to: theirs, or their organisation's."""
    if whole and by.actor.organisation:
        return f"organisation:{by.actor.organisation}"
    return f"user:{by.actor.name}"


def may_listen(actor: Actor, channel: str) -> bool:
    """Whether that channel is theirs."""
    theirs = {f"user:{actor.name}", f"organisation:{actor.organisation}"}
    return access.may(actor, "person.open") and channel in theirs and not channel.endswith(":")


def announce(requests: Iterable[int]) -> None:
    """Tell the senders, and where they lie, of requests that moved; in the same transaction."""
    wanted = sorted(set(requests))
    for at in range(0, len(wanted), _SOME):
        some = wanted[at : at + _SOME]
        marks = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT request, sender, organisation FROM care_request"
                f" WHERE sender <> '' AND request IN ({marks})",
                some,
            )
            found = cursor.fetchall()
        for request, sender, organisation in found[:MANY]:
            contacts.announce(TOPIC, _payload(request, sender, organisation))


def _payload(request: int, sender: str, organisation: str) -> dict[str, Any]:
    # A number of this size is rounded by a page's script: it goes as text.
    return {"request": str(request), "to": [f"user:{sender}", f"organisation:{organisation}"]}


def events(changes: Iterable[Any], *, last: int) -> list[Event]:
    """An event for each channel and request of which something was announced."""
    told = {
        (to, str(change.payload["request"])): None
        for change in changes
        if change.topic == TOPIC
        for to in change.payload["to"]
    }
    return [
        Event(
            id=last,
            name="sent",
            channel=f"inbox:{PREFIX}{to}",
            full=orjson.dumps({"request": request}),
        )
        for to, request in told
    ]
