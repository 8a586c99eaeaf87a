"""The demo's alliance: parties, an independent chair, members, a charter that all of them signed.

Six members have an account of the demo; the others have none, and the chair writes down what they
sign on paper. All are made up: their names say what they bring.
"""

from collections.abc import Callable
from dataclasses import replace

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.alliance.charter import (
    actions,
    buying,
    groups,
    interests,
    ladder,
    queries,
    rules,
    signing,
)
from onesystem.alliance.charter.actions import Seat
from onesystem.alliance.charter.groups import Chair
from onesystem.alliance.charter.rows import Alliance
from onesystem.alliance.charter.text import Charter, written
from onesystem.demo.delivering.ago import ago
from onesystem.district import current
from onesystem.vocabulary import Setting

_BEGAN, _ANEW = 520, 150  # days ago: the alliance began, and signed its second charter
_OPEN = ("chair", "member", "community", "funder.health", "funder.council", "funder.hospital")
_PURSE = 500_000_000  # pence that somebody may commit alone


def agree(say: Callable[[str], None]) -> None:
    """Let the alliance be set up, sign its charter twice, and do what alliances do."""
    there = {u.username: Actor.of(u) for u in User.objects.filter(username__in=_OPEN)}
    if Alliance.objects.exists() or len(there) < len(_OPEN):
        return
    code, chair = current().code, there["chair"]
    parties = _parties()
    with ago(_BEGAN):
        actions.set_up(code=code, name=f"{current().name} Health Alliance", by=chair,
                       about="Everybody who looks after people here, and those who pay for it, "
                             "decide together.")  # fmt: skip
        for party, (name, funder) in parties.items():
            actions.join(alliance=code, code=party, name=name, organisation=party, funder=funder,
                         by=chair)  # fmt: skip
        members = {s.name: actions.seat(alliance=code, seat=s, by=chair) for s in _seats(parties)}
    with ago(_BEGAN - 20):
        charter = _charter()
        signing.write(alliance=code, charter=charter, by=chair, why="The first charter")
        _signed(code, there, charter)
    with ago(_BEGAN - 30):
        _groups(code, chair, members)
        _interests(code, there, members, parties)
    with ago(210):
        actions.leave(alliance=code, member=members["Olive Older-People"], by=chair,
                      why="Retired, with the thanks of all")  # fmt: skip
    with ago(_ANEW + 30):
        seat = _seat("Owen Older-People", "Aged care", "management", "aged-care",
                     levels=(("older-people", 3),))  # fmt: skip
        members[seat.name] = actions.seat(alliance=code, seat=seat, by=chair)
    with ago(_ANEW):
        charter = replace(charter, quorum=replace(charter.quorum, least=7))
        signing.write(alliance=code, charter=charter, by=chair,
                      why="Seven at least, since there are fourteen of us")  # fmt: skip
        _signed(code, there, charter)
    _confirmed(code, there)
    _disagreements(code, there, parties)
    _procurements(code, chair, parties)
    stands = queries.standing(code)
    say(f"An alliance of {len(stands.parties)} parties and {len(stands.members)} members, "
        f"charter {stands.version.number if stands.version else 0} signed by all")  # fmt: skip


def _charter() -> Charter:
    return rules.begin_with("GB" if current().currency == "GBP" else "NZ")


def _signed(code: str, there: dict[str, Actor], charter: Charter) -> None:
    """Lay the draft out, and let everybody sign it who still sits."""
    chair = there["chair"]
    signing.lay_out(alliance=code, by=chair)
    digest = signing.digest_of(written(charter))
    for member in queries.standing(code).seated:
        by = there.get(member.username, chair)
        signing.sign(alliance=code, by=by, digest=digest,
                     member=0 if member.username else member.key)  # fmt: skip


def _parties() -> dict[str, tuple[str, bool]]:
    """Who is a party: the funders first, then who runs services, each by its organisation."""
    here = current()
    day = buying.today()
    on = {c: o for c, o in here.organisations.items() if o.on(day)}
    funders = [c for c, o in on.items()
               if o.kind in ("integrated care board", "health district")][:1]  # fmt: skip
    funders += [c for c, o in on.items() if "council" in (c, o.kind) or c == "homesupport"][:1]
    funders += [s.organisation for s in here.services.values() if s.setting is Setting.ED][:1]
    kinds = ("community trust", "ambulance trust", "out-of-hours provider", "pharmacy",
             "community nursing", "ambulance service", "after-hours clinic")  # fmt: skip
    others = [c for c, o in on.items() if o.kind in kinds and c not in funders]
    practices = [c for c, o in on.items() if o.kind == "general practice"][:3]
    return {c: (on[c].name, c in funders) for c in [*funders, *others, *practices]}


def _seat(name: str, brings: str, profession: str, sector: str, **more: object) -> Seat:
    return Seat(name=name, perspective=brings, profession=profession, sector=sector, **more)  # type: ignore[arg-type]


