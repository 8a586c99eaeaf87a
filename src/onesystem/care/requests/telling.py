"""The words of requests. Pure."""

from collections.abc import Mapping

from onesystem.care.requests.states import (
    ACCEPTED,
    BOOKED,
    DONE,
    IN_PROGRESS,
    NEEDS_MORE,
    RECEIVED,
    REDIRECTED,
    RETURNED,
    REVOKED,
)
from onesystem.vocabulary.said import say_each

STATES: Mapping[str, str] = {
    RECEIVED: "new", NEEDS_MORE: "asked back", ACCEPTED: "accepted",
    REDIRECTED: "redirected", BOOKED: "booked", IN_PROGRESS: "in progress",
    RETURNED: "returned", DONE: "answered", REVOKED: "revoked",
}  # fmt: skip
_DONE: Mapping[str, str] = {
    "send": "sent", "accept": "accepted", "ask": "asked-back", "supply": "supplied",
    "return": "returned", "redirect": "redirected", "book": "booked", "unbook": "unbooked",
    "missed": "missed", "start": "started", "finish": "finished", "answer": "answered",
    "revoke": "revoked", "reopen": "opened-again", "triage": "triaged", "comment": "commented",
    "escalate": "escalated",
}  # fmt: skip
ASKS: Mapping[str, str] = say_each({
    "ask": "Write what you need to know before you can decide.",
    "supply": "Write what the service asked for.",
    "return": "Write why it is returned, and what the sender should do instead.",
    "redirect": "Write why it goes to another service.",
    "unbook": "Write why the booking is taken back.",
    "finish": "Write what came of it: the sender reads this as their answer.",
    "answer": "Write the answer: the sender sees it at once.",
    "revoke": "Write why it is no longer needed.",
    "reopen": "Write why it is opened again.",
    "comment": "Write the message.",
})  # fmt: skip
KINDS: Mapping[str, str] = say_each({
    "referral": "Referral", "order": "Order", "advice": "Question for advice",
})  # fmt: skip
# As a sentence has them.
MANY: Mapping[str, str] = say_each({
    "referral": "referrals", "order": "orders", "advice": "questions for advice",
})  # fmt: skip
URGENCIES: Mapping[str, str] = say_each({
    "routine": "Routine", "soon": "Soon", "urgent": "Urgent", "emergency": "Emergency",
})  # fmt: skip


def state(code: str) -> str:
    """A state as a sentence has it."""
    return STATES.get(code, code)


def done(act: str) -> str:
    """An act as something done, one word: the trail says `request.accepted`."""
    return _DONE.get(act, act)
