"""The demo going on: messages arrive as the demo's clock runs, while the district is served.

The clock follows real time (`clock`). What was missed while the demo was switched off is caught
up in large steps first. How far it has come is kept every minute; what was sent and not yet noted
when the process died is sent again, byte for byte the same, which changes nothing. As often, the
wards say on their boards what no system sends.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from onesystem.demo import clock, progress, saying, turns, ways
from onesystem.demo.ahead import Ahead, from_kept
from onesystem.demo.progress import Made
from onesystem.demo.seconds import HOUR
from onesystem.demo.sending import Wire, drop_files, straight
from onesystem.demo.sent import Sent
from onesystem.district import current

_TICK = 1.0  # seconds between looks at the clock
_STEP = 6 * HOUR  # of the demo's time, sent at once when catching up
_NOTED = 60.0  # seconds between notes of how far it has come

_log = structlog.get_logger(__name__)
Carry = Callable[[Sequence[Sent]], None]


def run(folder: Path, *, wire: bool) -> None:
    """Send until the process is told to stop: over the wire, or straight into the landing."""
    demo = progress.read(folder)
    if demo is None or not progress.finished(folder):
        _log.warning("no finished demo here", folder=str(folder))
        return
    ahead = from_kept(folder, demo.made, ways.in_force)
    clock.waken(folder, ahead.reached)
    carry = _over_the_wire() if wire else straight
    noted = time.monotonic()
    while True:
        if turns.leap_wanted(folder):
            progress.mark(ahead.reached, ahead.dropped, folder)
            ahead = _after_the_leap(folder, demo.made)
        with turns.taken(folder):
            moved = step(ahead, folder, carry)
        if time.monotonic() - noted > _NOTED:
            progress.mark(ahead.reached, ahead.dropped, folder)
            saying.say()
            noted = time.monotonic()
        if not moved:
            time.sleep(_TICK)


def _after_the_leap(folder: Path, made: Made) -> Ahead:
    """Wait until the months are told that somebody leaps over, and begin from there."""
    while turns.leap_wanted(folder):
        time.sleep(_TICK)
    return from_kept(folder, made, ways.in_force)


def step(ahead: Ahead, folder: Path, carry: Carry) -> bool:
    """Send what is due by the clock, at most a few hours of it; whether more is due."""
    now = int(clock.now(folder))
    if now <= ahead.reached:
        return False
    before, due = ahead.reached, min(now, ahead.reached + _STEP)
    sent = ahead.until(due)
    drop_files((each for each in sent if not each.hl7), folder)
    _insist(carry, [each for each in sent if each.hl7])
    if due - before > HOUR:
        progress.mark(ahead.reached, ahead.dropped, folder)
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


def _over_the_wire() -> Wire:
    """Each source that sends HL7 v2 to the port on which the district listens for it."""
    return Wire({code: each.listen for code, each in current().sources.items() if each.listen})
