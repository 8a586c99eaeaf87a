"""A decision that three funders are asked for, over a budget with lines, for tests."""

import time
from datetime import date

from funds_data import fund_it
from seating import BOARD, CHAIR, CODE, COUNCIL, actor, decided, seated

from onesystem import access, wiring
from onesystem.access import Actor
from onesystem.alliance.charter import actions as charter
from onesystem.alliance.charter import queries, signing
from onesystem.alliance.charter.actions import Seat
from onesystem.alliance.meeting.proposal import Ask, Change
from onesystem.care.pathways import actions as pathways
from onesystem.care.pathways import queries as written
from onesystem.care.pathways import starting
from onesystem.district import clock

TRUST = actor("funder.hospital", "funder")
FUNDERS = (BOARD, COUNCIL, TRUST)
LINES = ("wards", "nurses", "home")
SLUG = "copd-exacerbation"
DECEMBER, MARCH = date(2026, 12, 1), date(2027, 3, 1)
ASKS = (
    Ask(funder="hospital", amount=10_000, since=DECEMBER, until=MARCH, line="wards"),
    Ask(funder="community", amount=4_001, since=DECEMBER, until=MARCH, line="nurses"),
    Ask(funder="practice", amount=20_000, since=DECEMBER, until=MARCH, line="home"),
)
CHANGES = (
    Change(kind="service", code="nursing", number="12", since=DECEMBER),
    Change(kind="pathway", code=SLUG),
    Change(kind="ambulance", code="copd-at-home"),
    Change(kind="goal", code="ed-attendances", number="at most 90"),
)


def everybody():
    """The alliance with a third funder, the budget with its lines; members by sign-in name."""
    wiring.connect()
    members = seated()
    charter.join(alliance=CODE, code="practice", name="Mill Road Surgery", organisation="practice",
                 funder=True, by=CHAIR)  # fmt: skip
    said = Seat(name="Hal Hospital", perspective="Money of practices", username="funder.hospital",
                seat="member", commands="practice")  # fmt: skip
    members["funder.hospital"] = charter.seat(alliance=CODE, seat=said, by=CHAIR)
    version = queries.standing(CODE).version
    signing.sign(alliance=CODE, by=TRUST, member=0, digest=version.digest)
    fund_it()
    return members


def running_from(moment):
    """The district's clock, which runs from that moment on."""
    clock.write(clock.folder(), clock.Clock(time.time(), moment.timestamp()))


def asked(members, **more):
    """A decision that asks three funders, and lets four things go live; gives its number."""
    said = {"asks": ASKS, "changes": CHANGES, "title": "COPD at home"}
    return decided(members, **(said | more))


def signed_pathway():
    """The pathway for COPD, signed by two and not in force yet."""
    editor, lead, doctor = (
        Actor(name=name, roles=frozenset({role}))
        for name, role in (
            ("editor", "pathway-editor"),
            ("lead", "clinical-lead"),
            ("doctor", "hospital-doctor"),
        )
    )
    [pathway] = [each for each in starting.missing() if each.key == SLUG]
    pathways.begin(pathway=pathway, by=editor)
    from onesystem.access.actions import add_user

    add_user(username="doctor", password="correct horse 7", roles=["hospital-doctor"], name="D",
             by=access.Actor.job("test"))  # fmt: skip
    pathways.send(slug=SLUG, to="doctor", words="", seen=1, by=editor)
    for part, by in (("lead", lead), ("expert", doctor)):
        there = written.open_version(SLUG)
        pathways.sign(slug=SLUG, part=part, digest=there.digest, seen=there.seen, by=by)


def confirm(decision, nth, by, *, line=None, **more):
    """A funder confirms what it is asked for."""
    from onesystem.alliance.commit import actions

    ask = ASKS[nth]
    said = {"amount": ask.amount, "since": ask.since, "until": ask.until, "line": line or ask.line}
    return actions.confirm(decision=decision, nth=nth, by=by, **(said | more))


def all_confirm(decision):
    """All three; what became of the last word."""
    return [confirm(decision, nth, by) for nth, by in enumerate(FUNDERS)][-1]
