"""The page of notices, for whoever signed in."""

import pytest

from onesystem import access
from onesystem.access.models import Notice


@pytest.fixture
def nurse(sign_in):
    return sign_in("ed-nurse", name="kiri")


def page(client, query=""):
    return client.get(f"/notices/{query}").content.decode()


def test_the_empty_page_says_what_comes_here(nurse):
    assert "There is nothing to tell" in page(nurse)


def test_a_notice_is_opened_and_marked(nurse):
    access.notify(topic="request.answered", username="kiri", words="R-7", link="/requests/7/")
    shown = page(nurse)
    assert "1 notice" in shown
    assert "A request that you sent was answered</strong>: R-7" in shown
    answer = nurse.post(f"/notices/{Notice.objects.get().pk}/", {"do": "open"})
    assert answer.headers["Location"] == "/requests/7/"
    assert "read by kiri" in page(nurse)
    assert "Nothing like that" in page(nurse, "?unread=1")


def test_several_at_once_and_back(nurse):
    for number in range(3):
        access.notify(topic="task.planned", username="kiri", words=str(number))
    every = list(Notice.objects.values_list("pk", flat=True))
    assert (
        "3 marked as read"
        in nurse.post("/notices/seen/", {"notice": every}, follow=True).content.decode()
    )
    nurse.post("/notices/seen/", {"notice": every, "do": "unsee"})
    assert "3 notices" in page(nurse)
    assert "Nothing was chosen" in nurse.post("/notices/seen/", follow=True).content.decode()


def test_mail_is_asked_for_and_stopped(nurse):
    wrong = nurse.post("/notices/mail/", {"do": "on", "address": "nowhere"})
    assert wrong.status_code == 422
    assert "That is not an e-mail address" in wrong.content.decode()
    assert 'value="nowhere"' in wrong.content.decode()
    nurse.post("/notices/mail/", {"do": "on", "address": "kiri@hospital.example"})
    assert "E-mails go to kiri@hospital.example" in page(nurse)
    nurse.post("/notices/mail/", {"do": "off"})
    assert "Send me e-mails" in page(nurse)


def test_somebody_elses_is_not_there(nurse):
    access.notify(topic="task.planned", username="moana")
    assert nurse.post(f"/notices/{Notice.objects.get().pk}/").status_code == 404


def test_who_has_not_signed_in_does_first(client):
    assert client.get("/notices/").status_code == 302
    for address in ("1", "seen", "mail"):
        assert client.post(f"/notices/{address}/").status_code == 302


def test_an_open_page_asks_how_many_wait(nurse, client):
    access.notify(topic="task.planned", username="kiri")
    assert nurse.get("/notices/unread/").json() == {"unread": 1}
    assert client.get("/notices/unread/").status_code == 401
