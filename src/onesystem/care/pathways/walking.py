"""A person on a pathway, in words: what is next and why, what was done, the questions of a step."""

from collections.abc import Mapping
from typing import Any

from onesystem.care.pathways import engine, finding
from onesystem.care.pathways.case_store import Kept
from onesystem.care.pathways.conditions import names_of
from onesystem.care.pathways.document import Pathway, Step
from onesystem.care.pathways.engine import Standing
from onesystem.care.pathways.known import Facts
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say, say_each

VERBS = say_each({
    "started": "began it", "done": "did", "skipped": "passed over", "moved": "moved to version",
    "left": "ended it",
})  # fmt: skip


def case_words(
    kept: Kept, pathway: Pathway, facts: Facts, typed: Mapping[str, Any]
) -> dict[str, Any]:
    """How a person stands on a pathway. `typed` is what could not be taken: step, answers, why."""
    case = kept.case
    known = facts.answered(case.answers)
    steps = {each.step.key: each for each in engine.stand(pathway, known, case)}
    order = [each.step.key for each in engine.next_actions(pathway, known, kept.events)]
    titles = {step.key: step.words for step in pathway.steps}
    return {
        "key": kept.key, "seen": case.seen, "version": case.version, "started": case.started,
        "by": kept.events[0].by, "open": case.open, "left": case.left, "reason": case.reason,
        "next": [_next(steps[key], pathway, known, typed) for key in order],
        "asks": {each.key: each.words for each in pathway.requests},
        "standing": {key: finding.step_words(each) for key, each in steps.items()},
        "events": [
            {"at": e.at, "by": e.by, "said": VERBS.get(e.verb, e.verb),
             "what": titles.get(e.step, e.step) or (str(e.version) if e.verb == "moved" else ""),
             "reason": e.reason}
            for e in reversed(kept.events)
        ],
    }  # fmt: skip


def _next(
    standing: Standing, pathway: Pathway, facts: Facts, typed: Mapping[str, Any]
) -> dict[str, Any]:
    mine = typed if typed.get("step") == standing.step.key else {}
    return {
        **finding.step_words(standing),
        "detail": standing.step.detail,
        "title": getattr(pathway.form(standing.step.form), "title", ""),
        "questions": questions(standing.step, pathway, facts, mine.get("answers", {})),
        "error": mine.get("error", ""),
        "typed_reason": mine.get("reason", ""),
    }


def questions(
    step: Step, pathway: Pathway, facts: Facts, typed: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The questions of a step: what was typed, else what was answered, else what the record has."""
    form = pathway.form(step.form)
    if form is None:
        return []
    names = names_of(pathway)
    made = []
    for each in form.questions:
        value, source = typed.get(each.key), ""
        if value is None and each.key in facts.answers:
            value, source = facts.answers[each.key], say("answered before")
        if value is None and each.prefill:
            try:
                value = names.condition(each.prefill).value(facts)
            except BadConfig:
                value = None
            source = say("from the record") if value is not None else ""
        made.append(
            {"key": each.key, "words": each.words, "type": each.type, "required": each.required,
             "options": each.options, "unit": each.unit, "help": each.help, "source": source,
             "value": said(value)}
        )  # fmt: skip
    return made


def said(value: object) -> str:
    """An answer as a field holds it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
