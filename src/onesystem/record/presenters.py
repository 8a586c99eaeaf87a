"""A timeline in words: places, times, waits, causes and what is still open. No HTML, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from onesystem.district import District
from onesystem.record.columns import Kept
from onesystem.record.timeline import Line, Stretch, Timeline, Visit
from onesystem.vocabulary import Asked, Contact, Setting, Standing
from onesystem.vocabulary.said import listed, say, say_each
from onesystem.vocabulary.wording import ago, counted, length, local

LONG_GAP = timedelta(days=28)
STANDING = say_each(
    {
        Standing.WAITING: "Waiting",
        Standing.HERE: "There now",
        Standing.READY: "Ready to leave",
        Standing.ENDED: "Ended",
        Standing.CANCELLED: "Cancelled",
    }
)


class When(NamedTuple):
    """A moment as a page shows it: on the clock, relative, and for machines."""

    local: str
    ago: str
    iso: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StretchWords:
    """One contact in words."""

    id: int
    service: str
    organisation: str
    setting: str
    mapped: bool
    standing: str
    state: str
    times: tuple[tuple[str, When], ...]
    lengths: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    cause: "Link | None"
    led_to: tuple["Link", ...]
    source: str
    known: When | None
    version: int
    disordered: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Another line of the same timeline, or one that this record does not hold."""

    id: int
    words: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWords:
    """One line: a visit with its stretches, or a request."""

    kind: str  # visit or request
    id: int
    title: str
    where: str
    standing: str
    state: str
    open: bool
    at: When | None
    until: When | None
    stayed: str
    waited: str
    gap: str
    stretches: tuple[StretchWords, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    led_to: tuple[Link, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What a timeline is told with: the district's names, and everything it may point at."""

    district: District
    at: datetime
    targets: Mapping[int, str] = field(default_factory=dict)
    effects: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def when(self, moment: datetime | None) -> When | None:
        """A moment in the district's zone; None stays None."""
        if moment is None:
            return None
        zone = self.district.zone
        return When(local(moment, zone), ago(moment, now=self.at), moment.isoformat())

    def organisation(self, service: str) -> str:
        """Who runs a service, in words; empty where nobody has said."""
        known = self.district.services.get(service)
        owner = self.district.organisations.get(known.organisation) if known else None
        return owner.name if owner else ""

    def source(self, code: str) -> str:
        """A source's name."""
        return self.district.source(code).name

    def link(self, target: int) -> Link:
        """The cause or effect of that id."""
        words = self.targets.get(target)
        return Link(target, words or say("something that is not in this record"), words is not None)


def words_for(timeline: Timeline, district: District) -> Words:
    """The words for one timeline: built once, used for each of its lines."""
    words = Words(district, timeline.at)
    targets: dict[int, str] = {}
    effects: dict[int, list[int]] = {}
    for line in timeline.lines:
        if isinstance(line, Asked):
            targets[line.request] = _pointed(
                say("request: {what}", what=line.what), words.when(line.at)
            )
            continue
        for stretch in line.stretches:
            c = stretch.contact
            targets[c.contact] = _pointed(district.service_name(c.service), words.when(c.moment))
            if c.cause is not None:
                effects.setdefault(c.cause, []).append(c.contact)
    return Words(district, timeline.at, targets, {k: tuple(v) for k, v in effects.items()})


def _pointed(what: str, when: When | None) -> str:
    return listed([what, when.local]) if when else what


def line_words(line: Line, words: Words, *, opened: bool = True) -> LineWords:
    """One line of the list; with the stretches of a visit where it is opened."""
    if isinstance(line, Asked):
        return _asked(line, words)
    return _visit(line, words, opened=opened)


def _visit(visit: Visit, words: Words, *, opened: bool) -> LineWords:
    last = visit.last
    first = visit.stretches[0]
    waited = first.waited
    path = _path(
        s.contact for s in visit.stretches if not s.contact.cancelled or len(visit.stretches) == 1
    )
    return LineWords(
        kind="visit",
        id=visit.id,
        title=" → ".join(words.district.service_name(s) for s in path)
        or words.district.service_name(last.service),
        where=_where(last, words),
        standing=STANDING[visit.standing],
        state=visit.standing.value,
        open=visit.open,
        at=words.when(visit.at),
        until=words.when(visit.ended),
        stayed=length(visit.stayed) if visit.stayed is not None else "",
        waited=length(waited) if waited else "",
        gap=_gap(visit.gap),
        stretches=tuple(stretch_words(s, words) for s in reversed(visit.stretches))
        if opened
        else (),
        source=words.source(last.source),
    )


def _gap(gap: timedelta | None) -> str:
    return say("{gap} without a contact", gap=length(gap)) if gap and gap >= LONG_GAP else ""


def _path(contacts: Iterable[Contact]) -> list[str]:
    """The services of a visit from left to right; staying in one is not a step."""
    steps: list[str] = []
    for c in contacts:
        if not steps or steps[-1] != c.service:
            steps.append(c.service)
    return steps if len(steps) <= 4 else [*steps[:2], "…", steps[-1]]


def _where(c: Contact, words: Words) -> str:
    return ", ".join(p for p in (words.organisation(c.service), setting_words(c.setting)) if p)


def setting_words(setting: Setting) -> str:
    """A setting as a page shows it."""
    return setting.value if setting is Setting.ED else setting.value.capitalize()


def stretch_words(stretch: Stretch, words: Words) -> StretchWords:
    """One contact with all that is known of it."""
    c = stretch.contact
    times = (
        (say("Requested"), c.requested),
        (say("Planned for"), c.planned),
        (say("Started"), c.started),
        (say("Ready"), c.ready),
        (say("Ended"), c.ended),
    )
    return StretchWords(
        id=c.contact,
        service=words.district.service_name(c.service),
        organisation=words.organisation(c.service),
        setting=setting_words(c.setting),
        mapped=c.service in words.district.services,
        standing=STANDING[c.standing],
        state=c.standing.value,
        times=tuple((name, w) for name, moment in times if (w := words.when(moment))),
        lengths=_lengths(stretch),
        facts=_facts(c),
        cause=words.link(c.cause) if c.cause is not None else None,
        led_to=tuple(words.link(each) for each in stretch.led_to),
        source=words.source(c.source),
        known=words.when(c.known_at),
        version=c.version,
        disordered=stretch.disordered,
    )


def _lengths(stretch: Stretch) -> tuple[tuple[str, str], ...]:
    waiting = stretch.contact.standing is Standing.WAITING
    inside = stretch.contact.standing in {Standing.HERE, Standing.READY}
    named = (
        (say("Has waited") if waiting else say("Waited"), stretch.waited),
        (say("Has stayed") if inside else say("Stayed"), stretch.stayed),
        (say("Has been ready") if inside else say("Ready before leaving"), stretch.held),
    )
    return tuple((name, length(each)) for name, each in named if each is not None)


def _facts(c: Contact) -> tuple[tuple[str, str], ...]:
    named = (
        (say("By"), c.by), (say("Bed"), c.bed), (say("How"), c.mode), (say("Urgency"), c.urgency),
        (say("Reason"), c.reason), (say("Outcome"), c.outcome),
    )  # fmt: skip
    return tuple((name, value) for name, value in named if value)


def _asked(asked: Asked, words: Words) -> LineWords:
    stands = asked.status or ("open" if asked.open else "closed")
    named = (
        (say("To"), words.district.service_name(asked.service) if asked.service else ""),
        (say("Asked by"), asked.by), (say("Urgency"), asked.urgency), (say("Reason"), asked.reason),
    )  # fmt: skip
    return LineWords(
        kind="request",
        id=asked.request,
        title=asked.what or say("Request"),
        where=say("Request"),
        standing=stands.replace("-", " ").capitalize(),
        state="waiting" if asked.open else "ended",
        open=asked.open,
        at=words.when(asked.at),
        until=None,
        stayed="",
        waited=length(words.at - asked.at)
        if asked.open and asked.at and asked.at < words.at
        else "",
        gap="",
        facts=tuple((name, value) for name, value in named if value),
        led_to=tuple(words.link(each) for each in words.effects.get(asked.request, ())),
        source=words.source(asked.source),
    )


def summary(timeline: Timeline, district: District, *, newest: bool = False) -> str:
    """The answer to the page's question in one sentence.

    What is open comes first; otherwise when the person was last seen, and where. `newest`: of a
    timeline that does not hold what ended before the district's recent days.
    """
    visits = [line for line in timeline.lines if isinstance(line, Visit)]
    held = [v for v in timeline.open if isinstance(v, Visit)]
    asked = [r for r in timeline.open if isinstance(r, Asked)]
    if not timeline.lines and newest:
        return say(
            "Nothing is open, and nothing was within {days}.",
            days=counted(district.recent_days, "day"),
        )
    if not timeline.lines:
        return say("No service of the district has told of a contact with this person yet.")
    parts = [_open_words(v, timeline.at, district) for v in held[:3]]
    if len(held) > 3:
        parts.append(counted(len(held) - 3, "more open contact"))
    if asked:
        parts.append(counted(len(asked), "open request"))
    if parts:
        return say("{parts}.", parts=listed(parts, "; "))
    last = next((v for v in visits if v.standing is not Standing.CANCELLED), None)
    if last is None or last.at is None:
        return say("Nothing is open.")
    name = district.service_name(last.last.service)
    return say(
        "Nothing is open. Last seen {ended}: {name}.",
        ended=ago(last.ended or last.at, now=timeline.at),
        name=name,
    )


def _open_words(visit: Visit, at: datetime, district: District) -> str:
    c = visit.last
    name = district.service_name(c.service)
    since = c.started or c.requested or c.ready
    match visit.standing:
        case Standing.WAITING:
            said = say("Waiting for {service}", service=name)
        case Standing.READY:
            said = say("Ready to leave {service}", service=name)
            since = c.ready if c.ready and c.ready <= at else since
        case _:
            said = say("In {service}", service=name)
    if since is None or since > at:
        return said
    return say("{stands} for {length}", stands=said, length=length(at - since))


KINDS = say_each(
    {
        "AllergyIntolerance": "Allergies",
        "CarePlan": "Care plans",
        "Condition": "Conditions",
        "DiagnosticReport": "Reports",
        "DocumentReference": "Documents",
        "FamilyMemberHistory": "Family history",
        "Immunization": "Immunisations",
        "MedicationAdministration": "Medicines given",
        "MedicationDispense": "Medicines dispensed",
        "MedicationRequest": "Medicines prescribed",
        "MedicationStatement": "Medicines taken",
        "Observation": "Observations",
        "Procedure": "Procedures",
    }
)


def kind_words(kind: str) -> str:
    """A kind of entry as a page says it; one that has no word of ours says its own."""
    return KINDS.get(kind, kind)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A clinical entry in one line."""

    at: When | None
    what: str
    code: str
    value: str
    status: str
    source: str
    id: int


def entry_line(kept: Kept, words: Words) -> EntryLine:
    """One entry."""
    code = kept.code
    return EntryLine(
        at=words.when(kept.at),
        what=(code.display or code.code) if code else say("no words given"),
        code=code.code if code and code.display else "",
        value=f"{kept.value} {kept.unit}".strip(),
        status=kept.status,
        source=words.source(kept.source),
        id=kept.entry,
    )
