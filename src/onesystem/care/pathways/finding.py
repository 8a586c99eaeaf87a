"""What the record says of a pathway, in words: criteria met and why, what is next, what is known.

Nothing here is decided: each word is what the conditions came to, with the facts that decided, and
what is not known is said to be so.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from onesystem.care.pathways import engine, known
from onesystem.care.pathways.conditions import Condition, Finding, names_of
from onesystem.care.pathways.engine import Met, Standing
from onesystem.care.pathways.known import Facts, Resource
from onesystem.care.pathways.queries import Version
from onesystem.care.pathways.reading import pathway_under
from onesystem.vocabulary.said import say

_CRITERION = {
    True: (say("met"), "good"),
    False: (say("not met"), "quiet"),
    None: (say("not known"), "warn"),
}
_FLAG = {
    True: (say("holds"), "bad"),
    False: (say("not seen"), "quiet"),
    None: (say("not known"), "warn"),
}
_STATES = {
    engine.READY: (say("to do"), "info"), engine.OVERDUE: (say("overdue"), "bad"),
    engine.ASK: (say("to find out"), "warn"), engine.LATER: (say("due again later"), "quiet"),
    engine.DONE: (say("done"), "good"), engine.SKIPPED: (say("passed over"), "quiet"),
    engine.NOT_FOR: (say("not for them"), "quiet"), engine.SHUT: (say("not yet"), "quiet"),
}  # fmt: skip
_ORDER = {True: 0, None: 1, False: 2}
MOST = 12  # lines of each kind beside a pathway; the record has the others


def found_words(flags: Iterable[Met], criteria: Iterable[Met]) -> dict[str, dict[str, str]]:
    """What is found of each red flag and each criterion, by its key."""
    made: dict[str, dict[str, str]] = {}
    for told, words in ((flags, _FLAG), (criteria, _CRITERION)):
        for met in told:
            said, kind = words[met.why.answer]
            if met.judged:
                said, kind = say("for you to judge"), "quiet"
            made[met.of.key] = {"said": said, "kind": kind, "words": met.why.words}
    return made


def whom(version: Version, facts: Facts) -> Finding:
    """Whether a pathway is for this person, and why; without compiling all the rest of it."""
    condition = _whom(version.digest)
    return condition.explain(facts) if condition else Finding(answer=True)


@lru_cache(maxsize=4096)  # a text under a digest never changes
def _whom(digest: str) -> Condition | None:
    pathway = pathway_under(digest)
    return names_of(pathway).condition(pathway.whom) if pathway.whom else None


def fit_words(version: Version, why: Finding, coded: str) -> dict[str, Any]:
    """A pathway as it fits a person: `coded` is the condition of theirs that it is about."""
    said, kind = _CRITERION[why.answer]
    return {
        "slug": version.slug, "title": version.title, "number": version.number,
        "mark": version.pathway.mark, "why": why.words, "answer": why.answer, "coded": coded,
        "said": say("it is for them: {coded}", coded=coded) if coded else said, "kind": kind,
        "rank": (not coded, _ORDER[why.answer]),
    }  # fmt: skip


def condition_of(version: Version, facts: Facts) -> str:
    """What the record calls the condition that a pathway is about; empty where there is none."""
    tokens = [known.token(code.system, code.code) for code in version.pathway.codes]
    for kind in ("Condition", "Flag"):
        for each in facts.found(kind, tokens):
            if known.stands(each):
                return known.words_of(each)
    return ""


def step_words(standing: Standing) -> dict[str, Any]:
    """A step as it stands for a person."""
    said, kind = _STATES[standing.state]
    return {
        "key": standing.step.key, "words": standing.step.words, "said": said, "kind": kind,
        "state": standing.state, "why": standing.why.words, "answer": standing.why.answer,
        "since": standing.since, "due": standing.due, "times": standing.times,
        "by": standing.by, "at": standing.at, "reason": standing.reason, "next": standing.is_next,
        "actions": [
            {"kind": p.action.kind, "to": p.action.to, "words": p.action.words,
             "why": p.why.words, "answer": p.why.answer}
            for p in standing.actions
        ],
    }  # fmt: skip


def record_words(facts: Facts) -> list[tuple[str, list[tuple[str, str, datetime | None]]]]:
    """The record in short, as conditions see it: what to beware of first."""
    parts = (
        (say("Alerts"), "Flag"), (say("Allergies"), "AllergyIntolerance"),
        (say("Conditions"), "Condition"),
        (say("Medicines"), "MedicationRequest"),
    )  # fmt: skip
    made = []
    for title, kind in parts:
        lines = [_line(each) for each in facts.resources.get(kind, ()) if known.stands(each)]
        if lines := [line for line in dict.fromkeys(lines) if line[0]]:
            made.append((title, lines[:MOST]))
    if results := _results(facts):
        made.append((say("Newest results"), results[:MOST]))
    return made


def _line(each: Resource) -> tuple[str, str, datetime | None]:
    return known.words_of(each), "", known.moment_of(each)


def _results(facts: Facts) -> list[tuple[str, str, datetime | None]]:
    """The newest of each result."""
    newest: dict[str, tuple[str, str, datetime | None]] = {}
    for each in facts.resources.get("Observation", ()):
        words = known.words_of(each)
        value, unit = known.value_of(each, ())
        if words and value is not None and known.counts(each):
            newest.setdefault(words, (words, f"{value} {unit}".strip(), known.moment_of(each)))
    return list(newest.values())
