"""Pathways beside a person's record: what fits, what is met and by which fact, what is next."""

from dataclasses import replace

import orjson
import pytest
from page_data import adt, person_of
from pathway_data import CELLULITIS, DOCTOR, EDITOR, LEAD, in_force, publish

from onesystem import access, care, people
from onesystem.access.models import User
from onesystem.care.pathways import actions as pathway_actions
from onesystem.care.pathways import cases, queries
from onesystem.care.pathways.document import Flag, Question, Reference
from onesystem.care.pathways.rows import PathwayOpen
from onesystem.care.requests import actions as request_actions
from onesystem.care.requests import queries as requests
from onesystem.district import now
from onesystem.vocabulary import Code, Entry
from onesystem.vocabulary.codes import SNOMED

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


def test_what_was_asked_by_it_stands_there_and_how_it_stands(person, opened):
    client = opened(person, "hospital-doctor")
    path = f"/people/{person}/pathways/{SLUG}/"
    assert "asked-for" not in html(client, path)
    said = {"service": "nursing", "pathway": SLUG, "step": "nursing", "kind": "referral",
            "urgency": "urgent", "words": "A drip at home",
            "form-pathway-safe": "yes"}  # fmt: skip
    assert client.post(f"/people/{person}/requests/new/", said).status_code == 302
    [sent] = requests.of_person(people.identity_ids_of(person))
    page = html(client, path)
    assert f'<a href="/requests/{sent.request}/">{sent.key}</a>' in page
    nurse = access.asker_of(access.Actor(name="dee", roles=frozenset({"district-nurse"}),
                                         organisation="community"), "direct care")  # fmt: skip
    request_actions.accept(request=sent.request, by=nurse, seen=1)
    assert "Accepted" in html(client, path)


def test_a_look_beside_a_person_is_counted_without_them(person, opened):
    html(opened(person), f"/people/{person}/pathways/{SLUG}/")
    assert list(PathwayOpen.objects.values_list("slug", "beside")) == [(SLUG, True)]


def test_the_door_is_that_of_the_record(person, sign_in):
    client = sign_in("hospital-doctor")
    assert "Why" in html(client, f"/people/{person}/pathways/{SLUG}/")
    assert not PathwayOpen.objects.exists()


def test_what_is_not_there_is_not_found(person, opened):
    answer = opened(person).get(f"/people/{person}/pathways/gout/")
    assert answer.status_code == 404
    assert "No pathway &#39;gout&#39; is in force." in answer.content.decode()


def test_what_was_withdrawn_says_why(person, opened):
    there = queries.published(SLUG)
    pathway_actions.withdraw(slug=SLUG, words="The drug is gone", seen=there.seen, by=LEAD)
    client = opened(person)
    for path in (f"/people/{person}/pathways/{SLUG}/", f"/pathways/{SLUG}/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Cellulitis was withdrawn: The drug is gone." in answer.content.decode()


def test_the_tab_is_on_the_persons_pages(person, opened):
    assert f"/people/{person}/pathways/" in html(opened(person), f"/people/{person}/record/")


@pytest.fixture
def ill(person, joined):
    """The record of the person says that they have it, what they take, and a result."""
    by = access.asker_of(access.Actor(name="kiri", roles=frozenset({"hospital-doctor"}),
                                      organisation="hospital"), "direct care")  # fmt: skip
    code = {"coding": [{"system": SNOMED, "code": "128045006"}], "text": "Cellulitis of leg"}
    active = {"coding": [{"code": "active"}]}
    bodies = {
        "Condition": {"code": code, "clinicalStatus": active, "onsetDateTime": "2026-11-20"},
        "Observation": {"status": "final", "code": {"text": "CRP"}, "valueQuantity":
                        {"value": 88, "unit": "mg/l"}, "effectiveDateTime": "2026-11-21"},
    }  # fmt: skip
    care.say(person=person, by=by, act="test.said", readings=[
        Entry(kind=kind, key=kind, subject="", recorded=now(), at=now(), status="active",
              code=Code(SNOMED, "128045006", "Cellulitis of leg") if kind == "Condition" else None,
              body=orjson.dumps({"resourceType": kind, **body}))
        for kind, body in bodies.items()
    ])  # fmt: skip
    return person


class TestRecord:
    """What the record knows stands beside the pathway, and is not asked again."""

    @pytest.fixture(autouse=True)
    def _pathway(self, person):
        age = Question(key="years", words="Age", type="integer", prefill="%age")
        form = replace(ELDERLY.forms[0], questions=(*ELDERLY.forms[0].questions, age))
        code = Code(SNOMED, "128045006", "Cellulitis")
        pathway_actions.begin(pathway=replace(ELDERLY, codes=(code,), forms=(form,)), by=EDITOR)
        publish(SLUG)

    def test_a_pathway_about_what_they_have_comes_first(self, ill, opened):
        page = html(opened(ill), f"/people/{ill}/pathways/")
        assert "1 pathway about what is in their record" in page
        assert "Cellulitis of leg" in page

    def test_the_record_stands_beside_it(self, ill, opened):
        page = html(opened(ill), f"/people/{ill}/pathways/{SLUG}/")
        assert "Cellulitis of leg" in page
        assert "CRP: <strong>88 mg/l</strong>" in page

    def test_a_question_that_the_record_answers_is_filled_in(self, ill, opened):
        client = opened(ill)
        client.post(f"/people/{ill}/pathways/{SLUG}/act/", {"act": "start"})
        [kept] = cases.of_person(ill)
        said = {"case": kept.key, "act": "done", "step": "look", "seen": "1"}
        client.post(f"/people/{ill}/pathways/{SLUG}/act/", said)
        page = html(client, f"/people/{ill}/pathways/{SLUG}/")
        assert "From the record: change it if it is not so." in page
        assert 'value="76"' in page

    def test_so_does_a_request_with_what_was_answered_on_the_way(self, ill, opened):
        client = opened(ill, "general-practitioner", "hospital-doctor")
        client.post(f"/people/{ill}/pathways/{SLUG}/act/", {"act": "start"})
        [kept] = cases.of_person(ill)
        for seen, step in ((1, "look"), (2, "treat")):
            client.post(f"/people/{ill}/pathways/{SLUG}/act/", {
                "case": kept.key, "act": "done", "step": step, "seen": seen, "a-safe": "yes",
            })  # fmt: skip
        page = html(client, f"/people/{ill}/requests/new/?{asked('&')}")
        for known in ("Is home safe?", "Age", 'value="76"'):
            assert known in page

    @pytest.mark.parametrize("named", ["pathway=gout&step=x", f"pathway={SLUG}&step=x"])
    def test_a_step_that_is_not_there_fills_nothing_in(self, ill, opened, named):
        client = opened(ill, "general-practitioner", "hospital-doctor")
        page = html(client, f"/people/{ill}/requests/new/?service=nursing&{named}")
        assert "Because:" not in page


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
