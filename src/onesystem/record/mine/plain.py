"""A record in plain words, for the person themselves: sentences, and no codes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from onesystem.record.presenters import STANDING, Words
from onesystem.record.summary.assembling import Medicine, Summary
from onesystem.record.summary.folding import Folded
from onesystem.record.summary.statements import Statement
from onesystem.record.summary.trends import Trend
from onesystem.record.timeline import Timeline, Visit
from onesystem.vocabulary import Asked, Setting, Standing, to_local
from onesystem.vocabulary.said import listed, say, say_counted, say_each
from onesystem.vocabulary.wording import all_of, day, length

_SETTINGS = say_each(
    {
        Setting.ED: "the emergency department",
        Setting.WARD: "a hospital ward",
        Setting.GENERAL_PRACTICE: "a general practice",
        Setting.AMBULANCE: "an ambulance",
    }
)
_FLAGS = say_each(
    {
        "high": "higher than usual",
        "low": "lower than usual",
        "abnormal": "not as usual",
        "very high": "much higher than usual",
        "very low": "much lower than usual",
        "very abnormal": "far from usual",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """One thing in the record. `items` are the ids that are marked when it is confidential."""

    title: str
    words: str
    source: str = ""
    kind: str = "entry"
    items: tuple[int, ...] = ()
    sealed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Things of one sort; `nothing` is said where there are none."""

    slug: str
    title: str
    lines: tuple[Plain, ...]
    nothing: str
    seals: bool = False


def sections(
    said: Summary,
    timeline: Timeline,
    words: Words,
    sealed: frozenset[int],
    full: Mapping[int, Statement],
) -> list[Section]:
    """The record, what matters most first. `full`: results with all that was sent, by entry."""
    tell = Telling(words, full)
    found = [
        Section(
            slug="allergies",
            title=say("Allergies"),
            lines=tuple(map(tell.allergy, said.allergies)),
            nothing=say("No allergy is written down. Tell your practice if you have one.")
            if said.none_known is None
            else say("Your record says that you have no known allergies."),
        ),
        Section(
            slug="medicines",
            title=say("Medicines"),
            lines=tuple(map(tell.medicine, said.medicines)),
            nothing=say("No current medicine is written down."),
            seals=True,
        ),
        Section(
            slug="problems",
            title=say("Health problems"),
            lines=tuple(map(tell.problem, said.problems)),
            nothing=say("No current health problem is written down."),
        ),
        Section(
            slug="results",
            title=say("Test results"),
            lines=tuple(map(tell.result, said.results)),
            nothing=say("No test result has come in yet."),
        ),
        Section(
            slug="visits",
            title=say("Visits and appointments"),
            lines=tell.visits(timeline),
            nothing=say("No visit is written down yet."),
            seals=True,
        ),
        Section(
            slug="vaccinations",
            title=say("Vaccinations"),
            lines=tuple(map(tell.done, said.immunisations)),
            nothing=say("No vaccination is written down."),
        ),
        Section(
            slug="procedures",
            title=say("Operations and procedures"),
            lines=tuple(map(tell.done, said.procedures)),
            nothing=say("None is written down."),
        ),
        Section(
            slug="plans",
            title=say("Plans and wishes"),
            lines=tuple(map(tell.done, (*said.plans, *said.wishes))),
            nothing=say(
                "No plan is written down. Your practice can write down your wishes with you."
            ),
        ),
        Section(
            slug="letters",
            title=say("Letters and reports"),
            lines=tuple(map(tell.done, said.documents)),
            nothing=say("No letter or report has come in yet."),
        ),
        Section(
            slug="past",
            title=say("In the past"),
            lines=(
                *map(tell.problem, said.past_problems),
                *map(tell.medicine, said.past_medicines),
            ),
            nothing=say("Nothing is written down as over."),
            seals=True,
        ),
    ]
    return [_marked(each, sealed) for each in found]


def _marked(section: Section, sealed: frozenset[int]) -> Section:
    """Which of its lines the person has marked."""
    return replace(
        section,
        lines=tuple(
            replace(each, sealed=bool(each.items) and sealed.issuperset(each.items))
            for each in section.lines
        ),
    )


def _prescribed(by: str, day: str) -> str:
    if not by:
        return say("Prescribed on {day}.", day=day)
    return say("Prescribed by {person} on {day}.", person=by, day=day)


def _handed_out(by: str, day: str) -> str:
    if not by:
        return say("Handed out on {day}.", day=day)
    return say("Handed out by {person} on {day}.", person=by, day=day)


