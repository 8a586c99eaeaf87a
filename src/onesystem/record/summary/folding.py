"""The same thing said twice is one line, and a disagreement is marked.

Each kind has its own rule for what "the same" is, in words that the page shows. Folding never
drops a statement: the line keeps all that were folded into it, each with its source and age.
Nothing is folded on a guess: where neither code nor words agree, two lines stand.
"""

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from onesystem.record.summary.statements import Statement

_GAP = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the sources disagree about, and what each of them says: (value, sources)."""

    about: str
    said: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """One line: the statement that leads, those that say the same, and where they disagree."""

    first: Statement
    also: tuple[Statement, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All that was said, the leading one first."""
        return (self.first, *self.also)

    @property
    def sources(self) -> tuple[str, ...]:
        """Who says it, each once."""
        return tuple(dict.fromkeys(s.source for s in self.statements))

    @property
    def stands(self) -> bool | None:
        """Whether it still holds: each source is held to what it said last.

        Where they differ, whoever says that it does is heard: to miss an illness is worse than
        to ask once more.
        """
        last: dict[str, bool | None] = {}
        for each in self.statements:
            last.setdefault(each.source, each.stands)
        said = list(last.values())
        if any(s is True for s in said):
            return True
        return False if any(s is False for s in said) else None


@dataclass(frozen=True, slots=True)
class Rule:
    """When two statements of a kind are the same thing."""

    words: str
    keys: Callable[[Statement], Sequence[Hashable]]


@lru_cache(maxsize=8192)  # the same few hundred words make most of a district's records
def plain(text: str) -> str:
    """Words as they are compared: no accents, capitals or punctuation.

    >>> plain("Café-au-lait  (spots)")
    'cafe au lait spots'
    """
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in apart if not unicodedata.combining(c))
    return _GAP.sub(" ", text.casefold()).strip()


def _meant(said: Statement) -> list[Hashable]:
    """A code of a coding system, and the words: either will do."""
    keys: list[Hashable] = []
    if said.system and said.code:
        keys.append((said.system, said.code))
    if words := plain(said.words):
        keys.append(words)
    return keys


def _on_the_day(said: Statement) -> list[Hashable]:
    on = said.moment.date()
    return [(key, on) for key in _meant(said)]


def _to_the_second(said: Statement) -> list[Hashable]:
    at = said.moment.replace(microsecond=0)
    return [(key, at) for key in _meant(said)]


def _itself(said: Statement) -> list[Hashable]:
    return [said.entry]


_SAME_WORDS = Rule("the same code, or the same words", _meant)
_SAME_DAY = Rule("the same code or words on the same day", _on_the_day)
_SAME_TIME = Rule("the same code or words at the same time", _to_the_second)
_NEVER = Rule("never folded", _itself)
RULES: Mapping[str, Rule] = {
    "AllergyIntolerance": _SAME_WORDS,
    "Condition": _SAME_WORDS,
    "Flag": _SAME_WORDS,
    "Goal": _SAME_WORDS,
    "MedicationRequest": _SAME_WORDS,
    "MedicationStatement": _SAME_WORDS,
    "MedicationDispense": _SAME_DAY,
    "Immunization": _SAME_DAY,
    "Procedure": _SAME_DAY,
    "Observation": _SAME_TIME,
    "DiagnosticReport": _SAME_TIME,
}


def rule_of(kind: str) -> Rule:
    """The rule of a kind; kinds without one are never folded."""
    return RULES.get(kind, _NEVER)


def fold(statements: Iterable[Statement]) -> list[Folded]:
    """Statements of kinds that belong together, folded; the newest leads, in the order given.

    Two lines that a third statement joins (its code is the one's, its words the other's) become
    one, so the result does not depend on the order in which sources spoke.
    """
    groups: dict[int, list[Statement]] = {}
    group_of: dict[Hashable, int] = {}
    for number, said in enumerate(statements):
        keys = rule_of(said.kind).keys(said)
        met = [group_of[key] for key in keys if key in group_of]
        if len(met) > 1:
            met = sorted(set(met))
        home = met[0] if met else number
        groups.setdefault(home, []).append(said)
        for other in met[1:]:
            groups[home] += groups.pop(other)
            group_of.update({k: home for k, held in group_of.items() if held == other})
        group_of.update(dict.fromkeys(keys, home))
    return [_line(groups[home]) for home in sorted(groups)]


def _line(said: list[Statement]) -> Folded:
    if len(said) == 1:
        return Folded(said[0])
    ordered = sorted(said, key=lambda s: (s.moment, s.recorded, s.entry), reverse=True)
    return Folded(ordered[0], tuple(ordered[1:]), tuple(_conflicts(ordered)))


def _conflicts(said: Sequence[Statement]) -> Iterable[Conflict]:
    """Where sources differ. A source is held to what it said last: it may change its mind."""
    last: dict[str, Statement] = {}
    for each in said:
        last.setdefault(each.source, each)
    if len(last) < 2:
        return
    names = dict.fromkeys(name for each in last.values() for name, _ in each.compared)
    for name in names:
        values: dict[str, list[str]] = {}
        for source, each in last.items():
            if value := dict(each.compared).get(name, ""):
                values.setdefault(value, []).append(source)
        if len({plain(v) for v in values}) > 1:
            yield Conflict(name, tuple((v, tuple(sources)) for v, sources in values.items()))
