"""What the demo's clinical lead switched on, and what its ambulance crew decided this month."""

from collections.abc import Callable
from datetime import timedelta

from onesystem import access, people
from onesystem.access.models import User
from onesystem.access.quick import rows
from onesystem.care.practice.leads import lead
from onesystem.care.triage import actions, deciding, library, queries
from onesystem.care.triage.deciding import Call, Decision, Scored
from onesystem.care.triage.rows import CrewRow
from onesystem.care.triage.tables import work_out
from onesystem.district import current, now
from onesystem.vocabulary import OnesystemError, Setting
from onesystem.vocabulary.kept import to_micros

_ON = ("news2", "fall-at-home")
_MOST = 8
_BACK = timedelta(days=14)
# What the crew measured, turn by turn: plainly made up, within the ranges of adults at rest.
_MEASURED = (
    {"respiration": 18, "saturation": 96, "systolic": 134, "pulse": 84, "temperature": 36.9},
    {"respiration": 22, "saturation": 94, "systolic": 118, "pulse": 102, "temperature": 38.3},
    {"respiration": 16, "saturation": 97, "systolic": 142, "pulse": 76, "temperature": 36.4},
    {"respiration": 26, "saturation": 91, "systolic": 98, "pulse": 118, "temperature": 38.8},
)
_BEFORE = {"scale": "one", "oxygen": False, "consciousness": "alert"}
_ANSWERS = ("visit", "home", "surgery")


def deliver(say: Callable[[str], None]) -> None:
    """Switch tables on, and decide for those with the ambulance in the last hours."""
    _switch_on()
    paul = User.objects.filter(username="paramedic").first()
    if paul is None or CrewRow.objects.exists():
        return
    by = access.asker_of(access.Actor.of(paul), "direct care")
    made = sum(_decide(person, turn, by) for turn, person in enumerate(_seen(by)))
    say(f"Letting an ambulance crew decide on its screen: {made} decisions")


def _switch_on() -> None:
    lead_of = User.objects.filter(username="lead").first()
    if lead_of is None:
        return
    for key in _ON:
        if queries.in_use(key) is None:
            actions.switch(
                key=key, version=0, on=True, by=access.Actor.of(lead_of),
                reason="Agreed by the demo's clinical group",
            )  # fmt: skip


def _seen(by: access.Asker) -> list[int]:
    """People whom the crew's service saw lately and who are known, the newest first."""
    services = [
        s.code for s in current().services.values()
        if s.setting is Setting.AMBULANCE and s.organisation in by.organisations
    ]  # fmt: skip
    if not services:
        return []
    found = rows(
        f"SELECT identity FROM contacts_contact WHERE service IN ({_marks(services)})"
        " AND NOT cancelled AND started IS NOT NULL AND (ended IS NULL OR ended > %s)"
        " ORDER BY started DESC LIMIT %s",
        [*services, to_micros(now() - _BACK), _MOST],
    )
    identities = [row[0] for row in found]
    persons = people.person_of(identities)
    return list(dict.fromkeys(persons.get(each, each) for each in identities))


def _decide(person: int, turn: int, by: access.Asker) -> int:
    table = library.table("news2")
    given = {**_BEFORE, **_MEASURED[turn % len(_MEASURED)]}
    scored = (Scored(table=table, given=given, result=work_out(table, given)),)
    practices, hospital = lead(person), _hospital()
    band = scored[0].result.band
    if band and band.outcome == "convey" and hospital:
        decision = Decision(outcome="convey", to=hospital, scored=scored, note="Unwell at home")
    elif turn % 2 == 0 and practices:
        call = Call(
            practice=practices[0].organisation, spoke_to="duty doctor", minutes=6,
            answer=_ANSWERS[turn // 2 % len(_ANSWERS)], words="Agreed on the telephone",
        )  # fmt: skip
        decision = Decision(outcome="ring", call=call, scored=scored, note="Seen at home")
    else:
        decision = Decision(outcome="leave", scored=scored, note="Seen at home; advice given")
    try:
        deciding.decide(person=person, decision=decision, by=by)
    except OnesystemError:  # somebody who does not open to the crew
        return 0
    return 1


def _hospital() -> str:
    return next((s.code for s in current().services.values() if s.setting is Setting.ED), "")


def _marks(values: list[str]) -> str:
    return ", ".join(["%s"] * len(values))
