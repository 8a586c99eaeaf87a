"""The demo's directory: an entry for each service, slots for its clinics, some to be confirmed.

What each says is in `services.toml`. The same services get the same each time: who confirmed what
when, and which slots are taken, follow from their place in the list.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from onesystem.access import Actor
from onesystem.care.services import queries, slot_actions
from onesystem.care.services.actions import around, keep
from onesystem.care.services.entry import Entry, Field, Holiday, Notice, Orderable, Timer
from onesystem.care.services.hours import opening_of
from onesystem.care.services.importing import confirm_as_told
from onesystem.care.services.rows import ServiceStep, SlotRow
from onesystem.care.services.sessions import Pattern
from onesystem.care.services.waits import work_out
from onesystem.demo.staffing import organisation_for
from onesystem.district import current, now
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import to_micros

_FILE = Path(__file__).with_suffix(".toml")
_DEMO = Actor.job("demo")
_WEEKS = 6
_CONFIRMED = (6, 20, 41, 90, 150, 210, 0)  # days ago, in turn; 0: nobody ever did
_TAKEN = (9, 8, 7, 5, 3, 2)  # of ten slots, those that somebody has, week by week


def deliver(say: Callable[[str], None]) -> None:
    """Write the entries, make the slots, and let some of it be confirmed."""
    if ServiceStep.objects.exists():
        return
    said = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    today, near = to_local(now(), current().zone).date(), around()
    every = sorted(queries.entries().values(), key=lambda entry: entry.service)
    slots = 0
    for turn, entry in enumerate(every):
        told = _told(entry, said["entry"])
        if told is not None:
            made = _written(entry, told, said["fields"], today)
            keep(entry=made, seen=0, by=_DEMO, why="As the service told us", near=near)
            _confirm(made, turn)
            slots += sum(_slots(entry.service, each, today) for each in told.get("slots", ()))
    _take_some(today)
    work_out()
    say(f"{len(every)} services in the directory, {slots:,} slots")


def _told(entry: Entry, said: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What the file says of a service: by its code, else by its setting."""
    by_code = (each for each in said if "match" in each and fnmatch(entry.service, each["match"]))
    by_setting = (each for each in said if each.get("setting") == entry.setting)
    return next(by_code, None) or next(by_setting, None)


def _written(
    entry: Entry, told: Mapping[str, Any], fields: Mapping[str, Any], today: date
) -> Entry:
    timers = told.get("timers")
    return replace(
        entry,
        **{name: told.get(name, "") for name in ("words", "whom", "criteria", "condition")},
        accepts=tuple(told["accepts"]),
        form=tuple(_field(name, fields[name]) for name in told["fields"]),
        hours=tuple(opening_of(each) for each in told["hours"]),
        orders=tuple(Orderable(**each) for each in told.get("orders", ())),
        holidays=_holidays(told, today),
        tags=tuple(told.get("tags", ())),
        email=f"{entry.service}@services.example",
        notices=(Notice(words=told["notice"]),) if "notice" in told else (),
        timers=entry.timers if not timers else tuple(
            Timer(urgency=urgency, triage=triage, answer=answer)
            for urgency, (triage, answer) in timers.items()
        ),
    )  # fmt: skip


def _field(name: str, said: Mapping[str, Any]) -> Field:
    return Field(name=name, **{**said, "options": tuple(said.get("options", ()))})


def _holidays(told: Mapping[str, Any], today: date) -> tuple[Holiday, ...]:
    """Closed at Christmas, where it is not always open."""
    if any("00:00-24:00" in each for each in told["hours"]):
        return ()
    since = date(today.year, 12, 25)
    return (Holiday(since=since, until=since + timedelta(days=1), words="Christmas"),)


def _confirm(entry: Entry, turn: int) -> None:
    days = _CONFIRMED[turn % len(_CONFIRMED)]
    ours = organisation_for("coordinator", current()) == entry.organisation
    if days:
        confirm_as_told(
            service=entry.service, seen=1, at=now() - timedelta(days=days),
            who="coordinator" if ours else "team.leader", why="",
        )  # fmt: skip


def _slots(service: str, said: Mapping[str, Any], today: date) -> int:
    monday = today - timedelta(days=today.weekday())
    pattern = Pattern(
        opening=opening_of(f"{said['days']} {said['span']}"), minutes=said["minutes"],
        many=said["many"], since=monday, until=monday + timedelta(days=7 * _WEEKS - 1),
    )  # fmt: skip
    _, made = slot_actions.make_slots(
        service=service, pattern=pattern, words=said["words"], by=_DEMO
    )
    return len(made.slots)


def _take_some(today: date) -> None:
    """Let people have slots already: most of this week's, fewer of those to come."""
    monday = today - timedelta(days=today.weekday())
    first = to_micros(now()) - (today - monday).days * 86_400_000_000
    taken, kept_back = [], []
    for number, slot in enumerate(SlotRow.objects.order_by("service", "starts", "id")):
        week = min(len(_TAKEN) - 1, max(0, (slot.starts - first) // (7 * 86_400_000_000)))
        turn = number * 7 % 10
        if turn < _TAKEN[week]:
            taken.append(slot.pk)
        elif number % 29 == 0:
            kept_back.append(slot.pk)
    for state, slots in (("booked", taken), ("blocked", kept_back)):
        for at in range(0, len(slots), 500):
            SlotRow.objects.filter(pk__in=slots[at : at + 500]).update(state=state)
