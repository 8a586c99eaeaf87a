"""What a proposal says: in plain words, who gains, what it asks for, how it will be judged.

A version is one JSON text, evidence with the values as they were included: its digest is what the
members decide on. Money is whole minor units, a month its first day. Pure.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Final

from onesystem.alliance.meeting.register import canonical
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.typed import Problem

ASKED: Final = "asked"
LATER: Final = "later"
NONE: Final = "none"
FUNDING: Final[Mapping[str, str]] = say_each(
    {
        ASKED: "Funders are asked for money, below",
        LATER: "Design first: how it is funded is attached afterwards",
        NONE: "It needs no money",
    }
)
GAINS: Final = "gains"
LOSES: Final = "loses"
SIDES: Final[Mapping[str, str]] = {GAINS: "gains", LOSES: "loses"}
TOUCHES: Final[Mapping[str, str]] = say_each({
    "organisation": "Organisation", "service": "Service", "line": "Budget line",
    "contract": "Contract",
})  # fmt: skip
_LONG = 25  # words of a sentence, from which on it is hard to follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Money that a funder is asked for: an even amount of each month from `since` to `until`."""

    funder: str
    amount: int  # of the whole time
    since: date
    until: date  # the last month
    line: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What goes live with it: `kind` and the codes of what is changed, as `commit` carries out."""

    kind: str
    code: str
    number: str = ""
    since: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Who gains or loses: an organisation, what, and how much a year where it is known."""

    organisation: str
    side: str
    words: str
    amount: int = 0  # minor units a year


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What could go wrong, and what is done about it."""

    words: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A link that reproduces what it shows: the address, and what it said when it was attached."""

    kind: str
    address: str
    title: str
    figures: tuple[tuple[str, str], ...] = ()  # label, words
    digest: str = ""  # of what it said
    data_to: str = ""
    at: int = 0  # microseconds since 1970
    words: str = ""  # what it is to show


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A version of a proposal."""

    title: str
    plain: str = ""
    problem: str = ""
    design: str = ""
    funding: str = ASKED
    asks: tuple[Ask, ...] = ()
    changes: tuple[Change, ...] = ()
    touches: tuple[tuple[str, str], ...] = ()
    effects: tuple[Effect, ...] = ()
    risks: tuple[Risk, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    measure: str = ""
    goal: str = ""
    review: date | None = None
    owner: int = 0
    funds: int = 0  # the decision to which it attaches money
    answers: str = ""  # what the last version was sent back for, and how this one answers it

    @property
    def total(self) -> int:
        """All that is asked for."""
        return sum(ask.amount for ask in self.asks)

    @property
    def funders(self) -> frozenset[str]:
        """The parties whose money is asked for."""
        return frozenset(ask.funder for ask in self.asks)


def text_of(made: Proposed) -> str:
    """The text as it is kept."""
    return canonical(_plain(asdict(made)))


def digest_of(text: str) -> str:
    """What a text is found by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(said: Any) -> Any:
    if isinstance(said, date):
        return said.isoformat()
    if isinstance(said, Mapping):
        return {key: _plain(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_plain(each) for each in said]
    return said


def read(said: Mapping[str, Any]) -> Proposed:
    """A version from what is kept."""
    known = {each.name for each in fields(Proposed)}
    plain = {name: value for name, value in said.items() if name in known}
    review = plain.pop("review", None)
    return Proposed(
        review=_day(review),
        asks=asks_of(plain.pop("asks", ())),
        changes=changes_of(plain.pop("changes", ())),
        touches=tuple((kind, code) for kind, code in plain.pop("touches", ())),
        effects=tuple(Effect(**each) for each in plain.pop("effects", ())),
        risks=tuple(Risk(**each) for each in plain.pop("risks", ())),
        evidence=tuple(_evidence(each) for each in plain.pop("evidence", ())),
        **plain,
    )


def asks_of(said: Any) -> tuple[Ask, ...]:
    """Money that is asked for, from what is kept."""
    return tuple(
        Ask(**{**each, "since": date.fromisoformat(each["since"]),
               "until": date.fromisoformat(each["until"])})
        for each in said
    )  # fmt: skip


def changes_of(said: Any) -> tuple[Change, ...]:
    """What goes live, from what is kept."""
    return tuple(Change(**{**each, "since": _day(each.get("since"))}) for each in said)


def _evidence(said: Mapping[str, Any]) -> Evidence:
    figures = tuple((label, words) for label, words in said.get("figures", ()))
    return Evidence(**{**said, "figures": figures})


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a proposal may name: codes and their words."""

    funders: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    contracts: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[int, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)  # of changes

    def of(self, kind: str) -> Mapping[str, str]:
        """The codes of a kind of thing that can be touched."""
        return {"organisation": self.organisations, "service": self.services,
                "line": self.lines, "contract": self.contracts}.get(kind, {})  # fmt: skip


def problems(made: Proposed, near: Around, today: date) -> list[Problem]:
    """What is wrong with it, so that it cannot be kept even as a draft."""
    return [*_wrong_asks(made, near), *_wrong_codes(made, near)] + (
        [] if made.title.strip() else [Problem("title", "It has no title", "Say it in a line.")]
    ) + _wrong_review(made, today)  # fmt: skip


def _wrong_review(made: Proposed, today: date) -> list[Problem]:
    if made.review is None or made.review > today:
        return []
    return [Problem("review", say("The review is not in the future"), say("Choose a later day."))]


def _wrong_asks(made: Proposed, near: Around) -> Iterator[Problem]:
    for n, ask in enumerate(made.asks):
        where = f"asks.{n}"
        if near.funders and ask.funder not in near.funders:
            yield Problem(
                where,
                say("{funder} is no funder of the alliance", funder=repr(ask.funder)),
                say("Choose a party that commands money."),
            )
        if ask.amount <= 0:
            yield Problem(
                where, say("An amount that is asked for is above nothing"), say("Give it.")
            )
        if ask.until < ask.since:
            yield Problem(where, say("The last month is before the first"), say("Turn them round."))
        if ask.line and near.lines and ask.line not in near.lines:
            yield Problem(
                where,
                say("There is no budget line {line}", line=repr(ask.line)),
                say("Choose one."),
            )
    if made.asks and made.funding != ASKED:
        yield Problem("funding", say("Money is asked for, and it is said that none is"),
                      say("Say that funders are asked, or take the amounts away."))  # fmt: skip


def _wrong_codes(made: Proposed, near: Around) -> Iterator[Problem]:
    for n, (kind, code) in enumerate(made.touches):
        if near.of(kind) and code not in near.of(kind):
            yield Problem(
                f"touches.{n}",
                say("There is no {kind} {code}", kind=kind, code=repr(code)),
                say("Choose one."),
            )
    for n, effect in enumerate(made.effects):
        if near.organisations and effect.organisation not in near.organisations:
            yield Problem(
                f"effects.{n}",
                say(
                    "There is no organisation {organisation}",
                    organisation=repr(effect.organisation),
                ),
                say("Choose one."),
            )
    if made.measure and near.measures and made.measure not in near.measures:
        yield Problem(
            "measure",
            say("There is no measure {measure}", measure=repr(made.measure)),
            say("Choose one."),
        )
    if made.owner and near.members and made.owner not in near.members:
        yield Problem(
            "owner", say("The owner does not sit in the alliance"), say("Choose a member.")
        )


def missing(made: Proposed) -> list[Problem]:
    """What it lacks before it can be put before the members, each with the cure."""
    return list(_missing(made))


def _missing(made: Proposed) -> Iterator[Problem]:
    if not made.plain.strip():
        yield Problem("plain", say("It is not said in plain words"),
                      say("Say in a few sentences what would change for whom."))  # fmt: skip
    if made.funding == ASKED and not made.asks:
        yield Problem(
            "asks",
            say("No funder is asked for anything"),
            say("Name funder, amount and months; or say that money comes later."),
        )
    if made.funds:
        if not made.asks:
            yield Problem(
                "asks", say("It attaches no money"), say("Name funder, amount and months.")
            )
    else:
        yield from _missing_of_design(made)
    if not made.evidence:
        yield Problem(
            "evidence",
            say("It carries no evidence"),
            say("Attach the address of a measure, a run, a cost, an evaluation."),
        )


def _missing_of_design(made: Proposed) -> Iterator[Problem]:
    if not made.effects:
        yield Problem("effects", say("It is not said who gains and who loses"),
                      say("Name at least one; a loser is somebody who will ask."))  # fmt: skip
    if not made.touches:
        cure = say("Name organisations, services or lines: interests are found by them.")
        yield Problem("touches", say("It is not said what it touches"), cure)
    if not made.measure:
        yield Problem("measure", say("No measure will judge it"), say("Choose one."))
    if made.review is None:
        yield Problem("review", say("It has no review date"), say("Choose a day."))
    if not made.owner:
        yield Problem("owner", say("Nobody owns it"), say("Choose a member."))


def touched(made: Proposed) -> frozenset[tuple[str, str]]:
    """All that a proposal touches: what it names, and what its money and its changes name."""
    said = set(made.touches)
    said |= {("line", ask.line) for ask in made.asks if ask.line}
    said |= {("organisation", effect.organisation) for effect in made.effects}
    return frozenset(said)


def long_sentences(plain: str) -> list[str]:
    """Sentences of a plain-words summary that are too long to be plain."""
    sentences = (each.strip() for each in plain.replace("?", ".").replace("!", ".").split("."))
    return [each for each in sentences if len(each.split()) > _LONG]
