"""Pathways beside a person's record: what fits, what is met and by which fact, what is next."""

from dataclasses import replace

import pytest
from page_data import adt, person_of
from pathway_data import CELLULITIS, DOCTOR, EDITOR, LEAD, in_force

from onesystem.access.models import User
from onesystem.care.pathways.document import Flag
from onesystem.care.pathways.rows import PathwayOpen
from onesystem.district import now

SLUG = "cellulitis"
ELDERLY = replace(
    CELLULITIS, whom="%age >= 65",
    flags=(*CELLULITIS.flags, Flag(key="old", words="Very old", when="%age > 70")),
    requests=(replace(CELLULITIS.requests[0], when="%age > 70"),),
)  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture
def person(send, joined):
    """Somebody of 76 years who is in the ED; a pathway for them is in force."""
    send(adt("1", at=f"{now():%Y%m%d%H%M}"))
    for by in (EDITOR, LEAD, DOCTOR):
        User.objects.get_or_create(username=by.name, defaults={"roles": " ".join(by.roles)})
    in_force(ELDERLY)
    return person_of()


def asked(sign):
    return sign.join(("service=nursing", f"pathway={SLUG}", "step=nursing"))


def html(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_it_says_which_fit(person, opened):
    page = html(opened(person), f"/people/{person}/pathways/")
    assert f"/people/{person}/pathways/{SLUG}/" in page
    assert "age 76 (65 or more is asked for)" in page


def test_it_says_what_is_met_and_why(person, opened):
    page = html(opened(person), f"/people/{person}/pathways/{SLUG}/")
    assert "It is for them" in page
    assert "holds</span> <span>age 76 (more than 70 is asked for)" in page
    assert "for you to judge" in page
    assert f"{person}/requests/new/?{asked('&amp;')}" in page


def test_one_gesture_fills_the_request_in(person, opened):
    client = opened(person, "general-practitioner", "hospital-doctor")
    page = html(client, f"/people/{person}/requests/new/?{asked('&')}")
    assert "Because: age 76 (more than 70 is asked for)." in page
    assert "Is home safe?" in page


def test_a_look_beside_a_person_is_counted_without_them(person, opened):
    html(opened(person), f"/people/{person}/pathways/{SLUG}/")
    assert list(PathwayOpen.objects.values_list("slug", "beside")) == [(SLUG, True)]


def test_the_door_is_that_of_the_record(person, sign_in):
    client = sign_in("hospital-doctor")
    assert "Why" in html(client, f"/people/{person}/pathways/{SLUG}/")
    assert not PathwayOpen.objects.exists()


def test_what_is_not_there_is_not_found(person, opened):
    assert opened(person).get(f"/people/{person}/pathways/gout/").status_code == 404


def test_the_tab_is_on_the_persons_pages(person, opened):
    assert f"/people/{person}/pathways/" in html(opened(person), f"/people/{person}/record/")
