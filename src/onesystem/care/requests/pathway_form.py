"""What a pathway's request asks for beside the service's own form, filled in from the record.

A step of a pathway names a criterion: what to ask, how soon, and the questions that have to be
answered with it. What the record knows is filled in, and what the person meets is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from onesystem.care.pathways import cases
from onesystem.care.pathways import queries as pathways
from onesystem.care.pathways.conditions import names_of
from onesystem.care.pathways.document import Criterion, Pathway, Question
from onesystem.care.pathways.known import Facts
from onesystem.care.requests.prefill import Filled
from onesystem.care.services.entry import Entry, Field
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say

PREFIX = "pathway-"
_TYPES = {"boolean": "yes-no", "integer": "number", "decimal": "number", "choice": "choice",
          "date": "date", "text": "text"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a pathway says of a request: `why` is what of the record led to it."""

    title: str = ""
    words: str = ""
    why: str = ""
    fields: tuple[Field, ...] = ()
    filled: Mapping[str, Filled] = field(default_factory=dict)


def asked(pathway: str, step: str, facts: Facts, *, person: int) -> Asked:
    """What the pathway says under that key; nothing where it says nothing.

    Of a person who is on the pathway it is their version, with what was answered on it.
    """
    kept = next((k for k in cases.of_person(person) if k.pathway == pathway and k.case.open), None)
    try:
        version = (
            pathways.version(pathway, kept.case.version) if kept else pathways.published(pathway)
        )
    except NotFound:
        return Asked()
    criterion = version.pathway.criterion(step)
    if criterion is None:
        return Asked(title=version.title)
    return _asked(version.pathway, criterion, facts.answered(kept.case.answers) if kept else facts)


def _asked(page: Pathway, criterion: Criterion, facts: Facts) -> Asked:
    form, names = page.form(criterion.form), names_of(page)
    questions = form.questions if form else ()
    why = names.condition(criterion.when).explain(facts) if criterion.when else None
    filled = {}
    for each in questions:
        value, what = facts.answers.get(each.key), say("what was answered on the pathway")
        if value is None and each.prefill:
            value, what = names.condition(each.prefill).value(facts), say("the record")
        if text := _text(value):
            filled[PREFIX + each.key] = Filled(value=text, what=what)
    return Asked(
        title=page.title, words=criterion.words,
        why=why.words if why is not None and why.answer else "",
        fields=tuple(_field(each) for each in questions), filled=filled,
    )  # fmt: skip


def _field(question: Question) -> Field:
    label = f"{question.words} ({question.unit})" if question.unit else question.words
    return Field(
        name=PREFIX + question.key, label=label, type=_TYPES.get(question.type, "line"),
        required=question.required, help=question.help, options=question.options,
        known="yes" if question.prefill else "",
    )  # fmt: skip


def _text(found: object) -> str:
    if isinstance(found, bool):
        return "yes" if found else "no"
    return "" if found is None else str(found)


def whole(entry: Entry, page: Asked) -> Entry:
    """The service's entry, its form begun by what the pathway asks.

    What the pathway asks stands for the service's own open questions: these may be left empty.
    """
    if not page.fields:
        return entry
    own = (replace(f, required=False) if f.type == "text" else f for f in entry.form)
    return replace(entry, form=(*page.fields, *own))


def begun(entry: Entry, page: Asked) -> dict[str, str]:
    """What the free fields of a service's form begin with: what the pathway asks, and why.

    Under no name (empty) where the form has none: the page's own field.
    """
    texts = [f"{page.words}."] if page.words else []
    texts += [say("Because: {why}.", why=page.why)] if page.why else []
    free = [each.name for each in entry.form if each.type == "text" and each.required]
    if len(free) < 2:
        return {(free or [""])[0]: "\n".join(texts)} if texts else {}
    return dict(zip(free, texts, strict=False))
