"""The questions of a Questionnaire."""

from onesystem.care.pathways.document import TYPES, Form, Question
from onesystem.care.pathways.fhir.naming import PREFILL, UNIT
from onesystem.care.pathways.fhir.taking import Taken
from onesystem.care.pathways.fhir.values import code_in

_TYPES = {**{each: each for each in TYPES}, "string": "text", "open-choice": "choice",
          "dateTime": "date", "quantity": "decimal", "url": "text"}  # fmt: skip


def form_in(said: Taken, key: str) -> Form:
    """The form. Groups are opened: what they hold is asked one after the other."""
    return Form(key=key, title=said.text("title") or said.text("name"), questions=_all(said))


def _all(said: Taken) -> tuple[Question, ...]:
    found: list[Question] = []
    for each in said.each("item"):
        kind = each.said.get("type")
        if kind in {"group", "display"}:
            found += _all(each)
        else:
            found.append(_question(each))
            found += _all(each)
    return tuple(found)


def _question(said: Taken) -> Question:
    kind = said.text("type")
    codes = said.each("code")
    unit = next((c for e in said.ours(UNIT) if (c := e.one("valueCoding"))), None)
    return Question(
        key=said.text("linkId"),
        words=said.text("text"),
        type=said.said_in("type") or _TYPES.get(kind, "text"),
        required=said.truth("required"),
        options=(*_options(said), *(e.text("valueString") for e in said.ours("option"))),
        unit=(unit.text("display") or unit.text("code")) if unit else "",
        code=code_in(codes[0]) if codes else None,
        prefill=said.fhirpath_in(PREFILL),
        help=said.said_in("help"),
    )


def _options(said: Taken) -> tuple[str, ...]:
    found = []
    for each in said.each("answerOption"):
        coding = each.one("valueCoding")
        text = each.text("valueString")
        if not text and coding:
            text = coding.text("display") or coding.text("code")
        if text:
            found.append(text)
    return tuple(found)
