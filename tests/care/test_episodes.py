"""Care at home in the store: started, worked, ended; in the log, the record, requests and tasks."""

from datetime import timedelta

import orjson
import pytest
from page_data import adt

from onesystem import care, contacts, feeds, people
from onesystem.access.models import Audit
from onesystem.care.episodes import actions, queries, store
from onesystem.care.episodes.actions import Chosen
from onesystem.care.episodes.episode import HOME, PLANNED
from onesystem.care.episodes.listing import needs
from onesystem.care.episodes.money import working
from onesystem.care.episodes.numbers import contact_of, key_of, reference
from onesystem.district import now
from onesystem.flow.stays import acting as stays
from onesystem.vocabulary import NotPermitted, UserError, to_local

pytestmark = pytest.mark.django_db
NURSES = [Chosen(kind="nurse-visit", a_day=1, days=2)]


@pytest.fixture
def start(somebody, asker):
    """Start cellulitis with two visits of a nurse; all criteria are said to be met."""

    def starts(by=None, lines=NURSES, package="cellulitis", **more):
        answers = dict.fromkeys(range(9), True)
        return actions.start(person=somebody, package=package, by=by or asker("ed-nurse"),
                             lines=lines, asked=True, **{"answers": answers, **more})  # fmt: skip

    return starts


def of(number):
    return store.episode_of(number)


def _reason():
    from onesystem.district import current
    from onesystem.flow.boards.layout import layout

    return next(iter(layout(current().path).reasons))


