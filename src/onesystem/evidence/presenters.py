"""Results, versions and advice in words, colours and tables for the pages."""

from datetime import datetime
from typing import Any

from onesystem.evidence.advice import TITLES
from onesystem.evidence.queries import Standing
from onesystem.evidence.question import Question
from onesystem.evidence.translating import number
from onesystem.vocabulary import Money
from onesystem.vocabulary.said import say, say_date, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.wording import ago

TAGS = {"passed": "good", "doubtful": "warn", "failed": "bad"}
STATES = {
    "running": (say("Running"), "info"),
    "done": (say("Result"), "good"),
    "failed": (say("Failed"), "bad"),
}
DIMENSIONS = say_each({
    "": "The whole district", "service": "Services", "setting": "Settings",
    "organisation": "Organisations", "place": "Places", "practice": "Practices",
    "age_band": "Age bands", "sex": "Sexes", "deprivation": "Deprivation", "area": "Areas",
})  # fmt: skip


def listing(found: list[Standing], query: Any, now: datetime, measures: dict[str, str]) -> Listing:
    """The list of evaluations."""
    return Listing(
        caption="Evaluations",
        columns=(
            Column("title", "Question"), Column("measure", "Measure"), Column("design", "Design"),
            Column("result", "Result"), Column("standing", "Assumptions"),
            Column("signed", "Signed", right=True), Column("asked", "Asked"),
        ),
        all_rows=[_line(s, now, measures) for s in found],
        query=query,
        empty_title="Nothing has been evaluated yet",
        empty_advice="Ask whether a change worked: choose a measure and say what was done, when "
        "and where.",
    )  # fmt: skip


def _line(s: Standing, now: datetime, measures: dict[str, str]) -> list[Any]:
    run = s.run
    result = run.result if run is not None else None
    words, kind = STATES[run.state] if run is not None else (say("Not run"), "quiet")
    stands = result["standing"] if result else ""
    return [
        Cell(s.question.title, href=f"/evidence/{s.evaluation.id}/"),
        measures.get(s.question.measure, s.question.measure) or s.question.outcome,
        TITLES[s.question.design],
        Cell(effect_words(result["main"]), value=result["main"]["estimate"])
        if result
        else Cell(words, tag=kind),
        Cell(stands, tag=TAGS[stands]) if stands else "",
        len(s.signatures),
        Cell(
            say(
                "{made_at} by {by}", made_at=ago(s.evaluation.made_at, now=now), by=s.evaluation.by
            ),
            value=s.evaluation.made_at,
        ),
    ]


def effect_words(effect: dict[str, Any]) -> str:
    """An effect and its interval in a few characters."""
    text = say(
        "{estimate} ({low} to {high})",
        estimate=number(effect["estimate"]),
        low=number(effect["low"]),
        high=number(effect["high"]),
    )
    return f"{text} {effect['unit']}".strip()


def main_figure(result: dict[str, Any]) -> dict[str, str]:
    """The main effect as a figure: number, unit, interval."""
    main = result["main"]
    note = say("{low} to {high}", low=number(main["low"]), high=number(main["high"]))
    return {"label": main["label"], "value": number(main["estimate"]), "unit": main["unit"],
            "note": note, "kind": TAGS[result["standing"]]}  # fmt: skip


def translated(result: dict[str, Any]) -> list[dict[str, str]]:
    """People, days and money a year, one figure each."""
    return [_figure(t) for t in result["translated"]]


def _figure(t: dict[str, Any]) -> dict[str, str]:
    shown = [t["estimate"], t["low"], t["high"]]
    if t["what"] == "money a year":
        words = [str(Money(round(v) * 100, t["unit"])).split(".")[0] for v in shown]
        unit = ""
    else:
        words, unit = [number(v) for v in shown], t["unit"]
    return {"label": t["what"].capitalize(), "value": words[0], "unit": unit, "how": t["how"],
            "note": say("{words} to {words2}", words=words[1], words2=words[2])}  # fmt: skip


def tables(result: dict[str, Any]) -> list[Listing]:
    """The tables of a result."""
    return [
        Listing(
            caption=t["title"],
            columns=tuple(
                Column(c, c.capitalize(), right=i > 0) for i, c in enumerate(t["columns"])
            ),
            all_rows=[[_cell(v) for v in row] for row in t["rows"]],
            per_page=10_000,
            exports=False,
        )
        for t in result["tables"]
    ]


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return Cell(number(value), value=value)
    return value


def facts(question: Question, measure: str, names: dict[str, str]) -> list[tuple[str, Any]]:
    """The question as pairs."""

    def said(codes: tuple[str, ...]) -> str:
        return ", ".join(names.get(c, c) for c in codes)

    found = [
        (say("Measure"), measure),
        (say("What was done"), question.what),
        (say("By whom"), question.who),
        (
            say("From"),
            question.at.strftime("%-d %B %Y")
            if question.date_known
            else say("not known; thought to be {at}", at=say_date(question.at, "%-d %B %Y")),
        ),
        (
            say("Figures"),
            say(
                "by {every}, {start} to {end}",
                every=question.every,
                start=say_date(question.start, "%-d %B %Y"),
                end=say_date(question.end, "%-d %B %Y"),
            ),
        ),
        (say("Where"), said(question.treated) or DIMENSIONS[question.dimension]),
        (
            say("Compared with"),
            said(question.control)
            or (say("all others") if question.dimension and question.design != "its" else ""),
        ),
        (
            say("Own starts"),
            ", ".join(f"{names.get(k, k)}: {v}" for k, v in question.starts.items()),
        ),
        (say("Threshold"), _threshold(question)),
        (say("Design"), TITLES[question.design]),
    ]
    if question.design == "rd":
        found = [pair for pair in found if pair[0] not in ("Figures", "Where", "Compared with")]
    return [(k, v) for k, v in found if v]


def _threshold(question: Question) -> str:
    if question.design != "rd" or question.threshold is None:
        return ""
    way = say("below") if question.below else say("at or above")
    return say(
        "{score} {way} {threshold} got it; {cases} cases",
        score=question.score or "the score",
        way=way,
        threshold=number(question.threshold),
        cases=f"{len(question.cases):,}",
    )
