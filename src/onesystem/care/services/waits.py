"""How long people wait now, from the log: worked out for all services in one pass, and kept.

A wait is from the request to the start. Where a contact does not say when it was asked for, the
request that caused it does. Who waits is a contact that has not begun, and a request that no
contact follows yet.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from onesystem import contacts
from onesystem.care.requests.states import OPEN
from onesystem.care.services.rows import WaitRow, WaitsWorked
from onesystem.contacts.queries import last_known
from onesystem.district import current, now
from onesystem.vocabulary.kept import MICROSECOND, from_micros, to_micros

WEEKS = 8
FRESH = timedelta(minutes=5)  # waits are not worked out more often than this
_LONGEST = timedelta(days=730)  # what waits longer has lost its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """One line: of those who began, and of those who wait. `urgency` is empty for all."""

    urgency: str
    begun: int
    median: timedelta | None = None
    ninth: timedelta | None = None  # nine of ten waited no longer
    waiting: int = 0
    waiting_median: timedelta | None = None
    waiting_longest: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long people wait for a service. `at` is when it was worked out, `known` the last data."""

    service: str
    weeks: int
    lines: tuple[Waited, ...] = ()  # the first is of all urgencies, where there are any
    at: datetime | None = None
    known: datetime | None = None

    @property
    def all(self) -> Waited:
        """Of all urgencies together."""
        return self.lines[0] if self.lines else Waited(urgency="", begun=0)

    def of(self, urgency: str) -> Waited | None:
        """Of one urgency."""
        return next((each for each in self.lines if each.urgency == urgency), None)


def weeks() -> int:
    """Over how many weeks: eight, or as many as the operational store keeps."""
    return max(1, min(WEEKS, current().recent_days // 7))


def wait(code: str) -> Wait:
    """How long people wait for a service now."""
    return waits().get(code) or Wait(service=code, weeks=weeks(), **_worked())


_kept: tuple[Any, dict[str, Wait]] | None = None


def waits() -> dict[str, Wait]:
    """How long people wait for each service that anybody came to, or waits for."""
    global _kept  # noqa: PLW0603 - one answer a process
    last = _stamp()
    if last is None:
        work_out()
        last = _stamp()
    stamp = (current().path, last)
    if _kept is None or _kept[0] != stamp:
        _kept = stamp, _read()
    return _kept[1]


def _stamp() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM care_waits_worked")
        (last,) = cursor.fetchone()
    return None if last is None else int(last)


def _worked() -> dict[str, datetime | None]:
    last = WaitsWorked.objects.order_by("-id").first()
    if last is None:
        return {}
    known = None if last.known_at is None else from_micros(last.known_at)
    return {"at": from_micros(last.at), "known": known}


def _read() -> dict[str, Wait]:
    lines: dict[str, list[Waited]] = defaultdict(list)
    for row in WaitRow.objects.order_by("service", "urgency"):
        lines[row.service].append(
            Waited(
                urgency=row.urgency, begun=row.begun, median=_long(row.median),
                ninth=_long(row.ninth), waiting=row.waiting,
                waiting_median=_long(row.waiting_median),
                waiting_longest=_long(row.waiting_longest),
            )
        )  # fmt: skip
    told, many = _worked(), weeks()
    return {
        service: Wait(service=service, weeks=many, lines=tuple(each), **told)
        for service, each in lines.items()
    }


def _long(micros: int | None) -> timedelta | None:
    return None if micros is None else micros * MICROSECOND


def due() -> bool:
    """Whether the log has told something since the waits were worked out, a while ago."""
    last = WaitsWorked.objects.order_by("-id").first()
    if last is None:
        return True
    old = to_micros(now()) - last.at > to_micros(from_micros(0) + FRESH)
    return old and contacts.last_change() != last.change


def work_out() -> None:
    """Work the waits of every service out from the log, and keep them."""
    at, change, known = now(), contacts.last_change(), last_known()
    rows = _rows(to_micros(at))
    with transaction.atomic():
        WaitRow.objects.all().delete()
        WaitRow.objects.bulk_create(rows, batch_size=500)
        WaitsWorked.objects.create(
            at=to_micros(at), change=change, known_at=None if known is None else to_micros(known)
        )
        WaitsWorked.objects.filter(at__lt=to_micros(at - timedelta(days=1))).delete()


Waits = dict[tuple[str, str], list[int]]


def _rows(at: int) -> list[WaitRow]:
    begun, waiting = _told(at)
    services = sorted({*begun, *waiting})
    return [_row(key, sorted(begun.get(key, [])), sorted(waiting.get(key, []))) for key in services]


def _row(key: tuple[str, str], begun: list[int], waiting: list[int]) -> WaitRow:
    return WaitRow(
        service=key[0], urgency=key[1], begun=len(begun), median=_share(begun, 50),
        ninth=_share(begun, 90), waiting=len(waiting), waiting_median=_share(waiting, 50),
        waiting_longest=waiting[-1] if waiting else None,
    )  # fmt: skip


def _share(ordered: list[int], percent: int) -> int | None:
    """The smallest of them that at least so many of a hundred do not exceed."""
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None


_CONTACTS = (
    "SELECT c.service, c.urgency, coalesce(c.requested, r.at, r.recorded), c.started, c.cause"
    " FROM contacts_contact c LEFT JOIN care_request r ON r.request = c.cause"
    " WHERE NOT c.cancelled AND (c.started BETWEEN %s AND %s"
    " OR (c.started IS NULL AND c.ended IS NULL))"
)
_REQUESTS = (
    "SELECT r.request, r.service, r.urgency, coalesce(r.at, r.recorded) FROM care_request r"
    " WHERE r.state IN ({marks}) AND coalesce(r.at, r.recorded) BETWEEN %s AND %s"
    " AND NOT EXISTS (SELECT 1 FROM contacts_contact c WHERE c.cause = r.request"
    " AND c.started IS NOT NULL)"
)


def _told(at: int) -> tuple[Waits, Waits]:
    begun: Waits = defaultdict(list)
    waiting: Waits = defaultdict(list)
    since = at - weeks() * 7 * 86_400 * 1_000_000
    oldest = at - to_micros(from_micros(0) + _LONGEST)
    causes: set[int] = set()
    with connection.cursor() as cursor:
        cursor.execute(_CONTACTS, [since, at])
        while rows := cursor.fetchmany(20_000):
            for service, urgency, asked, started, cause in rows:
                if cause is not None:
                    causes.add(cause)
                if asked is None or not oldest <= asked <= at:
                    continue
                into, length = (
                    (waiting, at - asked) if started is None else (begun, started - asked)
                )
                _add(into, service, urgency, max(0, length))
        cursor.execute(
            _REQUESTS.format(marks=", ".join(["%s"] * len(OPEN))), [*sorted(OPEN), oldest, at]
        )
        for request, service, urgency, asked in cursor.fetchall():
            if request not in causes:
                _add(waiting, service, urgency, at - asked)
    return begun, waiting


def _add(into: Waits, service: str, urgency: str, length: int) -> None:
    into[service, ""].append(length)
    if urgency:
        into[service, urgency].append(length)
