"""How one posting follows from the one before: a digest over all that it says. Pure.

The digest is BLAKE2b over canonical JSON: the posting's own fields, its legs in their order, and
the digest before. Whoever changes a penny of an old posting changes every digest after it.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import orjson

from onesystem.budget.ledger.entry import Leg

START = "0" * 64


class Sealed(NamedTuple):
    """A posting as it is kept. `act` is the first posting of the same act, `at` microseconds."""

    id: int
    at: int
    by: str
    kind: str
    book: str
    month: int
    currency: str
    words: str
    key: str
    cause: str
    act: int
    reverses: int | None
    reservation: int | None


def digest(sealed: Sealed, legs: Sequence[Leg], previous: str) -> str:
    """The digest of a posting that follows from `previous`."""
    told = [
        (leg.account, leg.amount, leg.line, leg.fund, leg.organisation, leg.service, leg.setting,
         leg.contract, leg.decision, leg.person_key)
        for leg in legs
    ]  # fmt: skip
    content = orjson.dumps([*sealed, told, previous])
    return hashlib.blake2b(content, digest_size=32).hexdigest()


def heading(book: str, leg: Leg) -> int:
    """The number of a heading: the same for the same account and dimensions, everywhere.

    63 bits of a digest: with 100,000 headings, one chance in two thousand million that two meet;
    the check of the chain, which reads each leg's heading, would show it.
    """
    content = orjson.dumps((book, leg.account, *leg.dimensions))
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big") >> 1