def _seats(parties: dict[str, tuple[str, bool]]) -> list[Seat]:
    health, council, hospital = [*[c for c, (_, f) in parties.items() if f], "", "", ""][:3]
    return [
        _seat("Ishbel Independent", "Chairing, for no organisation", "none", "public",
              username="chair", seat="chair", levels=(("data", 1), ("community", 2)),
              independence="I work for none of the parties, advise none of them, own no share in "
                           "any, and have no close family who do."),
        _seat("Devi Deputy", "General practice in towns", "medicine", "general-practice",
              seat="deputy", clinical=True,
              levels=(("general-practice", 3), ("data", 2))),
        _seat("Kit Community", "Using services here, and caring for a parent", "none", "public",
              username="community", seat="community",
              levels=(("community", 3), ("older-people", 1))),
        _seat("Nuala Nursing", "Community nursing", "nursing", "community", username="member",
              clinical=True, levels=(("nursing", 3), ("older-people", 2))),
        _seat("Fay Funder", "Planning and funding of health care", "finance", "funder",
              username="funder.health", commands=health, most=_PURSE,
              levels=(("money", 3), ("data", 1))),
        _seat("Cal Council", "Social care and where people live", "social-work", "council",
              username="funder.council", commands=council, most=_PURSE,
              levels=(("social-care", 3), ("money", 2))),
        _seat("Hal Hospital", "Running a hospital", "management", "hospital",
              username="funder.hospital", commands=hospital, most=_PURSE,
              levels=(("hospital", 2), ("money", 2))),
        _seat("Rae Rural", "Rural general practice", "medicine", "general-practice",
              clinical=True, levels=(("general-practice", 3), ("rural", 3))),
        _seat("Sacha Specialist", "Hospital medicine", "medicine", "hospital", clinical=True,
              levels=(("hospital", 3),)),
        _seat("Amos Allied", "Allied health", "allied-health", "community", clinical=True,
              levels=(("allied-health", 3), ("older-people", 1))),
        _seat("Pim Paramedic", "Ambulance", "paramedicine", "ambulance", clinical=True,
              levels=(("urgent", 3),)),
        _seat("Priya Pharmacy", "Community pharmacy", "pharmacy", "community", clinical=True,
              levels=(("pharmacy", 3),)),
        _seat("Polly Practice-Nurse", "Practice nursing", "nursing", "general-practice",
              clinical=True, levels=(("nursing", 3), ("general-practice", 2))),
        _seat("Olive Older-People", "Aged care", "nursing", "aged-care",
              levels=(("older-people", 3),)),
    ]  # fmt: skip


def _groups(code: str, chair: Actor, members: dict[str, int]) -> None:
    here = current().services

    def services(*settings: Setting) -> list[str]:
        return [c for c, s in here.items() if s.setting in settings][:12]

    _group(
        code, chair, "urgent", "Urgent care",
        "Everything between a call for help and a bed: ambulance, out of hours, ED, acute demand "
        "at home.",
        "Agrees pathways and packages within its budget; recommends new services.",
        services(Setting.AMBULANCE, Setting.OUT_OF_HOURS, Setting.ED), 5_000_000,
        [Chair(member=members["Pim Paramedic"], leads=True),
         Chair(member=members["Devi Deputy"]), Chair(member=members["Nuala Nursing"]),
         Chair(name="Edie Emergency", perspective="Emergency medicine", clinical=True),
         Chair(name="Cleo Carer", perspective="Caring for a relative")],
    )  # fmt: skip
    _group(
        code, chair, "older-people", "Health of older people",
        "Staying well at home, enablement, care homes, leaving hospital.",
        "Agrees how enablement and discharge work; recommends capacity.",
        services(Setting.COMMUNITY, Setting.REHABILITATION, Setting.CARE_HOME), 2_500_000,
        [Chair(member=members["Amos Allied"], leads=True),
         Chair(member=members["Cal Council"]), Chair(member=members["Olive Older-People"]),
         Chair(name="Gwen Geriatrics", perspective="Medicine of older people", clinical=True)],
    )  # fmt: skip


def _group(
    code: str, chair: Actor, group: str, name: str, scope: str, mandate: str,
    services: list[str], most: int, chairs: list[Chair],
) -> None:  # fmt: skip
    groups.form(alliance=code, code=group, name=name, scope=scope, mandate=mandate, most=most,
                services=services, by=chair)  # fmt: skip
    for each in chairs:
        groups.seat(alliance=code, group=group, chair=each, by=chair)


