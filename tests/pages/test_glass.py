"""The ED doctor's story, what a person may choose, and what stops when something fails."""

import pytest
from access_worlds import contact, entry, glass, identity
from django.db import connection
from page_data import give_purpose

from onesystem.access import Actor, Row, asker_of, decide, keeping, reading, record_many, scope
from onesystem.access import choices as can
from onesystem.access.glass import break_glass
from onesystem.access.models import Audit, Glass, Notice, Review
from onesystem.vocabulary import BadConfig, NotPermitted

DOCTOR = Actor("hospital-doctor", frozenset({"hospital-doctor"}), organisation="hospital")
OFFICER = Actor("hine", frozenset({"privacy-officer"}))
DESK = Actor("records", frozenset({"records-officer"}))


@pytest.fixture
def stranger(joined):
    """Somebody of the practice, whom the hospital has never seen."""
    identity(7, 7, source="practice", practice="practice")
    return 7


@pytest.fixture
def doctor(sign_in, stranger):
    """The doctor's browser, with the purpose given."""
    client = sign_in("hospital-doctor")
    give_purpose(client, stranger, "direct care")
    return client


def breaks(client, person, **form):
    asked = {"choice": "emergency", "words": "unconscious, alone", "to": f"/people/{person}/"}
    return client.post(f"/break-glass/{person}/", {**asked, **form})


class TestBreakGlass:
    def test_without_a_tie_the_page_says_why_and_offers_the_glass(self, doctor):
        answer = doctor.get("/people/7/")
        assert answer.status_code == 403
        text = answer.content.decode()
        assert "Neither you nor your organisation looks after this person now" in text
        assert "Break the glass" in text
        row = Audit.objects.latest("id")
        assert (row.act, row.person) == ("access.refused", 7)
        assert '"why":"no-tie"' in row.detail

    def test_it_opens_at_once_is_marked_and_told(self, doctor, sign_in):
        assert breaks(doctor, 7).headers["Location"] == "/people/7/"
        page = doctor.get("/people/7/")
        assert page.status_code == 200
        assert "You broke the glass" in page.content.decode()
        assert "3 h 59 min left" in page.content.decode()
        assert "You broke the glass" in doctor.get("/people/7/timeline/").content.decode()
        assert '"ties":["break-glass"]' in Audit.objects.latest("id").detail
        review = reading.reviews(by=OFFICER)[0]
        assert (review.rule, review.actor, review.person) == ("break-glass", "hospital-doctor", 7)
        gp = sign_in("general-practitioner", organisation="practice")
        told = gp.get("/notices/").content.decode()
        assert "broke the glass for one of your people" in told
        assert "1 notice" in told
        gp.post(f"/notices/{Notice.objects.get().id}/")
        assert "read by general-practitioner" in gp.get("/notices/").content.decode()

    def test_it_is_for_one_person_one_user_and_a_few_hours(self, doctor):
        identity(8, 8, source="practice")
        breaks(doctor, 7)
        assert decide(asker_of(DOCTOR, "direct care"), 7).by == {"break-glass"}
        assert decide(asker_of(DOCTOR, "direct care"), 8).reason == "no-tie"
        other = Actor("other", DOCTOR.roles, organisation="hospital")
        assert decide(asker_of(other, "direct care"), 7).reason == "no-tie"
        Glass.objects.update(until=1, since=0)
        assert doctor.get("/people/7/").status_code == 403

    def test_it_can_be_mended_before_its_hours_are_over(self, doctor):
        breaks(doctor, 7)
        doctor.post(f"/break-glass/{Glass.objects.get().id}/mend/")
        assert doctor.get("/people/7/").status_code == 403

    def test_it_takes_a_reason_from_the_list_and_words(self, doctor):
        assert breaks(doctor, 7, choice="because").status_code == 422
        assert breaks(doctor, 7, words=" ").status_code == 422
        assert not Glass.objects.exists()

    def test_a_role_without_glass_is_told_whom_to_ask(self, sign_in, stranger):
        client = sign_in("coordinator")
        give_purpose(client, 7, "care coordination")
        text = client.get("/people/7/").content.decode()
        assert "Break the glass" not in text
        assert breaks(client, 7).status_code in {403, 422}
        assert not Glass.objects.exists()

    def test_the_alert_and_the_grant_are_one_transaction(self, stranger, monkeypatch):
        from onesystem.access import glass as room

        def fails(**_):
            raise RuntimeError

        monkeypatch.setattr(room, "record", fails)
        with pytest.raises(RuntimeError):
            break_glass(person=7, choice="emergency", words="alone", by=DOCTOR)
        assert not Glass.objects.exists()
        assert not Review.objects.exists()

    def test_the_district_may_ask_for_the_password_again(self, doctor, joined):
        file = joined.path / "district.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text + "\n[access]\nreauthenticate = true\n", encoding="utf-8")
        assert "Your password" in doctor.get("/people/7/").content.decode()
        assert breaks(doctor, 7, password="wrong").status_code == 422
        assert breaks(doctor, 7, password="three blind mice run").status_code == 302


