"""The ledger as plain text that an outside program checks: the syntax of Beancount. Pure.

    2026-04-01 * "Opening budget"
      posting: 1
      by: "person ann"
      digest: "3f..."
      Equity:Plan:Budget:Ed  1000.00 GBP
        line: "ed"
      Equity:Plan:Contributed:No-line  -1000.00 GBP

Every transaction lies on the first of its month, and carries what the chain needs: who posted and
when, and the digest. At the end each account's balance is asserted, so that a program which reads
the file agrees with this one or says where it does not. An account's last part is its line with
letters that Beancount takes; the line as it is written here stands below the leg. A leg that is of
one person says only that.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from onesystem.budget.ledger.entry import ACTUAL, DIMENSIONS, Leg
from onesystem.budget.months import later
from onesystem.vocabulary.said import say

_ROOTS = {"spent": "Expenses", "owed": "Liabilities", "received": "Income", "charged": "Income"}
_OUTSIDE = re.compile(r"[^A-Za-z0-9-]+")


class Written(Protocol):
    """A posting as `queries` gives it."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def by(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def book(self) -> str: ...  # noqa: D102
    @property
    def month(self) -> date: ...  # noqa: D102
    @property
    def currency(self) -> str: ...  # noqa: D102
    @property
    def words(self) -> str: ...  # noqa: D102
    @property
    def cause(self) -> str: ...  # noqa: D102
    @property
    def reverses(self) -> int | None: ...  # noqa: D102
    @property
    def digest(self) -> str: ...  # noqa: D102
    @property
    def legs(self) -> Sequence[Leg]: ...  # noqa: D102


def account(book: str, leg: Leg) -> str:
    """Under which name Beancount knows a leg's account and line.

    >>> account("plan", Leg("budget", 5, line="mental health/cmht"))
    'Equity:Plan:Budget:Mental-health-cmht'
    """
    if book == ACTUAL:
        root = _ROOTS.get(leg.account, "Assets")
        parts = [root, leg.account.capitalize()]
    else:
        parts = ["Equity", book.capitalize(), leg.account.capitalize()]
    # A balance in Beancount is that of an account with all below it: a leg without a line has a
    # name of its own beside the lines.
    line = _OUTSIDE.sub("-", leg.line).strip("-") or ("Other" if leg.line else "No-line")
    parts.append(line[0].upper() + line[1:])
    return ":".join(parts)


def amount(minor: int) -> str:
    """Minor units as a decimal number: 12.34."""
    return f"{'-' * (minor < 0)}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def lines(postings: Iterable[Written], currency: str, title: str) -> Iterator[str]:
    """The file, line by line. The postings come in the order of their months."""
    yield say('option "title" {title}', title=_quoted(title))
    yield say('option "operating_currency" "{currency}"', currency=currency)
    yield ""
    totals: dict[str, int] = {}
    last: date | None = None
    for each in postings:
        for name in dict.fromkeys(account(each.book, leg) for leg in each.legs):
            if name not in totals:
                totals[name] = 0
                yield say(
                    "{month} open {name} {currency}", month=each.month, name=name, currency=currency
                )
        yield from _transaction(each)
        for leg in each.legs:
            totals[account(each.book, leg)] += leg.amount
        last = each.month if last is None else max(last, each.month)
    if last is not None:
        after = later(last)
        for name in sorted(totals):
            yield say(
                "{after} balance {name} {totals} {currency}",
                after=after,
                name=name,
                totals=amount(totals[name]),
                currency=currency,
            )


def _transaction(each: Written) -> Iterator[str]:
    yield f"{each.month} * {_quoted(each.words)}"
    yield say("  posting: {number}", number=each.number)
    yield say("  by: {quoted}", quoted=_quoted(f"{each.kind} {each.by}"))
    yield say('  at: "{at}"', at=each.at.isoformat())
    if each.cause:
        yield say("  cause: {cause}", cause=_quoted(each.cause))
    if each.reverses:
        yield say("  reverses: {reverses}", reverses=each.reverses)
    yield say('  digest: "{digest}"', digest=each.digest)
    for leg in each.legs:
        yield f"  {account(each.book, leg)}  {amount(leg.amount)} {each.currency}"
        for name, said in zip(DIMENSIONS, leg.dimensions, strict=True):
            if said:
                yield f"    {name}: {_quoted(said)}"
        if leg.person_key:
            yield say('    person: "one person"')
    yield ""


def _quoted(text: str) -> str:
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
