"""How the purses share what is spent and what comes back, to the penny. Pure.

Each payment is drawn in proportion to what is left in each purse. So no purse is ever drawn below
nothing, and all reach nothing together; the parts sum to the payment.

    left 650.00 and 350.00, spend 99.99:  64.99 and 35.00
"""

from collections.abc import Mapping

from onesystem.vocabulary import UserError
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say

WEEKS = 52


def shares(amount: int, left: Mapping[str, int], currency: str) -> dict[str, int]:
    """The part of each purse. Raises UserError where all purses together hold less."""
    if amount < 0:
        raise UserError("a share of less than nothing", "Take the spending back instead.")
    total = sum(left.values())
    if amount > total:
        raise UserError(
            say(
                "{money} is more than the {money2} that is left",
                money=Money(amount, currency),
                money2=Money(total, currency),
            ),
            "Ask for less, or ask for more money in the budget.",
        )
    if not amount:
        return dict.fromkeys(left, 0)
    parts = Money(amount, currency).split(list(left.values()))
    return {line: part.minor for line, part in zip(left, parts, strict=True)}


def may_keep(agreed: int, weeks: int) -> int:
    """What may stay on the account at the end of a year: so many weeks' money, rounded down."""
    return agreed * weeks // WEEKS


def unspent(*, paid: int, spent: int, keep: int) -> tuple[int, int]:
    """Of what is left on the account: what stays there, and what goes back to the purses."""
    left = max(0, paid - spent)
    stays = min(left, max(0, keep))
    return stays, left - stays
