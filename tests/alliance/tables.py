"""Tables of an alliance around a meeting, for tests: who sits, who is there, who says what."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from onesystem.alliance.charter.text import Quorum
from onesystem.alliance.meeting.consensus import Table, Voice
from onesystem.alliance.meeting.quorum import Place, Presence

NINE = datetime(2026, 11, 4, 9, tzinfo=UTC)
CHAIR, DEPUTY, KIT, HEALTH, COUNCIL, NURSE, GP = range(1, 8)
SEATS = (
    Place(member=CHAIR, seat="chair"),
    Place(member=DEPUTY, seat="deputy"),
    Place(member=KIT, seat="community"),
    Place(member=HEALTH, funder="board"),
    Place(member=COUNCIL, funder="council"),
    Place(member=NURSE),
    Place(member=GP),
)
EVERYBODY = tuple(place.member for place in SEATS)
RULE = Quorum(share=Fraction(1, 2), least=4)


def at(minutes: float) -> datetime:
    """So many minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def say(member: int, said: str = "agree", minutes: float = 10, reason: str = "", **more) -> Voice:
    """A voice some minutes after nine."""
    reason = reason or ("It costs the ward its night nurse" if said == "object" else "")
    return Voice(member=member, said=said, at=at(minutes), reason=reason, **more)


def there(*members: int, came: float = 0, left: float | None = None) -> tuple[Presence, ...]:
    """Members who are in the room from some minutes after nine on."""
    return tuple(Presence(m, at(came), None if left is None else at(left)) for m in members)


def table(*voices: Voice, **more) -> Table:
    """Everybody around the table from nine on, the item opened at five past."""
    said = {
        "places": SEATS, "presences": there(*EVERYBODY), "quorum": RULE, "opened": at(5),
        "voices": voices,
    }  # fmt: skip
    return Table(**(said | more))


def all_agree(*but: int) -> tuple[Voice, ...]:
    """Everybody agrees, but for some."""
    return tuple(say(m) for m in EVERYBODY if m not in but)
