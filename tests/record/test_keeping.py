"""How long records are kept, legal holds, and destroying that no replay takes back."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from fhir_asking import Client, patient, weight
from hypothesis import given
from hypothesis import strategies as st
from page_data import adt

from onesystem import access, contacts, feeds, people
from onesystem.access.models import Audit
from onesystem.feeds.amending import office
from onesystem.feeds.landing import Arrival, Landing
from onesystem.feeds.landing.scrubbing import find, recover, scrub
from onesystem.feeds.models import Message
from onesystem.people.models import Identity
from onesystem.record.keeping import destroying, finding, holds
from onesystem.record.keeping.rows import Certificate, Due, Tomb
from onesystem.record.keeping.rules import Known, adjusted, falls_due, kept_until
from onesystem.record.keeping.table import rules_of, shipped
from onesystem.record.models import EntryRow
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted

OFFICER = access.Actor(name="olu", roles=frozenset({"records-officer"}), kind="person")
NURSE = access.Actor(name="kiri", roles=frozenset({"ed-nurse"}), kind="person")
stored = pytest.mark.django_db
UK, NZ = shipped("england"), shipped("new-zealand")


def day(text):
    return date.fromisoformat(text) if text else None


class TestRules:
    """The schedule, case by case: the longest rule that applies counts."""

    @pytest.mark.parametrize(
        ("case", "born", "died", "last", "classes", "until", "rule"),
        [
            ("adult", "1950-03-04", "", "2010-05-01", {}, "2018-05-01", "adult"),
            ("child of 5", "2005-02-03", "", "2010-05-01", {}, "2030-02-03", "child"),
            ("was 17", "1993-02-03", "", "2010-05-01", {}, "2019-02-03", "child"),
            ("just 18", "1992-05-01", "", "2010-05-01", {}, "2018-05-01", "adult"),
            ("mental", "1950-01-01", "", "2012-05-01", {"mental health": "2010-05-01"},
             "2030-05-01", "mental-health"),
            ("mental, died", "1950-01-01", "2011-01-01", "2010-05-01",
             {"mental health": "2010-05-01"}, "2021-01-01", "mental-health"),
            ("practice, alive", "1950-01-01", "", "1990-01-01",
             {"general practice": "1990-01-01"}, "", "general-practice"),
            ("practice, died", "1950-01-01", "2011-01-01", "2010-01-01",
             {"general practice": "2010-01-01"}, "2021-01-01", "general-practice"),
            ("leap", "", "", "2012-02-29", {"maternity": "2012-02-29"}, "2037-03-01", "maternity"),
        ],
    )  # fmt: skip
    def test_united_kingdom(self, case, born, died, last, classes, until, rule):
        """Until when, and by which rule."""
        known = Known(born=day(born), died=day(died), last=day(last),
                      classes={k: day(v) for k, v in classes.items()})  # fmt: skip
        kept = kept_until(known, UK)
        assert (kept.until, kept.rule.code) == (day(until), rule), case

    def test_new_zealand(self):
        """Ten years from the day after the last service: that whole day still counts."""
        kept = kept_until(Known(born=None, died=None, last=date(2010, 5, 1)), NZ)
        assert kept.until == date(2020, 5, 1)
        assert not falls_due(kept, date(2020, 5, 1))
        assert falls_due(kept, date(2020, 5, 2))

    @given(st.dates(date(1950, 1, 1), date(2030, 1, 1)), st.integers(0, 4000))
    def test_a_later_contact_never_shortens(self, last, later):
        """Whoever comes again is kept at least as long."""
        born = date(1949, 6, 1)
        one = kept_until(Known(born=born, died=None, last=last), UK)
        two = kept_until(Known(born=born, died=None, last=last + timedelta(days=later)), UK)
        if one.rule.code == two.rule.code:
            assert one.until <= two.until

    def test_a_rule_says_what_it_was_checked_against_or_waits_to_be_confirmed(self):
        waiting = {rule.code for rule in (*UK, *NZ) if not rule.checked}
        assert waiting == {"cancer", "long-term"}
        assert all(rule.checked for rule in adjusted(UK, {"cancer": 30, "long-term": 20}))

    def test_every_rule_names_its_source_and_date(self):
        """Rules are dated data."""
        assert all(rule.source and rule.since for rule in (*UK, *NZ))

    def test_a_district_says_other_years(self, district):
        """Or switches a rule off; a rule that there is not is named."""
        assert {r.code: r.years for r in adjusted(UK, {"adult": 12})}["adult"] == 12
        assert "cancer" not in {r.code for r in adjusted(UK, {"cancer": 0})}
        file = district.path / "district.toml"
        file.write_text(file.read_text() + "\n[retention.years]\nadlut = 3\n")
        from onesystem.district import load

        with pytest.raises(BadConfig, match="adlut"):
            rules_of(load(district.path))


@pytest.fixture
def joined(db, district):
    from onesystem import wiring

    wiring.connect()
    return district


def send(district, *messages, source="pas"):
    arrivals = [feeds.Arrival(source=source, data=m, name="live.hl7") for m in messages]
    return feeds.take_messages(arrivals, district=district)


OLD = "201501011000"


@pytest.fixture
def old(joined):
    """One whose last contact was long ago, with a record of FHIR too; and one who is here."""
    send(
        joined,
        adt("1", at=OLD, person="P7771"),
        adt("2", act="A03", at="201501021000", person="P7771"),
        adt("3", person="P8882", visit="V2", nhs="9990548609", name=("Reed", "Sedge"),
            born="19600101"),
    )  # fmt: skip
    who = Identity.objects.get(subject__contains="P7771")
    assert who.person != Identity.objects.get(subject__contains="P8882").person
    return who


def listed():
    finding.renew(by=OFFICER)
    return list(Due.objects.filter(decision=""))


@stored
class TestFinding:
    """Who falls due and why."""

    def test_only_those_whose_day_is_over(self, old):
        """With the rule in words."""
        [found] = finding.look()
        assert found.person == old.person
        assert found.due == date(2023, 1, 2)
        assert found.kept.why == "8 years after the last contact on 2015-01-02"
        assert not found.held
        assert finding.one(old.person) == found.kept

    def test_one_is_asked_without_reading_everybody(self, old, monkeypatch):
        """Whoever destroys a record waits for that record alone."""
        monkeypatch.setattr(finding, "last_ends", None)
        here = Identity.objects.get(subject__contains="P8882").person
        assert finding.one(old.person).until == date(2023, 1, 2)
        assert finding.one(here).until > date(2023, 1, 2)

    def test_a_list_for_the_officer_that_keeps_what_was_decided(self, old):
        """Kept until a day to come, it is not listed again before."""
        [row] = listed()
        assert len(listed()) == 1
        [row] = listed()
        destroying.keep(due=row.pk, reason="research", review=date(2099, 1, 1), by=OFFICER)
        assert listed() == []
        Due.objects.update(review="2020-01-01")
        assert len(listed()) == 1

    @pytest.mark.django_db(transaction=True)
    def test_after_compaction_the_log_tells(self, old):
        """Both stores are read."""
        contacts.compact(by=access.Actor.job("tests"))
        assert contacts.newest_of([old.id]) == []
        [found] = finding.look()
        assert (found.person, found.kept) == (old.person, finding.one(old.person))

    def test_only_officers(self, old):
        """Nobody else renews the list."""
        with pytest.raises(NotPermitted):
            finding.renew(by=NURSE)


@stored
class TestHolds:
    """A hold blocks destroying until it is released."""

    def test_put_listed_reviewed_released(self, old):
        """Each with its reason, and in the trail."""
        number = holds.put(person=old.person, reason="claim", reference="C-1",
                           review=date(2099, 1, 1), by=OFFICER)  # fmt: skip
        [row] = listed()
        assert [f.held for f in finding.look()] == [True]
        with pytest.raises(BadConfig, match="legal hold"):
            destroying.destroy(due=row.pk, reason="due", by=OFFICER)
        [view] = holds.listed(by=OFFICER, person=old.person)
        assert (view.number, view.reference, view.person) == (number, "C-1", old.person)
        with pytest.raises(NotPermitted):
            holds.listed(by=NURSE)
        holds.review_again(hold=number, review=date(2099, 6, 1), by=OFFICER)
        with pytest.raises(BadConfig):
            holds.release(hold=number, reason=" ", by=OFFICER)
        holds.release(hold=number, reason="settled", by=OFFICER)
        with pytest.raises(NotFound):
            holds.release(hold=number, reason="settled", by=OFFICER)
        assert holds.listed(by=OFFICER) == []
        assert len(holds.listed(by=OFFICER, ended=True)) == 1
        acts = list(Audit.objects.filter(act__startswith="hold.").values_list("act", flat=True))
        assert sorted(acts) == ["hold.put", "hold.released", "hold.reviewed"]

    def test_on_an_entry_it_holds_the_person_too(self, joined):
        """What is held could not be read without whom it is about."""
        app = Client(name="bulk", scopes="system/*.cruds")
        app.put("Patient/p", patient(id="p"))
        app.put("Observation/o", weight("Patient/p", id="o"))
        row = EntryRow.objects.get(kind="Observation")
        person = people.person_of([row.identity])[row.identity]
        holds.put(person=person, reason="claim", reference="C-2", review=date(2099, 1, 1),
                  entries=[row.entry], by=OFFICER)  # fmt: skip
        assert holds.held([row.identity])
        with pytest.raises(NotFound):
            holds.put(person=person, reason="x", reference="x", review=date(2099, 1, 1),
                      entries=[5], by=OFFICER)  # fmt: skip


def everything(district):
    """Every byte of the landing and the database file, as text to search in."""
    landing = feeds.landing_of(district.path)
    return b"".join(f.data for _, f in find(landing, lambda _f, _d: True))


@stored
class TestDestroying:
    """For good, with a certificate that tells nothing."""

    def destroyed(self, old):
        [row] = listed()
        return destroying.destroy(due=row.pk, reason="due since 2023", by=OFFICER)

    def test_nothing_is_left_and_nobody_else_is_touched(self, old, joined):
        """Contacts, identity, landing; the other person keeps everything."""
        before = contacts.of_identities([i.id for i in Identity.objects.exclude(id=old.id)])
        number = self.destroyed(old)
        assert contacts.of_identities([old.id]) == []
        who = Identity.objects.get(id=old.id)
        assert (who.family, who.birth_date, who.number) == ("", "", "")
        assert "P7771" not in who.subject
        kept = everything(joined)
        assert b"P7771" not in kept
        assert b"P8882" in kept
        others = [i.id for i in Identity.objects.exclude(id=old.id)]
        assert contacts.of_identities(others) == before
        row = Certificate.objects.get(pk=number)
        assert json.loads(row.counts)["messages"] == 2
        assert row.todo == ""
        assert "P7771" not in f"{row.counts}{row.reason}"
        assert finding.look() == []
        assert listed() == []
        assert access.verify_trail() == []

    def test_a_replay_does_not_bring_it_back(self, old, joined):
        """Nor does the same message sent again; a new one begins somebody new."""
        self.destroyed(old)
        feeds.replay(everything=True)
        assert contacts.of_identities([old.id]) == []
        assert Identity.objects.filter(subject__contains="P7771").count() == 0
        assert Message.objects.filter(state="quarantined").count() == 0
        assert [o.state for o in send(joined, adt("1", at=OLD, person="P7771"))] == ["duplicate"]
        assert [o.state for o in send(joined, adt("9", person="P7771", visit="V9"))] == ["read"]
        again = Identity.objects.get(subject__contains="P7771")
        assert again.id != old.id
        feeds.replay(everything=True)
        assert len(contacts.of_identities([again.id])) == 1

    def test_what_is_shared_with_others_stays_shut(self, joined):
        """A Bundle about two: its bytes stay, and what it says of the one passes by."""
        old = {"resourceType": "Patient", "id": "oldone", "name": [{"family": "Reed"}],
               "birthDate": "1950-01-01"}  # fmt: skip
        new = {"resourceType": "Patient", "id": "newone", "name": [{"family": "Other"}],
               "birthDate": "1990-01-01"}  # fmt: skip
        said = {"effectiveDateTime": "2012-01-01T10:00:00Z"}
        bundle = {"resourceType": "Bundle", "type": "collection",
                  "timestamp": "2012-01-01T10:00:00Z",
                  "entry": [{"resource": r} for r in (
                      old, new, json.loads(weight("Patient/oldone", id="a", **said)),
                      json.loads(weight("Patient/newone", id="b",
                                        effectiveDateTime="2026-11-01T10:00:00Z")))]}  # fmt: skip
        [outcome] = send(joined, json.dumps(bundle).encode(), source="practice")
        assert outcome.state == "read", outcome
        who = Identity.objects.get(subject__contains="oldone")
        assert who.person != Identity.objects.get(subject__contains="newone").person
        Identity.objects.filter(id=who.id).update(practice="")
        number = self.destroyed(who)
        assert json.loads(Certificate.objects.get(pk=number).counts)["shared_messages"] == 1
        assert EntryRow.objects.filter(identity=who.id).count() == 0
        feeds.replay(everything=True)
        assert Identity.objects.filter(subject__contains="oldone").count() == 0
        assert EntryRow.objects.filter(kind="Observation").count() == 1
        bar = office().barred("practice", datetime(2020, 1, 1, tzinfo=UTC))
        assert bar(["Patient/oldone", "Patient/newone"]) == {"Patient/oldone"}
        assert office().barred("practice", datetime.now(UTC)) is None

    @pytest.mark.django_db(transaction=True)
    def test_in_the_log_too(self, old):
        """Its files are written anew without them."""
        contacts.compact(by=access.Actor.job("tests"))
        assert len(contacts.of_identities([old.id])) == 1
        self.destroyed(old)
        assert contacts.of_identities([old.id]) == []
        assert contacts.verify().ok if hasattr(contacts.verify(), "ok") else True

    def test_in_use_since_it_was_listed(self, old, joined):
        """Then it is not due any more."""
        [row] = listed()
        send(joined, adt("5", person="P7771", visit="V5"))
        with pytest.raises(BadConfig, match="in use since"):
            destroying.destroy(due=row.pk, reason="due", by=OFFICER)
        assert Tomb.objects.count() == 0

    def test_a_crash_between_the_stores_is_finished_by_the_next_run(self, old, joined, monkeypatch):
        """The certificate says what is still to be done."""
        [row] = listed()
        with monkeypatch.context() as patch:
            patch.setattr(destroying, "forget_logged", crash)
            with pytest.raises(RuntimeError):
                destroying.destroy(due=row.pk, reason="due", by=OFFICER)
        assert b"P7771" in everything(joined)
        feeds.replay(everything=True)
        assert contacts.of_identities([old.id]) == []
        assert destroying.finish() == 1
        assert b"P7771" not in everything(joined)
        assert destroying.finish() == 0


def crash(_):
    raise RuntimeError("the power went")


class TestScrubbing:
    """The landing's blocks, in their own places."""

    @given(st.lists(st.binary(min_size=1, max_size=300), min_size=2, max_size=12), st.data())
    def test_the_others_are_as_they_were(self, tmp_path_factory, messages, data):
        """At the same addresses, byte for byte."""
        landing = Landing(tmp_path_factory.mktemp("landing"))
        landed = landing.land([Arrival(source="s", data=m) for m in messages])
        more = landing.land([Arrival(source="s", data=b"after")])
        gone = data.draw(st.sets(st.integers(0, len(messages) - 1), min_size=1))
        moved = {}
        addresses = [landed[i].address for i in gone]
        assert scrub(landing, addresses, moved=moved.update) == len(gone)
        for i, each in enumerate(landed):
            frame = landing.frame(moved.get(each.address, each.address))
            assert frame.data == (b"" if i in gone else messages[i])
            assert frame.digest == each.frame.digest
        assert landing.read(more[0].address) == b"after"
        assert scrub(landing, addresses, moved=moved.update) == 0
        landed_now = [m.data for _, m in find(landing, lambda _f, _d: True)]
        assert sorted(landed_now) == sorted(
            [b"after", *(m for i, m in enumerate(messages) if i not in gone)]
        )
        landing.close()

    def test_a_journal_that_a_crash_left_is_finished(self, tmp_path, monkeypatch):
        """The block is the old one or the new one, never half of each."""
        import onesystem.feeds.landing.scrubbing as at

        landing = Landing(tmp_path)
        [landed] = landing.land([Arrival(source="s", data=b"secret" * 40)])
        with monkeypatch.context() as patch:
            patch.setattr(at.os, "pwrite", lambda *_: crash(None))
            with pytest.raises(RuntimeError):
                scrub(landing, [landed.address], moved=dict)
        assert landing.read(landed.address) == b"secret" * 40
        recover(landing)
        landing.forget_last()
        assert landing.read(landed.address) == b""
        assert list(landing.segments.glob("*.redo")) == []