class TestStarting:
    def test_it_is_in_the_log_the_record_and_the_trail(self, start, somebody):
        number = start()
        identities = people.identity_ids_of(somebody)
        met = {c.key: c for c in contacts.of_identities(identities)}
        own = met[key_of(number)]
        ed = next(c for c in met.values() if c.service == "ed")
        assert (own.contact, own.service, own.cause) == (contact_of(number), "nursing", ed.contact)
        assert own.started
        assert not own.ended
        [request] = care.requests_of(identities)
        assert (request.service, request.open) == ("nursing", True)
        assert Audit.objects.filter(act="episode.proposed", person=somebody).count() == 1
        assert of(number).lines[0].request == request.request

    def test_the_record_has_a_care_plan(self, start, somebody):
        from onesystem.record.entries import body_of, entries_of

        number = start()
        [plan] = entries_of(people.identity_ids_of(somebody), kinds={"CarePlan"})
        said = orjson.loads(body_of(plan.entry))
        assert (plan.key, said["status"]) == (key_of(number), "active")
        assert (
            "Nurse visit: 1 visit a day for 2 days" in said["activity"][0]["detail"]["description"]
        )

    def test_visits_and_reviews_are_tasks_of_the_team(self, start, somebody):
        from onesystem.care.tasks.queries import of_person

        start()
        words = sorted(each.task.words for each in of_person(somebody))
        assert any(word.startswith("Nurse visit") for word in words)
        assert any(word.startswith("Review AH-") for word in words)

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"flags": ["Signs of sepsis"]}, "red flags"),
            ({"answers": {}}, "not met"),
            ({"lines": []}, "package is empty"),
            ({"lines": [Chosen(kind="nurse-visit", a_day=9, days=1)]}, "more than 4"),
            ({"lines": [Chosen(kind="meal", a_day=1, days=1)]}, "no service of the district"),
            ({"lines": [Chosen(kind="nurse-visit", a_day=1, days=1, service="gp")]}, "not done by"),
            ({"days": 30}, "time limit"),
            ({"package": "measles"}, "no package"),
            ({"service": "ed"}, "no team"),
            ({"package": "discharge", "planned": now() - timedelta(days=2)}, "that day is over"),
        ],
    )  # fmt: skip
    def test_what_stands_against_it_is_said_and_nothing_is_kept(self, start, somebody, more, says):
        with pytest.raises(UserError, match=says):
            start(**more)
        assert store.rows("1 = 1", []) == []
        assert care.requests_of(people.identity_ids_of(somebody)) == []

    def test_over_the_cap_is_for_a_named_role_with_a_reason(self, start, asker):
        much = [Chosen(kind="iv-therapy", a_day=2, days=5)]
        with pytest.raises(UserError, match=r"£336\.40 over the cap of £600\.00"):
            start(lines=much, beyond="she has no other way")
        doctor = asker("hospital-doctor")
        number = start(by=doctor, lines=much, beyond="she has no other way")
        assert of(number).allowed == 93640

    def test_nobody_is_under_care_twice(self, start):
        start()
        with pytest.raises(UserError, match="under care at home already: AH-"):
            start()

    def test_nobody_in_a_hospital_bed_is_at_home(self, start, joined):
        data = adt(2, visit="V2", place="WARDA", at=f"{now():%Y%m%d%H%M}")
        feeds.take_messages([feeds.Arrival(source="pas", data=data, name="x")], district=joined)
        with pytest.raises(UserError, match="hospital bed"):
            start()

    def test_the_dead_are_left_alone(self, start, somebody):
        from onesystem.people.models import Identity

        Identity.objects.filter(person=somebody).update(died="2026-11-20")
        with pytest.raises(UserError, match="died on 20 November 2026"):
            start()

    def test_a_full_service_says_who_agreed(self, start, monkeypatch):
        from onesystem.care.episodes import choosing
        from onesystem.care.services.room import Room

        def full(codes):
            return {c: Room(service=c, free=0, of=3, how="people", at=now()) for c in codes}

        monkeypatch.setattr(choosing.directory, "capacities", full)
        with pytest.raises(UserError, match="District nursing is full this week"):
            start()
        lines = [Chosen(kind="nurse-visit", a_day=1, days=1, agreed="Ana, the lead")]
        with pytest.raises(UserError, match="The team: District nursing is full"):
            start(lines=lines)
        number = start(lines=lines, agreed="Ana, the lead")
        assert of(number).lines[0].reason == "Ana, the lead"

    def test_who_has_no_right_starts_nothing(self, start, asker):
        with pytest.raises(NotPermitted):
            start(by=asker("home-carer"))

    def test_whoever_shares_nothing_is_asked_first(self, start, somebody):
        from onesystem.access import Actor, choices

        choices.opt_out(person=somebody, by=Actor.job("command line"), reason="asked for it")
        with pytest.raises(NotPermitted, match="not to share"):
            start()

    def test_nobody_starts_for_whom_they_may_not_open(self, start, asker):
        with pytest.raises(NotPermitted):
            start(by=asker("district-nurse", organisation="practice"))


