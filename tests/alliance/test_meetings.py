"""Meetings in the store: what was said stands, what is decided is registered, nothing half made."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from seating import (
    BOARD,
    CHAIR,
    CLERK,
    CODE,
    KIT,
    NURSE,
    actor,
    decided,
    declared,
    opened,
    proposed,
    ready,
    say,
    seated,
    sign_charter,
)

from onesystem import access
from onesystem.alliance.charter import actions as charter_actions
from onesystem.alliance.charter import rules
from onesystem.alliance.meeting import (
    actions,
    bringing,
    decided_rows,
    deciding,
    doing,
    holding,
    queries,
    rows,
)
from onesystem.alliance.meeting import store as register
from onesystem.alliance.meeting.keeping import NotYet, Overtaken, Wrong
from onesystem.alliance.meeting.proposal import Ask, text_of
from onesystem.district import now
from onesystem.vocabulary import NotPermitted, UserError

pytestmark = pytest.mark.django_db


@pytest.fixture
def members(district):
    """The seven who sit, by the names they sign in with."""
    return seated()


def rules_of(error):
    """Which rules somebody was told of."""
    return [problem.where for problem in error.value.problems]


def test_a_decision_is_made_by_consensus_and_registered(members):
    number = decided(members)
    made = queries.decision(number)
    assert (number, made.state, made.funding, made.measure) == (1, "agreed", "asked",
                                                                "ed-attendances")  # fmt: skip
    assert [(ask.funder, ask.amount) for ask in made.asks] == [
        ("hospital", 12_000_000), ("community", 6_000_000),
    ]  # fmt: skip
    assert made.owner == members["member"]
    assert made.waits_for_money
    assert register.verify() == []
    [entry] = register.entries()
    assert (entry.entry.kind, entry.entry.decision) == ("decided", 1)
    assert "Nuala" not in entry.entry.body
    assert access.verify_trail() == []


def test_one_objection_sends_back_and_the_next_version_answers_it(members):
    proposal = ready(members, touches=(("service", "ward-a"),), effects=_nobody(members))
    meeting, item = opened(members, proposal)
    say(item, members, "gp", said="object", reason="No practice was asked")
    say(item, members, *(name for name in members if name != "gp"))
    outcome = deciding.close_item(item=item, by=CLERK)
    assert outcome.state == "returned"
    there = queries.proposal(proposal)
    assert there.state == "returned"
    assert rows.ProposalStep.objects.filter(kind="sent back").get().why == "No practice was asked"
    better = replace(there.last.proposed, answers="Two practices joined")
    assert bringing.keep(proposal=proposal, proposed=better, seen=there.row.steps, by=CLERK) == 2
    bringing.put(proposal=proposal, seen=there.row.steps + 1, by=CLERK)
    again = holding.list_(meeting=meeting, proposal=proposal, by=CLERK)
    deciding.open_item(item=again, by=CLERK)
    say(again, members)
    assert deciding.close_item(item=again, by=CLERK).state == "agreed"
    assert [e.entry.kind for e in register.entries()] == ["returned", "decided"]
    assert register.verify() == []


def _nobody(members):
    """Effects that touch no organisation with an interest."""
    return (replace(proposed(members).effects[0], organisation="practice"),)


def test_an_outcome_is_never_typed_in(members):
    """Who closes says what they saw; where something else has come about, nothing is closed."""
    _, item = opened(members, ready(members))
    say(item, members)
    say(item, members, "gp", said="object", reason="Wait")
    with pytest.raises(Overtaken, match="sent back by now"):
        deciding.close_item(item=item, by=CLERK, expects="agreed")
    assert not decided_rows.Decision.objects.exists()
    assert queries.item(item).state == "open"


def test_an_outcome_comes_out_the_same_when_it_is_worked_out_again(members):
    """Also after a member left, and the charter changed: it is judged by the moment it was made."""
    import json

    from onesystem.alliance.meeting import sitting

    number = decided(members)
    charter_actions.leave(alliance=CODE, member=members["gp"], why="Moved away", by=CHAIR)
    sign_charter(replace(rules.begin_with("GB"), name="The second"))
    item = decided_rows.Decision.objects.get(number=number).item
    again, kept = sitting.outcome_of(item), json.loads(item.worked)
    assert (again.state, list(again.entitled)) == (kept["state"], kept["entitled"])
    assert len(again.heard) == len(kept["heard"]) == 7


def test_whoever_brought_it_is_told_what_came_of_it(members):
    from onesystem.access.models import Notice

    decided(members)
    told = Notice.objects.filter(topic="alliance.agreed").values_list("username", "link")
    assert list(told) == [(CLERK.name, f"/alliance/proposals/{queries.proposals()[0].key}/")]
    assert Notice.objects.filter(topic="alliance.meeting", username="member").exists()


def test_silence_keeps_it_open(members):
    _, item = opened(members, ready(members))
    say(item, members, "chair", "community")
    with pytest.raises(NotYet) as error:
        deciding.close_item(item=item, by=CLERK)
    assert set(rules_of(error)) == {"silent"}


class TestLeaving:
    """A member who votes after leaving."""

    def test_the_room(self, members):
        meeting, item = opened(members, ready(members))
        holding.leave(meeting=meeting, member=members["gp"], by=CLERK)
        with pytest.raises(NotYet, match="was not in the meeting"):
            say(item, members, "gp", said="object", reason="Wait")
        deciding.speak(item=item, member=members["gp"], said="aside", way="written", by=CLERK)

    def test_the_alliance(self, members):
        _, item = opened(members, ready(members))
        charter_actions.leave(alliance=CODE, member=members["gp"], why="Moved away", by=CHAIR)
        with pytest.raises(NotYet, match="no member of the alliance"):
            say(item, members, "gp", said="object", reason="Wait")
        with pytest.raises(UserError, match="do not sit in Testshire Alliance any more"):
            deciding.speak(item=item, member=members["gp"], said="agree", by=actor("gp"))
        say(item, members, *(name for name in members if name != "gp"))
        assert deciding.close_item(item=item, by=CLERK).state == "agreed"

    def test_a_minute_that_is_put_right_unhears_what_was_said_after_it(self, members):
        """The clerk writes down later that somebody had left before they spoke."""
        meeting, item = opened(members, ready(members))
        before = now()
        say(item, members)
        holding.leave(meeting=meeting, member=members["gp"], by=CLERK, at=before)
        assert deciding.close_item(item=item, by=CLERK).state == "agreed"
        [heard] = [v for v in _heard(item) if v["voice"]["member"] == members["gp"]]
        assert heard["ground"]["rule"] == "voice.after-leaving"


def _heard(item):
    import json

    return json.loads(queries.item(item).worked)["heard"]


def test_quorum_lost_in_the_middle(members):
    """The community's seat leaves after all agreed: nothing is decided until it is back."""
    meeting, item = opened(members, ready(members))
    say(item, members)
    holding.leave(meeting=meeting, member=members["community"], by=CLERK)
    with pytest.raises(NotYet, match="no member of the community is there"):
        deciding.close_item(item=item, by=CLERK, expects="agreed")
    with pytest.raises(NotYet, match="no quorum"):
        say(item, members, "member", said="object", reason="Wait")
    holding.come(meeting=meeting, member=members["community"], by=KIT)
    assert deciding.close_item(item=item, by=CLERK, expects="agreed").state == "agreed"


