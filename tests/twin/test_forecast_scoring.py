"""Scores of a forecast: the arithmetic, on a table small enough to do by hand."""

from datetime import UTC, datetime

import pytest

from onesystem.twin.forecast import showing
from onesystem.twin.forecast.scoring import Score, score, scored, together
from onesystem.twin.forecast.told import Forecast, Service

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
FLAT = tuple((n,) * 8 for n in (2, 4, 5, 6, 9))  # 5%, 25%, the middle, 75%, 95%


def made(**more):
    """A forecast of one ward that says the same of every hour."""
    ward = Service(name="Ward", setting="ward", here=5, waiting=0, ready=0, places=(),
                   inside=FLAT, need=FLAT, came=FLAT)  # fmt: skip
    said = {
        "at": AT, "zone": "UTC", "model": "x", "learnt": AT, "replications": 2,
        "marks": (1, 2, 3, 6, 12, 24, 48, 72), "people": 5, "unknown": 0, "services": (ward,),
        "hospitals": (),
    }  # fmt: skip
    return Forecast(**(said | more))


def truth(figure, _service, hours, back):
    """   hour | inside | last week | came | last week
             1 |   5    |     7     |   5  |    0
             2 |   6    |     7     |   5  |    0
             3 |   8    |     7     |   5  |    0
             6 |  12    |     7     |   5  |    0
    and all the others as in the middle.
    """  # fmt: skip
    if figure == "came":
        return [0 if back else 5 for _ in hours]
    return [7 if back else {1: 5, 2: 6, 3: 8, 6: 12}.get(hour, 5) for hour in hours]


def test_scores_by_hand():
    first, second, *_ = scored(made(), truth, 24)
    assert first == Score(figure="inside", service="Ward", ahead=(0, 6), many=4, in50=2, in90=3,
                          error=0 + 1 + 3 + 7, naive=2 + 1 + 1 + 5)  # fmt: skip
    assert second == Score(figure="came", service="Ward", ahead=(0, 6), many=4, in50=4, in90=4,
                           error=0, naive=20)  # fmt: skip


def test_only_hours_that_have_passed_are_scored():
    assert scored(made(), truth, 0.5) == []
    found = scored(made(), truth, 12)
    assert [(each.figure, each.ahead, each.many) for each in found] == [
        ("inside", (0, 6), 4), ("came", (0, 6), 4), ("inside", (6, 24), 1), ("came", (6, 24), 1),
    ]  # fmt: skip


def test_sums_over_forecasts_and_as_kept():
    found = scored(made(), truth, 72)
    assert [score(each.plain()) for each in found] == found
    both = together([*found, *found])
    assert [(each.many, each.error) for each in both if each.figure == "inside"] == [
        (8, 22), (4, 0), (4, 0),
    ]  # fmt: skip
    assert [each.service for each in together(found, by_service=True)] == ["Ward"] * 6


def test_the_record_says_it_as_it_is():
    found = scored(made(), truth, 72)
    words = showing.verdict(found)
    assert words.startswith("88% of what came lay in the 90% band.")
    assert "closer than the same hour last week in 5 of 6 lines" in words
    rows = showing.record(found).all_rows
    assert [cell if isinstance(cell, (int, str)) else cell.text for cell in rows[0]] == [
        "People inside", "up to 6 hours", 4, "50%", "75%", "2.75", "2.25",
    ]  # fmt: skip
    assert showing.verdict([]) == ""


def test_few_people_are_hidden_from_who_may_not_see_people():
    below = showing.small(5, exact=False)
    assert [below(n) for n in (0, 1, 4, 5)] == ["0", "<5", "<5", "5"]
    row = showing.services(made(), "inside", {}, below).all_rows[0]
    assert row[4].text == "5 (<5 to 9)"


@pytest.mark.parametrize("hours", [(1, 2, 3, 6, 12, 24, 48, 72)])
def test_the_picture_has_what_came_where_it_is_known(hours):
    (place,) = showing.places(made())
    drawing = showing.picture(made(), place, {"Ward": [5, 6]})
    assert drawing.came.count("M") == 2
    assert drawing.outer.count("L") == 2 * (len(hours) + 1) - 1
