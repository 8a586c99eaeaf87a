"""The district's boards and a person's stay: what each role sees, and what a gesture does."""

import re
from datetime import UTC, datetime

import pytest

from onesystem.access.models import Audit
from onesystem.flow.boards.narrowing import SHOWN, Wanted, narrowed
from onesystem.flow.stays.presenting import HERE, READY, WAITS, PersonRow
from onesystem.flow.stays.rows import SaidRow


def number_on(page):
    return int(re.search(r"stay-(\d+)", page)[1])


class TestBoards:
    def test_a_nurse_sees_people_a_planner_counts(self, signed_in):
        page = signed_in("ed-nurse").get("/now/board/ed/").content.decode()
        assert "9 here, 1 waiting, 1 ready and not gone, 3 over four hours, in 1 place." in page
        assert page.count('<tr id="stay-') == 10
        assert Audit.objects.filter(act="service.listed").count() == 1

    def test_a_planner_sees_counts(self, signed_in):
        page = signed_in("planner").get("/now/board/beds/").content.decode()
        assert "stay-" not in page
        assert "at least 21 here" in page
        assert "&lt;5" in page

    @pytest.mark.parametrize("name", ["ed", "beds", "community"])
    def test_each_in_every_form(self, signed_in, name):
        client = signed_in("ed-nurse")
        wall = client.get(f"/now/board/{name}/?form=wall").content.decode()
        assert "Person " not in wall
        assert client.get(f"/now/board/{name}/").status_code == 200
        assert client.get(f"/now/board/{name}/parts/").status_code == 200

    def test_a_board_narrowed_by_its_address(self, signed_in):
        client = signed_in("ed-nurse")
        page = client.get("/now/board/beds/?place=ward-a").content.decode()
        assert page.count('<tr id="stay-') == 3
        assert "Show everybody" in page
        page = client.get("/now/board/beds/?state=ready").content.decode()
        assert "Nobody is like this" in page
        page = client.get("/now/board/beds/parts/?place=ward-b").content.decode()
        assert page.count('<tr id="stay-') == 21

    def test_a_board_that_is_not_there(self, signed_in):
        answer = signed_in("ed-nurse").get("/now/board/bedz/")
        assert answer.status_code == 404
        assert "beds" in answer.content.decode()

    def test_a_board_that_stays_open_is_one_look(self, signed_in):
        client = signed_in("ed-nurse")
        page = client.get("/now/board/ed/").content.decode()
        look = re.search(r'data-look="([^"]+)"', page)[1]
        client.get("/now/board/ed/parts/", {"look": look})
        assert Audit.objects.filter(act="service.listed").count() == 1
        client.get("/now/board/ed/parts/", {"look": look.replace("ed:", "beds:")})
        assert Audit.objects.filter(act="service.listed").count() == 2

    def test_few_statements(self, signed_in, django_assert_max_num_queries):
        client = signed_in("ed-nurse")
        client.get("/now/board/beds/")
        with django_assert_max_num_queries(16):
            client.get("/now/board/beds/?again=1")


def row(contact, service="a", **more):
    """Somebody in a place, of whom nothing else is known."""
    nothing = dict.fromkeys(
        ("ready_since", "delay", "leaves", "leaves_word", "latest", "since"), None
    )
    said = {
        "person": contact, "label": f"Person {contact}", "short": "?", "place": service.upper(),
        "bed": "", "state": HERE, "delay_code": "", "owner": "", "late": False, "steps": (),
        "urgency": "", "reason": "", "source": "", "against": (), "open": True, **nothing,
    }  # fmt: skip
    return PersonRow(contact=contact, service=service, **{**said, **more})


class TestNarrowing:
    ROWS = (
        row(1), row(2, state=READY), row(3, "b", state=WAITS), row(4, "b", late=True),
        row(5, "b", bed="12", label="Ngāpuhi, Māia"),
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, [1, 2, 3, 4, 5]), ({"place": "b"}, [3, 4, 5]), ({"state": "ready"}, [2]),
            ({"state": "asks"}, [2, 4]), ({"state": "waiting", "place": "a"}, []),
            ({"state": "nonsense"}, [1, 2, 3, 4, 5]), ({"find": "māia"}, [5]),
            ({"find": "12"}, [5]), ({"place": "nowhere"}, []),
        ],
    )  # fmt: skip
    def test_by_the_address(self, query, found):
        shown = narrowed(self.ROWS, Wanted.of(query), ["a", "b"])
        assert [r.contact for g in shown.groups for r in g.rows] == found
        assert shown.shown == shown.of == len(found)

    def test_each_place_says_how_many_there_are(self):
        shown = narrowed(self.ROWS, Wanted.of({"state": "asks"}), ["b", "a"])
        assert [(g.place, g.everybody, len(g.rows)) for g in shown.groups] == [
            ("b", 3, 1), ("a", 2, 1),
        ]  # fmt: skip
        assert shown.counts == {"": 5, "here": 3, "ready": 1, "waiting": 1, "asks": 2}

    def test_of_very_many_those_come_first_who_ask_for_somebody(self):
        many = [row(n, state=READY if n == 999 else HERE) for n in range(1000)]
        shown = narrowed(many, Wanted(), ["a"])
        assert (shown.shown, shown.of) == (SHOWN, 1000)
        assert shown.groups[0].rows[-1].contact == 999
        assert narrowed(many, Wanted(all=True), ["a"]).shown == 1000