def test_a_funder_whose_money_is_asked_for_must_be_there(members):
    _, item = opened(members, ready(members), "funder.council")
    with pytest.raises(NotYet, match="the money of community"):
        say(item, members, "member")


class TestConflicts:
    """A conflicted member: handled before they speak, not by themselves, and it binds."""

    def test_nothing_goes_on_before_it_is_handled(self, members):
        interest = declared(members["gp"], ("service", "nursing"))
        _, item = opened(members, ready(members))
        with pytest.raises(NotYet, match="not said how it is handled"):
            say(item, members, "gp")
        say(item, members, *(name for name in members if name != "gp"))
        with pytest.raises(NotYet) as error:
            deciding.close_item(item=item, by=CLERK)
        assert rules_of(error) == ["interest.unhandled"]
        deciding.handle(item=item, member=members["gp"], interest=interest, handling="speak",
                        reason="Owns a part", by=CHAIR)  # fmt: skip
        with pytest.raises(NotYet, match="does not decide"):
            say(item, members, "gp", said="object", reason="Mine")
        assert deciding.close_item(item=item, by=CLERK).state == "agreed"

    def test_nobody_handles_their_own(self, members):
        declared(members["chair"], ("service", "nursing"))
        _, item = opened(members, ready(members))
        with pytest.raises(NotPermitted, match="their own interest"):
            deciding.handle(item=item, member=members["chair"], handling="stay",
                            reason="Small", by=CHAIR)  # fmt: skip


