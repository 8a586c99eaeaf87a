"""The pages of tasks and of care plans, as those who visit use them."""

import re
from datetime import timedelta

import orjson
import pytest
from page_data import give_purpose

from onesystem import care
from onesystem.access.models import Audit
from onesystem.care.plans import queries as plans
from onesystem.care.tasks import actions, store
from onesystem.district import now
from onesystem.record.entries import entries_of  # noqa: F401
from onesystem.vocabulary import RequestSeen, to_local


def today():
    return to_local(now(), "Europe/London").date()


@pytest.fixture
def planned(somebody, asker):
    def plans_it(**more):
        said = {"words": "Dress the leg", "team": "nursing", "due": today(), **more}
        return actions.plan(person=somebody, by=asker(), **said)

    return plans_it


@pytest.fixture
def nurse(joined):
    """A browser of a district nurse of the community's own organisation."""
    from django.test import Client

    from onesystem.access import Actor
    from onesystem.access import actions as people
    from onesystem.access.models import User

    def signs_in(role="district-nurse", organisation="community"):
        people.add_user(username=role, password="three blind mice run", roles=(role,),
                        organisation=organisation, by=Actor.job("command line"))  # fmt: skip
        client = Client()
        client.force_login(
            User.objects.get(username=role), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signs_in


def test_the_list_shows_what_is_due(planned, nurse, somebody):
    planned(visit=True)
    planned(words="Next month", due=today() + timedelta(days=30))
    client = nurse()
    page = client.get("/tasks/").content.decode()
    assert "Dress the leg" in page
    assert "Ngāpuhi" in page
    assert "Next month" not in page
    assert "Next month" in client.get("/tasks/?when=all").content.decode()
    assert Audit.objects.filter(act="tasks.listed").count() == 2
    assert "Dress the leg" in client.get("/tasks/?format=csv").content.decode()
    assert "Dress the leg" in client.get("/tasks/?paper=1").content.decode()


def test_another_organisation_sees_none_of_it(planned, nurse):
    planned()
    page = nurse("therapist", "practice").get("/tasks/").content.decode()
    assert "Dress the leg" not in page


def test_a_visit_from_the_list(planned, nurse, somebody):
    key = planned(visit=True)
    client = nurse()
    at = f"/tasks/{somebody}/{key}/"
    page = client.get(at)
    assert page.status_code == 200, page.content.decode()[:3000]
    assert "I am there" in page.content.decode()
    client.post(f"{at}act/", {"do": "start", "seen": "1"})
    bad = client.post(
        f"{at}act/", {"do": "done", "seen": "2", "note": "long note", "weight": "705"}
    )
    assert bad.status_code == 422
    assert "long note" in bad.content.decode()
    assert "out of reach" in bad.content.decode()
    done = client.post(
        f"{at}act/",
        {"do": "done", "seen": "2", "note": "It heals.", "weight": "70,5", "pressure": "130/80"},
    )
    assert done.status_code == 302, done.content.decode()
    assert store.one(key)[1].state == "done"
    assert plans.plan(somebody).notes[0].text == "It heals."


def test_the_care_page(nurse, planned, somebody):
    planned(visit=True, repeats="every day")
    client = nurse()
    give_purpose(client, somebody, "direct care")
    at = f"/people/{somebody}/care/"
    for said in (
        {"do": "write", "matters": "My garden", "know": "Key safe", "seen": "0"},
        {"do": "goal", "goal": "Walk to the shop"},
        {"do": "note", "text": "A quiet day."},
        {"do": "join", "name": "Her daughter", "phone": "01603 1"},
        {"do": "hand-over", "over": "Watch the leg", "to_team": "nursing"},
        {"do": "task", "words": "Ring the son", "team": "nursing", "due": today().isoformat()},
    ):
        answer = client.post(f"{at}act/", said)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
    for where in (at, f"{at}print/"):
        page = client.get(where).content.decode()
        for words in ("My garden", "Walk to the shop", "Her daughter", "Ring the son"):
            assert words in page, (where, words)
    plan = plans.plan(somebody)
    assert client.post(f"{at}act/", {"do": "take-over", "key": plan.hand_overs[0].key})
    assert plans.plan(somebody).hand_overs[0].taken_by == "district-nurse"
    lost = client.post(f"{at}act/", {"do": "write", "matters": "Mine", "seen": "0"})
    assert lost.status_code == 422
    assert "wrote the plan meanwhile" in lost.content.decode()
    assert "Mine" in lost.content.decode()


def ids_of(page):
    return re.findall(r' id="([^"]+)"', page)


def test_every_field_has_an_id_of_its_own(nurse, planned, somebody):
    """A label that leads to another form's field is read out wrongly, and axe does not look."""
    key = planned(visit=True)
    client = nurse()
    for at in (f"/tasks/{somebody}/{key}/", f"/people/{somebody}/care/", "/tasks/"):
        ids = ids_of(client.get(at).content.decode())
        assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)


