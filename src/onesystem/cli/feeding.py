"""The feeds of a served district: a door for each source that sends live, and the folders."""

import asyncio
import signal
from datetime import UTC, datetime, timedelta

import structlog

from onesystem.district import District
from onesystem.vocabulary import to_local

_log = structlog.get_logger(__name__)


async def feed(district: District, *, host: str) -> None:
    """Take in what comes until SIGTERM; then finish what was acknowledged."""
    from onesystem.feeds.folders import watch
    from onesystem.feeds.mllp import Door, listen

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    async with asyncio.TaskGroup() as group:
        group.create_task(watch(district, stop=stop))
        group.create_task(_nightly(district, stop))
        sending = [source for source in district.sources.values() if source.listen]
        if sending:
            doors = [Door(source=s.code, host=host, port=s.listen) for s in sending]
            group.create_task(listen(doors, district=district, stop=stop, signals=False))


async def _nightly(district: District, stop: asyncio.Event) -> None:
    """Tidy up every night at three by the district's clocks, when the fewest people work."""
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), _until_three(district))
        except TimeoutError:
            await asyncio.to_thread(_tidy)


def _until_three(district: District) -> float:
    local = to_local(datetime.now(UTC), district.zone)
    three = local.replace(hour=3, minute=0, second=0, microsecond=0)
    if three <= local:
        three += timedelta(days=1)
    return (three.astimezone(UTC) - local.astimezone(UTC)).total_seconds()


def _tidy() -> None:
    """Link who still waits, and carry what ended long ago to the log."""
    from django.db import connection

    from onesystem import contacts, people
    from onesystem.access import Actor

    try:
        people.link_pending()
        contacts.compact(by=Actor.job("nightly"))
    except Exception:  # noqa: BLE001 - whatever it was, the feeds go on
        _log.exception("nightly work failed; it is tried again tomorrow")
    finally:
        connection.close()
