"""Tutorials keep to what a reader can follow; tests/demo follows each of them in a browser."""

import pytest
from reader import NotUnderstood, understood
from tutorial import FOLDER, sentences, tutorials

# Each role that has a first session of its own.
ROLES = """alliance-chair coordinator district-nurse ed-nurse finance-manager general-practitioner
integration-engineer paramedic person planner privacy-officer social-worker""".split()


def test_each_role_has_a_tutorial_that_is_followed():
    assert set(ROLES) <= set(tutorials())


@pytest.mark.parametrize("name", tutorials())
def test_every_step_says_what_a_reader_can_do(name):
    said = sentences(tutorials()[name])
    assert [sentence for sentence in said if not understood(sentence)] == []
    assert "sign in as" in said[0].lower()


@pytest.mark.parametrize("name", ROLES)
def test_a_tutorial_ends_with_what_was_done_and_where_to_go(name):
    assert "\nYou have " in tutorials()[name]


def test_a_sentence_that_nobody_can_follow_is_refused():
    with pytest.raises(NotUnderstood, match=r"Open \*\*_\*\*"):
        understood("Have a look at **Beds**")


def test_names_of_the_page_do_not_hide_in_an_explanation():
    with pytest.raises(NotUnderstood):
        understood("Open **Beds**: then press **Left**")


def test_a_step_is_read_sentence_by_sentence():
    text = "1. Open **Who is here?** Type `St. Ann` into **Name**: it is short.\n\n   Prose.\n"
    assert sentences(text) == ["Open **Who is here?**", "Type `St. Ann` into **Name**: it is short"]


def test_no_tutorial_is_out_of_sight():
    """The index leads to each by a line that says for whom it is."""
    index = (FOLDER.parent / "index.md").read_text(encoding="utf-8")
    names = {path.stem for path in FOLDER.glob("*.md")}
    assert {name for name in names if f"](tutorials/{name}.md)" not in index} == set()
