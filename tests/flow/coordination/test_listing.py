"""The worklist in the order that is asked for."""

import json

import pytest

from onesystem.flow.coordination.listing import Wanted, ordered
from onesystem.flow.coordination.queries import Row
from onesystem.flow.coordination.steps import standing


def row(person, score, age, practice, coc):
    return Row(
        person=person, practice=practice, area="", age=age, band="", score=score, lines=(),
        standing=standing([], today=0, newest=0), told=json.dumps({"coc": coc}),
    )  # fmt: skip


ROWS = [
    row(1, 9, 80, "b", 0.5),
    row(2, 7, None, "a", None),
    row(3, 7, 90, "", 0.1),
    row(4, 2, 20, "a", 0.9),
]


@pytest.mark.parametrize(
    ("sort", "persons"),
    [
        ("score", [1, 2, 3, 4]),
        ("-score", [4, 2, 3, 1]),  # ties stay as they came
        ("age", [3, 1, 4, 2]),  # the oldest first, not known last
        ("-age", [4, 1, 3, 2]),
        ("practice", [2, 4, 1, 3]),
        ("coc", [3, 1, 4, 2]),  # the least continuity first
        ("-coc", [4, 1, 3, 2]),
    ],
)
def test_it_is_ordered(sort, persons):
    assert [each.person for each in ordered(ROWS, sort)] == persons


def test_a_second_click_turns_it_round():
    wanted = Wanted.of({"sort": "age", "flag": "falls"})
    assert wanted.sorts("age") == ("?flag=falls&sort=-age", "descending")
    assert Wanted.of({"sort": "-age"}).sorts("age") == ("?sort=age", "ascending")
    assert wanted.sorts("score") == ("?flag=falls", "")
