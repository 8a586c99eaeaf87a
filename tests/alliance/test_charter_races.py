"""Two who act on an alliance at one moment: nobody's act is lost, and no rule is passed."""

import pytest
from alliance_made import CARE, CHAIR, CODE, HEALTH, KIT, NURSE, PAPER, charter, seated
from racing import at_once, on_many_connections

from onesystem.alliance.charter import actions, queries, signing
from onesystem.alliance.charter.actions import Seat
from onesystem.alliance.charter.text import written

pytestmark = [pytest.mark.django_db(transaction=True), on_many_connections]


def test_the_two_last_signatures_at_once_bring_the_charter_into_force(district):
    members = seated()
    signing.write(alliance=CODE, charter=charter(), by=CHAIR)
    signing.lay_out(alliance=CODE, by=CHAIR)
    digest = signing.digest_of(written(charter()))
    for by in (CHAIR, KIT, NURSE, HEALTH):
        signing.sign(alliance=CODE, by=by, digest=digest)
    told = at_once(
        lambda: signing.sign(alliance=CODE, by=CARE, digest=digest),
        lambda: signing.sign(alliance=CODE, by=CHAIR, digest=digest, member=members[PAPER]),
    )
    assert told == ["done", "done"]
    assert len(queries.standing(CODE).members) == len(members)


def test_two_who_seat_a_deputy_at_once_seat_one(district):
    seated()

    def seat(name):
        return lambda: actions.seat(alliance=CODE, by=CHAIR, seat=Seat(
            name=name, perspective="General practice", seat="deputy"))  # fmt: skip

    told = at_once(seat("Ann"), seat("Bo"))
    assert told[0] == "done"
    assert "deputy already" in told[1]
    assert queries.standing(CODE).seated[-1].seat == "deputy"