@dataclass(frozen=True, slots=True)
class Telling:
    """Says lines in sentences."""

    words: Words
    full: Mapping[int, Statement]

    def allergy(self, line: Folded) -> Plain:
        """What it does, and how bad."""
        parts = [
            say("It can cause {v}.", v=v.casefold())
            for k, v in line.first.details
            if k == "Reaction"
        ]
        parts += [
            say("It can be dangerous for you.")
            for pair in line.first.details
            if pair == ("Criticality", "high risk")
        ]
        return self._line(line, listed([*parts, self._since(say("Written down"), line.first)], " "))

    def problem(self, line: Folded) -> Plain:
        """Since when."""
        parts = [self._since(say("Since"), line.first)]
        parts += [say("It is over.")] if line.stands is False else []
        return self._line(line, listed(parts, " "))

    def done(self, line: Folded) -> Plain:
        """When."""
        return self._line(line, self._since(say("On"), line.first))

    def result(self, trend: Trend) -> Plain:
        """The newest value, and what the laboratory makes of it."""
        first = self.full.get(trend.latest.first.entry, trend.latest.first)
        value = f"{first.value} {first.unit}".strip() or say("No value")
        flag = _FLAGS.get(first.flag, first.flag)
        parts = [say("{value}.", value=listed([value, flag]) if flag else value)]
        if first.normal:
            parts.append(say("The laboratory calls {normal} usual.", normal=first.normal))
        if trend.count > 1:
            parts.append(say("It was measured {count} times.", count=trend.count))
        parts.append(self._since(say("Last on"), first))
        plain = self._line(trend.latest, listed(parts, " "))
        return replace(plain, items=(first.entry,))

    def medicine(self, medicine: Medicine) -> Plain:
        """The dose, who prescribed it, when it was handed out."""
        parts: list[str] = []
        items: list[int] = []
        for told, did in (
            (medicine.prescribed, _prescribed),
            (medicine.dispensed, _handed_out),
        ):
            if told is None:
                continue
            items += [each.entry for each in told.statements]
            doses = [v for k, v in told.first.details if k == "Dose"]
            if doses and not any(p.startswith("Take") for p in parts):
                parts.append(say("Take: {doses}.", doses=doses[0].rstrip(".")))
            parts.append(did(told.first.by, self._day(told.first)))
        source = medicine.prescribed or medicine.dispensed
        return Plain(
            title=medicine.words,
            words=listed(parts, " "),
            source=self.words.source(source.first.source) if source else "",
            items=tuple(items),
        )

    def visits(self, timeline: Timeline) -> tuple[Plain, ...]:
        """Visits and what was asked for, the newest first."""
        return tuple(self._visit(e) for e in timeline.lines if isinstance(e, Visit)) + tuple(
            self._asked(e) for e in timeline.lines if isinstance(e, Asked) and e.open
        )

    def _visit(self, visit: Visit) -> Plain:
        last = visit.last
        name = self.words.district.service_name(last.service)
        when = self.words.when(visit.at)
        parts = [say("{when}.", when=when.local) if when else say("The time is not known.")]
        if visit.standing is Standing.ENDED and visit.stayed:
            parts.append(say("It lasted {stayed}.", stayed=length(visit.stayed)))
        elif visit.standing is not Standing.ENDED:
            parts.append(say("{stands}.", stands=STANDING[visit.standing]))
        if last.reason:
            parts.append(say("Reason: {reason}.", reason=last.reason))
        if last.outcome and visit.standing is Standing.ENDED:
            parts.append(say("Afterwards: {outcome}.", outcome=last.outcome))
        place = _SETTINGS.get(last.setting, "")
        return Plain(
            title=name,
            words=listed(parts, " "),
            source=listed(p for p in (self.words.organisation(last.service), place) if p),
            kind="contact",
            items=tuple(s.contact.contact for s in visit.stretches),
        )

    def _asked(self, asked: Asked) -> Plain:
        when = self.words.when(asked.at)
        return Plain(
            title=asked.what or say("A request"),
            words=say("Asked for on {day}; it is not done yet.", day=when.local)
            if when
            else say("Asked for; it is not done yet."),
            source=self.words.source(asked.source),
        )

    def _line(self, line: Folded, words: str) -> Plain:
        others = [self.words.source(s) for s in line.sources[1:]]
        if others:
            also = say_counted(
                "{others} says so too.", "{others} say so too.", len(others), others=all_of(others)
            )
            words = listed([words, also], " ")
        return Plain(
            title=line.first.words,
            words=words,
            source=self.words.source(line.first.source),
            items=tuple(s.entry for s in line.statements),
        )

    def _since(self, verb: str, said: Statement) -> str:
        return say("{verb} {day}.", verb=verb, day=self._day(said))

    def _day(self, said: Statement) -> str:
        return day(to_local(said.moment, self.words.district.zone).date())


def by_item(told: Iterable[Section]) -> dict[int, Plain]:
    """Each thing by the ids that it is made of."""
    return {item: line for section in told for line in section.lines for item in line.items}
