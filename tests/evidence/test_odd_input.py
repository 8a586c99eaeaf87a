"""Odd files through every design: a result, or what is wrong with its cure; never a traceback."""

import csv
import random

import pytest
from click.testing import CliRunner

from onesystem.cli.evaluate import evaluate
from onesystem.vocabulary import UserError

DRAWN = random.Random(4)
PLACES = ("North", "South", "East", "West", "Hill", "Lake")


def monthly():
    """Three years of one series."""
    months = [f"{2021 + i // 12}-{i % 12 + 1:02}-01" for i in range(36)]
    return [["month", "value", "population"],
            *([m, str(90 + DRAWN.randint(0, 20)), "1000"] for m in months)]  # fmt: skip


def panel(treated):
    """Six places over eight years; which are treated from when, by `treated(place, year)`."""
    return [["unit", "year", "value", "treated"],
            *([place, str(2010 + year), f"{50 + DRAWN.random() * 9:.2f}", treated(at, year)]
              for at, place in enumerate(PLACES) for year in range(8))]  # fmt: skip


def cases():
    """Eighty people and their scores."""
    return [["score", "value", "age"],
            *([f"{DRAWN.uniform(0, 10):.3f}", f"{DRAWN.gauss(5, 1):.3f}", "50"]
              for _ in range(80))]  # fmt: skip


DESIGNS = {
    "its": (monthly, ("--value", "value", "--denominator", "population", "--at", "2023-01-01")),
    "changepoint": (monthly, ("--value", "value", "--most", "1")),
    "did": (
        lambda: panel(lambda _place, _year: ""),
        ("--unit", "unit", "--value", "value", "--treated", "North", "--at", "2014"),
    ),
    "synth": (
        lambda: panel(lambda _place, _year: ""),
        ("--unit", "unit", "--value", "value", "--treated", "North", "--at", "2014"),
    ),
    "wedge": (
        lambda: panel(lambda place, year: str(int(year > place))),
        ("--unit", "unit", "--value", "value", "--treated", "treated"),
    ),
    "rd": (cases, ("--score", "score", "--value", "value", "--threshold", "5")),
}


def every(column, said):
    return lambda rows: [rows[0], *([*r[:column], said, *r[column + 1 :]] for r in rows[1:])]


def one(column, said):
    return lambda rows: [
        *rows[:5], [*rows[5][:column], said, *rows[5][column + 1 :]], *rows[6:]
    ]  # fmt: skip


ODD = {
    "nothing": lambda _rows: [],
    "a head alone": lambda rows: rows[:1],
    "one row": lambda rows: rows[:2],
    "two rows": lambda rows: rows[:3],
    "a row twice": lambda rows: [*rows, rows[-1]],
    "rows missing": lambda rows: [r for i, r in enumerate(rows) if i % 5 != 3],
    "half of it": lambda rows: rows[: len(rows) // 2],
    "backwards": lambda rows: [rows[0], *rows[:0:-1]],
    "a column missing": lambda rows: [r[:1] + r[2:] for r in rows],
    "a cell too many": lambda rows: [*rows[:3], [*rows[3], "9"], *rows[4:]],
    "all the same": every(1, "5"),
    "all nought": every(1, "0"),
    "nothing to divide by": every(2, "0"),
    "one to divide by is nought": one(2, "0"),
    "no day": one(0, "2024-02-31"),
    "an empty cell": one(1, ""),
    "a word": one(1, "x"),
    "no number": one(1, "nan"),
    "without end": one(1, "1e400"),
    "a very large number": one(1, "1e15"),
    "below nought": one(1, "-5"),
    "another word for it": one(2, "perhaps"),
}


def through(design, rows, tmp_path, more=()):
    file = tmp_path / "odd.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return CliRunner().invoke(evaluate, [design, str(file), *DESIGNS[design][1], *more])


@pytest.mark.parametrize("design", DESIGNS)
def test_the_plain_file_gives_a_result(design, tmp_path):
    done = through(design, DESIGNS[design][0](), tmp_path)
    assert done.exception is None


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("design", DESIGNS)
def test_odd_input_has_a_cure_or_a_result(design, odd, tmp_path):
    done = through(design, ODD[odd](DESIGNS[design][0]()), tmp_path)
    if done.exception is not None:
        assert isinstance(done.exception, UserError), repr(done.exception)
        assert done.exception.cure, str(done.exception)


@pytest.mark.parametrize(
    ("design", "odd", "said"),
    [
        ("its", "a very large number", "row 6: a value of 1e.15 is more than can be worked with"),
        ("changepoint", "a very large number", "give all of the column in thousands"),
        ("its", "one to divide by is nought", "row 6"),
        ("its", "no day", "row 6, column month: '2024-02-31' is not a date"),
        ("did", "a very large number", "row 6, column year: '1e15' is not a date"),
        ("rd", "all nought", "the outcome is 0 in every case"),
    ],
)
def test_the_row_and_the_cure_are_named(design, odd, said, tmp_path):
    done = through(design, ODD[odd](DESIGNS[design][0]()), tmp_path)
    with pytest.raises(UserError, match=said):
        raise done.exception
