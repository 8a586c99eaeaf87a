"""What `onesystem fhir` does beside a served district, or without one."""

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


def test_the_index_of_searches_is_made_anew(district, monkeypatch):
    """What was lost from it is found again, and the trail says that it was made."""
    from django.db import connection
    from fhir_asking import Client, patient

    from onesystem import wiring
    from onesystem.access.models import Audit

    wiring.connect()
    app = Client()
    app.put("Patient/p", patient(id="p"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_token")
    assert app.get("Patient?identifier=urn:mrn|m1").json["total"] == 0
    monkeypatch.setattr(fhir, "open_district", lambda: None)
    done = CliRunner().invoke(fhir.fhir, ["reindex"], catch_exceptions=False)
    assert (done.exit_code, "1 entries" in done.output) == (0, True), done.output
    assert app.get("Patient?identifier=urn:mrn|m1").json["total"] == 1
    assert Audit.objects.filter(act="fhir.index-rebuilt").count() == 1
