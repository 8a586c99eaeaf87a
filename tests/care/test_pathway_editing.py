"""A pathway as the fields of a form: nothing typed is lost, and every slip has its place."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathway_data import CELLULITIS

from onesystem.care.pathways.document import Pathway
from onesystem.care.pathways.editing import (
    changed,
    flat,
    key_of,
    pathway_from,
    posted,
    raw_from,
    raw_of,
    shown,
)
from onesystem.care.pathways.library import library

LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12).map(
    str.strip
)


def typed(raw):
    """What a browser would send of that page, as it is read again."""
    return raw_from({name: values[0] if values else "" for name, values in posted(raw).items()})


def through(pathway):
    made, slips = pathway_from(typed(shown(raw_of(pathway))))
    assert slips == []
    return made


def test_a_pathway_goes_through_its_form_and_back():
    assert through(CELLULITIS) == CELLULITIS


@given(LINES, LINES.filter(bool), st.lists(LINES.filter(bool), max_size=3))
def test_words_come_back_as_they_were_typed(summary, title, words):
    pathway = replace(CELLULITIS, title=title, summary=summary, words=tuple(words))
    assert through(pathway) == pathway


def test_lines_of_a_text_are_kept():
    raw = shown(raw_of(CELLULITIS))
    raw["summary"] = "One\r\n\r\n- two"
    assert pathway_from(raw_from(dict(flat(raw))))[0].summary == "One\n\n- two"


def test_an_empty_row_is_no_row():
    raw, _ = changed(raw_of(CELLULITIS), "add:management")
    assert pathway_from(typed(shown(raw)))[0] == CELLULITIS


@pytest.mark.parametrize(
    ("do", "place", "keys"),
    [
        ("up:management.1", "management.0", ["again", "treat"]),
        ("down:management.0", "management.1", ["again", "treat"]),
        ("up:management.0", "management.0", ["treat", "again"]),
        ("down:management.1", "management.1", ["treat", "again"]),
        ("remove:management.0", "management.0", ["again"]),
        ("remove:management.1", "management", ["treat"]),
        ("remove:management.7", "management", ["treat", "again"]),
        ("up:nothing.1", "nothing.1", ["treat", "again"]),
        ("shred:", "", ["treat", "again"]),
        ("remove:management.x", "management", ["treat", "again"]),
        ("add:management.0.actions.9", "management.0.actions.9", ["treat", "again"]),
    ],
)
def test_rows_are_moved_by_their_place(do, place, keys):
    raw, at = changed(raw_of(CELLULITIS), do)
    assert [step.key for step in pathway_from(raw)[0].management] == keys
    assert at.startswith(place.split(".")[0])


def test_a_new_step_is_named_by_its_words():
    raw, place = changed(raw_of(CELLULITIS), "add:management")
    raw["management"][-1]["words"] = "Äußere Ränder: look again"
    again = pathway_from(typed(shown(raw)))[0].management
    assert place == "management.2"
    assert again[-1].key == "aussere-rander-look-again"


def test_names_are_taken_once():
    assert key_of("Look", {"look", "look-2"}) == "look-3"
    assert key_of("!!!") == "unnamed"


@pytest.mark.parametrize(
    ("place", "value", "what"),
    [
        ("management.1.minutes.0.minutes", "ten", "no whole number"),
        ("management.1.minutes.0.minutes", "0", "no time"),
        ("management.1.minutes.0.staff", "practise nurse", "no staff group"),
        ("management.1.times", "-1", "no whole number"),
        ("codes", "cellulitis", "no code"),
        ("requests.0.what", "snomed|", "no code"),
        ("review", "two", "no whole number"),
    ],
)
def test_a_slip_has_its_place_and_its_cure(place, value, what):
    fields = dict(flat(shown(raw_of(CELLULITIS)))) | {place: value}
    raw = raw_from(fields)
    slips = pathway_from(raw)[1]
    assert any(slip.place == place and what in slip.what and slip.cure for slip in slips)
    assert dict(flat(raw))[place] == value  # it stays as it was typed


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=9), max_size=8))
def test_nothing_that_is_posted_is_too_strange(fields):
    made, _ = pathway_from(raw_from(fields | {"key": "k"}))
    assert isinstance(made, Pathway)


def test_codes_may_be_written_short():
    made, _ = pathway_from({"key": "k", "title": "T", "codes": "snomed|128045006 Cellulitis"})
    assert made.codes[0].system == "http://snomed.info/sct"
    assert raw_of(made)["codes"] == "snomed|128045006|Cellulitis"


@pytest.mark.parametrize("key", sorted(library()))
def test_the_starter_set_goes_through_its_form_and_back(key):
    assert through(library()[key]) == library()[key]