@pytest.mark.parametrize(
    ("said", "sees"),
    [
        ({"do": "missed", "outcome": "not-at-home", "again": "2026-13-01"}, "is no day"),
        ({"do": "missed", "outcome": ""}, "there is no outcome"),
        ({"do": "give", "team": "nursery"}, "no service"),
        ({"do": "change", "due": "soon"}, "is no day"),
        ({"do": "change", "due": "2026-12-01", "due_at": "noon"}, "is no time of day"),
        ({"do": "cancel"}, "no reason was said"),
        ({"do": "reopen"}, "open already"),
        ({"do": ""}, "nothing was said"),
        ({"do": "done", "started": "25:00"}, "is no time of day"),
    ],
)
def test_what_cannot_be_done_says_so(nurse, planned, somebody, said, sees):
    key = planned(visit=True)
    answer = nurse().post(f"/tasks/{somebody}/{key}/act/", {"seen": "1", **said})
    assert answer.status_code == 422
    assert sees in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"do": "missed", "outcome": "not-at-home", "again": "2099-01-01"}, "open"),
        ({"do": "missed", "outcome": "declined", "why": "asked not to"}, "not done"),
        ({"do": "cancel", "reason": "healed"}, "cancelled"),
        ({"do": "give", "owner": "tama"}, "open"),
        ({"do": "change", "due": "2026-12-24", "due_at": "09:30"}, "open"),
        ({"do": "start"}, "started"),
    ],
)
def test_what_can_be_done(nurse, planned, somebody, said, state):
    key = planned(visit=True)
    answer = nurse().post(f"/tasks/{somebody}/{key}/act/", {"seen": "1", **said})
    assert answer.status_code in {302, 422}
    assert store.one(key)[1].state == state


def test_a_whole_series_is_cancelled_or_given(nurse, planned, somebody):
    key = planned(visit=True, repeats="1d")
    client, turn = nurse(), f"{key}@{today()}"
    at = f"/tasks/{somebody}/{turn}/"
    assert "every day" in client.get(at).content.decode()
    client.post(f"{at}act/", {"seen": "0", "do": "give", "owner": "tama", "following": "1"})
    assert store.one(key)[1].owner == "tama"
    client.post(f"{at}act/", {"seen": "0", "do": "cancel", "reason": "healed", "whole": "1"})
    assert store.one(key)[1].state == "cancelled"
    assert client.get(at).status_code == 200


def test_many_are_given_at_once(nurse, planned):
    keys = [planned(), planned(words="Second"), planned(words="Third")]
    client = nurse()
    actions.reassign(key=keys[2], by=ASKER(), owner="kiri")
    ticked = [f"{key}|1" for key in keys]
    page = client.post("/tasks/give/", {"key": ticked, "do": "mine", "back": "?when=all"},
                       follow=True)  # fmt: skip
    assert "2 given." in page.content.decode()
    assert "was here first" in page.content.decode()
    assert [store.one(key)[1].owner for key in keys] == ["district-nurse", "district-nurse", "kiri"]
    page = client.post("/tasks/give/", {"do": "give"}, follow=True).content.decode()
    assert "Tick tasks" in page
    client.post("/tasks/give/", {"key": f"{keys[0]}|2", "do": "nobody"})
    assert store.one(keys[0])[1].owner == ""


def ASKER():  # noqa: N802
    from onesystem import access

    actor = access.Actor(name="kiri", roles=frozenset({"hospital-doctor"}), organisation="hospital")
    return access.asker_of(actor, "direct care")


def test_what_is_asked_elsewhere_is_named(nurse, planned):
    """A promise of the district's call to "District nursing" stands on the list of its nurses."""
    from onesystem import access
    from onesystem.flow.boards import actions as calls

    chair = access.Actor(name="colin", roles=frozenset({"coordinator"}), organisation="hospital")
    call = calls.open_call(by=chair)
    calls.promise(call=call, text="See three more today", owner="district nursing", due_at=0,
                  by=chair)  # fmt: skip
    calls.promise(call=call, text="Open the day room", owner="Ward A", due_at=0, by=chair)
    page = nurse().get("/tasks/").content.decode()
    assert "Asked of you elsewhere" in page
    assert "See three more today" in page
    assert "Open the day room" not in page


def test_others_read_it_over_the_api(nurse, planned, somebody):
    """A task, a goal and a note are resources about the person, as FHIR can name them."""
    planned(visit=True)
    client = nurse()
    give_purpose(client, somebody, "direct care")
    at = f"/people/{somebody}/care/act/"
    client.post(at, {"do": "goal", "goal": "Walk to the shop"})
    client.post(at, {"do": "note", "text": "A quiet day."})
    for kind, who in (("Task", "for"), ("Goal", "subject"), ("DocumentReference", "subject")):
        found = client.get(f"/fhir/{kind}", headers={"Accept": "application/fhir+json"}).json()
        [entry] = found["entry"]
        named = entry["resource"][who]
        assert named.get("reference") or named["identifier"]["value"].startswith("RM1:P1"), named


