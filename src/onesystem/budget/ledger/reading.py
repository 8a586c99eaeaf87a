"""Postings from a file: CSV with a line a leg, or JSON. Pure.

CSV: the columns `book`, `month` (2026-04), `words`, `account`, `amount` (12.34, or pence in
`minor`), and any of `posting`, `currency`, `key`, `cause`, `line`, `fund`, `organisation`,
`service`, `setting`, `contract`, `decision`, `person_key`. Lines with the same `posting` (or the
same key) are legs of one posting.

JSON: a list of `{"book", "month", "words", "key", "cause", "currency", "legs": [{"account",
"minor", "line", ...}]}`.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from onesystem.budget.ledger.entry import DIMENSIONS, Leg, Posting, check
from onesystem.vocabulary.errors import BadInput, UserError, nearest
from onesystem.vocabulary.said import say

_ABOUT = (*DIMENSIONS, "person_key")
_COLUMNS = {"posting", "book", "month", "words", "account", "amount", "minor", "currency", "key",
            "cause", *_ABOUT}  # fmt: skip
_AMOUNT = re.compile(r"(-?)(\d+)(?:\.(\d{1,2}))?$")


def read(text: str, *, currency: str, json_: bool = False) -> list[Posting]:
    """The postings of a file. Raises BadInput naming the row, the rule and the cure."""
    rows = _json(text) if json_ else _csv(text)
    made = []
    for where, said, legs in rows:
        if (other := said.get("currency") or currency) != currency:
            raise BadInput(
                say(
                    "the posting is in {other}, and the ledger is in {currency}",
                    other=other,
                    currency=currency,
                ),
                rule="ledger.currency",
                cure=say("Change it into {currency} first", currency=currency),
                where=where,
            )
        posting = Posting(
            said.get("book", ""), _month(said.get("month", ""), where), tuple(legs),
            said.get("words", ""), said.get("key") or "", said.get("cause") or "",
        )  # fmt: skip
        try:
            check(posting)
        except UserError as error:
            raise BadInput(error.what, rule="ledger.posting", cure=error.cure,
                           where=where) from error  # fmt: skip
        made.append(posting)
    return made


Read = tuple[str, Mapping[str, Any], list[Leg]]


def _csv(text: str) -> Iterable[Read]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    for name in reader.fieldnames or ():
        if name not in _COLUMNS:
            raise BadInput(say("there is no column {name}", name=repr(name)), rule="ledger.column",
                           cure=nearest(name, _COLUMNS), where="line 1")  # fmt: skip
    found: dict[str, Read] = {}
    for number, row in enumerate(reader, 2):
        where = say("line {number}", number=number)
        said = {k: (v or "").strip() for k, v in row.items() if isinstance(k, str)}
        leg = _leg(said, where)
        same = said.get("posting") or said.get("key") or (
            f"{said.get('book')}|{said.get('month')}|{said.get('words')}"
        )  # fmt: skip
        if same in found:
            found[same][2].append(leg)
        else:
            found[same] = (where, said, [leg])
    return found.values()


def _json(text: str) -> Iterable[Read]:
    try:
        said = json.loads(text)
    except ValueError as error:
        raise BadInput(say("this is no JSON: {error}", error=error), rule="ledger.json",
                       cure="Write a list of postings") from error  # fmt: skip
    if not isinstance(said, list):
        raise BadInput("this is no list of postings", rule="ledger.json",
                       cure="Write [ ... ] around them")  # fmt: skip
    for number, each in enumerate(said, 1):
        where = say("posting {number}", number=number)
        if not isinstance(each, dict) or not isinstance(each.get("legs"), list):
            raise BadInput("a posting has legs", rule="ledger.json",
                           cure='Write {"book": ..., "legs": [...]}', where=where)  # fmt: skip
        yield where, each, [_leg(leg, where) for leg in each["legs"]]


def _leg(said: Mapping[str, Any], where: str) -> Leg:
    about = {name: str(said[name]) for name in _ABOUT if said.get(name)}
    return Leg(str(said.get("account", "")), _minor(said, where), **about)


def _minor(said: Mapping[str, Any], where: str) -> int:
    whole = said.get("minor")
    if type(whole) is int:
        return whole
    if isinstance(whole, str) and re.fullmatch(r"-?\d+", whole):
        return int(whole)
    found = _AMOUNT.match(str(said.get("amount", "")).replace(",", "").strip())
    if whole not in (None, "") or not found:
        raise BadInput(
            say(
                "{if_whole} is no amount",
                if_whole=repr(whole if whole not in (None, "") else said.get("amount", "")),
            ),
            rule="ledger.amount",
            where=where,
            cure="Write 12.34 as amount, or 1234 as minor: never half a penny",
        )
    sign, units, cents = found.groups()
    return int(f"{sign}{units}{(cents or '').ljust(2, '0')}")


def _month(text: str, where: str) -> date:
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-01)?", str(text))
    if not found or not 1 <= int(found[2]) <= 12:
        raise BadInput(
            say("{text} is no month", text=repr(text)),
            rule="ledger.month",
            cure="Write it as 2026-04",
            where=where,
        )
    return date(int(found[1]), int(found[2]), 1)
