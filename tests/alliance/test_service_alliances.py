"""Service alliances meet: own members, own quorum, a mandate; beyond it they recommend."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from seating import CHAIR, CLERK, CODE, actor, declared, proposed, seated

from onesystem.access import Actor
from onesystem.access import actions as people
from onesystem.access.models import Audit, User
from onesystem.alliance.charter import actions as charter_actions
from onesystem.alliance.charter import groups, queries
from onesystem.alliance.charter.groups import Chair
from onesystem.alliance.meeting import bringing, deciding, holding, rows
from onesystem.alliance.meeting import queries as meeting
from onesystem.alliance.meeting import store as register
from onesystem.alliance.meeting.keeping import NotYet
from onesystem.alliance.meeting.mandate import Mandate, beyond
from onesystem.alliance.meeting.proposal import Ask, Change, Proposed
from onesystem.district import now
from onesystem.vocabulary import NotPermitted, UserError

GROUP = "urgent"
LEAD = actor("member")  # the nurse of the alliance leads the group
EDIE = actor("edie")  # sits in the group alone
SMALL = {"asks": (), "funding": "none", "effects": ()}


class TestMandate:
    """What a group may decide by itself, and by which rule it may not."""

    URGENT = Mandate(name="Urgent", most=100, spent=60, services=frozenset({"ed"}))

    def _rules(self, made, mandate=URGENT):
        return [p.where for p in beyond(made, mandate, str, str)]

    @staticmethod
    def _asks(amount):
        day = now().date()
        return Proposed(title="T", asks=(Ask(funder="f", amount=amount, since=day, until=day),))

    def test_money_counts_with_what_it_committed_in_the_last_twelve_months(self):
        assert self._rules(self._asks(40)) == []
        assert self._rules(self._asks(41)) == ["mandate.money"]
        [said] = beyond(self._asks(41), self.URGENT, str, str)
        assert said.what == (
            "It asks for 41; Urgent may commit 100 by itself in twelve months and has committed 60"
        )

    def test_services_that_it_does_not_look_after_are_beyond_it(self):
        assert self._rules(Proposed(title="T", touches=(("service", "ed"),))) == []
        assert self._rules(Proposed(title="T", touches=(("service", "ward"),))) == ["mandate.scope"]
        opens = Change(kind="service", code="ward", number="3")
        assert self._rules(Proposed(title="T", changes=(opens,))) == ["mandate.scope"]

    def test_terms_of_a_contract_and_another_alliances_decision_are_beyond_it(self):
        assert self._rules(Proposed(title="T", changes=(Change(kind="terms", code="c"),))) == [
            "mandate.terms"
        ]
        assert self._rules(Proposed(title="T", funds=7)) == ["mandate.funds"]
        own = Mandate(name="U", most=0, own=frozenset({7}))
        assert self._rules(Proposed(title="T", funds=7), own) == []


def client_of(name):
    """A browser of somebody who signed in."""
    people.add_user(username=name, password="three blind mice run", roles=("alliance-member",),
                    organisation="hospital", by=Actor.job("test"))  # fmt: skip
    client = Client()
    client.force_login(User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def members(district):
    """The seven of the alliance."""
    return seated()


@pytest.fixture
def chairs(members):
    """A group of four: the nurse leads, two more of the alliance, and one who sits here alone."""
    groups.form(alliance=CODE, code=GROUP, name="Urgent care", scope="All of it", by=CHAIR,
                mandate="Agrees how it works", most=1_000_000, services=["nursing"])  # fmt: skip
    for name in ("member", "gp", "community"):
        groups.seat(alliance=CODE, group=GROUP, by=CHAIR,
                    chair=Chair(member=members[name], leads=name == "member"))  # fmt: skip
    groups.seat(alliance=CODE, group=GROUP, by=CHAIR, chair=Chair(
        name="Edie Emergency", perspective="Emergency medicine", username="edie"))  # fmt: skip
    return {m.username: m.key for m in _group().seated}


def _group():
    key = groups.ServiceAlliance.objects.get(code=GROUP).id
    return queries.standing(CODE, None, key)


def _opened(members, chairs, *but, **more):
    number = bringing.begin(proposed=proposed(members, **more), by=CLERK, alliance=CODE,
                            group=GROUP)  # fmt: skip
    bringing.put(proposal=number, seen=1, by=CLERK)
    held = holding.call(title="Urgent care", starts=now(), by=LEAD, alliance=CODE, group=GROUP)
    item = holding.list_(meeting=held, proposal=number, by=LEAD)
    holding.open_(meeting=held, by=LEAD)
    for name, key in chairs.items():
        if name not in but:
            holding.come(meeting=held, member=key, by=LEAD)
    deciding.open_item(item=item, by=LEAD)
    return held, item, number


def _agree(item, chairs, *names):
    for name in names or chairs:
        deciding.speak(item=item, member=chairs[name], said="agree", by=LEAD)


@pytest.mark.django_db
class TestMeeting:
    """Whoever leads it keeps its meetings; what it decides stands in the one register."""

    def test_what_is_within_its_mandate_is_decided_there_and_registered_with_its_name(
        self, members, chairs
    ):
        _, item, number = _opened(members, chairs, **SMALL | {"effects": _gain()})
        _agree(item, chairs)
        deciding.close_item(item=item, by=LEAD, expects="agreed")
        [entry] = register.entries()
        said = json.loads(entry.entry.body)
        assert (entry.entry.kind, entry.entry.alliance) == ("decided", CODE)
        assert said["group"] == {"code": GROUP, "name": "Urgent care"}
        assert "Emergency medicine" in entry.entry.body
        assert "Edie" not in entry.entry.body
        assert meeting.decision(1).made_by == "Urgent care"
        assert meeting.proposal(number).state == "agreed"
        assert register.verify() == []

    def test_what_is_beyond_it_is_recommended_with_the_rule_and_lies_before_the_alliance(
        self, members, chairs
    ):
        held, item, number = _opened(members, chairs, effects=_gain())
        _agree(item, chairs)
        deciding.close_item(item=item, by=LEAD, expects="agreed")
        [entry] = register.entries()
        said = json.loads(entry.entry.body)
        assert (entry.entry.kind, entry.entry.decision) == ("recommended", 0)
        assert said["beyond"] == [
            "It asks for £180,000; Urgent care may commit £10,000 by itself in twelve months"
        ]
        assert meeting.item(item).outcome == "sent up"
        sent = meeting.proposal(number)
        assert (sent.state, sent.row.group) == ("ready", None)
        with pytest.raises(UserError, match="was brought to Testshire Alliance"):
            holding.list_(meeting=held, proposal=number, by=LEAD)
        there = holding.call(title="Alliance", starts=now(), by=CLERK, alliance=CODE)
        holding.list_(meeting=there, proposal=number, by=CLERK)
        assert register.verify() == []

    def test_half_of_its_own_members_and_whoever_leads_it_are_its_quorum(self, members, chairs):
        _, item, _ = _opened(members, chairs, "member", **SMALL | {"effects": _gain()})
        with pytest.raises(NotYet, match="no quorum: whoever leads the service alliance is not"):
            deciding.close_item(item=item, by=LEAD)
        holding.come(meeting=meeting.item(item).meeting_id, member=chairs["member"], by=LEAD)
        for name in ("gp", "community", "edie"):
            holding.leave(meeting=meeting.item(item).meeting_id, member=chairs[name], by=LEAD)
        with pytest.raises(NotYet, match="2 of 4 members are needed, and 1 can decide"):
            deciding.close_item(item=item, by=LEAD)

    def test_only_its_own_members_decide_each_in_their_own_name(self, members, chairs):
        held, item, _ = _opened(members, chairs, **SMALL | {"effects": _gain()})
        deciding.speak(item=item, member=chairs["edie"], said="agree", by=EDIE)
        with pytest.raises(UserError, match="do not sit in Urgent care"):
            holding.come(meeting=held, member=members["deputy"], by=LEAD)
        with pytest.raises(NotYet, match="was no member"):
            deciding.speak(item=item, member=members["deputy"], said="agree", by=LEAD)
        with pytest.raises(NotPermitted):
            holding.close(meeting=held, by=EDIE)
        assert Audit.objects.filter(act="meeting.voice", actor="edie").exists()

    def test_who_leaves_the_alliance_leaves_its_groups_and_their_voice_with_it(
        self, members, chairs
    ):
        _, item, _ = _opened(members, chairs, **SMALL | {"effects": _gain()})
        _agree(item, chairs, "gp", "member", "community", "edie")
        charter_actions.leave(alliance=CODE, member=chairs["gp"], why="Moves away", by=CHAIR)
        assert "gp" not in {m.username for m in _group().seated}
        outcome = deciding.close_item(item=item, by=LEAD)
        assert [h.ground.rule for h in outcome.heard if h.ground] == ["member.left"]

    def test_who_sits_in_a_group_alone_has_no_voice_in_the_alliance(self, members, chairs):
        held = holding.call(title="Alliance", starts=now(), by=CLERK, alliance=CODE)
        holding.open_(meeting=held, by=CLERK)
        assert "edie" not in {m.username for m in queries.standing(CODE).seated}
        with pytest.raises(UserError, match="do not sit in Testshire Alliance"):
            holding.come(meeting=held, member=chairs["edie"], by=CLERK)

    def test_an_interest_of_who_sits_in_a_group_alone_is_handled_there(self, members, chairs):
        declared(chairs["edie"], ("service", "nursing"))
        _, item, _ = _opened(members, chairs, **SMALL | {"effects": _gain()})
        with pytest.raises(NotYet, match="declared interest"):
            deciding.speak(item=item, member=chairs["edie"], said="agree", by=EDIE)
        deciding.handle(item=item, member=chairs["edie"], handling="leave", reason="Own", by=LEAD)
        _agree(item, chairs, "gp", "member", "community")
        assert deciding.close_item(item=item, by=LEAD).state == "agreed"

    def test_a_group_looks_again_at_its_own_decisions_alone(self, members, chairs):
        from seating import decided

        made = decided(members)
        held = holding.call(title="Urgent care", starts=now(), by=LEAD, alliance=CODE, group=GROUP)
        with pytest.raises(UserError, match="decision 1 was made by Testshire Alliance"):
            holding.add(meeting=held, title="", kind="review", decision=made, by=LEAD)

    def test_who_takes_a_seat_in_the_alliance_leaves_the_group_first(self, members, chairs):
        seat = charter_actions.Seat(name="Edie", perspective="ED", username="edie")
        with pytest.raises(UserError, match="sit in a service alliance, and not in the alliance"):
            charter_actions.seat(alliance=CODE, seat=seat, by=CHAIR)
        [chair] = groups.ServiceMember.objects.filter(username="edie")
        groups.leave(alliance=CODE, group=GROUP, chair=chair.id, by=CHAIR)
        assert charter_actions.seat(alliance=CODE, seat=seat, by=CHAIR)


def _gain():
    from onesystem.alliance.meeting.proposal import Effect

    return (Effect(organisation="practice", side="gains", words="Time"),)


@pytest.mark.django_db
def test_a_group_that_ended_takes_no_proposal(members, chairs):
    groups.end(alliance=CODE, group=GROUP, why="Its work is done", by=CHAIR)
    with pytest.raises(UserError, match="Urgent care has ended"):
        bringing.begin(proposed=proposed(members), by=CLERK, alliance=CODE, group=GROUP)


@pytest.mark.django_db
def test_whoever_leads_a_group_runs_its_meeting_on_the_page(members, chairs, joined):
    """Called, listed, opened, heard, and what is beyond the mandate recommended: by its lead."""
    client = client_of("member")
    starts = (now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    said = {"title": "Urgent care", "starts": starts, "of": GROUP}
    page = client.post(reverse("meeting:new"), said, follow=True).content.decode()
    assert "with members, a quorum and a mandate of its own" in page
    assert client.post(reverse("meeting:new"), said | {"of": "-"}).status_code == 403
    held = rows.Meeting.objects.get().id
    number = bringing.begin(proposed=proposed(members, effects=_gain()), by=CLERK, alliance=CODE,
                            group=GROUP)  # fmt: skip
    bringing.put(proposal=number, seen=1, by=CLERK)
    shown = client.get(reverse("meeting:proposal", args=[number])).content.decode()
    assert "Beyond the mandate of Urgent care" in shown
    for act, more in (("list", {"proposal": number}), ("open", {}), ("come", {"all": "1"})):
        client.post(reverse("meeting:act", args=[held, act]), more)
    item = rows.Item.objects.get().id
    client.post(reverse("meeting:item_act", args=[item, "open"]))
    client.post(reverse("meeting:item_act", args=[item, "speak"]),
                {"member": list(chairs.values()), "said": "agree"})  # fmt: skip
    page = client.get(reverse("meeting:meeting", args=[held])).content.decode()
    assert "Close it: recommended to the alliance" in page
    done = client.post(reverse("meeting:item_act", args=[item, "close"]),
                       {"expects": "agreed"}, follow=True).content.decode()  # fmt: skip
    assert "Recommended to the alliance, and in the register" in done
    for address in ("/alliance/register/", "/alliance/register/public/", "/alliance/proposals/",
                    f"/alliance/meetings/?of={GROUP}", f"/alliance/groups/{GROUP}/",
                    f"/alliance/meetings/{held}/minutes/"):  # fmt: skip
        assert "Urgent care" in client.get(address).content.decode(), address