@pytest.fixture
def wired(busy):
    """The busy district with its rooms introduced, and somebody behind each contact."""
    from onesystem import people, wiring
    from onesystem.contacts.models import ContactRow

    wiring.connect()
    rows = list(ContactRow.objects.values_list("contact", "key"))
    met = people.identify([("pas", key) for _, key in rows], known_at=datetime.now(UTC))
    for contact, key in rows:
        ContactRow.objects.filter(contact=contact).update(identity=met["pas", key])
    return busy


class TestStay:
    def test_a_gesture_and_its_undoing(self, wired, signed_in):
        client = signed_in("ed-nurse")
        number = number_on(client.get("/now/board/ed/").content.decode())
        address = f"/now/stay/{number}/say/"
        to_board = {"back": "/now/board/ed/"}
        answer = client.post(address, {"do": "ready", "reason": "transport", **to_board})
        assert (answer.status_code, answer["Location"]) == (302, "/now/board/ed/")
        page = client.get("/now/board/ed/").content.decode()
        assert "2 ready and not gone" in page
        assert "Transport" in page
        assert "kiri" in page
        act = SaidRow.objects.get(fact="ready").act
        assert client.post(address, {"do": "undo", "act": act}).status_code == 302
        assert "1 ready and not gone" in client.get("/now/board/ed/").content.decode()

    @pytest.mark.parametrize(
        "given",
        [
            {"do": "not-ready", "why": "fever"}, {"do": "leaves", "at": ""},
            {"do": "next", "step": "Porter"}, {"do": "done", "step": "12"},
            {"do": "bed", "bed": "4"}, {"do": "moved", "service": "ward-b"}, {"do": "left"},
            {"do": "settle"}, {"do": "keep"}, {"do": "delay", "reason": "choice"},
        ],
    )  # fmt: skip
    def test_each_gesture_shows_in_the_history(self, wired, signed_in, given):
        client = signed_in("ed-nurse")
        number = number_on(client.get("/now/board/ed/").content.decode())
        answer = client.post(f"/now/stay/{number}/say/", given, headers={"X-Board": "1"})
        assert answer.status_code == 204
        page = client.get(f"/now/stay/{number}/").content.decode()
        assert given["do"] == "keep" or page.count("kiri") > 1
        assert SaidRow.objects.filter(by="kiri").exists() is (given["do"] != "keep")
        if given["do"] == "next":
            assert "Portering" in page

    def test_a_mistake_is_told_with_its_cure(self, wired, signed_in):
        client = signed_in("ed-nurse")
        number = number_on(client.get("/now/board/ed/").content.decode())
        for given in ({"do": "bed"}, {"do": "xyz"}, {"do": "left", "at": "yesterday"}):
            answer = client.post(f"/now/stay/{number}/say/", given, headers={"X-Board": "1"})
            assert answer.status_code == 409
            assert answer.content.decode().count(". ") == 1
        plain = client.post(f"/now/stay/{number}/say/", {"do": "bed"}, follow=True)
        assert "no bed was named" in plain.content.decode()

    def test_back_leads_to_our_own_pages_alone(self, wired, signed_in):
        client = signed_in("ed-nurse")
        number = number_on(client.get("/now/board/ed/").content.decode())
        for back in ("https://else.where/", "//else.where/", "javascript:1"):
            answer = client.post(f"/now/stay/{number}/say/", {"do": "ready", "back": back})
            assert answer["Location"] == f"/now/stay/{number}/"

    def test_who_sees_no_people_opens_no_stay(self, wired, signed_in):
        client = signed_in("manager")
        assert client.get("/now/stay/1/").status_code == 403
        assert client.post("/now/stay/1/say/", {"do": "ready"}).status_code == 302
        assert not SaidRow.objects.exists()
