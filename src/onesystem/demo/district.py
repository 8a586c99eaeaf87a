"""The demo's district: organisations, places, services with capacity over time, and sources."""

import math
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from onesystem.demo.frames import Frame, Hospital
from onesystem.demo.rates import CARE_AGES, CARE_HOME_PLACES, HOME_CARE
from onesystem.demo.targets import Targets

_PEOPLE_A_PRACTICE = 3000  # a small demo has fewer, whole practices
_WARD_BEDS = 28
_HOME_CARE_FULL = 0.94  # of places, those that are taken at the most
_OLD = 75
_FEWEST_PLACES = 20  # of an authority's care homes; where there are fewer, all are one
_VISITING = 450  # people for each of whom a nursing team can visit one at once
_SMALL_WARD = 8  # beds that a ward of a small demo has at least, where there are so many
_ASSESSMENT = 0.07  # of a hospital's beds, those of its assessment unit
_WINTER = 0.03  # of them, those more from November to March, as published; few beds: none
_SPECIALTIES = (  # of a ward, and of every 100 adult beds how many it has
    ("Older people's medicine", 24), ("Acute medicine", 15), ("Respiratory", 11),
    ("Orthopaedics", 11), ("Surgery", 14), ("Cardiology", 9), ("Stroke", 6),
    ("Gastroenterology", 7), ("Children's", 3),
)  # fmt: skip
CLINICS = (
    "Orthopaedics", "Ophthalmology", "Dermatology", "Cardiology", "Ear, nose and throat",
    "Gastroenterology", "Gynaecology", "Respiratory",
)  # fmt: skip


@dataclass
class Plan:
    """The district as it will be written, with the places of its services in the list by use."""

    services: list[dict[str, Any]] = field(default_factory=list)
    organisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    practices: list[dict[str, Any]] = field(default_factory=list)
    use: dict[str, np.ndarray] = field(default_factory=dict)  # use -> indexes into services
    practice_share: np.ndarray = field(default_factory=lambda: np.zeros(0))  # authority x practice
    ward_beds: dict[int, int] = field(default_factory=dict)  # service -> beds

    def add(self, code: str, **facts: Any) -> int:
        """A service; its index."""
        self.services.append({"code": code, **facts})
        return len(self.services) - 1


def plan(here: Frame, goal: Targets, people: int, today: date) -> Plan:
    """The services that so many people of this district need."""
    made = Plan()
    scale = people / here.areas.people
    made.organisations = {code: dict(o) for code, o in here.facts["organisations"].items()}
    for code, (town, _, latitude, longitude) in here.towns.items():
        made.places[f"town-{code.lower()}"] = {
            "name": f"{town} ({code})", "latitude": latitude, "longitude": longitude,
        }  # fmt: skip
    _practices(made, here, people)
    for i, hospital in enumerate(here.hospitals):
        _hospital(made, hospital, i, goal, today, people)
    _neighbourhood(made, here, scale)
    _at_home(made, here, here.areas.people * scale)
    for number, organisation in enumerate(made.organisations.values()):
        organisation["phone"] = f"01632 960{number % 1000:03}"  # kept by Ofcom for drama
    return made


