"""Consensus is worked out from who was there and what each said. Nobody types it in.

The rules are those of money-and-care 7.2: every entitled member present or replying agrees or
stands aside; one reasoned objection sends back; the quorum includes the chair or the deputy, a
member of the community and each affected funder; a matching interest needs a recorded handling.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import (
    CHAIR,
    COUNCIL,
    DEPUTY,
    EVERYBODY,
    GP,
    HEALTH,
    KIT,
    NURSE,
    RULE,
    SEATS,
    all_agree,
    at,
    say,
    table,
    there,
)

from onesystem.alliance.meeting.consensus import (
    AGREED,
    RETURNED,
    WAITING,
    losses,
    may_decide,
    work_out,
)

END = at(30)


def rules(outcome):
    """Which rules spoke of the whole."""
    return [ground.rule for ground in outcome.grounds]


def unheard(outcome):
    """Which rule kept whose voice from counting."""
    return {h.voice.member: h.ground.rule for h in outcome.heard if h.ground}


def test_all_agree():
    outcome = work_out(table(*all_agree()), END)
    assert (outcome.state, outcome.grounds[0].what) == (AGREED, "7 agree, nobody objects")


def test_to_stand_aside_is_not_to_object():
    outcome = work_out(table(*all_agree(GP), say(GP, "aside")), END)
    assert outcome.state == AGREED
    assert outcome.grounds[0].what == "6 agree, 1 stands aside, nobody objects"


def test_one_reasoned_objection_sends_it_back():
    outcome = work_out(table(*all_agree(NURSE), say(NURSE, "object", reason="No nurse")), END)
    assert (outcome.state, outcome.grounds[0].what) == (RETURNED, "objects: No nurse")


def test_silence_is_no_voice():
    outcome = work_out(table(*all_agree(GP)), END)
    assert (outcome.state, rules(outcome), outcome.silent) == (WAITING, ["silent"], (GP,))


def test_what_all_stand_aside_from_is_nobodys_decision():
    outcome = work_out(table(*(say(m, "aside") for m in EVERYBODY)), END)
    assert rules(outcome) == ["nobody-agrees"]


def test_an_objection_needs_its_reason():
    """It is not agreement either: what somebody meant by it has to be asked."""
    voice = replace(say(NURSE, "object"), reason="  ")
    outcome = work_out(table(*all_agree(), replace(voice, at=at(12))), END)
    assert (outcome.state, rules(outcome)[0]) == (WAITING, "voice.no-reason")


def test_who_speaks_again_has_changed_their_mind():
    voices = (*all_agree(NURSE), say(NURSE, "object", 8), say(NURSE, "aside", 14))
    outcome = work_out(table(*voices), END)
    assert outcome.state == AGREED
    assert unheard(outcome) == {NURSE: "voice.replaced"}


def test_who_is_not_there_and_does_not_reply_is_not_waited_for():
    outcome = work_out(table(*all_agree(GP), presences=there(*EVERYBODY[:-1])), END)
    assert outcome.state == AGREED


def test_a_reply_in_writing_counts_though_its_writer_is_not_there():
    written = say(GP, "object", way="written", reason="We have no room")
    outcome = work_out(table(*all_agree(GP), written, presences=there(*EVERYBODY[:-1])), END)
    assert outcome.state == RETURNED


class TestLeaving:
    """A member who speaks after leaving: kept, and not counted."""

    def test_after_leaving_the_room(self):
        here = (*there(*EVERYBODY[:-1]), *there(GP, left=8))
        outcome = work_out(table(*all_agree(GP), say(GP, "object", 9), presences=here), END)
        assert outcome.state == AGREED
        assert unheard(outcome) == {GP: "voice.after-leaving"}

    def test_a_voice_given_before_leaving_stands(self):
        here = (*there(*EVERYBODY[:-1]), *there(GP, left=20))
        outcome = work_out(table(*all_agree(GP), say(GP, "object", 9), presences=here), END)
        assert outcome.state == RETURNED

    def test_what_is_called_through_the_door_does_not_unsay_it(self):
        here = (*there(*EVERYBODY[:-1]), *there(GP, left=12))
        outcome = work_out(table(*all_agree(), say(GP, "object", 13), presences=here), END)
        assert outcome.state == AGREED

    def test_after_leaving_the_alliance(self):
        gone = (*SEATS[:-1], replace(SEATS[-1], until=at(8)))
        outcome = work_out(table(*all_agree(GP), say(GP, "object", 9), places=gone), END)
        assert (outcome.state, unheard(outcome)) == (AGREED, {GP: "member.left"})

    def test_who_leaves_the_alliance_before_the_closing_decides_no_more(self):
        gone = (*SEATS[:-1], replace(SEATS[-1], until=at(20)))
        outcome = work_out(table(*all_agree(), places=gone), END)
        assert unheard(outcome) == {GP: "member.left"}

    def test_who_is_suspended_has_a_seat_and_no_voice(self):
        barred = (*SEATS[:-1], replace(SEATS[-1], barred="is suspended: charter broken"))
        outcome = work_out(table(*all_agree(GP), say(GP, "object"), places=barred), END)
        assert (outcome.state, unheard(outcome)) == (AGREED, {GP: "member.barred"})


class TestQuorum:
    """Chair or deputy, the community, each affected funder, and enough of all."""

    @pytest.mark.parametrize(
        ("away", "missing"),
        [
            ((CHAIR, DEPUTY), "neither the chair nor the deputy"),
            ((KIT,), "no member of the community"),
            ((COUNCIL,), "the money of council"),
            ((CHAIR, NURSE, GP, HEALTH), "4 of 7 members are needed, and 3 can decide"),
        ],
    )
    def test_who_must_be_there(self, away, missing):
        here = tuple(m for m in EVERYBODY if m not in away)
        asked = table(*all_agree(*away), presences=there(*here), funders=frozenset({"council"}))
        outcome = work_out(asked, END)
        assert (outcome.state, rules(outcome)[0], outcome.quorate) == (WAITING, "quorum", False)
        assert missing in " ".join(ground.what for ground in outcome.grounds)

    def test_the_deputy_stands_in_for_the_chair(self):
        asked = table(*all_agree(CHAIR), presences=there(*EVERYBODY[1:]))
        assert work_out(asked, END).state == AGREED

    def test_a_funder_whose_money_is_not_asked_for_need_not_be_there(self):
        here = tuple(m for m in EVERYBODY if m != COUNCIL)
        asked = table(*all_agree(COUNCIL), presences=there(*here), funders=frozenset({"board"}))
        assert work_out(asked, END).state == AGREED

    def test_lost_in_the_middle(self):
        """The community's seat goes at a quarter past: nothing is decided until it is back."""
        here = (*there(*(m for m in EVERYBODY if m != KIT)), *there(KIT, left=15))
        asked = table(*all_agree(), presences=here)
        assert work_out(asked, at(14)).state == AGREED
        assert rules(work_out(asked, END)) == ["quorum"]
        assert losses(asked, END) == [(at(15), None)]

    def test_what_is_said_while_it_is_lost_does_not_count(self):
        away = tuple(m for m in EVERYBODY if m != KIT)
        here = (*there(*away), *there(KIT, left=8), *there(KIT, came=20))
        asked = table(*all_agree(), presences=here)
        outcome = work_out(asked, END)
        assert outcome.state == WAITING
        assert unheard(outcome)[GP] == "voice.no-quorum"
        assert losses(asked, END) == [(at(8), at(20))]
        again = replace(asked, voices=tuple(say(m, minutes=22) for m in EVERYBODY))
        assert work_out(again, END).state == AGREED

    def test_an_objection_without_a_quorum_does_not_send_it_back(self):
        here = tuple(m for m in EVERYBODY if m != KIT)
        outcome = work_out(table(say(GP, "object"), presences=there(*here)), END)
        assert outcome.state == WAITING

    def test_the_share_is_the_charters(self):
        asked = table(*all_agree(), quorum=replace(RULE, share=Fraction(1), least=1))
        assert work_out(asked, END).state == AGREED
        fewer = replace(asked, presences=there(*EVERYBODY[:-1]))
        assert rules(work_out(fewer, END)) == ["quorum"]


