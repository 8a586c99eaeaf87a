"""The pages of opportunities: kept results, ranked, narrowed, split, listed, taken as files."""

import io
import threading
from datetime import UTC, date, datetime

import openpyxl
import pytest
from django.db import transaction
from staying import PERIOD, stayed

from onesystem import contacts, people
from onesystem.access.models import Audit
from onesystem.flow import answers
from onesystem.flow.answers import working as answering
from onesystem.flow.chances import working
from onesystem.flow.chances.keeping import KIND
from onesystem.flow.chances.question import Period


@pytest.fixture
def held_up(signed_in, monkeypatch):
    """Nine people stayed two days on ward A and two of them on ward B, beyond four hours."""
    monkeypatch.setattr(answering, "_begun", threading.Event())
    working.connect()
    rows = [stayed(n, "ward-a", 52, "discharged home") for n in range(201, 210)]
    rows += [stayed(n, "ward-b", 28, "to a care home") for n in range(211, 213)]
    now = datetime.now(UTC)
    with transaction.atomic():
        known = people.identify([row[:2] for row in rows], known_at=now)
        contacts.take([(s, known[s, p], m, e) for s, p, m, e in rows], known_at=now)
    return signed_in


@pytest.fixture
def worked_out(held_up):
    """The same, worked out as by night."""

    def signs_in(*roles):
        client = held_up(*roles)
        working.nightly()
        answers.work()
        return client

    return signs_in


def text_of(answer):
    return answer.content.decode()


class TestTheRankedPage:
    def test_a_period_that_nobody_asked_for_is_worked_on_apart(self, held_up):
        client = held_up("ed-nurse")
        assert "Waiting for its turn" in text_of(client.get("/opportunities/"))
        answers.work()
        shown = text_of(client.get("/opportunities/"))
        assert "Ready to go, and still there" in shown
        assert "Worked out" in shown

    def test_what_was_kept_is_shown_however_old_and_worked_out_anew_by_a_button(self, worked_out):
        client = worked_out("ed-nurse")
        answering.Asked.objects.filter(kind=KIND).update(done_at=1)
        shown = text_of(client.get("/opportunities/"))
        assert "Waiting for its turn" not in shown
        again = text_of(client.post("/opportunities/anew/", follow=True))
        assert "Waiting for its turn" in again
        assert "Ready to go, and still there" in again  # what was kept stays meanwhile

    def test_days_money_and_people_of_those_who_stayed(self, worked_out):
        shown = text_of(worked_out("ed-nurse").get("/opportunities/?kind=ready-not-gone"))
        assert "11 contacts that stayed on, out of" in shown
        assert "<strong>20.0</strong>" in shown  # nine times two days, twice one
        assert f"£{20 * 825.86:,.0f}" in shown

    def test_it_is_narrowed_to_a_service_and_ranked_by_money(self, worked_out):
        client = worked_out("ed-nurse")
        shown = text_of(client.get("/opportunities/?service=ward-b&sort=money"))
        assert "2 contacts that stayed on in this service" in shown
        assert shown.index("Ready to go") < shown.index("Waits beyond")

    def test_each_opens_the_journeys_behind_it(self, worked_out):
        shown = text_of(worked_out("ed-nurse").get("/opportunities/"))
        assert f"/journeys/?setting=ward&amp;after=30&amp;start={PERIOD.start}" in shown

    def test_a_day_that_is_none_is_told_with_its_cure(self, worked_out):
        answer = worked_out("ed-nurse").get("/opportunities/?from=yesterday")
        assert answer.status_code == 400
        assert "2026-03-31" in text_of(answer)

    def test_it_can_be_stopped(self, held_up):
        client = held_up("ed-nurse")
        client.get("/opportunities/")
        digest = answering.Asked.objects.get().digest
        stopped = text_of(client.post(f"/opportunities/cancel/{digest}/", follow=True))
        assert "Stopped" in stopped
        assert "Work it out" in stopped

    def test_it_is_for_those_who_see_measures(self, held_up):
        assert held_up("person").get("/opportunities/").status_code == 403

    def test_an_empty_district_says_what_to_do(self, signed_in, monkeypatch):
        monkeypatch.setattr(answering, "_begun", threading.Event())
        working.connect()
        client = signed_in("ed-nurse")
        asked = "/opportunities/?from=2020-01-01&to=2020-03-31"
        client.get(asked)
        answers.work()
        assert "There are no contacts in this period" in text_of(client.get(asked))


