"""The home postcode of staff: kept for one rule, shown nowhere."""

import pytest
from test_own_pages import text_of

from onesystem.access import Actor, actions
from onesystem.access.models import Audit, User
from onesystem.vocabulary import NotPermitted


def test_a_member_of_staff_keeps_it_and_forgets_it(sign_in):
    """The page says that it is kept, never what it is."""
    nurse = sign_in("ed-nurse", name="kiri")
    assert "No home postcode" in text_of(nurse.get("/account/postcode/"))
    assert nurse.post("/account/postcode/", {"postcode": "<b>"}).status_code == 422
    assert nurse.post("/account/postcode/", {"postcode": "nr1  1aa"}).status_code == 302
    assert User.objects.get(username="kiri").postcode == "NR1 1AA"
    page = text_of(nurse.get("/account/postcode/"))
    assert "is kept" in page
    assert "NR1" not in page
    assert "NR1" not in Audit.objects.latest("id").detail
    assert nurse.post("/account/postcode/", {"do": "forget"}).status_code == 302
    assert User.objects.get(username="kiri").postcode == ""


def test_an_administrator_keeps_it_and_sees_it_no_more(sign_in):
    """Nobody else may."""
    admin = sign_in("administrator", name="ada")
    sign_in("ed-nurse", name="kiri")
    user = User.objects.get(username="kiri")
    here = f"/settings/users/{user.pk}/"
    assert admin.post(here, {"do": "postcode", "postcode": "NR1 1AA"}).status_code == 302
    page = text_of(admin.get(here))
    assert "One is kept." in page
    assert "NR1" not in page
    with pytest.raises(NotPermitted):
        actions.set_postcode(username="kiri", postcode="X1 1AA", by=Actor("ed"))


def test_who_is_not_signed_in_is_sent_to_sign_in(joined, client):
    """Nothing is told."""
    assert client.get("/account/postcode/").status_code == 302
