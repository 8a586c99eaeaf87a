"""A store with an inbox of thousands: people by messages of a hospital, requests as acts of care.

Everything comes in through the feeds, as it would: nothing is written past them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from onesystem.bench.scratch import HOSPITAL

SERVICE = "nursing"
USER, PASSWORD = "bench", "three blind mice run"  # of a store that is thrown away
TOML = (
    HOSPITAL
    + """
[organisations.community]
name = "Community Care"
{practices}
[services.nursing]
name = "Community nursing"
setting = "community"
organisation = "community"
[services.therapy]
name = "Therapy at home"
setting = "community"
organisation = "community"
[sources.pas]
name = "Patient administration"
organisation = "hospital"
format = "hl7v2"
"""
)
_PRACTICE = """
[organisations.gp-{n}]
name = "Practice {n}"
kind = "general practice"
national_code = "P{n:05}"
"""
_BATCH = 500
_LOOKED_AT = {"routine": 72, "soon": 24, "urgent": 4, "emergency": 1}  # hours
_FAMILIES = ("Archer", "Brook", "Carter", "Dyer", "Eccles", "Farrow", "Goodwin", "Hurrell", "Ives")
_GIVEN = ("Ada", "Bryn", "Cai", "Dilys", "Elin", "Finn", "Gwen", "Huw", "Iris", "Jac", "Kiri")
_WHAT = ("Leg ulcer", "Insulin", "Catheter", "Wound after surgery", "Palliative care", "Falls")
_URGENCIES = ("routine",) * 6 + ("soon",) * 2 + ("urgent", "emergency")
# How many of each twenty are how far, by the acts that led there.
_FAR: tuple[tuple[int, tuple[str, ...]], ...] = (
    (9, ()), (2, ("ask",)), (5, ("accept",)), (2, ("accept", "book")), (2, ("accept", "start")),
)  # fmt: skip


def toml() -> str:
    """The district of the bench."""
    return TOML.format(practices="".join(_PRACTICE.format(n=n) for n in range(12)))


def fill(folder: Path, requests: int) -> None:
    """People and open requests, in the district of this process."""
    from onesystem import feeds
    from onesystem.access import Actor, actions
    from onesystem.district import current
    from onesystem.people.models import Identity

    del folder  # it is this process's own
    actions.add_user(
        username=USER, password=PASSWORD, roles=("coordinator",), organisation="community",
        by=Actor.job("bench"), name="Bench",
    )  # fmt: skip
    people = [
        feeds.Arrival(source="pas", data=_person(n), name="bench.hl7") for n in range(requests)
    ]
    for at in range(0, requests, _BATCH):
        feeds.take_messages(people[at : at + _BATCH], district=current())
    subjects = list(
        Identity.objects.filter(source="pas").order_by("id").values_list("subject", flat=True)
    )
    asked = [
        feeds.Arrival(source="care", data=data, name="bench", format="care")
        for data in _asked(subjects)
    ]
    for at in range(0, requests, _BATCH):
        feeds.take_messages(asked[at : at + _BATCH], district=current())


def _person(n: int) -> bytes:
    born = f"{1930 + n * 7 % 90}{1 + n % 12:02}{1 + n % 28:02}"
    name = f"{_FAMILIES[n % 9]}{n // 99:03}^{_GIVEN[n % 11]}"
    return "\r".join(
        (
            f"MSH|^~\\&|PAS|H|ONE|D|20261101||ADT^A28^ADT_A05|P{n}|P|2.5",
            "EVN|A28|20261101",
            f"PID|1||P{n}^^^H^MR||{name}||{born}|F",
            f"PD1|||^^P{n % 12:05}|",
            "",
        )
    ).encode()


def _asked(subjects: list[str]) -> Iterator[bytes]:
    from onesystem.care.message import Owned, packed
    from onesystem.care.requests.machine import MOVES
    from onesystem.vocabulary import CareAct, Code, RequestSeen

    now = datetime.now(UTC)
    far = [acts for many, acts in _FAR for _ in range(many)]
    for n, subject in enumerate(subjects):
        key, urgency = f"B-{n:08}", _URGENCIES[n % 10]
        # One in twenty was forgotten, and a job asks louder about it.
        share = 1.2 if n % 20 == 7 else (n * 37 % 100) / 115
        sent = now - timedelta(hours=_LOOKED_AT[urgency] * share)
        said = {"kind": "referral", "service": SERVICE, "urgency": urgency, "sender": "gp",
                "organisation": f"gp-{n % 12}", "state": "received",
                "words": "Please see at home, twice a week."}  # fmt: skip
        what = Code("", _WHAT[n % 6], _WHAT[n % 6])
        readings = [
            Owned(reading=RequestSeen(key=key, subject=subject, at=sent, recorded=sent, what=what,
                              service=SERVICE, urgency=urgency, status="received", by="gp")),
            Owned(reading=CareAct(part="requests", verb="send", thing=key, act=key, by="gp",
                          recorded=sent, subject=subject, said=said)),
        ]  # fmt: skip
        for step, act in enumerate(far[n % len(far)], 1):
            at = sent + timedelta(minutes=step)
            more = {"state": MOVES[act].to, "reason": f"{_WHAT[n % 6]}: see the letter of the ward"}
            if act == "book":
                more["booked"] = int((now + timedelta(days=n % 9)).timestamp() * 1e6)
            readings.append(
                Owned(reading=CareAct(part="requests", verb=act, thing=key, act=f"{key}-{step}",
                              by="kiri", recorded=at, subject=subject, said=more))
            )  # fmt: skip
        yield packed(whose="pas", by="gp", readings=readings)
