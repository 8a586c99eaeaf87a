"""A question over a measure: which change, when, where, by whom, compared with what, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from onesystem.evidence.advice import TITLES, Advice, Situation, advise
from onesystem.evidence.scored import Cases, cases
from onesystem.evidence.series import Every
from onesystem.evidence.translating import Terms
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import listed, say

PAGES = ("its", "controlled", "did", "staggered", "synth", "wedge", "rd", "changepoint")
FEWEST = 20  # cases of a regression discontinuity
SPANS: tuple[Every, ...] = ("day", "week", "month", "quarter", "year")


class Mistakes(BadConfig):
    """What is wrong with a question, field by field."""

    def __init__(self, found: dict[str, str]) -> None:
        super().__init__(listed(found.values(), "; "), say("Mend the fields that are marked"))
        self.found = found


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything that a run needs. Groups are codes of `dimension`; without one, the district."""

    title: str
    measure: str
    what: str
    who: str = ""
    at: date
    every: Every = "month"
    start: date
    end: date
    dimension: str = ""
    treated: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    starts: dict[str, str] = field(default_factory=dict)  # group: its own first day, if another
    design: str = "its"
    slope: bool = True
    waves: int | None = None
    drawn: bool = False
    date_known: bool = True
    people: float | None = None
    days: float | None = None
    minor: int | None = None
    currency: str = "GBP"
    # A threshold of a score, and the cases: score and outcome. Those below it are treated, or not.
    threshold: float | None = None
    below: bool = False
    score: str = ""
    outcome: str = ""
    cases: Cases = ()

    @property
    def terms(self) -> Terms:
        """What one unit of the outcome stands for."""
        return Terms(people=self.people, days=self.days, minor=self.minor, currency=self.currency)

    def plain(self) -> dict[str, Any]:
        """As JSON may hold it."""
        made = asdict(self)
        for name in ("at", "start", "end"):
            made[name] = made[name].isoformat()
        return {**made, "treated": list(self.treated), "control": list(self.control),
                "cases": [list(case) for case in self.cases]}  # fmt: skip

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Question":
        """From JSON; fields that are not known any more are left."""
        known = {f.name for f in fields(cls)}
        made = {k: v for k, v in kept.items() if k in known}
        for name in ("at", "start", "end"):
            made[name] = date.fromisoformat(made[name])
        made["treated"], made["control"] = tuple(made["treated"]), tuple(made["control"])
        made["cases"] = tuple((float(x), float(y)) for x, y in made.get("cases", ()))
        return cls(**made)


@dataclass(slots=True)
class _Form:
    """What a form says, and what is wrong with it."""

    text: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    def day(self, name: str, words: str) -> date:
        try:
            return date.fromisoformat(self.text.get(name, ""))
        except ValueError:
            self.wrong[name] = say("Give {words} as a date", words=words)
            return date(2000, 1, 1)

    def number(self, name: str, words: str) -> float | None:
        said = self.text.get(name, "").replace(",", "")
        if not said:
            return None
        try:
            value = float(said)
        except ValueError:
            self.wrong[name] = say("{words} is no number", words=words)
            return None
        if value < 0 and name != "threshold":
            self.wrong[name] = say("{words} cannot be below 0", words=words)
        return value

    def needs(self, name: str, words: str) -> None:
        if not self.text.get(name):
            self.wrong[name] = say("Give {words}", words=words)

    def cases(self) -> Cases:
        try:
            return cases(self.text.get("cases", ""))
        except ValueError as error:
            self.wrong["cases"] = str(error)[:200]
            return ()

    def one_of(self, name: str, known: Sequence[str], usual: str, words: str) -> str:
        said = self.text.get(name) or usual
        if said not in known:
            self.wrong[name] = words
        return said


