"""Exports and subscriptions are worked on where no district is served, too."""

import pytest
from click.testing import CliRunner

from onesystem.cli import fhir

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_parts_are_done_until_nothing_is_left(monkeypatch):
    """It goes on while a part says that something is left."""
    left = [True, True, False]
    monkeypatch.setattr(fhir, "open_district", lambda: None)
    monkeypatch.setattr("onesystem.record.run_errands", lambda: left.pop(0), raising=False)
    done = CliRunner().invoke(fhir.fhir, ["errands"])
    assert done.exit_code == 0, done.output
    assert left == []


def test_with_nothing_to_do_it_ends(district, monkeypatch):
    monkeypatch.setattr(fhir, "open_district", lambda: None)
    assert CliRunner().invoke(fhir.fhir, ["errands"]).exit_code == 0
