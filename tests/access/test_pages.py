"""Sign-in, sign-out, purposes, settings and the trail, as pages."""

import pytest
from access_worlds import contact, identity
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from onesystem.access import Actor, actions, doors, queries, verify_trail
from onesystem.access.models import Audit, User
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted

PASSWORD = "three blind mice run"
JOB = Actor.job("command line")


@doors.opens_person
def somebody(request, person):
    """A page about a person, for these tests."""
    return HttpResponse(f"record {person} for {request.purpose}")


urlpatterns = [
    path("people/<int:person>/", somebody, name="somebody"),
    path("", include("onesystem.web.urls")),
]


def sign_in(client, name="kiri", password=PASSWORD, **more):
    return client.post("/account/login/", {"login": name, "password": password, **more})


def acts():
    return list(Audit.objects.order_by("id").values_list("act", flat=True))


class TestSignIn:
    def test_a_stranger_is_sent_to_sign_in_and_comes_back(self, client, add):
        add("kiri", "administrator")
        answer = client.get("/settings/users/")
        assert answer.headers["Location"] == "/account/login/?next=/settings/users/"
        page = client.get(answer.headers["Location"]).content.decode()
        assert "Sign in with a passkey" in page
        assert 'value="/settings/users/"' in page
        assert sign_in(client, next="/settings/users/").headers["Location"] == "/settings/users/"
        assert acts()[-1] == "session.started"

    def test_a_part_of_a_page_reloads_the_whole(self, client, district, db):
        answer = client.get("/settings/users/", headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")

    def test_sign_out(self, signed_in):
        client = signed_in("viewer")
        assert client.post("/account/logout/").status_code == 302
        assert client.get("/").status_code == 302
        assert acts()[-1] == "session.ended"

    def test_nobody_signs_themselves_up(self, client, district, db):
        page = client.get("/account/help/sign-up/").content.decode()
        assert "Accounts of Testshire are given" in page
        assert client.post("/account/help/sign-up/", {"username": "x"}).status_code == 405
        assert client.get("/account/signup/").status_code == 404

    def test_a_wrong_password_says_no_more_than_it_must(self, client, add):
        add("kiri", "viewer")
        wrong = sign_in(client, password="not it").content.decode()
        nobody = sign_in(client, name="nobody").content.decode()
        said = "The username and/or password you specified are not correct."
        assert said in wrong
        assert said in nobody
        assert acts()[-2:] == ["session.refused", "session.refused"]

    def test_five_wrong_passwords_lock_the_name(self, client, add):
        add("kiri", "viewer")
        for _ in range(5):
            sign_in(client, password="not it")
        answer = sign_in(client)
        assert "Too many failed login attempts" in answer.content.decode()
        assert client.get("/").status_code == 302

    def test_a_session_that_is_prolonged_ends_later(self, signed_in):
        client = signed_in("viewer")
        session = client.session
        session["until"] = 1
        session.save()
        answer = client.post("/account/stay/", headers={"Accept": "application/json"})
        assert answer.json()["until"] > 1
        assert Client().post("/account/stay/").status_code == 401


class TestUsers:
    def test_an_administrator_adds_a_user_who_signs_in(self, signed_in):
        client = signed_in("administrator")
        form = {
            "username": "aroha", "name": "Aroha Ngāpuhi", "password": "a long enough one",
            "organisation": "hospital", "roles": ["ed-nurse", "coordinator"],
        }  # fmt: skip
        answer = client.post("/settings/users/add/", form, follow=True)
        page = answer.content.decode()
        assert "Aroha Ngāpuhi" in page
        assert "Coordinator, ED nurse" in page
        user = User.objects.get(username="aroha")
        assert user.roles.split() == ["coordinator", "ed-nurse"]
        other = Client()
        assert sign_in(other, "aroha", "a long enough one").status_code == 302
        assert verify_trail() == []

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"username": "kiri"}, "There is a user"),
            ({"password": "short"}, "too short"),
            ({"username": "not a name"}, "cannot be used"),
            ({"roles": ["edd-nurse"]}, "Did you mean"),
        ],
    )
    def test_what_cannot_be_added_says_why(self, signed_in, change, said):
        client = signed_in("administrator")
        form = {"username": "aroha", "password": "a long enough one", "roles": []}
        assert said in client.post("/settings/users/add/", form | change).content.decode()
        assert User.objects.count() == 1

    def test_roles_are_set_and_hold_at_once(self, signed_in, add):
        client = signed_in("administrator")
        add("sam", "viewer")
        sam = Client()
        sign_in(sam, "sam")
        assert sam.get("/settings/audit/").status_code == 403
        number = User.objects.get(username="sam").pk
        client.post(f"/settings/users/{number}/", {"do": "roles", "roles": ["privacy-officer"]})
        assert sam.get("/settings/audit/").status_code == 200

    def test_nobody_sets_their_own_roles_or_closes_their_own_account(self, add):
        add("kiri", "administrator")
        kiri = Actor("kiri", frozenset({"administrator"}))
        with pytest.raises(NotPermitted, match="nobody sets their own roles"):
            actions.set_roles(username="kiri", roles=["privacy-officer"], by=kiri)
        with pytest.raises(NotPermitted, match="nobody lets themselves go"):
            actions.set_active(username="kiri", active=False, by=kiri)

    def test_whoever_is_let_go_is_out_at_once(self, signed_in, add):
        client = signed_in("viewer")
        actions.set_active(username="kiri", active=False, by=JOB)
        assert client.get("/").status_code == 302
        assert client.get("/account/").status_code == 302

    def test_a_new_password_ends_open_sessions(self, signed_in):
        client = signed_in("viewer")
        actions.set_password(username="kiri", password="a wholly new one", by=JOB)
        assert client.get("/").status_code == 302

    def test_only_administrators(self, add):
        add("kiri", "viewer")
        viewer = Actor("kiri", frozenset({"viewer"}))
        with pytest.raises(NotPermitted):
            actions.add_user(username="x", password=PASSWORD, roles=[], by=viewer)
        with pytest.raises(NotPermitted):
            queries.users(by=viewer)

    def test_an_unknown_name_is_answered_with_the_nearest(self, add):
        add("aroha")
        with pytest.raises(NotFound, match="Did you mean 'aroha'"):
            actions.set_active(username="aroah", active=False, by=JOB)
        with pytest.raises(BadConfig, match="there is no role"):
            actions.set_roles(username="aroha", roles=["nurse"], by=JOB)


