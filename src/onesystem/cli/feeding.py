"""The live feeds of a served district: a door for each source that sends over the wire."""

import asyncio
import signal

from onesystem.cli import lean
from onesystem.district import District

_EVERY = 10.0  # seconds


async def feed(district: District, *, host: str) -> None:
    """Take in what comes over the wire until SIGTERM; then finish what was acknowledged."""
    from onesystem.feeds.mllp import Door, listen

    stop = _told_to_stop()
    _give_back(asyncio.get_running_loop())
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


def _give_back(loop: asyncio.AbstractEventLoop) -> None:
    """Give back now and then what reading old contacts from the log took."""
    lean.trim()
    loop.call_later(_EVERY, _give_back, loop)


def _told_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    return stop