class TestInterests:
    """A conflicted member: how it is handled is written down first, and it binds."""

    def test_nothing_is_decided_before_it_is_handled(self):
        outcome = work_out(table(*all_agree(), touched=frozenset({GP})), END)
        assert (outcome.state, rules(outcome)[0]) == (WAITING, "interest.unhandled")
        assert unheard(outcome) == {GP: "interest.unhandled"}

    @pytest.mark.parametrize("handling", ["speak", "leave"])
    def test_who_speaks_only_or_leaves_has_no_voice(self, handling):
        asked = table(
            *all_agree(GP), say(GP, "object"), touched=frozenset({GP}), handled={GP: handling}
        )
        outcome = work_out(asked, END)
        assert (outcome.state, unheard(outcome)) == (AGREED, {GP: "interest.excluded"})

    def test_who_stays_decides(self):
        asked = table(*all_agree(), touched=frozenset({GP}), handled={GP: "stay"})
        assert work_out(asked, END).state == AGREED

    def test_whom_an_interest_excludes_is_not_counted_for_the_quorum(self):
        asked = table(*all_agree(KIT), touched=frozenset({KIT}), handled={KIT: "speak"})
        assert "no member of the community" in work_out(asked, END).grounds[0].what

    def test_with_a_conflicted_chair_the_deputy_leads(self):
        asked = table(*all_agree(CHAIR), touched=frozenset({CHAIR}), handled={CHAIR: "leave"})
        assert work_out(asked, END).state == AGREED
        alone = replace(asked, presences=there(*(m for m in EVERYBODY if m != DEPUTY)))
        assert rules(work_out(alone, END))[0] == "quorum"

    def test_an_interest_of_somebody_who_is_not_there_holds_nothing_up(self):
        asked = table(*all_agree(GP), touched=frozenset({GP}), presences=there(*EVERYBODY[:-1]))
        assert work_out(asked, END).state == AGREED


