"""Personal budgets in words: lists, sums, clocks, statements. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from onesystem.budget.personal.listing import Row, Wait, needs
from onesystem.budget.personal.programme import Book
from onesystem.budget.personal.standing import ENDED, STATES
from onesystem.budget.personal.statement import Statement, running
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.tables import Column
from onesystem.vocabulary.wording import day, length

KINDS = {"indicative": "info", "agreed": "warn", "live": "good", "paused": "warn",
         "ended": "quiet"}  # fmt: skip
_BAD = {"an answer is late", "the person died", "its year is over"}
ANSWERS: Mapping[str, tuple[str, str]] = {
    "waiting": (say("Waits for an answer"), "info"),
    "agreed": (say("Agreed"), "good"),
    "refused": (say("Refused"), "bad"),
    "withdrawn": (say("Taken back"), "quiet"),
    "answered": (say("Answered"), "good"),
    "used": (say("Agreed and bought"), "good"),
}
COLUMNS = tuple(
    Column(key, label)
    for key, label in (
        ("number", say("Number")), ("person", say("Person")), ("name", say("Name")),
        ("state", say("Stands")),
        ("cohort", say("Group")), ("agreed", say("Agreed")), ("left", say("Left")),
        ("ends", say("Until")),
        ("waits", say("Waits for an answer")), ("due", say("Next answer due")),
        ("owner", say("Owner")),
        ("needs", say("Needs somebody because")),
    )
)  # fmt: skip
LINES = (
    Column("day", "Day"), Column("kind", "What"), Column("item", "For"), Column("words", "Words"),
    Column("way", "Held"), Column("amount", "Amount", right=True),
    Column("left", "Left after it", right=True), Column("rule", "Rule"),
    Column("source", "Source"),
)  # fmt: skip
MEANINGS: Mapping[str, str] = say_each(
    {
        "Number": "The number of the budget, which the ledger has as the decision behind each leg",
        "Agreed": "What all purses agreed; before that, the indicative sum",
        "Left": "Agreed, less spent, less returned from the account",
        "Next answer due": "When the first request that waits is to be answered, UTC",
        "Needs somebody because": "Late answers, a year that is over, a review overdue, a death",
        "Amount": "How a line changes what is left; what is paid to the account leaves it as it is",
        "Left after it": "What is left once all lines up to this one have counted",
        "Rule": "By which rule the line counts",
        "Source": "What shows it: what was signed, the receipt by its hash, the ledger's book",
        "Held": "Who holds the money: us (notional), a third party, or the person (direct)",
    }
)
DID = say_each({
    "assessed": "Needs assessed, indicative budget told", "reassessed": "Assessed anew",
    "agreed": "Agreed", "signed": "Signed: the money is set aside", "added": "More money added",
    "paid": "Paid to the account", "spent": "Bought", "taken back": "Spending taken back",
    "asked": "Asked", "answered": "Answered", "withdrawn": "Request taken back",
    "paused": "Paused", "resumed": "Resumed", "handed over": "Handed over", "ended": "Ended",
})  # fmt: skip


def money(minor: int, currency: str) -> str:
    """An amount in words."""
    return str(Money(minor, currency))


def plain(minor: int) -> str:
    """An amount for a spreadsheet or a field: 12.50."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def row_words(row: Row, go_by: Book, currency: str, today: date, at: datetime) -> dict[str, Any]:
    """A row of the list."""
    cohorts = {each.name: each.about or each.title for each in go_by.every("cohort")}
    return {
        "row": row,
        "who": row.name or say("Person {person}", person=row.person),
        "state": (STATES[row.state], KINDS[row.state]),
        "cohort": cohorts.get(row.cohort, "none"),
        "agreed": money(row.agreed, currency),
        "left": money(row.left, currency),
        "until": day(row.ends),
        "waits": [(each.title, *clock_words(each, at)) for each in row.waits],
        "needs": [(words, "bad" if words in _BAD else "warn") for words in needs(row, today, at)],
    }


def csv_row(row: Row, go_by: Book, today: date, at: datetime) -> list[Any]:
    """The same for a file."""
    cohorts = {each.name: each.about or each.title for each in go_by.every("cohort")}
    return [
        row.reference, row.person, row.name, STATES[row.state], cohorts.get(row.cohort, ""),
        plain(row.agreed), plain(row.left), row.ends, len(row.waits), row.due, row.owner,
        "; ".join(needs(row, today, at)),
    ]  # fmt: skip


def clock_words(wait: Wait, at: datetime) -> tuple[str, str]:
    """A clock in words and its kind: how long there is, or how late it is."""
    if not wait.waiting:
        late = wait.answered is not None and wait.answered > wait.due
        return (say("answered late"), "warn") if late else (say("answered in time"), "good")
    if at > wait.due:
        return say("{length} late", length=length(at - wait.due)), "bad"
    left = wait.due - at
    return say("{left} left", left=length(left)), "warn" if left.days < 1 else "info"


def wait_words(wait: Wait, go_by: Book, currency: str, at: datetime) -> dict[str, Any]:
    """A request with its clock, its answer, and what can be done about a refusal."""
    items = {each.name: each.title for each in go_by.every("item")}
    reasons = {each.name: each for each in go_by.every("reason")}
    reason = reasons.get(wait.reason)
    return {
        "wait": wait,
        "what": items.get(wait.item, "") or wait.title,
        "amount": money(wait.amount, currency) if wait.amount else "",
        "clock": clock_words(wait, at),
        "state": ANSWERS[wait.state],
        "reason": reason.title if reason else "",
        "next": reason.next if reason else "",
    }


def statement_rows(told: Statement, currency: str) -> list[dict[str, Any]]:
    """The lines of the statement with what is left after each."""
    return [
        {"line": line, "day": day(line.day), "amount": money(line.amount, currency),
         "left": money(left, currency), "moved": money(abs(line.moved), currency),
         "paid": line.kind == "paid"}
        for line, left in running(told.lines)
    ]  # fmt: skip


def statement_csv(told: Statement) -> list[list[Any]]:
    """The same for a file, with the sums below and the check against the ledger."""
    rows: list[list[Any]] = [
        [line.day, line.kind, line.item, line.words, line.way, plain(line.amount), plain(left),
         line.rule, line.source]
        for line, left in running(told.lines)
    ]  # fmt: skip
    sums = (
        (say("Agreed"), told.agreed, say("the purses")),
        (say("Spent"), told.spent, say("the lines above")),
        ("Returned", told.returned, say("the lines above")),
        (say("Left"), told.left, say("what is above")),
        (say("Should be on the account"), told.account, say("paid, less spent, less returned")),
        (say("Drawn from the purses"), told.drawn, say("the purses")),
        (say("Spent by the ledger"), told.ledger_spent, say("the ledger, book actual")),
        (say("Set aside by the ledger"), told.ledger_reserved, say("the ledger, book commitment")),
    )
    rows += [["", "sum", "", words, "", plain(sum_), "", "", where] for words, sum_, where in sums]
    off = told.differences or {"nothing: it agrees to the penny": 0}
    rows += [["", "difference", "", words, "", plain(by), "", "reconciliation", ""]
             for words, by in off.items()]  # fmt: skip
    return rows


def ended_words(state: str, why: str, on: date | None, ends: Mapping[str, str]) -> str:
    """How it ended."""
    if state != ENDED or on is None:
        return ""
    return f"{ends.get(why, why)}, {day(on)}"


def owners(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Whose they are, for a filter."""
    some = sorted({row.owner for row in rows} | {w.owner for r in rows for w in r.waits if w.owner})
    return [("", say("Anybody's")), *((each, each) for each in some)]
