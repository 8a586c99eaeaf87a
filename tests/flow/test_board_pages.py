"""The district's boards and a person's stay: what each role sees, and what a gesture does."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from onesystem.access import Actor, actions
from onesystem.access.models import Audit, User
from onesystem.flow.boards import board_pages
from onesystem.flow.boards.layout import layout
from onesystem.flow.boards.narrowing import SHOWN, Wanted, chosen, groups
from onesystem.flow.stays import facts, presenting
from onesystem.flow.stays.facts import Said
from onesystem.flow.stays.lines import Line
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

    def test_what_many_ask_for_at_once_is_made_once(self, signed_in, monkeypatch):
        """Each with a token and a look of their own; who sees less gets what they may see."""
        made, asked = [], board_pages.shown_to
        nurse, planner = signed_in("ed-nurse"), Client()
        actions.add_user(
            username="moana", password="three blind mice run", roles=["planner"],
            by=Actor.job("tests"),
        )  # fmt: skip
        planner.force_login(User.objects.get(username="moana"))
        clients = [nurse, nurse, planner]
        looks = [
            re.search(r'data-look="([^"]+)"', c.get("/now/board/ed/").content.decode())[1]
            for c in clients
        ]
        monkeypatch.setattr(
            board_pages, "shown_to", lambda *a, **k: made.append(1) or asked(*a, **k)
        )
        one, other, counts = (
            c.get("/now/board/ed/parts/", {"look": look}).content.decode()
            for c, look in zip(clients, looks, strict=True)
        )
        assert len(made) == 2
        tokens = [
            set(re.findall(r'csrfmiddlewaretoken" value="(\w{64})"', p)) for p in (one, other)
        ]
        assert len(tokens[0] | tokens[1]) == 2
        assert [re.search(r'data-look="([^"]+)"', p)[1] for p in (one, other, counts)] == looks
        assert re.sub(r'"\w{64}"|data-look="[^"]+"', "", one) == re.sub(
            r'"\w{64}"|data-look="[^"]+"', "", other
        )
        assert "stay-" in one
        assert "stay-" not in counts

    def test_few_statements(self, signed_in, django_assert_max_num_queries):
        client = signed_in("ed-nurse")
        client.get("/now/board/beds/")
        with django_assert_max_num_queries(18):
            client.get("/now/board/beds/?again=1")


NURSE = Actor("kiri", frozenset({"ed-nurse"}))
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def line(contact, service="ward-a", *, ready=False, waits=False, late=False, **more):
    """Somebody in a place, of whom nothing else is known."""
    past = AT - timedelta(hours=2)
    leave = Said(act="a", visit=contact, contact=contact, fact=facts.LEAVE, by="kiri", at=1,
                 value=past.isoformat())  # fmt: skip
    told = {
        "visit": contact, "person": contact, "name": "", "bed": "", "requested": past,
        "started": None if waits else past, "ready": past if ready else None, "ended": None,
        "urgency": "", "reason": "", "source": "pas", "steps": (), "conflicts": (),
        "said": {facts.LEAVE: leave} if late else {},
    }  # fmt: skip
    return Line(contact=contact, service=service, **{**told, **more})


class TestNarrowing:
    LINES = (
        line(1), line(2, ready=True), line(3, "ward-b", waits=True), line(4, "ward-b", late=True),
        line(5, "ward-b", bed="12", name="Ngāpuhi, Māia"),
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, [1, 2, 3, 4, 5]), ({"place": "ward-b"}, [3, 4, 5]), ({"state": "ready"}, [2]),
            ({"state": "asks"}, [2, 4]), ({"state": "waiting", "place": "ward-a"}, []),
            ({"state": "nonsense"}, [1, 2, 3, 4, 5]), ({"find": "māia"}, [5]),
            ({"find": "12"}, [5]), ({"place": "nowhere"}, []), ({"find": "person 3"}, [3]),
        ],
    )  # fmt: skip
    def test_by_the_address(self, district, query, found):
        some = chosen(self.LINES, Wanted.of(query), layout(district.path), at=AT)
        assert [each.contact for each in some.lines] == found
        assert some.of == len(found)

    def test_each_place_says_how_many_there_are(self, district):
        some = chosen(self.LINES, Wanted(state="asks"), layout(district.path), at=AT)
        rows = presenting.people(some.lines, layout(district.path), None, by=NURSE, at=AT).rows
        shown = groups(rows, some, ["ward-b", "ward-a"])
        assert [(g.name, g.everybody, len(g.rows)) for g in shown] == [
            ("Ward B", 3, 1), ("Ward A", 2, 1),
        ]  # fmt: skip
        assert some.counts == {"": 5, "here": 3, "ready": 1, "waiting": 1, "asks": 2}

    def test_of_very_many_those_come_first_who_ask_for_somebody(self, district):
        many = [line(n, ready=n == 999) for n in range(1000)]
        some = chosen(many, Wanted(), layout(district.path), at=AT)
        assert (len(some.lines), some.of) == (SHOWN, 1000)
        assert some.lines[-1].contact == 999
        every = chosen(many, Wanted(all=True), layout(district.path), at=AT)
        assert len(every.lines) == 1000


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
