"""The pages of care at home: the board, one episode, a person's."""

import pytest
from page_data import give_purpose

from onesystem.access.models import Audit, User
from onesystem.care.episodes import actions, store
from onesystem.care.episodes.actions import Chosen

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(sign_in, somebody):
    """The browser of an ED nurse in which the person is open."""
    client = sign_in("ed-nurse")
    give_purpose(client, somebody, "direct care")
    return client


@pytest.fixture
def number(somebody, asker):
    return actions.start(
        person=somebody, package="cellulitis", by=asker("ed-nurse"), asked=True,
        lines=[Chosen(kind="nurse-visit", a_day=1, days=2)], answers=dict.fromkeys(range(9), True),
    )  # fmt: skip


FORM = {"package": "cellulitis", "asked": "1", "days": "5", "a_day-nurse-visit": "1",
        "days-nurse-visit": "3", **{f"criterion-{n}": "yes" for n in range(5)}}  # fmt: skip


def text_of(answer):
    return answer.content.decode()


class TestStart:
    def test_packages_are_offered(self, nurse, somebody):
        said = text_of(nurse.get(f"/people/{somebody}/at-home/"))
        assert "Cellulitis" in said
        assert "Discharge with enablement" in said
        assert "Never under care at home" in said

    def test_the_form_knows_what_the_record_knows(self, nurse, somebody):
        said = text_of(nurse.get(f"/people/{somebody}/at-home/?package=cellulitis"))
        assert "From the record: age 76" in said
        assert "District nursing (room not known)" in said
        assert "£280.92" in said

    def test_it_is_started_and_a_number_given(self, nurse, somebody):
        answer = nurse.post(f"/people/{somebody}/at-home/start/", FORM, follow=True)
        assert "Started. The reference number is AH-" in text_of(answer)
        [row] = store.rows("1 = 1", [])
        assert (row["state"], row["total"]) == ("at home", 3 * 5965)

    def test_what_was_typed_stays_where_it_cannot_be(self, nurse, somebody):
        form = FORM | {"a_day-nurse-visit": "4", "days-nurse-visit": "5", "reason": "on her own"}
        answer = nurse.post(f"/people/{somebody}/at-home/start/", form)
        said = text_of(answer)
        assert answer.status_code == 422
        assert "£593.00 over the cap of £600.00" in said
        assert 'value="on her own"' in said
        assert store.rows("1 = 1", []) == []

    def test_a_red_flag_excludes(self, nurse, somebody):
        flags = ["Signs of sepsis, or an early warning score that the district says is too high"]
        answer = nurse.post(f"/people/{somebody}/at-home/start/", FORM | {"flag": flags})
        assert answer.status_code == 422
        assert "red flags of “Cellulitis” exclude" in text_of(answer)

    @pytest.mark.parametrize(
        "wrong", [{"days": "five"}, {"planned": "soon"}, {"a_day-nurse-visit": "-1"}]
    )
    def test_nonsense_is_refused(self, nurse, somebody, wrong):
        answer = nurse.post(f"/people/{somebody}/at-home/start/", FORM | wrong)
        assert answer.status_code == 422

    def test_a_discharge_is_confirmed_for_its_day(self, nurse, somebody):
        form = {"package": "discharge", "asked": "1", "a_day-nurse-visit": "1",
                "days-nurse-visit": "2", "planned": "2030-01-01T11:00",
                **{f"criterion-{n}": "yes" for n in range(4)}}  # fmt: skip
        said = text_of(nurse.post(f"/people/{somebody}/at-home/start/", form, follow=True))
        assert "Confirmed. The reference number is AH-" in said
        assert "They are home: begin" in said


@pytest.fixture
def curious(joined, monkeypatch):
    """District nursing wants to know two things with every order, one of which the record has."""
    from dataclasses import replace

    from onesystem.care.services import queries as directory
    from onesystem.care.services.entry import Field

    fields = (
        Field(name="question", label="What do you ask?", required=True),
        Field(name="age", label="Age", type="number", required=True, known="%age"),
        Field(name="alone", label="Lives alone", type="yes-no", required=True),
        Field(name="keys", label="How does one get in"),
    )
    known = directory.entry
    for room in ("ordering", "person_pages"):
        module = __import__(f"onesystem.care.episodes.{room}", fromlist=["directory"])
        monkeypatch.setattr(
            module.directory, "entry", lambda code: replace(known(code), form=fields)
        )
    from onesystem.care.requests import actions as requests

    monkeypatch.setattr(requests.services, "entry",
                        lambda code: replace(known(code), form=fields))  # fmt: skip