class TestChoices:
    def test_opting_out_works_at_once_and_is_taken_back(self, stranger):
        contact(1, 7)
        asker = asker_of(DOCTOR, "direct care")
        assert decide(asker, 7)
        choice = can.opt_out(person=7, by=DESK, reason="asked by letter")
        assert decide(asker_of(DOCTOR, "direct care"), 7).reason == "opted-out"
        can.opt_in(choice=choice, by=DESK)
        assert decide(asker_of(DOCTOR, "direct care"), 7)
        assert [c.until is None for c in reading.choices(7, by=DESK, ended=True)] == [False]

    def test_the_glass_passes_it_only_as_the_district_allows(self, stranger, joined):
        contact(1, 7)
        can.opt_out(person=7, by=DESK)
        break_glass(person=7, choice="emergency", words="alone", by=DOCTOR)
        assert decide(asker_of(DOCTOR, "direct care"), 7)
        file = joined.path / "district.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text + "\n[access]\nopted_out_break_glass = false\n", encoding="utf-8")
        found = decide(asker_of(DOCTOR, "direct care"), 7)
        assert (found.reason, found.glass) == ("opted-out", False)

    def test_a_person_chooses_for_themselves_and_for_nobody_else(self, sign_in, stranger):
        identity(8, 8)
        sign_in("person", name="maia", organisation="")
        maia = Actor("maia", frozenset({"person"}))
        with pytest.raises(NotPermitted):
            can.opt_out(person=7, by=maia)
        can.give_own_record(person=7, username="maia", by=DESK)
        can.opt_out(person=7, kind="mental-health", by=maia)
        with pytest.raises(NotPermitted):
            can.opt_out(person=8, by=maia)
        assert [c.what for c in reading.choices(7, by=maia)] == ["mental-health"]
        assert reading.who_looked(7, by=maia) == []
        with pytest.raises(NotPermitted):
            reading.who_looked(8, by=maia)

    def test_a_proxy_acts_until_it_is_ended(self, sign_in, stranger):
        sign_in("person", name="son", organisation="")
        son = Actor("son", frozenset({"person"}))
        proxy = can.name_proxy(person=7, username="son", tie="attorney", by=DESK)
        assert decide(asker_of(son, "own record"), 7).by == {"proxy"}
        can.end_proxy(proxy=proxy, by=DESK)
        assert decide(asker_of(son, "own record"), 7).reason == "no-tie"

    def test_a_sealed_item_is_shut_and_opened_again(self, stranger):
        contact(1, 7)
        entry(55, 7, source="practice")
        number = can.seal(item=55, kind="entry", identity=7, by=DESK)
        assert decide(asker_of(DOCTOR, "direct care"), 7, item=55).reason == "withheld"
        assert rows(DOCTOR) == set()
        can.unseal(seal=number, by=DESK)
        assert rows(DOCTOR) == {55}

    @pytest.mark.parametrize("wrong", [{"kind": "mental"}, {"source": "pass"}])
    def test_a_choice_names_what_there_is(self, stranger, wrong):
        with pytest.raises(BadConfig, match="Did you mean"):
            can.opt_out(person=7, by=DESK, **wrong)

    def test_a_merge_keeps_the_choices_of_both_and_a_split_gives_them_back(self, stranger):
        from onesystem.people.models import Identity

        identity(9, 9)
        contact(1, 9)
        can.opt_out(person=7, by=DESK)
        Identity.objects.filter(id=9).update(person=7)
        assert decide(asker_of(DOCTOR, "direct care"), 7).reason == "opted-out"
        Identity.objects.filter(id=9).update(person=9)
        assert decide(asker_of(DOCTOR, "direct care"), 9)
        assert not decide(asker_of(DOCTOR, "direct care"), 7)

    def test_a_merge_does_not_widen_a_broken_glass(self, stranger):
        from onesystem.people.models import Identity

        identity(9, 9)
        glass(7, [7], username="hospital-doctor")
        Identity.objects.filter(id=9).update(person=7)
        assert decide(asker_of(DOCTOR, "direct care"), 7).reason == "no-tie"


