"""The demo going on: messages arrive as the demo's clock runs, while the district is served.

The clock follows real time (`clock`). What was missed while the demo was switched off is caught
up in large steps first. How far it has come is kept every minute; what was sent and not yet noted
when the process died is sent again, byte for byte the same, which changes nothing.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from onesystem.demo import clock, keeping
from onesystem.demo import make as making
from onesystem.demo.hours import HOUR
from onesystem.demo.sending import Wire, drop_files, straight
from onesystem.demo.telling import Sent, Teller

_TICK = 1.0  # seconds between looks at the clock
_STEP = 6 * HOUR  # of the demo's time, sent at once when catching up
_NOTED = 60.0  # seconds between notes of how far it has come

_log = structlog.get_logger(__name__)
Carry = Callable[[Sequence[Sent]], None]


def run(folder: Path, *, mllp_port: int = 0, pages_port: int = 0) -> None:  # noqa: ARG001
    """Send until the process is told to stop. `mllp_port` 0 hands messages straight in."""
    progress = making.read(folder)
    if progress is None or not making.finished(folder):
        _log.warning("no finished demo here", folder=str(folder))
        return
    teller = Teller(keeping.load(folder, progress.made))
    clock.waken(folder, teller.told.reached)
    carry = _way(teller, mllp_port)
    noted = time.monotonic()
    while True:
        moved = step(teller, folder, carry)
        if time.monotonic() - noted > _NOTED:
            keeping.mark(teller.told, folder)
            noted = time.monotonic()
        if not moved:
            time.sleep(_TICK)


def step(teller: Teller, folder: Path, carry: Carry) -> bool:
    """Send what is due by the clock, at most a few hours of it; whether more is due."""
    told = teller.told
    now = int(clock.now(folder))
    if now <= told.reached:
        return False
    due = min(now, told.reached + _STEP)
    before, block = told.reached, told.block
    sent = teller.until(due)
    drop_files((each for each in sent if not each.hl7), folder)
    _insist(carry, [each for each in sent if each.hl7])
    if told.block != block:
        keeping.save(told, folder)
    if due - before > HOUR:
        keeping.mark(told, folder)
    return due < now


def _insist(carry: Carry, sent: Sequence[Sent]) -> None:
    """Send, and wait for a listener that is away. What it has already changes nothing twice."""
    wait = 0.5
    while sent:
        try:
            carry(sent)
        except OSError as error:
            _log.info("nobody listens yet", why=type(error).__name__)
            time.sleep(wait)
            wait = min(wait * 2, 15.0)
        else:
            return


def _way(teller: Teller, mllp_port: int) -> Carry:
    """Over the wire where the listener tells sources apart, else straight into the landing.

    A listener that says `BY_SENDER` takes the source from MSH-4, where every message of the demo
    names it; one that was started for a single source would take all hospitals for that one.
    """
    try:
        from onesystem.feeds import live as feeding
    except ImportError:
        return straight
    if not mllp_port or not getattr(feeding, "BY_SENDER", False):
        return straight
    sources = [code for code, layout in teller.layouts.items() if layout.live == "hl7v2"]
    return Wire(dict.fromkeys(sources, mllp_port))
