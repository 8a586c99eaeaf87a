"""An alliance of seven around a table in Testshire, with its charter signed, for tests."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from onesystem.access import Actor
from onesystem.alliance.charter import actions, interests, queries, rules, signing
from onesystem.alliance.charter.actions import Seat
from onesystem.alliance.charter.text import Quorum, written
from onesystem.alliance.meeting import bringing, deciding, holding
from onesystem.alliance.meeting.proposal import Ask, Effect, Evidence, Proposed, Risk
from onesystem.district import now

CODE = "testshire"


def actor(name, *roles):
    """Somebody with roles."""
    return Actor(name=name, roles=frozenset(roles or {"alliance-member"}))


CHAIR = actor("chair", "alliance-chair")
CLERK = actor("contracts", "contract-manager")
NURSE = actor("member")
KIT = actor("community")
BOARD = actor("funder.health", "funder")
COUNCIL = actor("funder.council", "funder")
_SEATS = (
    ("Ishbel Independent", "chair", "chair", ""),
    ("Devi Deputy", "deputy", "deputy", ""),
    ("Kit Community", "community", "community", ""),
    ("Fay Funder", "member", "funder.health", "hospital"),
    ("Cal Council", "member", "funder.council", "community"),
    ("Nuala Nursing", "member", "member", ""),
    ("Gita Practice", "member", "gp", ""),
)


def seated(charter=None):
    """Set the alliance up; gives the number of each member by the name they sign in with."""
    actions.set_up(code=CODE, name="Testshire Alliance", by=CHAIR)
    for code, name in (("hospital", "Testshire Hospital"), ("community", "Community Care")):
        actions.join(alliance=CODE, code=code, name=name, organisation=code, funder=True, by=CHAIR)
    made = {}
    for name, seat, username, commands in _SEATS:
        independent = "I work for none of the parties" if seat == "chair" else ""
        said = Seat(name=name, perspective=name.split()[1], username=username, seat=seat,
                    commands=commands, independence=independent)  # fmt: skip
        made[username] = actions.seat(alliance=CODE, seat=said, by=CHAIR)
    sign_charter(charter)
    return made


def sign_charter(charter=None):
    """A charter that everybody signs, in force from now on."""
    plain = replace(rules.begin_with("GB"), quorum=Quorum(share=Fraction(1, 2), least=4))
    charter = charter or plain
    signing.write(alliance=CODE, charter=charter, by=CHAIR)
    signing.lay_out(alliance=CODE, by=CHAIR)
    for member in queries.standing(CODE).seated:
        signing.sign(alliance=CODE, by=actor(member.username), member=0,
                     digest=signing.digest_of(written(charter)))  # fmt: skip


def declared(member, *touches, by=CHAIR):
    """An interest of a member."""
    return interests.declare(alliance=CODE, category="financial", text="Owns a part of it",
                             touches=touches, member=member, by=by)  # fmt: skip


def proposed(members, **more):
    """A proposal that lacks nothing."""
    day = now().date()
    month = day.replace(day=1)
    said = {
        "title": "Acute demand at home",
        "plain": "People who are ill and need not lie in hospital are cared for at home.",
        "problem": "The ward is full in winter.", "design": "Nurses visit for five days.",
        "asks": (
            Ask(funder="hospital", amount=12_000_000, since=month, until=month, line=""),
            Ask(funder="community", amount=6_000_000, since=month, until=month, line=""),
        ),
        "touches": (("service", "nursing"),),
        "effects": (
            Effect(organisation="community", side="gains", words="Nurses", amount=9_000_000),
            Effect(organisation="hospital", side="loses", words="Income of the ward"),
        ),
        "risks": (Risk(words="Nurses cannot be found", answer="Begin with two practices"),),
        "evidence": (Evidence(kind="other", address="/measures/", title="Measures"),),
        "measure": "ed-attendances", "review": day + timedelta(days=180),
        "owner": members["member"],
    }  # fmt: skip
    return Proposed(**(said | more))


def ready(members, by=CLERK, **more):
    """A proposal that lies ready for a meeting; gives its number."""
    number = bringing.begin(proposed=proposed(members, **more), by=by, alliance=CODE)
    bringing.put(proposal=number, seen=1, by=by)
    return number


def opened(members, proposal, *but, by=CLERK):
    """A meeting that is open with the proposal before it, and who is there; gives its item."""
    meeting = holding.call(title="Alliance", starts=now(), by=by, alliance=CODE)
    item = holding.list_(meeting=meeting, proposal=proposal, by=by)
    holding.open_(meeting=meeting, by=by)
    for name, member in members.items():
        if name not in but:
            holding.come(meeting=meeting, member=member, by=by)
    deciding.open_item(item=item, by=by)
    return meeting, item


def say(item, members, *names, said="agree", reason="", by=CLERK):
    """Members say something, and the clerk writes it down."""
    for name in names or members:
        deciding.speak(item=item, member=members[name], said=said, reason=reason, by=by)


def decided(members, **more):
    """A decision that all agreed to; gives its number."""
    from onesystem.alliance.meeting.decided_rows import Decision

    meeting, item = opened(members, ready(members, **more))
    for name in members:
        if name in ("funder.health", "funder.council"):
            deciding.handle(item=item, member=members[name], handling="stay", by=CLERK,
                            reason="It is their money")  # fmt: skip
    say(item, members)
    deciding.close_item(item=item, by=CLERK, expects="agreed")
    holding.close(meeting=meeting, by=CLERK)
    return Decision.objects.get(item=item).number


def years_ahead(years):
    """A day so many years from today."""
    return date(now().year + years, 1, 1)