def rows(actor):
    where, values = scope(asker_of(actor, "direct care")).row_sql("x")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT x.entry FROM record_entry x WHERE {where}", values)
        return {row[0] for row in cursor.fetchall()}


class TestKeeping:
    def test_the_first_agreement_ends_the_default_for_good(self, stranger):
        from datetime import date

        contact(1, 7)
        number = keeping.keep_agreement(
            name="Shared record", organisations=["hospital", "practice"],
            purposes=["direct care"], basis="article 9(2)(h)", starts=date(2026, 1, 1), by=OFFICER,
        )  # fmt: skip
        assert decide(asker_of(DOCTOR, "direct care"), 7)
        keeping.end_agreement(agreement=number, by=OFFICER, reason="withdrawn")
        assert decide(asker_of(DOCTOR, "direct care"), 7).reason == "not-shared"

    def test_a_duty_lends_the_ties_of_another_organisation(self, stranger, sign_in):
        from datetime import timedelta

        from onesystem.district import now

        sign_in("hospital-doctor")
        admin = Actor("ada", frozenset({"administrator"}))
        until = now() + timedelta(hours=8)
        duty = keeping.put_on_call(
            username="hospital-doctor", organisation="practice", until=until, by=admin
        )
        assert decide(asker_of(DOCTOR, "direct care"), 7).by == {"on-call"}
        keeping.end_duty(duty=duty, by=admin)
        assert not decide(asker_of(DOCTOR, "direct care"), 7)

    def test_a_caseload_is_not_a_way_around_the_glass(self, stranger):
        with pytest.raises(NotPermitted):
            keeping.take_on_caseload(person=7, organisation="hospital", by=DOCTOR, reason="mine")
        break_glass(person=7, choice="emergency", words="alone", by=DOCTOR)
        with pytest.raises(NotPermitted):
            keeping.take_on_caseload(person=7, organisation="hospital", by=DOCTOR, reason="mine")
        gp = Actor("gita", frozenset({"general-practitioner"}), organisation="practice")
        number = keeping.take_on_caseload(
            person=7, organisation="hospital", by=gp, reason="shared care"
        )
        assert decide(asker_of(DOCTOR, "direct care"), 7)
        keeping.end_caseload(caseload=number, by=gp)

    def test_a_look_is_resolved_with_a_note_by_somebody_else(self, stranger):
        break_glass(person=7, choice="emergency", words="alone", by=DOCTOR)
        review = reading.reviews(by=OFFICER)[0]
        with pytest.raises(BadConfig):
            keeping.resolve(review=review.id, outcome="fine", note=" ", by=OFFICER)
        keeping.resolve(review=review.id, outcome="fine", note="was called in", by=OFFICER)
        assert reading.reviews(by=OFFICER) == []
        keeping.reopen(review=review.id, by=OFFICER)
        assert len(reading.reviews(by=OFFICER)) == 1


class TestLimits:
    def test_a_script_that_walks_through_the_record_is_stopped_and_flagged(self, sign_in, joined):
        file = joined.path / "district.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text + "\n[access]\npeople_per_hour = 3\n", encoding="utf-8")
        client = sign_in("hospital-doctor")
        for number in range(1, 6):
            identity(number, number)
            contact(number, number)
            give_purpose(client, number, "direct care")
        said = [client.get(f"/people/{n}/").status_code for n in (1, 1, 2, 3, 4, 5, 1)]
        assert said == [200, 200, 200, 200, 403, 403, 200]
        assert [r.rule for r in reading.reviews(by=OFFICER)] == ["volume"]


class TestFailClosed:
    @pytest.mark.parametrize(
        "table", ["access_consent", "access_agreement", "access_glass", "access_audit_head"]
    )
    def test_where_a_table_cannot_be_reached_nothing_is_shown(self, sign_in, joined, table):
        identity(7, 7)
        contact(1, 7)
        client = sign_in("hospital-doctor")
        give_purpose(client, 7, "direct care")
        assert client.get("/people/7/timeline/").status_code == 200
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} RENAME TO taken_away")
        answer = client.get("/people/7/timeline/")
        assert answer.status_code == 503
        assert b"cannot be checked just now" in answer.content
        assert b"Emergency" not in answer.content


def test_many_rows_make_one_chain(joined):
    from onesystem.access import verify_trail

    last = record_many([Row(by=DOCTOR, act="record.read", person=n) for n in range(1, 40)])
    assert last == Audit.objects.count()
    assert verify_trail() == []
