"""Whatever is asked is answered: never a fault, always an outcome with a cure."""

import json
import os

import pytest
from fhir_asking import BASE, Client, patient
from fhir_fuzzing import Asks

from onesystem import wiring
from onesystem.record.fhir.engine import answer

pytestmark = pytest.mark.django_db
INPUTS = int(os.environ.get("ONESYSTEM_FUZZ", "600"))  # asks of each seed


@pytest.mark.parametrize("seed", [1, 2])
def test_no_ask_is_a_fault(district, seed):
    wiring.connect()
    app = Client()
    app.put("Patient/p", patient(id="p"))
    asks = Asks(app.get("metadata").json, app.token, BASE, seed)
    faults = []
    for number in range(INPUTS):
        ask = asks.one()
        made = answer([ask])[0]
        if wrong(ask, made):
            faults.append((number, ask.method, ask.path[:80], ask.query[:160], ask.body[:160],
                           made.status, made.body[:300]))  # fmt: skip
    assert not faults, f"{len(faults)} of {INPUTS}:\n" + "\n".join(map(str, faults[:40]))


def wrong(ask, made):
    """Whether that is no answer to give."""
    if made.status >= 500 or (made.body and ask.method == "HEAD"):
        return True
    kind = made.headers.get("Content-Type", "")
    if made.status >= 400 and ask.method != "HEAD" and "json" in kind:
        said = json.loads(made.body)
        return said["resourceType"] != "OperationOutcome" or not said["issue"][0].get("diagnostics")
    return made.status >= 400 and not kind and ask.method != "HEAD"