def _practices(made: Plan, here: Frame, people: int) -> None:
    """Some of the real practices, spread over the authorities by the size of their lists."""
    towns, order = here.towns, here.authorities
    for practice in here.practices:
        practice["town"] = practice["postcode"].split()[0]
        practice["authority"] = order.index(towns[practice["town"]][1])
    wanted = min(len(here.practices), max(len(order), round(people / _PEOPLE_A_PRACTICE)))
    ranked = sorted(here.practices, key=lambda p: (-p["patients"], p["code"]))
    lists = np.bincount([p["authority"] for p in ranked], [p["patients"] for p in ranked])
    quota = np.maximum(1, np.round(wanted * lists / lists.sum())).astype(int)
    quota += len(ranked) * (wanted == len(ranked))  # everyone is asked for: everyone comes
    taken = np.zeros(len(order), dtype=int)
    for practice in ranked:
        if taken[practice["authority"]] < quota[practice["authority"]]:
            taken[practice["authority"]] += 1
            made.practices.append(practice)
    made.practices.sort(key=lambda p: p["code"])
    share = np.zeros((len(order), len(made.practices)))
    for i, practice in enumerate(made.practices):
        share[practice["authority"], i] = practice["patients"]
    made.practice_share = share / share.sum(axis=1, keepdims=True)
    lived = np.bincount(here.areas.authority, here.areas.counts.sum(axis=1))
    size = made.practice_share.T @ lived * (people / here.areas.people)
    indexes, pharmacies = [], []
    for practice, patients in zip(made.practices, size, strict=True):
        code, town = practice["code"].lower(), towns[practice["town"]][0]
        place = f"town-{practice['town'].lower()}"
        made.organisations[f"gp-{code}"] = {
            "name": practice["name"], "kind": "general practice", "national_code": practice["code"],
        }  # fmt: skip
        rooms = max(2, round(patients / 400))
        indexes.append(
            made.add(
                f"gp-{code}", name=practice["name"], setting="general practice",
                organisation=f"gp-{code}", place=place,
                capacity=[{"amount": rooms, "days": "mon-fri", "hours": "08:00-18:30"}],
            )
        )  # fmt: skip
        pharmacies.append(
            made.add(
                f"pharmacy-{code}", name=f"Pharmacy, {town} ({practice['code']})",
                setting="pharmacy", organisation=here.facts["district"]["pharmacy"], place=place,
            )
        )  # fmt: skip
    made.use["gp"], made.use["pharmacy"] = np.array(indexes), np.array(pharmacies)


def _hospital(
    made: Plan, hospital: Hospital, i: int, goal: Targets, today: date, people: int
) -> None:
    code, short = hospital.code, hospital.short
    made.places[code] = {
        "name": hospital.name, "organisation": code, "postcode": hospital.postcode,
        "latitude": hospital.latitude, "longitude": hospital.longitude,
    }  # fmt: skip
    common = {"organisation": code, "place": code}
    bays = max(4, round(goal.attendances[i] * 4.4 / 24 * 1.9))
    made.use[f"ed-{code}"] = np.array([
        made.add(f"{code}-ed", name=f"{short} emergency department", setting="ED", **common,
                 capacity=[{"amount": bays}])
    ])  # fmt: skip
    made.use[f"ward-{code}"] = _wards(made, hospital, float(goal.beds_available[i]), today, common)
    rooms = max(1, round(people * goal.beds_available[i] / goal.beds_available.sum() / 40000))
    made.use[f"clinic-{code}"] = np.array([
        made.add(f"{code}-op-{n + 1}", name=f"{short} {clinic} clinic", setting="outpatient",
                 **common, capacity=[{"amount": 2 * rooms, "days": "mon-fri",
                                      "hours": "08:30-17:30"}])
        for n, clinic in enumerate(CLINICS)
    ])  # fmt: skip
    made.use[f"tests-{code}"] = np.array([
        made.add(f"{code}-{slug}", name=f"{short} {name}", setting="diagnostics", **common)
        for slug, name in (("imaging", "imaging"), ("pathology", "pathology"),
                           ("endoscopy", "endoscopy"), ("cardio", "heart and lung tests"))
    ])  # fmt: skip


