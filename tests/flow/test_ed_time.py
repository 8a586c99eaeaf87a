"""ED time in its parts: they add up, and general practice stands beside them on the same days."""

import csv
import io
import threading
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from browsing import is_for_everybody, looking
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from onesystem import contacts, people
from onesystem.flow import answers
from onesystem.flow.answers import working
from onesystem.flow.journeys import working as journeys
from onesystem.flow.journeys.edtime import drawing, parts
from onesystem.flow.journeys.edtime.question import Question
from onesystem.flow.journeys.steps import NOT_KNOWN
from onesystem.flow.measures.days import clock, day_of
from onesystem.vocabulary import Act, ContactEvent, UserError

MINUTE = 60_000_000
NAMES = ("started", "ready", "ended", "door", "handed", "first", "last", "ward")

STAYS = """
what happened                        | started ready ended door handed first last ward | parts
a test, a decision, a wait, a ward   | 0 100 160 -20 10 40 70 165 | 30 30 30 0 30 60 5
walked in, no test, went home        | 0 - 90 - - - - -           | 0 0 0 90 0 0 0
a test without an end of it          | 0 - 90 - - 30 30 -         | 0 30 0 0 60 0 0
a test after the decision is waiting | 0 50 90 - - 60 80 -        | 0 50 0 0 0 40 0
the ward began before the ED ended   | 0 50 90 - - - - 80         | 0 0 0 50 0 40 0
a ward two days later is another way | 0 - 90 - - - - 3000        | 0 0 0 90 0 0 0
ended before it started              | 0 - -5 - - - - -           | 0 0 0 0 0 0 0
"""


def stays(rows):
    """Stays from rows of minutes, `-` where not said."""
    table = [[NOT_KNOWN if v == "-" else int(v) * MINUTE for v in row] for row in rows]
    columns = dict(zip(NAMES, np.array(table, np.int64).T, strict=True))
    return parts.Stays(**columns, admitted=columns["ward"] != NOT_KNOWN)


