"""The form of a proposal: what it holds, right or wrong, and the proposal that it means. Pure.

Evidence is kept as it was attached where its address stays; what is new is attached by `attach`,
which looks at what the address says.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from onesystem.alliance.meeting.proposal import (
    ASKED,
    Ask,
    Change,
    Effect,
    Evidence,
    Proposed,
    Risk,
)
from onesystem.vocabulary.errors import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem, Raw, Rows, read, rowed, whole_or

_PARTS: Final = {
    "asks": ("funder", "amount", "since", "until", "line", "words"),
    "changes": ("kind", "code", "number", "since", "words"),
    "touches": ("thing",),
    "effects": ("organisation", "side", "amount", "words"),
    "risks": ("words", "answer"),
    "evidence": ("address", "title", "words"),
}
USUAL: Final = {"effects": {"side": "gains"}}
ROWS: Final = Rows(_PARTS, chosen=frozenset({"side"}))
_TEXTS = ("title", "plain", "problem", "design", "goal", "answers", "measure", "funding")
_MONEY = re.compile(r"[£$€]?\s*(\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.(\d{1,2}))?")
Attach = Callable[[str, str, str], Evidence]


def amount(minor: int) -> str:
    """Money as one types it; empty for none."""
    if not minor:
        return ""
    return f"{minor // 100:,}" + (f".{minor % 100:02d}" if minor % 100 else "")


def amount_of(text: str) -> int:
    """Money that was typed, in minor units. Empty is nothing. Raises UserError."""
    if not text.strip():
        return 0
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        raise UserError(
            say("{text} is no amount of money", text=repr(text.strip())),
            "Write it like 1,250,000.50",
        )
    whole = found[1].replace(",", "").replace(" ", "")
    return int(whole) * 100 + int((found[2] or "").ljust(2, "0"))


def raw_of(made: Proposed) -> Raw:
    """What the form of a proposal holds."""
    raw: Raw = {name: getattr(made, name) for name in _TEXTS}
    raw["review"] = made.review.isoformat() if made.review else ""
    raw["owner"] = str(made.owner or "")
    raw["funds"] = str(made.funds or "")
    for n, ask in enumerate(made.asks):
        raw |= rowed("asks", n, {
            "funder": ask.funder, "amount": amount(ask.amount), "since": f"{ask.since:%Y-%m}",
            "until": f"{ask.until:%Y-%m}", "line": ask.line, "words": ask.words,
        })  # fmt: skip
    for n, change in enumerate(made.changes):
        raw |= rowed("changes", n, {
            "kind": change.kind, "code": change.code, "number": change.number,
            "since": change.since.isoformat() if change.since else "", "words": change.words,
        })  # fmt: skip
    for n, (kind, code) in enumerate(made.touches):
        raw |= rowed("touches", n, {"thing": f"{kind}:{code}"})
    for n, effect in enumerate(made.effects):
        raw |= rowed("effects", n, {
            "organisation": effect.organisation, "side": effect.side,
            "amount": amount(effect.amount), "words": effect.words,
        })  # fmt: skip
    for n, risk in enumerate(made.risks):
        raw |= rowed("risks", n, {"words": risk.words, "answer": risk.answer})
    for n, each in enumerate(made.evidence):
        raw |= rowed("evidence", n, {
            "address": each.address, "title": each.title, "words": each.words,
        })  # fmt: skip
    return raw


def proposed_of(raw: Raw, before: Proposed, attach: Attach) -> tuple[Proposed, list[Problem]]:
    """The proposal that a form means, and what of it cannot be read."""
    wrong: list[Problem] = []
    kept = {each.address: each for each in before.evidence}

    def evidence(row: Raw) -> Evidence:
        address = row["address"]
        there = kept.get(address)
        if there and row["words"] == there.words and row["title"] in ("", there.title):
            return there
        return attach(address, row["title"], row["words"])

    texts = {name: raw.get(name, "").strip().replace("\r\n", "\n") for name in _TEXTS}
    texts["funding"] = texts["funding"] or ASKED
    made = Proposed(
        **texts,
        review=read(_day, raw.get("review", ""), "review", before.review, wrong),
        owner=whole_or(raw.get("owner", ""), 0), funds=whole_or(raw.get("funds", ""), 0),
        asks=ROWS.read(raw, "asks", _ask, wrong),
        changes=ROWS.read(raw, "changes", _change, wrong),
        touches=ROWS.read(raw, "touches", _touch, wrong),
        effects=ROWS.read(raw, "effects", _effect, wrong),
        risks=ROWS.read(raw, "risks", lambda row: Risk(**row), wrong),
        evidence=ROWS.read(raw, "evidence", evidence, wrong),
    )  # fmt: skip
    return made, wrong


def _ask(row: Raw) -> Ask:
    if not row["since"]:
        raise UserError("it is not said from which month", "Choose one.")
    since = _month(row["since"])
    return Ask(
        funder=row["funder"], amount=amount_of(row["amount"]), since=since,
        until=_month(row["until"]) if row["until"] else since, line=row["line"],
        words=row["words"],
    )  # fmt: skip


def _change(row: Raw) -> Change:
    if not row["kind"]:
        raise UserError("it is not said what kind of change it is", "Choose one.")
    return Change(
        kind=row["kind"], code=row["code"], number=row["number"], since=_day(row["since"]),
        words=row["words"],
    )  # fmt: skip


def _touch(row: Raw) -> tuple[str, str]:
    kind, _, code = row["thing"].partition(":")
    return kind, code


def _effect(row: Raw) -> Effect:
    if not row["organisation"] or not row["words"]:
        raise UserError("it is not said who, and what", "Choose an organisation and say what.")
    return Effect(
        organisation=row["organisation"], side=row["side"], words=row["words"],
        amount=amount_of(row["amount"]),
    )  # fmt: skip


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(
            say("{text} is no day", text=repr(text)), "Write it like 2027-01-31"
        ) from None


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text.strip()[:7]}-01")
    except ValueError:
        raise UserError(
            say("{text} is no month", text=repr(text)), "Write it like 2027-01"
        ) from None
