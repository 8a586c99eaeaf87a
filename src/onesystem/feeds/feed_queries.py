"""What can be asked of the feeds: sources, messages, quarantine, refused rows, unmapped places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from onesystem import access
from onesystem.district import District, Source
from onesystem.feeds.landing import BLOB, landing_of
from onesystem.feeds.models import (
    Flag,
    MappingText,
    Message,
    Refused,
    Replaying,
    SourceCount,
)
from onesystem.feeds.own import source_of
from onesystem.feeds.places import mended_places, source_with_places
from onesystem.vocabulary import NotFound

UNMAPPED = "unmapped-place"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How one source stands. `lag` is in seconds, from the event to its arrival."""

    source: Source
    landed: int = 0
    duplicates: int = 0
    read: int = 0
    quarantined: int = 0
    rows_read: int = 0
    rows_refused: int = 0
    last: datetime | None = None
    lag: float = 0.0
    hour: int = 0
    day: int = 0
    unmapped: int = 0


def sources(district: District, *, by: access.Actor, at: datetime) -> list[SourceState]:
    """Every source that is declared or that has sent, in the order of the file, then of names."""
    access.require(by, "feeds.see")
    counts = {c.source: c for c in SourceCount.objects.all()}
    rates = _rates(at)
    unmapped = _unmapped_counts(district)
    codes = [*district.sources, *sorted(set(counts) - set(district.sources))]
    return [_state(source_of(district, c), counts.get(c), rates.get(c), unmapped) for c in codes]


def _state(
    source: Source,
    count: SourceCount | None,
    rate: tuple[int, int] | None,
    unmapped: dict[str, int],
) -> SourceState:
    hour, day = rate or (0, 0)
    if count is None:
        return SourceState(source=source)
    return SourceState(
        source=source,
        landed=count.landed,
        duplicates=count.duplicates,
        read=count.read,
        quarantined=count.quarantined,
        rows_read=count.rows_read,
        rows_refused=count.rows_refused,
        last=count.last_received,
        lag=count.lag,
        hour=hour,
        day=day,
        unmapped=unmapped.get(source.code, 0),
    )


def _rates(at: datetime) -> dict[str, tuple[int, int]]:
    """Messages of the last hour and of the last day, by source."""
    found = (
        Message.objects.filter(received__gte=at - timedelta(days=1))
        .values("source")
        .annotate(day=Count("id"), hour=Count("id", Q(received__gte=at - timedelta(hours=1))))
        .values_list("source", "hour", "day")
    )
    return {source: (hour, day) for source, hour, day in found}


def _unmapped_counts(district: District) -> dict[str, int]:
    pairs = Flag.objects.filter(rule=UNMAPPED).values_list("source", "what").distinct()
    places: dict[str, int] = {}
    mapped = {c: source_with_places(district, c).services for c in {s for s, _ in pairs}}
    for source, place in pairs:
        if place not in mapped[source]:
            places[source] = places.get(source, 0) + 1
    return places


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which messages are asked for. `before` is a message id: the page ends just before it."""

    source: str = ""
    state: str = ""
    rule: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0


def messages(asked: Asked, *, by: access.Actor, limit: int = 100) -> list[Message]:
    """Messages, newest first, without their bytes; one more than `limit` where there are more."""
    access.require(by, "feeds.see")
    return list(_messages(asked).order_by("-id")[: limit + 1])


def _messages(asked: Asked) -> QuerySet[Message]:
    found = Message.objects.all()
    if asked.source:
        found = found.filter(source=asked.source)
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.rule:
        found = found.filter(rule=asked.rule)
    if asked.text:
        found = found.filter(Q(name__icontains=asked.text) | Q(kind__icontains=asked.text))
    if asked.since:
        found = found.filter(received__gte=asked.since)
    if asked.until:
        found = found.filter(received__lt=asked.until)
    return found.filter(id__lt=asked.before) if asked.before else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Messages in quarantine for one reason."""

    source: str
    rule: str
    messages: int
    reason: str
    cure: str
    oldest: datetime
    newest: datetime


def quarantine(*, by: access.Actor, source: str = "") -> list[Group]:
    """What is in quarantine by source and rule, the largest group first."""
    access.require(by, "feeds.see")
    kept = Message.objects.filter(state=Message.QUARANTINED)
    if source:
        kept = kept.filter(source=source)
    grouped = kept.values("source", "rule").annotate(
        n=Count("id"), oldest=Min("received"), newest=Max("received"), example=Max("id")
    )
    examples = Message.objects.in_bulk([g["example"] for g in grouped])
    groups = [
        Group(
            source=g["source"],
            rule=g["rule"],
            messages=g["n"],
            reason=examples[g["example"]].reason,
            cure=examples[g["example"]].cure,
            oldest=g["oldest"],
            newest=g["newest"],
        )
        for g in grouped
    ]
    return sorted(groups, key=lambda g: (-g.messages, g.source, g.rule))


