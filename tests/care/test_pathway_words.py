"""Pathways in words: text with lists, times, minutes, and the services that a criterion means."""

from dataclasses import replace

import pytest
from pathway_data import CELLULITIS

from onesystem.care.pathways.document import Criterion, Reference, Step
from onesystem.care.pathways.offers import fitting
from onesystem.care.pathways.presenters import Block, minutes_words, page_words, prose, timing
from onesystem.care.services.entry import Entry

SERVICES = [
    Entry(service="ed-a", name="North ED", setting="ED", accepts=("referral",)),
    Entry(service="derm", name="Dermatology clinic", setting="outpatient",
          accepts=("referral", "advice")),
    Entry(service="eye", name="Eye clinic", setting="outpatient", accepts=("referral",),
          tags=("ophthalmology",)),
    Entry(service="shop", name="Dermatology shop", setting="outpatient", accepts=("referral",),
          listed=True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"service": "ed-a"}, ["ed-a"]),
        ({"service": "gone"}, []),
        ({"setting": "outpatient"}, ["derm", "eye"]),
        ({"setting": "outpatient", "named": "dérmatology"}, ["derm"]),
        ({"named": "ophthal"}, ["eye"]),
        ({"setting": "outpatient", "kind": "advice"}, ["derm"]),
        ({}, []),
    ],
)
def test_a_criterion_means_services_of_the_district(said, found):
    criterion = Criterion(key="c", words="C", **said)
    assert [each.service for each in fitting(criterion, SERVICES)] == found


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        ("One\ntwo", [Block(("One two",), listed=False)]),
        ("One\n\nTwo", [Block(("One",), listed=False), Block(("Two",), listed=False)]),
        ("Ask:\n- a\n- b", [Block(("Ask:",), listed=False), Block(("a", "b"), listed=True)]),
        ("* a", [Block(("a",), listed=True)]),
    ],
)
def test_a_text_has_paragraphs_and_points(text, blocks):
    assert prose(text) == blocks


def test_times_and_minutes_are_words():
    step = Step(key="s", words="S", within="2 days", every="1 year", times=3)
    assert timing(step) == "within 2 days, again every 1 year, at most 3 times"
    assert timing(Step(key="s", words="S")) == ""
    assert minutes_words({"gp": 10, "practice-nurse": 15}) == "GP 10 min, practice nurse 15 min"


def test_steps_are_numbered_through():
    page = page_words(CELLULITIS)
    assert [s["number"] for _, steps in page["sections"] for s in steps] == [1, 2, 3]
    assert page["minutes"] == "GP 10 min, practice nurse 15 min"
    assert page["requests"][0][1] == "Urgent"


def test_only_what_is_an_address_is_followed():
    bad = replace(CELLULITIS, references=(Reference(title="x", url="javascript:1"),))
    assert page_words(bad)["references"][0].url == ""
