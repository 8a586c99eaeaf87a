"""Access: who may do what, to whom, and why. Roles, rights, purposes, sign-in, audit.

The names below are the room's door; everything else is internal.

    Actor, may, require     who acts, and whether they may
    record, verify_trail    the append-only, hash-chained audit trail
    page, opens_person      the two decorators of pages
    exported                a listing as a file, where a page is asked for one
"""

from importlib import import_module
from typing import Any

from onesystem.access.actor import Actor
from onesystem.access.rights import may, may_open, require
from onesystem.access.roles import PURPOSES, RIGHTS, ROLES

# These need Django to be ready, so they are imported when they are first asked for.
_LATER = {
    "record": "onesystem.access.audit",
    "verify_trail": "onesystem.access.audit",
    "page": "onesystem.access.doors",
    "opens_person": "onesystem.access.doors",
    "exported": "onesystem.access.exports",
}

__all__ = [
    "PURPOSES",
    "RIGHTS",
    "ROLES",
    "Actor",
    "exported",
    "may",
    "may_open",
    "opens_person",
    "page",
    "record",
    "require",
    "verify_trail",
]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"access has no {name!r}")
