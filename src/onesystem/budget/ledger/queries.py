"""What the ledger says: balances, what is left on a line, entries, months.

Balances are sums over cells (a heading's month), not over legs: a million legs are some thousand
cells. Filters take one value or several: `line="ed"`, `fund=["a", "b"]`; months are dates.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onesystem.access import quick
from onesystem.budget.ledger import months as calendar
from onesystem.budget.ledger.entry import ACTUAL, COMMITMENT, DIMENSIONS, PLAN, Leg
from onesystem.vocabulary import BadConfig, NotFound, nearest
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

COLUMNS = ("book", "account", *DIMENSIONS)
PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A leg with its posting, for lists."""

    posting: int
    at: datetime
    by: str
    kind: str
    book: str
    month: date
    words: str
    cause: str
    reverses: int | None
    reversed_by: int | None
    leg: Leg


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A posting as it is kept, with all its legs, and its ties."""

    number: int
    at: datetime
    by: str
    kind: str
    book: str
    month: date
    currency: str
    words: str
    key: str
    cause: str
    act: int
    reverses: int | None
    reservation: int | None
    reversed_by: int | None
    digest: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month: how many entries lie in it, and when it was closed, by whom."""

    month: date
    legs: int
    closed: bool
    at: datetime | None = None
    by: str = ""


def balance(
    *,
    book: str | None = None,
    account: str | None = None,
    month_from: date | None = None,
    month_to: date | None = None,
    **filters: Any,
) -> int:
    """The sum of what fits, in minor units. Filters: line, fund, organisation, service, ..."""
    where, values = _where({"book": book, "account": account, **filters}, month_from, month_to)
    found = quick.rows(
        "SELECT COALESCE(SUM(c.amount), 0) FROM budget_heading h "
        f"JOIN budget_cell c ON c.heading = h.id{where}", values
    )  # fmt: skip
    return int(found[0][0])


def balances(
    by: Sequence[str] = ("line", "month"),
    *,
    month_from: date | None = None,
    month_to: date | None = None,
    **filters: Any,
) -> list[dict[str, Any]]:
    """Sums by those columns (book, account, a dimension, month), with `amount` and `legs`."""
    for name in by:
        if name not in (*COLUMNS, "month"):
            raise BadConfig(
                say("the ledger has no {name}", name=repr(name)), nearest(name, (*COLUMNS, "month"))
            )
    named = ", ".join("c.month" if name == "month" else f"h.{name}" for name in by)
    where, values = _where(filters, month_from, month_to)
    found = quick.rows(
        f"SELECT {named}, SUM(c.amount), SUM(c.legs) FROM budget_heading h "
        f"JOIN budget_cell c ON c.heading = h.id{where} GROUP BY {named} ORDER BY {named}",
        values,
    )
    return [_row(by, row) for row in found]


