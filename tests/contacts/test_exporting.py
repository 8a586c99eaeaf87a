"""Exports, the command line, and the district that analysts open."""

import csv
import io
import sqlite3
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from stays import KNOWN, OLD, append, at, event, old, open_one, rows

import onesystem
from onesystem import contacts
from onesystem.access import Actor
from onesystem.contacts.exporting import Asked, export
from onesystem.vocabulary import NotPermitted

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.job("command line")


def exported(**asked):
    out = io.BytesIO()
    export(Asked(**asked), by=BY, out=out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


class TestExport:
    def test_both_stores_by_day_service_and_setting(self, district):
        append(rows(old(), open_one(), old("A2", service="gp", setting="general practice")))
        assert len(exported()) == 3
        assert [r["service"] for r in exported(settings=["general practice"])] == ["gp"]
        assert len(exported(since=date(2026, 3, 2), until=date(2026, 3, 3))) == 1
        assert len(exported(until=date(2026, 3, 2))) == 2
        assert len(exported(identities=[8])) == 0

    def test_times_are_the_districts_with_their_offset(self, district):
        summer = datetime(2024, 7, 1, 12, tzinfo=UTC)
        append(rows(old(started=summer, ended=summer + timedelta(hours=1))))
        (row,) = exported()
        assert (row["started"], row["requested"]) == ("2024-07-01T13:00:00+01:00", "")

    def test_words_that_a_spreadsheet_would_run_are_made_harmless(self, district):
        append(
            rows(old(reason="=cmd|'/C calc'!A0"), old("A2", reason="@x"), old("A3", reason="-1"))
        )
        assert sorted(r["reason"] for r in exported()) == ["'-1", "'=cmd|'/C calc'!A0", "'@x"]

    def test_cancelled_ones_only_when_asked_for(self, district):
        with transaction.atomic():
            contacts.take(
                [
                    ("pas", 7, 1, event("start", "08:00", service="ed")),
                    ("pas", 7, 1, event("cancel", "08:05")),
                ],
                known_at=KNOWN,
            )
        assert (len(exported()), len(exported(cancelled=True))) == (0, 1)

    def test_what_was_known_then(self, district):
        append(rows(old(reason="first")))
        append(rows(old(reason="second")), message=2, known_at=KNOWN + timedelta(days=1))
        assert [r["reason"] for r in exported(as_of=KNOWN)] == ["first"]
        assert [r["reason"] for r in exported()] == ["second"]

    def test_parquet_keeps_the_types(self, district):
        append(rows(old()))
        out = io.BytesIO()
        export(Asked(), by=BY, out=out, form="parquet")
        table = pq.read_table(io.BytesIO(out.getvalue()))
        assert table["started"].to_pylist() == [OLD]
        assert pa.types.is_int64(table.schema.field("contact").type)

    def test_who_may_not_is_told_and_who_did_is_in_the_trail(self, district):
        with pytest.raises(NotPermitted):
            export(Asked(), by=Actor(name="visitor"), out=io.BytesIO())
        append(rows(old()))
        exported(services=["ed"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT act, detail FROM access_audit ORDER BY id DESC LIMIT 1")
            act, detail = cursor.fetchone()
        assert act == "contacts.exported"
        assert "ed" in str(detail)


class TestTheCommand:
    @pytest.fixture
    def run(self, district, monkeypatch):
        from onesystem.cli import contacts as module

        monkeypatch.setattr(module, "open_district", lambda: district)

        def run(*args, code=0):
            result = CliRunner().invoke(module.contacts, args)
            assert result.exit_code == code, result.output + repr(result.exception)
            return result

        return run

    def test_a_table_by_default(self, run):
        append(rows(old()))
        assert "2025-01-26 08:00" in run("--service", "ed").stdout

    def test_csv_to_a_file_or_here(self, run, tmp_path):
        append(rows(old()))
        assert len(list(csv.DictReader(io.StringIO(run("--csv", "-").stdout)))) == 1
        run("--csv", str(tmp_path / "x.csv"), "--bom")
        assert (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        assert [p.name for p in tmp_path.glob("x.csv*")] == ["x.csv"]

    def test_count_verify_and_compact(self, run):
        append(rows(open_one()))
        assert "open                     1" in run("count").stdout
        assert "WRONG: message 1" in run("verify", code=1).stdout
        assert "Everything agrees" not in run("verify", "--quick", code=0).stderr
        assert "0 contacts carried" in run("compact").stdout


class TestTheAnalystsDistrict:
    @pytest.fixture
    def opened(self, district):
        """The district with a store on disk, as a served one has it."""
        if connection.vendor != "sqlite":
            pytest.skip("the copy of the test's store is made with SQLite")
        append(rows(old(reason="first"), open_one(), old("A2", service="gp")))
        append(rows(old(reason="second")), message=2, known_at=KNOWN + timedelta(days=1))
        with sqlite3.connect(district.path / "store.sqlite3") as copy:
            connection.connection.backup(copy)
        copy.close()
        with onesystem.District.open(district.path, url="") as opened:
            yield opened

    def test_contacts_are_one_lazy_relation_over_both_stores(self, opened):
        found = opened.contacts.filter("service = 'ed'").order("started").project("started, reason")
        assert found.to_arrow_table().to_pylist() == [
            {"started": OLD, "reason": "second"},
            {"started": at("08:00"), "reason": ""},
        ]

    def test_as_of_and_services_and_sql(self, opened):
        assert {r for (r,) in opened.contacts_as_of(KNOWN).project("reason").fetchall()} == {
            "",
            "first",
        }
        query = (
            "SELECT s.name, count(*) FROM contacts JOIN services s ON s.code = service GROUP BY 1"
        )
        assert dict(opened.sql(query).fetchall()) == {
            "Emergency department": 2,
            "Mill Road Surgery": 1,
        }
        with pytest.raises(ValueError, match="zone"):
            opened.contacts_as_of(datetime(2026, 1, 1))  # noqa: DTZ001

    def test_a_district_without_contacts_is_empty(self, district):
        with onesystem.District.open(district.path, url="") as empty:
            assert len(empty.contacts.to_arrow_table()) == 0
