"""Keeping the measures up while a district is served: a few people at a time."""

import asyncio
from contextlib import suppress

import structlog

_SOON, _IDLE = 0.1, 2.0  # seconds until the next look: while there is work, and without

_log = structlog.get_logger(__name__)


async def keep_up(stop: asyncio.Event) -> None:
    """Work out again whoever was touched, until told to stop."""
    while not stop.is_set():
        left = await asyncio.to_thread(refresh_once)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _SOON if left else _IDLE)


def refresh_once() -> bool:
    """Bring the cells up, if anything waits; gives whether more is left."""
    from django.db import connection

    from onesystem.flow import measures
    from onesystem.vocabulary import Busy

    try:
        return measures.pending() and measures.refresh(limit=500).left
    except Busy:  # somebody works them all out anew, and takes this in
        return False
    except Exception:  # noqa: BLE001 - whatever it was, the feeds go on
        _log.exception("the measures were not brought up; it is tried again")
        return False
    finally:
        connection.close()
