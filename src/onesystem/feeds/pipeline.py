"""Readings into people, contacts and the rooms above, with the row of each message, at once.

A batch of messages is one transaction. When it fails because of one message, halves of it are
tried until only the culprit is set aside. When the database is away, the batch waits and is tried
again: the messages are safe in the landing, and their rows are unique, so nothing is lost and
nothing is doubled.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from threading import Event
from typing import Any

from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from onesystem import contacts, people
from onesystem.district import District
from onesystem.feeds import rows
from onesystem.feeds.amending import office
from onesystem.feeds.landing import Landed, Landing
from onesystem.feeds.places import district_with_places
from onesystem.feeds.readers import Elsewhere
from onesystem.feeds.reading import Read, fault, read_one, unanswered
from onesystem.feeds.takers import takers
from onesystem.vocabulary import (
    BadInput,
    Busy,
    ContactEvent,
    Entry,
    PersonSeen,
    Remark,
    RequestSeen,
    SubjectsMerged,
)

Mark = tuple[str, int, int]  # a block that is done with this batch: segment, offset, end
Progress = Callable[[int, int], None]
_CLASHES = 3  # tries more where what was written clashed with what another process wrote


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of one message."""

    message: int
    state: str  # read, quarantined, or duplicate
    rule: str = ""
    reason: str = ""
    cure: str = ""
    name: str = ""


