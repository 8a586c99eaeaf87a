"""The facts between an asker and a person, gathered from all rooms for `access.decide`."""

from collections.abc import Iterable

from onesystem import people
from onesystem.access import Asker, Facts, kinds
from onesystem.access.agreed import sharing_for
from onesystem.access.quick import rows
from onesystem.access.sharing import Sharing
from onesystem.district import District, current
from onesystem.record.scope import Scope, scope_of
from onesystem.record.ties import _marks, reach_of, ties_of
from onesystem.record.watching import Features
from onesystem.vocabulary.kept import to_micros

_STANDING = "{0}.since <= %s AND ({0}.until IS NULL OR {0}.until > %s)"
_GLASS = (
    "SELECT g.id, g.overrides, o.identity FROM access_glass g JOIN access_glass_on o "
    "ON o.glass = g.id WHERE g.username = %s AND g.since <= %s AND g.until > %s"
)


class Gatherer:
    """Finds facts in the store; four or five statements for one person."""

    def facts(self, asker: Asker, person: int, *, items: Iterable[int] = ()) -> Facts:
        """What is so between the asker and the person."""
        district, at = current(), to_micros(asker.at)
        identities = _identities(person)
        own = {"self"} if person == asker.person else set()
        own |= {"proxy"} if person in asker.acts_for else set()
        ties = own | ties_of(identities, asker, district)
        glass, overriding = self._glass_for({i for i, _, _ in identities}, asker, at)
        if glass:
            ties.add("break-glass")
        choices = _choices(person, at)
        asks = frozenset(reach_of(asker.organisations, district).organisations)
        shared = sharing_for(asker, district, asks)
        senders = {source for _, source, _ in identities}
        return Facts(
            ties=frozenset(ties),
            opted_out=any(what == "all" for what, _, _ in choices),
            withheld=_mask(labels for _, _, labels in choices),
            sources=frozenset(source for what, source, _ in choices if what == "source"),
            overrides=overriding and district.guard.opted_out_break_glass,
            may_override=district.guard.opted_out_break_glass,
            sealed=_sealed(items, at),
            **_agreed(shared, senders),
        )

    def scope(self, asker: Asker) -> Scope:
        """The same over everybody."""
        district = current()
        glass, overridden = self._glasses(asker, to_micros(asker.at), district)
        asks = frozenset(reach_of(asker.organisations, district).organisations)
        shared = sharing_for(asker, district, asks)
        return scope_of(asker, district, shared=shared, glass=glass, overridden=overridden)

    def persons(self, identities: Iterable[int]) -> dict[int, int]:
        """The person that each identity is of."""
        return people.person_of(identities)

    def identities(self, person: int) -> list[int]:
        """The identities of a person."""
        return people.identity_ids_of(person)

    def practices(self, person: int) -> frozenset[str]:
        """The organisations that a person is enrolled with."""
        said = {practice for _, _, practice in _identities(person)} - {""}
        return frozenset(
            o.code for o in current().organisations.values() if said & {o.code, o.national_code}
        )

    def features(self) -> Features:
        """What the privacy officer's rules compare."""
        return Features()

    def _glass_for(self, ids: set[int], asker: Asker, at: int) -> tuple[bool, bool]:
        """Whether the glass was broken for this very person, and past their choices."""
        found = [over for covered, over in _broken(asker, at) if ids and ids <= covered]
        return bool(found), any(found)

    def _glasses(
        self, asker: Asker, at: int, district: District
    ) -> tuple[frozenset[int], frozenset[int]]:
        glass, overridden = set(), set()
        for covered, over in _broken(asker, at):
            for person in set(people.person_of(covered).values()):
                # Identities that joined since were not what the glass was broken for.
                if set(people.identity_ids_of(person)) <= covered:
                    glass.add(person)
                    if over and district.guard.opted_out_break_glass:
                        overridden.add(person)
        return frozenset(glass), frozenset(overridden)


def _broken(asker: Asker, at: int) -> list[tuple[set[int], bool]]:
    """The glasses that an asker has broken and that still stand: identities, past choices."""
    found: dict[int, tuple[set[int], bool]] = {}
    for number, over, identity in rows(_GLASS, [asker.actor.name, at, at]):
        found.setdefault(number, (set(), bool(over)))[0].add(identity)
    return list(found.values())


def _identities(person: int) -> list[tuple[int, str, str]]:
    return rows("SELECT id, source, practice FROM people_identity WHERE person = %s", [person])


def _choices(person: int, at: int) -> list[tuple[str, str, int]]:
    return rows(
        "SELECT c.what, c.source, c.labels FROM people_identity o "
        "JOIN access_consent_on h ON h.identity = o.id "
        "JOIN access_consent c ON c.id = h.consent "
        f"WHERE o.person = %s AND {_STANDING.format('c')}",
        [person, at, at],
    )


def _sealed(items: Iterable[int], at: int) -> bool:
    wanted = list(items)
    if not wanted:
        return False
    sql = (
        f"SELECT 1 FROM access_seal s WHERE s.item IN ({_marks(wanted)}) "
        f"AND {_STANDING.format('s')} LIMIT 1"
    )
    return bool(rows(sql, [*wanted, at, at]))


def _agreed(shared: Sharing, senders: set[str]) -> dict[str, object]:
    masks = {source: shared.mask(source) for source in senders}
    able = [mask for mask in masks.values() if mask is not None]
    return {
        "agreed": _mask(able) if able or not senders else None,
        "unshared": frozenset(s for s, mask in masks.items() if mask is None),
        "limits": frozenset(
            (s, mask) for s, mask in masks.items() if mask is not None and mask != kinds.EVERY
        ),
    }


def _mask(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
