"""What to look at before a month is closed; other rooms add what they know of it.

register(lambda month: Item("Contacts are costed", done, "412 of 412", "/budget/costs/..."))
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from onesystem.budget.ledger import queries
from onesystem.budget.ledger.entry import BOOKS
from onesystem.vocabulary.said import say, say_date


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list. `done` is None where it is to be known, not to be put right."""

    words: str
    done: bool | None
    note: str = ""
    href: str = ""
    must: bool = False  # the month is not closed while it is not done
    override: str = ""  # the name under which it is closed all the same, with a reason

    @property
    def stops(self) -> bool:
        """Whether the month is not closed while this stands."""
        return self.must and self.done is False


Check = Callable[[date], Item]
_OTHERS: list[Check] = []


def register(check: Check) -> None:
    """Another room's line of the list; the same check again is one."""
    if check not in _OTHERS:
        _OTHERS.append(check)


def stopping(month: date) -> list[Item]:
    """What other rooms know that stops a month from closing."""
    return [item for check in _OTHERS if (item := check(month)).stops]


def items(month: date) -> Iterator[Item]:
    """The list for a month."""
    earlier = [m for m in queries.months() if not m.closed and m.month < month and m.legs]
    yield Item(
        say("Earlier months are closed"),
        not earlier,
        say(
            "{earlier} would be closed with it, from {month}",
            earlier=len(earlier),
            month=say_date(earlier[0].month, "%B %Y"),
        )
        if earlier
        else "",
    )
    sums = {row["book"]: row for row in queries.balances(by=("book",), month_from=month,
                                                         month_to=month)}  # fmt: skip
    off = [book for book, row in sums.items() if row["amount"]]
    yield Item(say("Each book sums to nothing"), not off, ", ".join(off), "/budget/ledger/verify/",
               must=True)  # fmt: skip
    for book in BOOKS:
        if book != "commitment":
            legs = sums.get(book, {}).get("legs", 0)
            there = f"/budget/ledger/?book={book}&from={month:%Y-%m}&to={month:%Y-%m}"
            yield Item(say("The {book} has entries", book=book), legs > 0, f"{legs:,}", there)
    still = [r for r in queries.reservations() if r["month"] <= month]
    yield Item(
        say("Reservations that still hold something"), None if still else True,
        say("{still}; they stay drawable afterwards",
            still=f"{len(still):,}") if still else say("none"),
        "/budget/ledger/?book=commitment&account=reserved",
    )  # fmt: skip
    for check in _OTHERS:
        yield check(month)
