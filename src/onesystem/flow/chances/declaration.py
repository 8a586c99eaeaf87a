"""A kind of opportunity as its file says: words, source, and terms with the day they begin. Pure.

The file names a *rule* (what is counted) and gives its *terms*: windows, lists of words, settings.
A change of terms is a new `[[terms]]` with its own `since`, never an edit of an old one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onesystem.vocabulary import BadConfig, Setting, nearest
from onesystem.vocabulary.declared import check_keys, parsed
from onesystem.vocabulary.said import say

_TEXTS = ("title", "words", "counted", "out_of", "limits", "source")
_KEYS = ("rule", "days", *_TEXTS, "source_date", "own", "estimate", "splits", "journeys", "terms")
SPLITS = ("cause", "other")
_JOURNEYS = ("cause", "setting", "reason", "condition", "before", "after", "way", "level")

# What each rule wants to be told, and of what kind it is. A term without a value is an empty one.
_TERMS: Mapping[str, Mapping[str, str]] = {
    "ready": {"grace_minutes": "numbers", "next_days": "number", "next_ignores": "texts"},
    "sensitive": {"codes": "text", "modes": "texts", "gap_hours": "number"},
    "conveyed": {
        "outcomes": "texts", "within_hours": "number", "ed_hours": "number",
        "not_urgent": "texts", "admitted": "texts", "admission_hours": "number",
    },
    "repeated": {"window_days": "number", "windows": "numbers", "elsewhere_only": "truth"},
    "unchanged": {
        "urgencies": "texts", "outcomes": "texts", "window_days": "number",
        "medicines": "texts", "prescriptions": "texts",
    },
    "waits": {"settings": "texts", "target_days": "numbers", "without": "texts"},
    "intensive": {"order": "lists", "window_days": "number", "gap_hours": "number", "use": "uses"},
}  # fmt: skip
RULES = tuple(_TERMS)
_USE = {"way": "text", "window_days": "number", "outcomes": "texts", "reasons": "texts"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a rule is told, from a day on."""

    since: date
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of opportunity. `counted` and `out_of` are nouns in the plural; `days`
    says what its days are, in care or of waiting.

    `splits` says in words what the rule's cause, and its other split, are ("" where there is
    none). `journeys` is the question to the journeys behind it, but for its days. `estimate` says
    how the figure is worked out where it is an estimate and not a count.
    """

    name: str
    title: str
    words: str
    rule: str
    counted: str
    out_of: str
    days: str
    limits: str
    source: str
    source_date: str
    own: bool
    estimate: str
    splits: Mapping[str, str]
    journeys: Mapping[str, str]
    terms: tuple[Terms, ...]

    def on(self, day: date) -> Mapping[str, Any]:
        """The terms in force on a day: the last that began by then, or else the first."""
        begun = [each for each in self.terms if each.since <= day]
        return (begun[-1] if begun else self.terms[0]).values


def read(text: str, name: str) -> Kind:
    """A kind from its file. Raises BadConfig naming file, key and cure."""
    where = f"{name}.toml"
    said = parsed(text, where)
    check_keys(where, said, _KEYS)
    rule = str(said.get("rule", ""))
    if rule not in RULES:
        raise BadConfig(
            say("{where}: there is no rule {rule}", where=where, rule=repr(rule)),
            nearest(rule, RULES),
        )
    for key in _TEXTS:
        if not said.get(key):
            raise BadConfig(
                say("{where} has no {key}", where=where, key=key),
                say('Write {key} = "..."', key=key),
            )
    check_keys(say("{where}, splits", where=where), said.get("splits", {}), SPLITS)
    check_keys(say("{where}, journeys", where=where), said.get("journeys", {}), _JOURNEYS)
    return Kind(
        name=name,
        rule=rule,
        **{key: " ".join(str(said[key]).split()) for key in _TEXTS},
        days=str(said.get("days", "in care")),
        source_date=str(said.get("source_date", "")),
        own=bool(said.get("own", False)),
        estimate=" ".join(str(said.get("estimate", "")).split()),
        splits={each: str(said.get("splits", {}).get(each, "")) for each in SPLITS},
        journeys={key: str(value) for key, value in said.get("journeys", {}).items()},
        terms=_terms(where, said.get("terms", []), rule),
    )


def _terms(where: str, said: Any, rule: str) -> tuple[Terms, ...]:
    if not isinstance(said, list) or not said:
        raise BadConfig(
            say("{where} has no terms", where=where), "Write [[terms]] with since = 2026-01-31."
        )
    made = []
    for nth, each in enumerate(said, 1):
        here = say("{where}, terms {nth}", where=where, nth=nth)
        check_keys(here, each, ("since", *_TERMS[rule]))
        since = each.get("since")
        if not isinstance(since, date):
            raise BadConfig(
                say("{here}: since is {since}", here=here, since=repr(since)),
                "Write since = 2026-01-31.",
            )
        values = {k: _value(f"{here}, {k}", kind, each.get(k)) for k, kind in _TERMS[rule].items()}
        made.append(Terms(since=since, values=values))
    return tuple(sorted(made, key=lambda terms: terms.since))


def _value(where: str, kind: str, said: Any) -> Any:
    """A term as its rule takes it. Raises BadConfig where it is of another kind."""
    if said is None:
        return {"number": 0, "text": "", "truth": False, "numbers": {}}.get(kind, ())
    checked = {
        "number": _number, "text": _text, "truth": _truth, "texts": _texts, "numbers": _numbers,
        "lists": _lists, "uses": _uses,
    }[kind]  # fmt: skip
    return checked(where, said)


def _number(where: str, said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or said < 0:
        raise BadConfig(
            say("{where} is {said}", where=where, said=repr(said)), "Write a number of 0 or more."
        )
    return said


def _text(where: str, said: Any) -> str:
    if not isinstance(said, str):
        raise BadConfig(
            say("{where} is {said}", where=where, said=repr(said)), 'Write a text in quotes: "...".'
        )
    return said


def _truth(where: str, said: Any) -> bool:
    if not isinstance(said, bool):
        raise BadConfig(
            say("{where} is {said}", where=where, said=repr(said)), "Write true or false."
        )
    return said


def _texts(where: str, said: Any) -> tuple[str, ...]:
    if not isinstance(said, list):
        raise BadConfig(
            say("{where} is {said}", where=where, said=repr(said)), 'Write a list: ["...", "..."].'
        )
    return tuple(_text(where, each) for each in said)


def _numbers(where: str, said: Any) -> dict[str, float]:
    if not isinstance(said, dict):
        raise BadConfig(
            say("{where} is {said}", where=where, said=repr(said)), 'Write a table: { "..." = 1 }.'
        )
    return {str(key): _number(f"{where}, {key}", value) for key, value in said.items()}


def _lists(where: str, said: Any) -> tuple[tuple[str, ...], ...]:
    """Lists of settings, each a rank."""
    if not isinstance(said, list):
        raise BadConfig(
            say("{where} is {said}", where=where, said=repr(said)),
            'Write lists in a list: [["..."], ["..."]].',
        )
    made = tuple(_texts(where, each) for each in said)
    for each in (setting for rank in made for setting in rank):
        if each not in set(Setting):
            raise BadConfig(
                say("{where}: there is no setting {each}", where=where, each=repr(each)),
                nearest(each, list(Setting)),
            )
    return made


def _uses(where: str, said: Any) -> tuple[dict[str, Any], ...]:
    made = []
    for each in said:
        check_keys(where, each, tuple(_USE))
        if not each.get("way"):
            raise BadConfig(say("{where} names no way", where=where), 'Write way = "...".')
        made.append({k: _value(f"{where}, {k}", kind, each.get(k)) for k, kind in _USE.items()})
    return tuple(made)
