"""Forms whose rows come and go while somebody writes: what they began finds its place again.

A press of *Add* or *Take away* makes the page anew, and its rows have other numbers then. What was
kept before would fill in the wrong ones; so the form is kept as it stands now, and the page says
which version it came with (`data-draft-seen`).
"""

from collections.abc import Mapping
from contextlib import suppress

from onesystem.access import Actor
from onesystem.care.drafts import actions
from onesystem.care.drafts.queries import draft
from onesystem.vocabulary import UserError
from onesystem.vocabulary.typed import numbers_of

_NOT_TYPED = {"csrfmiddlewaretoken", "seen", "do"}
_MOST = 50  # rows that a page offers because somebody began them


def keep_begun(*, by: Actor, key: str, raw: Mapping[str, str], path: str) -> int:
    """Keep a form as it stands; gives the version, 0 where it cannot be kept: the page has it."""
    there = draft(by, key)
    fields = {
        name: [text.replace("\r\n", "\n")] for name, text in raw.items() if name not in _NOT_TYPED
    }
    with suppress(UserError):
        seen = there.version if there else 0
        return actions.keep(key=key, fields=fields, seen=seen, by=by, path=path).version
    return 0


def rows_begun(*, by: Actor, key: str, part: str) -> int:
    """How many rows of a part of the form somebody had begun."""
    there = draft(by, key)
    numbers = numbers_of(there.fields, part) if there else []
    return min(_MOST, max(numbers, default=-1) + 1)
