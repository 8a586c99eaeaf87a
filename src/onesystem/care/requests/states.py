"""How a request stands, and what the words of sources for it mean. Pure words."""

from onesystem.vocabulary.said import say_each

RECEIVED, NEEDS_MORE, ACCEPTED = "received", "needs-more", "accepted"
REDIRECTED, BOOKED, IN_PROGRESS = "redirected", "booked", "in-progress"
RETURNED, DONE, REVOKED = "returned", "done", "revoked"
STATES = (
    RECEIVED, NEEDS_MORE, ACCEPTED, REDIRECTED, BOOKED, IN_PROGRESS, RETURNED, DONE, REVOKED,
)  # fmt: skip
OPEN = frozenset({RECEIVED, NEEDS_MORE, ACCEPTED, REDIRECTED, BOOKED, IN_PROGRESS})
NEW = frozenset({RECEIVED, REDIRECTED})  # nobody at the service has said anything yet

KINDS = ("referral", "order", "advice")
URGENCIES = ("routine", "soon", "urgent", "emergency")

# HL7 order states (ORC-5, SCH-25, RF1-1) and their like, where a reader leaves them as they came.
_KNOWN = {
    "a": ACCEPTED, "ip": ACCEPTED, "sc": BOOKED, "cm": DONE, "ca": REVOKED, "dc": REVOKED,
    "rp": REVOKED, "hd": RECEIVED, "p": RECEIVED, "r": RETURNED, "e": RETURNED, "nw": RECEIVED,
    "active": RECEIVED, "requested": RECEIVED, "new": RECEIVED, "pending": RECEIVED,
    "scheduled": BOOKED, "completed": DONE, "complete": DONE,
    "fulfilled": DONE, "cancelled": REVOKED, "canceled": REVOKED, "rejected": RETURNED,
    "noshow": REVOKED, "entered-in-error": REVOKED, "deleted": REVOKED,
}  # fmt: skip

# What sources call how quick it must be: HL7 v2 TQ1-9, FHIR request-priority, RF1-2.
_URGENCIES = say_each({
    "": "routine", "r": "routine", "routine": "routine", "a": "urgent", "asap": "urgent",
    "soon": "soon", "p": "soon", "urgent": "urgent", "u": "urgent", "t": "urgent", "s": "emergency",
    "stat": "emergency", "emergency": "emergency", "two-week-wait": "urgent",
})  # fmt: skip


def state_of(status: str) -> str:
    """The state that a source's word for it means; a request that says nothing was received.

    >>> state_of("booked"), state_of("CM"), state_of("")
    ('booked', 'done', 'received')
    """
    word = status.strip().lower()
    return word if word in STATES else _KNOWN.get(word, RECEIVED)


def urgency_of(word: str) -> str:
    """How quick it must be, of our four; a word that nobody knows is routine.

    >>> urgency_of("stat"), urgency_of("ASAP"), urgency_of("")
    ('emergency', 'urgent', 'routine')
    """
    return _URGENCIES.get(word.strip().lower(), "routine")


def words_of(urgency: str) -> tuple[str, ...]:
    """The words of sources that mean an urgency, in small letters.

    >>> words_of("emergency")
    ('emergency', 's', 'stat')
    """
    return tuple(sorted(word for word, meant in _URGENCIES.items() if meant == urgency))