class TestWanted:
    """What services want to know is asked once, and never keeps anybody waiting."""

    def test_what_the_record_knows_is_filled_in(self, curious, nurse, somebody):
        said = text_of(nurse.get(f"/people/{somebody}/at-home/?package=cellulitis"))
        assert 'name="form-age"' in said
        assert 'value="76"' in said
        assert "What do you ask?" not in said

    def test_it_goes_with_every_order(self, curious, nurse, somebody):
        from onesystem.care.requests.queries import sent_with

        form = FORM | {"form-alone": "yes", "form-age": "76"}
        nurse.post(f"/people/{somebody}/at-home/start/", form)
        [line] = store.episode_of(store.rows("1 = 1", [])[0]["episode"]).lines
        said = sent_with(line.request)["form"]
        assert (said["age"], said["alone"]) == ("76", "yes")
        assert said["question"].startswith("Nurse visit, 1 a day for 3 days. Care at home AH-")

    def test_what_is_left_empty_is_asked_by_telephone(self, curious, nurse, somebody):
        from onesystem.care.tasks.queries import of_person

        said = text_of(nurse.post(f"/people/{somebody}/at-home/start/", FORM, follow=True))
        assert "by telephone" in said
        words = [each.task.words for each in of_person(somebody)]
        assert any(w.startswith("Ring District nursing: nurse visit") for w in words)
        assert any("Lives alone" in w for w in words)


