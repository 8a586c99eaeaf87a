"""The feeds of a served district: a door for each source that sends live, and the folders."""

import asyncio
import signal
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog

from onesystem.cli.lean import Growth
from onesystem.district import District
from onesystem.vocabulary import to_local

_LOOK = 10.0  # seconds between looks at how large the process is
_SOON, _IDLE = 0.1, 2.0  # seconds until the next errand: while there is work, and without

_log = structlog.get_logger(__name__)


async def feed(district: District, *, host: str) -> None:
    """Take in what comes over the wire until SIGTERM; then finish what was acknowledged."""
    from onesystem.feeds.mllp import Door, listen

    stop = _told_to_stop()
    sending = [source for source in district.sources.values() if source.listen]
    doors = [
        Door(source=s.code, host=host, port=s.listen, tls_cert=district.file(s.tls_cert),
             tls_key=district.file(s.tls_key), tls_client_ca=district.file(s.tls_client_ca))
        for s in sending
    ]  # fmt: skip
    if doors:
        await listen(doors, district=district, stop=stop, signals=False)
    else:
        await stop.wait()


async def tend(district: District) -> None:
    """Take in what lies in the folders, and tidy up at night, until SIGTERM.

    An extract brings engines into memory that a live message never needs. So this also ends, after
    the file in hand, when the process has grown: whoever keeps it starts a fresh one.
    """
    from onesystem.cli.measuring import keep_up
    from onesystem.feeds.folders import watch

    stop = _told_to_stop()
    async with asyncio.TaskGroup() as group:
        group.create_task(keep_up(stop))
        group.create_task(watch(district, stop=stop))
        group.create_task(_nightly(district, stop))
        group.create_task(_errands(stop))
        group.create_task(_end_when_grown(stop))


async def run_errands() -> None:
    """Work on exports, subscriptions and questions until SIGTERM, where nobody tends folders."""
    stop = _told_to_stop()
    async with asyncio.TaskGroup() as group:
        group.create_task(_errands(stop))
        group.create_task(_end_when_grown(stop))


def _told_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    return stop


async def _end_when_grown(stop: asyncio.Event) -> None:
    growth = Growth()
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), _LOOK)
        except TimeoutError:
            if growth.too_much():
                stop.set()


async def _nightly(district: District, stop: asyncio.Event) -> None:
    """Tidy up every night at three by the district's clocks, when the fewest people work."""
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), _until_three(district))
        except TimeoutError:
            await asyncio.to_thread(_tidy)


async def _errands(stop: asyncio.Event) -> None:
    """Work on what clients and pages asked for and do not wait for: a little at a time."""
    while not stop.is_set():
        left = await asyncio.to_thread(do_errand)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _SOON if left else _IDLE)


def do_errand() -> bool:
    """Do a part of what waits, of every kind; whether something is left."""
    from django.db import connection

    from onesystem import record
    from onesystem.flow import answers
    from onesystem.flow.boards.watching import look

    try:
        return any([record.run_errands(), answers.work(), look()])
    except Exception:  # noqa: BLE001 - whatever it was, the feeds go on
        _log.exception("an errand failed; it is tried again")
        return False
    finally:
        connection.close()


def _until_three(district: District) -> float:
    local = to_local(datetime.now(UTC), district.zone)
    three = local.replace(hour=3, minute=0, second=0, microsecond=0)
    if three <= local:
        three += timedelta(days=1)
    return (three.astimezone(UTC) - local.astimezone(UTC)).total_seconds()


def _tidy() -> None:
    """Link who still waits, carry what ended long ago to the log, look over who looked."""
    from django.db import connection

    from onesystem import contacts, people
    from onesystem.access import Actor
    from onesystem.access.privacy.watching import watch_all
    from onesystem.flow import measures
    from onesystem.flow.chances import working as chances
    from onesystem.flow.coordination import working as coordination

    try:
        people.link_pending()
        contacts.compact(by=Actor.job("nightly"))
        measures.refresh()
        chances.nightly()
        coordination.nightly()
        watch_all()
    except Exception:  # noqa: BLE001 - whatever it was, the feeds go on
        _log.exception("nightly work failed; it is tried again tomorrow")
    finally:
        connection.close()
