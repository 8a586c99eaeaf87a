"""Rectification: a new version with who and why, that a replay and a resend leave standing."""

import json
from datetime import date

import pytest
from fhir_asking import Client, patient, weight
from hypothesis import given
from hypothesis import strategies as st
from page_data import adt

from onesystem import access, feeds, people, record
from onesystem.access.models import Audit
from onesystem.feeds.intake import take_in
from onesystem.feeds.models import Message
from onesystem.people.mapping import views
from onesystem.people.models import Identity
from onesystem.record.corrections import asking, deciding, facts, notes
from onesystem.record.corrections.due import due_on
from onesystem.record.corrections.rows import Correction
from onesystem.record.models import EntryRow
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted

OFFICER = access.Actor(name="olu", roles=frozenset({"records-officer"}), kind="person")
NURSE = access.Actor(name="kiri", roles=frozenset({"ed-nurse"}), kind="person")
stored = pytest.mark.django_db


@pytest.fixture
def joined(db, district):
    from onesystem import wiring

    wiring.connect()
    return district


@pytest.fixture
def app(joined):
    client = Client(name="bulk", scopes="system/*.cruds")
    client.put("Patient/p", patient(id="p"))
    client.put("Observation/o", weight("Patient/p", "70.50", id="o"))
    return client


def send(district, *messages, source="pas", name="live.hl7"):
    arrivals = [feeds.Arrival(source=source, data=m, name=name) for m in messages]
    return feeds.take_messages(arrivals, district=district)


def the(kind="Observation"):
    row = EntryRow.objects.get(kind=kind)
    return row.entry, people.person_of([row.identity])[row.identity]


def ask(item, person, about="entry", by=OFFICER, **more):
    said = {"wrong": "I weighed less", "should": "60.50 kg"} | more
    return asking.ask(person=person, about=about, item=item, by=by, **said)


def accepted(item, person, about="entry", **change):
    number = ask(item, person, about)
    deciding.accept(correction=number, change=change, reason="checked with the ward", by=OFFICER)
    return number


class TestDue:
    """UK: a calendar month. NZ: twenty working days."""

    @pytest.mark.parametrize(
        ("asked", "uk", "nz"),
        [
            ("2026-03-03", "2026-04-03", "2026-03-31"),
            ("2026-01-31", "2026-02-28", "2026-02-27"),
            ("2026-12-31", "2027-01-31", "2027-02-12"),
        ],
    )
    def test_last_day(self, asked, uk, nz):
        """As the law counts."""
        day = date.fromisoformat(asked)
        assert due_on(day, nz=False).isoformat() == uk
        assert due_on(day, nz=True).isoformat() == nz

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
    def test_the_new_zealand_day_is_a_working_day(self, day):
        """Never a weekend."""
        assert due_on(day, nz=True).weekday() < 5
        assert due_on(day, nz=False) > day


class TestFacts:
    """What a source says of a fact later."""

    @pytest.mark.parametrize(
        ("said", "found"),
        [("70", "wrong"), ("60", "right"), ("65", "new"), ("", "silent")],
    )
    def test_compared(self, said, found):
        """The wrong thing again, the right one, something else, or nothing."""
        assert facts.compared({"value": said}, {"value": "70"}, {"value": "60"}) == found


