"""Writing postings down: one line of writers, numbers without gaps, each digest from the last.

`turn` takes the ledger's head for update. Until the transaction ends nobody else posts, closes or
reserves, on SQLite and on PostgreSQL, so what is looked up inside a turn still holds when it is
acted upon. Take the turn before anything is written to the audit trail: two that take the two
lines in different orders would wait for each other.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db import transaction

from onesystem import access
from onesystem.access import quick
from onesystem.budget.ledger import months
from onesystem.budget.ledger.chain import START, Sealed, digest, heading
from onesystem.budget.ledger.entry import Leg, Posting, Unbalanced, check
from onesystem.district import current, now
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

_TAKE = (
    "UPDATE budget_ledger_head SET length = length WHERE id = 1 RETURNING length, digest, currency"
)
_BEGIN = (
    "INSERT INTO budget_ledger_head (id, length, digest, currency) VALUES (1, 0, %s, %s) "
    "ON CONFLICT (id) DO NOTHING"
)
_KEEP = "UPDATE budget_ledger_head SET length = %s, digest = %s WHERE id = 1"
_HEADING = (
    "INSERT INTO budget_heading (id, book, account, line, fund, organisation, service, setting, "
    f"contract, decision) VALUES ({', '.join(['%s'] * 10)}) ON CONFLICT (id) DO NOTHING"
)
_LEG_COLUMNS = "posting, number, heading, month, amount, person"
_POSTING_COLUMNS = (
    'id, at, "by", kind, book, month, currency, words, key, cause, act, reverses, reservation, '
    "previous, digest"
)
BATCH = 20_000
_COPIED = 50  # from so many rows on, PostgreSQL takes them as a stream


class Tied(NamedTuple):
    """A posting with what ties it to others: the reservation that it changes, what it reverses."""

    posting: Posting
    reservation: int | None = None
    reverses: int | None = None
    same_act: bool = False  # of one act with the posting before it


@dataclass
class Turn:
    """The end of the chain, while it is ours."""

    length: int
    digest: str
    currency: str
    closed: int
    by: access.Actor
    at: int
    headings: set[int] = field(default_factory=set)  # that this turn saw to


@contextmanager
def turn(by: access.Actor) -> Iterator[Turn]:
    """The ledger, for this actor alone until the transaction ends."""
    if not isinstance(by, access.Actor):
        raise TypeError("every posting has a person or a named job behind it: by= takes an Actor")
    with transaction.atomic():
        found = quick.rows(_TAKE)
        if not found:
            quick.many(_BEGIN, [[START, current().currency]])
            found = quick.rows(_TAKE)
        [(length, last, currency)] = found
        if currency != current().currency:
            raise UserError(
                say(
                    "the ledger is in {currency}, and the district in {currency2}",
                    currency=currency,
                    currency2=current().currency,
                ),
                say(
                    "Set currency = {currency} in district.toml, or begin a new store",
                    currency=repr(currency),
                ),
            )
        yield Turn(length, last, currency, closed_through(), by, to_micros(now()))


def closed_through() -> int:
    """The last month that is closed, as a number; 0 where none is."""
    return quick.rows("SELECT MAX(month) FROM budget_closing")[0][0] or 0


def write(here: Turn, tied: Sequence[Tied]) -> None:
    """Write postings down in our turn, with the next numbers. Raises Unbalanced."""
    for posting, *_ in tied:
        check(posting)
        refuse_closed(here, months.number(posting.month))
    if tied:
        _write(here, tied)


def refuse_closed(here: Turn, month: int) -> None:
    """Nothing where the month is open. Raises Unbalanced."""
    if month <= here.closed:
        raise Unbalanced(
            say(
                "{month} is closed: the ledger is closed up to the end of {closed}",
                month=months.words(month),
                closed=months.words(here.closed),
            ),
            say("Post it into {after} or later", after=months.words(months.after(here.closed))),
        )


def _write(here: Turn, batch: Sequence[Tied]) -> None:
    headings: dict[int, tuple[Any, ...]] = {}
    by_content: dict[Any, int] = {}
    legs, postings = [], []
    number, act = here.length, 0
    by, kind, at, currency, previous = (
        here.by.name, here.by.kind, here.at, here.currency, here.digest,
    )  # fmt: skip
    for posting, reservation, reverses, same_act in batch:
        number += 1
        act = act if same_act and act else number
        month, book = posting.month.year * 100 + posting.month.month, posting.book
        sealed = Sealed(number, at, by, kind, book, month, currency, posting.words, posting.key,
                        posting.cause, act, reverses, reservation)  # fmt: skip
        for place, leg in enumerate(posting.legs):
            dimensions = leg.dimensions
            content = (book, leg.account, dimensions)
            known = by_content.get(content)
            if known is None:
                known = by_content[content] = heading(book, leg)
                headings[known] = (known, book, leg.account, *dimensions)
            legs.append((number, place, known, month, leg.amount, leg.person_key))
        before, previous = previous, digest(sealed, posting.legs, previous)
        postings.append((*sealed, before, previous))
    quick.many(_HEADING, [row for n, row in headings.items() if n not in here.headings])
    here.headings.update(headings)
    _insert("budget_leg", _LEG_COLUMNS, legs)
    _insert("budget_posting", _POSTING_COLUMNS, postings)
    quick.many(_KEEP, [[number, previous]])
    here.length, here.digest = number, previous


def _insert(table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    if quick.vendor() == "postgresql" and len(rows) >= _COPIED:
        with (
            quick.store().cursor() as cursor,
            cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    many = columns.count(",") + 1
    quick.many(f"INSERT INTO {table} ({columns}) VALUES ({quick.marks(range(many))})", rows)


Describe = Callable[[str], dict[str, str] | None]
_described_by: list[Describe] = []


def register_lines(describe: Describe) -> None:
    """Who knows lines: gives what a line is for (`fund`, `organisation`, `service`, `setting`).

    A leg on a line says these for itself where the posting does not. None for a line that the
    other does not know; it may raise for one that must not be posted to.
    """
    _described_by[:] = [describe]


def filler() -> Callable[[Posting], Posting]:
    """Postings whose legs say what their lines are for; each line is asked for once."""
    asked: dict[str, dict[str, str]] = {}
    if not _described_by:
        return lambda posting: posting

    def said(line: str) -> dict[str, str]:
        if line not in asked:
            asked[line] = {k: v for k, v in (_described_by[0](line) or {}).items() if v}
        return asked[line]

    def fill(leg: Leg) -> Leg:
        if not leg.line:
            return leg
        lacks = {k: v for k, v in said(leg.line).items() if not getattr(leg, k)}
        return replace(leg, **lacks) if lacks else leg

    def filled(posting: Posting) -> Posting:
        return replace(posting, legs=tuple(fill(leg) for leg in posting.legs))

    return filled
