"""ADT feeds for benchmarks: invented people who come, move, and go home."""

import random
from datetime import UTC, datetime, timedelta

from onesystem.bench.population import people
from onesystem.bench.scratch import ED, HOSPITAL

_BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
_WARDS = ("WARDA", "WARDB", "WARDC", "WARDD")

DISTRICT = (
    HOSPITAL
    + ED
    + "".join(
        f"""
[services.{ward.lower()}]
name = "{ward}"
setting = "ward"
organisation = "hospital"
"""
        for ward in _WARDS
    )
    + """
[sources.pas]
name = "Patient administration"
organisation = "hospital"
format = "hl7v2"
[sources.pas.services]
ED = "ed"
"""
    + "".join(f'{ward} = "{ward.lower()}"\n' for ward in _WARDS)
)


def messages(count: int, *, seed: int = 1) -> list[bytes]:
    """So many messages, about four for each person: arrival, move, change, discharge.

    In the order of their times, as a hospital sends them; ten segments each.
    """
    dice = random.Random(seed)  # noqa: S311 - the same feed in every run
    told = people(count // 4 + 1, seed=seed)
    columns = (
        "family",
        "given",
        "middle",
        "birth",
        "sex",
        "address",
        "postcode",
        "phone",
        "number",
    )
    everyone = [{name: str(told[name][i]) for name in columns} for i in range(count // 4 + 1)]
    steps: list[tuple[datetime, int, str, str]] = []
    for i in range(len(everyone)):
        at = _BEGIN + timedelta(seconds=dice.randrange(86_400 * 20))
        ward = dice.choice(_WARDS)
        for trigger, place, minutes in (
            ("A01", "ED", 0),
            ("A02", ward, dice.randrange(30, 400)),
            ("A08", ward, dice.randrange(401, 2000)),
            ("A03", ward, dice.randrange(2001, 9000)),
        ):
            steps.append((at + timedelta(minutes=minutes), i, trigger, place))
    steps.sort()
    return [
        _message(everyone[i], i, trigger, place, at, number)
        for number, (at, i, trigger, place) in enumerate(steps[:count])
    ]


def _message(
    person: dict[str, str], i: int, trigger: str, place: str, at: datetime, number: int
) -> bytes:
    stamp = f"{at:%Y%m%d%H%M%S}+0000"
    name = f"{person['family']}^{person['given']}^{person['middle']}".upper()
    born, sex = person["birth"].replace("-", ""), person["sex"][:1].upper()
    kind = "E" if place == "ED" else "I"
    nhs = f"~{person['number']}^^^NHS^NH" if person["number"] else ""
    lines = (
        f"MSH|^~\\&|PAS|RM1|ONE|DISTRICT|{stamp}||ADT^{trigger}|B{number:09d}|P|2.4|||AL|NE",
        f"EVN|{trigger}|{stamp}||||{stamp}",
        (
            f"PID|1||{i:08d}^^^RM1^MR{nhs}||{name}||{born}|{sex}"
            f"|||{person['address']}^^^^{person['postcode']}||{person['phone']}"
            f"{'|' * 19}{'NSTS01' if nhs else ''}"
        ),
        "PD1|||MILL ROAD SURGERY^^D82001",
        "NK1|1|NEXT^OF^KIN|SPO",
        (
            f"PV1|1|{kind}|{place}^BAY{i % 6}^BED{i % 30}^RM1|21|||C{i % 90:04d}"
            f"^SMITH^JO^^^DR||||||||||||V{i:09d}"
        ),
        "PV2|||^CHEST PAIN",
        "AL1|1|DA|7980^PENICILLIN^SCT" if i % 9 == 0 else "ZAL|NONE",
        "ZID|1|LOCAL^FIELD",
    )
    return "\r".join(lines).encode() + b"\r"
