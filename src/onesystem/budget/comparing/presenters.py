"""Comparisons, blocks and spend in words and tables."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from onesystem.budget.comparing.activity import Bought, Line
from onesystem.budget.comparing.asked import Asked
from onesystem.budget.comparing.comparing import FEWER, MORE, NEITHER, PULLS, UNSURE, Compared
from onesystem.budget.comparing.forming import PROVIDER
from onesystem.budget.terms import Settlement
from onesystem.budget.terms.numbers import share_words
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

TAGS = {MORE: "warn", FEWER: "info", NEITHER: "good", UNSURE: "quiet"}
DEFINED = (
    (
        say("Paid"),
        say(
            "what the provider is paid for the twelve months, worked out line by line by the terms"
        ),
    ),
    (say("Left"), say("what is paid less what the contacts cost; below zero it is missing")),
    (
        say("One more, one fewer"),
        say("the same year with one contact more, or fewer, of the usual mix"),
    ),
    (say("Keeps"), say("what the provider has of that contact after what it costs")),
    (say("Pull"), say("which way what it keeps moves the provider; a penny is no pull")),
    (
        say("Plan"),
        say("the contacts of the twelve months before, where the log has them and nothing is set"),
    ),
    (say("Price"), say("what a contact cost in the year on average, where nothing is set")),
    (say("Elective"), say("outpatient and diagnostic contacts, and stays that were planned")),
    (say("Target, benchmark"), say("the plan at its price")),
)
HIDDEN = "so few that somebody might be known by it"


def whole(minor: int, currency: str) -> str:
    """To the nearest pound."""
    near = (abs(minor) + 50) // 100 * 100
    return str(Money(-near if minor < 0 else near, currency))[:-3]


def cell(minor: int | None, currency: str, *, href: str = "", pence: bool = False) -> Cell | str:
    """An amount in a table: whole pounds to read, to the penny in its title and in files."""
    if minor is None:
        return ""
    exact = str(Money(minor, currency))
    return Cell(
        exact if pence else whole(minor, currency), value=Decimal(minor).scaleb(-2), href=href,
        title="" if pence else exact,
    )  # fmt: skip


def compared(made: Compared, currency: str, query: Mapping[str, str]) -> Listing:
    """The forms side by side."""
    return Listing(
        caption="The same twelve months under each payment form", query=query, exports=False,
        columns=(
            Column("form", "Payment form"), Column("paid", "Paid", right=True),
            Column("left", "Left after cost", right=True),
            Column("more", "Paid for one more", right=True),
            Column("keeps", "It keeps", right=True),
            Column("fewer", "Lost for one fewer", right=True),
            Column("saves", "It keeps then", right=True), Column("pull", "Pulls"),
        ),
        all_rows=[
            [
                Cell(each.title, href=made.asked.link(form=each.name) + "#working"),
                cell(each.paid, currency), cell(each.left, currency),
                cell(each.more, currency, pence=True), cell(each.keeps_more, currency, pence=True),
                cell(each.fewer, currency, pence=True),
                cell(each.keeps_fewer, currency, pence=True),
                Cell(PULLS[each.pull], tag=TAGS[each.pull]),
            ]
            for each in made.results
        ],
    )  # fmt: skip


def working(made: Settlement, currency: str, provider: str) -> list[dict[str, Any]]:
    """The lines of a settlement, in words."""
    return [
        {
            "rule": line.rule, "words": line.words, "source": line.source,
            "amount": str(Money(line.amount, currency)), "moves": bool(line.party),
            "to": provider if line.party == PROVIDER else "",
        }
        for line in made.lines
    ]  # fmt: skip


def settings(asked: Asked, currency: str) -> list[tuple[str, str]]:
    """What was set, for files."""
    said = [
        (say("Plan"), say("{plan} contacts", plan=f"{asked.plan:,}")),
        (say("Price of a contact"), str(Money(asked.price or 0, currency))),
        (say("Aligned payment"), asked.aligned),
    ]
    return said + [(name, share_words(share)) for name, share in asked.numbers.items()]


def bought(
    parts: Sequence[Bought], names: Mapping[Any, str], currency: str, **said: Any
) -> Listing:
    """What a block bought, part by part."""
    return Listing(
        columns=(
            Column("part", said.pop("head")), Column("count", "Done", right=True),
            Column("unit", "Of what"), Column("cost", "Cost", right=True),
            Column("each", "Cost of one", right=True), Column("paid", "Of the block", right=True),
            Column("price", "Paid for one", right=True),
        ),
        all_rows=[_bought(each, names, currency) for each in parts], exports=False, **said,
    )  # fmt: skip


def _bought(part: Bought, names: Mapping[Any, str], currency: str) -> list[Any]:
    line = part.line
    name = names.get(line.key, str(line.key))
    if line.hidden:
        return [name, Cell(say("few"), title=HIDDEN), "", "", "", "", ""]
    return [
        name, Cell(f"{line.count:,}", value=line.count), line.unit, cell(line.cost, currency),
        cell(line.each, currency, pence=True), cell(part.paid, currency),
        cell(part.each, currency, pence=True),
    ]  # fmt: skip


def spend(lines: Sequence[Line], heads: Sequence[str], said: Any, currency: str, total: int,
          **more: Any) -> Listing:  # fmt: skip
    """Spend by whatever it is by; `said` gives the first cells of a line and how it is paid."""
    return Listing(
        columns=(
            *(Column(head.lower(), head) for head in heads), Column("count", "Done", right=True),
            Column("unit", "Of what"), Column("cost", "Cost", right=True),
            Column("share", "Of all", right=True), Column("each", "Cost of one", right=True),
            Column("basis", "National prices", right=True), Column("paid", "How it is paid"),
        ),
        all_rows=[_spend(line, said, currency, total) for line in lines], **more,
    )  # fmt: skip


def _spend(line: Line, said: Any, currency: str, total: int) -> list[Any]:
    cells, paid = said(line)
    if line.hidden:
        return [*cells, Cell(say("few"), title=HIDDEN), "", "", "", "", "", paid]
    return [
        *cells, Cell(f"{line.count:,}", value=line.count), line.unit, cell(line.cost, currency),
        percent(line.cost, total), cell(line.each, currency, pence=True),
        percent(line.national, line.cost), paid,
    ]  # fmt: skip


def percent(part: int, whole_: int) -> Cell | str:
    """A share in a table, one place."""
    if not whole_:
        return ""
    value = Fraction(100 * part, whole_)
    return Cell(f"{float(value):.1f} %", value=round(float(value), 2))


def change_words(share: Fraction) -> str:
    """As people say it: 10% more, 5% fewer; nothing where nothing was changed."""
    return f"{share_words(abs(share))} {'more' if share > 0 else 'fewer'}" if share else ""


def month_words(month: date) -> str:
    """A month as people say it."""
    return f"{month:%B %Y}"