@stored
class TestEntry:
    """An entry that came as FHIR."""

    def test_it_is_a_new_version_that_says_who_and_why(self, app):
        """The old one stays in the history; decimals stay as they are written."""
        entry, person = the()
        accepted(entry, person, value="60.50")
        now = app.get("Observation/o")
        assert b"60.50" in now.body
        assert now.json["meta"]["versionId"] == "2"
        [tag] = now.json["meta"]["tag"]
        assert tag["code"] == "corrected"
        said = {e["url"]: e for e in now.json["extension"][0]["extension"]}
        assert said["by"]["valueString"] == "olu"
        assert said["why"]["valueString"] == "checked with the ward"
        assert b"70.50" in app.get("Observation/o/_history/1").body
        assert app.get("Observation?_tag=corrected").json["total"] == 1
        [kept] = record.entries_of(people.identity_ids_of(person), kinds={"Observation"})
        assert (kept.value, kept.source, kept.version) == ("60.5", "app:bulk", 2)
        [note] = notes.beside(people.identity_ids_of(person))[entry]
        assert note.facts == (("Value", "70.5", "60.5"),)

    def test_the_same_wrong_fact_sent_again_changes_nothing(self, app):
        """The correction stands; a real new fact passes, and is to be looked at."""
        entry, person = the()
        number = accepted(entry, person, value="60.50")
        app.put("Observation/o", weight("Patient/p", "70.50", id="o"))
        assert b"60.50" in app.get("Observation/o").body
        assert not Correction.objects.get().again_at
        app.put("Observation/o", weight("Patient/p", "65.50", id="o"))
        assert b"65.50" in app.get("Observation/o").body
        row = Correction.objects.get()
        assert json.loads(row.again_said) == {"value": "65.5"}
        deciding.looked_again(correction=number, note="weighed again", by=OFFICER)
        app.put("Observation/o", weight("Patient/p", "65.50", id="o"))
        assert Correction.objects.get().again_by == "olu"

    def test_a_replay_makes_the_same_versions(self, app):
        """Byte for byte."""
        entry, person = the()
        accepted(entry, person, value="60.50")
        app.put("Observation/o", weight("Patient/p", "70.50", id="o", note=[{"text": "x"}]))
        before = list(
            EntryRow.objects.order_by("entry").values("entry", "version", "digest", "body")
        )
        feeds.replay(everything=True)
        after = list(
            EntryRow.objects.order_by("entry").values("entry", "version", "digest", "body")
        )
        assert [
            {k: bytes(v) if k in {"digest", "body"} else v for k, v in r.items()} for r in after
        ] == [{k: bytes(v) if k in {"digest", "body"} else v for k, v in r.items()} for r in before]
        assert b"60.50" in app.get("Observation/o").body

    def test_undone_it_is_as_it_was(self, app):
        """As one more version."""
        entry, person = the()
        number = accepted(entry, person, value="60.50")
        deciding.undo(correction=number, reason="the ward was wrong", by=OFFICER)
        now = app.get("Observation/o")
        assert now.json["meta"]["versionId"] == "3"
        assert b"70.50" in now.body
        assert "extension" not in now.json
        with pytest.raises(BadConfig):
            deciding.undo(correction=number, reason="again", by=OFFICER)
        feeds.replay(everything=True)
        assert b"70.50" in app.get("Observation/o").body

    def test_refused_the_persons_statement_goes_with_it(self, app):
        """In the resource itself, also when it is sent anew; gone when that is undone."""
        entry, person = the()
        number = ask(entry, person)
        deciding.refuse(
            correction=number, reason="the scale was checked", statement="I was lighter", by=OFFICER
        )

        def statement():
            found = app.get("Observation/o").json.get("extension", [])
            return [e["extension"][1]["valueString"] for e in found]

        assert statement() == ["I was lighter"]
        assert b"70.50" in app.get("Observation/o").body
        app.put("Observation/o", weight("Patient/p", "71.00", id="o"))
        assert statement() == ["I was lighter"]
        assert Correction.objects.get().again_at
        feeds.replay(everything=True)
        assert statement() == ["I was lighter"]
        deciding.undo(correction=number, reason="settled", by=OFFICER)
        assert statement() == []
        assert "meta" in app.get("Observation/o").json

    def test_entered_in_error(self, app):
        """It leaves the record, and stays in the history."""
        entry, person = the()
        accepted(entry, person, status="entered-in-error")
        assert record.entries_of(people.identity_ids_of(person), kinds={"Observation"}) == []
        assert app.get("Observation/o").json["status"] == "entered-in-error"

    def test_what_would_be_no_resource_is_refused(self, app):
        """With the cure, and nothing has changed."""
        entry, person = the()
        number = ask(entry, person)
        for change in (
            {"value": "heavy"},
            {"status": "nonsense"},
            {"value": "70.5"},
            {"at": "soon"},
        ):
            with pytest.raises(BadConfig):
                deciding.accept(correction=number, change=change, reason="x", by=OFFICER)
        assert app.get("Observation/o").json["meta"]["versionId"] == "1"
        assert Correction.objects.get().state == "open"