@dataclass(slots=True)
class Tally:
    """What a batch gave."""

    outcomes: list[Outcome] = field(default_factory=list)
    contacts: int = 0
    entries: int = 0
    requests: int = 0
    persons: int = 0
    rows_read: int = 0
    rows_refused: int = 0

    def add(self, other: "Tally") -> None:
        """Add another batch's."""
        self.outcomes += other.outcomes
        for name in ("contacts", "entries", "requests", "persons", "rows_read", "rows_refused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The way of a district's messages. `patience`: seconds to wait for a database that is away;
    None waits for ever, as a listener does.
    """

    district: District
    landing: Landing
    patience: float | None = 30.0
    closing: Event = field(default_factory=Event)  # set, nothing waits for the database any more

    def refreshed(self) -> "Pipeline":
        """The same way with the places that people have mapped by now."""
        return replace(self, district=district_with_places(self.district))

    def process(
        self,
        landed: Sequence[Landed],
        *,
        reads: Sequence[Read] | None = None,
        progress: Progress | None = None,
    ) -> Tally:
        """Process landed messages in their order. Raises Busy when patience ends."""
        reads = reads or [read_one(each, self.district, self.landing) for each in landed]
        marks = _marks(landed)
        tally = Tally()
        batches = list(_batches(reads))
        for i, batch in enumerate(batches):
            last = marks if i == len(batches) - 1 else ()
            tally.add(self._commit(batch, last, progress))
        return tally

    def _commit(self, batch: list[Read], marks: Sequence[Mark], progress: Progress | None) -> Tally:
        try:
            return self._patiently(lambda: self._write(batch, marks, progress))
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
            if len(batch) == 1:
                refusal = error if isinstance(error, BadInput) else fault(error, batch[0].landed)
                batch[0].refuse(refusal)
                return self._patiently(lambda: self._write(batch, marks, progress))
            half = len(batch) // 2
            tally = self._commit(batch[:half], (), progress)
            tally.add(self._commit(batch[half:], marks, progress))
            return tally

    def _patiently(self, write: Callable[[], Tally]) -> Tally:
        pause, waited, clashes, begun = 0.05, 0.0, 0, time.monotonic()
        while True:
            try:
                return write()
            except IntegrityError:
                # Two processes may give out the same name at once: the second looks again.
                clashes += 1
                if clashes > _CLASHES:
                    raise
                continue
            except (OperationalError, InterfaceError) as error:
                if connection.in_atomic_block:
                    raise  # the caller's transaction is lost with the connection
                connection.close()
                # What the tries took counts too: one of a thousand messages may take seconds.
                waited = max(waited, time.monotonic() - begun)
                tired = self.patience is not None and waited >= self.patience
                if tired or self.closing.is_set():
                    raise _away(error) from error
            time.sleep(pause)
            waited += pause
            pause = min(pause * 2, 5.0)

    def write_one(self, landed: Landed) -> tuple[Read, Tally]:
        """Process one landed message within the caller's transaction, all of it or nothing.

        A message that is refused has its row, and the refusal is in what is given back. Whatever
        the store raises is for the caller, whose transaction it is.
        """
        read = read_one(landed, self.district, self.landing)
        return read, self._write([read], _marks([landed]), None)

    def set_aside(self, landed: Landed) -> None:
        """Keep a message in quarantine that was landed and whose transaction was undone.

        One that was committed after all, although nobody could be told, is left as it is.
        """
        self._write([unanswered(landed)], _marks([landed]), None)

    def _write(
        self, batch: Sequence[Read], marks: Sequence[Mark], progress: Progress | None
    ) -> Tally:
        known_at = datetime.now(UTC)
        with transaction.atomic():
            ids = rows.insert_messages(batch, known_at=known_at)
            new, again = _first_of_each(batch, ids)
            tally = Tally()
            if new:
                numbered = [(ids[key_of(read)], read) for read in new]
                tally = self.apply(numbered, known_at=known_at, progress=progress)
            outcomes, duplicates = _outcomes(batch, new, again, ids)
            rows.count(new, duplicates)
            for read in new:
                if read.whole:
                    rows.count_rows(read.landed.frame.source, tally.rows_read, tally.rows_refused)
            moved = self._move_cursors(marks)
        self._remember(marks, moved)
        tally.outcomes = outcomes
        return tally

    def _move_cursors(self, marks: Sequence[Mark]) -> dict[str, int]:
        """Move on over these blocks and over those that other threads have committed."""
        return {
            segment: rows.move_cursor(
                segment,
                self.landing.done.get(segment, {})
                | {offset: end for name, offset, end in marks if name == segment},
            )
            for segment in {segment for segment, _, _ in marks}
        }

    def _remember(self, marks: Sequence[Mark], moved: dict[str, int]) -> None:
        """After the commit: blocks that are done although one before them is not yet.

        A cursor that stands before where it stood is of a store that has lost what it was given:
        a replica took the place of its primary and was behind, or a backup was restored.
        """
        for segment, at in moved.items():
            reached = self.landing.reached.get(segment, 0)
            if at < reached:
                self.landing.lost[segment] = max(reached, self.landing.lost.get(segment, 0))
            self.landing.reached[segment] = at
            done = self.landing.done.get(segment, {})
            done = done | {offset: end for name, offset, end in marks if name == segment}
            self.landing.done[segment] = {o: e for o, e in done.items() if o >= at}

    def apply(
        self,
        reads: Sequence[tuple[int, Read]],
        *,
        known_at: datetime,
        progress: Progress | None = None,
    ) -> Tally:
        """Hand the readings of numbered messages on, within the caller's transaction."""
        tally = Tally()
        for message, read in reads:
            if read.whole:
                self._take_file(message, read, tally, progress)
                if deciding := office():
                    deciding.file_taken(read.landed.frame.source, message, known_at)
        hand_on(reads, known_at=known_at, tally=tally)
        return tally

    def _take_file(self, message: int, read: Read, tally: Tally, progress: Progress | None) -> None:
        frame = read.landed.frame
        file = read.file
        if file is None or read.whole is None:
            raise BadInput(
                "an extract was landed as a message",
                rule="feeds.not-a-file",
                cure="Send it with: onesystem ingest FILE --source NAME",
            )
        taken = read.whole.take_file(
            file,
            name=frame.name,
            message=message,
            source=self.district.source(frame.source),
            district=self.district,
            received=frame.received,
            progress=progress,
        )
        rows.insert_refused(message, taken.refused)
        rows.insert_flags((message, frame.source, remark) for remark in taken.remarks)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE feeds_message SET rows_read = %s, rows_refused = %s WHERE id = %s",
                [taken.rows_read, taken.rows_refused, message],
            )
        for name in ("rows_read", "rows_refused", "persons", "contacts", "entries", "requests"):
            setattr(tally, name, getattr(tally, name) + getattr(taken, name))


def _away(error: Exception) -> Busy:
    """Why the store was not written, and that nothing is lost by it."""
    full = any(said in str(error) for said in ("disk is full", "No space left"))
    return Busy(
        "the database cannot be written: " + ("its disk is full" if full else type(error).__name__),
        ("Make room. " if full else "")
        + "The messages are safe in the landing and are read when it is back.",
    )