class TestGoing:
    def test_a_visit_is_a_contact_caused_by_the_episode(self, start, asker, somebody):
        number, nurse = start(), asker("ed-nurse")
        actions.visited(number=number, line=1, by=nurse, words="Redness goes back")
        met = contacts.of_identities(people.identity_ids_of(somebody))
        visit = next(c for c in met if c.cause == contact_of(number))
        assert (visit.service, visit.setting.value, bool(visit.ended)) == (
            "nursing", "community", True,
        )  # fmt: skip
        worked = queries.one(number).working
        assert (worked.spent, worked.committed) == (5965, 5965)

    def test_a_visit_of_its_request_counts_too(self, start, asker, somebody):
        from onesystem.care.requests import actions as requests

        number = start()
        nurse = asker("district-nurse", name="ana", organisation="community")
        requests.finish(request=of(number).lines[0].request, by=nurse, seen=None, reason="Done")
        assert queries.one(number).working.spent == 5965

    def test_reviewed_escalated_settled_extended(self, start, asker):
        number, nurse = start(), asker("ed-nurse")
        actions.review(number=number, by=nurse, words="Better")
        actions.escalate(number=number, what="same-day", by=nurse, words="Fever is back")
        [raised] = of(number).open_escalations
        assert (raised.said["to"], store.rows("1 = 1", [])[0]["escalations"]) == ("nursing", 1)
        actions.settle(
            number=number, escalation=raised.act, by=nurse, words="Seen, tablets changed"
        )
        assert of(number).open_escalations == ()
        actions.extend(number=number, days=2, by=nurse, reason="Slow")
        assert of(number).days == 7
        with pytest.raises(UserError, match="settled already"):
            actions.settle(number=number, escalation=raised.act, by=nurse, words="again")
        with pytest.raises(UserError, match="more than the 7"):
            actions.extend(number=number, days=1, by=nurse, reason="Slow")

    def test_a_line_is_added_and_stopped(self, start, asker, somebody):
        number, nurse = start(), asker("ed-nurse")
        actions.add(number=number, line=Chosen(kind="nurse-visit", a_day=1, days=1), by=nurse)
        assert [line.number for line in of(number).lines] == [1, 2]
        actions.stop(number=number, line=1, by=nurse, reason="Her daughter is a nurse")
        assert [line.number for line in of(number).live] == [2]
        open_ones = [r for r in care.requests_of(people.identity_ids_of(somebody)) if r.open]
        assert len(open_ones) == 1
        with pytest.raises(UserError, match="does not stand"):
            actions.stop(number=number, line=1, by=nurse, reason="again")

    def test_the_second_of_two_is_told_who_was_first(self, start, asker):
        number, nurse = start(), asker("ed-nurse", name="moana")
        seen = of(number).steps
        actions.review(number=number, by=nurse, words="Better", seen=seen)
        with pytest.raises(UserError, match=r"moana was quicker \(reviewed\)"):
            actions.review(number=number, by=asker("ed-nurse"), words="Worse", seen=seen)

    def test_an_order_that_comes_back_is_on_the_board(self, start, asker):
        from onesystem.care.requests import actions as requests

        number = start()
        nurse = asker("district-nurse", name="ana", organisation="community")
        requests.return_(request=of(number).lines[0].request, by=nurse, seen=None,
                         reason="Nobody for Sunday")  # fmt: skip
        [row] = queries.board(nurse.actor)
        assert needs(row, now()) == ["order returned"]
        actions.stop(number=number, line=1, by=nurse, reason="Returned")
        assert queries.board(nurse.actor)[0].returned == 0

    def test_whom_it_concerns_gets_a_notice_without_a_clinical_word(self, start, asker):
        from onesystem.access.models import Notice

        number = start()
        actions.escalate(number=number, what="same-day", by=asker("ed-nurse"), words="Fever",
                         service="gp")  # fmt: skip
        told = {n.topic: (n.organisation, n.words) for n in Notice.objects.all()}
        assert told["episode.started"] == ("community", reference(number))
        assert told["episode.escalated"] == ("practice", reference(number))

    def test_what_came_back_is_ordered_anew(self, start, asker):
        from onesystem.care.requests import actions as requests

        number = start(lines=[Chosen(kind="nurse-visit", a_day=2, days=2)])
        nurse = asker("district-nurse", name="ana", organisation="community")
        actions.visited(number=number, line=1, by=nurse)
        requests.return_(request=of(number).lines[0].request, by=nurse, seen=None, reason="Full")
        assert queries.one(number).off
        actions.again(number=number, line=1, by=nurse)
        first, second = of(number).lines
        assert (first.stopped, second.a_day, second.days) == ("ordered anew", 2, 2)
        assert second.request not in {0, first.request}
        assert not queries.one(number).off
        for line in (1, 9):
            with pytest.raises(UserError, match="does not stand"):
                actions.again(number=number, line=line, by=nurse)

    def test_what_was_all_done_is_not_ordered_anew(self, start, asker):
        number, nurse = (
            start(lines=[Chosen(kind="nurse-visit", a_day=1, days=1)]),
            asker("ed-nurse"),
        )
        actions.visited(number=number, line=1, by=nurse)
        with pytest.raises(UserError, match="all of “Nurse visit” were done"):
            actions.again(number=number, line=1, by=nurse)


