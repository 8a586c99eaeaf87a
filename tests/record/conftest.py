"""What the tests of the record's FHIR server begin with."""

import pytest
from fhir_asking import Client, patient

from onesystem import wiring


@pytest.fixture
def app(district):
    """A client of the server, and one patient there."""
    wiring.connect()
    made = Client()
    made.put("Patient/p", patient(id="p"))
    return made