def _row(by: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    made = dict(zip((*by, "amount", "legs"), row, strict=True))
    made["amount"], made["legs"] = int(made["amount"]), int(made["legs"])
    if "month" in made:
        made["month"] = calendar.first(made["month"])
    return made


def available(line: str, *, month_from: date | None = None, month_to: date | None = None) -> int:
    """What may still be promised or spent on a line: its budget, less reserved, less spent."""
    found = balances(
        ("book",), line=line, account=("budget", "reserved", "spent"),
        month_from=month_from, month_to=month_to,
    )  # fmt: skip
    by_book = {row["book"]: row["amount"] for row in found}
    return by_book.get(PLAN, 0) - by_book.get(COMMITMENT, 0) - by_book.get(ACTUAL, 0)


def held(reservation: int) -> int:
    """What a reservation still holds: neither drawn nor released."""
    found = quick.rows(
        "SELECT COALESCE(SUM(l.amount), 0) FROM budget_posting p "
        "JOIN budget_leg l ON l.posting = p.id "
        "JOIN budget_heading h ON h.id = l.heading "
        "WHERE (p.id = %s OR p.reservation = %s) AND h.account = 'reserved'",
        [reservation, reservation],
    )
    return int(found[0][0])


def reservations(**filters: Any) -> list[dict[str, Any]]:
    """Reservations that hold something: number, line, organisation, words, month, left ..."""
    where, values = _where({"book": COMMITMENT, "account": "reserved", **filters}, None, None)
    found = quick.rows(
        "SELECT r.id, r.month, r.words, r.cause, MIN(h.line), MIN(h.organisation), "
        "MIN(h.contract), MIN(h.decision), SUM(l.amount) "
        "FROM budget_heading h JOIN budget_leg l ON l.heading = h.id "
        "JOIN budget_posting p ON p.id = l.posting "
        f"JOIN budget_posting r ON r.id = COALESCE(p.reservation, p.id){where} "
        "GROUP BY r.id, r.month, r.words, r.cause HAVING SUM(l.amount) <> 0 ORDER BY r.id",
        values,
    )
    names = ("number", "month", "words", "cause", "line", "organisation", "contract", "decision")
    return [
        {**dict(zip(names, row, strict=False)), "month": calendar.first(row[1]),
         "left": int(row[-1])}
        for row in found
    ]  # fmt: skip


_ENTRIES = (
    "budget_leg l JOIN budget_heading h ON h.id = l.heading "
    "JOIN budget_posting p ON p.id = l.posting"
)
_LISTED = (
    'p.id, p.at, p."by", p.kind, h.book, l.month, p.words, p.cause, p.reverses, '
    "(SELECT c.id FROM budget_posting c WHERE c.reverses = p.id), h.account, l.amount, "
    f"{', '.join(f'h.{name}' for name in DIMENSIONS)}, l.person"
)


def entries(
    *,
    month_from: date | None = None,
    month_to: date | None = None,
    search: str = "",
    page: int = 1,
    per_page: int = PER_PAGE,
    **filters: Any,
) -> list[Entry]:
    """The entries that fit, the newest first; a page of them, or all with `per_page=0`.

    `search` looks into words, keys and causes; `by` is who posted; `cause` what led to it.
    """
    where, values = _where(filters, month_from, month_to, search=search, cell="l")
    some = f" LIMIT {int(per_page)} OFFSET {(max(1, int(page)) - 1) * int(per_page)}"
    # Which ones first, then what they say: of a line's thousands only a page is looked up.
    found = quick.rows(
        f"SELECT {_LISTED} FROM (SELECT l.posting, l.number FROM {_ENTRIES}{where} "
        f"ORDER BY l.posting DESC, l.number{some if per_page else ''}) w "
        "JOIN budget_leg l ON l.posting = w.posting AND l.number = w.number "
        "JOIN budget_heading h ON h.id = l.heading JOIN budget_posting p ON p.id = l.posting "
        "ORDER BY l.posting DESC, l.number", values
    )  # fmt: skip
    return [_entry(row) for row in found]


def many(
    *,
    month_from: date | None = None,
    month_to: date | None = None,
    search: str = "",
    **filters: Any,
) -> int:
    """How many entries fit. Without a search this is counted from cells, not from legs."""
    if search or any(filters.get(name) for name in ("by", "cause", "person_key")):
        where, values = _where(filters, month_from, month_to, search=search, cell="l")
        return int(quick.rows(f"SELECT COUNT(*) FROM {_ENTRIES}{where}", values)[0][0])
    where, values = _where(filters, month_from, month_to)
    found = quick.rows(
        "SELECT COALESCE(SUM(c.legs), 0) FROM budget_heading h "
        f"JOIN budget_cell c ON c.heading = h.id{where}", values
    )  # fmt: skip
    return int(found[0][0])


def _entry(row: Sequence[Any]) -> Entry:
    number, at, by, kind, book, month, words, cause, reverses, reversed_by = row[:10]
    return Entry(
        posting=number, at=from_micros(at), by=by, kind=kind, book=book,
        month=calendar.first(month), words=words, cause=cause, reverses=reverses,
        reversed_by=reversed_by, leg=Leg(row[10], int(row[11]), *row[12:]),
    )  # fmt: skip


_KEPT = (
    'p.id, p.at, p."by", p.kind, p.book, p.month, p.currency, p.words, p.key, p.cause, p.act, '
    "p.reverses, p.reservation, (SELECT c.id FROM budget_posting c WHERE c.reverses = p.id), "
    "p.digest"
)


def posting(number: int) -> Kept:
    """A posting with its legs. Raises NotFound."""
    found = postings([number])
    if not found:
        raise NotFound(
            say("there is no posting {number}", number=number), "Look for it at /budget/ledger/"
        )
    return found[0]


def postings(numbers: Iterable[int]) -> list[Kept]:
    """Those postings, with their legs, in their order."""
    wanted = sorted(set(numbers))
    made: list[Kept] = []
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        legs = _legs_of(some)
        rows = quick.rows(
            f"SELECT {_KEPT} FROM budget_posting p WHERE p.id IN ({quick.marks(some)}) "
            "ORDER BY p.id", some
        )  # fmt: skip
        made += [_kept(row, legs.get(row[0], [])) for row in rows]
    return made


def _legs_of(numbers: Sequence[int]) -> dict[int, list[Leg]]:
    found = quick.rows(
        f"SELECT l.posting, h.account, l.amount, {', '.join(f'h.{n}' for n in DIMENSIONS)}, "
        "l.person FROM budget_leg l JOIN budget_heading h ON h.id = l.heading "
        f"WHERE l.posting IN ({quick.marks(numbers)}) ORDER BY l.posting, l.number",
        numbers,
    )
    legs: dict[int, list[Leg]] = {}
    for number, account, amount, *rest in found:
        legs.setdefault(number, []).append(Leg(account, int(amount), *rest))
    return legs


def _kept(row: Sequence[Any], legs: Sequence[Leg]) -> Kept:
    number, at, by, kind, book, month, currency, words, key, cause, act = row[:11]
    return Kept(
        number=number, at=from_micros(at), by=by, kind=kind, book=book,
        month=calendar.first(month), currency=currency, words=words, key=key, cause=cause, act=act,
        reverses=row[11], reservation=row[12], reversed_by=row[13], digest=row[14],
        legs=tuple(legs),
    )  # fmt: skip


def numbered(key: str) -> int | None:
    """The posting with that key, if there is one."""
    found = quick.rows("SELECT id FROM budget_posting WHERE key = %s AND key <> ''", [key])
    return found[0][0] if found else None


def tied_to(number: int) -> list[Kept]:
    """The other postings of the same act, of the same reservation, and what reverses it."""
    kept = posting(number)
    found = quick.rows(
        "SELECT id FROM budget_posting WHERE act = %s OR id = %s OR reservation = %s "
        "OR reservation = %s OR id = %s OR id = %s OR reverses = %s",
        [kept.act, kept.act, number, kept.reservation, kept.reservation, kept.reverses, number],
    )
    return postings(n for (n,) in found if n != number)


def months() -> list[Month]:
    """Every month from the first with an entry to the last, and whether it is closed."""
    legs = {m: int(n) for m, n in quick.rows(
        "SELECT month, SUM(legs) FROM budget_cell GROUP BY month")}  # fmt: skip
    closings = {row[0]: row[1:] for row in quick.rows(
        'SELECT month, at, "by" FROM budget_closing ORDER BY month')}  # fmt: skip
    known = {*legs, *closings}
    if not known:
        return []
    ends = sorted(closings)
    made = []
    for month in calendar.between(min(known), max(known)):
        by = next((end for end in ends if end >= month), None)
        at, who = (from_micros(closings[by][0]), closings[by][1]) if by else (None, "")
        made.append(
            Month(month=calendar.first(month), legs=legs.get(month, 0), closed=by is not None,
                  at=at, by=who)
        )  # fmt: skip
    return made


def first_open() -> date | None:
    """The first month that takes entries; None where none is closed yet."""
    closed = quick.rows("SELECT MAX(month) FROM budget_closing")[0][0]
    return calendar.first(calendar.after(closed)) if closed else None


def verify() -> list[str]:
    """What is wrong with the ledger, in words; empty when it holds."""
    from onesystem.budget.ledger.verifying import faults

    return list(faults())


def _where(
    filters: Mapping[str, Any],
    month_from: date | None,
    month_to: date | None,
    *,
    search: str = "",
    cell: str = "c",
) -> tuple[str, list[Any]]:
    said: list[str] = []
    values: list[Any] = []
    for name, wanted in filters.items():
        if wanted is None or wanted in ("", [], ()):
            continue
        column = _column(name)
        if isinstance(wanted, str):
            said.append(f"{column} = %s")
            values.append(wanted)
        else:
            some = list(wanted)
            said.append(f"{column} IN ({quick.marks(some)})")
            values += some
    for sign, month in ((">=", month_from), ("<=", month_to)):
        if month is not None:
            said.append(f"{cell}.month {sign} %s")
            values.append(calendar.number(month))
    if search:
        like = f"%{search.lower()}%"
        said.append("(LOWER(p.words) LIKE %s OR LOWER(p.key) LIKE %s OR LOWER(p.cause) LIKE %s)")
        values += [like] * 3
    return (f" WHERE {' AND '.join(said)}" if said else ""), values


_OF_POSTING = {"by": 'p."by"', "cause": "p.cause", "person_key": "l.person"}


def _column(name: str) -> str:
    if name in COLUMNS:
        return f"h.{name}"
    if name in _OF_POSTING:
        return _OF_POSTING[name]
    raise BadConfig(
        say("the ledger has no {name}", name=repr(name)), nearest(name, (*COLUMNS, *_OF_POSTING))
    )


def since(moment: datetime) -> int:
    """How many postings were made since then."""
    found = quick.rows("SELECT COUNT(*) FROM budget_posting WHERE at >= %s", [to_micros(moment)])
    return int(found[0][0])