def _wards(
    made: Plan, hospital: Hospital, beds: float, today: date, common: dict[str, str]
) -> np.ndarray:
    """An assessment unit, then wards by specialty, then a ward that opens in winter."""
    code, short = hospital.code, hospital.short
    unit = max(1, round(beds * _ASSESSMENT))
    left = max(2, round(beds) - unit)
    count = max(2, round(left / min(_WARD_BEDS, max(_SMALL_WARD, left / 4))))
    names = [("amu", "Acute medical unit", unit)]
    shares = [(name, part / 100 * count) for name, part in _SPECIALTIES]
    while len(names) <= count:
        shares.sort(key=lambda s: -s[1])
        name, part = shares[0]
        shares[0] = (name, part - 1)
        nth = sum(n[1].startswith(f"{name} ward") for n in names) + 1
        slug = name.lower().split()[0].replace("'", "")
        own = left // count + (len(names) <= left % count)
        names.append((f"{slug}-{nth}", f"{name} ward {nth}", own))
    indexes = []
    for slug, name, amount in names:
        index = made.add(f"{code}-{slug}", name=f"{short} {name}", setting="ward", **common,
                         capacity=[{"amount": amount}])  # fmt: skip
        made.ward_beds[index] = amount
        indexes.append(index)
    extra = round(beds * _WINTER)
    winters = [{"amount": 0}] + [
        {"amount": extra, "from": date(year, 11, 1), "to": date(year + 1, 4, 1)}
        for year in range(today.year - 4, today.year + 3)
    ]
    made.use[f"winter-{code}"] = np.array([
        made.add(f"{code}-winter", name=f"{short} winter ward", setting="ward", **common,
                 capacity=winters)
    ])  # fmt: skip
    made.ward_beds[int(made.use[f"winter-{code}"][0])] = extra
    return np.array(indexes)


def _neighbourhood(made: Plan, here: Frame, scale: float) -> None:
    """Everything outside hospital and practice: by team, by authority, or one for all."""
    facts, lived = here.facts, here.areas.people * scale
    run = facts["district"]
    made.use["ooh"] = np.array([
        made.add("ooh", name="Out of hours", setting="out of hours",
                 organisation=run["out_of_hours"],
                 capacity=[{"amount": max(2, round(lived / 25000)), "hours": "18:30-08:00"},
                           {"amount": max(3, round(lived / 15000)), "days": "sat-sun"}]),
    ])  # fmt: skip
    made.use["calls"] = np.array([
        made.add("calls", name="Urgent care by telephone", setting="telephone",
                 organisation=run["out_of_hours"]),
    ])  # fmt: skip
    made.use["ambulance"] = np.array([
        made.add("ambulance", name="Emergency ambulance", setting="ambulance",
                 organisation=run["ambulance"],
                 capacity=[{"amount": max(2, math.ceil(lived / 9000))}]),
    ])  # fmt: skip
    teams = [
        made.add(f"nursing-{code}", name=f"Community nursing, {name}", setting="community",
                 organisation=run["community"],
                 capacity=[{"amount": max(3, round(lived / len(facts["teams"]) / _VISITING))}])
        for code, name in facts["teams"].items()
    ]  # fmt: skip
    therapy = [
        made.add(f"enablement-{code}", name=f"Enablement at home, {name}", setting="home care",
                 organisation=run["council"])
        for code, name in facts["teams"].items()
    ]  # fmt: skip
    made.use["nursing"], made.use["enablement"] = np.array(teams), np.array(therapy)
    _beds_and_care(made, here, lived)


def _beds_and_care(made: Plan, here: Frame, lived: float) -> None:
    facts, run = here.facts, here.facts["district"]
    units = list(facts["rehabilitation"].items())
    units = units[: max(1, min(len(units), round(lived / 25000)))]
    beds = max(4, round(lived * 0.00022 / len(units)))
    rehabilitation = []
    for code, place in units:
        made.places[code] = {**place, "organisation": run["community"]}
        rehabilitation.append(
            made.add(f"rehab-{code}", name=f"{place['name']} rehabilitation beds",
                     setting="rehabilitation", organisation=run["community"], place=code,
                     capacity=[{"amount": beds}])
        )  # fmt: skip
        made.ward_beds[rehabilitation[-1]] = beds
    made.use["rehabilitation"] = np.array(rehabilitation)
    part = lived / here.areas.people
    cared = _places(_in_care(here, HOME_CARE) * part, _HOME_CARE_FULL)
    care = []
    for i, (code, authority) in enumerate(facts["authorities"].items()):
        slug = code.lower()
        care.append(
            made.add(f"homecare-{slug}", name=f"Home care, {authority['name']}",
                     setting="home care", organisation=run["council"],
                     capacity=[{"amount": cared[i]}])
        )  # fmt: skip
    made.use["homecare"] = np.array(care)
    _care_homes(made, here, part)


