"""Matches in words: the evidence weight by weight, the odds, and what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from onesystem.district import District
from onesystem.people.compare import COMPARISONS, DISTRICT_FIELDS
from onesystem.people.crowds import LIKENESS, Crowd
from onesystem.people.mapping import IdentityView
from onesystem.people.presenters import born_day, born_words, name_of, spaced
from onesystem.people.queries import DecisionView, Turn
from onesystem.people.scorer import Line
from onesystem.people.suggesting import Suggestion
from onesystem.vocabulary import CheckState
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import begun, listed, say, say_each
from onesystem.vocabulary.wording import all_of, counted, local

_MOST = 16.0  # bits: where a bar fills its half
WEIGHTS = (
    ("", say("Any odds")),
    ("0", say("Even odds")),
    ("5", say("32 to 1")),
    ("10", say("1,000 to 1")),
)
_WHY = say_each(
    {
        "number": "They share a national number",
        "score": "Their details are alike",
        "source": "A source says they are one",
    }
)
_TURNS = say_each(
    {
        "merge": "an officer merged them",
        "unmerge": "an officer unmerged them",
        "apart": "an officer keeps them apart",
        "undone": "a decision was undone",
        "number": "they share a national number",
        "score": "their details are alike",
        "source": "the source says they are one",
    }
)
_RARE = "1 in "  # so the scorer begins to say how many have a name
_DECISIONS = say_each({"merge": "Merged", "unmerge": "Unmerged", "apart": "Kept apart"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdWords:
    """Records that agree on something with too many to be compared by it."""

    rule: str
    said: str
    members: str
    since: str


def crowd_words(crowd: Crowd, here: District) -> CrowdWords:
    """A crowd as an officer reads it."""
    since = local(from_micros(crowd.at), here.zone)
    if crowd.rule == LIKENESS:
        lowest = crowd.said[0]
        rule, said = (
            say("All details, from one to the next"),
            say("identity {lowest}", lowest=lowest) if lowest else say("new"),
        )
    else:
        named = {"year": say("year of birth")}
        rule = begun(all_of([named.get(n) or COMPARISONS[n].says for n in crowd.rule]))
        parts = zip(crowd.rule, crowd.said, strict=True)
        said = listed(born_day(text) if name == "birth" else text for name, text in parts)
    return CrowdWords(rule=rule, said=said, members=f"{crowd.members:,}", since=since)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWords:
    """One line of evidence, with a bar of its weight.

    `left` and `width` are per cent of the bar's box; the middle of the box is no weight at all.
    """

    field: str
    verdict: str  # agrees, nearly, differs, missing, start
    detail: str
    weight: str
    left: float
    width: float
    positive: bool
    left_value: str = ""
    right_value: str = ""


def evidence_words(lines: Iterable[Line], a: IdentityView, b: IdentityView) -> list[EvidenceWords]:
    """The evidence in the scorer's order; a field that one side leaves empty is named too."""
    found = [_evidence(line, a, b) for line in lines]
    told = {words.field for words in found}
    for field in DISTRICT_FIELDS:
        name = _capital(COMPARISONS[field].says)
        if name not in told:
            found.append(_evidence(Line(COMPARISONS[field].says, "missing", 0.0), a, b))
    return found


