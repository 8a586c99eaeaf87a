"""An entry as the fields of a form, and back: what somebody typed is never lost on the way. Pure.

`Raw` is what the form holds, right or wrong: a text or a list of texts by the name of its field.
Rows are numbered, `hours.0.days`; a row in which nothing was typed is no row.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from onesystem.care.requests.states import KINDS, URGENCIES
from onesystem.care.services.durations import hours_of, said_hours
from onesystem.care.services.entry import (
    Amount,
    Entry,
    Field,
    Holiday,
    Notice,
    Orderable,
    Timer,
)
from onesystem.care.services.hours import Opening, days_of, said_days, said_span, span_of
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem, Raw, Rows, read, rowed

PLAIN = ("words", "whom", "criteria", "condition", "phone", "email")
_PARTS: Mapping[str, tuple[str, ...]] = {
    "form": ("label", "type", "required", "help", "options", "known", "name"),
    "orders": ("name", "code", "system", "criteria", "condition"),
    "hours": ("days", "span"),
    "holidays": ("since", "until", "spans", "words"),
    "notices": ("words", "closed", "since", "until", "instead"),
    "amounts": ("amount", "since", "until", "words"),
}
ROWS = Rows(_PARTS, usual={"type": "line", "name": ""})
_SLUG = re.compile(r"[^a-z0-9]+")


def raw_of(entry: Entry) -> Raw:
    """What the form of an entry holds."""
    raw = {name: getattr(entry, name) for name in PLAIN}
    raw |= {"name": entry.name, "setting": entry.setting, "organisation": entry.organisation}
    raw |= {f"accepts.{kind}": "1" for kind in KINDS if kind in entry.accepts}
    raw |= {f"places.{place}": "1" for place in entry.places}
    raw |= {"tags": ", ".join(entry.tags), "addresses": "\n".join(entry.addresses)}
    raw["review_days"] = str(entry.review_days)
    for timer in entry.timers:
        raw[f"timers.{timer.urgency}.triage"] = said_hours(timer.triage)
        raw[f"timers.{timer.urgency}.answer"] = said_hours(timer.answer)
    for number, field in enumerate(entry.form):
        raw |= rowed("form", number, _field_raw(field))
    for number, order in enumerate(entry.orders):
        raw |= rowed("orders", number, asdict(order))
    for number, opening in enumerate(entry.hours):
        span = said_span(opening.opens, opening.closes)
        raw |= rowed("hours", number, {"days": said_days(opening.days), "span": span})
    for number, holiday in enumerate(entry.holidays):
        raw |= rowed("holidays", number, _holiday_raw(holiday))
    for number, notice in enumerate(entry.notices):
        raw |= rowed("notices", number, _notice_raw(notice))
    for number, amount in enumerate(entry.amounts):
        raw |= rowed("amounts", number, _amount_raw(amount))
    return raw


def _field_raw(field: Field) -> Raw:
    return {
        "label": field.label, "type": field.type, "required": "1" if field.required else "",
        "help": field.help, "options": "; ".join(field.options), "known": field.known,
        "name": field.name,
    }  # fmt: skip


def _holiday_raw(holiday: Holiday) -> Raw:
    return {
        "since": holiday.since.isoformat(), "until": holiday.until.isoformat(),
        "spans": ", ".join(said_span(*span) for span in holiday.spans), "words": holiday.words,
    }  # fmt: skip


def _notice_raw(notice: Notice) -> Raw:
    return {
        "words": notice.words, "closed": "1" if notice.closed else "", "instead": notice.instead,
        "since": notice.since.isoformat() if notice.since else "",
        "until": notice.until.isoformat() if notice.until else "",
    }  # fmt: skip


def _amount_raw(amount: Amount) -> Raw:
    return {
        "amount": str(amount.amount), "words": amount.words,
        "since": amount.since.isoformat() if amount.since else "",
        "until": amount.until.isoformat() if amount.until else "",
    }  # fmt: skip


def entry_from(raw: Mapping[str, str], onto: Entry) -> tuple[Entry, list[Problem]]:
    """The entry that is meant, and what of it could not be read."""
    wrong: list[Problem] = []
    texts: dict[str, Any] = {name: _text(raw.get(name, "")) for name in PLAIN}
    if onto.listed:
        texts |= {name: raw.get(name, "").strip() for name in ("name", "setting", "organisation")}
    made = replace(
        onto,
        **texts,
        accepts=tuple(kind for kind in KINDS if raw.get(f"accepts.{kind}")),
        places=tuple(name.partition(".")[2] for name in raw if name.startswith("places.")),
        tags=tuple(_split(raw.get("tags", ""), ",")),
        addresses=tuple(_split(raw.get("addresses", ""), "\n")),
        review_days=read(_whole, raw.get("review_days", ""), "review_days", 180, wrong),
        timers=_timers(raw, wrong),
        form=_fields(ROWS.of(raw, "form")),
        orders=tuple(Orderable(**row) for row in ROWS.of(raw, "orders")),
        hours=ROWS.read(raw, "hours", _opening, wrong),
        holidays=ROWS.read(raw, "holidays", _holiday, wrong),
        notices=ROWS.read(raw, "notices", _notice, wrong),
        amounts=ROWS.read(raw, "amounts", _amount, wrong),
    )
    return made, wrong


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _split(text: str, by: str) -> list[str]:
    return [part.strip() for part in text.replace("\r\n", "\n").split(by) if part.strip()]


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise UserError(
            say("{text} is no number of days", text=repr(text)), "Write a whole number."
        )
    return int(text)


def _timers(raw: Mapping[str, str], wrong: list[Problem]) -> tuple[Timer, ...]:
    made = []
    for urgency in URGENCIES:
        triage, answer = (
            raw.get(f"timers.{urgency}.{n}", "").strip() for n in ("triage", "answer")
        )
        if triage or answer:
            where = f"timers.{urgency}"
            made.append(
                Timer(
                    urgency=urgency,
                    triage=read(hours_of, triage or answer, where, 1, wrong),
                    answer=read(hours_of, answer or triage, where, 1, wrong),
                )
            )
    return tuple(made)


def _opening(row: Raw) -> Opening:
    return Opening(days_of(row["days"] or "mon-sun"), *span_of(row["span"] or "00:00-24:00"))


def _holiday(row: Raw) -> Holiday:
    since = _day(row["since"])
    return Holiday(
        since=since,
        until=_day(row["until"]) if row["until"] else since,
        words=row["words"],
        spans=tuple(span_of(each) for each in _split(row["spans"], ",")),
    )


def _notice(row: Raw) -> Notice:
    return Notice(
        words=row["words"],
        since=_day(row["since"]) if row["since"] else None,
        until=_day(row["until"]) if row["until"] else None,
        closed=bool(row["closed"]),
        instead=row["instead"],
    )


def _amount(row: Raw) -> Amount:
    text = row["amount"]
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise UserError(
            say("{text} is no number of people", text=repr(text)),
            "Write a whole number, 0 or more.",
        )
    return Amount(
        amount=int(text), words=row["words"],
        since=_day(row["since"]) if row["since"] else None,
        until=_day(row["until"]) if row["until"] else None,
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(
            say("{text} is no day", text=repr(text)), "Write it like: 2026-12-25"
        ) from None


def _fields(rows: Sequence[Raw]) -> tuple[Field, ...]:
    taken = [row["name"] for row in rows if row["name"]]
    made = []
    for row in rows:
        name = row["name"] or name_of(row["label"], taken)
        taken.append(name)
        made.append(
            Field(
                name=name, label=row["label"], type=row["type"] or "line",
                required=bool(row["required"]), help=row["help"],
                options=tuple(_split(row["options"], ";")), known=row["known"],
            )
        )  # fmt: skip
    return tuple(made)


def name_of(words: str, taken: Iterable[str] = ()) -> str:
    """A short name made of words, other than those taken.

    >>> name_of("How far can they walk?", ["how-far-can-they-walk"])
    'how-far-can-they-walk-2'
    """
    base = _SLUG.sub("-", words.casefold()).strip("-")[:60].strip("-") or "question"
    known, name, number = taken if isinstance(taken, set) else set(taken), base, 2
    while name in known:
        name, number = f"{base}-{number}", number + 1
    return name