def hand_on(reads: Sequence[tuple[int, Read]], *, known_at: datetime, tally: Tally) -> None:
    """Give each reading to the room whose it is."""
    told: dict[type, list[Any]] = defaultdict(list)
    whose: dict[int, str] = {}  # readings whose subject another source knows
    deciding = office()
    decided = deciding.part([read for _, read in reads], known_at) if deciding else None
    for message, read in reads:
        source = read.landed.frame.source
        for reading in read.readings if decided is None else decided.of(read):
            if type(reading) is Elsewhere:
                said = reading.reading
                told[type(said)].append((reading.owner, message, said))
                if reading.whose != reading.owner:
                    whose[id(said)] = reading.whose
            else:
                told[type(reading)].append((source, message, reading))
    ids = _identities(told, whose, known_at)

    def of(kind: type) -> list[Any]:
        return [
            (source, ids[whose.get(id(r), source), r.subject], message, r)
            for source, message, r in told[kind]
        ]

    if told[ContactEvent]:
        tally.contacts += contacts.take(of(ContactEvent), known_at=known_at).contacts_new
    if any(taker.announces and told[kind] for kind, taker in takers().items()):
        contacts.line_up()
    for kind, taker in takers().items():
        if told[kind]:
            taker.take(of(kind), known_at)
    tally.entries += len(told[Entry])
    tally.requests += len(told[RequestSeen])
    rows.insert_flags((message, source, remark) for source, message, remark in told[Remark])


def _identities(
    told: dict[type, list[Any]], whose: dict[int, str], known_at: datetime
) -> dict[tuple[str, str], int]:
    """The identity of every subject that is told of, met first where it is described."""
    met = told[PersonSeen] + told[SubjectsMerged]
    ids = people.meet(met, known_at=known_at) if met else {}
    about = chain.from_iterable(told[kind] for kind in (ContactEvent, *takers()))
    unmet = {(whose.get(id(r), source), r.subject) for source, _, r in about} - ids.keys()
    # An entry about nobody (an organisation, a code list) has no subject, and so no identity.
    nobody = {pair: 0 for pair in unmet if not pair[1]}
    unmet -= nobody.keys()
    known = people.identify(sorted(unmet), known_at=known_at) if unmet else {}
    return ids | known | nobody


def key_of(read: Read) -> tuple[str, str]:
    """What a message is unique by."""
    return read.landed.frame.source, read.landed.frame.digest.hex()


def _first_of_each(
    batch: Sequence[Read], ids: dict[tuple[str, str], int]
) -> tuple[list[Read], list[Read]]:
    """Those whose rows are new, and those that were there or come twice in the batch."""
    new: list[Read] = []
    again: list[Read] = []
    seen: set[tuple[str, str]] = set()
    for read in batch:
        key = key_of(read)
        (again if key not in ids or key in seen else new).append(read)
        seen.add(key)
    return new, again


def _outcomes(
    batch: Sequence[Read],
    new: Sequence[Read],
    again: Sequence[Read],
    ids: dict[tuple[str, str], int],
) -> tuple[list[Outcome], list[Read]]:
    """What became of each message of the batch, in its order, and the true duplicates.

    A row with this very address is ours from a try whose answer was lost: no duplicate.
    """
    known = rows.known_messages(map(key_of, again)) if again else {}
    fresh = {id(read) for read in new}
    outcomes: list[Outcome] = []
    duplicates: list[Read] = []
    for read in batch:
        name = read.landed.frame.name
        if id(read) in fresh:
            state, rule, reason, cure, _ = rows.verdict(read)
            message = ids[key_of(read)]
            outcomes.append(
                Outcome(
                    message=message, state=state, rule=rule, reason=reason, cure=cure, name=name
                )
            )
            continue
        was = known[key_of(read)]
        ours = was.address == read.landed.address
        if not ours:
            duplicates.append(read)
        outcomes.append(
            Outcome(
                message=was.id,
                state=was.state if ours else "duplicate",
                rule=was.rule,
                reason=was.reason,
                cure=was.cure,
                name=name,
            )
        )
    return outcomes, duplicates


def _batches(reads: Iterable[Read]) -> Iterable[list[Read]]:
    """Messages together, each whole file by itself."""
    batch: list[Read] = []
    for read in reads:
        if read.whole:
            if batch:
                yield batch
                batch = []
            yield [read]
        else:
            batch.append(read)
    if batch:
        yield batch


def _marks(landed: Sequence[Landed]) -> list[Mark]:
    """The blocks that these messages end. A block's messages are always processed together."""
    return list(dict.fromkeys((each.segment, each.offset, each.end) for each in landed))