class TestEnding:
    def test_it_ends_with_an_outcome_and_nobody_comes_any_more(self, start, asker, somebody):
        from onesystem.care.tasks.queries import of_person

        number, nurse = start(), asker("ed-nurse")
        actions.end(number=number, by=nurse, outcome="stayed home")
        identities = people.identity_ids_of(somebody)
        own = next(c for c in contacts.of_identities(identities) if c.contact == contact_of(number))
        assert (bool(own.ended), own.outcome) == (True, "stayed home")
        assert not any(r.open for r in care.requests_of(identities))
        assert [e.task.words for e in of_person(somebody) if e.task.live] == []
        with pytest.raises(UserError, match="ended already"):
            actions.end(number=number, by=nurse, outcome="admitted")

    def test_no_end_without_an_outcome(self, start, asker):
        number = start()
        with pytest.raises(UserError, match="without an outcome"):
            actions.end(number=number, by=asker("ed-nurse"), outcome="")
        assert of(number).state == HOME

    def test_an_end_is_taken_back(self, start, asker, somebody):
        number, nurse = start(), asker("ed-nurse")
        actions.end(number=number, by=nurse, outcome="stayed home")
        with pytest.raises(UserError, match="nothing of yours"):
            actions.undo(number=number, by=asker("ed-nurse", name="moana"))
        actions.undo(number=number, by=nurse)
        own = next(c for c in contacts.of_identities(people.identity_ids_of(somebody))
                   if c.contact == contact_of(number))  # fmt: skip
        assert (of(number).state, own.ended) == (HOME, None)

    def test_what_came_of_it_is_suggested_from_the_log(self, start, joined):
        number = start()
        assert queries.suggested(number)[0] == "stayed home"
        came = now() + timedelta(minutes=2)
        data = adt(9, visit="V77", place="WARDA", at=f"{came:%Y%m%d%H%M}")
        feeds.take_messages([feeds.Arrival(source="pas", data=data, name="x")], district=joined)
        assert queries.suggested(number)[0] == "admitted"


class TestDischarge:
    def test_the_package_is_confirmed_before_the_person_leaves(self, start, asker, somebody):
        nurse = asker("hospital-doctor")
        number = start(by=nurse, package="discharge", planned=now() + timedelta(days=1))
        assert of(number).state == PLANNED
        own = next(c for c in contacts.of_identities(people.identity_ids_of(somebody))
                   if c.contact == contact_of(number))  # fmt: skip
        assert own.planned
        assert not own.started
        actions.delayed(number=number, day=now().date(), by=nurse, reason=_reason())
        assert list(of(number).delays.values()) == [_reason()]
        actions.begin(number=number, by=nurse)
        assert of(number).state == HOME
        with pytest.raises(UserError, match="started already"):
            actions.begin(number=number, by=nurse)

    def test_the_board_of_the_ward_shows_it(self, start, asker, joined, somebody):
        from onesystem.flow.stays.lines import one

        data = adt(2, visit="V2", place="WARDA", at=f"{now():%Y%m%d%H%M}")
        feeds.take_messages([feeds.Arrival(source="pas", data=data, name="x")], district=joined)
        doctor, planned = asker("hospital-doctor"), now() + timedelta(days=1)
        number = start(by=doctor, package="discharge", planned=planned)
        stay = one(of(number).stay, by=doctor.actor, at=now())
        assert stay.leaves == planned
        assert stay.steps[0].words.startswith("Goes home: package confirmed, AH-")
        with pytest.raises(UserError, match="hospital bed"):
            actions.begin(number=number, by=doctor)
        stays.left(contact=of(number).stay, by=doctor.actor)
        actions.begin(number=number, by=doctor)
        assert of(number).state == HOME

    def test_a_day_of_delay_wants_a_reason(self, start, asker):
        doctor = asker("hospital-doctor")
        planned = now() - timedelta(hours=23, minutes=59)
        number = start(by=doctor, package="discharge", planned=planned)
        [row] = queries.board(doctor.actor)
        if to_local(planned, "Europe/London").date() == to_local(now(), "Europe/London").date():
            pytest.skip("a minute before midnight, yesterday is today")
        assert (row.kept, row.unexplained) == (1, 1)
        assert needs(row, now()) == ["no reason for a delay"]
        actions.delayed(number=number, day=now().date(), by=doctor, reason=_reason())
        assert queries.board(doctor.actor)[0].unexplained == 0

    def test_what_never_began_ends_as_such(self, start, asker):
        doctor = asker("hospital-doctor")
        number = start(by=doctor, package="discharge", planned=now() + timedelta(days=1))
        with pytest.raises(UserError, match="nobody was at home"):
            actions.end(number=number, by=doctor, outcome="stayed home")
        actions.end(number=number, by=doctor, outcome="not started")
        with pytest.raises(UserError, match="not taken up again"):
            actions.undo(number=number, by=doctor)


