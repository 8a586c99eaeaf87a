"""Doing one thing with the requests that were chosen: each by itself, each with its own result.

Of two who do something at the same time one is told who was quicker; what they wrote is in the
form still, and the other requests of their choice are done.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from onesystem.access import Asker
from onesystem.care.requests import actions
from onesystem.care.requests.inbox_verbs import VERBS, said
from onesystem.care.services import queries as services
from onesystem.district import current, now
from onesystem.vocabulary import UserError, nearest, to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

AHEAD = timedelta(days=42)  # how far slots are looked for
NEXT = "next"  # each into the next slot that is free


@dataclass(frozen=True, slots=True)
class Pick:
    """A request that was chosen, and how many steps it had when it was seen."""

    request: int
    seen: int | None

    @property
    def value(self) -> str:
        """As a check box has it."""
        return f"{self.request}.{'' if self.seen is None else self.seen}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a form says with an act."""

    reason: str = ""
    code: str = ""
    to: str = ""
    slot: str = ""
    at: str = ""
    urgency: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Words":
        """From what was sent."""
        return cls(
            reason=given.get("reason", "")[:4000], code=given.get("code", "")[:40],
            to=given.get("to", "")[:100], slot=given.get("slot", "")[:40],
            at=given.get("at", "")[:40], urgency=given.get("urgency", "")[:40],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one request. `what` and `cure` where it was not done."""

    pick: Pick
    done: bool
    what: str = ""
    cure: str = ""


def picks(values: Iterable[str]) -> list[Pick]:
    """The requests of check boxes; what is none is left out, and one that comes twice too."""
    found: dict[int, Pick] = {}
    for value in values:
        request, _, seen = value.partition(".")
        if request.removeprefix("-").isdecimal() and len(request) < 21:
            known = whole_or(seen, None)
            found.setdefault(int(request), Pick(int(request), known))
    return list(found.values())


def act(
    verb: str, chosen: Sequence[Pick], *, service: str, by: Asker, words: Words
) -> list[Outcome]:
    """Do it with each. Raises UserError where it is no act, or nothing of it can be done so."""
    if verb not in VERBS:
        raise UserError(say("nothing is called {verb} here", verb=repr(verb)), nearest(verb, VERBS))
    if not chosen:
        raise UserError("no request was chosen", "Choose one by its box, or with x.")
    told = dict(_said(verb, words))
    one = _ONES[verb]
    times = _times(service, words, len(chosen)) if verb == "book" else iter(())
    return [
        _outcome(pick, partial(one, request=pick.request, seen=pick.seen, by=by, **told), times)
        for pick in chosen
    ]


def _outcome(pick: Pick, one: Callable[..., object], times: Iterator[Mapping[str, Any]]) -> Outcome:
    try:
        one(**next(times, {}))
    except UserError as error:
        return Outcome(pick=pick, done=False, what=error.what, cure=error.cure)
    return Outcome(pick=pick, done=True)


def _said(verb: str, words: Words) -> Iterator[tuple[str, Any]]:
    """What goes with the act. Raises UserError where something that it asks for is missing."""
    asks = VERBS[verb].asks
    if verb == "return":
        if not words.code:
            raise UserError("no reason was chosen", "Choose why it is returned.")
        if not words.reason.strip():
            raise UserError("nothing was said", "Write what the sender should do instead.")
        yield "reason", said(words.code, words.reason, _today()) or words.reason
        yield "code", words.code
    elif "reason" in asks:
        if not words.reason.strip():
            raise UserError(
                "nothing was said", say("{label} Write it in a few words.", label=VERBS[verb].label)
            )
        yield "reason", words.reason
    if "to" in asks:
        if not words.to:
            raise UserError("no service was chosen", "Search for the service, and choose it.")
        yield "to", words.to
    if "urgency" in asks:
        yield "urgency", words.urgency


def _times(service: str, words: Words, many: int) -> Iterator[Mapping[str, Any]]:
    """A slot or a time for each. Raises UserError."""
    if words.slot == NEXT:
        free = [{"slot": slot.id} for slot in services.free_slots(service, now(), now() + AHEAD)]
        if len(free) < many:
            raise UserError(
                say("there are {free} free slots, and {many} requests", free=len(free), many=many),
                "Choose fewer, or a time.",
            )
        return iter(free)
    if slot := whole_or(words.slot, 0):
        if many > 1:
            raise UserError("a slot is for one person", "Choose the next free slots, or a time.")
        return iter([{"slot": slot}])
    moment = local_moment(words.at)
    if moment is None:
        raise UserError("no time was chosen", "Choose a slot, or write a date and a time.")
    return iter([{"at": moment}] * many)


def local_moment(text: str) -> datetime | None:
    """A local moment of a form; None where none was said. Raises UserError."""
    if not text.strip():
        return None
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UserError(
            say("the time {text} cannot be read", text=repr(text)), "Choose it with the field."
        ) from error
    return local.replace(tzinfo=local.tzinfo or ZoneInfo(current().zone))


def _today() -> date:
    return to_local(now(), current().zone).date()


_ONES: Mapping[str, Callable[..., object]] = {
    "accept": actions.accept, "return": actions.return_, "ask": actions.ask_back,
    "redirect": actions.redirect, "book": actions.book, "start": actions.start,
    "finish": actions.finish, "answer": actions.answer, "triage": actions.triage,
    "comment": actions.comment, "missed": actions.missed, "unbook": actions.unbook,
    "reopen": actions.reopen,
}  # fmt: skip
