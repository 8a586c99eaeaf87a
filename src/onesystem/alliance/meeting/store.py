"""Writing the register: one line of writers, numbers without gaps, each digest from the last.

`turn` takes the register's head for update; until the transaction ends nobody else registers. Take
it before anything is written to the audit trail: two that take the two lines in different orders
would wait for each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from onesystem.access import Actor
from onesystem.alliance.meeting.decided_rows import Registered, RegisterHead
from onesystem.alliance.meeting.register import (
    START,
    Entry,
    Sealed,
    canonical,
    digest,
    faults,
)
from onesystem.district import now
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


@dataclass
class Turn:
    """The end of the register, while it is ours."""

    head: RegisterHead

    def next_decision(self) -> int:
        """The number of the next decision."""
        self.head.decisions += 1
        self.head.save()
        return int(self.head.decisions)

    def add(self, *, kind: str, alliance: str, decision: int, body: Any, by: Actor) -> Entry:
        """Seal an entry behind the last one."""
        head = self.head
        entry = Entry(
            head.length + 1, to_micros(now()), by.name, kind, alliance, decision, canonical(body)
        )
        sealed = digest(entry, head.digest)
        Registered.objects.create(**entry._asdict(), previous=head.digest, digest=sealed)
        head.length, head.digest = entry.number, sealed
        head.save()
        return entry


@contextmanager
def turn() -> Iterator[Turn]:
    """The register, for this transaction alone."""
    with transaction.atomic():
        RegisterHead.objects.get_or_create(
            id=1, defaults={"length": 0, "decisions": 0, "digest": START}
        )
        yield Turn(RegisterHead.objects.select_for_update().get(id=1))


def entries(alliance: str = "", since: int = 0) -> Iterator[Sealed]:
    """The register in its order, from behind an entry on."""
    found = Registered.objects.filter(number__gt=since).order_by("number")
    if alliance:
        found = found.filter(alliance=alliance)
    for row in found.iterator(chunk_size=2000):
        yield sealed_of(row)


def sealed_of(row: Registered) -> Sealed:
    """An entry in its place, from its row."""
    entry = Entry(
        number=row.number, at=row.at, by=row.by, kind=row.kind, alliance=row.alliance,
        decision=row.decision, body=row.body,
    )  # fmt: skip
    return Sealed(entry, row.previous, row.digest)


def verify() -> list[str]:
    """What is wrong with the register, in words; nothing where it holds."""
    # The head is read first, and entries up to it: others may be writing while this reads.
    head = RegisterHead.objects.first()
    length, last = (head.length, head.digest) if head else (0, START)
    found = faults((each for each in entries() if each.entry.number <= length), length=length,
                   last=last)  # fmt: skip
    now_at = RegisterHead.objects.first()
    beyond = Registered.objects.filter(number__gt=now_at.length if now_at else 0).exists()
    if beyond:
        found.append(
            say("the register goes on behind entry {length}, where it should end", length=length)
        )
    return found + _unlike()


def _unlike() -> list[str]:
    """Decisions that are not as the register has them."""
    import json

    from onesystem.alliance.meeting.decided_rows import Decision
    from onesystem.alliance.meeting.proposal import digest_of

    said = {
        row.decision: json.loads(row.body)
        for row in Registered.objects.filter(kind="decided").iterator()
    }
    found = []
    for row in Decision.objects.order_by("number"):
        kept = said.get(row.number)
        if kept is None:
            found.append(say("decision {number} is not in the register", number=row.number))
        elif kept.get("digest") != digest_of(row.body) or kept.get("title") != row.title:
            found.append(say("decision {number} is not as it was registered", number=row.number))
    return found
