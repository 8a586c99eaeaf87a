"""Keeping what somebody writes, and letting go of it when it was sent, discarded or grew old.

A save says which version its page saw. One that did not see the last is refused with that one in
hand, so that two tabs never overwrite each other unseen. Nothing of this is in the trail: nobody
but the writer reads a draft.
"""

from collections.abc import Sequence

import orjson
from django.db import connection, transaction

from onesystem.access import Actor, Asker
from onesystem.care.drafts.queries import Begun, Fields, draft, oldest, owner_of
from onesystem.district import now
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

LONGEST = 200_000  # bytes of one draft
MOST = 500  # of one writer
_LONGEST_KEY = 200
_INSERT = (
    "INSERT INTO care_draft (owner, key, identity, path, fields, version, saved)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (owner, key) DO NOTHING"
)
_UPDATE = (
    "UPDATE care_draft SET identity = %s, path = %s, fields = %s, version = version + 1,"
    " saved = %s WHERE owner = %s AND key = %s AND version = %s"
)


class WrittenElsewhere(UserError):
    """Another tab has written since; what it wrote is `there`."""

    def __init__(self, there: Begun) -> None:
        super().__init__("this was also written in another tab", "Choose which of the two to keep.")
        self.there = there


@transaction.atomic
def keep(
    *, key: str, fields: Fields, seen: int, by: Actor | Asker, person: int = 0, path: str = ""
) -> Begun:
    """Keep what a form holds; `seen` is the version its page knows, 0 for none.

    Raises WrittenElsewhere where another tab has written since, UserError where it is too much.
    """
    text = _packed(key, fields)
    owner, at = owner_of(by), to_micros(now())
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [person, path[:500], text, at, owner, key, seen])
        if not cursor.rowcount:
            _room_for(owner)
            cursor.execute(_INSERT, [owner, key, person, path[:500], text, seen + 1, at])
        changed = cursor.rowcount
    there = draft(by, key)
    if there is None:  # an old one, which nobody sees any more, was in the way
        forget_old()
        return keep(key=key, fields=fields, seen=seen, by=by, person=person, path=path)
    if not changed and there.fields != fields:
        raise WrittenElsewhere(there)
    return there


def _packed(key: str, fields: Fields) -> str:
    text = orjson.dumps(fields).decode()
    if len(text.encode()) > LONGEST:
        raise UserError("this is too long to be kept", "Send it in two parts, or shorten it.")
    if not key or len(key) > _LONGEST_KEY:
        raise UserError("this form cannot be kept", "Send it before you leave the page.")
    return text


def _room_for(owner: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM care_draft WHERE owner = %s", [owner])
        if cursor.fetchone()[0] >= MOST:
            raise UserError(
                say("you have begun {most} forms", most=MOST), "Send or discard some: /drafts/mine/"
            )


def done(by: Actor | Asker, key: str) -> None:
    """Let go of a draft: what it held was sent."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM care_draft WHERE owner = %s AND key = %s", [owner_of(by), key])


def discard(*, key: str, seen: int, by: Actor | Asker) -> None:
    """Throw the version away that a page saw. Raises WrittenElsewhere where there is another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM care_draft WHERE owner = %s AND key = %s AND version = %s",
            [owner_of(by), key, seen],
        )
    if there := draft(by, key):
        raise WrittenElsewhere(there)


def forget_old() -> int:
    """Let go of what grew old; gives how many that were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM care_draft WHERE saved <= %s", [oldest()])
        return int(cursor.rowcount)


def forget(identities: Sequence[int]) -> int:
    """Forget what was begun about people whose record is destroyed; gives how many rows."""
    if not identities:
        return 0
    marks = ", ".join(["%s"] * len(identities))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM care_draft WHERE identity IN ({marks})", list(identities))
        return int(cursor.rowcount)
