"""How a version of a pathway comes to be in force: written, reviewed, signed by two, published.

A version is the fold of its steps, in the order in which they were taken. A signature is over one
text, named by its digest: a text that was changed afterwards has no signatures. Whoever wrote any
of it signs none of it, and the clinical lead and the subject expert are two people, so that three
pairs of eyes have seen what a district works by.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import all_of

STATES = ("draft", say("in review"), "published", "superseded", "withdrawn", "dropped")
OPEN = ("draft", say("in review"))  # one of a pathway at a time
LASTING = ("published", "superseded", "withdrawn")  # their text never changes again
KINDS = (
    "begun", "saved", "sent", "commented", "returned", say("taken back"), say("signed as lead"),
    say("signed as expert"), "published", say("looked at again"),
    "superseded", "withdrawn", "dropped",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing done to a version: never edited, never taken away."""

    kind: str
    by: str
    at: datetime
    digest: str = ""  # of the text, where the step is about one
    words: str = ""
    to: str = ""  # whom it was sent to: the subject expert


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A version as it stands after its steps."""

    state: str = ""
    digest: str = ""
    authors: frozenset[str] = frozenset()
    asked: str = ""  # the subject expert whom the editor asked
    lead: str = ""
    expert: str = ""
    seen: int = 0  # how many steps there are: whoever acts says how many they saw
    published: datetime | None = None

    @property
    def signed(self) -> bool:
        """Whether both have signed the text as it is."""
        return bool(self.lead and self.expert)


def stand(steps: Iterable[Step]) -> Standing:
    """How a version stands. Raises UserError where the steps do not follow from each other."""
    standing = Standing()
    for step in steps:
        standing = after(standing, step)
    return standing


def after(standing: Standing, step: Step) -> Standing:
    """How it stands after one more step. Raises UserError where it cannot be taken now."""
    rule = _RULES.get(step.kind)
    if rule is None:
        raise UserError(
            say("{kind} is nothing that is done to a version", kind=repr(step.kind)),
            "Choose a button.",
        )
    froms, take = rule
    if standing.state not in froms:
        raise UserError(
            say(
                "a version that is {state} cannot be {kind}",
                state=standing.state or "not there yet",
                kind=step.kind,
            ),
            "Look at the page again: somebody may have gone on with it.",
        )
    return replace(take(standing, step), seen=standing.seen + 1)


def can(standing: Standing, kind: str) -> bool:
    """Whether it is the time for such a step, whoever takes it."""
    return standing.state in _RULES[kind][0]


def why_not_sign(standing: Standing, kind: str, by: str) -> str:
    """Why somebody may not sign in that part; empty where they may."""
    if by in standing.authors:
        return say("you wrote some of it: others sign what you wrote")
    if kind == "signed as expert" and by != standing.asked:
        return say("{asked} was asked to sign as subject expert", asked=standing.asked)
    if kind == "signed as lead" and by in {standing.asked, standing.expert}:
        return say("you were asked to sign as subject expert, and one person signs once")
    if kind == "signed as expert" and by == standing.lead:
        return say("you signed as clinical lead, and one person signs once")
    return ""


def _write(standing: Standing, step: Step) -> Standing:
    return replace(
        standing, state="draft", digest=step.digest, authors=standing.authors | {step.by},
        lead="", expert="",
    )  # fmt: skip


def _send(standing: Standing, step: Step) -> Standing:
    if not step.to:
        raise UserError("nobody was asked to sign", "Choose the subject expert who signs it.")
    if step.to in standing.authors:
        raise UserError(
            say("{to} wrote some of it, and others sign what one wrote", to=step.to),
            "Choose a subject expert who did not write it.",
        )
    return replace(standing, state="in review", asked=step.to)


def _back(standing: Standing, step: Step) -> Standing:
    if step.kind == "returned" and not step.words.strip():
        raise UserError("no reason was given", "Say what is to be changed.")
    return replace(standing, state="draft", lead="", expert="", asked="")


def _sign(standing: Standing, step: Step) -> Standing:
    if why := why_not_sign(standing, step.kind, step.by):
        raise UserError(why, "Ask the other reviewer.")
    if step.digest != standing.digest:
        raise UserError("the text changed since you read it", "Read it again, then sign.")
    if step.kind == "signed as lead":
        return replace(standing, lead=step.by)
    return replace(standing, expert=step.by)


def _publish(standing: Standing, step: Step) -> Standing:
    if not standing.signed:
        missing = [
            who for who, by in ((say("the clinical lead"), standing.lead),
                                (say("the subject expert"), standing.expert)) if not by
        ]  # fmt: skip
        raise UserError(
            say("{missing} did not sign it yet", missing=all_of(missing)),
            "It is published when both did.",
        )
    return replace(standing, state="published", published=step.at)


def _withdraw(standing: Standing, step: Step) -> Standing:
    if not step.words.strip():
        raise UserError("no reason was given", "Say why it is withdrawn.")
    return replace(standing, state="withdrawn")


def _to(state: str) -> Callable[[Standing, Step], Standing]:
    return lambda standing, _step: replace(standing, state=state)


def _same(standing: Standing, step: Step) -> Standing:
    if not step.words.strip():
        raise UserError("nothing was said", "Write the comment.")
    return standing


_RULES: dict[str, tuple[tuple[str, ...], Callable[[Standing, Step], Standing]]] = {
    "begun": (("",), _write),
    "saved": (("draft",), _write),
    "sent": (("draft",), _send),
    "commented": (OPEN, _same),
    "returned": (("in review",), _back),
    "taken back": (("in review",), _back),
    "signed as lead": (("in review",), _sign),
    "signed as expert": (("in review",), _sign),
    "published": (("in review",), _publish),
    "looked at again": (("published",), lambda standing, _step: standing),
    "superseded": (("published",), _to("superseded")),
    "withdrawn": (("published",), _withdraw),
    "dropped": (("draft",), _to("dropped")),
}