def _care_homes(made: Plan, here: Frame, part: float) -> None:
    """By authority, as many places as are published for its people of 75 and more."""
    run, names = here.facts["district"], here.facts["authorities"]
    places = housed_places(here) * part
    if places.sum() < _FEWEST_PLACES * len(names):
        index = made.add("carehome", name="Care homes", setting="care home",
                         organisation=run["council"],
                         capacity=[{"amount": max(4, round(places.sum()))}])  # fmt: skip
        made.use["carehome"] = np.full(len(names), index)
        return
    made.use["carehome"] = np.array([
        made.add(f"carehome-{code.lower()}", name=f"Care homes, {authority['name']}",
                 setting="care home", organisation=run["council"],
                 capacity=[{"amount": max(4, round(amount))}])
        for (code, authority), amount in zip(names.items(), places.tolist(), strict=True)
    ])  # fmt: skip


def housed_places(here: Frame) -> np.ndarray:
    """Places in care homes of each whole authority."""
    old = here.areas.counts[:, _OLD:].sum(axis=1) * CARE_HOME_PLACES
    return np.bincount(here.areas.authority, old, minlength=len(here.authorities))


def _at_home(made: Plan, here: Frame, lived: float) -> None:
    """What lets people stay at home, and its practice ask: for the whole district, at the end.

    Nobody of the demo's past came to them: they are what the district has begun lately.
    """
    run = here.facts["district"]
    beds = f"rehab-{next(iter(here.facts['rehabilitation']))}"
    place = next(s["place"] for s in made.services if s["code"] == beds)
    many = max(6, math.ceil(lived / 15000))
    for code, name, setting, by, capacity in (
        ("acute-demand", "Acute demand at home", "community", "community", many),
        ("iv-therapy", "IV therapy at home", "community", "community", many),
        ("falls", "Falls service", "community", "community", 0),
        ("palliative", "Palliative care at home", "community", "community", many),
        ("lung-rehab", "Lung rehabilitation classes", "community", "community", 0),
        ("spirometry", "Community spirometry", "diagnostics", "community", 0),
        ("ultrasound", "Community ultrasound", "diagnostics", "community", 0),
        ("home-from-hospital", "Home from hospital", "home care", "council", many),
        ("meals", "Meals at home", "meals", "council", 4 * many),
        ("observation", "Observation beds", "rehabilitation", "community", max(2, many // 4)),
    ):
        more = {"place": place} if setting in {"diagnostics", "rehabilitation"} else {}
        if capacity:
            more["capacity"] = [{"amount": capacity}]
        index = made.add(code, name=name, setting=setting, organisation=run[by], **more)
        made.use[code] = np.array([index])
    first = here.hospitals[0]
    for clinic in (*CLINICS, "Older people's medicine", "Diabetes", "Kidney"):
        slug = clinic.lower().replace("'", "").replace(",", "").replace(" ", "-")
        made.add(f"{first.code}-advice-{slug}", name=f"{first.short} advice: {clinic}",
                 setting="outpatient", organisation=first.code, place=first.code)  # fmt: skip


def _in_care(here: Frame, share: np.ndarray) -> np.ndarray:
    """How many people of each authority are in long-term care of a kind, by their ages."""
    ages = np.interp(np.arange(here.areas.counts.shape[1]), CARE_AGES, share)
    return np.bincount(
        here.areas.authority, here.areas.counts @ ages, minlength=len(here.authorities)
    )


def _places(people: np.ndarray, full: float) -> list[int]:
    """Places for so many: where they are few, more of them stand empty, or chance fills them."""
    return [max(4, math.ceil(n / full + math.sqrt(n))) for n in people.tolist()]
