"""The turns of series that somebody can see: the one that is due, and the next. Pure.

    Mo  Tu  We  Th        a visit every day; it is Thursday, and nobody wrote anything since Monday
    done -   -  ready     Tuesday's and Wednesday's have passed; Thursday's stands, and says so

Only the last turn can still be done: a nurse does not make Tuesday's visit on Thursday. What passed
unseen is counted on it, and shown with the series.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onesystem.care.tasks.rules import days_between, next_after
from onesystem.care.tasks.task import CANCELLED, OPEN, PASSED, Task, first_day, turn
from onesystem.vocabulary import to_local

_BACK = timedelta(days=30)  # how far back turns that passed are counted


@dataclass(frozen=True, slots=True)
class Seen:
    """A task at a moment: how it stands, and how many turns before it passed unseen."""

    task: Task
    standing: str
    passed: int = 0


def seen(rows: Iterable[Task], *, now: datetime, zone: str) -> list[Seen]:
    """The tasks of these rows as they stand: series as their turns, all others as they are."""
    rows = list(rows)
    turns: dict[str, list[Task]] = {}
    for row in rows:
        if row.series:
            turns.setdefault(row.series, []).append(row)
    found = [
        Seen(row, row.standing(now)) for row in rows if not row.repeats and not row.series
    ]  # what is of no series
    heads = {row.key: row for row in rows if row.repeats}
    for key, known in turns.items():
        if key not in heads:
            found += [Seen(row, row.standing(now)) for row in known]
    for key, head in heads.items():
        found += _of_series(head, turns.get(key, []), now, zone)
    return found


def _of_series(head: Task, known: Sequence[Task], now: datetime, zone: str) -> list[Seen]:
    today = to_local(now, zone).date()
    first = first_day(head, zone)
    written = {row.day: row for row in known if row.day}
    until = min(head.until, today) if head.until else today
    days = list(days_between(head.repeats, first, today - _BACK, until))
    last = days[-1] if days else None
    found = [
        Seen(row, PASSED if row.state == OPEN and last and row.day < last else row.standing(now))
        for row in known
        if row.day
    ]
    if head.state == CANCELLED:
        return [each for each in found if each.task.state != OPEN]
    if last and last not in written:
        task = turn(head, last, zone)
        found.append(Seen(task, task.standing(now), _unseen(days[:-1], written)))
    coming = next_after(head.repeats, first, today, head.until)
    if coming and coming not in written:
        task = turn(head, coming, zone)
        found.append(Seen(task, task.standing(now)))
    return found


def _unseen(days: Sequence[date], written: dict[date, Task]) -> int:
    """How many turns passed in a row, before the last one, about which nobody wrote anything."""
    count = 0
    for day in reversed(days):
        if day in written and written[day].state != OPEN:
            break
        count += 1
    return count
