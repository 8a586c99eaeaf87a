"""Opening budgets out of a file: funds, goals, contributions, lines with amounts, and fences.

All of it or nothing. What is there already is kept as the file says; money is given and allotted
once for a month of a file, however often the file is loaded.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import transaction

from onesystem.access import Actor
from onesystem.budget.funds import actions, queries
from onesystem.budget.funds.presenters import amount_in
from onesystem.budget.funds.shape import ATTRIBUTES, Line
from onesystem.budget.months import month_in
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say

_PARTS = ("month", "words", "funds", "goals", "contributions", "lines", "fences")
_LINE = (*(name for name in ATTRIBUTES if name != "line"), "name", "goal", "amount")


def read(text: str) -> dict[str, Any]:
    """What a file says. Raises BadConfig with the part and the cure."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(
            say("this is no TOML: {error}", error=error), "See `onesystem budget example`."
        ) from error
    for part in said:
        if part not in _PARTS:
            raise BadConfig(
                say("a budget file has no part {part}", part=repr(part)), nearest(part, _PARTS)
            )
    if "month" not in said:
        raise BadConfig("the file does not say from which month", 'Write month = "2026-04".')
    for code, line in said.get("lines", {}).items():
        for name in line:
            if name not in _LINE:
                raise BadConfig(
                    say("the line {code} has no {name}", code=code, name=repr(name)),
                    nearest(name, _LINE),
                )
    return said


def load(text: str, *, by: Actor) -> dict[str, int]:
    """Open and give what a file says; gives how many of each. Raises UserError: then nothing is."""
    said = read(text)
    try:
        with transaction.atomic():
            return _load(said, by)
    except KeyError as missing:
        raise BadConfig(
            say("something in the file lacks its {missing}", missing=missing),
            "See `onesystem budget example`.",
        ) from missing


def _load(said: Mapping[str, Any], by: Actor) -> dict[str, int]:
    month, words = month_in(said["month"]), said.get("words", say("Opening budgets"))
    for code, each in said.get("goals", {}).items():
        actions.set_goal(
            code=code, words=each["words"], measure=each.get("measure", ""), by=by,
            seen=_seen("goal", code),
        )  # fmt: skip
    for code, each in said.get("funds", {}).items():
        known = queries.funds().get(code)
        actions.open_fund(
            code=code, name=each["name"], since=known.since if known else month, by=by,
            until=known.until if known else None, words=each.get("words", ""),
            seen=_seen("fund", code),
        )  # fmt: skip
    for n, each in enumerate(said.get("contributions", [])):
        _give(each, f"{n}", month, words, by)
    for code, each in said.get("lines", {}).items():
        line = Line(code=code, **{k: str(v) for k, v in each.items() if k != "amount"})
        actions.open_line(line=line, by=by, seen=_seen("line", code))
    _allot(said.get("lines", {}), month, words, by)
    for code, each in said.get("fences", {}).items():
        _fence(code, each, month, by)
    return {part: len(said.get(part, ())) for part in _PARTS[2:]}


def _seen(kind: str, code: str) -> int:
    last = queries.steps(kind, code)[:1]
    return int(last[0].number) if last else 0


def _give(said: Mapping[str, Any], nth: str, month: date, words: str, by: Actor) -> None:
    actions.contribute(
        fund=said["fund"], organisation=said["organisation"], amount=amount_in(str(said["amount"])),
        month=month, words=said.get("words", words), by=by,
        kind=said.get("kind", "core allocation"),
        key=f"file:{month:%Y-%m}:{said['fund']}:{said['organisation']}:{nth}",
    )  # fmt: skip


def _allot(lines: Mapping[str, Any], month: date, words: str, by: Actor) -> None:
    for code, each in lines.items():
        if "amount" in each:
            actions.allot(
                amounts={code: amount_in(str(each["amount"]))}, month=month, words=words, by=by,
                key=f"file:{month:%Y-%m}:line:{code}",
            )  # fmt: skip


def _fence(code: str, said: Mapping[str, Any], month: date, by: Actor) -> None:
    actions.set_fence(
        code=code, name=said["name"], kind=said["kind"], at=said.get("where", ""),
        basis=said.get("basis", "amount"), fund=said.get("fund", ""), source=said["source"],
        amount=amount_in(str(said["amount"])) if "amount" in said else 0,
        share=Fraction(str(said.get("share", 100))) / 100, since=month, by=by,
        seen=_seen("fence", code),
    )  # fmt: skip
