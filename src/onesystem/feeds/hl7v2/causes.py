"""What led to a visit, where PV1 names it by a number of another system.

PV1-50 holds an alternate number of the visit and PV1-5 that of its pre-admission, each with the
authority that gave it. The standard leaves open what such a number is for, so the source's
`causes` says which authorities give the numbers of what came before, and whose keys these are.
"""

from onesystem.feeds.hl7v2.message import Segment
from onesystem.feeds.hl7v2.telling import Telling
from onesystem.vocabulary import key_elsewhere

_NUMBERS = (50, 5)


def cause_of(t: Telling, pv1: Segment) -> str:
    """The cause as `ContactEvent.cause` has it; empty where none is named."""
    if not t.source.causes:
        return ""
    for field in _NUMBERS:
        for said in t.hl7.raw(pv1, field).split(t.hl7.repeat):
            number, whose = _number(t, said)
            if number and whose in t.source.causes:
                source, _, prefix = t.source.causes[whose].partition(":")
                return key_elsewhere(source, prefix + number)
    return ""


def alternate_visit(t: Telling, pv1: Segment) -> str:
    """PV1-50 as a number of this very visit; empty where it is that of a cause."""
    number, whose = _number(t, t.hl7.raw(pv1, 50).split(t.hl7.repeat, 1)[0])
    return "" if whose in t.source.causes else number


def _number(t: Telling, said: str) -> tuple[str, str]:
    """A number (CX) and who gave it: its authority, else its type."""
    parts = t.hl7.parts(said)
    return parts[0], parts[3] or parts[4]
