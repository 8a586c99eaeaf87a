"""Plans of staff on pages: begun from what is published, tried, kept; posts counted."""

import html
import io
import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from plan_made import FRED, PIA, staff
from test_money_pages import form_of

from onesystem import wiring
from onesystem.plan.versions import Wrong
from onesystem.plan.workforce import actions, basis, queries
from onesystem.plan.workforce.shape import Staff
from onesystem.plan.workforce.vacancies import Posts
from onesystem.vocabulary import NotPermitted, UserError

PAGE = "/plan/workforce/wards/"
VACANCIES = "/plan/workforce/vacancies/"


@pytest.fixture
def kept(db, district):
    wiring.connect()
    return actions.keep(plan=staff(), seen=0, by=PIA, why="First")


def said(page):
    return html.unescape(page.content.decode())


def posts(**more):
    told = {"kind": "practice", "place": "mill", "name": "Mill Road Surgery", "role": "gp",
            "posts": 300, "filled": 200, "counted": date(2026, 10, 1)}  # fmt: skip
    return Posts(**(told | more))


def test_nothing_is_there_yet(sign_in):
    assert "Nobody has planned staff yet" in said(sign_in("planner").get("/plan/workforce/"))


@pytest.mark.parametrize(
    "part", ["", "?role=support-worker", "?year=2", "edit/", "history/", "?format=csv&of=training"]
)
def test_every_page_opens(sign_in, kept, part):
    assert sign_in("planner").get(PAGE + part).status_code == 200


def test_the_examples_of_2014_are_shown_with_what_is_assumed(sign_in):
    page = said(sign_in("critical-friend").get("/plan/workforce/examples/"))
    for words in ("2,000 nurses short", "August 2018", "471", "follows", "assumed"):
        assert words in page


def test_commissions_doubled_today_are_felt_when_they_are_trained(sign_in, kept):
    """'Double the number of nursing commissions tomorrow' on the page of a plan."""
    page = said(sign_in("planner").get(PAGE + "?role=nurse&times=2"))
    assert "200 places a year instead" in page
    assert "begin to work in" in page
    assert queries.standing("wards").plan == staff()
    assert "is no number" in said(sign_in("planner", "two").get(PAGE + "?role=nurse&times=lots"))


def test_shortages_are_said_where_work_is_not_done(sign_in, kept):
    page = said(sign_in("planner").get(PAGE + "?year=5"))
    assert "What is not done for want of staff?" in page
    assert 'class="tag tag-warn"' in page


def test_the_form_comes_back_as_it_was(sign_in, kept):
    planner = sign_in("planner")
    planner.post(PAGE + "edit/", form_of(planner, PAGE + "edit/"))
    assert queries.standing("wards").plan == staff()
    assert queries.standing("wards").number == kept


def test_what_is_wrong_stands_at_its_field(sign_in, kept):
    planner = sign_in("planner")
    form = form_of(planner, PAGE + "edit/") | {"services.0.minutes": "butler 30", "words": "Half"}
    page = planner.post(PAGE + "edit/", form)
    assert page.status_code == 422
    assert "there is no role 'butler'" in said(page)
    assert "Half" in said(page)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"staff": (staff().staff[0], staff().staff[0])}, "there twice"),
        ({"mixes": (staff().mixes[0],) * 30}, "more than all hours"),
        ({"years": 50}, "1 to 20 years"),
        ({"retire": 0}, "1 to 15 years"),
        ({"money": -1}, "less than nothing"),
    ],
)
def test_each_fault_is_named(kept, change, told):
    with pytest.raises(Wrong, match=told):
        actions.keep(plan=staff(**change), seen=kept, by=PIA)


@pytest.mark.parametrize(
    "change",
    [{"staff": (), "mixes": ()}, {"commissions": (), "services": (), "money": None},
     {"years": 1}, {"staff": (Staff(role="nurse", in_post=0, needed=0),)}],
)  # fmt: skip
def test_a_plan_of_little_still_has_its_pages(sign_in, kept, change):
    actions.keep(plan=staff(**change), seen=kept, by=PIA)
    planner = sign_in("planner")
    for part in ("", "?role=nurse", "?format=xlsx", "?format=csv&of=work"):
        assert planner.get(PAGE + part).status_code == 200


