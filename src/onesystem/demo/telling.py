"""The demo's district going on: what each source sends next, with what goes wrong in real feeds.

`Teller.until(second)` gives everything that the sources send between the second reached and that
one, in the order in which they send it, and carries the world on when it needs more of it.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from onesystem.demo import asking, fhir
from onesystem.demo.columns import as_known, contact_columns
from onesystem.demo.extracts import as_bytes, people_table
from onesystem.demo.faces import Faces
from onesystem.demo.happenings import Happening, happenings
from onesystem.demo.history import Span, go_on
from onesystem.demo.hl7 import Writer
from onesystem.demo.keeping import Told
from onesystem.demo.layouts import Layout, layouts
from onesystem.demo.people import NEVER
from onesystem.demo.seconds import DAY, HOUR
from onesystem.demo.sent import EVERY, LIVE, Sent
from onesystem.demo.streams import Stream, joined

_BLOCK = 7  # days drawn at a time
_AHEAD = DAY  # drawn at least so far ahead
# Of a thousand messages: sent late, sent twice, later corrected, taken back, merged.
_LATE, _TWICE, _CORRECTED, _BACK, _MERGED = 15, 5, 25, 12, 120


class Teller:
    """Tells the world of the demo, and keeps how far it has been told in `told`."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.layouts = layouts(told.world.here)
        self.faces = Faces(told.world)
        self._late: list[Sent] | None = None  # None: what may come late is not known yet
        self._writers = {
            code: Writer(told.world, self.faces, layout, told.made.now - LIVE)
            for code, layout in self.layouts.items()
            if layout.live == "hl7v2"
        }

    def until(self, second: int) -> list[Sent]:
        """What is sent after the second reached, up to this one; that is the second reached now."""
        self._draw(second + _AHEAD)
        after = self.told.reached
        # A message can be late by six hours, so the first look goes back as far.
        begin = after - 6 * HOUR if self._late is None else after
        events = happenings(self.told.streams, begin, second)
        self._prepare(events)
        told = [*(self._late or ()), *self._messages(events)]
        self._late = [s for s in told if s.at > second]
        found = [s for s in told if after < s.at <= second]
        found += self._files(after, second)
        found.sort()
        self.told.reached = second
        return found

    def _prepare(self, events: list[Happening]) -> None:
        """Describe everyone whom the messages are about, many at once."""
        about: dict[str, list[int]] = {}
        for event in events:
            made = self.told.streams[event.series]
            source = self.told.world.sources[int(made.source[event.row])]
            about.setdefault(source, []).append(int(made.person[event.row]))
            if asking.asks(made, event.row):
                about.setdefault("practices", []).append(int(made.person[event.row]))
        for source in about.keys() & {*self._writers, "practices"}:
            who = np.array(about[source])
            self.faces.prepare(source, who)
            twice = who[self.faces.register(source).second[who] > 0]
            self.faces.prepare(source, twice, second=True)

    def _draw(self, second: int) -> None:
        """Carry the world on until that second lies in it."""
        told = self.told
        while told.last * DAY < second:
            told.block += 1
            span = Span(told.last, told.last + _BLOCK)
            new = go_on(told.world, span, told.block)
            told.streams = {s: joined([_open(told.streams[s], told.reached), new[s]]) for s in new}
            told.last = span.last

    def _messages(self, events: list[Happening]) -> Iterator[Sent]:
        sources = self.told.world.sources
        for event in events:
            made = self.told.streams[event.series]
            source = sources[int(made.source[event.row])]
            if event.step in {"requested", "ended"} and asking.asks(made, event.row):
                yield self._asked(made, event)
            if source == "practices":
                yield self._consultation(made, event)
            elif source in self._writers and (event.series != "E" or event.step != "requested"):
                yield from self._hl7(made, event, source)

    def _consultation(self, made: Stream, event: Happening) -> Sent:
        person, number = int(made.person[event.row]), int(made.number[event.row])
        face = self.faces.of("practices", person)
        at = event.at + _delay(number, event.step)
        lines = [fhir.encounter(self.told.world, made, event.row, face.subject, event.at)]
        here_since = max(int(self.told.world.people.arrived[person]),
                         int(self.told.world.people.birth[person]) * DAY)  # fmt: skip
        if here_since > event.at - 120 * DAY or number % 40 == 0:
            lines.insert(0, fhir.patient(face, self.told.world, event.at))
        name = f"{event.at}-{made.number[event.row]}-{event.step}.ndjson"
        return Sent(at, "practices", name, b"\n".join(lines) + b"\n", False)

    def _asked(self, made: Stream, event: Happening) -> Sent:
        face = self.faces.of("practices", int(made.person[event.row]))
        line = asking.referral(self.told.world, made, event.row, face.subject, event.at)
        name = f"{event.at}-{made.series}{made.number[event.row]}-{event.step}.ndjson"
        return Sent(event.at + 20, "practices", name, line + b"\n", False)

    def _hl7(self, made: Stream, event: Happening, source: str) -> Iterator[Sent]:
        writer, number = self._writers[source], int(made.number[event.row])
        delay = _delay(number, event.step)
        message = writer.message(made, event)
        yield Sent(event.at + delay, source, "", message, True)
        luck = _luck(number, event.step, "twice")
        if luck < _TWICE:
            yield Sent(event.at + delay + 30, source, "", message, True)
        if event.series not in "ES" or delay:
            return
        luck = _luck(number, event.step, "mend")
        if event.step == "started" and luck < _CORRECTED:
            yield self._about(writer, made, event, source, "A08", 300)
        if event.step == "ended" and luck < _BACK and not made.cancelled[event.row]:
            # Discharged by mistake: taken back, and done again.
            yield self._about(writer, made, event, source, "A13", 240)
            yield self._about(writer, made, event, source, "A03", 600)
        person = int(made.person[event.row])
        if (event.step == "started" and self.faces.has_two(source, person)
                and _luck(number, event.step, "merge") < _MERGED):  # fmt: skip
            yield Sent(event.at + 900, source, "", writer.merge(person, event.at + 900), True)

    def _about(self, writer: Writer, made: Stream, event: Happening, source: str, trigger: str,
               later: int) -> Sent:  # fmt: skip
        message = writer.message(made, event, trigger=trigger, extra=1, at=event.at + later)
        return Sent(event.at + later, source, "", message, True)

    def _files(self, after: int, until: int) -> Iterator[Sent]:
        """The extracts that fall due: what changed since the one before."""
        for source, every in EVERY.items():
            due = until // every * every
            since = self.told.dropped.get(source, after)
            if due <= since:
                continue
            self.told.dropped[source] = due
            yield from self._extract(self.layouts[source], since, due)

    def _extract(self, layout: Layout, since: int, due: int) -> Iterator[Sent]:
        world, index = self.told.world, self.told.world.source(layout.code)
        held, who = self.faces.register(layout.code), []
        tables: list[tuple[str, pa.Table]] = []
        for series in layout.series:
            made = self.told.streams[series]
            made = made.where((made.source == index) & _changed(made, since, due))
            if len(made):
                who.append(made.person)
                known = as_known(made, due)
                tables.append((series, contact_columns(world, known, held, layout, due)))
        if not tables:
            return
        people = people_table(world, layout, np.unique(np.concatenate(who)), due)
        stamp = f"{due}.{layout.format}"
        yield Sent(due, layout.code, f"{due}-1-people-{stamp}", as_bytes(people, layout), False)
        for series, table in tables:
            name = f"{due}-2-contacts-{series}-{stamp}"
            yield Sent(due, layout.code, name, as_bytes(table, layout), False)


def _open(made: Stream, reached: int) -> Stream:
    """What may still be told of, or may still come late."""
    latest = np.zeros(len(made), dtype=np.int64)
    for name in ("requested", "started", "ready", "ended"):
        times = getattr(made, name)
        latest = np.maximum(latest, np.where(times < NEVER, times, 0))
    return made.where(latest > reached - 2 * DAY)


def _changed(made: Stream, since: int, due: int) -> np.ndarray:
    changed = np.zeros(len(made), dtype=bool)
    for name in ("requested", "started", "ready", "ended"):
        times = getattr(made, name)
        changed |= (times > since) & (times <= due)
    return changed


def _luck(number: int, step: str, what: str) -> int:
    """0 to 999, the same each time."""
    mixed = number * 2_654_435_761 + sum(map(ord, step + what)) * 40_503
    return (mixed ^ mixed >> 15) % 1000


def _delay(number: int, step: str) -> int:
    """Seconds by which a message comes late: most not at all, some by up to six hours."""
    luck = _luck(number, step, "late")
    return 60 + luck * 1400 if luck < _LATE else 0
