"""What may be bought with a personal budget, and why not. Pure."""

from dataclasses import dataclass
from datetime import date

from onesystem.budget.personal.programme import Book, Item
from onesystem.vocabulary.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """The answer for one item and price: yes, ask or no, with the reason and what comes next."""

    rule: str
    item: Item
    reason: str = ""
    words: str = ""
    next: str = ""


def may_buy(book: Book, name: str, amount: int, day: date, currency: str) -> May:
    """Whether it may be bought on that day for that price. Raises UserError on no such item."""
    item: Item = book.one("item", name, day)
    if item.rule == "no":
        reason = book.one("reason", item.reason, day)
        return May(rule="no", item=item, reason=reason.name, words=reason.title, next=reason.next)
    if item.rule == "yes" and item.most and amount > item.most:
        words = f"Above {Money(item.most, currency)} we answer first"
        return May(rule="ask", item=item, words=words, next="Ask, and say what it is for")
    words = "We answer first" if item.rule == "ask" else ""
    return May(rule=item.rule, item=item, words=words)


def listed(book: Book, day: date) -> dict[str, list[Item]]:
    """What may be bought on a day: yes, ask and no, each in the order of the file."""
    found: dict[str, list[Item]] = {"yes": [], "ask": [], "no": []}
    for item in book.on("item", day).values():
        found[item.rule].append(item)
    return found
