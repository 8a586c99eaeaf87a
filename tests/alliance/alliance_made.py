"""An alliance of the small district: three parties, six members, a charter they all signed."""

from dataclasses import replace

from onesystem.access import Actor
from onesystem.alliance.charter import actions, rules, signing
from onesystem.alliance.charter.actions import Seat
from onesystem.alliance.charter.text import Quorum, written

CODE = "testshire"
CHAIR = Actor(name="chair", roles=frozenset({"alliance-chair"}))
NURSE = Actor(name="nurse", roles=frozenset({"alliance-member"}))
KIT = Actor(name="kit", roles=frozenset({"alliance-member"}))
HEALTH = Actor(name="health", roles=frozenset({"funder"}))
CARE = Actor(name="care", roles=frozenset({"funder"}))
PAPER = "Doctor Paper"  # has no account
SEATS = (
    Seat(name="Ina Chair", perspective="Chairing", username="chair", seat="chair",
         independence="I work for none of the parties."),
    Seat(name="Kit Community", perspective="Using services", username="kit", seat="community",
         levels=(("community", 3),)),
    Seat(name="Nat Nurse", perspective="Nursing", username="nurse", clinical=True,
         levels=(("nursing", 2),)),
    Seat(name="Hal Health", perspective="Running a hospital", username="health",
         commands="hospital", most=1_000_000, levels=(("money", 1),)),
    Seat(name="Cat Care", perspective="Community care", username="care", commands="community"),
    Seat(name=PAPER, perspective="General practice", levels=(("general-practice", 3),)),
)  # fmt: skip


def charter():
    """The text that they sign: three of them at least."""
    made = rules.begin_with("GB")
    return replace(made, quorum=Quorum(least=3))


def seated():
    """Parties and members, without a charter; gives members by name."""
    actions.set_up(code=CODE, name="Testshire Alliance", by=CHAIR)
    for code, funder in (("hospital", True), ("community", True), ("practice", False)):
        actions.join(alliance=CODE, code=code, name=code.title(), organisation=code,
                     funder=funder, by=CHAIR)  # fmt: skip
    return {s.name: actions.seat(alliance=CODE, seat=s, by=CHAIR) for s in SEATS}


def signed(text=None, members=None):
    """The same, with the charter signed by all; gives members by name."""
    members = members or seated()
    text = text or charter()
    signing.write(alliance=CODE, charter=text, by=CHAIR)
    signing.lay_out(alliance=CODE, by=CHAIR)
    digest = signing.digest_of(written(text))
    for by in (CHAIR, KIT, NURSE, HEALTH, CARE):
        signing.sign(alliance=CODE, by=by, digest=digest)
    signing.sign(alliance=CODE, by=CHAIR, digest=digest, member=members[PAPER])
    return members
