"""The one decision: may this asker do this with that kind of data of a person, and why.

Pure: facts in, a reason out. Pages, the FHIR API, exports, the stream, searches and the command
line all stand on it; where many people are asked about at once, `Scope` is the same rule as SQL,
and a test holds the two equal.

Worked case. A paramedic opens someone for direct care. The role has a line for that purpose. The
person was brought in by their service an hour ago, so there is a tie. The person has opted out of
sharing mental health: what is labelled so stays shut, the rest opens. Tomorrow, beyond the
district's window and without a new call, there is no tie: the paramedic is refused, and told that
the glass may be broken.
"""

from dataclasses import dataclass

from onesystem.access.asker import Action, Asker
from onesystem.access.kinds import BITS, DEMOGRAPHICS, EVERY, KINDS
from onesystem.access.lines import Line, lines_for
from onesystem.vocabulary.said import say, say_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is so between an asker and a person at a moment.

    ties          names of TIES
    opted_out     the person shares nothing
    withheld      kinds of data that they do not share
    sources       senders that they do not share
    agreed        kinds that agreements in force share with the asker's organisations; None where
                  no agreement covers them at all
    unshared      senders that no agreement covers
    limits        what agreements share of a sender, where it is less than all
    overrides     a standing break-glass that the district lets pass the person's choices
    may_override  whether there could be one
    sealed        the item asked for is marked confidential by the person
    too_many      the asker opened more people in this hour than the district lets anyone
    """

    ties: frozenset[str] = frozenset()
    opted_out: bool = False
    withheld: int = 0
    sources: frozenset[str] = frozenset()
    unshared: frozenset[str] = frozenset()
    limits: frozenset[tuple[str, int]] = frozenset()
    agreed: int | None = EVERY
    overrides: bool = False
    may_override: bool = True
    sealed: bool = False
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes. `by`: the ties. `labels`: sensitive kinds that open too. `without`: sources shut.

    `limits`: sources of which fewer kinds open. `record` False: demographics and nothing more.
    `seals`: items that the person marked as confidential stay shut.
    """

    by: frozenset[str] = frozenset()
    labels: int = 0
    without: frozenset[str] = frozenset()
    limits: frozenset[tuple[str, int]] = frozenset()
    record: bool = True
    seals: bool = False

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """No. `reason` is a slug, `way` what to do next; `glass`: breaking the glass would open it."""

    reason: str
    way: str
    glass: bool = False

    def __bool__(self) -> bool:
        return False

    @property
    def words(self) -> str:
        """The reason in words."""
        return REASONS[self.reason]


REASONS = say_each(
    {
        "role": "Your role does not open people for this purpose",
        "action": "Your role may not do this with a person's record",
        "token": "The application's token does not reach this person",
        "demographics": "Your role sees who a person is, and not their record",
        "kind": "Your role does not open this kind of data for this purpose",
        "no-tie": "Neither you nor your organisation looks after this person now",
        "opted-out": "This person has chosen not to share their record",
        "withheld": "This person has chosen not to share this",
        "not-shared": "No sharing agreement covers this for your organisation",
        "too-many": "You have opened more people in the last hour than the district allows",
        "store": "Whether this may be opened cannot be checked just now",
    }
)
_WAYS = say_each(
    {
        "role": "Choose a purpose of your role, or ask your administrator for another role",
        "action": "Ask someone whose role may",
        "token": "Launch the application for this person",
        "demographics": "Ask someone who looks after the person",
        "kind": "Ask someone whose role opens it",
        "no-tie": "Ask for a referral, or have the visit registered",
        "opted-out": "Ask the person",
        "withheld": "Ask the person",
        "not-shared": "Ask your privacy officer for an agreement",
        "too-many": "Wait an hour, or ask your privacy officer; they have been told",
        "store": "Try again in a minute; if it stays, tell whoever runs the district",
    }
)
_GLASS_WAY = say("Break the glass with a reason, if the person's care cannot wait")


def refused(reason: str, *, glass: bool = False) -> Refused:
    """A refusal with its way on."""
    return Refused(reason, _GLASS_WAY if glass else _WAYS[reason], glass)


def may(
    asker: Asker, purpose: str, facts: Facts, kind: str = "general", action: Action = "read"
) -> Allowed | Refused:
    """The decision at `asker.at`. Where several roles are held, the one that opens most counts."""
    if kind not in KINDS:
        raise ValueError(say("there is no kind of data {kind}", kind=repr(kind)))
    if asker.actor.is_job:
        # Whoever starts a job can read the disk; what keeps jobs honest is the trail.
        return Allowed(frozenset(), EVERY)
    if facts.too_many:
        return refused("too-many")
    best: Allowed | Refused = refused("role")
    for line in lines_for(asker.actor.roles, purpose, asker.at.date()):
        found = _by_line(line, facts, kind, action)
        if isinstance(found, Allowed) and isinstance(best, Allowed):
            best = _both(best, found)
        elif isinstance(found, Allowed) or (isinstance(best, Refused) and not best.glass):
            best = found
    return best


def _by_line(line: Line, facts: Facts, kind: str, action: str) -> Allowed | Refused:
    if action not in line.actions:
        return refused("action")
    if not line.record and kind != DEMOGRAPHICS:
        return refused("demographics")
    bit = BITS.get(kind, 0)
    if bit & ~line.labels:
        return refused("kind")
    held = facts.ties & line.ties
    if line.ties and not held:
        return refused("no-tie", glass=line.glass)
    if not line.shares:
        return Allowed(held, line.labels, record=line.record)
    return _shared(line, facts, held, bit)


def _shared(line: Line, facts: Facts, held: frozenset[str], bit: int) -> Allowed | Refused:
    """What of it is left after the agreements and the person's own choices."""
    if facts.agreed is None or bit & ~facts.agreed:
        return refused("not-shared")
    labels = line.labels & facts.agreed
    if facts.overrides and "break-glass" in held:
        return Allowed(held, labels, facts.unshared, facts.limits)
    glass = line.glass and facts.may_override
    if facts.opted_out:
        return refused("opted-out", glass=glass)
    if facts.sealed or bit & facts.withheld:
        return refused("withheld", glass=glass)
    shut = facts.sources | facts.unshared
    return Allowed(held, labels & ~facts.withheld, shut, facts.limits, seals=True)


def _both(a: Allowed, b: Allowed) -> Allowed:
    return Allowed(
        a.by | b.by,
        a.labels | b.labels,
        a.without & b.without,
        a.limits & b.limits,
        a.record or b.record,
        a.seals and b.seals,
    )
