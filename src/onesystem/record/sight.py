"""What one decision leaves of one person's record: the same rule for entries and for contacts.

`access.decide` answers whether the person opens to the asker and how far; this is how far, as a
condition on rows and as a test of a contact. Where many people are asked about at once, `scope`
says the same for all of them, and a test holds the two equal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from onesystem.access import Allowed, kinds
from onesystem.district import District
from onesystem.people import IdentityView
from onesystem.vocabulary import Contact
from onesystem.vocabulary.said import say

Condition = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a person's record is open. `sealed`: items that the person marked confidential."""

    allowed: Allowed
    sealed: frozenset[int] = frozenset()

    def row_sql(self, alias: str) -> Condition:
        """The condition on rows of record_entry, under that alias, of this person's identities."""
        found, values = [], list[Any]()
        shut = kinds.EVERY & ~self.allowed.labels
        limits = sorted(self.allowed.limits)
        if limits:
            cases = " ".join(f"WHEN %s THEN {shut | (kinds.EVERY & ~m)}" for _, m in limits)
            found.append(
                say(
                    "({alias}.label & CASE {alias}.source {cases} ELSE {shut} END) = 0",
                    alias=alias,
                    cases=cases,
                    shut=shut,
                )
            )
            values += [source for source, _ in limits]
        elif shut:
            found.append(f"({alias}.label & {shut}) = 0")
        if self.allowed.without:
            found.append(f"{alias}.source NOT IN ({_marks(len(self.allowed.without))})")
            values += sorted(self.allowed.without)
        if self.sealed:
            found.append(f"{alias}.entry NOT IN ({_marks(len(self.sealed))})")
            values += sorted(self.sealed)
        if not self.allowed.record:
            found.append(say("{alias}.kind = 'Patient'", alias=alias))
        return " AND ".join(found) or "1 = 1", values

    def identities(self, views: Iterable[IdentityView]) -> list[IdentityView]:
        """The identities whose senders are open: a shut sender is not named either."""
        return [each for each in views if each.source not in self.allowed.without]

    def shows(self, contact: Contact, district: District) -> bool:
        """Whether a contact is open: by its source, its service's kind of data, and its seal."""
        if contact.contact in self.sealed:
            return False
        return self.opens(contact.source, contact.service, district)

    def opens(self, source: str, code: str, district: District) -> bool:
        """Whether what a source tells of a service is open: a contact with it, a request to it."""
        if not self.allowed.record or source in self.allowed.without:
            return False
        service = district.services.get(code)
        sensitive = service.sensitive if service else ()
        label = kinds.mask_of((*sensitive, *district.source(source).sensitive))
        limit = dict(self.allowed.limits).get(source, kinds.EVERY)
        return not label & ~(self.allowed.labels & limit)


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)