@pytest.fixture
def person_7(db):
    """Somebody who is in the emergency department."""
    identity(7, 7)
    contact(1, 7, service="ed")


@pytest.mark.usefixtures("person_7")
@pytest.mark.urls(__name__)
class TestPurpose:
    def test_a_person_is_opened_for_a_purpose_and_the_look_is_recorded(self, signed_in):
        client = signed_in("ed-nurse")
        page = client.get("/people/7/?tab=all")
        assert "Why are you opening this record?" in page.content.decode()
        form = {
            "purpose": "direct care",
            "reason": "assessing on arrival",
            "to": "/people/7/?tab=all",
        }
        answer = client.post("/purpose/7/", form)
        assert answer.headers["Location"] == "/people/7/?tab=all"
        seen = client.get("/people/7/")
        assert seen.content == b"record 7 for direct care"
        assert seen.headers["Cache-Control"] == "no-store"
        client.get("/people/7/")
        assert acts()[-3:] == ["purpose.given", "person.looked", "person.looked"]
        look = Audit.objects.latest("id")
        assert (look.person, look.purpose, look.reason, look.actor, look.what) == (
            7, "direct care", "assessing on arrival", "kiri", "somebody",
        )  # fmt: skip

    def test_it_is_asked_for_each_person(self, signed_in):
        client = signed_in("ed-nurse")
        client.post("/purpose/7/", {"purpose": "direct care", "reason": "triage", "to": "/"})
        assert b"Why are you opening" in client.get("/people/8/").content

    def test_it_ends_when_the_record_is_closed_or_after_an_hour(self, signed_in):
        client = signed_in("ed-nurse")
        give = {"purpose": "direct care", "reason": "triage", "to": "/people/7/"}
        client.post("/purpose/7/", give)
        client.post("/purpose/7/end/")
        assert b"Why are you opening" in client.get("/people/7/").content
        client.post("/purpose/7/", give)
        session = client.session
        session["purposes"]["7"][2] -= 3601
        session.save()
        assert b"Why are you opening" in client.get("/people/7/").content

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({"purpose": "privacy review", "reason": "looking"}, "Choose why"),
            ({"purpose": "", "reason": "looking"}, "Choose why"),
            ({"purpose": "direct care", "reason": " a "}, "Say in a few words"),
        ],
    )
    def test_a_purpose_that_does_not_hold_is_asked_again(self, signed_in, form, said):
        client = signed_in("paramedic")
        answer = client.post("/purpose/7/", {**form, "to": "/people/7/"})
        assert answer.status_code == 422
        assert said in answer.content.decode()

    def test_whoever_may_not_open_people_is_told_who_may(self, signed_in):
        client = signed_in("analyst")
        answer = client.get("/people/7/")
        assert answer.status_code == 403
        assert "It takes the role" in answer.content.decode()
        assert client.post("/purpose/7/", {}).status_code == 403

    def test_it_never_leads_to_another_site(self, signed_in):
        client = signed_in("ed-nurse")
        form = {"purpose": "direct care", "reason": "triage", "to": "https://example.org/"}
        assert client.post("/purpose/7/", form).headers["Location"] == "/"

    def test_a_purpose_of_a_role_that_was_taken_away_no_longer_holds(self, signed_in):
        client = signed_in("ed-nurse")
        client.post("/purpose/7/", {"purpose": "direct care", "reason": "triage", "to": "/"})
        actions.set_roles(username="kiri", roles=["records-officer"], by=JOB)
        assert b"Why are you opening" in client.get("/people/7/").content


class TestTrailPage:
    def test_search_check_and_export(self, signed_in, add):
        client = signed_in("privacy-officer")
        add("aroha", "viewer")
        page = client.get("/settings/audit/?act=user.added&check=1").content.decode()
        assert "The chain holds" in page
        assert "aroha" in page
        file = client.get("/settings/audit/?actor=kiri&format=csv")
        text = file.content.decode("utf-8-sig")
        assert text.splitlines()[0] == "Row,When,Who,Did,What,Person,Purpose,Reason"
        assert "Signed in" in text
        assert "aroha" not in text
        assert acts()[-1] == "trail.exported"

    def test_a_row_shows_whole(self, signed_in):
        client = signed_in("privacy-officer")
        assert "Digest" in client.get("/settings/audit/1/").content.decode()
        assert client.get("/settings/audit/999/").status_code == 404

    def test_days_are_those_of_the_district(self, signed_in):
        client = signed_in("privacy-officer")
        page = client.get("/settings/audit/?since=2020-01-01&until=2020-01-02").content.decode()
        assert "The trail has no such rows" in page
        assert client.get("/settings/audit/?since=gibberish&person=x").status_code == 200
