"""Opportunities as ranked cards, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onesystem.flow.chances import linking
from onesystem.flow.chances.seeing import Sums, key_of
from onesystem.flow.chances.showing import Showing
from onesystem.flow.chances.wording import days
from onesystem.vocabulary import words
from onesystem.vocabulary.said import say

_LEAST = 0.05  # admissions: fewer are none
_MOST = 3  # causes that a card names


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One opportunity as the ranked page shows it."""

    name: str
    title: str
    sums: Sums
    days: str
    line: str
    estimate: str
    causes: tuple[str, ...]
    href: str
    journeys: str
    behind: str
    weight: float  # 0 to 1, of the largest in what it is ranked by


def cards(showing: Showing, *, sees: bool) -> list[Card]:
    """Every opportunity that the page asks for, the largest first."""
    state = showing.state
    wanted = [k for k in showing.found["kinds"] if state.kind in ("", k["name"])]
    ranked = sorted(
        ((kind, showing.sums(kind)) for kind in wanted),
        key=lambda pair: (-(_rank(pair[1], state.sort) or 0), pair[0]["title"]),
    )
    most = max((_rank(sums, state.sort) or 0 for _, sums in ranked), default=0) or 1
    return [
        Card(
            name=kind["name"],
            title=kind["title"],
            sums=sums,
            days=kind["days"],
            line=line(showing, kind, sums),
            estimate=estimate(showing, kind),
            causes=tuple(_causes(showing, kind)),
            href=state.link(f"/opportunities/{kind['name']}/", kind=""),
            journeys=linking.journeys(kind, showing.found, service=state.service),
            behind=showing.behind(kind) if sees and sums.contacts else "",
            weight=(_rank(sums, state.sort) or 0) / most,
        )
        for kind, sums in ranked
    ]


def _rank(sums: Sums, by: str) -> float | None:
    return {"days": sums.days, "money": sums.money, "people": sums.people}[by]


def line(showing: Showing, kind: Mapping[str, Any], sums: Sums) -> str:
    """How many of how many, in one sentence."""
    if sums.hidden:
        return say("Hidden: of fewer than {below} people.", below=showing.eyes.below)
    if showing.state.service:
        return say(
            "{contacts} {counted} in this service.",
            contacts=words.number(sums.contacts),
            counted=kind["counted"],
        )
    out_of = showing.eyes.count(
        kind["out_of"], key=key_of(showing.found, kind["name"], "out of", "", "")
    )
    told = (
        words.number(out_of)
        if out_of is not None
        else say("fewer than {below}", below=showing.eyes.below)
    )
    return say(
        "{contacts} {counted}, out of {told} {out_of_words}.",
        contacts=words.number(sums.contacts),
        counted=kind["counted"],
        told=told,
        out_of_words=kind["out_of_words"],
    )


def estimate(showing: Showing, kind: Mapping[str, Any]) -> str:
    """What is uncertain of an estimate, in words; empty of a count."""
    more = kind["more"]
    if not kind["estimate"] or "number" not in more or showing.state.service:
        return ""
    if more["number"] < _LEAST:
        high = words.number(showing.eyes.figure(more["high"]), _places(more["high"]))
        return say("None is avoidable beyond what chance alone gives (at most {high}).", high=high)
    number, low, high, above, chance, best = (
        words.number(showing.eyes.figure(more[name]), _places(more[name]))
        for name in ("number", "low", "high", "above", "by_chance", "best")
    )
    return say(
        "About {number} admissions avoidable ({low} to {high}): {above} above the "
        "district's rate, of which chance alone would give {chance}. At the rate of "
        "the best quarter of practices {best} fewer, at most.",
        number=number,
        low=low,
        high=high,
        above=above,
        chance=chance,
        best=best,
    )


def _causes(showing: Showing, kind: Mapping[str, Any]) -> Iterator[str]:
    if not kind["splits"].get("cause"):
        return
    found = [(v, showing.sums(kind, "cause", v)) for v in showing.values(kind, "cause")]
    open_ = [(value, sums) for value, sums in found if sums.days]
    for value, sums in sorted(open_, key=lambda pair: -(pair[1].days or 0))[:_MOST]:
        yield f"{showing.word('cause', value)} ({days(sums.days)} d)"


def _places(value: float) -> int:
    return 0 if value >= 20 else 1
