"""Forgetting what sources said, before a replay says it again.

Ids of identities stay, because contacts and audit rows point at them; officers' decisions stay,
because no message holds them. They act on the map again at once, and on all that comes after.
"""

from django.db import transaction

from onesystem.people import store
from onesystem.people.linking import settle
from onesystem.people.reaching import rulings_all

_WIPED = ("people_number", "people_alias", "people_said", "people_merged", "people_pair",
          "people_mapped", "people_pending", "people_crowd")  # fmt: skip
_BLANK = (
    "UPDATE people_identity SET person = id, seen_at = 0, known_at = 0, message = 0, digest = 0,"
    " texts = 0, family = '', given = '', other_names = '', birth_date = '', sex = '',"
    " address = '', postcode = '', phone = '', practice = '', died = '', restricted = 0,"
    " number = '', family_key = '', given_key = '', address_key = '', postcode_key = '',"
    " phone_key = ''"
)


def forget_map() -> None:
    """Wipe demographics and the map; keep identity ids and decisions, which are applied again."""
    with transaction.atomic(savepoint=False):
        store.lock_map()
        for table in _WIPED:
            store.run(f"DELETE FROM {table}")
        store.run(_BLANK)
        settle({end for pair in rulings_all() for end in pair}, at=store.now())