class TestOneOpportunity:
    def test_its_splits_and_where_it_comes_from(self, worked_out):
        shown = text_of(worked_out("ed-nurse").get("/opportunities/ready-not-gone/"))
        for words in ("Next step, as the source says", "To a care home", "Ward A", "Better Care",
                      "What it cannot say", "grace minutes: ward 240"):  # fmt: skip
            assert words in shown

    def test_narrowed_to_a_service_only_its_own_parts_show(self, worked_out):
        asked = "/opportunities/ready-not-gone/?service=ward-b"
        shown = text_of(worked_out("ed-nurse").get(asked))
        assert "To a care home" in shown
        assert "Discharged home" not in shown

    def test_one_that_there_is_not(self, worked_out):
        answer = worked_out("ed-nurse").get("/opportunities/ready-to-go/")
        assert answer.status_code == 404
        assert "ready-not-gone" in text_of(answer)

    def test_a_day_that_is_none_is_told(self, worked_out):
        answer = worked_out("ed-nurse").get("/opportunities/ready-not-gone/?from=x&kind=waits")
        assert answer.status_code == 400
        assert "2026-03-31" in text_of(answer)


class TestWhoMaySeePeople:
    def test_lists_the_contacts_and_leaves_a_line_in_the_trail(self, worked_out):
        client = worked_out("ed-nurse")
        asked = "/opportunities/ready-not-gone/contacts/?cause=to+a+care+home"
        shown = text_of(client.get(asked))
        assert "2 rows" in shown
        assert "Ward B" in shown
        assert Audit.objects.filter(act="opportunity.listed").exists()
        assert len(text_of(client.get(f"{asked}&format=csv")).splitlines()) == 3

    def test_others_see_no_contact_and_no_small_number(self, worked_out):
        client = worked_out("improvement")
        assert client.get("/opportunities/ready-not-gone/contacts/").status_code == 403
        shown = text_of(client.get("/opportunities/ready-not-gone/"))
        assert "The contacts behind it" not in shown
        part = shown[shown.index("To a care home") :]
        assert "hidden" in part[: part.index("</tr>")]
        assert "rounded at random" in shown


class TestFiles:
    def test_csv_is_what_is_shown(self, worked_out):
        client = worked_out("ed-nurse")
        lines = text_of(client.get("/opportunities/?kind=ready-not-gone&format=csv")).splitlines()
        assert len(lines) == 2
        assert "Ready to go, and still there" in lines[1]
        assert ",11,11,20.0," in lines[1]
        assert Audit.objects.filter(act="figures.exported", what="opportunities").exists()

    def test_a_workbook_has_the_splits_and_the_definition(self, worked_out):
        answer = worked_out("improvement").get("/opportunities/ready-not-gone/?format=xlsx")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        rows = list(book["Opportunities"].iter_rows(values_only=True))
        small = [row for row in rows if row[2] == "To a care home"]
        assert small[0][3:] == (None, None, None, None, "yes")
        said = dict(book["Definitions"].iter_rows(values_only=True))
        assert "standing-in price list" in said["Money"]

    def test_another_form_there_is_not(self, worked_out):
        assert worked_out("ed-nurse").get("/opportunities/?format=doc").status_code == 404


def test_the_usual_period_is_twelve_whole_months():
    assert Period.usual(date(2026, 3, 9)).as_dict() == {"start": "2025-03-01", "end": "2026-03-01"}
