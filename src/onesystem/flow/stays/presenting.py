"""People on a board in words, with what can be done about each by one gesture."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from onesystem import access
from onesystem.district import current, now
from onesystem.flow.boards.layout import BoardLayout, Layout
from onesystem.flow.stays import facts
from onesystem.flow.stays.facts import Said
from onesystem.flow.stays.lines import Line
from onesystem.flow.stays.steps import Step
from onesystem.flow.stays.taking import said_of as every_word_of
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import listed, say

READY, HERE, WAITS = (say("Ready to go"), "good"), (say("Here"), "info"), (say("Waiting"), "warn")
GONE = (say("Left"), "quiet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A fact with who said it and when; `act` takes it back."""

    text: str
    by: str
    at: datetime
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What a board said, and what a source says since."""

    fact: str
    ours: Word
    source: str
    theirs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """A next step in words."""

    words: str
    owner: str
    since: datetime | None
    source: str
    id: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Somebody in a place. `label` is a name where the actor may see it, else a number."""

    contact: int
    person: int
    label: str
    short: str
    service: str
    place: str
    bed: str
    since: datetime | None
    state: tuple[str, str]
    ready_since: datetime | None
    delay: Word | None
    delay_code: str
    owner: str
    leaves: datetime | None
    leaves_word: Word | None
    late: bool
    steps: tuple[StepShown, ...]
    urgency: str
    reason: str
    source: str
    latest: Word | None
    against: tuple[Against, ...]
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The people of a board, and what the actor may do."""

    columns: tuple[str, ...]
    rows: tuple[PersonRow, ...]
    may_act: bool
    reasons: tuple[tuple[str, str], ...]


def people(
    found: Sequence[Line], layout: Layout, which: BoardLayout | None, *, by: access.Actor,
    at: datetime,
) -> People:  # fmt: skip
    """Lines in words."""
    columns = which.people if which else ()
    may_act = access.may(by, "now.act")
    return People(
        columns=tuple(c for c in columns if may_act or c != "change"),
        rows=tuple(_row(line, layout, at) for line in found),
        may_act=may_act,
        reasons=tuple((r.code, r.words) for r in layout.reasons.values()),
    )


def _row(line: Line, layout: Layout, at: datetime) -> PersonRow:
    delay = line.said.get(facts.DELAY)
    reason = layout.reasons.get(delay.value) if delay and line.ready else None
    leave = line.said.get(facts.LEAVE)
    told = [word for word in line.words if word.value or word.fact == facts.READY]
    return PersonRow(
        contact=line.contact,
        person=line.person,
        label=line.name or say("Person {person}", person=line.person),
        short=line.initials or "?",
        service=line.service,
        place=_place(line.service),
        bed=line.bed,
        since=line.since,
        state=state_of(line),
        ready_since=line.ready,
        delay=_word(delay, layout) if delay and delay.value and line.ready else None,
        delay_code=delay.value if delay else "",
        owner=reason.owner if reason else "",
        leaves=line.leaves,
        leaves_word=_word(leave, layout) if leave and leave.value else None,
        late=bool(line.leaves and line.leaves < at),
        urgency=line.urgency,
        reason=line.reason,
        steps=tuple(map(_step, line.steps)),
        source=current().source(line.source).name,
        latest=_word(told[0], layout) if told else None,
        against=tuple(
            Against(
                fact=facts.NAMES[c.kind],
                ours=_word(c.said, layout),
                source=_source(line),
                theirs=_place(c.source) if c.kind == facts.MOVED else c.source,
            )
            for c in line.conflicts
        ),
        open=line.ended is None,
    )


def _source(line: Line) -> str:
    return current().source(line.source).name


def _place(code: str) -> str:
    return current().service_name(code)


def said_of(line: Line, layout: Layout) -> list[str]:
    """All that a board says of somebody, to be searched."""
    delay = line.said.get(facts.DELAY)
    reason = layout.reasons.get(delay.value) if delay and line.ready else None
    steps = [part for step in line.steps for part in (step.words, step.owner)]
    return [
        line.name or say("Person {person}", person=line.person),
        line.bed,
        _place(line.service),
        line.reason,
        *steps,
        reason.words if reason else "",
    ]


def state_of(line: Line) -> tuple[str, str]:
    """How somebody stands: words, and the kind of tag."""
    if line.ended:
        return GONE
    if line.ready and line.started:
        return READY
    return HERE if line.started else WAITS


def _step(step: Step) -> StepShown:
    source = current().source(step.source).name if step.source else ""
    return StepShown(
        words=step.words, owner=step.owner or say("nobody named"), source=source, id=step.id,
        since=from_micros(step.since) if step.since is not None else None, by=step.by,
    )  # fmt: skip


def _word(said: Said, layout: Layout) -> Word:
    return Word(text=text(said, layout), by=said.by, at=from_micros(said.at), act=said.act)


def text(said: Said, layout: Layout) -> str:
    """What a fact says, in words."""
    if said.fact == facts.DELAY:
        reason = layout.reasons.get(said.value)
        return reason.words if reason else said.value or say("no reason any more")
    made = _TEXTS.get(said.fact)
    return made(said) if made else say("taken back")


def _ready(said: Said) -> str:
    if said.value:
        return say("ready since {clock}", clock=_clock(said.value))
    return say("not ready{if_note}{note}", if_note=": " if said.note else "", note=said.note)


_TEXTS: dict[str, Callable[[Said], str]] = {
    facts.READY: _ready,
    facts.LEAVE: lambda s: (
        say("leaves {clock}", clock=_clock(s.value)) if s.value else say("no expected time")
    ),
    facts.NEXT: lambda s: f"{s.value}, {s.note}".strip(", ") or "nothing more to do",
    facts.DONE: lambda s: say("done: {note}", note=s.note or "a step"),
    facts.BED: lambda s: say("bed {value}", value=s.value),
    facts.MOVED: lambda s: say("moved to {place}", place=_place(s.value)),
    facts.LEFT: lambda s: say(
        "left {clock}{if_note}{note}",
        clock=_clock(s.value),
        if_note=", " if s.note else "",
        note=s.note,
    ),
    facts.SETTLED: lambda _: "the source is right",
}


def _clock(iso: str) -> str:
    local = to_local(datetime.fromisoformat(iso), current().zone)
    today = to_local(now(), current().zone).date()
    return local.strftime("%H:%M" if local.date() == today else "%-d %b %H:%M")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a stay's history. `stands` where it still does; `gone` where it was taken back."""

    at: datetime
    by: str
    text: str
    act: str
    gone: bool
    undo: bool


def history(visit: int, layout: Layout) -> list[Entry]:
    """All that was said of a visit on boards, the latest first; one line for each gesture."""
    every = every_word_of(visit)
    back = _taken_back(every)
    gestures: dict[str, list[Said]] = {}
    for said in every:
        gestures.setdefault(said.act, []).append(said)
    entries = [
        Entry(
            at=from_micros(told[0].at), by=told[0].by, act=act, gone=act in back,
            text=listed((t for s in told if (t := text(s, layout))), "; "),
            undo=act not in back and all(s.fact != facts.UNDO for s in told),
        )
        for act, told in gestures.items()
    ]  # fmt: skip
    return sorted(entries, key=lambda each: each.at, reverse=True)


def _taken_back(every: Iterable[Said]) -> set[str]:
    return {said.undoes for said in every if said.undoes}
