"""Postings and entries in words, with their links."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from onesystem.budget.ledger import causes, queries
from onesystem.budget.ledger.entry import ACCOUNTS, BOOKS, DIMENSIONS
from onesystem.district import District
from onesystem.vocabulary import Money
from onesystem.vocabulary.said import listed, say, say_each
from onesystem.vocabulary.tables import Cell, Column

COLUMNS = (
    Column("posting", "Posting", sorts=False),
    Column("month", "Month", sorts=False),
    Column("account", "Account", sorts=False),
    Column("amount", "Amount", right=True, sorts=False),
    Column("line", "Line", sorts=False),
    Column("organisation", "Organisation", sorts=False),
    Column("about", "For", sorts=False),
    Column("words", "What it is", sorts=False),
    Column("by", "Posted by", sorts=False),
)
OF_ONE = say("Of one person")
BOOK_WORDS = say_each({"plan": "Plan", "commitment": "Commitment", "actual": "Actual"})


def money(minor: int, currency: str) -> str:
    """£1,234.56."""
    return str(Money(int(minor), currency))


def address(**filters: Any) -> str:
    """The entries that fit."""
    kept = {name: value for name, value in filters.items() if value}
    return f"{reverse('ledger:entries')}?{urlencode(kept)}"


def named(code: str, here: District) -> str:
    """An organisation by its name, where the district knows it."""
    known = here.organisations.get(code)
    return known.name if known else code


def seen(entry: queries.Entry, *, people: bool) -> queries.Entry:
    """An entry as somebody may see it: of one person's, only that it is one, without the right.

    The figures of the ledger are everybody's with `budget.see`. What is said of one person's
    money, and the contract by which they could be found, is for those who keep such money.
    """
    if people or not entry.leg.person_key:
        return entry
    leg = replace(entry.leg, contract="", decision="")
    return replace(entry, leg=leg, words=OF_ONE, cause="")


def row(entry: queries.Entry, here: District) -> list[Any]:
    """An entry as a row of the page."""
    leg = entry.leg
    about = [leg.fund, leg.service, leg.setting, leg.contract, leg.decision]
    if leg.person_key:
        about.append(say("one person"))
    return [
        Cell(str(entry.posting), entry.posting, reverse("ledger:posting", args=[entry.posting]),
             note=_state(entry.reverses, entry.reversed_by)),
        f"{entry.month:%b %Y}",
        Cell(listed([BOOK_WORDS[entry.book], leg.account], ": "), href=address(book=entry.book,
                                                                     account=leg.account)),
        Cell(money(leg.amount, here.currency), leg.amount / 100),
        Cell(leg.line, href=address(line=leg.line) if leg.line else ""),
        named(leg.organisation, here), listed(each for each in about if each), entry.words,
        entry.by,
    ]  # fmt: skip


def _state(reverses: int | None, reversed_by: int | None) -> str:
    if reversed_by:
        return say("taken back by {reversed_by}", reversed_by=reversed_by)
    return say("takes back {reverses}", reverses=reverses) if reverses else ""


def legs(kept: queries.Kept, here: District) -> list[dict[str, Any]]:
    """A posting's legs, each with what it is for."""
    return [
        {
            "account": leg.account,
            "means": ACCOUNTS[kept.book].get(leg.account, ""),
            "debit": money(leg.amount, here.currency) if leg.amount > 0 else "",
            "credit": money(-leg.amount, here.currency) if leg.amount < 0 else "",
            "about": [
                (name, named(said, here) if name == "organisation" else said,
                 address(**{name: said}))
                for name, said in zip(DIMENSIONS, leg.dimensions, strict=True) if said
            ],
            "person": bool(leg.person_key),
        }
        for leg in kept.legs
    ]  # fmt: skip


def ties(kept: queries.Kept) -> list[tuple[str, queries.Kept]]:
    """What is tied to a posting, each with how."""
    found = []
    for each in queries.tied_to(kept.number):
        if each.number == kept.reverses:
            how = say("What this one takes back")
        elif each.reverses == kept.number:
            how = say("Takes this one back")
        elif each.act == kept.act:
            how = say("Of the same act")
        elif each.number == kept.reservation:
            how = say("The reservation")
        else:
            how = say("Of the same reservation")
        found.append((how, each))
    return found


def whole(kept: queries.Kept, *, people: bool) -> queries.Kept:
    """A posting as somebody may see it: see `seen`."""
    if people or not any(leg.person_key for leg in kept.legs):
        return kept
    legs = tuple(replace(leg, contract="", decision="") if leg.person_key else leg
                 for leg in kept.legs)  # fmt: skip
    return replace(kept, words=OF_ONE, key="", cause="", legs=legs)


def cause(kept: queries.Kept) -> tuple[str, str]:
    """What led to it, in words, and where it is."""
    return causes.told(kept.cause) if kept.cause else ("", "")


def options(column: str, here: District) -> list[tuple[str, str]]:
    """Values of a dimension that have entries, for a choice."""
    values = [row[column] for row in queries.balances(by=(column,)) if row[column]]
    if column == "organisation":
        return [("", say("Any")), *((value, named(value, here)) for value in values)]
    return [("", say("Any")), *((value, value) for value in values)]


def books() -> list[tuple[str, str]]:
    """The books, for a choice."""
    return [("", say("Any")), *((book, BOOK_WORDS[book]) for book in BOOKS)]


def accounts(book: str) -> list[tuple[str, str]]:
    """The accounts of a book, or of all, for a choice."""
    known = [name for each, some in ACCOUNTS.items() if not book or each == book for name in some]
    return [("", say("Any")), *((name, name.capitalize()) for name in known)]
