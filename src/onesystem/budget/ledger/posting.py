"""Writing postings, each once: a key that is known already is the posting that is there.

Whoever sends the same act twice, or goes on after a crash, posts nothing twice.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

from onesystem import access
from onesystem.access import quick
from onesystem.budget.ledger import queries
from onesystem.budget.ledger.entry import Posting, Unbalanced
from onesystem.budget.ledger.store import BATCH, Tied, Turn, filler, write
from onesystem.vocabulary.said import say


def write_once(here: Turn, tied: Iterable[Tied], act: str) -> list[int]:
    """Write what is new, find what is known by its key, and say so in the trail.

    Gives the numbers of the postings, in their order. Raises Unbalanced where a key is that of a
    posting which says something else.
    """
    found: list[int] = []
    filled, before = filler(), here.length
    waiting = iter(tied)
    while some := list(islice(waiting, BATCH)):
        some = [each._replace(posting=filled(each.posting)) for each in some]
        found += _some(here, some)
    if here.length > before:
        access.record(by=here.by, act=act, what=str(before + 1),
                      detail={"postings": here.length - before, "last": here.length})  # fmt: skip
    return found


def _some(here: Turn, tied: Sequence[Tied]) -> list[int]:
    known = _known({each.posting.key for each in tied if each.posting.key})
    found: list[int] = []
    fresh: list[Tied] = []
    old = False  # whether the posting before was there already
    for each in tied:
        key = each.posting.key
        if each.same_act and found:
            if old:
                continue
        elif old := bool(key) and key in known:
            found.append(_same(each.posting, *known[key]))
            continue
        fresh.append(each)
        found.append(here.length + len(fresh))
        if key:
            known[key] = found[-1], each.posting
    write(here, fresh)
    return found


def _known(keys: set[str]) -> dict[str, tuple[int, Posting | None]]:
    """The postings that have one of these keys already."""
    found: dict[str, tuple[int, Posting | None]] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        rows = quick.rows(
            f"SELECT key, id FROM budget_posting WHERE key IN ({quick.marks(some)}) AND key <> ''",
            some,
        )
        found |= {key: (number, None) for key, number in rows}
    return found


def _same(asked: Posting, number: int, known: Posting | None) -> int:
    """The number of what is there already. Raises Unbalanced where it is something else."""
    there = known or queries.posting(number)
    if (there.book, there.month, tuple(there.legs)) != (asked.book, asked.month, tuple(asked.legs)):
        raise Unbalanced(
            say(
                "the key {key} is that of posting {number}, which says something else",
                key=repr(asked.key),
                number=number,
            ),
            "Give a new posting a new key; correct the old one if it is wrong",
        )
    return number