class TestKeeping:
    def test_a_replay_says_it_again(self, start, asker):
        number, nurse = start(), asker("ed-nurse")
        actions.visited(number=number, line=1, by=nurse)
        actions.end(number=number, by=nurse, outcome="admitted")
        before = (of(number), store.rows("1 = 1", []))
        feeds.replay(everything=True)
        assert (of(number), store.rows("1 = 1", [])) == before

    def test_it_goes_with_the_record(self, start, somebody):
        start()
        assert store.forget(people.identity_ids_of(somebody)) > 3
        assert store.rows("1 = 1", []) == []
        assert store.forget([]) == 0

    def test_the_money_of_the_row_is_that_of_the_fold(self, start):
        number = start()
        assert store.rows("1 = 1", [])[0]["total"] == working(of(number)).total


class TestPackageThatChanged:
    """Who is at home is looked after to the end, whatever the district says since."""

    def test_one_that_was_taken_away(self, start, asker, joined):
        number, nurse = start(), asker("ed-nurse")
        file = joined.path / "packages.toml"
        file.write_text('[[package]]\nname = "cellulitis"\noff = true\n', encoding="utf-8")
        actions.escalate(number=number, what="same-day", by=nurse, words="Fever")
        actions.end(number=number, by=nurse, outcome="admitted")
        assert of(number).outcome == "admitted"
        with pytest.raises(UserError, match="no package 'cellulitis' now"):
            start()

    def test_one_with_another_cap(self, start, asker, joined):
        number = start()
        (joined.path / "packages.toml").write_text(
            '[[package]]\nname = "cellulitis"\ncap = 12000\nsince = 2026-11-20\n'
        )
        actions.add(number=number, by=asker("ed-nurse"), line=NURSES[0])
        assert of(number).cap == 60000


def test_the_care_plan_is_good_fhir(start, asker, somebody):
    from onesystem.feeds.fhir.validation import check
    from onesystem.record.entries import body_of, entries_of

    number = start()
    for _ in range(2):
        [plan] = entries_of(people.identity_ids_of(somebody), kinds={"CarePlan"})
        check(orjson.loads(body_of(plan.entry)))
        if of(number).state == HOME:
            actions.end(number=number, by=asker("ed-nurse"), outcome="stayed home")


class TestSoundness:
    """`onesystem doctor` says what of packages.toml cannot be done here."""

    def said(self, district, text):
        from onesystem.care.episodes.soundness import problems

        (district.path / "packages.toml").write_text(text, encoding="utf-8")
        return list(problems(district))

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ('[[kind]]\nname = "meal"\nservices = ["kitchen"]\n', "the service 'kitchen'"),
            ('[[package]]\nname = "dvt"\ncriteria = [{ words = "Old", when = "%agee > 3" }]\n',
             "no name %agee"),
            ('team_services = ["moon"]\n', "no service of the district is a team"),
            ('[[package]]\nname = "dvt"\nlines = [{ kind = "leg-scan", a_day = 1, days = 1 }]\n',
             "no service of the district does any of it"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_done_is_named(self, joined, text, says):
        assert any(says in each for each in self.said(joined, text))

    def test_what_is_shipped_can_be_done(self, joined):
        assert self.said(joined, "") == []
