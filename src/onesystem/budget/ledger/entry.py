"""What a posting is: legs that sum to nothing, in one book and one month. Pure.

    plan        `budget` (+, on a line) against `contributed` (-, of an organisation)
    commitment  `reserved` (+, on a line) against `promised` (-)
    actual      `spent` (+, on a line) against `owed` (-, to an organisation), `cash`, `received`

A leg that is debited is above nothing, one that is credited below. Money is whole minor units of
the district's currency; a person is a key, never a name.

>>> Posting("plan", date(2026, 4, 1), (Leg("budget", 500, line="ed"), Leg("contributed", -500)),
...         "Opening budget").sum
0
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from onesystem.vocabulary.errors import UserError, nearest
from onesystem.vocabulary.money import Money

PLAN: Final = "plan"
COMMITMENT: Final = "commitment"
ACTUAL: Final = "actual"
BOOKS: Final = (PLAN, COMMITMENT, ACTUAL)
ACCOUNTS: Final[Mapping[str, Mapping[str, str]]] = {
    PLAN: {
        "budget": "What may be used, on a line",
        "contributed": "Who put it in",
    },
    COMMITMENT: {
        "reserved": "What a decision or an order holds, on a line",
        "promised": "To whom it is promised",
    },
    ACTUAL: {
        "spent": "What was used, on a line",
        "owed": "To whom it is owed",
        "cash": "What was paid out or came in",
        "received": "Income",
        "charged": "What people pay themselves",
        "shared": "Gain or loss shared under a contract",
        "held": "Money that somebody holds for a person",
    },
}
DIMENSIONS: Final = (
    "line", "fund", "organisation", "service", "setting", "contract", "decision",
)  # fmt: skip
LARGEST = 10**15  # ten trillion in whole units: more is a slip of the hand
MOST_LEGS = 65_535
_LONGEST, _LONGEST_WORDS = 200, 500


class Unbalanced(UserError, ValueError):
    """What was to be posted is no posting."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a posting: an account, an amount, and what it is for."""

    account: str
    amount: int
    line: str = ""
    fund: str = ""
    organisation: str = ""
    service: str = ""
    setting: str = ""
    contract: str = ""
    decision: str = ""
    person_key: str = ""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What it is for, in the order of DIMENSIONS."""
        return (self.line, self.fund, self.organisation, self.service, self.setting,
                self.contract, self.decision)  # fmt: skip

    def turned(self) -> "Leg":
        """The same on the other side."""
        return replace(self, amount=-self.amount)


@dataclass(frozen=True, slots=True)
class Posting:
    """Legs that move together. The same `key` again is the same posting; `cause` led to it."""

    book: str
    month: date
    legs: Sequence[Leg]
    words: str
    key: str = ""
    cause: str = ""

    @property
    def sum(self) -> int:
        """Nothing, if it is sound."""
        return sum(leg.amount for leg in self.legs)


def minor(amount: "int | Money", currency: str) -> int:
    """Whole minor units of `currency`. Raises Unbalanced for another currency or a fraction."""
    if isinstance(amount, Money):
        if amount.currency != currency:
            raise Unbalanced(
                f"{amount} is in {amount.currency}, and the ledger is in {currency}",
                f"Change it into {currency} first, and say at which rate",
            )
        return amount.minor
    if type(amount) is not int:
        raise Unbalanced(
            f"{amount!r} is not a whole number of minor units",
            "Give pence or cents as a whole number: 12.34 is 1234",
        )
    return amount


def check(posting: Posting) -> None:
    """Nothing where it is sound. Raises Unbalanced naming the rule and the cure."""
    known = ACCOUNTS.get(posting.book)
    if known is None:
        raise Unbalanced(f"there is no book {posting.book!r}", nearest(posting.book, BOOKS))
    if posting.month.day != 1:
        raise Unbalanced(
            f"{posting.month} is no month", f"Give its first day: {posting.month.replace(day=1)}"
        )
    if not posting.words.strip():
        raise Unbalanced("a posting needs words that say what it is", "Say it in one line")
    if not 2 <= len(posting.legs) <= MOST_LEGS:
        raise Unbalanced(
            f"a posting has two legs or more, and this one has {len(posting.legs)}",
            "Say where the money comes from and where it goes",
        )
    total = 0
    for leg in posting.legs:
        amount = leg.amount
        if type(amount) is not int or not amount or not -LARGEST < amount < LARGEST:
            _amount(leg)
        if leg.account not in known:
            raise Unbalanced(
                f"the book {posting.book} has no account {leg.account!r}",
                nearest(leg.account, known),
            )
        total += amount
    if total:
        raise Unbalanced(
            f"the legs of {posting.words!r} sum to {total}, not to nothing",
            "What is put on one account is taken from another",
        )
    _texts(posting)


def _amount(leg: Leg) -> None:
    minor(leg.amount, "")
    if not leg.amount:
        raise Unbalanced(f"a leg on {leg.account!r} moves nothing", "Leave it out")
    raise Unbalanced(
        f"{leg.amount} minor units on {leg.account!r} is more than any district has",
        "Look for a slip of the hand",
    )


def _texts(posting: Posting) -> None:
    if len(posting.words) > _LONGEST_WORDS:
        raise Unbalanced(f"the words are longer than {_LONGEST_WORDS} letters", "Say it shorter")
    texts = {posting.words, posting.key, posting.cause}
    for leg in posting.legs:
        texts.update(leg.dimensions)
        texts.add(leg.person_key)
    for text in texts:
        if "\0" in text or (len(text) > _LONGEST and text != posting.words):
            raise Unbalanced(
                f"{text[:30]!r} is no code that the ledger can keep",
                f"Codes have at most {_LONGEST} letters and no control characters",
            )
