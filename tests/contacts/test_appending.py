"""Appending extracts in bulk: split between the stores, once for each message, versioned."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from stays import KNOWN, OLD, append, at, event, old, open_one, rows

from onesystem import contacts
from onesystem.contacts import pending, store
from onesystem.contacts.log import manifest, read

pytestmark = pytest.mark.django_db(transaction=True)


class TestTheSplit:
    def test_old_ended_rows_go_to_the_log_and_open_ones_stay(self, district):
        counts = append(rows(old(), open_one()))
        assert counts.contacts_new == 2
        assert [row.key for row in store.select("1 = 1")] == ["B1"]
        assert manifest.current().rows == 1
        (found,) = read.latest([7])
        assert (found.service, found.setting, found.message) == ("ed", "ED", 1)
        assert found.contact == contacts_id("A1")

    def test_a_live_message_goes_on_with_a_row_of_an_extract(self, district):
        append(rows(open_one()))
        with transaction.atomic():
            contacts.take([("pas", 7, 2, event("end", "10:00", visit="B1", day=9))], known_at=KNOWN)
        (row,) = store.select("1 = 1")
        assert (row.version, row.ended is not None, row.service) == (2, True, "ed")

    def test_a_row_for_a_visit_with_live_events_states_it_anew(self, district):
        with transaction.atomic():
            contacts.take(
                [("pas", 7, 1, event("start", "08:00", visit="B1", service="ward-a"))],
                known_at=KNOWN,
            )
        append(rows(open_one()), message=2)
        (row,) = store.select("1 = 1")
        assert (row.service, row.version) == ("ed", 2)

    def test_a_live_message_finds_its_visit_in_the_log(self, district):
        append(rows(old("V1", reason="chest pain")))
        with transaction.atomic():
            note = event("note", "09:00", outcome="home", started=OLD)
            contacts.take([("pas", 7, 2, note)], known_at=KNOWN)
        (row,) = store.select("1 = 1")
        assert (row.version, row.logged, row.reason, row.outcome) == (2, 1, "chest pain", "home")

    @pytest.mark.parametrize("told", [{"started": OLD}, {"ended": OLD + timedelta(hours=4)}])
    def test_a_live_message_that_names_another_person_finds_it_too(self, district, told):
        """As after a merge at the source: the late message comes under the number that stayed."""
        append(rows(old("V1", reason="chest pain"), old("V2")))
        with transaction.atomic():
            note = event("note", "09:00", outcome="home", **told)
            contacts.take([("pas", 8, 2, note)], known_at=KNOWN)
        (row,) = store.select("1 = 1")
        assert (row.version, row.logged, row.reason) == (2, 1, "chest pain")
        (mine,) = contacts.of_identities([8])
        assert (mine.outcome, mine.started) == ("home", OLD)
        assert [c.key for c in contacts.of_identities([7])] == [""]  # V2 alone stays


def contacts_id(key):
    from onesystem.vocabulary import contact_id

    return contact_id("pas", key)


class TestOnceAndAgain:
    def test_the_same_message_counts_once(self, district):
        append(rows(old(), open_one()))
        assert append(rows(old(), open_one())) == contacts.Counts()
        assert manifest.current().rows == 1

    def test_the_same_rows_in_a_later_extract_change_nothing(self, district):
        append(rows(old(), open_one()))
        counts = append(rows(old(), open_one()), message=2)
        assert (counts.versions, counts.unchanged) == (0, 2)
        assert manifest.current().rows == 1

    def test_a_different_row_is_a_new_version(self, district):
        append(rows(old(), old("A2"), open_one()))
        later = KNOWN + timedelta(days=1)
        counts = append(
            rows(old(reason="fall"), old("A2"), open_one(reason="fall")), message=2, known_at=later
        )
        assert (counts.contacts_new, counts.versions, counts.unchanged) == (0, 2, 1)
        assert sorted((r.contact, r.version) for r in read.latest([7])) == sorted(
            [(contacts_id("A1"), 2), (contacts_id("A2"), 1)]
        )
        (kept,) = store.select("1 = 1", table="contacts_version")
        assert kept.version == 1

    def test_a_correction_to_another_person_leaves_the_first(self, district):
        append(rows(old()))
        append(rows(old(identity=8)), message=2)
        assert read.latest([7]) == []
        assert [r.version for r in read.latest([8])] == [2]

    def test_a_row_that_opens_an_old_contact_again_comes_out_of_the_log(self, district):
        append(rows(old()))
        append(rows({**old(), "ended": None}), message=2)
        (row,) = store.select("1 = 1")
        assert (row.version, row.logged, row.ended) == (2, 1, None)

    def test_a_key_that_comes_twice_counts_once_the_last(self, district):
        append(rows(old(reason="first"), old(reason="last")))
        assert [r.reason for r in read.latest([7])] == ["last"]

    def test_rows_without_a_time_or_key_are_refused_and_counted(self, district):
        counts = append(rows({"key": "A1"}, {"key": "", "started": OLD}, old("A3")))
        assert (counts.refused, counts.contacts_new) == (2, 1)

    def test_an_empty_table_is_nothing(self, district):
        assert append(rows()) == contacts.Counts()

    def test_negative_and_future_stays_are_kept_and_counted(self, district):
        counts = append(
            rows(
                old(ended=OLD - timedelta(hours=1)),
                {"key": "F", "started": at("08:00", 3000), "ended": at("09:00", 3000)},
            )
        )
        assert (counts.contacts_new, counts.flagged) == (2, 2)


class TestCrashes:
    def test_a_transaction_that_fails_leaves_no_trace(self, district):
        def fail():
            with transaction.atomic():
                append(rows(old(), open_one()))
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert manifest.current().rows == 0
        assert store.select("1 = 1") == []
        assert pending.sweep(older_than=-1) == 2
        assert append(rows(old(), open_one())).contacts_new == 2

    def test_a_crash_before_the_manifest_is_finished_later(self, district, monkeypatch):
        monkeypatch.setattr(pending, "finish", lambda name: None)
        append(rows(old(), open_one()))
        assert manifest.current().rows == 0
        assert append(rows(old(), open_one())) == contacts.Counts()
        monkeypatch.undo()
        monkeypatch.setenv("ONESYSTEM_DISTRICT", str(district.path))
        (name,) = contacts.recover()
        assert name.startswith("append-1-")
        assert manifest.current().rows == 1
        assert contacts.recover() == []

    def test_a_crash_after_the_manifest_counts_once(self, district):
        append(rows(old()))
        again = manifest.current()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                'INSERT INTO contacts_pending ("commit", kind, source, known_at, files)'
                " VALUES (%s, 'append', 'pas', 0, %s)",
                [again.commits[-1], '{"months":[],"runs":[],"superseded":[]}'],
            )
        contacts.recover()
        assert manifest.current() == again
        assert pending.waiting() == []

    def test_parts_of_one_message_all_count_and_see_each_other(self, district):
        with transaction.atomic():
            append(rows(old(reason="first"), old("A2")))
            counts = append(rows(old(reason="last"), old("A3")))
        assert (counts.contacts_new, counts.versions) == (1, 2)
        assert sorted(r.reason for r in read.latest([7]) if r.reason) == ["last"]
