"""Bad input, each kind on its page: nothing is half made, and the rule and the cure are named."""

from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from funded import asked, everybody, running_from, signed_pathway
from seating import CHAIR, CODE, declared, opened, ready, say, seated, sign_charter
from test_commit_pages import client_of

from onesystem.alliance.charter import actions as charter
from onesystem.alliance.charter import rules
from onesystem.alliance.commit.rows import Resourced
from onesystem.alliance.meeting import decided_rows, queries
from onesystem.budget.ledger import queries as ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def members(district):
    """The seven who sit."""
    return seated()


def told(answer):
    """What a page says."""
    return " ".join(unescape(answer.content.decode()).split())


class TestMeeting:
    """A meeting goes on, and nothing is decided that could not stand."""

    @pytest.fixture(autouse=True)
    def _clerk(self, members, sign_in):
        self.clerk = sign_in("contract-manager", "contracts")

    def _do(self, item, act, by=None, **said):
        return told((by or self.clerk).post(f"/alliance/items/{item}/{act}/do/", said, follow=True))

    def test_a_member_who_votes_after_leaving(self, members, sign_in):
        meeting, item = opened(members, ready(members))
        say(item, members, *(name for name in members if name != "member"))
        charter.leave(alliance=CODE, member=members["member"], why="Moves away", by=CHAIR)
        said = {"member": members["member"], "said": "object", "reason": "I am against it"}
        by_hand = self._do(item, "speak", **said)
        assert "Nuala Nursing was no member of the alliance then. Only members decide" in by_hand
        own = self._do(item, "speak", sign_in("alliance-member", "member"), **said)
        assert "do not sit in Testshire Alliance any more: only members decide" in own
        assert "ask the chair for a seat" in own
        assert "Agreed, and in the register." in self._do(item, "close", expects="agreed")
        assert queries.meeting(meeting).state == "open"

    def test_a_quorum_lost_in_the_middle(self, members):
        meeting, item = opened(members, ready(members))
        say(item, members)
        self.clerk.post(f"/alliance/meetings/{meeting}/leave/do/", {"member": members["community"]})
        page = self._do(item, "close", expects="agreed")
        assert "No quorum: no member of the community is there" in page
        assert "Wait until it is there again, or carry the item over" in page
        assert "The quorum was lost at" in page
        assert not decided_rows.Decision.objects.exists()
        carried = self._do(item, "carry", why="The community's member had to go")
        assert "It waits for another meeting." in carried

    def test_a_conflicted_member(self, members):
        declared(members["gp"], ("service", "nursing"))
        _, item = opened(members, ready(members))
        said = {"member": members["gp"], "said": "agree"}
        page = self._do(item, "speak", **said)
        assert "Gita Practice has a declared interest, and it is not said how it is handled" in page
        assert "The chair says first whether they stay, speak only, or leave." in page
        self._do(item, "handle", **{"member": members["gp"], f"handling.{members['gp']}": "leave",
                                    f"reason.{members['gp']}": "Owns a part"})  # fmt: skip
        page = self._do(item, "speak", **said)
        assert "Gita Practice has an interest: leaves the room" in page
        assert "Those without the interest decide." in page

    def test_a_charter_that_changes_during_a_decision(self, members):
        _, item = opened(members, ready(members))
        say(item, members)
        sign_charter(replace(rules.begin_with("GB"), name="The second"))
        page = self._do(item, "close", expects="agreed")
        assert "It was opened under version 1 of the charter, and version 2 is in force now" in page
        assert "Hear everybody again under the new charter" in page
        assert "Everybody is asked anew" in self._do(item, "again")
        assert "Gita Practice has not spoken. Ask them" in self._do(item, "close", expects="agreed")


class TestMoney:
    """All funders commit, or nobody's money moves."""

    @pytest.fixture
    def number(self, district):
        """A decision that waits for three funders, whose pathway is signed."""
        running_from(datetime(2026, 11, 20, 12, tzinfo=UTC))
        made = asked(everybody())
        signed_pathway()
        return made

    def _do(self, name, number, act, **said):
        address = f"/alliance/decisions/{number}/money/{act}/"
        return told(client_of(name).post(address, said, follow=True))

    def test_two_funders_confirm_while_a_third_withdraws(self, number):
        self._do("funder.hospital", number, "confirm", nth=2, line="home")
        self._do("funder.health", number, "confirm", nth=0, line="wards")
        self._do("funder.hospital", number, "withdraw", nth=2, reason="The winter plan needs it")
        page = self._do("funder.council", number, "confirm", nth=1, line="nurses")
        assert "It waits for Mill Road Surgery" in page
        assert "The winter plan needs it" in page
        assert not Resourced.objects.exists()
        assert queries.decision(number).state == "agreed"

    def test_a_reservation_that_the_ledger_refuses(self, number):
        """The line of the second funder has 120.00, and the first's was reserved before it."""
        before = ledger.available("nurses")
        self._do("funder.health", number, "confirm", nth=0, line="wards")
        self._do("funder.hospital", number, "confirm", nth=2, line="nurses")
        page = self._do("funder.council", number, "confirm", nth=1, line="nurses")
        assert "All have confirmed, and it could not be set going" in page
        assert "'nurses' has" in page
        assert ledger.available("nurses") == before
        assert not Resourced.objects.exists()
        assert queries.decision(number).state == "agreed"
