"""The rota as users keep it: put down, taken back, told, on call for as long as the shift lasts."""

from datetime import time, timedelta

import pytest
from django.test import Client

from onesystem import access
from onesystem.access import Actor, actions
from onesystem.access.models import Duty, Notice, User
from onesystem.care.practice import rota_actions, rota_queries
from onesystem.care.practice.rota import Need
from onesystem.care.practice.rows import NeedRow, ShiftRow
from onesystem.district import current, now
from onesystem.vocabulary import NotPermitted, UserError, to_local

pytestmark = pytest.mark.django_db
KEEPER = Actor("colin", frozenset({"coordinator"}), organisation="hospital")
OTHER = Actor("tane", frozenset({"coordinator"}), organisation="community")


@pytest.fixture
def staff(joined):
    for name, role, where in (
        ("colin", "coordinator", "hospital"), ("kiri", "ed-nurse", "hospital"),
        ("gita", "general-practitioner", "practice"), ("tane", "coordinator", "community"),
    ):  # fmt: skip
        actions.add_user(
            username=name, password="three blind mice run", roles=[role], organisation=where,
            name=name.title(), by=Actor.job("test"),
        )  # fmt: skip


def client(name):
    browser = Client()
    browser.force_login(
        User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend"
    )
    return browser


def down(username="kiri", *, hours=(1, 9), by=KEEPER, service="ed"):
    begin = now()
    return rota_actions.put_down(
        service=service, role="nurse", username=username, by=by,
        starts=begin + timedelta(hours=hours[0]), ends=begin + timedelta(hours=hours[1]),
    )  # fmt: skip


class TestShifts:
    """Who may, who is told, and what cannot be."""

    def test_who_is_put_down_is_told(self, staff):
        down()
        assert Notice.objects.get().username == "kiri"
        [(service, shift)] = rota_queries.mine("kiri", now())
        assert (service, shift.role) == ("ed", "nurse")

    @pytest.mark.parametrize(
        ("hours", "username", "said"),
        [((9, 1), "kiri", "ends before"), ((1, 30), "kiri", "more than a day"),
         ((1, 9), "kirri", "kiri")],
    )  # fmt: skip
    def test_what_cannot_be(self, staff, hours, username, said):
        with pytest.raises(UserError, match=said):
            down(username, hours=hours)

    def test_nobody_is_down_twice(self, staff):
        down(hours=(1, 9))
        with pytest.raises(UserError, match="kiri is down for Emergency department until"):
            down(hours=(8, 12))
        down(hours=(9, 12))

    def test_only_the_organisation_itself(self, staff):
        with pytest.raises(NotPermitted):
            down(by=OTHER)
        with pytest.raises(NotPermitted):
            down(by=Actor("kiri", frozenset({"ed-nurse"}), organisation="hospital"))

    def test_from_elsewhere_they_are_on_call_while_it_lasts(self, staff):
        number = down("gita", hours=(0, 8))
        gita = Actor("gita", frozenset({"general-practitioner"}), organisation="practice")
        assert access.asker_of(gita, "direct care").on_call == {"hospital"}
        later = access.asker_of(gita, "direct care", at=now() + timedelta(hours=9))
        assert later.on_call == frozenset()
        rota_actions.take_back(shift=number, by=KEEPER)
        assert access.asker_of(gita, "direct care").on_call == frozenset()
        assert Duty.objects.get().ended_reason == "the shift was taken back"
        assert ShiftRow.objects.get().gone_by == "colin"

    def test_needs_are_dated(self, staff):
        one = Need(weekday=0, opens=time(9), closes=time(17), role="nurse")
        rota_actions.set_needs(service="ed", needs=[one], by=KEEPER)
        rota_actions.set_needs(service="ed", needs=[one, one], by=KEEPER)
        assert NeedRow.objects.count() == 2  # what was said and changed on one day was never so
        with pytest.raises(UserError, match="covers nothing"):
            rota_actions.set_needs(
                service="ed", by=KEEPER,
                needs=[Need(weekday=0, opens=time(9), closes=time(9), role="nurse")],
            )  # fmt: skip

    def test_what_is_needed_from_today_on_is_missing_in_this_week(self, staff):
        """On any day of the week, and never before that day."""
        today = to_local(now(), current().zone).date()
        days = [today + timedelta(days=n) for n in (-1, 0, 1)]
        needs = [
            Need(weekday=day.weekday(), opens=time(9), closes=time(17), role="nurse")
            for day in days
        ]
        rota_actions.set_needs(service="ed", needs=needs, by=KEEPER)
        found = rota_queries.rota("ed", first=days[0], days=3)
        assert [to_local(gap.starts, current().zone).date() for gap in found.gaps] == days[1:]