class TestCharter:
    """A charter that changes while something is being decided."""

    def test_everybody_is_asked_anew(self, members):
        _, item = opened(members, ready(members))
        say(item, members)
        sign_charter(replace(rules.begin_with("GB"), name="The second"))
        with pytest.raises(NotYet, match="version 1 of the charter"):
            deciding.close_item(item=item, by=CLERK, expects="agreed")
        deciding.hear_again(item=item, by=CLERK)
        with pytest.raises(NotYet) as error:
            deciding.close_item(item=item, by=CLERK)
        assert set(rules_of(error)) == {"silent"}
        say(item, members)
        assert deciding.close_item(item=item, by=CLERK).state == "agreed"
        assert queries.item(item).charter == 2

    def test_or_it_is_finished_under_the_old_one(self, district):
        first = replace(rules.begin_with("GB"), midway="finish")
        members = seated(first)
        _, item = opened(members, ready(members))
        say(item, members)
        sign_charter(replace(first, name="The second"))
        assert deciding.close_item(item=item, by=CLERK).state == "agreed"
        assert queries.item(item).charter == 1


class TestDesignFirst:
    """A service model is decided without a payment line; money is attached afterwards."""

    def test_it_waits_openly_and_money_is_attached(self, members):
        number = decided(members, funding="later", asks=())
        assert queries.decision(number).waits_for_money
        ask = Ask(funder="hospital", amount=500_00, since=_month(), until=_month())
        funding = decided(members, title="Pay for it", funds=number, asks=(ask,))
        first, second = queries.decision(number), queries.decision(funding)
        assert (first.asks, first.state) == ((ask,), "agreed")
        assert first.waits_for_money
        assert not second.waits_for_money
        assert [e.entry.kind for e in register.entries()] == ["decided", "decided", "funded"]
        assert register.verify() == []

    def test_money_is_not_attached_to_what_does_not_wait_for_it(self, members):
        number = decided(members)
        actions.mark(decision=number, state="resourced", by=BOARD)
        with pytest.raises(NotYet, match="does not wait for money"):
            ready(members, funds=number)

    def test_what_needs_no_money_does_not_wait_for_it(self, members):
        assert not queries.decision(decided(members, funding="none", asks=())).waits_for_money


def _month():
    return now().date().replace(day=1)


