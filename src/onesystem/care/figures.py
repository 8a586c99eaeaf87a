"""What the room tells the measures: of requests, tasks, care at home, pathways and crews.

Each is a list of plain events, read by one statement; `flow` files them, charts them and finds
what stands out. Whoever may see measures sees these, hidden where they are of few people.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from onesystem.access.quick import rows
from onesystem.care.requests import states, timers
from onesystem.care.services.reading import entries
from onesystem.care.tasks.rules import days_between
from onesystem.care.tasks.task import CANCELLED
from onesystem.district import current, now
from onesystem.flow.measures.telling import Event, Teller, register_teller
from onesystem.vocabulary import to_local, to_utc
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

_MICRO = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _MICRO
_SILENT = (*sorted(states.NEW), states.REVOKED)  # states in which the service has said nothing
_UNFINISHED = (
    "died",
    say("not started"),
)  # ways in which care at home ended that are no result of it


class Asked(NamedTuple):
    """A request as it is counted: moments in microseconds, `first` the service's first word."""

    at: int
    service: str
    identity: int
    urgency: str
    state: str
    first: int | None
    asked_back: int
    returned: int


def connect() -> None:
    """Let the measures ask. Safe to call again."""
    told: Mapping[str, tuple[Callable[[], str], Callable[[], Iterable[Event]]]] = {
        "requests-sent": (_steps, _sent),
        "requests-worked-up": (_steps, _worked_up),
        "requests-returned": (_steps, _returned),
        "request-first-word": (_steps, _first_word),
        "requests-in-time": (_steps_by_the_hour, _in_time),
        "tasks-in-time": (_tasks_by_the_hour, _tasks),
        "episodes-begun": (_episodes, _begun),
        "episodes-stayed-home": (_episodes, _stayed),
        "pathways-opened": (_opens, _opened),
        "crews-left-home": (_crews, _left),
    }
    for name, (stamp, events) in told.items():
        register_teller(name, Teller(stamp, events))


def _asked() -> Iterator[Asked]:
    silent = ", ".join(["%s"] * len(_SILENT))
    found = rows(
        "SELECT coalesce(r.at, r.recorded), r.service, r.identity, r.urgency, r.state,"
        f" min(CASE WHEN s.state NOT IN ({silent}) THEN s.recorded END),"
        " max(CASE WHEN s.state = %s THEN 1 ELSE 0 END),"
        " max(CASE WHEN s.state = %s THEN 1 ELSE 0 END)"
        " FROM care_request r LEFT JOIN care_step s ON s.request = r.request"
        " GROUP BY r.request, r.at, r.recorded, r.service, r.identity, r.urgency, r.state",
        [*_SILENT, states.NEEDS_MORE, states.RETURNED],
    )
    return (Asked(*row) for row in found)


def _sent() -> Iterator[Event]:
    return (Event(each.at, each.service, each.identity, 1) for each in _asked())


def _answered() -> Iterator[Asked]:
    return (each for each in _asked() if each.first is not None)


def _worked_up() -> Iterator[Event]:
    return (
        Event(e.at, e.service, e.identity, int(not e.asked_back and not e.returned))
        for e in _answered()
    )


def _returned() -> Iterator[Event]:
    return (Event(e.at, e.service, e.identity, e.returned) for e in _answered())


def _first_word() -> Iterator[Event]:
    """In milliseconds, as every time of the measures."""
    for each in _answered():
        first = max(each.first or 0, each.at)
        yield Event(first, each.service, each.identity, (first - each.at) // 1000)


def _in_time() -> Iterator[Event]:
    """Those whose time was up, on the day on which it was; what was taken back unseen is none."""
    at, known = to_micros(now()), entries()
    for each in _asked():
        if each.state == states.REVOKED and each.first is None:
            continue
        own = known[each.service].timer(each.urgency) if each.service in known else None
        usual = timers.hours(states.urgency_of(each.urgency), from_micros(each.at).date())
        due = each.at + timedelta(hours=own.triage if own else usual.triage) // _MICRO
        if due <= at:
            yield Event(
                due, each.service, each.identity,
                int(each.first is not None and each.first <= due),
            )  # fmt: skip


def _tasks() -> Iterator[Event]:
    """Tasks whose day is over: done, or ended with a reason, by the end of it.

    A turn of a series that nobody wrote anything about has passed, and counts as not done.
    """
    at, zone, written = to_micros(now()), current().zone, set[tuple[str, str]]()
    heads = []
    for key, team, identity, due, ended, repeats, series, day, until in rows(
        "SELECT key, team, identity, due, ended, repeats, series, day, until FROM care_task"
        " WHERE state <> %s",
        [CANCELLED],
    ):
        if repeats:
            heads.append((key, team, identity, due, ended, repeats, until))
            continue
        written.add((series, day))
        if due + _DAY <= at:
            yield Event(due, team, identity, int(ended is not None and ended <= due + _DAY))
    yesterday = to_local(now(), zone).date() - timedelta(days=1)
    for key, team, identity, due, ended, repeats, until in heads:
        first = to_local(from_micros(due), zone).date()
        stop = min(
            yesterday,
            date.fromisoformat(until) if until else yesterday,
            to_local(from_micros(ended), zone).date() if ended else yesterday,
        )
        for turn in days_between(repeats, first, first, stop):
            if (key, turn.isoformat()) not in written:
                noon = to_utc(datetime.combine(turn, time(12)), zone)
                yield Event(to_micros(noon), team, identity, 0)


def _begun() -> Iterator[Event]:
    for started, service, identity in rows(
        "SELECT started, service, identity FROM care_episode WHERE started IS NOT NULL"
    ):
        yield Event(started, service, identity, 1)


def _stayed() -> Iterator[Event]:
    for ended, service, identity, outcome in rows(
        "SELECT ended, service, identity, outcome FROM care_episode WHERE ended IS NOT NULL"
    ):
        if outcome not in _UNFINISHED:
            yield Event(ended, service, identity, int(outcome in {"stayed home", "other care"}))


def _opened() -> Iterator[Event]:
    """Nobody's identity is kept of who opens a pathway: only their organisation, and the day."""
    known = current().organisations
    for day, code in rows("SELECT day, organisation FROM care_pathway_open"):
        practice = (known[code].national_code if code in known else "") or code
        yield Event(day * _DAY + _DAY // 2, "", 0, 1, practice=practice)


def _left() -> Iterator[Event]:
    """The decision that stands of each call: a later one of the same call replaces it."""
    latest: dict[int, tuple[int, int, str]] = {}
    for number, contact, identity, outcome, at in rows(
        "SELECT id, contact, identity, outcome, at FROM care_crew ORDER BY at, id"
    ):
        latest[contact or -number] = (at, identity, outcome)
    for at, identity, outcome in latest.values():
        yield Event(at, "", identity, int(outcome != "convey"))


def _last(table: str) -> str:
    [(count,)] = rows(f"SELECT coalesce(max(id), 0) FROM {table}")
    return str(count)


def _hour() -> str:
    return f"{now():%Y%m%d%H}"


def _steps() -> str:
    return _last("care_step")


def _steps_by_the_hour() -> str:
    return f"{_steps()} {_hour()} {_last('care_service_step')}"


def _tasks_by_the_hour() -> str:
    return f"{_last('care_said')} {_hour()}"


def _episodes() -> str:
    return _last("care_episode_act")


def _opens() -> str:
    return _last("care_pathway_open")


def _crews() -> str:
    return _last("care_crew")
