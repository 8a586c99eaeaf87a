"""Is the ledger as it was written? Every digest, sum and cell, and the end of the chain."""

from collections.abc import Iterator
from typing import Any

from onesystem.access import quick
from onesystem.budget.ledger.chain import START, Sealed, digest, heading
from onesystem.budget.ledger.entry import DIMENSIONS, Leg

_SOME = 2_000
_SEALED = 'id, at, "by", kind, book, month, currency, words, key, cause, act, reverses, reservation'


def faults() -> Iterator[str]:
    """What is wrong, one after the other."""
    length, last = _head()
    expected, previous = 1, START
    while expected <= length:
        upto = min(expected + _SOME - 1, length)
        rows = quick.rows(
            f"SELECT {_SEALED}, previous, digest FROM budget_posting "
            "WHERE id BETWEEN %s AND %s ORDER BY id", [expected, upto]
        )  # fmt: skip
        legs = _legs(expected, upto)
        for *content, before, kept in rows:
            sealed = Sealed(*content)
            if sealed.id != expected:
                yield f"posting {expected} is missing: posting {sealed.id} follows {expected - 1}"
            yield from _wrong(sealed, legs.get(sealed.id, []), before, kept, previous)
            expected, previous = sealed.id + 1, kept
        if expected <= upto:
            yield f"the ledger ends at posting {expected - 1}, and should end at posting {length}"
            return
    if previous != last:
        yield f"posting {length} is not the last one that was written"
    yield from _beyond(length)
    yield from _cells()
    yield from _closings()


def _wrong(
    sealed: Sealed, legs: list[tuple[str, int, int, Leg]], before: str, kept: str, previous: str
) -> Iterator[str]:
    if before != previous:
        yield f"posting {sealed.id} does not follow from the posting before it"
    if digest(sealed, [leg for _, _, _, leg in legs], before) != kept:
        yield f"posting {sealed.id} is not as it was written"
    total = sum(leg.amount for _, _, _, leg in legs)
    if total:
        yield f"the legs of posting {sealed.id} sum to {total}"
    for book, month, number, leg in legs:
        if book != sealed.book or month != sealed.month:
            yield f"a leg of posting {sealed.id} is of another book or month"
        if number != heading(book, leg):
            yield f"heading {number} is not what it was made for"


def _legs(first: int, last: int) -> dict[int, list[tuple[str, int, int, Leg]]]:
    found = quick.rows(
        "SELECT l.posting, h.book, l.month, h.id, h.account, l.amount, "
        f"{', '.join(f'h.{name}' for name in DIMENSIONS)}, l.person "
        "FROM budget_leg l JOIN budget_heading h ON h.id = l.heading "
        "WHERE l.posting BETWEEN %s AND %s ORDER BY l.posting, l.number",
        [first, last],
    )
    made: dict[int, list[Any]] = {}
    for posting, book, month, number, account, amount, *rest in found:
        leg = Leg(account, int(amount), *rest)
        made.setdefault(posting, []).append((book, month, number, leg))
    return made


def _beyond(length: int) -> Iterator[str]:
    now, _ = _head()  # others may be writing while this reads
    found = quick.rows("SELECT MAX(id) FROM budget_posting")[0][0] or 0
    if found > now:
        yield f"the ledger ends at posting {found}, and should end at posting {length}"


def _cells() -> Iterator[str]:
    found = quick.rows(
        "SELECT heading, month, SUM(a), SUM(n) FROM ("
        "SELECT heading, month, amount AS a, 1 AS n FROM budget_leg "
        "UNION ALL SELECT heading, month, -amount, -legs FROM budget_cell) every "
        "GROUP BY heading, month HAVING SUM(a) <> 0 OR SUM(n) <> 0 ORDER BY heading, month"
    )
    for number, month, amount, many in found:
        yield f"the balance of heading {number} in {month} is off by {-amount} and {-many} legs"


def _closings() -> Iterator[str]:
    found = quick.rows(
        "SELECT c.month, c.length FROM budget_closing c "
        "LEFT JOIN budget_posting p ON p.id = c.length "
        "WHERE c.length > 0 AND (p.id IS NULL OR p.digest <> c.digest) ORDER BY c.month"
    )
    for month, length in found:
        yield f"{month} was closed at posting {length}, which is not what it was then"
    late = quick.rows(
        "SELECT p.id, p.month FROM budget_closing c "
        "JOIN budget_posting p ON p.id > c.length AND p.month <= c.month ORDER BY p.id"
    )
    for number, month in late:
        yield f"posting {number} is in {month}, and was made after that month closed"


def _head() -> tuple[int, str]:
    found = quick.rows("SELECT length, digest FROM budget_ledger_head WHERE id = 1")
    return found[0] if found else (0, START)
