"""The feeds in words: ages, rates, states, and the bytes of a message made safe to look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from onesystem.district import District
from onesystem.feeds.feed_queries import SourceState
from onesystem.feeds.readers import Elsewhere
from onesystem.vocabulary import (
    CareAct,
    ContactEvent,
    Entry,
    PersonSeen,
    Reading,
    Remark,
    RequestSeen,
    StayFact,
    SubjectsMerged,
)
from onesystem.vocabulary.said import listed, say
from onesystem.vocabulary.wording import ago, counted, length, local

PIECE = 16 * 1024  # bytes of a message on one page
_HEX_ROW = 16
_CONTROL = {"\r": "↵\n", "\x0b": "[VT]", "\x1c": "[FS]", "\t": "→\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWords:
    """One line of the Feeds page."""

    code: str
    name: str
    organisation: str
    declared: bool
    state: str  # fresh, silent, never, plain
    says: str
    last: str
    last_local: str
    rate: str
    hour: str
    day: str
    lag: str
    landed: int
    read: int
    quarantined: int
    refused: int
    duplicates: int
    unmapped: int


def source_words(each: SourceState, district: District, *, at: datetime) -> SourceWords:
    """A source's line: how it stands in a word, and the figures."""
    source = each.source
    owner = district.organisations.get(source.organisation)
    state, says = freshness(each, at=at)
    return SourceWords(
        code=source.code,
        name=source.name,
        organisation=owner.name if owner else "",
        declared=source.declared,
        state=state,
        says=says,
        last=ago(each.last, now=at) if each.last else "never",
        last_local=local(each.last, district.zone) if each.last else "",
        rate=say(
            "{hour} in the last hour, {day} in the last day",
            hour=f"{each.hour:,}",
            day=f"{each.day:,}",
        ),
        hour=f"{each.hour:,}",
        day=f"{each.day:,}",
        lag=length(timedelta(seconds=each.lag)) if each.lag >= 1 else say("under 1 s"),
        landed=each.landed,
        read=each.read,
        quarantined=each.quarantined,
        refused=each.rows_refused,
        duplicates=each.duplicates,
        unmapped=each.unmapped,
    )


def freshness(each: SourceState, *, at: datetime) -> tuple[str, str]:
    """How a source stands: never sent, silent for too long, or fresh."""
    if each.last is None:
        return "never", say("Nothing has come yet")
    allowed = timedelta(minutes=each.source.silent_after_minutes)
    silent = at - each.last
    if allowed and silent > allowed:
        return "silent", say(
            "Silent for {silent}; expected every {allowed}",
            silent=length(silent),
            allowed=length(allowed),
        )
    return ("fresh", say("As expected")) if allowed else ("plain", say("No limit set"))


def summary(states: Sequence[SourceState], *, at: datetime) -> str:
    """The page's question answered in one sentence."""
    if not any(each.landed for each in states):
        return say("No message has come yet.")
    silent = [e for e in states if freshness(e, at=at)[0] == "silent"]
    kept = sum(e.quarantined for e in states)
    unmapped = sum(e.unmapped for e in states)
    refused = sum(e.rows_refused for e in states)
    parts = []
    if silent:
        parts.append(say("{sources} silent for too long", sources=counted(len(silent), "source")))
    if kept:
        parts.append(say("{messages} in quarantine", messages=counted(kept, "message")))
    if unmapped:
        parts.append(say("{places} not mapped", places=counted(unmapped, "place")))
    if refused:
        parts.append(say("{rows} of extracts refused", rows=counted(refused, "row")))
    if not parts:
        return say(
            "All is well: {sources}, nothing in quarantine.", sources=counted(len(states), "source")
        )
    return say("{parts}.", parts=listed(parts, "; "))


@dataclass(frozen=True, slots=True)
class Raw:
    """A piece of a message to look at: text, or rows of hexadecimal where it is binary."""

    binary: bool
    text: str
    start: int
    end: int
    size: int

    @property
    def previous(self) -> int | None:
        """Where the piece before begins."""
        return max(0, self.start - PIECE) if self.start else None

    @property
    def next(self) -> int | None:
        """Where the piece after begins."""
        return self.end if self.end < self.size else None


