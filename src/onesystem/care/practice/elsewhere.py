"""What happened elsewhere to a practice's people: everything that it is sent, and has seen.

Nothing is sent twice or kept twice: the list is the contact log's, narrowed to people who are
enrolled with the practice and to what others did. What the practice has seen is a care act, and
counts until the contact ends: an admission that was seen asks again when the person goes home.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection

from onesystem import access, care
from onesystem.access import Asker
from onesystem.access.quick import rows
from onesystem.access.reading import sealed_items
from onesystem.care.practice.part import NAME, SEEN, UNSEEN
from onesystem.district import current, now
from onesystem.people.mapping import views
from onesystem.record.sight import Sight
from onesystem.record.ties import reach_of
from onesystem.vocabulary import CareAct, Contact, Setting, UserError
from onesystem.vocabulary.kept import from_micros, to_micros

DAYS = 14  # how far back the list goes; what was not seen by then is in the record
MOST = 400
TOLD = (Setting.ED, Setting.WARD, Setting.AMBULANCE, Setting.OUT_OF_HOURS, Setting.TELEPHONE,
        Setting.REHABILITATION, Setting.CARE_HOME)  # fmt: skip
EVERY = tuple(s for s in Setting if s is not Setting.GENERAL_PRACTICE)
_NEW = (  # nobody of the organisation has seen it as it stands, or the last word took that back
    " AND NOT EXISTS (SELECT 1 FROM care_elsewhere e WHERE e.contact = c.contact"
    " AND e.organisation = %s AND e.ended = (c.ended IS NOT NULL) AND NOT e.undone"
    " AND NOT EXISTS (SELECT 1 FROM care_elsewhere u WHERE u.contact = e.contact"
    " AND u.organisation = e.organisation AND u.ended = e.ended AND u.undone AND u.at > e.at))"
)
_COLUMNS = ("contact", "identity", "source", "service", "setting", "started", "ended", "outcome",
            "reason")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """One thing that happened elsewhere, as its practice may see it."""

    contact: int
    person: int
    name: str
    service: str
    place: str
    setting: str
    started: datetime
    ended: datetime | None
    outcome: str
    reason: str
    seen_by: str = ""
    seen_at: datetime | None = None

    @property
    def is_new(self) -> bool:
        """Whether nobody of the practice has seen it as it stands."""
        return not self.seen_by


def happened(
    *, by: Asker, at: datetime, seen: bool = False, setting: str = "",
    of: Collection[int] | None = None,
) -> list[Elsewhere]:  # fmt: skip
    """What happened elsewhere to the practice's people in two weeks, the newest first.

    `seen` has what was seen already as well; `setting` is one, "all", or empty for those that a
    practice acts on; `of` narrows it to these contacts. The look is recorded, once for the list.
    """
    access.require(by.actor, "person.open")
    reach = reach_of(frozenset({by.actor.organisation} - {""}), current())
    if not reach.practices:
        return []
    asked = _settings(setting)
    since, narrow, values = to_micros(at - timedelta(days=DAYS)), "", list[Any]()
    for column, some in (("c.service NOT IN", sorted(reach.owners)), ("c.contact IN", of)):
        if some:
            narrow += f" AND {column} ({_marks(some)})"
            values += some
    if not seen:
        narrow, values = narrow + _NEW, [*values, by.actor.organisation]
    found = rows(
        f"SELECT {', '.join('c.' + name for name in _COLUMNS)}, mine.person"
        " FROM contacts_contact c JOIN people_identity i ON i.id = c.identity"
        f" JOIN (SELECT DISTINCT person FROM people_identity WHERE practice IN"
        f" ({_marks(reach.practices)})) mine ON mine.person = i.person"
        f" WHERE c.started >= %s AND c.started <= %s AND c.setting IN ({_marks(asked)})"
        f" AND NOT c.cancelled{narrow} ORDER BY c.started DESC LIMIT %s",
        [*reach.practices, since, to_micros(at), *(str(s) for s in asked), *values, MOST],
    )
    made = _open_to(by, found, reach.owners)
    if not seen:
        made = [each for each in made if each.is_new]
    access.record(by=by.actor, act="elsewhere.listed", what=by.actor.organisation,
                  purpose=by.purpose, detail={"contacts": len(made)})  # fmt: skip
    return made


def _settings(asked: str) -> Sequence[Setting]:
    if asked == "all":
        return EVERY
    return (Setting(asked),) if asked in set(EVERY) else TOLD


def _open_to(by: Asker, found: Sequence[Any], own: dict[str, str]) -> list[Elsewhere]:
    """Those that the person and the rules leave open to the practice, in its words."""
    here, sights = current(), dict[int, Sight | None]()
    seen = _seen(by.actor.organisation, [row[0] for row in found])
    names = {v.identity: f"{v.family}, {v.given}".strip(", ")
             for v in views({row[1] for row in found})}  # fmt: skip
    made = []
    for row in found:
        contact, identity, source, service, setting, started, ended, outcome, reason, person = row
        if service in own:
            continue
        if person not in sights:
            sights[person] = _sight(by, person)
        sight, told = sights[person], Contact(
            contact=contact, source=source, key=str(contact), identity=identity, service=service,
            setting=Setting(setting), started=from_micros(started), ended=_maybe(ended),
        )  # fmt: skip
        if sight is None or not sight.shows(told, here):
            continue
        who, when = seen.get((contact, ended is not None), ("", 0))
        made.append(
            Elsewhere(
                contact=contact, person=person, name=names.get(identity, ""), service=service,
                place=here.service_name(service), setting=setting, started=from_micros(started),
                ended=_maybe(ended), outcome=outcome, reason=reason, seen_by=who,
                seen_at=from_micros(when) if who else None,
            )
        )  # fmt: skip
    return made


def _sight(by: Asker, person: int) -> Sight | None:
    allowed = access.decide(by, person)
    if not isinstance(allowed, access.Allowed):
        return None
    return Sight(allowed, sealed_items(person) if allowed.seals else frozenset())


def _seen(organisation: str, contacts: Sequence[int]) -> dict[tuple[int, bool], tuple[str, int]]:
    """Who saw a contact as it stands (open or ended), the last word of it."""
    found: dict[tuple[int, bool], tuple[str, int]] = {}
    for part in range(0, len(contacts), 500):
        some = contacts[part : part + 500]
        with connection.cursor() as cursor:
            cursor.execute(
                'SELECT contact, ended, undone, "by", at FROM care_elsewhere'
                f" WHERE organisation = %s AND contact IN ({_marks(some)}) ORDER BY at, act",
                [organisation, *some],
            )
            for contact, ended, undone, who, when in cursor.fetchall():
                found[contact, bool(ended)] = ("", 0) if undone else (who, when)
    return found


def see(*, contacts: Iterable[int], by: Asker, undo: bool = False) -> int:
    """Acknowledge what happened, for one's practice; or take that back. How many it was.

    One act for each person, so that it stays with their record. Raises UserError where none of
    them is on the list.
    """
    wanted = set(contacts)
    some = sorted(wanted)[:MOST]
    theirs = happened(by=by, at=now(), seen=True, setting="all", of=some) if some else []
    if not theirs:
        raise UserError("nothing of that is on your list", "Choose from the list as it is now.")
    whose: dict[int, list[Elsewhere]] = {}
    for each in theirs:
        if each.is_new != undo:
            whose.setdefault(each.person, []).append(each)
    for person, told in whose.items():
        act = CareAct(
            part=NAME, verb=UNSEEN if undo else SEEN, thing=by.actor.organisation,
            act=uuid4().hex, by=by.actor.name, recorded=now(),
            said={"contacts": [[e.contact, e.ended is not None] for e in told]},
        )  # fmt: skip
        care.say(person=person, by=by, act=f"elsewhere.{act.verb}", what=act.thing, readings=[act])
    return sum(len(told) for told in whose.values())


def _maybe(count: int | None) -> datetime | None:
    return None if count is None else from_micros(count)


def _marks(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))
