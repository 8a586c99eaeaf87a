"""`onesystem opportunities`: ranked, as CSV and as JSON."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from django.db import transaction

from onesystem import contacts, people
from onesystem.cli.opportunities import opportunities
from onesystem.vocabulary import Act, ContactEvent

JANUARY = ["--from", "2026-01-01", "--to", "2026-01-31"]


@pytest.fixture
def stayed(busy, monkeypatch):
    """Somebody was ready on the third of January, and stayed on for two days and four hours."""
    monkeypatch.setattr("onesystem.cli.opportunities.open_district", lambda: busy)
    now = datetime(2026, 1, 9, tzinfo=UTC)
    event = ContactEvent(
        visit="S1", subject="p1", act=Act.STATE, at=now, recorded=now, service="ward-a",
        started=datetime(2026, 1, 1, 10, tzinfo=UTC), ready=datetime(2026, 1, 3, 10, tzinfo=UTC),
        ended=datetime(2026, 1, 5, 14, tzinfo=UTC), outcome="to a care home",
    )  # fmt: skip
    with transaction.atomic():
        known = people.identify([("pas", "p1")], known_at=now)
        contacts.take([("pas", known["pas", "p1"], 1, event)], known_at=now)


def run(*args):
    made = CliRunner().invoke(opportunities, [*JANUARY, *args], catch_exceptions=False)
    assert made.exit_code == 0, made.output
    return made.stdout


def test_as_csv_the_largest_first_with_money_in_minor_units(stayed):
    rows = list(csv.DictReader(io.StringIO(run("--csv"))))
    assert len(rows) == 7
    first = rows[0]
    assert first["opportunity"] == "Ready to go, and still there"
    assert (first["contacts"], first["avoidable days"]) == ("1", "2.0")
    assert first["money (minor units)"] == str(2 * 82586)


def test_with_its_splits(stayed):
    rows = csv.DictReader(io.StringIO(run("--csv", "--split")))
    assert "To a care home" in {row["group"] for row in rows}


def test_as_json_everything(stayed):
    found = json.loads(run("--json"))
    assert (found["start"], found["end"]) == ("2026-01-01", "2026-02-01")
    assert {kind["name"] for kind in found["kinds"]} >= {"ready-not-gone", "waits-by-step"}


def test_drawn_for_a_person(stayed):
    assert "Avoidable days" in run()
