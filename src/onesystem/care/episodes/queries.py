"""What can be asked of episodes: one, a person's, and those that a team has at home.

Callers open the person before they ask about one; lists name whom one looks after (0159).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from onesystem import access, people
from onesystem.access import Actor
from onesystem.access.quick import rows as quick
from onesystem.care.episodes import ordering, store
from onesystem.care.episodes.acting import Held, known
from onesystem.care.episodes.counting import caused, counted, met_since
from onesystem.care.episodes.delaying import days_kept
from onesystem.care.episodes.episode import ENDED, PLANNED, Did
from onesystem.care.episodes.money import Working, working
from onesystem.care.episodes.outcomes import suggested as by_log
from onesystem.care.episodes.row import Row
from onesystem.district import District, current, now
from onesystem.people.mapping import views
from onesystem.vocabulary import Contact
from onesystem.vocabulary.kept import from_micros, to_micros

RECENT = timedelta(days=30)  # how long those that ended stay on the board
MOST = 1000
GONE = frozenset({"returned", "revoked"})  # states of an order that nobody does any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One episode with its working, the contacts that it led to, and how its orders stand."""

    held: Held
    working: Working
    visits: Sequence[Contact]
    acts: Sequence[Did]
    requests: Mapping[int, Any]
    suggested: tuple[str, str]

    @property
    def off(self) -> bool:
        """Whether an order of a line that stands was called off, or came back."""
        live = {line.number for line in self.held.episode.live}
        return any(r.state in GONE for number, r in self.requests.items() if number in live)


def one(number: int) -> Shown:
    """One episode as it stands. Raises NotFound."""
    found = known(number)
    identities = people.identity_ids_of(found.person)
    met = met_since(found)
    visits = caused(found, met)
    return Shown(
        held=found,
        working=working(found.episode, counted(found.episode, visits)),
        visits=visits,
        acts=store.acts_of(number),
        requests=ordering.states(found.episode),
        suggested=by_log(found.episode, met, died=_died(identities)),
    )


def suggested(number: int) -> tuple[str, str]:
    """What the log says came of an episode, and why."""
    return one(number).suggested


def person_of(number: int) -> int | None:
    """Whose episode a number is; None where there is none."""
    rows = store.rows("episode = %s", [number])
    if not rows:
        return None
    identity = rows[0]["identity"]
    return int(people.person_of([identity]).get(identity, identity))


def of_person(person: int) -> list[Row]:
    """The episodes of a person, the newest first. The caller has opened the person."""
    identities = people.identity_ids_of(person)
    if not identities:
        return []
    marks = ", ".join(["%s"] * len(identities))
    found = store.rows(f"identity IN ({marks})", identities, order="at DESC")
    return [_row(each, person, "") for each in found]


def board(by: Actor, at: datetime | None = None) -> list[Row]:
    """Who is at home under care, is expected, or was until lately; what needs somebody first."""
    access.require(by, "episodes.act")
    at = at or now()
    found = store.rows(
        "identity > 0 AND (state <> 'ended' OR ended > %s)", [to_micros(at - RECENT)],
        order=f"review IS NULL, review, started DESC LIMIT {MOST}",
    )  # fmt: skip
    whose = people.person_of([each["identity"] for each in found])
    names = _names(found, by, current())
    told = [
        _row(each, whose.get(each["identity"], each["identity"]), names.get(each["identity"], ""))
        for each in found
    ]
    back = ordering.returned(store.orders_of([r.episode for r in told if r.state != ENDED]))
    told = [replace(row, returned=back.get(row.episode, 0)) for row in told]
    return [_with_delays(row, at) if row.state == PLANNED else row for row in told]


def _with_delays(row: Row, at: datetime) -> Row:
    """How long somebody who is expected is kept in hospital: few are, so each is looked at."""
    episode = store.episode_of(row.episode)
    if episode is None:
        return row
    days, open_days = days_kept(episode, ready=ready_of(row.stay), at=at, zone=current().zone)
    return replace(row, kept=len(days), unexplained=len(open_days))


def ready_of(stay: int) -> datetime | None:
    """Since when the person is ready to leave a stay, as its contact says."""
    found = quick("SELECT ready FROM contacts_contact WHERE contact = %s AND NOT cancelled", [stay])
    return from_micros(found[0][0]) if found and found[0][0] is not None else None


def _names(found: Iterable[Mapping[str, Any]], by: Actor, here: District) -> dict[int, str]:
    """Names of those whom the actor's organisation looks after, in no sensitive service."""
    mine = {
        code
        for code, service in here.services.items()
        if by.organisation and service.organisation == by.organisation and not service.sensitive
    }
    looked_after = {
        each["identity"] for each in found if set(each["services"].split("|")) & mine
    }  # fmt: skip
    if not access.may(by, "person.open"):
        return {}
    return {
        view.identity: "Restricted"
        if view.restricted
        else f"{view.family}, {view.given}".strip(", ")
        for view in views(looked_after)
    }


def _row(said: Mapping[str, Any], person: int, name: str) -> Row:
    times = {
        key: from_micros(said[key]) if said[key] is not None else None
        for key in ("planned", "started", "until", "ended")
    }
    review = said["review"] if said["state"] != ENDED else None
    return Row(
        **times, episode=said["episode"], person=person, name=name,
        services=tuple(each for each in said["services"].split("|") if each),
        at=from_micros(said["at"]), review=from_micros(review) if review is not None else None,
        **{k: said[k] for k in ("package", "title", "purpose", "service", "state", "outcome",
                                "cap", "allowed", "total", "escalations", "stay")},
    )  # fmt: skip


def _died(identities: Sequence[int]) -> str:
    return max((view.died for view in views(identities) if view.died), default="")
