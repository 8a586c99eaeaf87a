"""The ledger as a file: plain text for an outside program, a workbook for Excel.

A person behind a leg leaves as "one person": whose it is stays here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from onesystem.access import quick
from onesystem.budget.ledger import presenters, queries, text
from onesystem.budget.ledger.entry import ACCOUNTS, DIMENSIONS
from onesystem.district import current, now
from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.vocabulary import to_local

MOST = 200_000  # entries that a workbook takes: Excel ends at a million rows
HEAD = (
    "posting", "month", "book", "account", "amount", *DIMENSIONS, "person", "words", "by", "posted",
    "cause", "reverses", "reversed by",
)  # fmt: skip
MEANINGS = {
    "posting": "The number of the posting: its legs share it, and they sum to nothing",
    "month": "The month that it counts in",
    "book": "plan: what may be used. commitment: what is promised. actual: what was used",
    "account": "What the leg is on; see below",
    "amount": "In the district's currency; what is put on an account is above nothing",
    "line": "The budget line",
    "fund": "The fund that the money is from",
    "organisation": "Who put it in, or to whom it is promised, owed or paid",
    "service": "The service that it is for",
    "setting": "The kind of service",
    "contract": "The contract under which it moved",
    "decision": "The decision that it follows from",
    "person": "Says where the leg is of one person; never of whom",
    "words": "What was said when it was posted",
    "by": "Who posted it: a user, or a job",
    "posted": "When, by the district's clocks",
    "cause": "What led to it",
    "reverses": "The posting that this one takes back",
    "reversed by": "The posting that takes this one back",
}


def as_text(*, people: bool = True, **filters: Any) -> str:
    """The whole ledger, or the part of those months, in the syntax of Beancount."""
    here = current()
    found = (presenters.whole(each, people=people) for each in _by_month(**filters))
    made = text.lines(found, here.currency, f"{here.name}: ledger")
    return "\n".join(made) + "\n"


def _by_month(month_from: Any = None, month_to: Any = None) -> Iterator[queries.Kept]:
    where = " AND ".join(["1 = 1", *(["month >= %s"] if month_from else []),
                          *(["month <= %s"] if month_to else [])])  # fmt: skip
    values = [m.year * 100 + m.month for m in (month_from, month_to) if m]
    found = quick.rows(
        f"SELECT id FROM budget_posting WHERE {where} ORDER BY month, id",
        values,
    )
    for start in range(0, len(found), 500):
        some = [n for (n,) in found[start : start + 500]]
        kept = {each.number: each for each in queries.postings(some)}
        yield from (kept[n] for n in some)


def as_workbook(filters: Mapping[str, Any], *, people: bool = True) -> bytes:
    """The entries that fit, their balances by month, and what each column means."""
    here = current()
    entries = queries.entries(per_page=MOST, **filters)
    plain = {k: v for k, v in filters.items() if k in {*queries.COLUMNS, "month_from", "month_to"}}
    sums = queries.balances(
        by=("book", "account", "line", "fund", "organisation", "month"), **plain
    )
    said = [*MEANINGS.items(),
            *((f"{book}: {name}", words) for book, known in ACCOUNTS.items()
              for name, words in known.items())]  # fmt: skip
    about = [
        ("District", here.name), ("Currency", here.currency),
        ("Made", f"{to_local(now(), here.zone):%Y-%m-%d %H:%M} {here.zone}"),
        ("Shows", ", ".join(f"{k}: {v}" for k, v in filters.items() if v) or "everything"),
        ("Entries", len(entries)), ("Source", "The district's ledger; see /budget/ledger/verify/"),
    ]  # fmt: skip
    return workbook(
        Sheet(name="Entries", head=HEAD, rows=(row(each, people=people) for each in entries),
              widths=[10] * len(HEAD)),
        Sheet(name="Balances", head=["book", "account", "line", "fund", "organisation", "month",
                                     "amount", "entries"],
              rows=([r["book"], r["account"], r["line"], r["fund"], r["organisation"],
                     r["month"], r["amount"] / 100, r["legs"]] for r in sums), widths=[16] * 8),
        Sheet(name="Definitions", head=[], rows=said, widths=[24, 90], keys=True),
        Sheet(name="About", head=[], rows=about, widths=[16, 60], keys=True),
    )  # fmt: skip


def row(entry: queries.Entry, *, people: bool = True) -> list[Any]:
    """An entry as a row of the workbook, and of the page's CSV."""
    entry = presenters.seen(entry, people=people)
    here, leg = current(), entry.leg
    return [
        entry.posting, entry.month, entry.book, leg.account, leg.amount / 100, *leg.dimensions,
        "one person" if leg.person_key else "", entry.words, entry.by,
        to_local(entry.at, here.zone).replace(tzinfo=None, microsecond=0), entry.cause,
        entry.reverses, entry.reversed_by,
    ]  # fmt: skip
