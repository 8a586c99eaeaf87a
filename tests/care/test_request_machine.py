"""The one machine of requests: its table, and what holds for every history."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.requests import mapping, numbers, telling, timers
from onesystem.care.requests.machine import (
    MOVES,
    SENDER,
    SERVICE,
    Event,
    acts_from,
    allowed,
    fold,
)
from onesystem.care.requests.refusals import Asking, Known, against
from onesystem.care.requests.states import KINDS, OPEN, STATES, URGENCIES, urgency_of
from onesystem.care.services.entry import Entry, Field, Notice

SIDE = Field(name="side", label="Side", type="choice", options=("left", "right"), required=True)
SIZE = Field(name="cm", label="Size", type="number")

# from | what may be done there: `act>state`; written out by hand, not from the code.
TABLE = {
    "": "send>received",
    "received": "accept>accepted ask>needs-more return>returned redirect>redirected"
    " revoke>revoked triage>received",
    "redirected": "accept>accepted ask>needs-more return>returned redirect>redirected"
    " revoke>revoked triage>redirected",
    "needs-more": "accept>accepted supply>received return>returned redirect>redirected"
    " revoke>revoked triage>needs-more",
    "accepted": "ask>needs-more return>returned redirect>redirected book>booked start>in-progress"
    " answer>done revoke>revoked triage>accepted",
    "booked": "return>returned redirect>redirected book>booked unbook>accepted"
    " missed>accepted start>in-progress revoke>revoked triage>booked",
    "in-progress": "finish>done answer>done",
    "returned": "reopen>received",
    "done": "",
    "revoked": "",
}
_EVERYWHERE = {"comment"}
_OPEN = {"escalate"}


@pytest.mark.parametrize("state", TABLE)
def test_the_table(state):
    expected = dict(pair.split(">") for pair in TABLE[state].split())
    found = {
        act: move.to or state
        for act, move in MOVES.items()
        if state in move.start and act not in _EVERYWHERE | _OPEN
    }
    assert found == expected


def test_anybody_may_write_and_only_what_is_open_is_asked_louder():
    assert MOVES["comment"].start == frozenset(STATES)
    assert MOVES["escalate"].start == OPEN
    assert set(acts_from("received", SENDER)) == {"revoke", "comment"}
    assert "revoke" not in acts_from("received", SERVICE)


ACTS = st.builds(
    Event,
    recorded=st.integers(1, 40),
    act=st.sampled_from([a for a in MOVES if a != "send"]),
    by=st.sampled_from(["dee", "kiri"]),
    reason=st.sampled_from(["", " ", "a reason"]),
    said=st.dictionaries(st.sampled_from(["service", "urgency"]), st.sampled_from(["ed", "soon"])),
)
TOLD = st.builds(
    Event, recorded=st.integers(1, 40), act=st.sampled_from(["", "told"]),
    state=st.sampled_from(STATES), reason=st.just("told"),
)  # fmt: skip
SENT = Event(recorded=0, act="send", said={"service": "nursing", "kind": "referral"})
HISTORIES = st.lists(ACTS | TOLD, max_size=14, unique_by=lambda e: (e.recorded, e.act, e.state))
OURS = st.lists(ACTS, max_size=14, unique_by=lambda e: e.recorded)


def key(standing):
    return (standing.state, standing.since, standing.service, standing.urgency, standing.answer)


@given(HISTORIES, st.randoms())
def test_any_order_of_arrival_comes_to_the_same(events, random):
    every = [SENT, *events]
    shuffled = every[:]
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(every)


@given(HISTORIES)
def test_what_comes_piece_by_piece_ends_where_the_whole_does(events):
    kept = []
    for event in reversed(events):
        kept.append(event)
        fold(kept)  # nothing of an earlier fold is carried along
    assert fold([SENT, *kept]) == fold([SENT, *events])


@given(OURS)
def test_no_state_is_skipped(events):
    """Every step of the path is one that the table has, whatever was tried."""
    path = fold([SENT, *events]).path
    steps = {(start, move.to) for move in MOVES.values() for start in move.start if move.to}
    assert path[0] == "received"
    assert all(pair in steps for pair in pairwise(path))


@given(OURS)
def test_no_request_ends_without_an_answer(events):
    standing = fold([SENT, *events])
    assert standing.state in OPEN or standing.answer.strip()


@given(OURS)
def test_from_everything_open_an_answer_can_be_reached(events):
    """Whatever was done, both sides together can end it with an answer."""
    standing, tried = fold([SENT, *events]), [SENT, *events]
    for number in range(5):
        if standing.state not in OPEN:
            break
        act = next(a for a in ("answer", "finish", "start", "accept") if allowed(
            standing.state, a, "x"))  # fmt: skip
        tried.append(Event(recorded=100 + number, act=act, reason="x"))
        standing = fold(tried)
    assert standing.state not in OPEN


@given(HISTORIES)
def test_a_sources_word_never_takes_an_act_back(events):
    """After an act, what a source tells moves an open request on or ends it; never back."""
    far = ["received", "redirected", "needs-more", "accepted", "booked", "in-progress"]
    before = fold([SENT, *events])
    after = fold([SENT, *events, Event(recorded=99, state="received")])
    if before.own:
        assert key(after) == key(before)
    assert before.state in {*far, "returned", "done", "revoked"}


@given(OURS, st.sampled_from(["done", "revoked", "returned"]))
def test_the_senders_system_can_end_what_is_open(events, state):
    before = fold([SENT, *events])
    after = fold([SENT, *events, Event(recorded=99, state=state, reason="told")])
    assert after.state == (state if before.state in OPEN else before.state)


def test_what_came_too_late_is_kept_and_moves_nothing():
    """The practice revoked at 2, and we heard of it only after we had accepted at 3."""
    accepted = Event(recorded=3, act="accept")
    standing = fold([SENT, accepted, Event(recorded=2, state="revoked")])
    assert (standing.state, standing.overtaken) == ("revoked", frozenset({3}))


class TestTheWordsOfOthers:
    """FHIR and BSeR, both ways."""

    @pytest.mark.parametrize("state", STATES)
    def test_our_own_state_comes_back(self, state):
        concept = mapping.business_concept(state)
        assert mapping.state_of_task(mapping.task_status(state), concept["coding"]) == state

    @pytest.mark.parametrize("state", [s for s in STATES if s not in {"redirected", "booked"}])
    def test_task_status_alone_says_nearly_all(self, state):
        assert mapping.state_of_task(mapping.task_status(state)) == state

    def test_every_business_state_is_understood(self):
        assert len(mapping.BSER_STATES) == 10
        for code in mapping.BSER_STATES:
            assert mapping.state_of_task("", [{"system": mapping.BSER, "code": code}]) in STATES

    def test_every_state_has_a_status_that_the_standard_knows(self):
        assert {mapping.request_status(s) for s in STATES} <= {
            "draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown",
        }  # fmt: skip

    @pytest.mark.parametrize(("act", "code"), [("missed", "5.1.2"), ("unbook", "5.1.3"),
                                               ("accept", "3.0")])  # fmt: skip
    def test_what_happened_to_a_visit(self, act, code):
        assert mapping.business_status("accepted", act) == code


@given(st.integers())
def test_numbers_are_read_however_they_are_typed(_):
    number = numbers.fresh()
    assert numbers.tidy(number.lower().replace("-", " ")) == number
    at = 3
    other = "0" if number[at] != "0" else "1"
    assert numbers.tidy(number[:at] + other + number[at + 1 :]) == ""


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class At:
    """A request as a clock sees it."""

    booked = None
    kind = "referral"

    def __init__(self, state, urgency="routine", **more):
        self.state, self.urgency, self.at, self.since = state, urgency, NOON, NOON
        self.__dict__.update(more)


@pytest.mark.parametrize(
    ("request_", "whose", "hours"),
    [
        (At("received"), "service", 72),
        (At("redirected", "urgent"), "service", 4),
        (At("needs-more"), "sender", 336),
        (At("accepted"), "service", 336),
        (At("accepted", kind="advice"), "service", 72),
        (At("booked", booked=NOON + timedelta(days=2)), "service", 72),
        (At("in-progress", kind="order", urgency="urgent"), "service", 24),
    ],
)
def test_what_is_due(request_, whose, hours):
    found = timers.clock(request_)
    assert (found.whose, found.due) == (whose, NOON + timedelta(hours=hours))
    assert not found.overdue(found.due)
    assert found.overdue(found.due + timedelta(seconds=1))


@pytest.mark.parametrize("state", ["done", "returned", "revoked", "in-progress"])
def test_nothing_is_due_of_what_is_answered_or_under_way(state):
    assert timers.clock(At(state)) is None


def test_every_word_has_its_words():
    assert set(telling.STATES) == set(STATES)
    assert set(telling.KINDS) == set(KINDS)
    assert {d.urgency for d in timers.DEFAULTS} == set(URGENCIES) == set(telling.URGENCIES)
    assert {urgency_of(w) for w in ("stat", "asap", "R", "soon", "?")} == set(URGENCIES)
    assert all(act in telling.ASKS for act, move in MOVES.items() if move.says)


def test_louder_three_times_and_then_no_more():
    hours = [h for h in range(200) if timers.louder(timedelta(hours=h), 1)]
    assert hours[0] == 24
    assert timers.louder(timedelta(0), 0)
    assert not timers.louder(timedelta(days=30), 3)
    assert not timers.louder(timedelta(days=30), 1, timedelta(hours=23))
    assert timers.louder(timedelta(days=30), 2, timedelta(hours=48))


class TestRefusals:
    """What stands against a request, from what is known; the table is the rule."""

    def rules(self, *, day=date(2026, 11, 23), known=None, entry=None, **asking):
        said = {"kind": "referral", "urgency": "routine", "form": {}, "words": "Please", **asking}
        service = Entry(**{"service": "s", "name": "S", "accepts": ("referral",), **(entry or {})})
        found = against(Asking(**said), Known(**(known or {})), service, day)
        assert all(each.what and each.cure for each in found)
        return [each.rule for each in found]

    @pytest.mark.parametrize(
        ("rules", "said"),
        [
            ([], {}),
            (["died"], {"known": {"died": date(2026, 1, 1)}}),
            (["opted-out"], {"known": {"opted_out": True}}),
            ([], {"known": {"opted_out": True}, "agreed": True}),
            (["duplicate"], {"known": {"open_ones": ((1, "R-1", "1 May"),)}}),
            ([], {"known": {"open_ones": ((1, "R-1", "1 May"),)}, "anyway": True}),
            (["criteria"], {"known": {"unmet": "age 12"}}),
            ([], {"known": {"unmet": "age 12"}, "despite": "Agreed by telephone"}),
            (["kind"], {"known": {"unmet": "age 12"}, "kind": "advice"}),
            (["kind"], {"kind": "order"}),
            (["closed"], {"entry": {"gone": date(2026, 11, 1)}}),
            ([], {"entry": {"gone": date(2026, 12, 1)}}),
            (["closed"], {"entry": {"notices": (Notice(words="No staff", closed=True),)}}),
            ([], {"entry": {"notices": (Notice(words="Parking is shut"),)}}),
            (["listed"], {"entry": {"listed": True}}),
            (["words"], {"words": " "}),
            (["missing", "words"], {"words": "", "entry": {"form": (SIDE,)}}),
            (["choice"], {"form": {"side": "both"}, "entry": {"form": (SIDE,)}}),
            ([], {"form": {"side": "left"}, "words": "", "entry": {"form": (SIDE,)}}),
            (["number"], {"form": {"cm": "big"}, "entry": {"form": (SIZE,)}}),
            ([], {"form": {"cm": "3,5"}, "entry": {"form": (SIZE,)}}),
        ],
    )
    def test_each(self, rules, said):
        assert self.rules(**said) == rules


def test_the_reference_page_is_the_code_as_it_is():
    page = (Path(__file__).parents[2] / "docs/reference/requests.md").read_text(encoding="utf-8")
    for state in STATES:
        code = mapping.business_status(state)
        assert (
            f"`{mapping.request_status(state)}` | `{mapping.task_status(state)}` | {code} " in page
        )
    for act, move in MOVES.items():
        whose = f"| {move.to or 'stays'} | {move.whose} | {'yes' if move.says else 'no'} |"
        assert any(line.startswith(f"| `{act}` |") and line.endswith(whose)
                   for line in page.splitlines()), act  # fmt: skip
    for each in timers.DEFAULTS:
        assert f"| {each.urgency} | {each.triage} h | {each.answer} h | {each.supply} h |" in page
