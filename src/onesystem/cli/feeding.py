"""The feeds of a served district: a door for each source that sends live, and the folders."""

import asyncio
import signal

from onesystem.district import District


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
        for source in district.sources.values():
            if source.listen:
                door = Door(source=source.code, host=host, port=source.listen)
                group.create_task(listen(door, district=district, stop=stop, signals=False))
