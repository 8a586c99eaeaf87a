"""What the ledger says of funds and lines, and what acts on the plan say to it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from onesystem.access import Actor
from onesystem.budget.funds.acts import Transfer
from onesystem.budget.funds.fences import Holding
from onesystem.budget.funds.shape import Line
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger import queries
from onesystem.budget.ledger.entry import Leg, Posting
from onesystem.budget.months import Year
from onesystem.vocabulary.said import say_each

PLAN, COMMITMENT, ACTUAL = "plan", "commitment", "actual"
_OF = say_each({PLAN: "budget", COMMITMENT: "reserved", ACTUAL: "spent"})
Amounts = dict[str, int]


def by_line(book: str, first: date | None, last: date, lines: Iterable[str] = ()) -> Amounts:
    """What a book holds by line over some months."""
    rows = queries.balances(
        ("line",), book=book, account=_OF[book], month_from=first, month_to=last,
        line=list(lines) or None,
    )  # fmt: skip
    return {row["line"]: row["amount"] for row in rows if row["line"]}


def by_month(book: str, year: Year, lines: Iterable[str] = ()) -> dict[str, dict[date, int]]:
    """What a book holds by line and month of a year."""
    rows = queries.balances(
        ("line", "month"), book=book, account=_OF[book], month_from=year.first,
        month_to=year.last, line=list(lines) or None,
    )  # fmt: skip
    made: dict[str, dict[date, int]] = {}
    for row in rows:
        if row["line"]:
            made.setdefault(row["line"], {})[row["month"]] = row["amount"]
    return made


def total(book: str, first: date, last: date) -> int:
    """What a book holds over some months, whether or not on a line that anybody knows."""
    return queries.balance(book=book, account=_OF[book], month_from=first, month_to=last)


def last_spent(year: Year) -> date | None:
    """The last month of a year in which anything is posted as spent; None for none."""
    rows = queries.balances(
        ("month",), book=ACTUAL, account=_OF[ACTUAL], month_from=year.first, month_to=year.last
    )
    return max((row["month"] for row in rows if row["amount"]), default=None)


def contributed(year: Year, last: date | None = None) -> dict[tuple[str, str], int]:
    """What was given in a year, by fund and organisation."""
    rows = queries.balances(
        ("fund", "organisation"), book=PLAN, account="contributed", month_from=year.first,
        month_to=last or year.last,
    )  # fmt: skip
    return {(row["fund"], row["organisation"]): -row["amount"] for row in rows}


def holding(year: Year) -> Holding:
    """What the fences look at."""
    given: Amounts = {}
    for (fund, _), amount in contributed(year).items():
        given[fund] = given.get(fund, 0) + amount
    before = year.before
    return Holding(
        by_line(PLAN, year.first, year.last), given, by_line(ACTUAL, before.first, before.last)
    )


def bound(year: Year, lines: Iterable[str]) -> Amounts:
    """What of lines is promised or spent in a year."""
    some = list(lines)
    spent = by_line(ACTUAL, year.first, year.last, some)
    promised = by_line(COMMITMENT, year.first, year.last, some)
    return {line: spent.get(line, 0) + promised.get(line, 0) for line in some}


def closed(month: date) -> bool:
    """Whether a month takes no more entries."""
    first = queries.first_open()
    return first is not None and month < first


def first_open(year: Year) -> date | None:
    """The first month of a year that is open; None where all are closed."""
    return next((month for month in year.months if not closed(month)), None)


def plan(
    months: Iterable[tuple[date, Sequence[Transfer]]],
    lines: Mapping[str, Line],
    organisation: str,
    words: str,
    cause: str,
    by: Actor,
) -> None:
    """Write transfers to the plan, each month a posting; all or nothing."""
    made = []
    for month, some in months:
        legs = [leg for each in some for leg in _legs(each, lines, organisation)]
        if legs:
            key = f"{cause}:{month:%Y-%m}"
            made.append(Posting(PLAN, month, tuple(legs), words.strip()[:500], key, cause))
    ledger.post_many(made, by=by)


def _legs(each: Transfer, lines: Mapping[str, Line], organisation: str) -> list[Leg]:
    other = lines[each.to or each.source]
    gives = Leg("contributed", -each.amount, fund=other.fund, organisation=organisation)
    return [
        _leg(lines[each.source], -each.amount) if each.source else gives,
        _leg(lines[each.to], each.amount) if each.to else gives.turned(),
    ]


def _leg(line: Line, amount: int) -> Leg:
    return Leg(
        "budget", amount, line=line.code, fund=line.fund, organisation=line.organisation,
        service=line.service, setting=line.setting,
    )  # fmt: skip
