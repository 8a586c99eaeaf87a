"""How a request stands, and which of two things said of it stands. Pure words."""

RECEIVED, ACCEPTED, RETURNED = "received", "accepted", "returned"
BOOKED, DONE, REVOKED = "booked", "done", "revoked"
STATES = (RECEIVED, ACCEPTED, RETURNED, BOOKED, DONE, REVOKED)
OPEN = frozenset({RECEIVED, ACCEPTED, BOOKED})

# HL7 order states (ORC-5, SCH-25, RF1-1) and their like, where a reader leaves them as they came.
_KNOWN = {
    "a": ACCEPTED, "ip": ACCEPTED, "sc": BOOKED, "cm": DONE, "ca": REVOKED, "dc": REVOKED,
    "rp": REVOKED, "hd": RECEIVED, "p": RECEIVED, "r": RETURNED, "e": RETURNED, "nw": RECEIVED,
    "active": RECEIVED, "requested": RECEIVED, "new": RECEIVED, "pending": RECEIVED,
    "in-progress": ACCEPTED, "scheduled": BOOKED, "completed": DONE, "complete": DONE,
    "fulfilled": DONE, "cancelled": REVOKED, "canceled": REVOKED, "rejected": RETURNED,
    "noshow": REVOKED, "entered-in-error": REVOKED, "deleted": REVOKED,
}  # fmt: skip


def state_of(status: str) -> str:
    """The state that a source's word for it means; a request that says nothing was received.

    >>> state_of("booked"), state_of("CM"), state_of("")
    ('booked', 'done', 'received')
    """
    word = status.strip().lower()
    return word if word in STATES else _KNOWN.get(word, RECEIVED)
