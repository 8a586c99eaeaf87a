"""An option: what could be done, how well that is known, what it takes, how the twin says it. Pure.

Figures are for 100,000 people; money is in minor units. `times` names of effects stand in `twin`,
the option in the words of the twin's scenarios with selectors in place of names of services.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.declared import check_keys, parsed
from onesystem.vocabulary.said import say, say_each

STRENGTHS = say_each({"low": "at its least", "central": "as expected", "high": "at its most"})
FUNDERS = say_each({"health": "Health board", "council": "Council", "hospital": "Hospital"})
KINDS = ("set-up", "running")
DELIVERS = say_each({
    "general practice": "General practice", "community": "Community services",
    "hospital": "Hospital", "council": "Council",
})  # fmt: skip
QUALITIES = {  # from the strongest to none, with how much may be built on it
    "trials": (say("Randomised trials"), "strong"),
    "controlled": (say("Compared with others"), "moderate"),
    "review": (say("A review of several kinds of study"), "moderate"),
    "counted": (say("Counted, no comparison"), "moderate"),
    "before and after": (say("Before and after, no comparison"), "weak"),
    "modelled": (say("Against a model of what would have been"), "weak"),
    "reported": (say("Reported by those who did it"), "weak"),
    "opinion": (say("An opinion"), say("very weak")),
    "none": (say("Nothing found"), "none"),
}
SAYS = ("for", "against", "mixed", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What somebody found, where it is written, and how it was found."""

    words: str
    source: str
    year: int
    quality: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A size with its range: `words` say of what. `assumed` where no source gives the middle."""

    name: str
    words: str
    low: float
    central: float
    high: float
    source: str
    assumed: bool = True

    def at(self, strength: str) -> float:
        """The size at `low`, `central` or `high`."""
        return float(getattr(self, strength))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Money besides the pay of staff, for 100,000 people: once, or in a year."""

    words: str
    kind: str
    amount: int
    funder: str = "health"
    source: str = ""  # empty: an assumption


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Staff for 100,000 people; `training_months` where somebody has to be trained for it."""

    role: str
    group: str
    grade: str
    wte: float
    training_months: int = 0
    funder: str = "health"
    stands_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option as its file says."""

    key: str
    title: str
    what: str
    since: date
    delivers: str
    lag_months: int
    ramp_months: int
    limits: str
    evidence: tuple[Evidence, ...]
    effects: tuple[Effect, ...]
    costs: tuple[Cost, ...]
    staff: tuple[Staff, ...]
    twin: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)
    helps: tuple[str, ...] = ()  # kinds of opportunity (`flow.chances`) that it is an answer to

    def effect(self, name: str) -> Effect:
        """One of its effects."""
        return next(each for each in self.effects if each.name == name)

    @property
    def strength(self) -> str:
        """How much may be built on its evidence: that of the best that says something for it."""
        order = list(QUALITIES)
        best = min((order.index(e.quality) for e in self.evidence if e.says in ("for", "mixed")),
                   default=len(order) - 1)  # fmt: skip
        return QUALITIES[order[best]][1]

    @property
    def assumed(self) -> int:
        """How many of its sizes nobody has measured."""
        return sum(each.assumed for each in self.effects)


_TEXTS = ("title", "what", "limits")
_KEYS = (*_TEXTS, "since", "delivers", "helps", "lag_months", "ramp_months", "evidence",
         "effect", "cost", "staff", "twin")  # fmt: skip


def read(text: str, key: str) -> Option:
    """An option from its file. Raises BadConfig naming file, key and cure."""
    where = f"{key}.toml"
    said = parsed(text, where)
    check_keys(where, said, _KEYS)
    for each in _TEXTS:
        if not said.get(each):
            raise BadConfig(
                say("{where} has no {each}", where=where, each=each),
                say('Write {each} = "..."', each=each),
            )
    if not isinstance(said.get("since"), date):
        raise BadConfig(say("{where} has no since", where=where), "Write since = 2026-11-01.")
    made = Option(
        key=key, **{each: str(said[each]) for each in _TEXTS}, since=said["since"],
        delivers=str(said.get("delivers", "")), lag_months=int(said.get("lag_months", 0)),
        ramp_months=int(said.get("ramp_months", 0)),
        evidence=_rows(where, said, "evidence", Evidence),
        effects=_rows(where, said, "effect", Effect),
        costs=_rows(where, said, "cost", Cost), staff=_rows(where, said, "staff", Staff),
        twin=tuple(said.get("twin", ())),
        helps=tuple(said.get("helps", ())),
    )  # fmt: skip
    _check(where, made)
    return made


def _rows(where: str, said: Mapping[str, Any], part: str, kind: Any) -> Any:
    rows = []
    for nth, row in enumerate(said.get(part, ()), 1):
        check_keys(f"{where}, {part} {nth}", row, tuple(kind.__dataclass_fields__))
        try:
            rows.append(kind(**row))
        except TypeError as error:
            raise BadConfig(f"{where}, {part} {nth}: {error}", "Write what is missing.") from None
    return tuple(rows)


def _check(where: str, made: Option) -> None:
    """Refuse words that are not known, and a range that does not hold its middle."""
    _known(say("{where}, delivers", where=where), made.delivers, DELIVERS)
    for e in made.evidence:
        _known(say("{where}, quality", where=where), e.quality, QUALITIES)
        _known(say("{where}, says", where=where), e.says, SAYS)
    for staff in made.staff:
        _known(say("{where}, funder", where=where), staff.funder, FUNDERS)
    for cost in made.costs:
        _known(say("{where}, funder", where=where), cost.funder, FUNDERS)
        _known(say("{where}, kind", where=where), cost.kind, KINDS)
    for effect in made.effects:
        if not effect.low <= effect.central <= effect.high:
            raise BadConfig(
                say(
                    "{where}, effect {name}: {central} is not between {low} and {high}",
                    where=where,
                    name=repr(effect.name),
                    central=f"{effect.central:g}",
                    low=f"{effect.low:g}",
                    high=f"{effect.high:g}",
                ),
                "Write low, central and high in order.",
            )
    if not (made.evidence and made.effects):
        raise BadConfig(
            say("{where} has no evidence or no effect", where=where), "Say honestly what is known."
        )


def _known(where: str, said: str, known: Any) -> None:
    if said not in known:
        raise BadConfig(
            say("{where} is {said}", where=where, said=repr(said)), nearest(said, known)
        )


def plain(option: Option) -> dict[str, Any]:
    """An option as JSON would have it; `again` gives it back."""
    made = asdict(option)
    return made | {"since": option.since.isoformat(), "twin": [dict(each) for each in option.twin]}


def again(said: Mapping[str, Any]) -> Option:
    """What `plain` said."""
    return Option(
        **{k: said[k] for k in ("key", *_TEXTS, "delivers", "lag_months", "ramp_months")},
        since=date.fromisoformat(said["since"]),
        evidence=tuple(Evidence(**each) for each in said["evidence"]),
        effects=tuple(Effect(**each) for each in said["effects"]),
        costs=tuple(Cost(**each) for each in said["costs"]),
        staff=tuple(Staff(**each) for each in said["staff"]),
        twin=tuple(said["twin"]),
        helps=tuple(said.get("helps", ())),
    )
