"""What the request of a step says by itself: kind, urgency, what for, and what the record knows.

    asked_by("cellulitis", "nursing", facts)

A page that sends requests names the pathway and the step; all else is made here, so that nothing
about a person stands in an address.
"""

from dataclasses import dataclass

from onesystem.care.pathways import cases, engine, queries
from onesystem.care.pathways.conditions import names_of
from onesystem.care.pathways.document import Criterion, Pathway
from onesystem.care.pathways.known import Facts
from onesystem.vocabulary import BadConfig, Code, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A request as its pathway has it; `words` are a first text, to be gone on with."""

    kind: str
    urgency: str
    what: Code | None
    words: str
    title: str = ""


def asked_by(pathway: str, step: str, facts: Facts, *, person: int = 0) -> Asking | None:
    """The request of a criterion of the pathway in force; None where there is none of it.

    Of a person who is on the pathway it is that of their version, with what was answered on it.
    """
    on = cases.of_person(person) if person and pathway else []
    kept = next((k for k in on if k.pathway == pathway and k.case.open), None)
    try:
        version = (
            queries.version(pathway, kept.case.version) if kept else queries.published(pathway)
        )
    except NotFound:
        return None
    facts = facts.answered(kept.case.answers) if kept else facts
    criterion = version.pathway.criterion(step)
    if criterion is None:
        return None
    return Asking(
        kind=criterion.kind, urgency=criterion.urgency, title=version.title,
        what=criterion.what or Code("", "", criterion.words),
        words=words_of(version.pathway, criterion, facts),
    )  # fmt: skip


def words_of(pathway: Pathway, criterion: Criterion, facts: Facts) -> str:
    """A first text: what is asked, why, and the questions with what the record knows."""
    why = engine.prepare(pathway).why(criterion.when, facts) if criterion.when else None
    lines = [f"{pathway.title}: {criterion.words}."]
    if why and why.answer and why.words:
        lines.append(f"Because: {why.words}.")
    form = pathway.form(criterion.form)
    if form:
        names = names_of(pathway)
        for question in form.questions:
            value = facts.answers.get(question.key)
            if value is None and question.prefill:
                try:
                    value = names.condition(question.prefill).value(facts)
                except BadConfig:
                    value = None
            lines.append(f"{question.words}: {_said(value)}".rstrip())
    return "\n".join(lines)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
