"""What is known of one person, as conditions ask for it: resources, contacts, requests, answers.

Pure. `facts` builds it once from the record; every condition of every pathway is asked of that.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import inf, nextafter
from typing import Any

from onesystem.vocabulary.codes import ICD10

Resource = Mapping[str, Any]
TEXT = "text|"  # a token that begins so is looked for in the words of a resource
_WHEN = (
    "effectiveDateTime", "onsetDateTime", "authoredOn", "occurrenceDateTime", "performedDateTime",
    "whenHandedOver", "recordedDate", "issued", "date", "dateTime",
)  # fmt: skip
_PERIODS = ("effectivePeriod", "performedPeriod", "onsetPeriod", "period")
_NAMED = ("code", "medicationCodeableConcept", "vaccineCode", "type", "category", "scope")
_ICD = re.compile(r"[A-TV-Z]\d\d\.?\w{0,3}\*?")
_OVER = frozenset({"inactive", "resolved", "remission"})
_DEAD = frozenset({"refuted", "entered-in-error", "cancelled", "not-done", "not-taken"})
_STOPPED = (
    frozenset({"stopped", "inactive", "completed", "on-hold", "draft", "ended", "revoked"}) | _DEAD
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A result that is told as a limit only, such as `>90`: what lies beyond it is not known."""

    sign: str
    value: float

    def __str__(self) -> str:
        return f"{self.sign}{self.value}"

    @property
    def range(self) -> tuple[float, float]:
        """The least and the most that it may be."""
        value = float(self.value)
        if self.sign.startswith(">"):
            return (value if self.sign == ">=" else nextafter(value, inf)), inf
        return -inf, (value if self.sign == "<=" else nextafter(value, -inf))


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A contact with a service, as a condition sees it."""

    service: str
    setting: str
    at: datetime | None
    open: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """A request that waits for its answer."""

    service: str
    what: str
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a person at a moment. `partly`: some of it is not open to who asks."""

    now: datetime
    patient: Resource = field(default_factory=dict)
    resources: Mapping[str, Sequence[Resource]] = field(default_factory=dict)  # the newest first
    contacts: Sequence[Met] = ()
    requests: Sequence[Waits] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    partly: bool = False

    @property
    def age(self) -> int | None:
        """Whole years lived, or None."""
        born = day_of(str(self.patient.get("birthDate", "")))
        if born is None:
            return None
        today = self.now.date()
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    def answered(self, answers: Mapping[str, Any]) -> "Facts":
        """The same with what was answered; what was looked up before is not looked up again."""
        made = replace(self, answers={**self.answers, **answers})
        made.__dict__["_indices"] = self._indices
        return made

    def told(self, kind: str) -> bool:
        """Whether anybody told of anything of that kind: else its absence says nothing."""
        return bool(self.resources.get(kind)) and not self.partly

    def found(self, kind: str, tokens: Iterable[str]) -> list[Resource]:
        """Resources of a kind under any of these codes, the newest first."""
        index = self._index(kind)
        hit: dict[int, tuple[int, Resource]] = {}
        for token in tokens:
            for place, each in index.get(token, ()) or _loosely(index, token):
                hit[id(each)] = place, each
        return [each for _, each in sorted(hit.values(), key=lambda pair: pair[0])]

    def _index(self, kind: str) -> Mapping[str, list[tuple[int, Resource]]]:
        if kind not in self._indices:
            self._indices[kind] = _indexed(self.resources.get(kind, ()))
        return self._indices[kind]

    @cached_property
    def _indices(self) -> dict[str, dict[str, list[tuple[int, Resource]]]]:
        return {}


def _indexed(resources: Sequence[Resource]) -> dict[str, list[tuple[int, Resource]]]:
    index: dict[str, list[tuple[int, Resource]]] = {}
    for place, each in enumerate(resources):
        for name in {*_tokens(each), *(t for part in each.get("component", ())
                                       for t in _tokens(part))}:  # fmt: skip
            index.setdefault(name, []).append((place, each))
    return index