def _evidence(line: Line, a: IdentityView, b: IdentityView) -> EvidenceWords:
    width = round(min(abs(line.weight), _MOST) / _MOST * 50, 1)
    rare = line.level.startswith(_RARE)
    field = begun(line.says)
    return EvidenceWords(
        field=say("{field}, and how rare it is", field=field) if rare else field,
        verdict=verdict(line.level),
        detail="" if line.level in {"same", "differs", "missing"} else line.level,
        weight=f"{line.weight:+.1f}",
        left=50.0 if line.weight >= 0 else 50.0 - width,
        width=width,
        positive=line.weight >= 0,
        left_value=value_of(line.says, a),
        right_value=value_of(line.says, b),
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def verdict(level: str) -> str:
    """A level of likeness as one of five words."""
    if level in {"", "missing", "differs"}:
        return level or "start"
    return "agrees" if level == "same" or level.startswith(_RARE) else "nearly"


_VALUES = {
    "family name": "family",
    "given name": "given",
    "sex": "sex",
    "postcode": "postcode",
    "address": "address",
    "telephone": "phone",
}


def value_of(says: str, view: IdentityView) -> str:
    """What one side says in a field of the evidence; a sensitive address stays closed."""
    if says == "national number":
        national = [n for n in view.numbers if n.check is not CheckState.NONE]
        return ", ".join(spaced(n.scheme, n.value) for n in national)
    if view.restricted and says in {"address", "postcode", "telephone"}:
        return "sensitive"
    if says == "birth date":
        return born_day(view.birth_date)
    return str(getattr(view, _VALUES[says])) if says in _VALUES else ""


def odds(weight: float) -> str:
    """A match weight as odds that a person can judge.

    >>> odds(10), odds(-3.0), odds(0)
    ('1,024 to 1 for one person', '8 to 1 for two persons', 'even odds')
    """
    if abs(weight) < 0.5:
        return say("even odds")
    times = 2 ** min(abs(weight), 40)
    side = say("one person") if weight >= 0 else say("two persons")
    return (
        say("over 1,000,000,000 to 1 for {side}", side=side)
        if times > 1e9
        else say("{times} to 1 for {side}", times=f"{times:,.0f}", side=side)
    )


def pair_of(suggestion: Suggestion) -> tuple[int, int]:
    """The two identities of a suggestion, the older first."""
    return suggestion.a.identity, suggestion.b.identity


def suggestion_words(each: Suggestion, district: District, *, at: datetime) -> dict[str, object]:
    """A suggestion in one line of the list."""
    a, b = each.a, each.b
    return {
        "a": a.identity,
        "b": b.identity,
        "left_name": name_of(a.given, a.family),
        "right_name": name_of(b.given, b.family),
        "left_born": born_words(a.birth_date, on=at.date(), died=a.died),
        "right_born": born_words(b.birth_date, on=at.date(), died=b.died),
        "left_source": district.source(a.source).name,
        "right_source": district.source(b.source).name,
        "weight": f"{each.weight:.1f}",
        "says": odds(each.weight),
        "why": why_words(each),
        "pairs": each.pairs,
    }


def why_words(each: Suggestion) -> str:
    """Why a person is asked."""
    why = _WHY.get(each.rule, say("It was not suggested; you chose to compare them"))
    if each.cut:
        return say(
            "{why}, but joining them would put two different national numbers together", why=why
        )
    if differing_numbers(each):
        return say("{why}, but their national numbers differ", why=why)
    return why


def differing_numbers(each: Suggestion, *, verified: bool = False) -> bool:
    """Whether both have a national number that passes its check, and none in common."""

    def numbers(view: IdentityView) -> set[tuple[str, str]]:
        return {
            (n.scheme, n.value)
            for n in view.numbers
            if n.check is CheckState.PASSES and not n.superseded and (n.verified or not verified)
        }

    a, b = numbers(each.a), numbers(each.b)
    return bool(a and b and not a & b)


def decision_words(each: DecisionView, district: District) -> dict[str, object]:
    """An officer's decision as the history tells it."""
    undone = ""
    if each.undone_at:
        undone = say(
            "undone {undone_at} by {undone_by}",
            undone_at=local(each.undone_at, district.zone),
            undone_by=each.undone_by,
        )
    return {
        "decision": each.decision,
        "says": f"{_DECISIONS.get(each.act, each.act)}: "
        f"{counted(len(each.identities), 'identity', 'identities')}",
        "when": local(each.at, district.zone),
        "by": each.by,
        "reason": each.reason,
        "undone": undone,
    }


def turn_words(
    turn: Turn, district: District, names: Mapping[int, str], *, person: int
) -> dict[str, str]:
    """One change of the map: which identity came or went, when, and why."""
    who = names.get(turn.identity, say("identity {identity}", identity=turn.identity))
    moved = (
        say("came from person {was}", was=turn.was)
        if turn.person == person
        else say("went to {person}", person=turn.person)
    )
    return {
        "says": f"{who} {moved}",
        "when": local(turn.at, district.zone),
        "by": turn.by or say("the linkage"),
        "why": _TURNS.get(turn.why, turn.why),
    }


def names_of(identities: Sequence[IdentityView], district: District) -> dict[int, str]:
    """Identities as the history calls them: the source and its own key."""
    return {i.identity: f"{district.source(i.source).name} {i.subject}" for i in identities}
