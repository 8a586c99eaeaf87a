"""Jobs of a served district: each is done in a process that comes, works, and goes."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest

from onesystem.cli import jobs
from onesystem.cli.tending import Job, look

pytestmark = pytest.mark.django_db(transaction=True)


def until(true, seconds=60.0):
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def ended(job):
    """Look until the process of the job has gone."""
    job.due = float("inf")
    until(lambda: look([job]) or job.due < float("inf"))
    job.due = float("inf")


@pytest.fixture
def notes(tmp_path):
    """A file to which processes write who they are, a line each time."""
    return tmp_path / "notes"


def lines(notes):
    return notes.read_text().splitlines() if notes.exists() else []


def noting(notes, left=()):
    """Work that writes down its process, and leaves something as often as told."""
    rest = list(left)

    def work(_stop):
        with notes.open("a") as file:
            file.write(f"{os.getpid()}\n")
        return bool(rest) and rest.pop(0)

    return work


def test_the_work_is_done_by_a_process_that_goes(notes):
    job = Job("a", lambda: True, noting(notes, [True, True]), every=3600)
    look([job])
    pid = job.pid
    assert pid != os.getpid()
    ended(job)
    assert lines(notes) == [str(pid)] * 3  # the same one, until nothing was left
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_nothing_begins_where_nothing_waits(notes):
    job = Job("a", lambda: False, noting(notes), every=3600)
    look([job])
    assert not job.pid
    assert not lines(notes)


def test_what_is_done_behind_leaves_its_parent_s_priority_alone(notes):
    own = os.nice(0)

    def work(_stop):
        notes.write_text(f"{os.nice(0)}\n")
        return False

    job = Job("a", lambda: True, work, every=3600, behind=True)
    look([job])
    ended(job)
    assert (lines(notes), os.nice(0)) == ([str(min(19, own + 10))], own)


def test_a_job_is_not_begun_twice_at_once(tmp_path):
    go = tmp_path / "go"

    def work(_stop):
        until(go.exists)
        return False

    job = Job("a", lambda: True, work, every=3600)
    look([job])
    pid = job.pid
    look([job])
    assert job.pid == pid
    go.touch()
    ended(job)


def test_a_failure_ends_one_process_only(notes):
    def work(_stop):
        raise RuntimeError

    job = Job("a", lambda: True, work, every=3600)
    look([job])
    ended(job)
    job.work, job.due = noting(notes), 0.0
    look([job])
    ended(job)
    assert len(lines(notes)) == 1


def test_who_is_told_to_stop_ends_after_its_part(tmp_path):
    begun = tmp_path / "begun"

    def work(stop):
        begun.touch()
        until(stop)
        return True

    job = Job("a", lambda: True, work, every=3600)
    look([job])
    until(begun.exists)
    os.kill(job.pid, signal.SIGTERM)
    ended(job)


def test_a_process_stays_while_something_waits(notes):
    """For what would be asked for again at once, and costs much to begin."""
    waits = [True, True, False]
    job = Job("a", lambda: waits.pop(0), noting(notes), every=0.1, stays=True)
    look([job])
    ended(job)
    assert len(lines(notes)) == 2
    assert len(set(lines(notes))) == 1


def test_a_question_is_answered_by_the_job_of_answers(district):
    """Asked by a page, worked on by the job, found by the page."""
    from onesystem.access import Actor
    from onesystem.flow import answers

    answers.register("of-a-test", lambda asked, progress: {"by": os.getpid()})
    answer = next(job for job in jobs.errands() if job.name == "answers")
    assert not answer.waits()
    asked = answers.ask("of-a-test", {}, by=Actor.job("test"))
    assert answer.waits()
    assert not answer.work(lambda: False)
    assert answers.find(asked.digest).found == {"by": os.getpid()}
    assert not answer.waits()


def test_a_long_answer_gives_way_to_whoever_opens_a_page(notes, district):
    from onesystem.access import Actor
    from onesystem.flow import answers

    def tell(_asked, _progress):
        notes.write_text(f"{os.nice(0)}\n")
        return {}

    own = os.nice(0)
    answers.register("priority-of-a-test", tell)
    answer = next(job for job in jobs.errands() if job.name == "answers")
    answers.ask("priority-of-a-test", {}, by=Actor.job("test"))
    look([answer])
    ended(answer)
    assert (lines(notes), os.nice(0)) == ([str(min(19, own + 10))], own)


def test_every_job_looks_without_doing_anything(district):
    for job in jobs.all_jobs(district):
        assert job.waits() in (True, False)


def test_the_night_comes_once_a_night(district, monkeypatch):
    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 3, 1, 12, tzinfo=UTC) + cls.passed

    Later.passed = timedelta(0)
    monkeypatch.setattr(jobs, "datetime", Later)
    night = jobs.Night(district)
    assert not night()
    Later.passed = timedelta(hours=16)
    assert night()
    assert not night()
    Later.passed = timedelta(hours=40)
    assert night()
