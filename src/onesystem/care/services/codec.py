"""An entry as JSON, and back: what of it is kept, and nothing that the district says."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from onesystem.care.requests.states import URGENCIES
from onesystem.care.services.entry import Amount, Entry, Field, Holiday, Notice, Orderable, Timer
from onesystem.care.services.hours import opening_of, said_span, span_of

_PLAIN = ("words", "whom", "criteria", "condition", "phone", "email")
_LISTS = ("accepts", "places", "addresses", "tags")
Json = dict[str, Any]


def packed(entry: Entry) -> Json:
    """What is kept of an entry; what is empty is left out."""
    made: Json = {name: getattr(entry, name) for name in _PLAIN}
    made |= {name: list(getattr(entry, name)) for name in _LISTS}
    made |= {
        "form": [_field(each) for each in entry.form],
        "orders": [{k: v for k, v in asdict(each).items() if v} for each in entry.orders],
        "hours": [each.words for each in entry.hours],
        "holidays": [_holiday(each) for each in entry.holidays],
        "notices": [_notice(each) for each in entry.notices],
        "amounts": [_amount(each) for each in entry.amounts],
        "timers": {t.urgency: [t.triage, t.answer] for t in entry.timers},
        "review_days": entry.review_days,
        "foreign": dict(entry.foreign),
    }
    if entry.listed:
        made["listed"] = {
            "name": entry.name, "setting": entry.setting, "organisation": entry.organisation,
        }  # fmt: skip
    return {name: value for name, value in made.items() if value}


def unpacked(said: Mapping[str, Any], onto: Entry) -> Entry:
    """The entry that was kept, on top of what the district says of the service."""
    texts: Json = {name: said.get(name, "") for name in _PLAIN}
    texts |= {name: tuple(said.get(name, ())) for name in _LISTS}
    if onto.listed:
        texts |= said.get("listed", {})
    return replace(
        onto,
        **texts,
        form=tuple(_field_of(each) for each in said.get("form", ())),
        orders=tuple(Orderable(**each) for each in said.get("orders", ())),
        hours=tuple(opening_of(each) for each in said.get("hours", ())),
        holidays=tuple(_holiday_of(each) for each in said.get("holidays", ())),
        notices=tuple(_notice_of(each) for each in said.get("notices", ())),
        amounts=tuple(_amount_of(each) for each in said.get("amounts", ())),
        timers=tuple(
            Timer(
                urgency=urgency,
                triage=said["timers"][urgency][0],
                answer=said["timers"][urgency][1],
            )
            for urgency in URGENCIES
            if urgency in said.get("timers", {})
        ),
        review_days=said.get("review_days", 180),
        foreign=said.get("foreign", {}),
    )


def _field(field: Field) -> Json:
    said = {
        "name": field.name, "label": field.label, "type": field.type, "required": field.required,
        "help": field.help, "options": list(field.options), "known": field.known,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _field_of(said: Mapping[str, Any]) -> Field:
    return Field(**{**said, "options": tuple(said.get("options", ()))})


def _holiday(holiday: Holiday) -> Json:
    return {
        "since": holiday.since.isoformat(), "until": holiday.until.isoformat(),
        "words": holiday.words, "spans": [said_span(*span) for span in holiday.spans],
    }  # fmt: skip


def _holiday_of(said: Mapping[str, Any]) -> Holiday:
    spans: Sequence[str] = said.get("spans", ())
    return Holiday(
        since=date.fromisoformat(said["since"]),
        until=date.fromisoformat(said["until"]),
        words=said.get("words", ""),
        spans=tuple(span_of(each) for each in spans),
    )


def _notice(notice: Notice) -> Json:
    said: Json = {
        "words": notice.words, "closed": notice.closed, "instead": notice.instead,
        "since": notice.since and notice.since.isoformat(),
        "until": notice.until and notice.until.isoformat(),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _notice_of(said: Mapping[str, Any]) -> Notice:
    return Notice(
        words=said.get("words", ""),
        closed=bool(said.get("closed")),
        instead=said.get("instead", ""),
        since=_day(said.get("since")),
        until=_day(said.get("until")),
    )


def _amount(amount: Amount) -> Json:
    return {
        "amount": amount.amount, "words": amount.words,
        "since": amount.since and amount.since.isoformat(),
        "until": amount.until and amount.until.isoformat(),
    }  # fmt: skip


def _amount_of(said: Mapping[str, Any]) -> Amount:
    return Amount(
        amount=said["amount"], words=said.get("words", ""), since=_day(said.get("since")),
        until=_day(said.get("until")),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
