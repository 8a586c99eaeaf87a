"""Messages that were landed and then not processed, because the process was killed or the
database was away: found in the tails of segments, and processed now. So is what the database has
lost since, because a replica that was behind took its place.
"""

from collections.abc import Iterator

import structlog

from onesystem import contacts
from onesystem.feeds import rows
from onesystem.feeds.landing import Block, Damage, Landed, Landing
from onesystem.feeds.pipeline import Pipeline, Tally
from onesystem.feeds.reading import Read, is_answered, read_one, unanswered

_BATCH = 256
_log = structlog.get_logger(__name__)


def process_pending(pipeline: Pipeline) -> Tally:
    """Process what others left behind. Segments whose process lives are left to it."""
    tally = Tally()
    contacts.recover()
    cursors = rows.cursors()
    for segment in pipeline.landing.names():
        done = cursors.get(segment, rows.FIRST)
        if pipeline.landing.size(segment) <= done:
            continue
        with pipeline.landing.adopted(segment, start=done) as mine:
            if mine:
                tally.add(_finish(pipeline, segment, done))
    return tally


def process_lost(pipeline: Pipeline) -> Tally:
    """Process again what this process had given to the store, and the store has lost since."""
    tally, cursors = Tally(), rows.cursors()
    for segment in list(pipeline.landing.lost):
        end = pipeline.landing.lost.pop(segment)
        _log.warning("the store has lost what it was given; it is read again", segment=segment)
        tally.add(_finish(pipeline, segment, cursors.get(segment, rows.FIRST), end))
    return tally


def behind(landing: Landing) -> int:
    """Bytes of the landing that are not processed yet, in all segments."""
    cursors = rows.cursors()
    return sum(max(0, landing.size(s) - cursors.get(s, rows.FIRST)) for s in landing.names())


def _finish(pipeline: Pipeline, segment: str, done: int, end: int | None = None) -> Tally:
    tally = Tally()
    batch: list[Landed] = []
    for block in pipeline.landing.scan(segment, start=done):
        if end is not None and block.offset >= end:
            break
        if isinstance(block, Damage):
            # The stretch was never whole, so it was never acknowledged; step over it.
            rows.move_cursor(block.segment, {block.offset: block.end})
            continue
        batch += landed_of(block)
        if len(batch) >= _BATCH:
            tally.add(pipeline.process(batch, reads=_reads(pipeline, batch)))
            batch = []
    if batch:
        tally.add(pipeline.process(batch, reads=_reads(pipeline, batch)))
    return tally


def _reads(pipeline: Pipeline, batch: list[Landed]) -> list[Read]:
    """What the messages say; writes that nobody was told of are not done now."""
    return [
        unanswered(each)
        if is_answered(each)
        else read_one(each, pipeline.district, pipeline.landing)
        for each in batch
    ]


def landed_of(block: Block) -> Iterator[Landed]:
    """The messages of a block with their addresses."""
    for i, frame in enumerate(block.frames):
        yield Landed(frame, block.segment, block.offset, block.end, i)
