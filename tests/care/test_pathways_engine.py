"""What is next on a pathway: facts and events in, next actions out; the order of events is none."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.pathways.document import (
    Action,
    Criterion,
    Flag,
    Form,
    Link,
    Pathway,
    Question,
    Step,
)
from onesystem.care.pathways.engine import criteria, flags, next_actions, prepare, stand, whom
from onesystem.care.pathways.known import Facts
from onesystem.care.pathways.library import library
from onesystem.care.pathways.steps import Event, fold
from onesystem.care.pathways.timing import after
from onesystem.vocabulary import BadConfig

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
PATHWAY = Pathway(
    key="p", title="P", whom="%age >= 18",
    forms=(Form(key="f", title="F", questions=(
        Question(key="ill", words="Ill"), Question(key="fit", words="Fit"))),),
    flags=(Flag(key="ill", words="Ill", when="answer('ill')"), Flag(key="look", words="Look")),
    requests=(
        Criterion(key="no", words="No", setting="ED", when="%age < 18"),
        Criterion(key="judge", words="Judge", setting="ED"),
        Criterion(key="ask", words="Ask", setting="ED", when="answer('fit')"),
        Criterion(key="yes", words="Yes", setting="ED", when="%age >= 18"),
    ),
    assessment=(
        Step(key="look", words="Look", form="f", within="4 hours",
             next=(Link(to="home", when="answer('ill').not()"),
                   Link(to="hospital", when="answer('ill')"))),
        Step(key="old", words="For the old", when="%age >= 65"),
    ),
    management=(
        Step(key="home", words="Home", next=(Link(to="daily"),),
             actions=(Action(kind="do", words="Always"),
                      Action(kind="do", words="Old", when="%age >= 65"))),
        Step(key="hospital", words="Hospital", within="1 hour"),
        Step(key="daily", words="Daily", every="1 day", times=3, within="4 hours"),
    ),
)  # fmt: skip


def facts(hours=0, born="1980-01-01"):
    return Facts(now=START + timedelta(hours=hours), patient={"birthDate": born})


def event(verb, step="", *, hours=0, act="", **more):
    act = act or f"{verb}{step}{hours}"
    return Event(verb=verb, step=step, at=START + timedelta(hours=hours), act=act, **more)


STARTED = event("started", version=1)
LOOKED = event("done", "look", hours=1, answers={"ill": False}, by="kiri")


def states(events, hours=1, born="1980-01-01"):
    standings = stand(PATHWAY, facts(hours, born), fold(events))
    return {each.step.key: each.state for each in standings}


class TestAStep:
    def test_it_opens_at_the_start_or_after_what_leads_to_it(self):
        assert states([STARTED]) == {
            "look": "ready", "old": "not for them", "home": "not yet", "hospital": "not yet",
            "daily": "not yet",
        }  # fmt: skip

    def test_a_link_with_a_condition_leads_one_way(self):
        found = states([STARTED, LOOKED])
        assert (found["look"], found["home"], found["hospital"]) == ("done", "ready",
                                                                    "not for them")  # fmt: skip

    def test_what_is_not_known_is_asked(self):
        found = states([STARTED, event("skipped", "look", hours=1, reason="away")])
        assert (found["look"], found["home"], found["hospital"]) == ("skipped", "ask", "ask")
        asks = next_actions(PATHWAY, facts(2), [STARTED, event("skipped", "look", hours=1)])
        assert {each.why.words for each in asks if each.state == "ask"} == {"Ill: not answered yet"}

    def test_it_is_overdue_when_its_time_is_over(self):
        assert states([STARTED], hours=5)["look"] == "overdue"
        [first, *_] = next_actions(PATHWAY, facts(5), [STARTED])
        assert (first.step.key, first.due) == ("look", START + timedelta(hours=4))

    def test_it_comes_again_and_not_for_ever(self):
        events = [STARTED, LOOKED, event("done", "home", hours=2)]
        assert states(events, hours=3)["daily"] == "ready"
        for day in range(3):
            events.append(event("done", "daily", hours=3 + 24 * day))
            wanted = "later" if day < 2 else "done"
            assert states(events, hours=4 + 24 * day)["daily"] == wanted
        assert states(events[:-1], hours=52)["daily"] == "ready"
        assert states(events[:-1], hours=60)["daily"] == "overdue"

    def test_its_actions_are_those_for_this_person(self):
        [old, young] = [
            [a.action.words for each in next_actions(PATHWAY, facts(2, born), [STARTED, LOOKED])
             if each.step.key == "home" for a in each.actions] for born in ("1940", "1980")
        ]  # fmt: skip
        assert (old, young) == (["Always", "Old"], ["Always"])

    def test_its_reason_is_said(self):
        found = next_actions(PATHWAY, facts(2, "1940-01-01"), [STARTED, LOOKED])
        assert {each.step.key: each.why.words for each in found} == {
            "old": "age 86 (65 or more is asked for)", "home": "Ill: no",
        }  # fmt: skip


def test_flags_and_criteria_come_with_reasons_the_met_first():
    sick = facts().answered({"ill": True})
    assert [(m.of.key, m.why.answer, m.judged) for m in flags(PATHWAY, sick)] == [
        ("ill", True, False), ("look", None, True),
    ]  # fmt: skip
    found = criteria(PATHWAY, facts())
    assert [m.of.key for m in found] == ["yes", "judge", "ask", "no"]
    assert found[0].why.words == "age 46 (18 or more is asked for)"
    assert whom(PATHWAY, facts()).answer is True
    assert whom(PATHWAY, Facts(now=START)).answer is None


class TestACase:
    def test_it_is_the_fold_of_its_events(self):
        case = fold([STARTED, LOOKED, event("moved", hours=3, version=2),
                     event("left", hours=4, reason="well")])  # fmt: skip
        assert (case.version, case.started, case.reason, case.open) == (2, START, "well", False)
        assert case.answers == {"ill": False}
        assert case.walked["look"].by == "kiri"

    def test_who_comes_back_is_on_it_again(self):
        case = fold([STARTED, event("left", hours=1), event("started", hours=2, version=3)])
        assert (case.open, case.version, case.started) == (True, 3, START)

    def test_nothing_is_due_of_who_left(self):
        events = [STARTED, LOOKED, event("done", "home", hours=2),
                  event("done", "daily", hours=3), event("left", hours=4)]  # fmt: skip
        assert states(events, hours=99)["daily"] == "done"
        assert next_actions(PATHWAY, facts(99), events) == ()


@st.composite
def histories(draw):
    """Anything that may happen on a pathway of the starter set."""
    pathway = draw(st.sampled_from(list(library().values())))
    keys = [each.key for each in pathway.steps]
    questions = [q for form in pathway.forms for q in form.questions]
    values = {"boolean": st.booleans(), "integer": st.integers(0, 200),
              "decimal": st.floats(0, 99, allow_nan=False)}  # fmt: skip
    events = [event("started", version=1)]
    for n in range(draw(st.integers(0, 12))):
        asked = draw(st.lists(st.sampled_from(questions), max_size=3)) if questions else []
        events.append(event(
            draw(st.sampled_from(["done", "skipped", "done", "moved", "left", "started"])),
            draw(st.sampled_from(keys)), hours=draw(st.integers(0, 400)), act=f"e{n}",
            version=draw(st.integers(1, 3)), reason="r",
            answers={q.key: draw(values.get(q.type, st.just("words"))) for q in asked},
        ))  # fmt: skip
    return pathway, events


@given(histories(), st.randoms(use_true_random=False), st.integers(0, 500))
def test_a_replay_in_any_order_gives_the_same(history, chance, hours):
    pathway, events = history
    shuffled = [*events, *chance.sample(events, len(events))]
    chance.shuffle(shuffled)
    now = facts(hours, "1944-05-01")
    assert fold(shuffled) == fold(events)
    assert next_actions(pathway, now, shuffled) == next_actions(pathway, now, events)


@given(histories())
def test_every_next_action_has_a_reason_or_needs_none(history):
    pathway, events = history
    for each in next_actions(pathway, facts(100, "1944-05-01"), events):
        assert each.state in {"ready", "overdue", "ask"}
        assert each.why.answer is not False
        assert each.why.words or each.why.answer


def test_random_orders_of_a_long_case_are_many():
    """The property above is not vacuous: the same events in twenty orders, one case."""
    events = [STARTED, LOOKED, event("done", "home", hours=2), event("done", "daily", hours=3),
              event("skipped", "daily", hours=30), event("moved", hours=40, version=2)]  # fmt: skip
    chance = random.Random(7)
    assert len({repr(fold(chance.sample(events, len(events)))) for _ in range(20)}) == 1


@pytest.mark.parametrize(
    ("long", "moment"),
    [("4 hours", "2026-01-31T13:00"), ("30 minutes", "2026-01-31T09:30"),
     ("2 weeks", "2026-02-14T09:00"), ("1 month", "2026-02-28T09:00"),
     ("1 year", "2027-01-31T09:00"), ("13 months", "2027-02-28T09:00")],
)  # fmt: skip
def test_how_long(long, moment):
    at = datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert after(at, long) == datetime.fromisoformat(moment + "+00:00")


def test_no_time_says_so():
    with pytest.raises(BadConfig, match="says no time"):
        after(START, "soon")


def test_a_pathway_is_prepared_once():
    assert prepare(PATHWAY) is prepare(PATHWAY)