@stored
class TestWho:
    """Who may ask, and who may decide."""

    def test_only_officers_decide_and_never_about_themselves(self, app):
        """Nor does a guessed number open anybody."""
        entry, person = the()
        with pytest.raises(NotPermitted):
            ask(entry, person, by=NURSE)
        number = ask(entry, person)
        with pytest.raises(NotPermitted):
            deciding.accept(correction=number, change={"value": "1"}, reason="x", by=NURSE)
        own = asking.ask(person=person, about="entry", item=entry, wrong="a", should="b",
                         by=OFFICER, asked_as="person")  # fmt: skip
        with pytest.raises(NotPermitted, match="their own"):
            deciding.refuse(correction=own, reason="x", statement="", by=OFFICER)
        with pytest.raises(NotFound):
            ask(entry + 1, person)

    def test_the_trail_never_says_what(self, app):
        """Which correction, and about whom."""
        entry, person = the()
        accepted(entry, person, value="60.50")
        rows = Audit.objects.filter(act__startswith="correction.")
        assert [r.act for r in rows] == ["correction.asked", "correction.accepted"]
        assert all(r.person == person and "60.50" not in r.detail for r in rows)
        assert access.verify_trail() == []


@stored
class TestContact:
    """A contact that came as HL7 v2."""

    def contact(self, district):
        send(district, adt("1", at="202611201000"))
        from onesystem.people.models import Identity

        identity = Identity.objects.get()
        from onesystem import contacts

        [found] = contacts.of_identities([identity.id])
        return found, identity.person

    def test_put_right_it_stays_so(self, joined):
        """After a resend and a replay; undone, it is as it was."""
        from onesystem import contacts

        found, person = self.contact(joined)
        number = accepted(found.contact, person, "contact", service="ward-a",
                          started="2026-11-20T09:00:00+00:00")  # fmt: skip

        def now():
            [each] = contacts.of_identities([found.identity])
            return each.service, each.started.hour

        assert now() == ("ward-a", 9)
        send(joined, adt("2", act="A08", at="202611201030"))
        assert now() == ("ward-a", 9)
        feeds.replay(everything=True)
        assert now() == ("ward-a", 9)
        assert [v.service for v in contacts.versions_of(found.contact)] == ["ed", "ward-a"]
        deciding.undo(correction=number, reason="wrong", by=OFFICER)
        assert now() == ("ed", 10)
        feeds.replay(everything=True)
        assert now() == ("ed", 10)

    def test_one_that_never_happened(self, joined):
        """What is sent of it later passes by, and is to be looked at."""
        from onesystem import contacts

        found, person = self.contact(joined)
        accepted(found.contact, person, "contact", cancelled="yes")
        send(joined, adt("2", act="A08", at="202712011000"))
        [each] = contacts.of_identities([found.identity])
        assert each.cancelled
        assert Correction.objects.get().again_at


@stored
class TestPerson:
    """Who somebody is, as one source has it."""

    def identity(self, district):
        send(district, adt("1"))
        from onesystem.people.models import Identity

        return Identity.objects.get()

    def test_the_right_name_stays_through_resend_and_replay(self, joined):
        """A really new one passes, and is to be looked at."""
        who = self.identity(joined)
        number = accepted(who.id, who.person, "person", family="Ngata")

        def family():
            return views([who.id])[0].family

        assert family() == "Ngata"
        assert people_found("ngata") == [who.person]
        assert people_found("ngapuhi") == []
        send(joined, adt("2", act="A08", at="202611201100"))
        assert family() == "Ngata"
        feeds.replay(everything=True)
        assert family() == "Ngata"
        deciding.undo(correction=number, reason="wrong", by=OFFICER)
        assert family() == "Ngāpuhi"

    def test_a_new_name_marks_it(self, joined):
        """The source's own word since."""
        who = self.identity(joined)
        accepted(who.id, who.person, "person", family="Ngata")
        send(joined, adt("3", act="A08", at="202611201200", name=("Paewai", "Māia")))
        assert views([who.id])[0].family == "Paewai"
        assert json.loads(Correction.objects.get().again_said) == {"family": "Paewai"}

    def test_somebody_said_to_be_dead_is_not(self, joined):
        """Which no later message of the source could say."""
        message = adt("1").replace(
            b"NR1 1AA||01603 111222", b"NR1 1AA||01603 111222" + b"|" * 16 + b"20261101|Y"
        )
        send(joined, message)
        from onesystem.people.models import Identity

        who = Identity.objects.get()
        assert who.died == "2026-11-01"
        accepted(who.id, who.person, "person", died="")
        assert views([who.id])[0].died == ""
        feeds.replay(everything=True)
        assert views([who.id])[0].died == ""