@pytest.mark.parametrize("line", STAYS.strip().splitlines()[1:])
def test_a_stay_is_cut(line):
    _, said, expected = line.split("|")
    cut = parts.split(stays([said.split()]))
    assert (cut[0] // 60).tolist() == [int(v) for v in expected.split()]


mark = st.sampled_from(["-"]) | st.integers(-100, 900)


@given(st.lists(st.tuples(st.just(0), mark, st.integers(0, 800), *[mark] * 5), min_size=1))
def test_parts_are_never_below_nought_and_add_up(rows):
    """From the door, or the start, to the ward, or the end: nothing is lost, nothing twice."""
    found = stays(rows)
    cut = parts.split(found)
    assert (cut >= 0).all()
    before = np.where(found.door == NOT_KNOWN, 0, np.minimum(found.door, 0))
    ward = np.where(found.ward == NOT_KNOWN, found.ended, np.maximum(found.ward, found.ended))
    assert (cut.sum(axis=1) == (ward - before) // 1_000_000).all()


def test_days_weeks_and_hours_are_the_districts():
    at = [datetime(2026, 7, 5, 23, 30, tzinfo=UTC), datetime(2026, 1, 5, 23, 30, tzinfo=UTC)]
    moments = np.array([moment.timestamp() * 1e6 for moment in at], np.int64)
    london = clock("Europe/London")
    days = [day_of(date(2026, 7, 6)), day_of(date(2026, 1, 5))]
    assert parts.buckets(moments, "day", london).tolist() == days
    assert parts.buckets(moments, "week", london).tolist() == days  # both are Mondays
    assert parts.buckets(moments, "hour", london).tolist() == [0, 23]


def test_a_question_is_asked_within_reason():
    today = date(2026, 11, 22)
    usual = Question.of({}, today=today)
    assert (usual.start, usual.end, usual.every) == (date(2026, 8, 17), date(2026, 11, 16), "week")
    assert Question.kept(usual.as_dict()) == usual
    for wrong in ({"start": "soon"}, {"every": "year"}, {"start": "2026-01-01", "every": "day"},
                  {"start": "2026-11-20"}):  # fmt: skip
        with pytest.raises(UserError):
            Question.of(wrong, today=today)


def test_pieces_of_a_bar_stand_on_one_another():
    made = drawing.picture(["a", "b"], [[10, 0, 20], None], [["x", "y", "z"], []], ())
    first, second = made.bars
    assert (first.part, second.part) == (0, 2)
    assert second.y + second.height == pytest.approx(first.y, abs=0.2)
    assert second.height == pytest.approx(2 * first.height, abs=0.2)


MONDAY = date.today() - timedelta(days=date.today().weekday() + 14)  # noqa: DTZ011 - any week
AT = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 12, tzinfo=UTC)


def went(visit, person, service, **times):
    """Somebody was in a service; times are minutes after noon of the Monday."""
    at = {k: AT + timedelta(minutes=v) for k, v in times.items() if k != "cause"}
    event = ContactEvent(
        visit=visit, subject=str(person), act=Act.STATE, at=AT, recorded=AT, service=service,
        cause=times.get("cause", ""), **at,
    )  # fmt: skip
    return ("pas", person, 1, event)


@pytest.fixture
def week(signed_in, monkeypatch):
    """Six stays in a week, one of them admitted, and four people who asked a practice."""
    monkeypatch.setattr(working, "_begun", threading.Event())
    journeys.connect()
    now = datetime.now(UTC)
    with transaction.atomic():
        ids = people.identify([("pas", f"q{i}") for i in range(90)], known_at=now)
        who = [ids["pas", f"q{i}"] for i in range(80, 90)]
        rows = [went(f"S{i}", who[i], "ed", started=0, ended=120) for i in range(5)]
        rows.append(went("S5", who[5], "ed", started=0, ready=200, ended=300))
        rows.append(went("S5w", who[5], "ward-a", started=310, ended=3000, cause="S5"))
        rows += [went(f"G{i}", who[i], "gp", requested=0, started=2880 * i, ended=2880 * i + 10)
                 for i in range(4)]  # fmt: skip
        contacts.take(rows, known_at=now)
    return signed_in


def test_the_page_shows_the_parts_beside_general_practice(week):
    client = week("ed-nurse")
    address = f"/journeys/ed/?start={MONDAY}&end={MONDAY + timedelta(days=7)}"
    assert "Waiting for its turn" in client.get(address).content.decode()
    while answers.work():
        pass
    shown = client.get(address).content.decode()
    assert "6 stays, 152 minutes each on average" in shown
    assert "the time" in shown
    assert 'class="part part-5"' in shown
    written = client.get(f"{address}&format=csv").content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(written)))
    assert row["attendances"] == "6"
    assert row["within 4 hours"] == "0.8333"
    assert float(row["ready, not gone, mean minutes"]) == pytest.approx(100 / 6, abs=0.01)
    assert float(row["on the way to a ward, mean minutes"]) == pytest.approx(10 / 6, abs=0.01)
    assert (row["general practice asked for"], row["general practice held"]) == ("4", "4")
    assert row["mean wait of those held, days"] == "3.0"
    assert client.get(f"{address}&format=svg").content.decode().startswith("<svg")


def test_small_numbers_are_hidden_from_those_who_may_not_see_people(week):
    client = week("planner")
    address = f"/journeys/ed/?every=day&start={MONDAY}&end={MONDAY + timedelta(days=7)}"
    client.get(address)
    while answers.work():
        pass
    written = client.get(f"{address}&format=csv").content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(written)))
    assert row["attendances"] == "6"
    assert row["within 4 hours"] == ""  # one of six was over: a share would name them
    assert row["general practice held"] == ""


def test_no_days_and_wrong_days(week):
    client = week("ed-nurse")
    assert client.get("/journeys/ed/?start=2020-01-01&end=2019-01-01").status_code == 400
    client.get("/journeys/ed/?start=2020-01-06&end=2020-02-03")
    while answers.work():
        pass
    shown = client.get("/journeys/ed/?start=2020-01-06&end=2020-02-03").content.decode()
    assert "Nobody came to the ED" in shown


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_at_a_browser_time_and_cost_are_for_everybody(chromium, live_server, week):
    """No axe violation in light and dark, and no sideways scrolling, on both pages."""
    with looking(chromium, live_server.url, week("ed-nurse")) as page:
        for address, words in (("ed/", "minutes each on average"), ("", "A journey costs")):
            asked = f"{live_server.url}/journeys/{address}?start={MONDAY}"
            page.goto(asked)
            while answers.work():
                pass
            page.goto(asked)
            page.get_by_text(words).wait_for()
            is_for_everybody(page)
