"""What a procurement's record still lacks before an award. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onesystem.alliance.charter.rules import Route
from onesystem.vocabulary.said import say, say_date, say_each
from onesystem.vocabulary.working_days import after

NAMES = say_each({
    "notice": "a notice", "bid": "a bid", "assessment": "an assessment",
    "intention": "a notice of the intention to award", "award notice": "an award notice",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the record."""

    kind: str
    on: date
    words: str = ""
    number: int = 0
    by: str = ""
    organisation: str = ""
    bidder: str = ""
    amount: int | None = None
    score: str | None = None
    member: int = 0
    handling: str = ""
    link: str = ""


def awardable(noticed: date, standstill: int) -> date:
    """The first day on which a contract may be entered into after a notice of intention.

    Regulation 12 of SI 2023/1348, of England: the standstill begins on the day after the notice;
    who objects has until midnight at the end of the 8th working day after that day.

    >>> awardable(date(2024, 3, 4), 8)
    datetime.date(2024, 3, 16)
    """
    return after(noticed + timedelta(days=1), standstill, "England") + timedelta(days=1)


def missing(
    route: Route, steps: Sequence[Step], day: date, interests: Mapping[int, str]
) -> list[str]:
    """What stands against an award on that day, in words; nothing where nothing does.

    `interests` are members who declared an interest in a bidder, by their key.
    """
    return [*_needed(route, steps), *_waiting(route, steps, day), *_unhandled(steps, interests)]


def _needed(route: Route, steps: Sequence[Step]) -> Iterator[str]:
    there = {step.kind for step in steps}
    for kind in route.needs:
        if kind not in there:
            yield say("the record has not {names}", names=NAMES[kind])


def _waiting(route: Route, steps: Sequence[Step], day: date) -> Iterator[str]:
    """The standstill: its days, and whoever objected within them has an answer."""
    noticed = [step.on for step in steps if step.kind == "intention"]
    if not route.standstill or not noticed:
        return
    first = awardable(max(noticed), route.standstill)
    if day < first:
        yield say(
            "the standstill runs: the first day is {first}", first=say_date(first, "%-d %B %Y")
        )
    objected = sum(step.kind == "representation" for step in steps)
    if objected > sum(step.kind == "review" for step in steps):
        yield say("a provider objected and has no answer yet")


def _unhandled(steps: Sequence[Step], interests: Mapping[int, str]) -> Iterator[str]:
    handled = {step.member for step in steps if step.kind == "interest"}
    for member, name in sorted(interests.items()):
        if member not in handled:
            yield say(
                "{name} has an interest in a bidder, and it is not said how it is handled",
                name=name,
            )


def due_after(route: Route, steps: Sequence[Step]) -> list[tuple[str, date]]:
    """What has to follow the award, with the last day for it; nothing once it is there."""
    awarded = [step.on for step in steps if step.kind == "award"]
    there = {step.kind for step in steps}
    if not awarded:
        return []
    last = awarded[-1] + timedelta(days=route.after_days)
    return [(NAMES[kind], last) for kind in route.after if kind not in there]
