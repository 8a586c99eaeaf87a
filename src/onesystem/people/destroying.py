"""Forgetting who somebody is, for good. The ids stay, because the trail points at them."""

from collections.abc import Mapping, Sequence

from onesystem.people import store
from onesystem.people.described import Description
from onesystem.people.linking import settle
from onesystem.people.meeting import columns

_OF = ("people_number", "people_alias", "people_said")
_PAIRED = ("people_merged", "people_pair", "people_ruling")


def destroy(identities: Sequence[int], subjects: Mapping[int, str]) -> int:
    """Blank these identities, in the caller's transaction; gives how many descriptions went.

    `subjects` says what each is called from now on, so that its source's own key is gone too and
    what the source sends next is somebody new.
    """
    ids = list(identities)
    marks = store.marks(ids)
    store.lock_map()
    gone = 0
    for table in _OF:
        counted = store.rows(f"SELECT COUNT(*) FROM {table} WHERE identity IN ({marks})", ids)
        gone += int(counted[0][0])
        store.run(f"DELETE FROM {table} WHERE identity IN ({marks})", ids)
    for table in _PAIRED:
        store.run(f"DELETE FROM {table} WHERE a IN ({marks}) OR b IN ({marks})", [*ids, *ids])
    # The ledger of the map keeps who was joined and when; its evidence may say by what.
    store.run(f"UPDATE people_mapped SET evidence = '' WHERE identity IN ({marks})", ids)
    blank = columns(Description(), {}, 0, 0)
    names = ", ".join(f"{name} = %s" for name in store.DESCRIBED)
    for each in ids:
        store.run(
            f"UPDATE people_identity SET {names}, subject = %s WHERE id = %s",
            [*blank, subjects[each], each],
        )
    settle(ids, at=store.now())
    return gone + len(ids)
