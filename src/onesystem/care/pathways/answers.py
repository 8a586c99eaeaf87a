"""Answers to the questions of a step: as a form sends them, as conditions ask for them. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from onesystem.care.pathways.document import Form, Question
from onesystem.vocabulary import UserError
from onesystem.vocabulary.codes import UCUM
from onesystem.vocabulary.said import say

_YES, _NO = frozenset({"yes", "true", "on", "1"}), frozenset({"no", "false", "off", "0"})
_LONGEST = 4000


def answers_of(form: Form | None, said: Mapping[str, object]) -> dict[str, Any]:
    """What was answered, by the keys of questions; what was left open is not there.

    Raises UserError where an answer is none, or one that is needed is missing.
    """
    questions = form.questions if form else ()
    found = {}
    for each in questions:
        text = str(said.get(each.key, "")).strip()
        if text:
            found[each.key] = _answer(each, text)
    missing = [each.words for each in questions if each.required and each.key not in found]
    if missing:
        raise UserError(
            say("not answered yet: {missing}", missing="; ".join(missing)),
            "Answer it, or skip the step with a reason.",
        )
    return found


def _answer(question: Question, text: str) -> Any:
    match question.type:
        case "boolean":
            return _truth(question, text)
        case "integer" | "decimal":
            return _number(question, text)
        case "choice" if text not in question.options:
            raise _wrong(
                question,
                text,
                say("Choose one of: {options}.", options=", ".join(question.options)),
            )
        case "date":
            return _day(question, text)
    return text[:_LONGEST]


def _truth(question: Question, text: str) -> bool:
    if text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    raise _wrong(question, text, "Answer yes or no.")


def _number(question: Question, text: str) -> int | float:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        found = float("nan")
    if not abs(found) < 1e6:
        raise _wrong(
            question,
            text,
            say("Write a number{unit}.", unit=f" in {question.unit}" * bool(question.unit)),
        )
    if question.type == "integer" and found != int(found):
        raise _wrong(question, text, "Write a whole number.")
    return int(found) if question.type == "integer" else found


def _day(question: Question, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _wrong(question, text, "Write it as 2026-11-23.") from None


def _wrong(question: Question, text: str, cure: str) -> UserError:
    return UserError(
        say("{words}: {text} is no answer", words=question.words, text=repr(text[:40])), cure
    )


def observation(question: Question, value: Any, *, at: str) -> dict[str, Any] | None:
    """The answer as a FHIR Observation, where the question has a code and the answer a number."""
    if question.code is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    code = question.code
    quantity = {"value": value, "unit": question.unit, "system": UCUM, "code": question.unit}
    return {
        "resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": code.system, "code": code.code,
                             "display": code.display or question.words}],
                 "text": code.display or question.words},
        "subject": {"type": "Patient"},
        "effectiveDateTime": at,
        "valueQuantity": quantity if question.unit else {"value": value},
    }  # fmt: skip
