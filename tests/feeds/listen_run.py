"""A listener in a process of its own: prints its port, listens until SIGTERM."""

import asyncio
import sys

from onesystem.cli.opened import open_district
from onesystem.feeds.intake import pipeline_of
from onesystem.feeds.mllp import Door, Listener


async def main(district):
    import signal

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    door = Door(source="pas", port=0, most_bytes=100_000, idle=30)
    listener = Listener([door], pipeline_of(district, patience=None))
    running = asyncio.create_task(listener.run(stop))
    await listener.started.wait()
    sys.stdout.write(f"{listener.ports[0]}\n")
    sys.stdout.flush()
    await running


asyncio.run(main(open_district()))
