"""Pathways beside a person's record: what fits, what is met and by which fact, what is next."""

from dataclasses import replace

import pytest
from page_data import adt, person_of
from pathway_data import CELLULITIS, DOCTOR, EDITOR, LEAD, in_force, publish

from onesystem.access.models import User
from onesystem.care.pathways import actions as pathway_actions
from onesystem.care.pathways import cases, queries
from onesystem.care.pathways.document import Flag, Reference
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


class TestWalking:
    """Somebody begins the pathway for the person, and goes on with it step by step."""

    def go(self, client, person, **said):
        kept = next(iter(cases.of_person(person)), None)
        if kept:
            said = {"case": kept.key, "seen": kept.case.seen} | said
        answer = client.post(f"/people/{person}/pathways/{SLUG}/act/", said, follow=True)
        return answer.content.decode(), answer.status_code

    def test_the_whole_way(self, person, opened):
        client = opened(person)
        page, _ = self.go(client, person, act="start")
        assert "Next for Māia Ngāpuhi" in page
        assert 'to do</span> <a href="#step-look"' in page
        page, _ = self.go(client, person, act="done", step="look")
        assert 'to do</span> <a href="#step-treat"' in page
        page, status = self.go(client, person, act="done", step="treat")
        assert status == 422
        assert "not answered yet: Is home safe?" in page
        page, _ = self.go(client, person, act="done", step="treat", **{"a-safe": "no"})
        assert "due" in page
        page, _ = self.go(client, person, act="skip", step="again", reason="Seen in clinic")
        assert "Nothing is to be done now." in page
        assert "Seen in clinic" in page
        page, _ = self.go(client, person, act="leave", reason="Healed")
        assert "Begin it for Māia Ngāpuhi" in page
        assert "Healed" in page

    def test_what_was_typed_stays_where_it_cannot_be_taken(self, person, opened):
        client = opened(person)
        self.go(client, person, act="start")
        page, status = self.go(client, person, act="skip", step="look", reason=" ")
        assert status == 422
        assert "no reason was given" in page

    def test_who_comes_second_is_told(self, person, opened):
        client = opened(person)
        self.go(client, person, act="start")
        self.go(client, person, act="done", step="look")
        page, status = self.go(client, person, act="done", step="look", seen=1)
        assert status == 422
        assert "was first: done look" in page

    def test_a_person_stays_on_their_version_until_somebody_moves_them(self, person, opened):
        client = opened(person)
        self.go(client, person, act="start")
        newer = replace(ELDERLY, summary="Newer words.")
        pathway_actions.begin(pathway=newer, by=EDITOR)
        publish(SLUG)
        page = html(client, f"/people/{person}/pathways/{SLUG}/")
        assert "Newer words." not in page
        assert "Version 2 is in force" in page
        page, _ = self.go(client, person, act="move", reason="Better drug")
        assert "Newer words." in page
        assert cases.of_person(person)[0].case.version == 2

    def test_it_can_be_ended_though_the_pathway_was_withdrawn(self, person, opened):
        client = opened(person)
        self.go(client, person, act="start")
        now = queries.published(SLUG)
        pathway_actions.withdraw(slug=SLUG, words="Unsafe", seen=now.seen, by=LEAD)
        page = html(client, f"/people/{person}/pathways/{SLUG}/")
        assert "Version 1 is withdrawn" in page
        page, status = self.go(client, person, act="leave", reason="Withdrawn")
        assert status == 200
        assert "Begin it for" not in page
        assert not cases.of_person(person)[0].case.open

    def test_the_list_says_what_they_are_on(self, person, opened):
        client = opened(person)
        self.go(client, person, act="start")
        assert "They are on" in html(client, f"/people/{person}/pathways/")

    def test_others_read_only(self, person, opened):
        client = opened(person, "records-officer")
        assert client.get(f"/people/{person}/pathways/{SLUG}/").status_code == 403


def test_no_script_hides_in_a_pathway(person, opened):
    nasty = '"><script>alert(1)</script>'
    look = replace(ELDERLY.assessment[0], key=nasty, words=nasty)
    bad = replace(
        ELDERLY, key="nasty", title=nasty, assessment=(look,),
        references=(Reference(title="x", url="javascript:alert(1)"),),
    )  # fmt: skip
    in_force(bad)
    client = opened(person)
    client.post(f"/people/{person}/pathways/nasty/act/", {"act": "start"})
    for path in ("/pathways/nasty/", f"/people/{person}/pathways/nasty/"):
        page = html(client, path)
        assert "<script>alert" not in page
        assert "javascript:" not in page
