"""What can be done with requests in an inbox: its words, its key, what must be said with it. Pure.

Reasons for returning are dated data: a district changes them by a new line, never by an edit, so
that what "not worked up" meant in spring can still be read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from onesystem.care.requests.machine import MOVES
from onesystem.care.requests.states import (
    ACCEPTED,
    BOOKED,
    IN_PROGRESS,
    NEEDS_MORE,
    NEW,
    RETURNED,
)
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One act as an inbox offers it. `asks` names what its form has; none: one key does it.

    `label` is what `reason` is called in the form, `hint` what belongs there.
    """

    act: str
    name: str
    done: str  # after a count: "3 accepted"
    key: str = ""
    asks: tuple[str, ...] = ()
    label: str = ""
    hint: str = ""
    undo: bool = False  # takes back what was done


VERBS: Mapping[str, Verb] = {
    verb.act: verb
    for verb in (
        Verb(act="accept", name="Accept", done="accepted", key="a"),
        Verb(
            act="return",
            name=say("Return"),
            done="returned",
            key="r",
            asks=("code", "reason"),
            label=say("What should the sender do instead?"),
            hint=say("The sender reads this word for word, and so may the person."),
        ),
        Verb(
            act="ask",
            name=say("Ask back"),
            done="asked back",
            key="q",
            asks=("reason",),
            label=say("What do you need to know?"),
            hint=say("The clock stops until they answer."),
        ),
        Verb(
            act="redirect",
            name=say("Redirect"),
            done="redirected",
            key="d",
            asks=("to", "reason"),
            label=say("Why does it go there?"),
            hint=say("The whole history goes along."),
        ),
        Verb(act="book", name=say("Book"), done="booked", key="b", asks=("slot",)),
        Verb(act="start", name=say("Start"), done="begun", key="s"),
        Verb(
            act="finish",
            name=say("Finish"),
            done="finished",
            key="f",
            asks=("reason",),
            label=say("What came of it?"),
            hint=say("The sender reads this as their answer."),
        ),
        Verb(
            act="answer",
            name=say("Answer"),
            done="answered",
            key="w",
            asks=("reason",),
            label=say("The answer"),
            hint=say("The sender sees it at once."),
        ),
        Verb(act="triage", name=say("Set urgency"), done="set", key="u", asks=("urgency",)),
        Verb(
            act="comment",
            name=say("Send a message"),
            done="written to",
            key="c",
            asks=("reason",),
            label="Message",
            hint=say("Both sides see it; nothing else changes."),
        ),
        Verb(act="missed", name=say("Did not come"), done="marked as missed"),
        Verb(
            act="unbook",
            name=say("Take the booking back"),
            done="unbooked",
            asks=("reason",),
            label=say("Why is the booking taken back?"),
            undo=True,
        ),
        Verb(
            act="reopen",
            name=say("Open again"),
            done="opened again",
            asks=("reason",),
            label=say("Why is it opened again?"),
            undo=True,
        ),
    )
}
_FIRST: Mapping[str, str] = {  # what is most often next
    **dict.fromkeys(NEW, "accept"), NEEDS_MORE: "accept", ACCEPTED: "book", BOOKED: "start",
    IN_PROGRESS: "finish", RETURNED: "reopen",
}  # fmt: skip
# `actions` accepts on the way what is new, and begins what was not begun.
_MORE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(NEW, ("book", "start", "finish", "answer")),
    NEEDS_MORE: ("answer",),
    ACCEPTED: ("finish",),
    BOOKED: ("finish", "answer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why requests are returned: from a day on (inclusive) to a day (exclusive)."""

    code: str
    words: str
    since: date = date(2026, 11, 1)
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether it is used on that day."""
        return self.since <= day and (self.until is None or day < self.until)


REASONS: tuple[Reason, ...] = (
    Reason(code="criteria", words=say("Does not meet the criteria")),
    Reason(code="worked-up", words=say("Not worked up: tests or examination missing")),
    Reason(code="information", words=say("Too little is said to decide")),
    Reason(code="duplicate", words=say("One like it is open already")),
    Reason(code="elsewhere", words=say("Another service is meant")),
    Reason(code="capacity", words=say("No capacity in the time that is needed")),
    Reason(code="advice", words=say("Can be looked after where they are, with this advice")),
    Reason(code="person", words=say("The person does not want it, or cannot be reached")),
)


def first(state: str) -> Verb | None:
    """What is most often next for a request in that state; None where it is over."""
    return VERBS.get(_FIRST.get(state, ""))


def offered(state: str) -> list[Verb]:
    """What the service can do with a request in that state, in the order of the toolbar."""
    more = _MORE.get(state, ())
    return [verb for verb in VERBS.values() if state in MOVES[verb.act].start or verb.act in more]


def among(states: Iterable[str]) -> list[Verb]:
    """What can be done with some request of those states, in the order of the toolbar."""
    some = [set(map(_act, offered(state))) for state in states]
    return [verb for verb in VERBS.values() if any(verb.act in acts for acts in some)]


def _act(verb: Verb) -> str:
    return verb.act


def reasons(day: date) -> list[Reason]:
    """The reasons in use on a day."""
    return [reason for reason in REASONS if reason.on(day)]


def said(code: str, words: str, day: date) -> str:
    """A reason of the list and the words beside it as one sentence; empty where either is unknown.

    >>> said("criteria", "Try the dressing clinic.", date(2026, 12, 1))
    'Does not meet the criteria. Try the dressing clinic.'
    """
    known = {reason.code: reason.words for reason in reasons(day)}
    if code and code not in known:
        return ""
    return ". ".join(part for part in (known.get(code, ""), words.strip()) if part)