def asked(given: Mapping[str, str], lists: Mapping[str, list[str]], *, currency: str) -> Question:
    """A question from a form. Raises Mistakes, field by field."""
    form = _Form({k: str(v).strip() for k, v in given.items()})
    text, wrong = form.text, form.wrong
    design = form.one_of("design", PAGES, "its", say("Choose a design"))
    for name, words in (
        ("title", say("a title")),
        ("measure", say("a measure")),
        ("what", say("what was done")),
    ):
        if name != "measure" or design != "rd":
            form.needs(name, words)
    at, start = form.day("at", say("the change")), form.day("start", say("the first day"))
    end = form.day("end", say("the last day"))
    if not {"at", "start", "end"} & wrong.keys() and not start < at < end:
        wrong["at"] = say("The change lies between the first and the last day of the figures")
    every = form.one_of("every", SPANS, "month", say("Choose how long a period is"))
    dimension = text.get("dimension", "")
    treated = tuple(lists.get("treated", [])) if dimension else ()
    control = tuple(lists.get("control", [])) if dimension else ()
    starts = _starts(text.get("starts", ""), wrong)
    _fits(design, dimension, treated, control, starts, wrong)
    cost, waves = form.number("cost", say("The cost")), form.number("waves", "Waves")
    people, days = form.number("people", "People"), form.number("days", "Days")
    threshold, found = form.number("threshold", say("The threshold")), form.cases()
    if design == "rd":
        _ruled(threshold, found, wrong)
    if wrong:
        raise Mistakes(wrong)
    return Question(
        title=text["title"][:200], measure=text.get("measure", ""), what=text["what"][:1000],
        who=text.get("who", "")[:200], at=at, every=every, start=start, end=end,  # type: ignore[arg-type]
        dimension=dimension, treated=treated, control=control, starts=starts, design=design,
        slope=text.get("slope", "1") == "1", waves=None if waves is None else int(waves),
        drawn=text.get("drawn") == "1", date_known=text.get("date_known", "1") == "1",
        people=people, days=days, minor=None if cost is None else round(cost * 100),
        currency=currency, threshold=threshold, below=text.get("below") == "1",
        score=text.get("score", "")[:80], outcome=text.get("outcome", "")[:80], cases=found,
    )  # fmt: skip


def _ruled(threshold: float | None, found: Cases, wrong: dict[str, str]) -> None:
    if threshold is None:
        wrong.setdefault("threshold", say("Say from which score on people got it"))
    if len(found) < FEWEST:
        wrong.setdefault(
            "cases",
            say("Give {fewest} cases or more, on both sides of the threshold", fewest=FEWEST),
        )


def _starts(text: str, wrong: dict[str, str]) -> dict[str, str]:
    """Lines of `code = 2024-03-01`."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        code, _, said = line.partition("=")
        try:
            found[code.strip()] = date.fromisoformat(said.strip()).isoformat()
        except ValueError:
            wrong["starts"] = say("{line} is not written as: code = 2024-03-01", line=repr(line))
    return found


def _fits(
    design: str, dimension: str, treated: tuple[str, ...], control: tuple[str, ...],
    starts: dict[str, str], wrong: dict[str, str],
) -> None:  # fmt: skip
    if design in ("its", "changepoint", "rd"):
        return
    if not dimension:
        wrong["dimension"] = say(
            "{titles} compares groups: choose what they are", titles=TITLES[design]
        )
    elif not treated:
        wrong["treated"] = say("Choose where the change was made")
    elif set(treated) & set(control):
        both = ", ".join(sorted(set(treated) & set(control)))
        wrong["control"] = say("{both} is on both sides", both=both)
    elif design == "synth" and len(treated) != 1:
        wrong["treated"] = say("Synthetic control is for one place: choose one")
    elif design in ("staggered", "wedge") and len(set(starts.values())) < 2:
        wrong["starts"] = say("Say when each began, two different days at least")


def situation(question: Question, groups: int, today: date) -> Situation:
    """What the answers say of the situation, for the advice."""
    per = {"day": 1, "week": 7, "month": 30.44, "quarter": 91.31, "year": 365.25}[question.every]
    treated = len(question.treated) or 1
    untreated = len(question.control) or max(0, groups - treated if question.dimension else 0)
    return Situation(
        date_known=question.date_known, threshold=question.threshold is not None,
        drawn_order=question.drawn,
        everybody_in_the_end=bool(question.starts) and untreated == 0,
        same_start=len(set(question.starts.values())) < 2, treated=treated, untreated=untreated,
        periods_before=int((question.at - question.start).days / per),
        periods_after=int((min(question.end, today) - question.at).days / per),
    )  # fmt: skip


def advised(question: Question, groups: int, today: date) -> list[Advice]:
    """The designs that pages offer, best first."""
    return [a for a in advise(situation(question, groups, today)) if a.design in PAGES]