@pytest.mark.parametrize(
    ("host", "to"),
    [("http://testserver", "/people/{}/care/?notes=all"), ("http://elsewhere.example", "/")],
)
def test_a_purpose_that_is_over_leads_back_to_the_form(nurse, planned, somebody, host, to):
    """The text was kept while it was written; the page brings it back once the purpose is said."""
    planned()
    answer = nurse().post(
        f"/people/{somebody}/care/act/", {"do": "note", "text": "long"},
        headers={"Referer": f"{host}/people/{somebody}/care/?notes=all"},
    )  # fmt: skip
    assert f'name="to" value="{to.format(somebody)}"' in answer.content.decode()
    assert plans.plan(somebody).notes == ()


def test_the_worker_keeps_no_record(nurse, planned, client):
    """Its page and its styles are the same for everybody, and of a visit they say nothing."""
    planned(visit=True, owner="district-nurse")
    worker = client.get("/tasks/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "/static/care/offline.js?v=" in worker.content.decode()
    page = client.get("/tasks/offline/").content.decode()
    assert "Dress the leg" not in page
    assert client.get("/tasks/snapshot/").status_code == 401
    assert client.post("/tasks/queue/").status_code == 401
    carried = nurse().get("/tasks/snapshot/")
    assert carried["Cache-Control"] == "no-store"
    assert [each["words"] for each in carried.json()["visits"]] == ["Dress the leg"]


def test_what_was_written_without_network_is_its_writers(nurse, planned):
    key = planned(owner="district-nurse")
    client = nurse()
    item = {"id": "i1", "key": key, "seen": 1, "note": "quiet"}
    for who, status in (("tama", 409), ("district-nurse", 200)):
        answer = client.post("/tasks/queue/", orjson.dumps({"who": who, "items": [item]}),
                             content_type="application/json")  # fmt: skip
        assert answer.status_code == status
    assert answer.json()["results"] == [{"id": "i1", "state": "sent", "words": ""}]
    for body in (b"", b"[]", b'{"items": 7, "who": 1}'):
        answer = client.post("/tasks/queue/", body, content_type="application/json")
        assert answer.status_code == 422
    doctor = nurse("manager", "hospital")
    assert doctor.get("/tasks/snapshot/").status_code == 403
    assert doctor.post("/tasks/queue/").status_code == 403


@pytest.mark.parametrize(
    ("cookie", "anyway", "stays"),
    [("", "", False), ("kept", "", False), ("unsent", "", True), ("unsent", "1", False)],
)
def test_signing_out_of_a_device_that_holds_something(nurse, cookie, anyway, stays):
    client = nurse()
    if cookie:
        client.cookies["offline"] = cookie
    answer = client.post("/account/logout/", {"anyway": anyway})
    assert ("_auth_user_id" in client.session) is stays
    assert (answer["Location"] == "/tasks/") is stays
    assert answer.headers.get("Clear-Site-Data", "") == (
        '"storage"' if cookie and not stays else ""
    )


def test_somebody_of_another_organisation_keeps_their_task(nurse, planned, somebody):
    """Whoever does it now can be chosen, so that nobody loses it by a choice of the team alone."""
    key = planned(owner="kiri")
    page = nurse().get(f"/tasks/{somebody}/{key}/").content.decode()
    assert '<option value="kiri" selected>' in page


def test_a_long_list_says_how_many_more(nurse, planned, monkeypatch):
    from onesystem.care.tasks import pages

    monkeypatch.setattr(pages, "SHOWN", 2)
    for words in ("First", "Second", "Third"):
        planned(words=words)
    client = nurse()
    page = client.get("/tasks/").content.decode()
    assert "And 1 more: narrow the list" in page
    paper = client.get("/tasks/?paper=1").content.decode()
    assert all(words in paper for words in ("First", "Second", "Third"))


def test_a_visit_is_caused_by_the_request_that_it_answers(nurse, planned, somebody):
    """Planned for a request from the care page: the log says what led to the visit."""
    from test_tasks import visits

    from onesystem import people

    planned()  # a tie
    by, moment = ASKER(), now()
    care.say(
        person=somebody, by=by, act="request.sent",
        readings=[RequestSeen(key="R1", subject="", at=moment, recorded=moment, service="nursing",
                              status="received", by="kiri")],
    )  # fmt: skip
    [asked] = care.requests_of(people.identity_ids_of(somebody))
    client = nurse()
    give_purpose(client, somebody, "direct care")
    at = f"/people/{somebody}/care/"
    assert '<option value="R1"' in client.get(at).content.decode()
    said = {"do": "task", "words": "First visit", "team": "nursing", "visit": "1",
            "due": today().isoformat(), "cause": "R1"}  # fmt: skip
    assert client.post(f"{at}act/", said | {"cause": "R9"}).status_code == 422
    assert client.post(f"{at}act/", said).status_code == 302
    [visit] = visits(somebody)
    assert visit.cause == asked.request
    [(_, task)] = store.where("t.cause = %s", ["R1"])
    page = client.get(f"/tasks/{somebody}/{task.key}/").content.decode()
    assert f"/requests/{asked.request}/" in page
