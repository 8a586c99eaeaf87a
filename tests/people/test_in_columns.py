"""Columns go into tables and come out of them as they were."""

import pyarrow as pa
import pytest

from onesystem.people import loading, spans, store

pytestmark = pytest.mark.django_db

KINDS = {"a": "int64", "b": "int64", "weight": "float64"}
NAMES = ("a", "b", "state", "rule", "weight")


def pairs(count, rule="score"):
    return {
        "a": pa.array(range(1, 3 * count, 3)),
        "b": pa.array(range(2, 3 * count + 1, 3)),
        "state": pa.array(["ask", "link"][i % 2] for i in range(count)),
        "rule": rule,
        "weight": pa.array([(i - 7) / 3 for i in range(count)]),
    }


def read(**more):
    return spans.read("people_pair", {n: n for n in NAMES}, key="a", kinds=KINDS, **more)


@pytest.mark.parametrize("count", [1, 59, 60, 61, 200])
def test_what_is_loaded_is_read_in_order_of_its_key(count):
    """Whole numbers, words, and every digit of a weight; also where statements are not full."""
    given = pairs(count)
    loading.load("people_pair", given)
    found = read()
    assert found["rule"].to_pylist() == ["score"] * count
    for name in ("a", "b", "state", "weight"):
        assert found[name].to_pylist() == given[name].to_pylist()


def test_only_what_is_asked_for_is_read():
    """Rows beyond a key, and rows that a condition names."""
    loading.load("people_pair", pairs(90))
    assert read(after=100)["a"].to_pylist() == list(range(103, 270, 3))
    assert set(read(where="state = %s", values=["ask"])["state"].to_pylist()) == {"ask"}
    assert read(after=1000).num_rows == 0


@pytest.mark.parametrize("odd", ["it's", "", "100% %s ?", "two\x1fparts", "a\tb", "Māia 王"])
def test_any_text_is_kept(odd):
    """What one row says and what all say alike, with the signs of statements and of columns."""
    count = 130
    evidence = [odd if i == 77 else f"{i}" for i in range(count)]
    loading.load(
        "people_mapped",
        {
            "identity": pa.array(range(count)), "person": 1, "was": pa.array([2] * count), "at": 3,
            "why": pa.array(["number"] * count), "evidence": pa.array(evidence),
            "by": pa.array([odd] * count),
        },
    )  # fmt: skip
    names = ("identity", "person", "was", "at", "why", "evidence", "by")
    rows = store.rows(f"SELECT {', '.join(names)} FROM people_mapped ORDER BY id")
    assert rows == [(i, 1, 2, 3, "number", evidence[i], odd) for i in range(count)]
    found = spans.read(
        "people_mapped", {n: n for n in ("id", "evidence", "by")}, key="id", kinds={"id": "int64"}
    )
    assert found["evidence"].to_pylist() == evidence
    assert found["by"].to_pylist() == [odd] * count