class TestProposals:
    """A proposal is written until it is ready; then its text stands."""

    def test_it_says_what_it_lacks(self, members):
        bare = replace(proposed(members), plain="", effects=(), evidence=(), measure="")
        number = bringing.begin(proposed=bare, by=CLERK, alliance=CODE)
        with pytest.raises(NotYet) as error:
            bringing.put(proposal=number, seen=1, by=CLERK)
        assert rules_of(error) == ["plain", "effects", "measure", "evidence"]

    def test_what_cannot_be_is_refused(self, members):
        ask = Ask(funder="nobody", amount=0, since=_month(), until=_month() - timedelta(days=40))
        wrong = replace(proposed(members), title=" ", asks=(ask,), review=now().date())
        with pytest.raises(Wrong) as error:
            bringing.begin(proposed=wrong, by=CLERK, alliance=CODE)
        assert rules_of(error) == ["asks.0", "asks.0", "asks.0", "title", "review"]

    def test_who_comes_second_is_told(self, members):
        number = bringing.begin(proposed=proposed(members), by=CLERK, alliance=CODE)
        bringing.keep(proposal=number, proposed=proposed(members, title="A"), seen=1, by=CLERK)
        with pytest.raises(Overtaken):
            bringing.keep(proposal=number, proposed=proposed(members, title="B"), seen=1, by=CLERK)

    def test_only_who_brought_it_or_keeps_the_papers_writes_it(self, members):
        number = bringing.begin(proposed=proposed(members), by=NURSE, alliance=CODE)
        with pytest.raises(NotPermitted):
            bringing.keep(proposal=number, proposed=proposed(members), seen=1, by=KIT)
        with pytest.raises(NotPermitted):
            bringing.begin(proposed=proposed(members), by=actor("x", "viewer"), alliance=CODE)

    def test_what_is_on_an_agenda_is_not_changed(self, members):
        number = ready(members)
        opened(members, number)
        with pytest.raises(UserError, match="on the agenda"):
            bringing.keep(proposal=number, proposed=proposed(members), seen=3, by=CLERK)

    def test_what_is_withdrawn_comes_back(self, members):
        number = ready(members)
        bringing.withdraw(proposal=number, why="Too soon", seen=2, by=CLERK)
        assert queries.proposal(number).state == "withdrawn"
        bringing.restore(proposal=number, seen=3, by=CLERK)
        assert queries.proposal(number).state == "ready"


class TestMeetings:
    """Calling, carrying over, closing, minutes, actions."""

    def test_what_is_not_reached_waits_for_another(self, members):
        proposal = ready(members)
        meeting, item = opened(members, proposal)
        with pytest.raises(UserError, match="still open"):
            holding.close(meeting=meeting, by=CLERK)
        deciding.carry(item=item, why="No time", by=CLERK)
        holding.close(meeting=meeting, by=CLERK)
        assert queries.proposal(proposal).state == "ready"
        assert queries.item(item).outcome == "carried"

    def test_minutes_are_written_by_two_without_loss(self, members):
        meeting, item = opened(members, ready(members))
        holding.write(meeting=meeting, item=item, text="We heard Nuala.", was="", by=CLERK)
        with pytest.raises(Overtaken):
            holding.write(meeting=meeting, item=item, text="Other", was="", by=CHAIR)
        assert queries.item(item).minutes == "We heard Nuala."

    def test_confirmed_minutes_stand(self, members):
        meeting, item = opened(members, ready(members))
        deciding.carry(item=item, why="No time", by=CLERK)
        holding.close(meeting=meeting, by=CLERK)
        row = queries.meeting(meeting)
        holding.confirm(meeting=meeting, by=CHAIR, seen=row.steps)
        with pytest.raises(UserError, match="are confirmed"):
            holding.write(meeting=meeting, text="Otherwise", was="", by=CLERK)

    def test_a_press_by_mistake_is_taken_back(self, members):
        meeting, _ = opened(members, ready(members))
        holding.leave(meeting=meeting, member=members["gp"], by=CLERK)
        there = rows.Attendance.objects.get(meeting=meeting, member=members["gp"])
        holding.unsay(attendance=there.id, by=CLERK)
        assert rows.Attendance.objects.get(id=there.id).left is None

    def test_actions_are_done_by_their_owner(self, members):
        meeting, item = opened(members, ready(members))
        made = doing.take(meeting=meeting, item=item, what="Ask the practices",
                          owner=members["member"], due=now().date(), by=CLERK)  # fmt: skip
        with pytest.raises(NotPermitted):
            doing.finish(action=made, by=KIT)
        doing.finish(action=made, by=NURSE, words="All three said yes")
        assert queries.actions_of(CODE, still_open=True) == []
        doing.reopen(action=made, by=NURSE)
        assert [a.id for a in queries.actions_of(CODE, still_open=True)] == [made]

    def test_who_may_not_keep_meetings_calls_none(self, members):
        with pytest.raises(NotPermitted):
            holding.call(title="Mine", starts=now(), by=NURSE, alliance=CODE)


