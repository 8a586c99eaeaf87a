"""Identities that wait to be linked: runs of ids that `pending.link_pending` works off."""

from collections.abc import Iterable, Sequence

from onesystem.people import store

Run = tuple[int, int]


def mark_pending(ids: Iterable[int]) -> None:
    """Let these identities wait for `link_pending`."""
    store.many("INSERT INTO people_pending (first, last) VALUES (%s, %s)", runs(sorted(set(ids))))


def runs(ids: Sequence[int]) -> list[Run]:
    """Ascending ids as runs, from the first to the last of each."""
    found: list[Run] = []
    for each in ids:
        if found and each == found[-1][1] + 1:
            found[-1] = (found[-1][0], each)
        else:
            found.append((each, each))
    return found