class TestPages:
    """By the forms, as users do it."""

    def test_the_empty_page_says_how_to_begin(self, staff):
        page = client("colin").get("/rota/").content.decode()
        assert "No rota is kept yet" in page
        assert "/rota/ed/needs/" in page
        assert "Begin a rota" not in client("kiri").get("/rota/").content.decode()

    def test_from_needs_to_a_covered_week(self, staff):
        browser, today = client("colin"), to_local(now(), "Europe/London").date()
        tomorrow = today + timedelta(days=1)
        answer = browser.post("/rota/ed/needs/", {
            "weekday": [tomorrow.weekday(), 0], "opens": ["18:00", ""], "closes": ["08:00", ""],
            "role": ["nurse", ""], "people": ["1", "1"],
        })  # fmt: skip
        assert answer.headers["Location"] == "/rota/ed/"
        week = f"?week={tomorrow}"
        assert "1 nurse missing" in browser.get(f"/rota/ed/{week}").content.decode()
        assert "2 gaps" in browser.get("/rota/").content.decode()  # in a fortnight
        answer = browser.post("/rota/ed/do/", {
            "do": "down", "who": "kiri", "day": str(tomorrow), "opens": "18:00", "closes": "08:00",
            "role": "nurse", "week": str(tomorrow),
        }, follow=True)  # fmt: skip
        page = answer.content.decode()
        assert "Added, and told." in page
        assert "nothing missing" in page
        assert "1 gap" in browser.get("/rota/").content.decode()
        assert "Kiri" in browser.get(f"/rota/ed/{week}&format=csv").content.decode()
        mine = client("kiri").get("/rota/").content.decode()
        assert "My shifts" in mine

    def test_a_mistake_keeps_what_was_typed(self, staff):
        answer = client("colin").post(
            "/rota/ed/do/",
            {"do": "down", "who": "kiri", "day": "2026-11-30", "opens": "", "closes": "08:00"},
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "The day or a time is missing" in page
        assert 'value="2026-11-30"' in page

    def test_half_a_line_of_needs_is_named(self, staff):
        answer = client("colin").post("/rota/ed/needs/", {
            "weekday": ["0"], "opens": ["18:00"], "closes": [""], "role": ["nurse"],
            "people": ["1"],
        })  # fmt: skip
        assert answer.status_code == 422
        assert "Line 1 is not whole" in answer.content.decode()

    def test_a_note_to_the_next_shift(self, staff):
        kiri = client("kiri")
        kiri.post("/rota/ed/do/", {"do": "note", "text": "The second lift is out"})
        page = client("colin").get("/rota/ed/").content.decode()
        assert "The second lift is out" in page
        note = rota_queries.notes("ed")[0].number
        client("colin").post("/rota/ed/do/", {"do": "read", "number": note})
        assert "read by colin" in kiri.get("/rota/ed/").content.decode()
        empty = kiri.post("/rota/ed/do/", {"do": "note", "text": " "})
        assert empty.status_code == 422
        assert "Nothing was written" in empty.content.decode()

    def test_who_does_not_work_there_leaves_no_note(self, staff):
        tane = client("tane")
        tane.post("/rota/ed/do/", {"do": "note", "text": "x"})
        assert rota_queries.notes("ed") == []


class TestPracticePages:
    """What happened elsewhere, and who leads, by the forms."""

    @pytest.fixture
    def enrolled(self, staff, somebody):
        from onesystem.people.models import Identity

        Identity.objects.update(practice="practice")
        return somebody

    def test_acknowledge_and_undo(self, enrolled):
        browser = client("gita")
        page = browser.get("/practice/").content.decode()
        assert "Ngāpuhi, Māia" in page
        contact = page.partition('name="contact" value="')[2].partition('"')[0]
        page = browser.post("/practice/seen/", {"contact": contact}, follow=True).content.decode()
        assert "1 acknowledged" in page
        assert "Everything has been seen" in page
        page = browser.post(
            "/practice/seen/", {"contact": contact, "do": "undo"}, follow=True
        ).content.decode()
        assert "1 counts as unseen again" in page
        assert "Ngāpuhi" in browser.get("/practice/?format=csv").content.decode()

    def test_nothing_chosen_says_so(self, enrolled):
        page = client("gita").post("/practice/seen/", follow=True).content.decode()
        assert "nothing of that is on your list" in page

    def test_a_hospital_is_told_what_the_page_is_for(self, enrolled):
        assert "Nobody is enrolled with" in client("kiri").get("/practice/").content.decode()

    def test_the_practice_names_who_leads(self, enrolled):
        from page_data import give_purpose

        browser = client("gita")
        give_purpose(browser, enrolled, "direct care")
        address = f"/people/{enrolled}/lead/"
        assert "nobody is named yet" in browser.get(address).content.decode()
        page = browser.post(address, {"clinician": "gita"}, follow=True).content.decode()
        assert "<strong>Gita</strong> leads" in page
        wrong = browser.post(address, {"clinician": "hugo"})
        assert wrong.status_code == 422
