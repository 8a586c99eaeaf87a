"""Costs in words: amounts, bases, lines of a working, and what small counts leave unsaid."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from onesystem.budget.costing.queries import Cost
from onesystem.budget.costing.working import CostLine, Portion
from onesystem.district import District
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say, say_date, say_each
from onesystem.vocabulary.tables import Cell, Column
from onesystem.vocabulary.wording import day as day_words

BASES = {
    "own": (say("own minutes"), "good"),
    "national": (say("national average"), "warn"),
    "none": (say("not costed"), "bad"),
}
KINDS = say_each({
    "staff": "Staff", "bed": "Bed", "consumables": "Consumables", "tests": "Tests",
    "national": "National average", "overhead": "Overheads", "none": "Not costed",
})  # fmt: skip
UNITS = {
    "contact": "contacts", "minute": "minutes", "night": "nights", "day": "days", "hour": "hours",
    "week": "weeks", "": "",
}  # fmt: skip
COLUMNS = (
    Column("minor", "Cost", right=True), Column("contacts", "Contacts", right=True),
    Column("mean", "A contact", right=True),
)  # fmt: skip
_NEAR = 100_000  # minor units to which a sum beside a hidden part is rounded


def money(minor: int | None, here: District) -> str:
    """An amount to the penny."""
    return "" if minor is None else str(Money(minor, here.currency))


def cell(minor: Fraction | float, here: District, **more: Any) -> Cell:
    """An amount of a table: to the penny, and as a number in files."""
    whole = round(minor)
    return Cell(money(whole, here), value=Decimal(whole).scaleb(-2), **more)


def price(value: Fraction, here: District) -> str:
    """A price of one unit, which may be a part of a minor unit."""
    if value.denominator == 1:
        return money(int(value), here)
    whole = money(int(value), here)
    return f"{whole[: whole.rindex('.')]}.{int(value) % 100:02d}{_part(value)}"


def _part(value: Fraction) -> str:
    """What is behind the penny: two more figures."""
    return f"{int(value % 1 * 100):02d}"


def named(by: str, value: Any, here: District) -> str:
    """A service, provider, month ... by its name."""
    if by == "service":
        return here.service_name(value) if value else say("no service")
    if by == "organisation":
        known = here.organisations.get(value)
        return known.name if known else (value or say("not in the directory"))
    if by == "month":
        return f"{value:%B %Y}"
    if by == "basis":
        return BASES[value][0].capitalize()
    if by == "kind":
        return KINDS.get(value, value)
    return str(value) or say("none said")


def row(
    cost: Cost, by: str, here: District, *, exact: bool, href: str = ""
) -> list[Any]:  # fmt: skip
    """A row of a table. Those who may not see people are told nothing of a few."""
    name = named(by, cost.key[by], here)
    first = Cell(name, value=f"{cost.key[by]:%Y-%m}" if by == "month" else name, href=href)
    if hides(cost, here, exact=exact):
        few = Cell(
            say("under {suppress_below}", suppress_below=here.suppress_below),
            value="",
            title=say("Too few contacts to tell"),
        )
        return [first, few, few, few]
    return [
        first, cell(cost.minor, here), Cell(f"{cost.contacts:,}", value=cost.contacts),
        cell(cost.mean, here) if cost.mean is not None else "",
    ]  # fmt: skip


def hides(cost: Cost, here: District, *, exact: bool) -> bool:
    """Whether a figure is of so few contacts that it stays unsaid."""
    return not exact and 0 < cost.contacts < here.suppress_below


def total(costs: Sequence[Cost], here: District, *, exact: bool) -> str:
    """The sum; rounded where it would tell what a hidden part of it is."""
    minor = sum(cost.minor for cost in costs)
    if any(hides(cost, here, exact=exact) for cost in costs):
        return say("about {minor}", minor=money(round(minor / _NEAR) * _NEAR, here)[:-3])
    return money(minor, here)


def coverage(costs: Iterable[Cost]) -> list[dict[str, Any]]:
    """How much of the money, and of the contacts, is own, national, or not costed."""
    by = {cost["basis"]: cost for cost in costs}
    money_in_all = sum(cost.minor for cost in by.values())
    contacts = sum(cost.contacts for cost in by.values())
    made, start = [], 0.0
    for basis, (words, kind) in BASES.items():
        if basis in by:
            share = _share(by[basis].minor, money_in_all)
            made.append({"words": words, "kind": kind, "money": share, "from": start,
                         "contacts": _share(by[basis].contacts, contacts)})  # fmt: skip
            start += share
    return made


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def portion(each: Portion, here: District) -> dict[str, Any]:
    """A month of one contact, with its lines."""
    words, kind = BASES[each.basis]
    return {
        "month": f"{each.month:%B %Y}", "rule": each.words or each.reason, "basis": words,
        "kind": kind, "minor": money(each.minor, here),
        "lines": [line(one, here) for one in each.lines],
    }  # fmt: skip


def line(each: CostLine, here: District) -> dict[str, str]:
    """A line of a working."""
    of = (
        say("{percent} % of {quantity}", percent=each.percent, quantity=money(each.quantity, here))
        if each.kind == "overhead"
        else say(
            "{quantity} {units} at {price}",
            quantity=f"{each.quantity:,}",
            units=UNITS[each.unit],
            price=price(each.price, here),
        )
    )
    return {
        "words": each.words,
        "kind": KINDS[each.kind],
        "of": of,
        "source": each.source,
        "minor": money(each.minor, here),
    }


def definitions(first: date, last: date, day: date | None) -> list[tuple[str, str]]:
    """What the figures mean, for the page and for the second sheet of a file."""
    upto = (
        say("up to the beginning of {day_words}", day_words=day_words(day))
        if day
        else say("not worked out yet")
    )
    return [
        (
            say("Cost"),
            (
                say(
                    "Of every contact: the minutes of each staff group, bed-days, consumables, "
                    "tests and overheads of its rule, each line in whole minor units, half to even."
                )
            ),
        ),
        (say("Own minutes"), say("The rule says which minutes of which staff a contact takes.")),
        (
            say("National average"),
            (
                say(
                    "No minutes are said: the average unit cost of England, moved to the prices of "
                    "the year by the deflator that the rule names."
                )
            ),
        ),
        (
            say("Month"),
            say("A contact costs in the month in which it began; a stay in each of its months."),
        ),
        (say("Contacts"), say("Those that cost something in these months, each once.")),
        (
            say("Months"),
            say("{first} to {last}", first=say_date(first, "%B %Y"), last=say_date(last, "%B %Y")),
        ),
        (say("Costed"), upto),
    ]
