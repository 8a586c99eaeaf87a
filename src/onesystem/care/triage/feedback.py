"""What became of the people whom a crew saw: said to the crew that decided, and to nobody else.

Comparison: of 321 people in the east of England whom paramedics referred to general practice,
22.4% came to an ED within 30 days, and of those 59% were admitted (BMC Emerg Med 2020; 20: 48).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from onesystem import access, people
from onesystem.access import Asker
from onesystem.access.quick import rows
from onesystem.access.reading import sealed_items
from onesystem.care.triage.deciding import ANSWERS, WORDS
from onesystem.care.triage.rows import CrewRow
from onesystem.district import current, now
from onesystem.people.mapping import views
from onesystem.record.sight import Sight
from onesystem.vocabulary import Setting
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import counted

DAYS = 30
_TOLD = (Setting.ED, Setting.WARD, Setting.AMBULANCE, Setting.OUT_OF_HOURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """Something that happened to them after the decision, and how long after it."""

    words: str
    at: datetime
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision with what became of it. `shut`: the person is no longer open to the crew."""

    act: str
    person: int
    name: str
    outcome: str
    words: str
    to: str
    answer: str
    scores: tuple[str, ...]
    note: str
    by: str
    at: datetime
    replaced: bool
    after: tuple[After, ...]
    shut: bool = False

    @property
    def became(self) -> str:
        """What became of it, in a line."""
        if self.shut:
            return say("Their record is no longer open to you")
        if self.after:
            return "; ".join(f"{each.words} after {_length(each.hours)}" for each in self.after[:3])
        days = max(0, (now() - self.at).days)
        return (
            say("Nothing urgent in {days}", days=counted(min(days, DAYS), "day"))
            if days
            else say("Too early to say")
        )


def mine(by: Asker, *, limit: int = 100) -> list[Decided]:
    """What somebody decided in the crew in 60 days, newest first, with what came after."""
    access.require(by.actor, "triage.use")
    since = to_micros(now() - timedelta(days=60))
    found = list(CrewRow.objects.filter(by=by.actor.name, at__gte=since).order_by("-at")[:limit])
    access.record(by=by.actor, act="crew.feedback", purpose=by.purpose,
                  detail={"decisions": len(found)})  # fmt: skip
    return _decided(found, by)


def of_person(person: int, by: Asker) -> list[Decided]:
    """What crews decided for somebody, newest first."""
    access.require_open(by, person)
    ids = people.identity_ids_of(person)
    return _decided(list(CrewRow.objects.filter(identity__in=ids).order_by("-at")[:20]), by)


def _decided(found: Sequence[CrewRow], by: Asker) -> list[Decided]:
    person_of = people.person_of([row.identity for row in found])
    names = {v.identity: f"{v.given} {v.family}".strip() for v in views(set(person_of))}
    latest: set[int] = set()
    sights: dict[int, Sight | None] = {}
    made = []
    for row in found:
        person = person_of.get(row.identity, row.identity)
        if person not in sights:
            sights[person] = _sight(by, person)
        sight = sights[person]
        shut = sight is None
        said: Mapping[str, Any] = orjson.loads(row.said)
        replaced = row.contact is not None and row.contact in latest
        latest |= {row.contact} - {None}  # type: ignore[arg-type]
        at = from_micros(row.at)
        made.append(
            Decided(
                act=row.act, person=person, name="" if shut else names.get(row.identity, ""),
                outcome=row.outcome, words=WORDS[row.outcome], by=row.by, at=at,
                to=current().service_name(row.service) if row.service else "",
                answer=ANSWERS.get(said.get("call", {}).get("answer", ""), ""),
                scores=tuple(_score(each) for each in said["scores"]),
                note="" if shut else said["note"], replaced=replaced, shut=shut,
                after=() if sight is None else tuple(_after(person, at, sight)),
            )
        )  # fmt: skip
    return made


def _score(said: Mapping[str, Any]) -> str:
    total = say("no score") if said["total"] is None else str(said["total"])
    return f"{said['title']}: {total}" + (f", {said['band']}" if said["band"] else "")


def _sight(by: Asker, person: int) -> Sight | None:
    """How far the record is open to them; None where it is shut."""
    allowed = access.decide(by, person)
    if not isinstance(allowed, access.Allowed):
        return None
    return Sight(allowed, sealed_items(person) if allowed.seals else frozenset())


def _after(person: int, at: datetime, sight: Sight) -> list[After]:
    """The urgent contacts that began within the days after it, and are open to who asks."""
    ids = people.identity_ids_of(person)
    here, marks = current(), ", ".join(["%s"] * len(ids))
    found = rows(
        "SELECT contact, source, service, started FROM contacts_contact"
        f" WHERE identity IN ({marks}) AND started > %s AND started <= %s AND NOT cancelled"
        f" AND setting IN ({', '.join(['%s'] * len(_TOLD))}) ORDER BY started",
        [*ids, to_micros(at), to_micros(at + timedelta(days=DAYS)), *(str(s) for s in _TOLD)],
    )
    return [
        After(words=here.service_name(service), at=from_micros(started),
              hours=(from_micros(started) - at) / timedelta(hours=1))
        for contact, source, service, started in found
        if contact not in sight.sealed and sight.opens(source, service, here)
    ]  # fmt: skip


def _length(hours: float) -> str:
    if hours < 1:
        return counted(max(1, round(hours * 60)), "minute")
    return counted(round(hours), "hour") if hours < 48 else counted(round(hours / 24), "day")