def quarantined_ids(*, source: str = "", rule: str = "", limit: int = 100_000) -> list[int]:
    """The ids of what is in quarantine, oldest first: the order in which it is read again."""
    asked = Asked(source=source, rule=rule, state=Message.QUARANTINED)
    return list(_messages(asked).order_by("id").values_list("id", flat=True)[:limit])


def message(number: int, *, by: access.Actor) -> Message:
    """One message's row. Raises NotFound."""
    access.require(by, "feeds.see")
    found = Message.objects.filter(id=number).first()
    if found is None:
        raise NotFound(f"there is no message {number}", "Choose one from the list of messages.")
    return found


def flags(number: int) -> list[Flag]:
    """What was odd in a message that was read all the same."""
    return list(Flag.objects.filter(message=number).order_by("id")[:500])


def refused(number: int, *, after: int = 0, limit: int = 100) -> list[Refused]:
    """The rows of an extract that were refused, in the order of the file."""
    found = Refused.objects.filter(message=number, id__gt=after).order_by("id")
    return list(found[:limit])


def refused_by_rule(number: int) -> list[tuple[str, int]]:
    """How many rows each rule refused."""
    found = Refused.objects.filter(message=number).values_list("rule").annotate(n=Count("id"))
    return sorted(found, key=lambda each: -each[1])


def piece(district: District, row: Message, *, start: int, size: int) -> bytes:
    """A piece of a message's bytes, as it was sent."""
    landing = landing_of(district.path)
    frame = landing.frame(row.address)
    if frame.kind != BLOB:
        return frame.data[start : start + size]
    with landing.file(frame.digest).open("rb") as file:
        file.seek(start)
        return file.read(size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of a source: what it is mapped to, and how often it came unmapped."""

    place: str
    service: str
    mended: bool
    count: int = 0
    example: int = 0  # a message in which it came


def places(district: District, code: str, *, by: access.Actor) -> list[Place]:
    """Every place of a source: those that are not mapped first, the most frequent first."""
    access.require(by, "feeds.see")
    seen = (
        Flag.objects.filter(source=code, rule=UNMAPPED)
        .values_list("what")
        .annotate(n=Count("id"), example=Max("message"))
    )
    came: dict[str, tuple[int, int]] = {place: (n, example) for place, n, example in seen}
    mapped, mended = source_with_places(district, code).services, mended_places(code)
    found = [
        Place(
            place=place,
            service=mapped.get(place, ""),
            mended=place in mended,
            count=came.get(place, (0, 0))[0],
            example=came.get(place, (0, 0))[1],
        )
        for place in {*came, *mapped}
    ]
    return sorted(found, key=lambda p: (bool(p.service), -p.count, p.place))


def messages_of_places(code: str, wanted: Sequence[str], *, limit: int = 100_000) -> list[int]:
    """The messages in which those places came unmapped: what to read again once they are."""
    found = Flag.objects.filter(source=code, rule=UNMAPPED, what__in=wanted)
    return sorted(set(found.values_list("message", flat=True)[:limit]))


def replaying(number: int) -> Replaying:
    """A replay that was begun on a page. Raises NotFound."""
    found = Replaying.objects.filter(id=number).first()
    if found is None:
        raise NotFound(f"there is no replay {number}", "Begin one from the quarantine.")
    return found


def unfinished() -> list[Replaying]:
    """Replays that nobody has finished or cancelled."""
    return list(Replaying.objects.filter(state=Replaying.RUNNING).order_by("id"))


def services(district: District) -> list[tuple[str, str]]:
    """The services that a place may be mapped to, by name."""
    owners = district.organisations
    named = [
        (s.code, f"{s.name} ({owners[s.organisation].name})") for s in district.services.values()
    ]
    return sorted(named, key=lambda each: each[1])


def extracts(mapping: str, *, sources: Sequence[str] = (), limit: int = 200) -> list[Message]:
    """The files that a mapping read, or else those of the sources that name it; newest first."""
    files = Message.objects.filter(format="extract").order_by("-id")
    by_it = list(files.filter(kind=mapping)[:limit])
    return by_it or list(files.filter(source__in=sources)[:limit]) or list(files[:limit])


def mapping_history(mapping: str) -> list[MappingText]:
    """The versions of a mapping that people saved, newest first."""
    return list(MappingText.objects.filter(name=mapping).order_by("-version"))