def _interests(
    code: str,
    there: dict[str, Actor],
    members: dict[str, int],
    parties: dict[str, tuple[str, bool]],
) -> None:
    chair, here = there["chair"], current().organisations

    def of_kind(*kinds: str) -> list[tuple[str, str]]:
        return [("organisation", c) for c in parties if here[c].kind in kinds][:1]

    funders = [("organisation", c) for c, (_, funder) in parties.items() if funder]
    said = (
        ("Devi Deputy", "financial", "Partner in a practice",
         of_kind("general practice")),
        ("Priya Pharmacy", "financial", "Owns a community pharmacy", of_kind("pharmacy")),
        ("Nuala Nursing", "professional", "Employed by the community provider",
         of_kind("community trust", "community nursing")),
        ("Sacha Specialist", "financial", "Employed by the hospital, and sees private patients",
         funders[-1:]),
        ("Pim Paramedic", "professional", "Employed by the ambulance service",
         of_kind("ambulance trust", "ambulance service")),
        ("Kit Community", "personal", "Trustee of a charity that the council pays", funders[1:2]),
        ("Cal Council", "professional", "Employed by the council", funders[1:2]),
        ("Hal Hospital", "professional", "Employed by the hospital", funders[-1:]),
        ("Fay Funder", "professional", "Employed by the board", funders[:1]),
    )  # fmt: skip
    accounts = {m.name: m.username for m in queries.standing(code).seated}
    for name, category, words, touches in said:
        if touches:
            by = there.get(accounts[name], chair)
            interests.declare(alliance=code, category=category, text=words, touches=touches,
                              member=members[name], by=by)  # fmt: skip


def _confirmed(code: str, there: dict[str, Actor]) -> None:
    """Half a year ago all but two said that what they had declared was all there is."""
    with ago(_ANEW - 10):
        for member in queries.standing(code).seated[:-2]:
            interests.confirm(alliance=code, member=member.key,
                              by=there.get(member.username, there["chair"]))  # fmt: skip


def _disagreements(
    code: str, there: dict[str, Actor], parties: dict[str, tuple[str, bool]]
) -> None:
    health, council, hospital = [*[c for c, (_, f) in parties.items() if f], "", "", ""][:3]
    with ago(95):
        number = ladder.raise_(
            alliance=code, title="Who pays for the days between fit and home",
            text="The hospital and the council each count the days differently, and pay by it.",
            between=[c for c in (council, hospital) if c], by=there["funder.hospital"],
        )  # fmt: skip
    with ago(82):
        ladder.climb(alliance=code, number=number, by=there["funder.council"],
                     text="We agree on the days, not on what they cost.")  # fmt: skip
    with ago(74):
        ladder.resolve(alliance=code, number=number, by=there["chair"],
                       text="Counted from the log by one definition, which both signed; half "
                            "each while a package is arranged.")  # fmt: skip
    with ago(6):
        ladder.raise_(
            alliance=code, title="Releasing staff for improvement courses",
            text="Community services release nurses for two days a month and the hospital for one.",
            between=[c for c in (hospital, health) if c], by=there["member"],
        )  # fmt: skip


def _procurements(code: str, chair: Actor, parties: dict[str, tuple[str, bool]]) -> None:
    """One awarded, one in its standstill; only where the law of the country asks for it so."""
    if current().currency != "GBP":
        return
    health = next(c for c, (_, funder) in parties.items() if funder)
    community = next((c for c in parties if current().organisations[c].kind == "community trust"),
                     "")  # fmt: skip
    with ago(110):
        number = buying.open_(
            alliance=code, title="Nursing at home for acute illness", law="psr-2023",
            route="most-suitable", buyer=health, value=180_000_000, by=chair,
            reason="One provider has nurses in every part of the district, and no other showed "
                   "an interest in the whole.",
        )  # fmt: skip
        buying.add(alliance=code, number=number, kind="notice", by=chair,
                   text="Intention to follow the most suitable provider process")  # fmt: skip
    nursing = next((m.key for m in queries.standing(code).seated if m.username == "member"), 0)
    with ago(90):
        buying.add(alliance=code, number=number, kind="assessment", by=chair,
                   text="Quality, value, integration, access and social value: most suitable of "
                        "those known.", body={"organisation": community})  # fmt: skip
        buying.add(alliance=code, number=number, kind="interest", by=chair,
                   text="Employed by the provider",
                   body={"member": nursing, "handling": "leave"})  # fmt: skip
        buying.add(alliance=code, number=number, kind="intention", by=chair)
    with ago(70):
        buying.add(alliance=code, number=number, kind="award", by=chair,
                   body={"organisation": community, "amount": 180_000_000})  # fmt: skip
    with ago(60):
        buying.add(alliance=code, number=number, kind="award notice", by=chair)
    with ago(20):
        other = buying.open_(
            alliance=code, title="Step-up beds in care homes", law="psr-2023", route="competitive",
            buyer=health, value=96_000_000, by=chair,
            reason="Several providers could give it, and we do not know which is most suitable.",
        )  # fmt: skip
        buying.add(alliance=code, number=other, kind="notice", by=chair,
                   text="Contract notice with the criteria")  # fmt: skip
    with ago(3):
        for bidder, amount in (("Example Care Homes A", 93_500_000),
                               ("Example Care Homes B", 95_200_000)):  # fmt: skip
            buying.add(alliance=code, number=other, kind="bid", by=chair,
                       body={"bidder": bidder, "amount": amount})  # fmt: skip
