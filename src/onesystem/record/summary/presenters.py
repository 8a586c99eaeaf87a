"""A summary in words: each line with who says it, since when, and where they disagree. No HTML."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from onesystem.record.corrections.notes import Note
from onesystem.record.presenters import When, Words
from onesystem.record.summary.assembling import Medicine, Summary
from onesystem.record.summary.folding import Conflict, Folded
from onesystem.record.summary.statements import Statement
from onesystem.record.summary.trends import Trend
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import counted

_WIDTH, _HEIGHT, _EDGE = 120.0, 28.0, 3.0
_HIDDEN = {"Kind", "Form"}  # details that say nothing a reader needs on the page


@dataclass(frozen=True, slots=True)
class Saying:
    """One source's statement, as the list under a line shows it."""

    source: str
    by: str
    when: When | None
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What sources differ about: (what is said, who says it)."""

    about: str
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWords:
    """One line of a section."""

    entry: int
    words: str
    code: str
    details: tuple[tuple[str, str], ...]
    since: When | None
    state: str
    source: str
    by: str
    more: tuple[Saying, ...]
    disagreements: tuple[Disagreement, ...]
    new: bool
    grave: bool
    href_kind: str
    notes: tuple[Note, ...] = ()  # corrected, or disputed, with the person's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicineWords:
    """One medicine."""

    words: str
    dose: str
    prescribed: LineWords | None
    dispensed: LineWords | None
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultWords:
    """One kind of result: the newest, and the line that it draws."""

    line: LineWords
    value: str
    unit: str
    flag: str
    normal: str
    change: str
    count: int
    lines: tuple[str, ...]  # points of SVG polylines, oldest left
    spoken: str
    width: float = _WIDTH
    height: float = _HEIGHT


@dataclass(frozen=True, slots=True)
class Teller:
    """Turns lines into words for one reader: `looked` is when they last looked, None if never."""

    words: Words
    looked: datetime | None = None
    notes: Mapping[int, Sequence[Note]] = field(default_factory=dict)

    def lines(self, folded: Iterable[Folded], full: int | None = None) -> list[LineWords]:
        """Lines of a section; those after the first `full` are in brief."""
        return [
            self.line(each, brief=full is not None and n >= full) for n, each in enumerate(folded)
        ]

    def line(self, folded: Folded, *, brief: bool = False) -> LineWords:
        """One line. In brief it stands for all who say so, and does not tell each of them."""
        first = folded.first
        details = tuple(pair for pair in first.details if pair[0] not in _HIDDEN)
        return LineWords(
            entry=first.entry,
            words=first.words,
            code=first.code if first.code and first.code != first.words else "",
            details=details,
            since=self.since(first),
            state=first.status.replace("-", " "),
            source=self.words.source(first.source),
            by=first.by,
            more=() if brief else tuple(self._saying(each) for each in folded.also),
            disagreements=tuple(self._disagreement(each) for each in folded.conflicts),
            new=self.is_new(folded.statements),
            grave=("Criticality", "high risk") in first.details
            or ("Severity", "severe") in first.details,
            href_kind=first.kind,
            notes=tuple(n for s in folded.statements for n in self.notes.get(s.entry, ())),
        )

    def is_new(self, said: Iterable[Statement]) -> bool:
        """Whether some of it became known after the reader's last look."""
        return self.looked is not None and any(each.known_at > self.looked for each in said)

    def since(self, said: Statement) -> When | None:
        """When it happened; a source that names a day only is not made to say midnight."""
        when = self.words.when(said.moment)
        if when is None or not when.local.endswith(", 00:00"):
            return when
        return when._replace(local=when.local.removesuffix(", 00:00"))

    def medicine(self, medicine: Medicine, *, brief: bool = False) -> MedicineWords:
        """One medicine; who else handed it out is never told, only when it last was."""
        prescribed = self.line(medicine.prescribed, brief=brief) if medicine.prescribed else None
        dispensed = self.line(medicine.dispensed, brief=True) if medicine.dispensed else None
        told = [each for each in (prescribed, dispensed) if each]
        doses = [value for each in told for name, value in each.details if name == "Dose"]
        return MedicineWords(
            words=medicine.words,
            dose=doses[0] if doses else "",
            prescribed=prescribed,
            dispensed=dispensed,
            new=any(each.new for each in told),
        )

    def result(self, trend: Trend) -> ResultWords:
        """One kind of result."""
        first = trend.latest.first
        numbers = ", ".join("/".join(f"{n:g}" for n in p.numbers) for p in trend.points)
        return ResultWords(
            line=self.line(trend.latest, brief=True),
            value=first.value or say("no value"),
            unit=first.unit,
            flag=first.flag,
            normal=first.normal,
            change=trend.change,
            count=trend.count,
            lines=polylines(trend),
            spoken=say("Oldest to newest: {numbers}", numbers=numbers)
            if len(trend.points) > 1
            else "",
        )

    def _saying(self, said: Statement) -> Saying:
        value = f": {said.value} {said.unit}".rstrip() if said.value else ""
        return Saying(
            source=self.words.source(said.source),
            by=said.by,
            when=self.since(said),
            words=f"{said.words}{value}",
            state=said.status.replace("-", " "),
        )

    def _disagreement(self, conflict: Conflict) -> Disagreement:
        return Disagreement(
            conflict.about,
            tuple(
                (value, ", ".join(self.words.source(source) for source in sources))
                for value, sources in conflict.said
            ),
        )


def polylines(trend: Trend) -> tuple[str, ...]:
    """The trend as points of SVG lines, one for each number of a value, on one scale."""
    points = trend.points
    if len(points) < 2:
        return ()
    numbers = [n for p in points for n in p.numbers]
    low, high = min(numbers), max(numbers)
    start, end = points[0].at.timestamp(), points[-1].at.timestamp()

    def x(at: datetime) -> float:
        span = end - start
        return _EDGE + (_WIDTH - 2 * _EDGE) * ((at.timestamp() - start) / span if span else 0.5)

    def y(number: float) -> float:
        return (
            _HEIGHT
            - _EDGE
            - (_HEIGHT - 2 * _EDGE) * ((number - low) / (high - low) if high > low else 0.5)
        )

    return tuple(
        " ".join(f"{x(p.at):.1f},{y(p.numbers[i]):.1f}" for p in points)
        for i in range(len(points[-1].numbers))
    )


def answers(summary: Summary) -> dict[str, str]:
    """The page's question answered in one line: what a stranger to this person needs first.

    By the part of the record that says it; empty where it says nothing.
    """
    problems, medicines = len(summary.problems), len(summary.medicines)
    return {
        "warnings": _allergies(summary),
        "problems": counted(problems, "current problem") if problems else "",
        "medicines": counted(medicines, "current medicine") if medicines else "",
    }


def _allergies(summary: Summary) -> str:
    if summary.allergies:
        named = ", ".join(a.first.words for a in summary.allergies[:4])
        more = len(summary.allergies) - 4
        return say(
            "Allergies: {named}{if_more}",
            named=named,
            if_more=say(" and {more} more", more=more) if more > 0 else "",
        )
    if summary.none_known:
        return say("No known allergies")
    return say("Allergies: none recorded, which is not the same as none")
