"""Several at once on one episode, or for one person: one is first, the others are told."""

import pytest
from racing import at_once, on_many_connections

from onesystem.care.episodes import actions, store
from onesystem.care.episodes.actions import Chosen
from onesystem.care.episodes.money import working

pytestmark = [
    pytest.mark.django_db(transaction=True),
    on_many_connections,
]
MET = dict.fromkeys(range(9), True)
ONE = [Chosen(kind="nurse-visit", a_day=1, days=1)]


@pytest.fixture
def start(somebody, asker):
    def starts(name="kiri", lines=ONE):
        return actions.start(person=somebody, package="cellulitis", by=asker("ed-nurse", name=name),
                             lines=lines, asked=True, answers=MET)  # fmt: skip

    return starts


def test_of_many_who_start_care_for_one_person_one_does(start):
    told = at_once(*(lambda n=n: start(f"user{n}") for n in range(4)))
    assert told.count("done") == 1
    assert sum("under care at home already: AH-" in each for each in told) == 3
    assert len(store.rows("1 = 1", [])) == 1


def test_no_two_lines_go_over_the_cap_together(start, asker):
    number = start(lines=[Chosen(kind="iv-therapy", a_day=1, days=3)])
    line = Chosen(kind="iv-therapy", a_day=1, days=2)
    told = at_once(*(
        lambda n=n: actions.add(number=number, line=line, by=asker("ed-nurse", name=f"user{n}"))
        for n in range(3)
    ))  # fmt: skip
    assert told.count("done") == 1
    assert sum("over the cap of £600.00" in each for each in told) == 2
    episode = store.episode_of(number)
    assert working(episode).total == 5 * 9364 <= episode.cap


def test_who_ends_it_second_is_told_who_did(start, asker):
    number = start()
    seen = store.episode_of(number).steps
    told = at_once(*(
        lambda n=n: actions.end(number=number, outcome="stayed home", seen=seen,
                                by=asker("ed-nurse", name=f"user{n}"))
        for n in range(3)
    ))  # fmt: skip
    assert told.count("done") == 1
    assert sum("was quicker (ended)" in each for each in told) == 2