class TestMarks:
    """What may follow on a decision."""

    def test_it_goes_on_as_its_state_allows(self, members):
        number = decided(members)
        actions.mark(decision=number, state="resourced", by=BOARD, why="All three confirmed")
        with pytest.raises(UserError, match="It can become: adopted, changed, stopped"):
            actions.mark(decision=number, state="resourced", by=BOARD)
        assert actions.mark(decision=number, state="adopted", by=CHAIR).state == "adopted"
        assert [e.entry.kind for e in register.entries()] == ["decided", "resourced", "adopted"]

    def test_who_neither_keeps_nor_funds_does_not(self, members):
        number = decided(members)
        with pytest.raises(NotPermitted):
            actions.mark(decision=number, state="resourced", by=NURSE)

    def test_what_fails_later_in_the_same_transaction_leaves_no_entry(self, members):
        number = decided(members)
        with transaction.atomic():
            actions.mark(decision=number, state="resourced", by=BOARD)
            transaction.set_rollback(True)
        assert queries.decision(number).state == "agreed"
        assert len(list(register.entries())) == 1
        assert register.verify() == []

    def test_a_correction_is_an_entry_of_its_own(self, members):
        decided(members)
        assert actions.correct(entry=1, why="It is the north ward", by=CHAIR) == 2
        assert register.verify() == []


def refused(sql, *params):
    """The database itself says no."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(error.value)


class TestGuards:
    """The database's own refusals, against raw SQL on both engines."""

    def test_what_was_said_decided_or_registered_stands(self, members):
        decided(members)
        assert "never changed" in refused("UPDATE alliance_register SET body = '{}'")
        assert "never changed" in refused("DELETE FROM alliance_register")
        assert "speak again" in refused("UPDATE alliance_voice SET said = 'aside'")
        assert "interest" in refused("DELETE FROM alliance_handling")
        assert "another one" in refused("UPDATE alliance_decision SET title = 'Other'")
        assert "next version" in refused("UPDATE alliance_proposal_version SET body = '{}'")
        assert "closed" in refused("UPDATE alliance_item SET outcome = 'returned'")

    def test_no_voice_on_what_is_closed(self, members):
        decided(members)
        voice = rows.Voice.objects.first()
        assert "not open" in refused(
            "INSERT INTO alliance_voice (item_id, member_id, version, said, reason, way, at, "
            '"by") VALUES (%s, %s, 1, %s, %s, %s, 1, %s)',
            voice.item_id, voice.member_id, "object", "Late", "room", "x",
        )  # fmt: skip

    def test_no_objection_without_a_reason(self, members):
        _, item = opened(members, ready(members))
        refused(
            "INSERT INTO alliance_voice (item_id, member_id, version, said, reason, way, at, "
            '"by") VALUES (%s, %s, 1, %s, %s, %s, 1, %s)',
            item, members["gp"], "object", "", "room", "x",
        )  # fmt: skip

    def test_no_entry_beside_the_chain(self, members):
        decided(members)
        assert "follow" in refused(
            'INSERT INTO alliance_register (number, at, "by", kind, alliance, decision, body, '
            "previous, digest) VALUES (7, 1, 'x', 'decided', 'a', 9, '{}', 'p', 'd')"
        )

    def test_who_changes_it_past_the_guards_is_found_out(self, members):
        from onesystem.alliance.meeting.guards import lower_guards, raise_guards

        decided(members)
        lower_guards(connection)
        try:
            decided_rows.Registered.objects.update(by="somebody else")
            decided_rows.Decision.objects.update(title="Other")
            assert register.verify() == [
                "entry 1 is not as it was written", "decision 1 is not as it was registered",
            ]  # fmt: skip
        finally:
            raise_guards(connection)


def test_a_text_is_read_as_it_was_written(members):
    import json

    from onesystem.alliance.meeting.proposal import read

    made = proposed(members)
    assert read(json.loads(text_of(made))) == made