class TestCharter:
    """A charter changed during a decision."""

    def test_it_is_heard_again_under_the_new_one(self):
        outcome = work_out(table(*all_agree(), charter=1, charter_now=2), END)
        assert (outcome.state, rules(outcome)) == (WAITING, ["charter.changed"])

    def test_or_finished_under_the_old_one_where_the_charter_says_so(self):
        asked = table(*all_agree(), charter=1, charter_now=2, finishes=True)
        assert work_out(asked, END).state == AGREED


def test_a_voice_on_another_version_does_not_count():
    outcome = work_out(table(*all_agree(GP), say(GP, version=2)), END)
    assert unheard(outcome) == {GP: "voice.other-version"}


@pytest.mark.parametrize("minutes", [2, 40])
def test_a_voice_before_the_opening_or_after_the_closing_does_not_count(minutes):
    outcome = work_out(table(*all_agree(GP), say(GP, "object", minutes)), END)
    assert (outcome.state, outcome.silent) == (WAITING, (GP,))


# What may happen around a table: any voices, comings and goings, interests, in any order.
members = st.sampled_from(EVERYBODY)
minutes = st.integers(0, 40)
voices = st.lists(
    st.builds(say, members, st.sampled_from(["agree", "aside", "object"]), minutes,
              way=st.sampled_from(["room", "written"])),
    max_size=14,
)  # fmt: skip
spans = st.tuples(members, minutes, st.none() | minutes).map(
    lambda said: there(said[0], came=said[1], left=said[2] and max(said[1:]))[0]
)
handled = st.dictionaries(members, st.sampled_from(["stay", "speak", "leave"]), max_size=3)
tables = st.builds(
    lambda voices, presences, handled, touched, funders: table(
        *voices, presences=tuple(presences), handled=handled, touched=frozenset(touched),
        funders=frozenset(funders),
    ),
    voices | st.lists(st.builds(say, members, st.just("aside"), minutes), max_size=3).map(
        lambda some: [*all_agree(), *some]
    ),
    st.lists(spans, max_size=5).map(lambda some: (*there(*EVERYBODY), *some))
    | st.lists(spans, max_size=10),
    handled, st.sets(members, max_size=2), st.sets(st.sampled_from(["board", "council"])),
)  # fmt: skip


@given(tables, st.randoms())
def test_the_order_in_which_things_are_written_down_makes_no_odds(asked, random):
    shuffled = list(asked.voices), list(asked.presences), list(asked.places)
    for each in shuffled:
        random.shuffle(each)
    names = dict(zip(("voices", "presences", "places"), map(tuple, shuffled), strict=True))
    assert work_out(replace(asked, **names), END) == work_out(asked, END)


@given(tables)
def test_what_is_agreed_keeps_every_rule(asked):
    outcome = work_out(asked, END)
    if outcome.state != AGREED:
        return
    spoke = {h.voice.member for h in outcome.heard if h.counts}
    assert not outcome.counted("object")
    assert outcome.counted("agree")
    assert set(outcome.entitled) == spoke
    assert outcome.quorate
    here = {p.member for p in asked.presences if p.came <= END and (not p.left or p.left > END)}
    deciding = {m for m in here if asked.handled.get(m) not in ("speak", "leave")}
    assert deciding & {CHAIR, DEPUTY}
    assert KIT in deciding
    assert all(
        {"board": HEALTH, "council": COUNCIL}[funder] in deciding for funder in asked.funders
    )
    assert all(asked.handled.get(m) for m in asked.touched & here)


@given(tables, voices)
def test_who_has_no_voice_changes_nothing(asked, more):
    """Whatever somebody says whom a rule keeps silent, the outcome and its grounds are the same."""
    useless = [v for v in more if may_decide(asked, v.member, v.at)]
    louder = replace(asked, voices=(*asked.voices, *useless))
    before, after = work_out(asked, END), work_out(louder, END)
    assert (after.state, after.grounds) == (before.state, before.grounds)


@given(tables, members)
def test_a_reasoned_objection_that_counts_always_sends_back_what_was_agreed(asked, member):
    if work_out(asked, END).state == AGREED:
        louder = replace(asked, voices=(*asked.voices, say(member, "object", 30)))
        outcome = work_out(louder, END)
        last = next(h for h in outcome.heard if h.voice == louder.voices[-1])
        assert outcome.state == (RETURNED if last.counts else AGREED)


@given(tables)
def test_what_comes_after_the_closing_changes_nothing(asked):
    later = replace(asked, voices=(*asked.voices, *(say(m, "object", 35) for m in EVERYBODY)))
    assert work_out(later, END) == work_out(asked, END)


@given(tables)
def test_without_a_charter_in_force_nothing_is_agreed(asked):
    assert work_out(replace(asked, charter_now=2), END).state == WAITING


@given(tables)
def test_a_loss_of_quorum_is_found_wherever_it_is(asked):
    spans = losses(asked, END)
    moments = [at(m + half) for m in range(5, 30) for half in (0, 0.5)]
    for moment in moments:
        inside = any(a <= moment and (b is None or moment < b) for a, b in spans)
        quorate = work_out(asked, moment).quorate
        assert inside is not quorate
