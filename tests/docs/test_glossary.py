"""The glossary is complete: every word that the code is built from stands in it."""

import re
from enum import EnumMeta
from pathlib import Path

import pytest

from onesystem import vocabulary
from onesystem.vocabulary import Act, Setting, Standing

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| word")
]
WORDS = {re.sub(r" \(.*\)", "", word).lower() for word, _ in ROWS}
MEANINGS = " ".join(meaning for _, meaning in ROWS)

# What the design of the product names, in its own order.
DESIGN = """district, person, source, message, contact, service, setting, request, pathway, measure,
signal, twin, scenario, option, fund, contribution, budget, commitment, entry, contract, terms,
settlement, alliance, member, charter, proposal, decision, purpose, relationship, break-glass,
organisation, place, capacity, identity, landing""".replace("\n", " ").split(", ")


@pytest.mark.parametrize("word", DESIGN)
def test_every_word_of_the_design_is_there(word):
    assert word.strip() in WORDS


@pytest.mark.parametrize("kind", [Setting, Act, Standing], ids=lambda kind: kind.__name__)
def test_every_value_of_an_enumeration_is_named(kind: EnumMeta):
    missing = [value for value in kind if not re.search(rf"\b{value}\b", MEANINGS)]
    assert missing == []


def test_every_class_of_the_vocabulary_is_a_word():
    spoken = {
        "Asked": "request",
        "CareAct": "care act",
        "PersonSeen": "reading",
        "SubjectsMerged": "merge",
        "ContactEvent": "visit",
        "StayFact": "stay fact",
    }
    spoken |= {"RequestSeen": "request", "CheckState": "check digit"}
    classes = {
        name
        for name in vocabulary.__all__
        if name[0].isupper() and not name.isupper() and "Error" not in name
    }
    errors = {"BadConfig", "BadInput", "Busy", "NotFound", "NotPermitted"}
    missing = {c for c in classes - errors if spoken.get(c, c).lower() not in WORDS}
    assert missing == set()


def test_words_are_in_order_and_stand_once():
    words = [word.lower() for word, _ in ROWS]
    assert words == sorted(words)
    assert len(words) == len(set(words))