def _loosely(
    index: Mapping[str, list[tuple[int, Resource]]], token: str
) -> list[tuple[int, Resource]]:
    """For `J44*`, and for words."""
    if token.startswith(TEXT):
        word = re.compile(rf"\b{re.escape(token[len(TEXT) :].casefold())}")
        return [e for name, held in index.items() if name.startswith(TEXT) and word.search(name)
                for e in held]  # fmt: skip
    if token.endswith("*"):
        return [e for name, held in index.items() if name.startswith(token[:-1]) for e in held]
    return []


def _tokens(resource: Resource) -> Iterable[str]:
    for name in _NAMED:
        said = resource.get(name)
        for concept in said if isinstance(said, list) else [said]:
            if isinstance(concept, Mapping):
                yield from _of(concept)


def _of(concept: Resource) -> Iterable[str]:
    words = [concept.get("text")]
    for coding in concept.get("coding", ()):
        words.append(coding.get("display"))
        if code := coding.get("code"):
            yield token(str(coding.get("system", "")), str(code))
            yield token("", str(code))
    yield from (TEXT + str(each).casefold() for each in words if each)


def token(system: str, code: str) -> str:
    """What a code is looked up by: ICD-10 without its dot, text by its words."""
    if system == ICD10 or (not system and _ICD.fullmatch(code)):
        code = code.replace(".", "").upper()
    return f"{system}|{code}" if system else code


def stands(resource: Resource) -> bool:
    """Whether a condition, an allergy or an alert holds still, as far as was said."""
    state = _state(resource, "clinicalStatus")
    ended = any(name.startswith("abatement") for name in resource)
    return not (
        ended or state in _OVER or _state(resource, "verificationStatus") in _DEAD
        or resource.get("status") in _STOPPED
    )  # fmt: skip


def counts(resource: Resource) -> bool:
    """Whether it was ever so: not refuted, and no mistake."""
    return resource.get("status") not in _DEAD and (
        _state(resource, "verificationStatus") not in _DEAD
    )


def _state(resource: Resource, name: str) -> str:
    codings = (resource.get(name) or {}).get("coding") or [{}]
    return str(codings[0].get("code", ""))


def words_of(resource: Resource) -> str:
    """What a resource calls itself."""
    for name in _NAMED:
        said = resource.get(name)
        concept = said[0] if isinstance(said, list) and said else said
        if isinstance(concept, Mapping):
            displays = [c.get("display") or c.get("code") for c in concept.get("coding", ())]
            return str(concept.get("text") or next(iter(displays), "") or "")
    return ""


def moment_of(resource: Resource) -> datetime | None:
    """When it was so, as far as was said."""
    for name in _WHEN:
        if name in resource:
            return _moment(str(resource[name]))
    for name in _PERIODS:
        if isinstance(resource.get(name), Mapping) and "start" in resource[name]:
            return _moment(str(resource[name]["start"]))
    return None


def value_of(observation: Resource, tokens: Iterable[str]) -> tuple[Any, str]:
    """What was measured, and its unit; a part of it where the code is that of a part."""
    wanted = {*tokens}
    parts = [observation, *observation.get("component", ())]
    held = next((p for p in parts if wanted & {*_tokens(p)} and _has_value(p)), observation)
    for name, said in held.items():
        if not name.startswith("value"):
            continue
        if isinstance(said, Mapping):
            if "value" in said:
                unit = str(said.get("unit", ""))
                limit = said.get("comparator")
                return (Bound(limit, said["value"]) if limit else said["value"]), unit
            return words_of({"code": said}) or None, ""
        return said, ""
    return None, ""


def _has_value(held: Resource) -> bool:
    return any(name.startswith("value") for name in held)


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        day = day_of(text)
        at = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None  # type: ignore[assignment]
    if at is None:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def day_of(text: str) -> date | None:
    """A day as FHIR writes it; the first of the month or the year where no more was said."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None
    except ValueError:
        return None


def within(at: datetime | None, days: int | None, now: datetime) -> bool:
    """Whether a moment lies in the last so many days; without days whenever it was."""
    if days is None:
        return True
    return at is not None and now - timedelta(days=days) <= at