VISITS = """
name = "visits"
version = 1
[applies_to]
columns = ["id", "who", "place", "in"]
[contact]
key = "id"
subject = "who"
service = "place"
setting = { fixed = "outpatient" }
started = "in"
[person]
subject = "who"
family = "name"
"""


@pytest.mark.django_db(transaction=True)
class TestExtract:
    """What a source says in whole files, each of which says all of it again."""

    @pytest.fixture
    def comes(self, district, tmp_path):
        """A file of one visit arrives; gives the identity and its contact as they are then."""
        from onesystem import contacts, wiring

        wiring.connect()
        (district.path / "mappings").mkdir()
        (district.path / "mappings" / "visits.toml").write_text(VISITS)

        def arrives(day, *, place="ED", name="Ngata"):
            row = f"V1,7,{place},2026-02-01 10:00,{name}"
            file = tmp_path / f"{day}.csv"
            file.write_text(f"id,who,place,in,name\n{row}\n", encoding="utf-8")
            take_in([file], "pas")
            (who,) = Identity.objects.all()
            (found,) = contacts.of_identities([who.id])
            return who, found

        return arrives

    def test_a_corrected_name_stays_until_a_file_has_another(self, comes):
        who, _ = comes("monday")
        accepted(who.id, who.person, "person", family="Ngāta")
        comes("tuesday")
        assert views([who.id])[0].family == "Ngāta"
        assert not Correction.objects.get().again_at
        comes("wednesday", name="Paewai")
        assert views([who.id])[0].family == "Paewai"
        assert json.loads(Correction.objects.get().again_said) == {"family": "Paewai"}

    def test_a_corrected_contact_stays_until_a_file_has_it_elsewhere(self, comes):
        who, found = comes("monday")
        accepted(found.contact, who.person, "contact", service="ward-a")
        assert comes("tuesday")[1].service == "ward-a"
        assert not Correction.objects.get().again_at
        assert comes("wednesday", place="Zoo")[1].service == "pas/Zoo"
        assert json.loads(Correction.objects.get().again_said) == {"service": "pas/Zoo"}


def people_found(text):
    from onesystem.people import queries

    return [hit.person for hit in queries.search(text, by=OFFICER)]


@stored
def test_a_bare_entry_of_hl7_is_put_right(joined):
    """One that came without a resource has one from then on, with who and why."""
    assert [each.state for each in send(joined, oru())] == ["read"]
    entry, person = the()
    accepted(entry, person, value="4.9")
    app = Client(name="bulk", scopes="system/*.cruds")
    [found] = app.get("Observation?_tag=corrected").json["entry"]
    assert "4.9" in json.dumps(found)
    [kept] = record.entries_of(people.identity_ids_of(person), kinds={"Observation"})
    assert kept.value == "4.9"
    number = Correction.objects.get().pk
    feeds.replay(everything=True)
    assert (
        record.entries_of(people.identity_ids_of(person), kinds={"Observation"})[0].value == "4.9"
    )
    deciding.undo(correction=number, reason="wrong", by=OFFICER)
    assert (
        record.entries_of(people.identity_ids_of(person), kinds={"Observation"})[0].value == "5.9"
    )
    assert Message.objects.filter(source="corrections", state="read").count() == 2


def oru():
    """A result of the hospital's laboratory."""
    return (
        b"MSH|^~\\&|PAS|RM1|ONE|DIST|202611201000||ORU^R01|R1|P|2.4|||||GBR|UNICODE UTF-8\r"
        b"PID|1||P1^^^RM1^MR||Ngata^Aroha||19500304|F\r"
        b"OBR|1||L1|2823-3^Potassium^LN|||202611200900\r"
        b"OBX|1|NM|2823-3^Potassium^LN||5.9|mmol/L|3.5-5.3|H|||F|||202611200900\r"
    )
