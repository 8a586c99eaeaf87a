"""Whether the figures are there, being worked out, waiting, failed, or left behind by the dead."""

import json
import os
import signal

import pytest
from click.testing import CliRunner

from onesystem.cli import jobs, measure
from onesystem.flow import measures
from onesystem.flow.measures import keeping, standing, store
from onesystem.vocabulary import BadConfig, Busy, NotFound

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock(monkeypatch):
    """What the time is, in seconds; the test moves it."""
    hands = {"now": 1_800_000_000.0}
    monkeypatch.setattr(standing.time, "time", lambda: hands["now"])
    return hands


def fails(monkeypatch, error):
    """Let every full computation fail, after it said something."""

    def compute(_at, _horizon, _only, tell):
        store.set_marks(computing=1)
        tell("Worked out 3 of 10 parts of the people", 0.18)
        raise error

    monkeypatch.setattr(keeping, "_compute", compute)


def test_nothing_was_ever_worked_out(district):
    assert measures.stands() == standing.Standing(state="waiting", first=True)
    assert measures.due()


def test_somebody_works_them_out(district):
    with standing.locked(), standing.told(lambda _: None) as tell:
        tell("Worked out 3 of 10 parts of the people", 0.18)
        found = measures.stands()
        assert not measures.due()
        with pytest.raises(Busy):
            measures.compute()
    assert (found.state, found.first, found.share) == ("working", True, 18)
    assert found.said == "Worked out 3 of 10 parts of the people"


@pytest.mark.parametrize("act", [measures.compute, measures.refresh, keeping.compute])
def test_outside_of_a_district_nothing_is_written(district, tmp_path, monkeypatch, act):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("ONESYSTEM_DISTRICT", str(elsewhere))
    with pytest.raises(BadConfig, match="there is no district") as refused:
        act()
    assert refused.value.cure
    assert not list(elsewhere.iterdir())


def test_they_are_there(district):
    measures.compute()
    assert measures.stands() == standing.Standing(state="kept", first=False)
    assert not measures.due()
    assert not (district.path / "measures.json").exists()


def test_what_failed_says_why_and_is_tried_later_each_time(district, clock, monkeypatch):
    for tries, wait in ((1, 30), (2, 60), (3, 120)):
        assert measures.due()
        with monkeypatch.context() as broken:
            fails(broken, BadConfig("the folder is full", "Make room"))
            with pytest.raises(BadConfig):
                measures.compute()
        found = measures.stands()
        assert (found.state, found.tries) == ("failed", tries)
        assert "the folder is full" in found.problem
        assert found.again.timestamp() == clock["now"] + wait
        clock["now"] += wait - 1
        assert not measures.due()
        clock["now"] += 1
    measures.compute()
    assert measures.stands().state == "kept"


def test_a_mistake_of_ours_is_not_told_in_its_own_words(district, monkeypatch):
    fails(monkeypatch, ZeroDivisionError("inside"))
    with pytest.raises(ZeroDivisionError):
        measures.compute()
    assert "inside" not in measures.stands().problem
    assert "log of the server" in measures.stands().problem


def test_a_process_that_died_is_noticed_and_another_one_tries(district, clock, monkeypatch):
    """Killed in the middle, as by a machine that has no memory left."""
    pid = os.fork()
    if not pid:
        with standing.locked(), standing.told(lambda _: None) as tell:
            tell("Writing the cells", 0.6)
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    found = measures.stands()
    assert (found.state, found.said, found.tries) == ("died", "Writing the cells", 1)
    assert not measures.due()
    clock["now"] += 30
    assert measures.due()
    assert not jobs._work_all_cells_out(lambda: False)
    assert measures.stands().state == "kept"


def test_who_is_told_to_stop_leaves_no_failure(district):
    assert not jobs._work_all_cells_out(lambda: True)
    assert measures.stands().state == "waiting"
    assert measures.due()


def test_a_measure_that_is_worked_out_alone_does_not_make_the_rest_new(district):
    measures.compute()
    store.set_marks(computing=1)
    found = measures.stands()
    assert (found.state, found.first) == ("waiting", False)


class TestAskedForOnTheCommandLine:
    """`onesystem measure NAME`: figures, whether or not somebody worked them out before."""

    @pytest.fixture
    def ask(self, district, monkeypatch):
        monkeypatch.setattr(measure, "open_district", lambda: district)
        return lambda *words: CliRunner().invoke(measure.measure, words)

    def test_what_was_never_worked_out_is(self, ask):
        done = ask("ed-attendances", "--from", "Jan 2026", "--to", "2026-03", "--json")
        assert "worked out first" in done.stderr
        assert [row["period"] for row in json.loads(done.stdout)] == ["2026-01-01", "2026-02-01"]
        assert measures.stands().state == "kept"
        again = ask("ed-attendances", "--from", "2026-01-01", "--csv")
        assert "worked out" not in again.stderr

    def test_where_another_works_them_out_it_is_said(self, ask):
        with standing.locked():
            done = ask("ed-attendances", "--json")
        assert "Another process" in done.stderr
        assert done.exit_code == 0

    def test_what_is_wrong_is_said_before_anything_is_worked_out(self, ask):
        with pytest.raises(NotFound, match="Did you mean 'ed-attendances'"):
            raise ask("ed-attendence").exception
        with pytest.raises(BadConfig, match="--from: 'soon' is not a date"):
            raise ask("ed-attendances", "--from", "soon").exception
