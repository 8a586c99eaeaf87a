"""Compaction: what ended long ago goes to the log; verify proves that all agrees; erase empties."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from stays import KNOWN, OLD, append, event, old, open_one, rows

from onesystem import contacts
from onesystem.access import Actor
from onesystem.contacts import pending, store
from onesystem.contacts.log import manifest, merge, read

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.job("compaction")
LATER = KNOWN + timedelta(days=200)


def take(*events, message=5, known_at=KNOWN):
    with transaction.atomic():
        return contacts.take([("pas", 7, message, e) for e in events], known_at=known_at)


def told(found):
    """What contacts say, without what only the operational store knows."""
    said = [
        (c.contact, c.service, c.started, c.ended, c.outcome, c.version, c.cause, c.cancelled)
        for c in found
    ]
    return sorted(said, key=lambda each: (each[0], each[5]))


def stay():
    take(event("start", "08:00", service="ed"), message=1)
    take(event("move", "11:00", service="ward-a"), message=2)
    take(event("end", "17:00", outcome="home"), message=3)


def quiet(_):
    """Nobody listens."""


class TestCompaction:
    def test_what_ended_long_ago_leaves_with_all_versions(self, district):
        stay()
        take(event("start", "08:00", visit="V2", service="ed"))
        before, open_before = told(contacts.of_identities([7])), contacts.inside()
        versions = [contacts.versions_of(c[0]) for c in before]
        done = contacts.compact(by=BY, at=LATER)
        assert (done.contacts, done.versions) == (2, 4)
        assert [row.key for row in store.select("1 = 1")] == ["V2"]
        assert told(contacts.of_identities([7])) == before
        assert contacts.inside() == open_before
        after = [contacts.versions_of(c[0], identities=[7]) for c in before]
        assert [told(v) for v in after] == [told(v) for v in versions]
        assert contacts.verify().problems == _no_landing(1, 2, 3, 5)

    def test_again_there_is_nothing_to_do(self, district):
        stay()
        contacts.compact(by=BY, at=LATER)
        now = manifest.current()
        assert contacts.compact(by=BY, at=LATER).contacts == 0
        assert manifest.current() == now

    def test_recent_contacts_stay(self, district):
        stay()
        assert contacts.compact(by=BY, at=KNOWN).contacts == 0

    def test_a_late_message_brings_the_visit_back_and_it_goes_again(self, district):
        stay()
        contacts.compact(by=BY, at=LATER)
        take(event("note", "09:00", outcome="died", recorded=LATER), message=9, known_at=LATER)
        ward = next(c for c in contacts.of_identities([7]) if c.service == "ward-a")
        assert (ward.outcome, ward.version) == ("died", 3)
        assert len(store.select("1 = 1")) == 2
        contacts.compact(by=BY, at=LATER + timedelta(days=1))
        assert store.select("1 = 1") == []
        ward = next(c for c in contacts.of_identities([7]) if c.service == "ward-a")
        assert (ward.outcome, ward.version) == ("died", 3)
        assert [c.version for c in contacts.versions_of(ward.contact)] == [1, 2, 3]
        assert contacts.verify().problems == _no_landing(1, 2, 3, 9)

    def test_a_visit_begun_anew_counts_on_from_what_the_log_has_of_it(self, district):
        """A message of another person that says no old time is not looked for in the whole log."""
        append(rows(old("V1", reason="chest pain")))
        soon = KNOWN + timedelta(hours=1)
        for message, outcome in ((2, "home"), (3, "ward")):
            said = event("note", "09:00", service="ed", ended=KNOWN, outcome=outcome, recorded=soon)
            with transaction.atomic():
                contacts.take([("pas", 8, message, said)], known_at=soon)
        (row,) = store.select("1 = 1")
        assert (row.version, row.logged, row.reason) == (2, 0, "")
        with connection.cursor() as cursor:  # as if it had begun where the log has it
            cursor.execute(
                "UPDATE contacts_contact SET started = %s", [round(OLD.timestamp() * 1e6)]
            )
        contacts.compact(by=BY, at=LATER)
        assert store.select("1 = 1") == []
        assert [c.version for c in contacts.versions_of(row.contact)] == [1, 2, 3]
        (mine,) = contacts.of_identities([8])
        assert (mine.outcome, mine.version) == ("ward", 3)
        assert contacts.of_identities([7]) == []
        assert not [p for p in contacts.verify().problems if "twice" in p or "latest" in p]

    def test_versions_of_a_contact_of_today_are_not_looked_for_in_the_log(
        self, district, monkeypatch
    ):
        append(rows(old("V1")))
        stay()
        (ward, *_) = store.select("version = 2")
        monkeypatch.setattr("onesystem.contacts.log.read.versions_of", None)
        found = contacts.versions_of(ward.contact, identities=[7])
        assert [each.version for each in found] == [1, 2]

    def test_a_crash_before_the_manifest_loses_nothing(self, district, monkeypatch):
        stay()
        before = told(contacts.of_identities([7]))
        with monkeypatch.context() as patch:
            patch.setattr(pending, "finish", lambda name: None)
            patch.setattr(pending, "recover", list)
            patch.setattr("onesystem.contacts.compacting._step", _once(_step()))
            contacts.compact(by=BY, at=LATER)
        assert manifest.current().rows == 0
        assert told(contacts.of_identities([7])) == before  # the reader finished it
        assert manifest.current().rows == 4
        assert store.select("1 = 1") == []

    def test_a_message_between_files_and_manifest_is_not_lost(self, district, monkeypatch):
        stay()
        with monkeypatch.context() as patch:
            patch.setattr(pending, "finish", lambda name: None)
            patch.setattr("onesystem.contacts.compacting._step", _once(_step()))
            contacts.compact(by=BY, at=LATER)
        (name,) = pending.waiting()
        take(event("note", "18:00", outcome="died"), message=9)
        pending.finish(name)
        ward = next(c for c in contacts.of_identities([7]) if c.service == "ward-a")
        assert (ward.outcome, ward.version) == ("died", 3)
        assert [c.version for c in contacts.versions_of(ward.contact)] == [1, 2, 3]
        assert contacts.verify().problems == _no_landing(1, 2, 3, 9)


def _step():
    from onesystem.contacts import compacting

    return compacting._step


def _once(step):
    """The step the first time, nothing to do after: as if the process had died there."""
    left = [step, lambda at: (0, 0)]

    def next_step(at):
        return left.pop(0)(at)

    return next_step


def _no_landing(*messages):
    """These tests have no landing, and verify says so of each message."""
    return tuple(
        f"message {number} made contacts and is not in the landing's index" for number in messages
    )


class TestMerging:
    def test_merged_files_hold_the_same_rows(self, district):
        for i in range(8):
            append(
                rows(old(f"A{i}"), old("B", reason=f"told {i}")),
                message=i + 1,
                known_at=KNOWN + timedelta(hours=i),
            )
        before = told(contacts.of_identities([7]))
        files = len(manifest.current().files)
        assert merge.merge_months(quiet) == merge.merge_runs(quiet) == 8
        assert merge.merge_superseded() == 7
        assert len(manifest.current().files) == 3 < files
        assert told(contacts.of_identities([7])) == before
        assert contacts.verify().problems[:5] == _no_landing(*range(1, 6))

    def test_runs_over_each_other_are_merged_in_slices(self, district, monkeypatch):
        monkeypatch.setattr(merge, "_SMALL", 0)
        monkeypatch.setattr(merge, "_SLICE", 4)
        monkeypatch.setattr("onesystem.contacts.log.shape.RUN_GROUP", 4)
        monkeypatch.setattr("onesystem.contacts.log.shape.MERGED_GROUP", 4)
        for i in range(4):
            append(rows(*(old(f"A{i}-{n}", identity=n) for n in range(1, 12))), message=i + 1)
        assert merge.merge_runs(quiet, deep=3) == 4
        runs = manifest.current().runs
        assert sum(run.rows for run in runs) == 44
        assert len(runs) > 2
        for n in range(1, 12):
            assert len(read.latest([n])) == 4
        append(rows(*(old(f"A4-{n}", identity=n) for n in range(1, 12))), message=5)
        merge.merge_runs(quiet, deep=1)  # what was merged is merged once more
        for n in range(1, 12):
            assert len(read.latest([n])) == 5

    def test_a_little_on_top_of_much_does_not_write_the_much_anew(self, district):
        append(rows(*(old(f"A-{n}", identity=n) for n in range(1, 101))))
        (much,) = manifest.current().runs
        for i in range(4):
            append(rows(old(f"B{i}", identity=50)), message=i + 2)
        assert merge.merge_runs(quiet) == 4
        assert much in manifest.current().runs
        assert len(manifest.current().runs) == 2
        assert len(read.latest([50])) == 5

    def test_left_over_files_are_swept_and_named_ones_stay(self, district):
        append(rows(old()))
        stray = manifest.place() / "months" / "2020-01" / "left-over.parquet"
        stray.parent.mkdir(parents=True)
        stray.write_bytes(b"")
        assert pending.sweep() == 0
        assert pending.sweep(older_than=-1) == 1
        assert not stray.exists()
        assert len(contacts.of_identities([7])) == 1


class TestVerify:
    def test_an_empty_district_agrees(self, district):
        report = contacts.verify()
        assert (report.holds, report.rows, report.files) == (True, 0, 0)

    def test_a_file_that_is_gone_or_changed_is_named(self, district):
        append(rows(old()))
        (file,) = manifest.current().months
        path = manifest.place() / file.name
        whole = path.read_bytes()
        path.write_bytes(whole[:-9] + bytes(9))
        assert "its checksum differs" in contacts.verify().problems[0]
        assert contacts.verify(quick=True).problems == ()
        path.unlink()
        assert "is not there" in contacts.verify(quick=True).problems[0]

    def test_copies_that_differ_are_found(self, district):
        append(rows(old(), old("A2")))
        now = manifest.current()
        manifest.commit("x", runs=now.runs)
        assert "differ" in contacts.verify().problems[0]

    def test_a_contact_changed_behind_its_events_is_found(self, district):
        stay()
        with transaction.atomic(), store.cursor() as cursor:
            cursor.execute("UPDATE contacts_contact SET outcome = 'x'")
        assert "not what its events say" in contacts.verify().problems[-1]

    def test_a_contact_that_forgot_its_place_in_the_log_is_found(self, district):
        append(rows(old("V1")))
        take(event("note", "09:00", outcome="home", started=OLD))
        with transaction.atomic(), store.cursor() as cursor:
            cursor.execute("UPDATE contacts_contact SET logged = 0")
        assert any("the store thinks 0" in each for each in contacts.verify().problems)


class TestErase:
    def test_everything_goes_and_comes_again(self, district):
        append(rows(old(), open_one()))
        stay()
        contacts.erase()
        assert contacts.of_identities([7]) == []
        assert manifest.current().rows == 0
        assert append(rows(old(), open_one())).contacts_new == 2
        assert len(contacts.of_identities([7])) == 2

    def test_what_is_appended_in_the_same_transaction_stays(self, district):
        append(rows(old()))
        with transaction.atomic():
            contacts.erase()
            assert append(rows(old())).contacts_new == 1
        assert [c.version for c in contacts.of_identities([7])] == [1]

    def test_a_replay_does_not_bring_back_what_was_erased(self, district):
        append(rows(old("V1", reason="before")))
        with transaction.atomic():
            contacts.erase()
            take(event("note", "09:00", service="ed", started=OLD))
        assert [(c.version, c.reason) for c in contacts.of_identities([7])] == [(1, "")]

    def test_a_transaction_that_fails_erases_nothing(self, district):
        append(rows(old()))

        def fail():
            with transaction.atomic():
                contacts.erase()
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert len(contacts.of_identities([7])) == 1
