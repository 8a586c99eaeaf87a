"""Contacts as JSON in, cost lines as JSON out: what `onesystem cost lines` reads and writes. Pure.

The shapes are those of the schemas `cost-contacts` and `cost-lines`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from onesystem.budget.costing.pricing import Book
from onesystem.budget.costing.working import CostLine, Facts, Portion, worked
from onesystem.flow.measures import days
from onesystem.vocabulary import BadConfig, Setting, nearest
from onesystem.vocabulary.said import say

_KNOWN = {"id", "service", "setting", "mode", "started", "ended", "cancelled"}


def costed(told: Any, book: Book) -> dict[str, Any]:
    """Every contact with its portions and lines. Raises BadConfig, naming the contact."""
    if not isinstance(told, Mapping) or not isinstance(told.get("contacts"), list):
        raise BadConfig("there are no contacts", 'Give {"day": ..., "contacts": [...]}.')
    zone, day = told.get("zone", "Europe/London"), _day(told.get("day"))
    clock, out, seen = days.clock(zone), [], set[str]()
    for each in told["contacts"]:
        number = str(each.get("id", "")) if isinstance(each, Mapping) else ""
        if not number or number in seen:
            what = (
                say("the contact {number} is there twice", number=repr(number))
                if number
                else say("a contact has no id")
            )
            raise BadConfig(what, "Give each its own `id`: none is costed twice.")
        seen.add(number)
        portions = worked(_facts(number, each), book, clock, days.day_of(day))
        out.append({
            "id": number, "minor": sum(p.minor for p in portions),
            "portions": [_portion(p) for p in portions],
        })  # fmt: skip
    return {"day": day.isoformat(), "zone": zone, "minor": sum(c["minor"] for c in out),
            "contacts": out}  # fmt: skip


def _facts(number: str, told: Mapping[str, Any]) -> Facts:
    if unknown := sorted(set(told) - _KNOWN):
        raise BadConfig(
            say(
                "contact {number} says {unknown}, which nothing reads",
                number=repr(number),
                unknown=repr(unknown[0]),
            ),
            nearest(unknown[0], _KNOWN),
        )
    setting = told.get("setting", "")
    if setting not in set(Setting):
        raise BadConfig(
            say(
                "contact {number} is of the setting {setting}",
                number=repr(number),
                setting=repr(setting),
            ),
            nearest(str(setting), Setting),
        )
    return Facts(
        service=str(told.get("service", "")), setting=setting, mode=str(told.get("mode", "")),
        started=_moment(number, "started", told), ended=_moment(number, "ended", told),
        cancelled=bool(told.get("cancelled", False)),
    )  # fmt: skip


def _moment(number: str, key: str, told: Mapping[str, Any]) -> int | None:
    text = told.get(key)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadConfig(
            say(
                "contact {number}: {key} = {text} is no moment",
                number=repr(number),
                key=key,
                text=repr(text),
            ),
            "Write it with its offset: 2026-05-01T09:00:00Z.",
        )
    return round(moment.timestamp() * 1000)


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise BadConfig(
            say("{text} is no day", text=repr(text)),
            'Give "day" as 2026-11-01: costs go up to its beginning.',
        ) from None


def _portion(portion: Portion) -> dict[str, Any]:
    return {
        "month": f"{portion.month:%Y-%m}", "rule": portion.rule, "basis": portion.basis,
        "reason": portion.reason, "minor": portion.minor,
        "lines": [_line(line) for line in portion.lines],
    }  # fmt: skip


def _line(line: CostLine) -> dict[str, Any]:
    return {
        "kind": line.kind, "name": line.name, "words": line.words, "quantity": line.quantity,
        "unit": line.unit if line.kind != "overhead" else "minor",
        "price": str(line.price if line.kind != "overhead" else line.percent / 100),
        "pool": line.pool, "source": line.source, "minor": line.minor,
    }  # fmt: skip
