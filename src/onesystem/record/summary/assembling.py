"""The sections of a person's summary, out of what every source says. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onesystem.record.summary.folding import Folded, fold, plain
from onesystem.record.summary.statements import Statement
from onesystem.record.summary.trends import Trend, trends
from onesystem.vocabulary.said import say

# SNOMED CT: "no known allergy" and its narrower forms, as sources send them.
_NONE_KNOWN = frozenset({"716186003", "409137002", "716184000", "428607008", "716185004"})
_ADVANCE = frozenset({"42348-3", "81334-5", "86533-7"})  # LOINC: advance care documents
_WISHES = frozenset({"acd", "adr", "dnr", "polst", "hcd"})  # HL7 consent scopes and categories
_GIVEN_FOR = timedelta(days=180)  # a medicine dispensed within this is likely still in the house
_PRESCRIBED = ("MedicationRequest", "MedicationStatement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine:
    """One medicine: who prescribed it, and when and by whom it was last handed out."""

    words: str
    prescribed: Folded | None
    dispensed: Folded | None
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is known of a person, section by section; the most important first in each."""

    alerts: tuple[Folded, ...] = ()
    allergies: tuple[Folded, ...] = ()
    past_allergies: tuple[Folded, ...] = ()
    none_known: Folded | None = None
    problems: tuple[Folded, ...] = ()
    past_problems: tuple[Folded, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    past_medicines: tuple[Medicine, ...] = ()
    results: tuple[Trend, ...] = ()
    plans: tuple[Folded, ...] = ()
    wishes: tuple[Folded, ...] = ()
    team: tuple[Folded, ...] = ()
    documents: tuple[Folded, ...] = ()
    immunisations: tuple[Folded, ...] = ()
    procedures: tuple[Folded, ...] = ()

    @property
    def allergies_clash(self) -> bool:
        """Whether one source says that there is no allergy, and another names one."""
        return self.none_known is not None and bool(self.allergies)

    @property
    def everything(self) -> tuple[Folded, ...]:
        """Every line, for what is counted over all sections."""
        kept = [m.prescribed for m in (*self.medicines, *self.past_medicines)]
        kept += [m.dispensed for m in (*self.medicines, *self.past_medicines)]
        none = [self.none_known]
        return (
            *self.alerts, *self.allergies, *self.past_allergies, *self.problems,
            *self.past_problems, *self.plans, *self.wishes, *self.team, *self.documents,
            *self.immunisations, *self.procedures, *(t.latest for t in self.results),
            *(each for each in (*kept, *none) if each is not None),
        )  # fmt: skip


def assemble(said: Mapping[str, Sequence[Statement]], *, at: datetime) -> Summary:
    """The summary from statements by kind (FHIR resource types), as it stands at that moment."""
    lines = {kind: fold(each) for kind, each in said.items()}

    def of(*kinds: str) -> list[Folded]:
        return [line for kind in kinds for line in lines.get(kind, ())]

    allergies = of("AllergyIntolerance")
    none = [a for a in allergies if _says_none(a.first)]
    named = [a for a in allergies if not _says_none(a.first)]
    problems = of("Condition")
    medicines = _medicines(said, at=at)
    documents = _newest(of("DocumentReference", "Composition", "DiagnosticReport"))
    consents = [c for c in of("Consent") if _is_wish(c.first)]
    return Summary(
        alerts=_standing(_newest(of(say("Flag")))),
        allergies=_gravest(a for a in named if a.stands is not False),
        past_allergies=_newest(a for a in named if a.stands is False),
        none_known=next(iter(_newest(n for n in none if n.stands is not False)), None),
        problems=_newest(p for p in problems if p.stands is not False),
        past_problems=_newest(p for p in problems if p.stands is False),
        medicines=tuple(m for m in medicines if m.current),
        past_medicines=tuple(m for m in medicines if not m.current),
        results=tuple(trends(said.get("Observation", ()))),
        plans=_standing(_newest(of("CarePlan", "Goal"))),
        wishes=(*_newest(consents), *(d for d in documents if _is_wish(d.first))),
        team=_standing(_newest(of("CareTeam"))),
        documents=tuple(d for d in documents if not _is_wish(d.first)),
        immunisations=_newest(of("Immunization")),
        procedures=_newest(of("Procedure")),
    )


def _says_none(said: Statement) -> bool:
    return said.code in _NONE_KNOWN or plain(said.words).startswith(("no known", "nil known"))


def _is_wish(said: Statement) -> bool:
    return said.code in _ADVANCE or said.code.casefold() in _WISHES


def _newest(lines: Iterable[Folded]) -> tuple[Folded, ...]:
    return tuple(sorted(lines, key=lambda f: (f.first.moment, f.first.entry), reverse=True))


def _standing(lines: Iterable[Folded]) -> tuple[Folded, ...]:
    return tuple(line for line in lines if line.stands is not False)


def _gravest(lines: Iterable[Folded]) -> tuple[Folded, ...]:
    """High risk first, whichever source says so; then the newest."""
    ordered = _newest(lines)
    return tuple(sorted(ordered, key=lambda f: not _is_grave(f)))


def _is_grave(line: Folded) -> bool:
    details = [pair for said in line.statements for pair in said.details]
    return ("Criticality", "high risk") in details or ("Severity", "severe") in details


def _medicines(said: Mapping[str, Sequence[Statement]], *, at: datetime) -> list[Medicine]:
    """Prescriptions and what was handed out, met by code or words; by name."""
    prescribed = fold([s for kind in _PRESCRIBED for s in said.get(kind, ())])
    handed_out: dict[str, list[Statement]] = {}
    for each in said.get("MedicationDispense", ()):
        handed_out.setdefault(plain(each.words), []).append(each)
    last = {name: _last(each) for name, each in handed_out.items()}
    found = []
    for line in prescribed:
        names = {plain(s.words) for s in line.statements}
        met = [last.pop(name) for name in names if name in last]
        given = max(met, key=lambda f: f.first.moment) if met else None
        found.append(
            Medicine(
                words=line.first.words,
                prescribed=line,
                dispensed=given,
                current=line.stands is not False,
            )
        )
    found += [
        Medicine(
            words=line.first.words,
            prescribed=None,
            dispensed=line,
            current=at - line.first.moment < _GIVEN_FOR,
        )
        for line in last.values()
    ]
    return sorted(found, key=lambda m: plain(m.words))


def _last(said: Sequence[Statement]) -> Folded:
    newest = max(fold(said), key=lambda f: f.first.moment)
    return Folded(newest.first, newest.also, newest.conflicts)