def raw(data: bytes, *, start: int, size: int) -> Raw:
    """Bytes made visible. Nothing in them is interpreted: the page escapes the text."""
    binary = is_binary(data)
    text = hexadecimal(data, start) if binary else visible(data)
    return Raw(binary, text, start, start + len(data), size)


def is_binary(data: bytes) -> bool:
    """Whether bytes are better shown as numbers: a NUL, or more than a tenth odd control bytes."""
    if b"\0" in data:
        return True
    odd = sum(1 for b in data[:4096] if b < 32 and b not in b"\t\n\r\x0b\x0c\x1c\x1b")
    return odd * 10 > min(len(data), 4096)


def visible(data: bytes) -> str:
    """Text with its control characters drawn; a byte that is no UTF-8 shows as a number."""
    text = data.replace(b"\r\n", b"\n").decode("utf-8", "backslashreplace")
    drawn = "".join(_CONTROL.get(c, c) for c in text)
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\u{ord(c):04x}" for c in drawn)


def hexadecimal(data: bytes, start: int) -> str:
    """Rows of sixteen bytes: offset, numbers, and what is printable."""
    return "\n".join(
        f"{start + at:08x}  {row.hex(' '):<47}  {_printable(row)}"
        for at in range(0, len(data), _HEX_ROW)
        for row in [data[at : at + _HEX_ROW]]
    )


def _printable(row: bytes) -> str:
    return "".join(chr(b) if 32 <= b < 127 else "." for b in row)


@dataclass(frozen=True, slots=True)
class ReadingWords:
    """One reading in words, and whom it is about."""

    kind: str
    says: str
    subject: str
    contact: str = ""  # the source's key of the visit
    whose: str = ""  # the source that knows the subject, where it is not the message's own


def readings_words(
    readings: Iterable[Reading | Elsewhere], district: District
) -> list[ReadingWords]:
    """What a message says, reading by reading; what it says for another source too."""
    return [
        replace(_reading(each.reading, district), whose=each.whose)
        if isinstance(each, Elsewhere)
        else _reading(each, district)
        for each in readings
    ]


def _reading(reading: Reading, district: District) -> ReadingWords:  # noqa: PLR0911 - a case a line
    match reading:
        case PersonSeen():
            name = " ".join(p for p in (reading.given, reading.family) if p)
            numbers = ", ".join(f"{n.scheme} {n.value}" for n in reading.identifiers)
            says = "; ".join(p for p in (name, str(reading.birth_date or ""), numbers) if p)
            return ReadingWords("Person", says, reading.subject)
        case SubjectsMerged():
            return ReadingWords(
                "Merge",
                say("{old} is now {subject}", old=reading.old, subject=reading.subject),
                reading.subject,
            )
        case ContactEvent():
            where = district.service_name(reading.service) if reading.service else ""
            when = local(reading.at, district.zone) if reading.at else ""
            says = listed(p for p in (reading.act.value, where, when) if p)
            return ReadingWords("Contact", says, reading.subject, reading.visit)
        case Entry():
            code = (reading.code.display or reading.code.code) if reading.code else ""
            value = f"{reading.value} {reading.unit}".strip()
            says = ", ".join(p for p in (reading.kind, code, value, reading.status) if p)
            return ReadingWords("Entry", says, reading.subject, reading.visit)
        case RequestSeen():
            what = (reading.what.display or reading.what.code) if reading.what else ""
            says = ", ".join(p for p in (what, reading.service, reading.status) if p)
            return ReadingWords("Request", says, reading.subject)
        case StayFact():
            return ReadingWords(
                "Fact", f"{reading.fact}: {reading.value or 'no'}", reading.subject, reading.visit
            )
        case CareAct():
            return ReadingWords("Act", f"{reading.part}: {reading.verb}", reading.subject)
        case Remark():
            return ReadingWords("Remark", reading.what, "", reading.where)


def readings_counted(words: Sequence[ReadingWords]) -> str:
    """How many of each kind, in one line."""
    kinds = [w.kind for w in words]
    plural = {"Entry": "entries", "Person": "persons"}
    return listed(
        counted(kinds.count(kind), kind.lower(), plural.get(kind, ""))
        for kind in dict.fromkeys(kinds)
    )