class TestEpisode:
    def do(self, nurse, number, do, **more):
        seen = store.episode_of(number).steps
        return nurse.post(f"/at-home/{number}/do/", {"do": do, "seen": seen, **more})

    def test_it_shows_the_plan_and_its_money(self, nurse, number):
        said = text_of(nurse.get(f"/at-home/{number}/"))
        assert "day 1 of 5 at home with District nursing" in said
        assert "£119.30 of a cap of £600.00" in said
        assert "suggested: no hospital contact" in said

    @pytest.mark.parametrize(
        ("do", "more", "shows"),
        [
            ("review", {"words": "Redness goes back"}, "Redness goes back"),
            ("visit", {"line": "1"}, "1 of 2"),
            ("escalate", {"what": "same-day", "words": "Fever"}, "Escalated: A doctor"),
            ("extend", {"days": "2", "words": "Slow"}, "day 1 of 7"),
            ("stop", {"line": "1", "words": "Her daughter helps"}, "stopped: Her daughter helps"),
            ("add", {"kind": "nurse-call", "a_day": "1", "days": "1"}, "Call by a nurse"),
            ("end", {"outcome": "stayed home"}, "ended after 1 day"),
        ],
    )  # fmt: skip
    def test_each_act_is_done_and_shown(self, nurse, number, do, more, shows):
        answer = self.do(nurse, number, do, **more)
        assert answer.status_code == 302, text_of(answer)
        assert shows in text_of(nurse.get(f"/at-home/{number}/"))

    def test_what_is_escalated_is_settled(self, nurse, number):
        self.do(nurse, number, "escalate", what="advice", words="Fever")
        [raised] = store.episode_of(number).open_escalations
        self.do(nurse, number, "settle", escalation=raised.act, words="Other tablets")
        assert "notice-bad" not in text_of(nurse.get(f"/at-home/{number}/"))

    def test_an_end_that_is_taken_back_says_what_to_order_anew(self, nurse, number):
        self.do(nurse, number, "end", outcome="stayed home")
        answer = self.do(nurse, number, "undo")
        said = text_of(nurse.get(answer.url))
        assert "order each anew" in said
        assert "Order anew" in said
        self.do(nurse, number, "again", line="1")
        assert "order each anew" not in text_of(nurse.get(f"/at-home/{number}/"))
        assert len(store.episode_of(number).live) == 1

    def test_the_last_thing_is_taken_back(self, nurse, number):
        self.do(nurse, number, "review", words="Wrong person")
        assert "Take back what you did last (reviewed)" in text_of(nurse.get(f"/at-home/{number}/"))
        self.do(nurse, number, "undo")
        assert store.episode_of(number).reviewed == ()

    @pytest.mark.parametrize(
        ("do", "more", "says"),
        [
            ("review", {"words": " "}, "nothing was said"),
            ("extend", {"days": "9", "words": "Slow and long"}, "time limit"),
            ("end", {}, "without an outcome"),
            ("dance", {}, "nothing was said"),
            ("visit", {"line": "x"}, "no whole number"),
            ("visit", {"line": "1", "at": "noon"}, "no time"),
            ("visit", {"line": "1", "at": "2020-01-01T10:00"}, "before it began"),
            ("escalate", {"what": "shout", "words": "x"}, "no escalation"),
            ("delay", {"day": "2026-11-23", "reason": "x"}, "not a discharge"),
            ("delay", {"day": "soon"}, "no day"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_done_is_said(self, nurse, number, do, more, says):
        answer = self.do(nurse, number, do, **more)
        assert answer.status_code == 422
        assert says in text_of(answer)

    def test_typing_is_kept_where_somebody_was_quicker(self, nurse, number, asker):
        actions.review(number=number, by=asker("ed-nurse", name="moana"), words="Better")
        answer = nurse.post(f"/at-home/{number}/do/", {"do": "review", "seen": 3, "words": "So so"})
        said = text_of(answer)
        assert "moana was quicker" in said
        assert ">So so</textarea>" in said

    def test_an_episode_that_is_not_there(self, nurse):
        assert nurse.get("/at-home/11111111/").status_code == 404

    def test_a_purpose_is_asked_for(self, sign_in, number):
        answer = sign_in("ed-nurse", name="new").get(f"/at-home/{number}/")
        assert "Choose" in text_of(answer) or "purpose" in text_of(answer)
        assert "District nursing" not in text_of(answer)


class TestBoard:
    def test_the_team_sees_names_others_numbers(self, sign_in, number, somebody):
        team = sign_in("district-nurse")
        User.objects.filter(username="district-nurse").update(organisation="community")
        assert "Ngāpuhi" in text_of(team.get("/at-home/"))
        other = text_of(sign_in("ed-nurse").get("/at-home/"))
        assert "Ngāpuhi" not in other
        assert f"Person {somebody}" in other
        assert "day 1 of 5" in other

    def test_it_is_filtered_and_searched(self, nurse, number):
        assert "Nobody under this filter" in text_of(nurse.get("/at-home/?state=ended"))
        assert "day 1 of 5" in text_of(nurse.get("/at-home/?team=nursing&q=cellul"))
        assert "Nobody under this filter" in text_of(nurse.get("/at-home/?purpose=discharge"))
        assert "day 1 of 5" in text_of(nurse.get("/at-home/?state=nonsense&sort=nonsense"))
        for sort in ("days", "cap", "started", "title"):
            assert "day 1 of 5" in text_of(nurse.get(f"/at-home/?sort={sort}"))

    def test_it_leaves_as_a_file(self, nurse, number):
        answer = nurse.get("/at-home/?format=csv")
        assert answer["Content-Type"].startswith("text/csv")
        assert "Cellulitis,District nursing,at home,1,5" in text_of(answer)

    def test_a_part_is_the_same_look(self, nurse, number):
        nurse.get("/at-home/")
        many = Audit.objects.filter(act="episodes.listed").count()
        part = text_of(nurse.get("/at-home/", headers={"HX-Request": "true"}))
        assert part.lstrip().startswith("<div")
        assert Audit.objects.filter(act="episodes.listed").count() == many

    def test_nobody_yet(self, nurse):
        assert "Nobody is at home under care" in text_of(nurse.get("/at-home/"))

    def test_who_may_not(self, sign_in):
        assert sign_in("viewer").get("/at-home/").status_code == 403

    def test_packages_and_prices_with_their_sources(self, nurse):
        said = text_of(nurse.get("/at-home/packages/"))
        assert "N02AF district nurse" in said
        assert "£600.00" in said

    def test_a_mistake_in_the_file_is_named_and_nobody_is_lost(self, nurse, number, joined):
        (joined.path / "packages.toml").write_text('[[package]]\nname = "dvt"\ncapp = 1\n')
        assert "day 1 of 5" in text_of(nurse.get("/at-home/"))
        said = text_of(nurse.get("/at-home/packages/"))
        assert "capp" in said
