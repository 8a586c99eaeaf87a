"""The looks of a day at records of the demo, so that there is something to look at again.

Staff open people whom their organisations look after, each by the decision that pages ask, and
some of these looks meet a rule: a relative, a neighbour, a colleague, somebody well known, somebody
who left long ago, far too many. One is by a broken glass, and the demo's citizen asks about one.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from onesystem import access
from onesystem.access import Actor
from onesystem.demo.signins import PASSWORD
from onesystem.district import current, now
from onesystem.vocabulary.kept import to_micros

_STAFF = ("nurse", "doctor", "gp", "paramedic", "district.nurse")
_REASON = {"gp": "surgery this morning", "paramedic": "called out to them",
           "district.nurse": "visits of the day"}  # fmt: skip
_MANY = 52  # people in a day: above what anybody is let pass without a question
_THERE = (
    "SELECT DISTINCT i.person FROM contacts_contact c JOIN people_identity i ON i.id = c.identity "
    "WHERE NOT c.cancelled AND c.ended IS NULL AND c.service IN ({}) AND i.died = '' "
    "AND i.family <> '' AND i.postcode <> '' ORDER BY i.person LIMIT %s"
)
_GONE = (
    "SELECT i.person FROM contacts_contact c JOIN people_identity i ON i.id = c.identity "
    "WHERE NOT c.cancelled AND c.service IN ({}) GROUP BY i.person "
    "HAVING COUNT(c.ended) = COUNT(*) AND MAX(c.ended) < %s ORDER BY MAX(c.ended) DESC LIMIT 40"
)
_FACE = "SELECT family, postcode FROM people_identity WHERE person = %s AND family <> '' LIMIT 1"


def look_around() -> int:
    """Let the demo's staff look at people; gives how many looks that were."""
    from django.db import transaction

    from onesystem.access.models import Audit

    if Audit.objects.filter(act="person.looked").exists():
        return 0
    with transaction.atomic():  # all of them, or none where it is stopped on the way
        for name in _STAFF:
            _all(name, _there(name, 8))
        _known_to_each_other()
        _glass_and_question()
        _late_and_many()
    return int(Audit.objects.filter(act="person.looked").count())


def _actor(name: str) -> Actor:
    from onesystem.access.models import User

    return Actor.of(User.objects.get(username=name))


def _all(name: str, persons: Iterable[int]) -> None:
    for person in persons:
        _look(name, person)


def _look(name: str, person: int, tie: str = "") -> int | None:
    """One look, where the decision allows it (by that tie alone, if one is named)."""
    asker = access.asker_of(_actor(name), "direct care", client="pages")
    found = access.decide(asker, person)
    what: dict[str, object] = {"client": "pages", "from": "127.0.0.1"}
    reason = _REASON.get(name, "on the ward round")
    told = {"by": asker.actor, "what": "record:summary", "person": person, "purpose": asker.purpose}
    if isinstance(found, access.Refused):
        access.record(**told, act="access.refused", reason=reason,
                      detail=what | {"why": found.reason})  # fmt: skip
        return None
    if tie and found.by != {tie}:
        return None
    return int(access.record(**told, act="person.looked", reason=reason,
                             detail=what | {"ties": sorted(found.by)}))  # fmt: skip


def _known_to_each_other() -> None:
    """A relative, a neighbour, a colleague, and somebody on the list of the well known."""
    from onesystem.access.actions import add_user, set_postcode
    from onesystem.access.models import User
    from onesystem.access.privacy.resolving import add_well_known

    there = _there("nurse", 40)[-4:]
    if len(there) < 4:
        return  # a demo of few people
    related, near, colleague, famous = there
    nurse = _actor("nurse")
    add_user(username="nurse.family", password=PASSWORD, roles=sorted(nurse.roles),
             name=f"Nora {_face(related)[0]}", organisation=nurse.organisation,
             by=Actor.job("demo"))  # fmt: skip
    set_postcode(username="nurse", postcode=_face(near)[1], by=Actor.job("demo"))
    User.objects.filter(username="coordinator").update(identity=colleague)
    add_well_known(person=famous, reason="plays for the demo's football club",
                   by=_actor("privacy"))  # fmt: skip
    _look("nurse.family", related)
    _all("nurse", (near, colleague, famous))


def _glass_and_question() -> None:
    """The doctor breaks the glass for the demo's citizen, who asks about that look."""
    from onesystem.access.glass import break_glass
    from onesystem.access.models import Own
    from onesystem.access.privacy.questions import ask

    own = Own.objects.filter(username="person").values_list("identity", flat=True).first()
    if own is None:
        return
    doctor = _actor("doctor")
    if not access.decide(access.asker_of(doctor, "direct care"), own):
        break_glass(person=own, choice="emergency", words="found confused at home", by=doctor)
    row = _look("doctor", own)
    ask(person=own, words="I was at home that day. Why was this opened?", by=_actor("person"),
        look=row)  # fmt: skip


def _late_and_many() -> None:
    """One after discharge; strangers; and a list that somebody works through."""
    for person in _asked("doctor", _GONE, [to_micros(now() - timedelta(days=8))]):
        if _look("doctor", person, "recent"):
            break
    strangers = _rows("SELECT person FROM people_identity WHERE person = id AND id %% 97 = 5 "
                      "ORDER BY id LIMIT 6")  # fmt: skip
    _all("paramedic", [person for (person,) in strangers])
    _all("district.nurse", _there("district.nurse", _MANY))


def _there(name: str, most: int) -> list[int]:
    """People in the services of somebody's organisation now."""
    return _asked(name, _THERE, [most])


def _asked(name: str, sql: str, values: Sequence[object]) -> list[int]:
    own = _actor(name).organisation
    services = sorted(s.code for s in current().services.values() if s.organisation == own)
    if not services:
        return []
    marks = ", ".join(["%s"] * len(services))
    return [row[0] for row in _rows(sql.format(marks), [*services, *values])]


def _face(person: int) -> tuple[str, str]:
    ((family, postcode),) = _rows(_FACE, [person])
    return family, postcode


def _rows(sql: str, values: Sequence[object] = ()) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())
