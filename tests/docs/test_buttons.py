"""One act has one verb on every page: the table of `docs/how-to/contribute.md`, held."""

import re
from pathlib import Path

import pytest
from buttons import labels

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "contribute.md"
SECTION = PAGE.read_text(encoding="utf-8").split("## Name a button")[1].split("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in SECTION.splitlines()
    if line.startswith("| ") and not line.startswith("| it ")
]
OWN, STANDING = (found.replace("\n", " ").split(", ") for found in
                 re.findall(r": \*([A-Z][^*]+)\*\.", SECTION))  # fmt: skip
SAID = [verb for _, verbs, _ in ROWS for verb in verbs.split(", ")]
REFUSED = {word: (verbs, it) for it, verbs, words in ROWS for word in words.split(", ") if word}
LABELS = labels()


def begins(label, verb):
    """Whether a label begins with a verb; `…` stands for words between its two halves."""
    first, _, last = verb.partition(" … ")
    middle = rf"\b.*\b{re.escape(last)}" if last else ""
    return re.match(rf"{re.escape(first)}{middle}\b", label) is not None


def wrong(label):
    """What to write instead; empty where the label is as it should be."""
    if any(begins(label, verb) for verb in (*SAID, *OWN, *STANDING)):
        return ""
    for word, (verb, it) in REFUSED.items():
        if begins(label, word):
            return f"“{label}”: a button that {it} says {verb}, not {word}"
    return f"“{label}” begins with no verb of “Name a button” in docs/how-to/contribute.md"


def test_every_button_says_what_it_does_with_the_verb_of_that_act():
    problems = [f"{', '.join(sorted(files))}: {why}" for label, files in sorted(LABELS.items())
                if (why := wrong(label))]  # fmt: skip
    assert not problems, "\n".join(problems)


def test_the_labels_of_pages_forms_and_macros_are_found():
    """Otherwise the test above would look at nothing."""
    assert {"base.html", "macros.html", "meeting.html", "inbox_verbs.py"} <= set().union(
        *LABELS.values()
    )
    assert {"Save", "Take it back", "Accept", "Work it out", "Open the meeting"} <= set(LABELS)


@pytest.mark.parametrize(
    ("label", "instead"),
    [
        ("Edit", "Change"),
        ("Delete it", "Remove"),
        ("Export", "Download"),
        ("Frobnicate", "no verb"),
    ],
)
def test_another_word_for_the_same_act_is_refused_and_told(label, instead):
    assert instead in wrong(label)


def test_no_word_is_both_said_and_refused():
    assert [word for word in REFUSED if word in {*SAID, *OWN, *STANDING}] == []


def test_no_verb_is_in_the_table_that_no_page_says():
    elsewhere = {"Download"}  # links of `ui.file`, which are no buttons
    idle = [verb for verb in (*SAID, *OWN) if not any(begins(label, verb) for label in LABELS)]
    assert set(idle) == elsewhere
