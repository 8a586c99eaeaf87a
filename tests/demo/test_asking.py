"""What practices ask of others: valid, of a service of the district, and ended by what came."""

import pickle
from datetime import UTC, datetime

import numpy as np
import orjson
import pytest

from onesystem.demo import asking
from onesystem.demo.seconds import DAY
from onesystem.demo.telling import Teller
from onesystem.demo.writing import write_district
from onesystem.district import load
from onesystem.feeds.fhir import FhirReader
from onesystem.feeds.fhir.validation import is_valid
from onesystem.vocabulary import RequestSeen


@pytest.fixture(scope="module")
def lines(imagined):
    """The requests for everybody, as they stood when the extracts were cut."""
    subject = {int(p): f"s{p}" for p in range(len(imagined.world.people))}
    told = asking.referrals(imagined.world, imagined.streams, subject, imagined.reached)
    return [orjson.loads(line) for line in told]


def test_every_line_is_r4(lines):
    assert all(is_valid(each) for each in lines)


def test_what_is_open_waits_and_what_is_done_was_asked_before(imagined, lines):
    """As many wait as the clinics say that somebody whom a practice sent has not been seen."""
    open_ = [each for each in lines if each["status"] == "active" and each["id"][1] == "O"]
    clinics = imagined.streams["O"].where(asking.asks(imagined.streams["O"]))
    waits = (clinics.requested <= imagined.reached) & (clinics.ended > imagined.reached)
    assert len(open_) == np.count_nonzero(waits) > 20
    assert {each["status"] for each in lines} == {"active", "completed", "revoked"}
    assert all(each["authoredOn"] <= each["meta"]["lastUpdated"] for each in lines)


def test_the_reader_knows_whom_they_were_sent_to(imagined, lines, tmp_path):
    write_district(imagined.world, tmp_path)
    district = load(tmp_path)
    received = datetime.fromtimestamp(imagined.reached, UTC)
    for each in lines[:40]:
        readings = FhirReader().read(
            orjson.dumps(each), source=district.source("practices"), district=district,
            received=received,
        )  # fmt: skip
        (seen,) = [r for r in readings if isinstance(r, RequestSeen)]
        assert seen.service in district.services
        assert seen.at is not None
        assert seen.by.startswith("Dr ")


def test_a_referral_of_today_is_sent_after_the_consultation(imagined):
    """And told again when it was answered."""
    told = pickle.loads(pickle.dumps(imagined))  # a copy that may be told on
    sent = [s for s in Teller(told).until(told.reached + 3 * DAY) if b"ServiceRequest" in s.data]
    said = [orjson.loads(s.data) for s in sent]
    assert {each["status"] for each in said} >= {"active", "completed"}
    assert all(s.source == "practices" and not s.hl7 for s in sent)
    assert all(is_valid(each) for each in said)
