"""The glossary is complete: every word that the code is built from stands in it."""

import re
from enum import EnumMeta
from pathlib import Path

import polib
import pytest

from onesystem import vocabulary
from onesystem.vocabulary import Act, Setting, Standing
from onesystem.web.language.catalogue import POT

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


# What pages do not call it, and the word of the glossary; a carve-out is a file's own subject:
# the list that a practice is paid for, and messages of others in their own words.
SYNONYMS = {
    "alarm": "alert", "beneficiary": "person", "citizen": "person", "dashboard": "board",
    "encounter": "contact", "indicator": "measure", "KPI": "measure", "log in": "sign in",
    "login": "sign-in", "notification": "notice", "patient": "person", "roster": "rota",
    "simulation": "run of the twin", "stakeholder": "member", "utilisation": "occupancy",
    "voting": "voice", "workflow": "pathway",
}  # fmt: skip
OF_OTHERS = {
    "patient": ("budget/capitation/", "feeds/", "record/", "plan/areas/presenters.py",
                "alliance/learning/risks.html"),
}  # fmt: skip
MESSAGES = [
    (entry.msgid, [file for file, _ in entry.occurrences]) for entry in polib.pofile(str(POT))
]


@pytest.mark.parametrize("word", SYNONYMS)
def test_pages_and_messages_use_the_words_of_the_glossary(word):
    """All that templates and presenters say: the catalogue that translators begin from."""
    assert SYNONYMS[word].split()[0] in WORDS | {"occupancy", "run", "sign", "sign-in"}
    said = re.compile(rf"\b{word}s?\b", re.IGNORECASE)
    found = [(text, files) for text, files in MESSAGES if said.search(text)]
    allowed = OF_OTHERS.get(word, ())
    wrong = [(text, files) for text, files in found if not files[0].startswith(allowed or "//")]
    assert wrong == [], f"say {SYNONYMS[word]}, not {word}"
