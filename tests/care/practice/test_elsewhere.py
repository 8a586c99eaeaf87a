"""What happened elsewhere is sent to the practice, and stays until it was seen as it stands."""

from datetime import timedelta

import pytest
from page_data import adt

from onesystem import access, care, feeds, people
from onesystem.access import choices
from onesystem.access.models import Audit
from onesystem.care.practice import elsewhere, leads
from onesystem.care.practice.rows import ElsewhereRow, LeadRow
from onesystem.district import now
from onesystem.people.models import Identity
from onesystem.vocabulary import Act, ContactEvent, NotPermitted, UserError

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(somebody):
    """The person in the ED is enrolled with the practice."""
    Identity.objects.update(practice="practice")
    return somebody


@pytest.fixture
def gp(asker):
    return asker("general-practitioner", name="gita", organisation="practice")


def listed(gp, **more):
    return elsewhere.happened(by=gp, at=now() + timedelta(minutes=2), **more)


def leave(joined):
    at = f"{now():%Y%m%d%H%M}"
    feeds.take_messages(
        [feeds.Arrival(source="pas", data=adt(2, act="A03", at=at), name="live.hl7")],
        district=joined,
    )


class TestWhatHappened:
    """The list is the log's; what was seen counts until the contact ends."""

    def test_an_attendance_is_on_the_list(self, enrolled, gp):
        [told] = listed(gp)
        assert (told.person, told.name, told.service, told.ended) == (
            enrolled, "Ngāpuhi, Māia", "ed", None,
        )  # fmt: skip
        assert Audit.objects.filter(act="elsewhere.listed", purpose="direct care").count() == 1

    def test_it_narrows_by_setting(self, enrolled, gp):
        assert len(listed(gp, setting="ED")) == 1
        assert listed(gp, setting="ward") == []
        assert len(listed(gp, setting="nonsense")) == 1

    def test_seen_it_goes_and_comes_back_when_they_leave(self, joined, enrolled, gp):
        [told] = listed(gp)
        assert elsewhere.see(contacts=[told.contact], by=gp) == 1
        assert listed(gp) == []
        assert [e.seen_by for e in listed(gp, seen=True)] == ["gita"]
        leave(joined)
        [again] = listed(gp)
        assert again.ended is not None
        assert again.is_new

    def test_it_can_be_taken_back(self, enrolled, gp):
        [told] = listed(gp)
        elsewhere.see(contacts=[told.contact], by=gp)
        assert elsewhere.see(contacts=[told.contact], by=gp) == 0
        assert elsewhere.see(contacts=[told.contact], by=gp, undo=True) == 1
        assert len(listed(gp)) == 1

    def test_the_newest_that_are_seen_hide_none_that_is_not(self, enrolled, gp, asker, monkeypatch):
        monkeypatch.setattr(elsewhere, "MOST", 1)
        [old] = listed(gp)
        at = now()
        later = ContactEvent(visit="V8", subject="", act=Act.START, at=at, recorded=at,
                             service="ward-a", requested=at)  # fmt: skip
        care.say(person=enrolled, by=asker(), act="test", readings=[later])
        [new] = listed(gp)
        assert new.contact != old.contact
        elsewhere.see(contacts=[new.contact], by=gp)
        assert [each.contact for each in listed(gp)] == [old.contact]
        elsewhere.see(contacts=[old.contact], by=gp)  # older than the newest that are shown
        assert listed(gp) == []
        elsewhere.see(contacts=[old.contact], by=gp, undo=True)
        assert [each.contact for each in listed(gp)] == [old.contact]

    def test_a_clinic_is_on_the_list_of_everything(self, enrolled, gp, asker):
        at = now()
        seen = ContactEvent(visit="V9", subject="", act=Act.START, at=at, recorded=at,
                            service="nursing", requested=at)  # fmt: skip
        care.say(person=enrolled, by=asker(), act="test", readings=[seen])
        assert "nursing" not in {each.service for each in listed(gp)}
        assert "nursing" in {each.service for each in listed(gp, setting="all")}
        with pytest.raises(UserError):
            elsewhere.see(contacts=[], by=gp)

    def test_a_replay_says_it_again(self, enrolled, gp):
        [told] = listed(gp)
        elsewhere.see(contacts=[told.contact], by=gp)
        before = list(ElsewhereRow.objects.values_list("act", "contact", "by", "at"))
        feeds.replay(everything=True)
        assert list(ElsewhereRow.objects.values_list("act", "contact", "by", "at")) == before

    def test_other_practices_and_hospitals_see_nothing_of_it(self, enrolled, asker):
        assert listed(asker("district-nurse", organisation="community")) == []
        assert listed(asker("ed-nurse")) == []
        assert listed(asker("general-practitioner", organisation="")) == []

    def test_who_keeps_it_to_themselves_is_not_told_of(self, enrolled, asker):
        choices.opt_out(person=enrolled, source="pas", by=access.Actor.job("test"))
        assert listed(asker("general-practitioner", organisation="practice")) == []

    def test_nothing_of_somebody_elses(self, enrolled, gp):
        with pytest.raises(UserError, match="on your list"):
            elsewhere.see(contacts=[12345], by=gp)


class TestWhoLeads:
    """The practice by enrolment; the clinician whom it names."""

    @pytest.fixture
    def doctors(self, joined):
        from onesystem.access import Actor, actions

        for name, where in (("gita", "practice"), ("dora", "practice"), ("hugo", "hospital")):
            actions.add_user(
                username=name, password="three blind mice run", organisation=where,
                roles=["general-practitioner"], name=name.title(), by=Actor.job("test"),
            )  # fmt: skip

    def test_the_practice_leads_until_somebody_is_named(self, enrolled, doctors, gp):
        [found] = leads.lead(enrolled)
        assert (found.practice, found.clinician) == ("Mill Road Surgery", "")
        leads.name_lead(person=enrolled, clinician="dora", by=gp)
        [found] = leads.lead(enrolled)
        assert (found.name, found.by) == ("Dora", "gita")
        leads.name_lead(person=enrolled, clinician="", by=gp)
        assert leads.lead(enrolled)[0].clinician == ""

    def test_only_the_persons_own_practice_names(self, enrolled, doctors, asker, gp):
        with pytest.raises(NotPermitted):
            leads.name_lead(person=enrolled, clinician="hugo", by=asker("coordinator"))
        with pytest.raises(UserError, match="dora"):
            leads.name_lead(person=enrolled, clinician="dorra", by=gp)

    def test_who_is_enrolled_nowhere_has_no_lead(self, somebody):
        assert leads.lead(somebody) == []

    def test_it_goes_with_the_record(self, enrolled, doctors, gp):
        from onesystem.care import parts

        leads.name_lead(person=enrolled, clinician="dora", by=gp)
        assert parts.forget(people.identity_ids_of(enrolled)) == 1
        assert not LeadRow.objects.exists()
