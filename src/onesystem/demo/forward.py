"""Months of the demo at once: everything that its sources would have sent, through the same feeds.

A month is told, sent and noted before the next begins, so that a run that was killed goes on with
the month that it was in: what had been sent of it is sent again, byte for byte the same, which
changes nothing. Sources that send extracts send one a month instead of many a day. At the end the
demo's clock stands where the messages end. The live feed of a served demo waits meanwhile.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from onesystem.demo import clock, keeping, progress, turns, ways
from onesystem.demo.keeping import Told
from onesystem.demo.seconds import DAY
from onesystem.demo.sending import straight
from onesystem.demo.sent import Sent
from onesystem.demo.telling import Teller
from onesystem.vocabulary import BadConfig, NotFound

Say = Callable[[str], None]
_GOAL, _SHELF = "forward.json", "forward"
_MOST = 24
_EPOCH = date(1970, 1, 1)


def forward(folder: Path, months: int, *, say: Say) -> int:
    """Let so many months pass in the demo of an open district; gives the second reached.

    A run that was broken off is finished instead, however many months are asked for now.
    """
    if not 1 <= months <= _MOST:
        raise BadConfig(f"--months is {months}", f"Give 1 to {_MOST}.")
    demo = progress.read(folder)
    if demo is None or not progress.finished(folder):
        raise NotFound(f"{folder} holds no finished demo", "Make one: onesystem demo make DIR")
    with turns.leaping(folder):
        told = keeping.load(folder, demo.made)
        goal = _goal(folder, told.reached, months)
        while told.reached < goal:
            _month(folder, told, min(later(told.reached), goal), say)
        clock.set_to(folder, told.reached)
        (folder / progress.FOLDER / _GOAL).unlink(missing_ok=True)
    return told.reached


def later(second: int) -> int:
    """The same hour a month later, on the 28th where that month is shorter."""
    day = _EPOCH + timedelta(days=second // DAY)
    on = date(day.year + day.month // 12, day.month % 12 + 1, min(day.day, 28))
    return (on - _EPOCH).days * DAY + second % DAY


def _goal(folder: Path, reached: int, months: int) -> int:
    """The second up to which: kept, so that a run that is broken off knows it when it goes on."""
    path = folder / progress.FOLDER / _GOAL
    if path.exists():
        return int(json.loads(path.read_text(encoding="utf-8")))
    for _ in range(months):
        reached = later(reached)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(reached), encoding="utf-8")
    part.replace(path)
    return reached


def _month(folder: Path, told: Told, until: int, say: Say) -> None:
    """Tell up to a second, let the district take it in, and note that it is done."""
    told.world.ways = ways.in_force()
    sent = Teller(told).until(until)
    took = _take(sent, folder / progress.FOLDER / _SHELF)
    keeping.save(told, folder)
    progress.mark(told.reached, told.dropped, folder)
    say(f"Up to {datetime.fromtimestamp(until, UTC):%d %B %Y}: {took:,} messages and files")


def _take(sent: Sequence[Sent], shelf: Path) -> int:
    """Into the landing: messages as a listener would, files as from watched folders."""
    from onesystem import feeds

    straight([each for each in sent if each.hl7])
    shutil.rmtree(shelf, ignore_errors=True)
    files = sorted((s for s in sent if not s.hl7), key=lambda s: (s.source, s.at, s.name))
    for source, some in groupby(files, key=lambda s: s.source):
        place = shelf / source
        place.mkdir(parents=True)
        feeds.take_in(_written(list(some), place), source, link=False)
    shutil.rmtree(shelf, ignore_errors=True)
    return len(sent)


def _written(some: list[Sent], place: Path) -> list[Path]:
    """What a source leaves: its lines of records as one file, its extracts as they are."""
    lines = b"".join(each.data for each in some if each.name.endswith(".ndjson"))
    if lines:
        (place / "records.ndjson").write_bytes(lines)
    for each in some:
        if not each.name.endswith(".ndjson"):
            (place / each.name).write_bytes(each.data)
    return sorted(place.iterdir())
