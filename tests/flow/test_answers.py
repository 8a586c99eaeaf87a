"""Questions that take a while: asked once, worked on apart, cancelled, taken up again."""

import threading

import pytest

from onesystem.access import Actor
from onesystem.flow import answers
from onesystem.flow.answers import working
from onesystem.flow.answers.rows import Asked
from onesystem.vocabulary import BadInput

BY = Actor.job("test")


@pytest.fixture(autouse=True)
def kinds(monkeypatch, db):
    """Kinds of question that the tests answer themselves."""
    monkeypatch.setattr(working, "_WORKERS", {})
    monkeypatch.setattr(working, "_begun", threading.Event())
    answers.register("double", lambda asked, progress: {"is": 2 * asked["of"]})


def test_a_question_waits_is_worked_on_and_answered():
    asked = answers.ask("double", {"of": 4}, by=BY)
    assert (asked.state, asked.found) == ("waiting", None)
    assert answers.work() is False
    done = answers.find(asked.digest)
    assert (done.state, done.found) == ("done", {"is": 8})


def test_the_same_question_is_asked_once():
    first = answers.ask("double", {"of": 4, "and": "x"}, by=BY)
    second = answers.ask("double", {"and": "x", "of": 4}, by=BY)
    assert first.digest == second.digest
    assert Asked.objects.count() == 1


def test_the_one_that_waited_longest_comes_first():
    for of in (1, 2):
        answers.ask("double", {"of": of}, by=BY)
    assert answers.work() is True
    assert answers.work() is False


def test_the_one_that_somebody_looks_at_comes_before_what_was_left():
    """A planner asks for fifteen runs and goes; a nurse opens a page and waits at it."""
    left = answers.ask("double", {"of": 1}, by=BY)
    waits_at_it = answers.ask("double", {"of": 2}, by=BY)
    Asked.objects.update(looked_at=0)
    answers.find(waits_at_it.digest)
    answers.work()
    assert answers.find(waits_at_it.digest).found == {"is": 4}
    assert answers.find(left.digest).working


def test_an_old_answer_stays_readable_while_it_is_worked_out_anew():
    asked = answers.ask("double", {"of": 1}, by=BY)
    answers.work()
    Asked.objects.update(done_at=1)
    again = answers.ask("double", {"of": 1}, by=BY)
    assert (again.state, again.found) == ("waiting", {"is": 2})
    assert answers.ask("double", {"of": 1}, by=BY).digest == asked.digest


def test_a_cancelled_question_stops_the_work_and_stays_cancelled():
    def slow(asked, progress):
        progress(0.5, "half")
        answers.cancel(digest)
        progress(0.6, "more")
        pytest.fail("it went on")

    answers.register("slow", slow)
    digest = answers.ask("slow", {}, by=BY).digest
    answers.work()
    left = answers.find(digest)
    assert (left.state, left.share, left.said) == ("cancelled", 50, "half")
    assert answers.ask("slow", {}, by=BY).state == "cancelled"
    assert answers.ask("slow", {}, by=BY, anew=True).state == "waiting"


def test_a_mistake_in_the_question_is_told_in_words():
    def refuse(asked, progress):
        raise BadInput("there is no such ward", rule="ward", cure="Choose one listed.")

    answers.register("refuse", refuse)
    digest = answers.ask("refuse", {}, by=BY).digest
    answers.work()
    failed = answers.find(digest)
    assert failed.state == "failed"
    assert "no such ward" in failed.problem


def test_a_fault_of_ours_does_not_stop_the_next_question():
    answers.register("broken", lambda asked, progress: 1 / 0)
    broken = answers.ask("broken", {}, by=BY).digest
    fine = answers.ask("double", {"of": 3}, by=BY).digest
    assert answers.work() is True
    answers.work()
    assert answers.find(broken).state == "failed"
    assert "ZeroDivision" not in answers.find(broken).problem
    assert answers.find(fine).found == {"is": 6}


def test_what_a_crash_left_half_done_is_taken_up_again():
    digest = answers.ask("double", {"of": 5}, by=BY).digest
    Asked.objects.update(state="working")
    answers.work()
    assert answers.find(digest).found == {"is": 10}


@pytest.mark.django_db(transaction=True)
def test_a_long_call_is_stopped_from_outside():
    stopped = threading.Event()

    def long(asked, progress):
        answers.cancel(digest)
        return answers.unhurried(
            lambda: {"waited": stopped.wait(30)}, stop=stopped.set, progress=progress
        )

    answers.register("long", long)
    digest = answers.ask("long", {}, by=BY).digest
    answers.work()
    assert stopped.is_set()
    assert answers.find(digest).state == "cancelled"