def test_a_critical_friend_writes_nothing(kept):
    with pytest.raises(NotPermitted):
        actions.keep(plan=staff(name="Mine"), seen=kept, by=FRED)
    with pytest.raises(NotPermitted):
        actions.count(posts=[posts()], by=FRED, today=date(2026, 11, 1))


def test_a_board_begins_with_what_is_published(sign_in, db, district):
    """Norfolk and Waveney: nurses by bed, practice doctors, and 284.5 in its networks."""
    planner = sign_in("planner")
    where = planner.post("/plan/workforce/new/", {"name": "Norfolk", "years": "5", "area": "QMM"})
    form = form_of(planner, where["Location"])
    page = planner.post(where["Location"], form, follow=True)
    assert "Staff of primary care networks here" in said(page)
    plan = queries.plan_of("QMM")
    assert plan.of("practice-team").in_post == 284_50
    assert plan.of("gp").in_post == 641_40
    assert {s.role for s in plan.staff} >= {"nurse", "community-nurse", "doctor", "home-carer"}


def test_every_board_is_in_the_networks_data():
    """NHS England, 30 September 2022: 42 boards."""
    assert len(basis.networks()) == 42


def test_a_version_is_taken_back(sign_in, kept):
    actions.keep(plan=staff(retire=8), seen=kept, by=PIA)
    sign_in("planner").post(PAGE + "act/", {"do": "undo", "seen": "2"})
    assert queries.standing("wards").plan == staff()


def test_files_have_what_is_shown(sign_in, kept):
    from openpyxl import load_workbook

    planner = sign_in("planner")
    book = load_workbook(io.BytesIO(planner.get(PAGE + "?format=xlsx").content))
    assert book.sheetnames == ["Plan", "Years", "Training", "Work", "Definitions"]
    assert json.loads(planner.get(PAGE + "?format=json").content)["retire"] == 5


def test_posts_are_counted_one_by_one_and_the_last_count_stands(sign_in, db, district):
    planner = sign_in("planner")
    one = {"kind": "practice", "name": "Mill Road", "role": "gp", "posts": "3", "filled": "2",
           "counted": "2026-10-01"}  # fmt: skip
    planner.post(VACANCIES + "count/", one)
    planner.post(VACANCIES + "count/", one | {"filled": "2.5", "counted": "2026-10-02"})
    (found,) = queries.posts()
    assert found.vacant == 50
    assert "1 of 1" in said(planner.get(VACANCIES))
    assert said(planner.get(VACANCIES + "?q=stroke")).count("Mill Road") == 0


def test_a_file_is_counted_whole_or_not_at_all(sign_in, db, district):
    planner = sign_in("planner")
    good = (
        "kind,place,name,role,posts,filled,counted\nspecialty,st,Stroke,consultant,4,2,2026-10-01\n"
    )
    wrong = good + "specialty,ae,A&E,butler,4,2,2026-10-01\n"

    def send(text):
        return planner.post(
            VACANCIES + "count/", {"file": SimpleUploadedFile("p.csv", text.encode())}
        )

    page = send(wrong)
    assert page.status_code == 422
    assert "Row 3: there is no role 'butler'" in said(page)
    assert queries.posts() == []
    assert send("kind,place\n").status_code == 422
    assert send(good).status_code == 302
    assert "hard to recruit for" in said(planner.get(VACANCIES))


def test_a_count_of_tomorrow_is_refused(db, district):
    with pytest.raises(UserError, match="not here yet"):
        actions.count(posts=[posts()], by=PIA, today=date(2026, 9, 1))


def test_the_database_refuses_to_edit_a_count(db, district):
    from django.db import DatabaseError, transaction

    from onesystem.plan.workforce.rows import PostsRow

    actions.count(posts=[posts()], by=PIA, today=date(2026, 11, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        PostsRow.objects.update(filled=300)
