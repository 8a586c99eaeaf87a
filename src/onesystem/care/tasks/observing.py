"""What is measured at a visit: the few kinds, with their codes, units and limits. Pure.

A figure out of reach is refused and not kept: a weight of 705 kg is a slip of the finger.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onesystem.vocabulary import Code, UserError
from onesystem.vocabulary.said import say

LOINC = "http://loinc.org"
_UCUM = "http://unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of observation. `second` is the lower figure of a blood pressure."""

    name: str
    words: str
    code: str
    unit: str
    ucum: str
    least: float
    most: float
    second: str = ""


KINDS = (
    Kind("weight", "Weight", "29463-7", "kg", "kg", 1, 400),
    Kind("pressure", say("Blood pressure"), "85354-9", "mmHg", "mm[Hg]", 20, 300, "over"),
    Kind("pulse", say("Pulse"), "8867-4", say("per min"), "/min", 20, 250),
    Kind("breaths", "Breaths", "9279-1", say("per min"), "/min", 3, 70),
    Kind("temperature", "Temperature", "8310-5", "°C", "Cel", 25, 45),
    Kind("oxygen", say("Oxygen saturation"), "59408-5", "%", "%", 40, 100),
    Kind("glucose", say("Blood glucose"), "15074-8", "mmol/L", "mmol/L", 0.5, 60),
    Kind("pain", say("Pain, 0 to 10"), "72514-3", "", "{score}", 0, 10),
)
NAMED: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Observed:
    """One figure; `second` of a blood pressure is the lower one."""

    kind: Kind
    value: float
    second: float | None = None

    @property
    def text(self) -> str:
        """The figure as it is written.

        >>> Observed(NAMED["pressure"], 130, 80).text, Observed(NAMED["weight"], 70.5).text
        ('130/80', '70.5')
        """
        return f"{self.value:g}" if self.second is None else f"{self.value:g}/{self.second:g}"

    @property
    def code(self) -> Code:
        """What was measured."""
        return Code(LOINC, self.kind.code, self.kind.words)


def observed(said: Mapping[str, str]) -> list[Observed]:
    """What a form says was measured; fields that are empty say nothing. Raises UserError.

    >>> [o.text for o in observed({"weight": "70,5", "pressure": " 130/80 ", "pulse": ""})]
    ['70.5', '130/80']
    """
    return [_one(kind, text) for kind in KINDS if (text := said.get(kind.name, "").strip())]


def _one(kind: Kind, text: str) -> Observed:
    parts = text.replace(",", ".").split("/")
    wanted = 2 if kind.second else 1
    try:
        values = [float(part) for part in parts]
    except ValueError:
        values = []
    if len(values) != wanted:
        raise UserError(
            say("{words} {text} is no figure", words=kind.words.lower(), text=repr(text)),
            say("Write it as 130/80.")
            if kind.second
            else say("Write a number in {unit}.", unit=kind.unit or "points"),
        )
    if not all(kind.least <= value <= kind.most for value in values) or values != sorted(
        values, reverse=True
    ):
        raise UserError(
            say("{words} {text} is out of reach", words=kind.words.lower(), text=text),
            say(
                "It is between {least} and {most} {unit}; check what you typed.",
                least=f"{kind.least:g}",
                most=f"{kind.most:g}",
                unit=kind.unit,
            ),
        )
    return Observed(kind, *values)


def resource(each: Observed, *, at: str, subject: Mapping[str, str]) -> dict[str, Any]:
    """The observation as a FHIR R4 resource."""
    made: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "vital-signs",
        }]}],
        "code": _concept(each.kind.code, each.kind.words),
        "subject": dict(subject),
        "effectiveDateTime": at,
    }  # fmt: skip
    if each.second is None:
        return {**made, "valueQuantity": _quantity(each.kind, each.value)}
    parts = (("8480-6", "Systolic", each.value), ("8462-4", "Diastolic", each.second))
    return {**made, "component": [
        {"code": _concept(code, words), "valueQuantity": _quantity(each.kind, value)}
        for code, words, value in parts
    ]}  # fmt: skip


def _concept(code: str, words: str) -> dict[str, Any]:
    return {"coding": [{"system": LOINC, "code": code, "display": words}], "text": words}


def _quantity(kind: Kind, value: float) -> dict[str, Any]:
    return {"value": value, "unit": kind.unit or "score", "system": _UCUM, "code": kind.ucum}
