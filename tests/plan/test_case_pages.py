"""Cases for change on pages: chosen, set in the address, taken along, published, taken back."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from openpyxl import load_workbook
from plan_made import PIA
from racing import at_once, on_many_connections
from test_own_people import PEOPLE

from onesystem import wiring
from onesystem.access import Actor
from onesystem.plan.areas import actions as area_actions
from onesystem.plan.areas import queries as area_queries
from onesystem.plan.case import actions, queries
from onesystem.vocabulary import NotFound, NotPermitted, UserError

CASE = "/plan/case/QMM/"
PUBLIC = "/plan/case/public/QMM/"


@pytest.fixture
def planner(sign_in):
    return sign_in("planner")


@pytest.fixture
def store(db, district):
    wiring.connect()


def page(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def test_an_area_is_found_by_any_of_its_codes(planner):
    assert "Boards of England" in page(planner.get("/plan/case/"))
    assert planner.get("/plan/case/?q=E54000022").url == CASE
    assert planner.get("/plan/case/?q=06M").url == "/plan/case/26A/"  # a group of 2013
    assert "R0A, RM3 today" in page(planner.get("/plan/case/?q=RW6"))
    assert "No area is called" in page(planner.get("/plan/case/?q=zzz"))
    text = page(planner.get("/plan/areas/?q=norfolk&kind=council"))
    assert "King&#39;s Lynn and West Norfolk" in text
    assert "QMM" not in text.split("<table")[1].split("</table>")[0]
    assert "QMM" in page(planner.get("/plan/areas/?format=csv"))


def test_a_case_is_told_in_words_charts_and_tables(planner):
    text = page(planner.get(CASE))
    for words in ("In plain words", "General and acute beds", "most deprived", "What is assumed"):
        assert words in text
    text = page(planner.get("/plan/case/NZ-CANTERBURY/"))
    assert "most deprived" not in text
    assert "2.10 dollars" in text
    assert "The case for change" in page(planner.get(f"{CASE}print/"))
    assert "Great Yarmouth" in page(planner.get(f"{CASE}places/?sort=-rise"))
    assert planner.get(f"{CASE}places/?format=csv").content.count(b"\n") == 612
    assert planner.get("/plan/case/NOWHERE/").status_code == 404


def test_the_address_holds_what_is_assumed(planner):
    text = page(planner.get(f"{CASE}?growth-emergency=2&healthy=many"))
    assert "1 assumption changed" in text
    assert 'href="/plan/case/QMM/figure/emergency/?growth-emergency=2"' in text
    text = page(planner.get(f"{CASE}figure/emergency/?growth-emergency=2"))
    assert "it grows by 2.0 % a year" in text
    assert planner.get(f"{CASE}figure/nothing/").status_code == 404
    text = page(planner.get(f"{CASE}?years=5&growth-emergency=2"))
    assert "2026 to 2031" in text
    assert 'href="?growth-emergency=2"' in text  # and back to twenty


def test_it_is_taken_along(planner):
    text = planner.get(f"{CASE}?format=csv").content.decode()
    assert "QMM,beds,General and acute beds,2046" in text
    book = load_workbook(io.BytesIO(planner.get(f"{CASE}?format=xlsx").content), read_only=True)
    assert "Definitions" in book.sheetnames
    told = json.loads(planner.get(f"{CASE}?format=json").content)
    assert told["area"]["name"] == "Norfolk and Waveney"


def test_it_is_published_as_it_is_and_taken_back(planner, client):
    assert client.get(PUBLIC).status_code == 404
    assert "Nothing is published yet" in page(client.get("/plan/case/public/"))
    said = {"words": "For <b>you</b>", "seen": "0", "set-growth-emergency": "3"}
    text = page(planner.post(f"{CASE}publish/", said, follow=True))
    assert "Published: anybody can read it" in text
    client.logout()
    text = page(client.get(PUBLIC))
    assert "What happens in Norfolk and Waveney if nothing changes?" in text
    assert "For &lt;b&gt;you&lt;/b&gt;" in text
    assert "Pia" not in text
    kept = queries.published("QMM")
    assert {a.key: a.value for a in kept.case.assumptions}["growth-emergency"] == 3
    assert client.get(f"{PUBLIC}?format=xlsx").status_code == 200
    assert "Norfolk and Waveney" in page(client.get("/plan/case/public/"))


def test_two_do_not_publish_over_each_other(planner):
    page(planner.post(f"{CASE}publish/", {"seen": "0"}, follow=True))
    text = page(planner.post(f"{CASE}publish/", {"seen": "0", "words": "Mine"}), 422)
    assert "meanwhile" in text
    assert "Mine" in text
    seen = queries.last_step("QMM")
    text = page(planner.post(f"{CASE}publish/", {"do": "withdraw", "seen": seen}, follow=True))
    assert "no longer public" in text
    assert queries.all_published() == []


def test_what_was_published_is_never_edited(store):
    actions.publish(area="QMM", by=PIA)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE plan_case_step SET words = 'x'")
    with pytest.raises(UserError, match="nothing is published"):
        actions.withdraw(area="QJK", by=PIA)


def test_only_who_may_publishes_and_brings(store):
    friend = Actor("frankie", frozenset({"critical-friend"}))
    with pytest.raises(NotPermitted):
        actions.publish(area="QMM", by=friend)
    with pytest.raises(NotPermitted):
        area_actions.take_away(code="own-x", by=friend)


def test_people_of_ones_own_are_brought_shown_and_taken_away(planner):
    asked = {"name": "My town", "country": "United Kingdom", "year": "2024", "source": "A count"}
    people = SimpleUploadedFile("people.csv", PEOPLE.encode())
    text = page(planner.post("/plan/areas/new/", asked | {"people": people}, follow=True))
    assert "Who lives in My town?" in text
    assert "People" in page(planner.get("/plan/areas/own-my-town/?format=csv"))
    assert "630" in text
    assert "My town" in page(planner.get("/plan/case/"))
    assert "General practitioners" in page(planner.get("/plan/case/own-my-town/"))
    assert "Bring it back" in page(planner.post("/plan/areas/own-my-town/act/", follow=True))
    assert planner.get("/plan/case/own-my-town/").status_code == 404
    page(planner.post("/plan/areas/own-my-town/act/", {"do": "back"}, follow=True))
    assert [each.code for each in area_queries.own_areas()] == ["own-my-town"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"people": "area,age,people\nx,0,many\n"}, "line 2"),
        ({"people": PEOPLE, "name": ""}, "no name"),
        ({"people": PEOPLE, "source": " "}, "no source"),
        ({"people": PEOPLE, "year": "soon"}, "is no year"),
        ({"people": PEOPLE, "year": "1999"}, "2015 to 2030"),
        ({}, "eople.csv is not there"),
    ],
)
def test_a_form_that_is_wrong_says_why_and_keeps_what_was_typed(planner, given, words):
    asked = {"name": "My town", "country": "United Kingdom", "year": "2024", "source": "A count"}
    text = page(planner.post("/plan/areas/new/", asked | given), 422)
    assert words in text
    assert given.get("name", "My town") in text


def test_a_file_in_another_writing_is_refused(planner):
    asked = {"name": "X", "country": "United Kingdom", "year": "2024", "source": "A count"}
    file = SimpleUploadedFile("people.csv", "área,age".encode("utf-16"))
    assert "UTF-8" in page(planner.post("/plan/areas/new/", asked | {"people": file}), 422)


def test_who_lives_in_an_area_is_shown_with_its_small_areas(planner):
    text = page(planner.get("/plan/areas/QMM/?sort=-part"))
    assert "1,032,661" in text
    assert "In the most deprived fifth" in text
    assert planner.get("/plan/areas/own-nothing/").status_code == 404


def test_others_do_not_see_it(sign_in):
    assert sign_in("ed-nurse").get(CASE).status_code == 403


def test_the_demo_publishes_its_case(store):
    from onesystem.demo.planning import case

    said = []
    case.plan(said.append)  # Testshire is nowhere
    assert said == []
    with pytest.raises(NotFound):
        area_queries.people("own-testshire")


@pytest.mark.django_db(transaction=True)
@on_many_connections
def test_of_three_who_publish_at_once_one_does(district):
    """On PostgreSQL: the others are told that somebody did something meanwhile."""
    wiring.connect()
    told = at_once(*[lambda: actions.publish(area="NZ-WAIRARAPA", by=PIA, seen=0)] * 3)
    assert told.count("done") == 1
    assert sum("meanwhile" in each for each in told) == 2
