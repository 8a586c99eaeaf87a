"""Names, numbers and ids of people stay out of the log, whatever is asked or goes wrong."""

import io
import logging

import pytest
import structlog
from django.test import Client as Browser
from fhir_asking import Client, patient

from onesystem.record.fhir import handling
from onesystem.web.logs import WithoutIds

pytestmark = pytest.mark.django_db
SECRETS = ("ngapuhi7", "9434765919", "quay7")


def test_nobody_is_named_in_the_log(district, monkeypatch):
    """Asks that succeed, that are refused and that meet a fault of ours."""
    from onesystem import wiring

    wiring.connect()
    app = Client()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(WithoutIds())
    logging.getLogger().addHandler(handler)
    monkeypatch.setattr(logging.getLogger(), "level", logging.INFO)
    door = Browser(headers={"authorization": f"Bearer {app.token}"})
    broken = dict(handling.INTERACTIONS) | {"history": lambda *_: 1 / 0}
    try:
        with structlog.testing.capture_logs() as events:
            body = patient(id="quay7", name=[{"family": "Ngapuhi7"}],
                           identifier=[{"system": "urn:nhs", "value": "9434765919"}])  # fmt: skip
            door.put("/fhir/Patient/quay7", body, content_type="application/fhir+json")
            for path in ("Patient/quay7", "Patient?family=Ngapuhi7", "Patient?nonsense=9434765919",
                         "Patient/9434765919", "Patient/quay7/nothing/9434765919"):  # fmt: skip
                door.get(f"/fhir/{path}")
            monkeypatch.setattr(handling, "INTERACTIONS", broken)
            assert door.get("/fhir/Patient/quay7/_history").status_code == 500
    finally:
        logging.getLogger().removeHandler(handler)
    said = (written.getvalue() + str(events)).lower()
    assert "/fhir/patient/-" in said  # it was listened to
    assert any(each["event"] == "an ask met a fault" for each in events)
    assert not [each for each in SECRETS if each in said]
