"""Where figures come from, and how days and money are written."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from onesystem.flow.chances.seeing import Eyes
from onesystem.flow.chances.showing import Showing
from onesystem.flow.chances.state import State
from onesystem.vocabulary import to_local, words
from onesystem.vocabulary.said import say, say_date


def definition(
    showing: Showing, kind: Mapping[str, Any], done_at: datetime | None
) -> Iterator[tuple[str, str]]:
    """Where the figures of a kind come from."""
    yield say("What is counted"), kind["words"]
    if kind["estimate"]:
        yield say("How it is estimated"), kind["estimate"]
    yield say("What it cannot say"), kind["limits"]
    yield say("Terms in force"), "; ".join(terms(kind["terms"]))
    own = say(" (our own definition)") if kind["own"] else ""
    yield say("Source"), f"{kind['source']}, {kind['source_date']}{own}"
    yield "Period", period_words(showing.state)
    yield "Money", price_words(showing.found)
    yield say("Small numbers"), small_words(showing.eyes)
    zone = showing.district.zone
    if reach := showing.found["data_to"]:
        yield say("Data up to"), moment(datetime.fromisoformat(reach), zone)
    if done_at:
        yield say("Worked out"), moment(done_at, zone)


def moment(at: datetime, zone: str) -> str:
    """A moment by the district's clocks."""
    return f"{to_local(at, zone):%-d %b %Y %H:%M}"


def terms(said: Mapping[str, Any]) -> Iterator[str]:
    """Terms in words."""
    for key, value in said.items():
        name = key.replace("_", " ")
        if isinstance(value, dict):
            told = ", ".join(f"{k} {v:g}" for k, v in value.items())
        elif isinstance(value, list):
            told = _listed(value)
        else:
            told = f"{value:g}" if isinstance(value, float | int) else str(value)
        if told:
            yield f"{name}: {told}"


def _listed(value: Sequence[Any]) -> str:
    if value and isinstance(value[0], list):
        return " < ".join(" or ".join(each) for each in value)
    if value and isinstance(value[0], dict):
        return ", ".join(each["way"] for each in value)
    return ", ".join(each or "(none)" for each in value)


def days(value: float | None) -> str:
    """Days in words: whole ones where there are many."""
    return words.number(value, 0 if value is None or value >= 100 else 1)


def money(minor: int | None) -> str:
    """Money in words, in whole pounds: the standing-in price list is in pounds."""
    return words.NONE if not minor else f"£{minor / 100:,.0f}"


def period_words(state: State) -> str:
    """The period in words."""
    return say(
        "{start} to {last}",
        start=say_date(state.period.start, "%-d %b %Y"),
        last=say_date(state.period.last, "%-d %b %Y"),
    )


def price_words(found: Mapping[str, Any]) -> str:
    """What money stands on."""
    return say(
        "A standing-in price list by setting, until the district's own costs are kept: "
        "what care of this kind costs on average, not what would be saved at once. "
        "{prices}",
        prices=" ".join(found["prices"]),
    )


def small_words(eyes: Eyes) -> str:
    """How small numbers are told."""
    if not eyes.below:
        return "exact"
    return say(
        "counts rounded at random to threes, and those of fewer than {below} people hidden",
        below=eyes.below,
    )
