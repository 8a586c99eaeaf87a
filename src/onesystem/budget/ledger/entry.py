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
from onesystem.vocabulary.said import say, say_each

PLAN: Final = "plan"
COMMITMENT: Final = "commitment"
ACTUAL: Final = "actual"
BOOKS: Final = (PLAN, COMMITMENT, ACTUAL)
ACCOUNTS: Final[Mapping[str, Mapping[str, str]]] = {
    PLAN: say_each(
        {
            "budget": "What may be used, on a line",
            "contributed": "Who put it in",
        }
    ),
    COMMITMENT: say_each(
        {
            "reserved": "What a decision or an order holds, on a line",
            "promised": "To whom it is promised",
        }
    ),
    ACTUAL: say_each(
        {
            "spent": "What was used, on a line",
            "owed": "To whom it is owed",
            "cash": "What was paid out or came in",
            "received": "Income",
            "charged": "What people pay themselves",
            "shared": "Gain or loss shared under a contract",
            "held": "Money that somebody holds for a person",
        }
    ),
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
                say(
                    "{amount} is in {currency}, and the ledger is in {currency2}",
                    amount=amount,
                    currency=amount.currency,
                    currency2=currency,
                ),
                say("Change it into {currency} first, and say at which rate", currency=currency),
            )
        return amount.minor
    if type(amount) is not int:
        raise Unbalanced(
            say("{amount} is not a whole number of minor units", amount=repr(amount)),
            "Give pence or cents as a whole number: 12.34 is 1234",
        )
    return amount


def check(posting: Posting) -> None:
    """Nothing where it is sound. Raises Unbalanced naming the rule and the cure."""
    known = ACCOUNTS.get(posting.book)
    if known is None:
        raise Unbalanced(
            say("there is no book {book}", book=repr(posting.book)), nearest(posting.book, BOOKS)
        )
    if posting.month.day != 1:
        raise Unbalanced(
            say("{month} is no month", month=posting.month),
            say("Give its first day: {month}", month=posting.month.replace(day=1)),
        )
    if not posting.words.strip():
        raise Unbalanced("a posting needs words that say what it is", "Say it in one line")
    if not 2 <= len(posting.legs) <= MOST_LEGS:
        raise Unbalanced(
            say("a posting has two legs or more, and this one has {legs}", legs=len(posting.legs)),
            "Say where the money comes from and where it goes",
        )
    total = 0
    for leg in posting.legs:
        amount = leg.amount
        if type(amount) is not int or not amount or not -LARGEST < amount < LARGEST:
            _amount(leg)
        if leg.account not in known:
            raise Unbalanced(
                say(
                    "the book {book} has no account {account}",
                    book=posting.book,
                    account=repr(leg.account),
                ),
                nearest(leg.account, known),
            )
        total += amount
    if total:
        raise Unbalanced(
            say(
                "the legs of {words} sum to {total}, not to nothing",
                words=repr(posting.words),
                total=total,
            ),
            "What is put on one account is taken from another",
        )
    _texts(posting)


def _amount(leg: Leg) -> None:
    minor(leg.amount, "")
    if not leg.amount:
        raise Unbalanced(
            say("a leg on {account} moves nothing", account=repr(leg.account)), "Leave it out"
        )
    raise Unbalanced(
        say(
            "{amount} minor units on {account} is more than any district has",
            amount=leg.amount,
            account=repr(leg.account),
        ),
        "Look for a slip of the hand",
    )


def _texts(posting: Posting) -> None:
    if len(posting.words) > _LONGEST_WORDS:
        raise Unbalanced(
            say("the words are longer than {longest_words} letters", longest_words=_LONGEST_WORDS),
            "Say it shorter",
        )
    texts = {posting.words, posting.key, posting.cause}
    for leg in posting.legs:
        texts.update(leg.dimensions)
        texts.add(leg.person_key)
    for text in texts:
        if "\0" in text or (len(text) > _LONGEST and text != posting.words):
            raise Unbalanced(
                say("{text} is no code that the ledger can keep", text=repr(text[:30])),
                say(
                    "Codes have at most {longest} letters and no control characters",
                    longest=_LONGEST,
                ),
            )
