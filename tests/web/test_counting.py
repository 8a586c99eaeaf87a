"""What processes count together: nothing is lost by two at once, or by one that dies."""

import os

import pytest

from onesystem.web.counting import EDGES, Table


def rows(table):
    return {(row.name, *row.labels): row for row in table.read()}


def test_counts_gauges_and_durations_are_kept_by_their_labels():
    table = Table(8)
    table.add("pages", page="a")
    table.add("pages", 2, page="a")
    table.add("pages", page="b")
    table.put("open", 7)
    table.put("open", 5)
    for seconds in (0.001, 0.02, 0.5, 99.0):
        table.time("took", seconds)
    found = rows(table)
    assert found["pages", ("page", "a")].value == 3
    assert found["pages", ("page", "b")].value == 1
    assert found["open",].value == 5
    took = found["took",]
    assert (took.value, took.sum) == (4, pytest.approx(99.521))
    assert took.buckets == (2.0, *[0.0] * 2, 1.0, *[0.0] * (len(EDGES) - 4), 1.0)


def test_processes_count_in_one_table_and_one_that_is_killed_holds_up_nobody():
    """Four processes of a fork count a thousand each; one ends at once, in the middle of a row."""
    table = Table(16)
    table.add("begun")
    children = []
    for who in range(4):
        pid = os.fork()
        if not pid:
            for _ in range(1000):
                table.add("all")
                table.add("each", who=str(who))
            if who == 3:
                with table._row("begun", {}):
                    os._exit(9)  # with the lock of the row in its hand
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    table.add("begun")
    found = rows(table)
    assert found["all",].value == 4000
    assert {found["each", ("who", str(who))].value for who in range(4)} == {1000}
    assert found["begun",].value == 2


def test_more_names_than_there_is_room_for_are_counted_together():
    table = Table(3)
    for name in "abcde":
        table.add(name)
    assert {row.name: row.value for row in table.read()} == {
        "a": 1, "b": 1, "onesystem_uncounted_total": 3,
    }  # fmt: skip
