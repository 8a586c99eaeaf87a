"""Access: who may do what, to whom, and why. Roles, rights, purposes, sign-in, audit.

The names below are the room's door; everything else is internal.

    Actor, may, require     who acts, and whether they may by their role
    Asker, decide, scope    the one decision about a person's data: for one person, for a query
    kinds                   kinds of data that are sensitive, and `kinds.label_of`
    record, record_many     the append-only, hash-chained audit trail
    verify_trail            what is wrong with it
    page, opens_person      the two decorators of pages
    exported                a listing as a file, where a page is asked for one
    notify                  that something waits for a user or an organisation
"""

from onesystem.access import kinds
from onesystem.access.actor import Actor
from onesystem.access.asker import Asker, Grain, Scopes
from onesystem.access.deciding import decide, register, require_open, scope
from onesystem.access.decision import Allowed, Facts, Refused
from onesystem.access.rights import may, may_open, require
from onesystem.access.roles import PURPOSES, RIGHTS, ROLES
from onesystem.vocabulary.door import lazy

# These need Django to be ready, so they are imported when they are first asked for.
_LATER = {
    "Row": "audit",
    "asker_of": "asking",
    "record": "audit",
    "record_many": "audit",
    "verify_trail": "audit",
    "page": "doors",
    "opens_person": "doors",
    "exported": "exports",
    "notify": "notices.telling",
}

__all__ = [
    "PURPOSES",
    "RIGHTS",
    "ROLES",
    "Actor",
    "Allowed",
    "Asker",
    "Facts",
    "Grain",
    "Refused",
    "Row",
    "Scopes",
    "asker_of",
    "decide",
    "exported",
    "kinds",
    "may",
    "may_open",
    "notify",
    "opens_person",
    "page",
    "record",
    "record_many",
    "register",
    "require",
    "require_open",
    "scope",
    "verify_trail",
]

__getattr__ = lazy(__name__, _LATER)
