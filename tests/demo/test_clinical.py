"""The demo's records: valid FHIR, of people whom the source knows, said by more than one source."""

import numpy as np
import orjson
import pytest

from onesystem.demo import clinical
from onesystem.feeds.fhir.validation import is_valid


@pytest.fixture(scope="module")
def held(imagined):
    """The records of some people, half of whom are nursed at home."""
    who = np.arange(0, 4000, 9)
    return clinical.records(imagined.world, who, imagined.reached, nursed=who[:222])


def subjects(held, every=1):
    """Their numbers with a source."""
    return {p.index: f"s{p.index}" for p in held.people[::every]}


def resources(sent):
    """Every resource of what a source sends, by type."""
    return {kind: [orjson.loads(line) for line in lines] for kind, lines in sent.items()}


def test_every_line_is_r4(held):
    """Whatever the source."""
    for sent in (
        held.practices(subjects(held)),
        held.pharmacies(subjects(held)),
        held.community(subjects(held)),
    ):
        for kind, listed in resources(sent).items():
            assert listed, f"there is no {kind} to look at"
            for each in listed:
                assert each["resourceType"] == kind
                assert is_valid(each), each


def test_pharmacies_tell_only_of_those_whom_they_know(held):
    """A hand-out to somebody whom the pharmacy never described would be of nobody."""
    some = subjects(held, every=2)
    listed = resources(held.pharmacies(some))["MedicationDispense"]
    assert {each["subject"]["reference"][8:] for each in listed} <= set(some.values())


def test_some_allergies_are_said_twice_and_not_alike(held):
    """So that the record has something to fold, and something to mark."""
    own = {e["patient"]["reference"]: e.get("criticality") for e in
           resources(held.practices(subjects(held)))["AllergyIntolerance"]}  # fmt: skip
    theirs = {e["patient"]["reference"]: e.get("criticality") for e in
              resources(held.community(subjects(held)))["AllergyIntolerance"]}  # fmt: skip
    both = own.keys() & theirs.keys()
    assert both
    assert {own[p] == theirs[p] for p in both} == {True, False}
