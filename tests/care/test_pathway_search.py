"""A pathway is found by its title and by the words that people use, however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.pathways.search import Sought, folded, index_of, look

INDEX = index_of(
    [
        Sought("cellulitis", "Cellulitis", ("red hot leg", "skin infection", "kirihou wera")),
        Sought("copd", "COPD exacerbation", ("can't catch my breath", "chesty", "smoker's lung")),
        Sought("dvt", "Deep vein thrombosis", ("swollen calf", "clot in the leg")),
        Sought("falls", "Falls in older people", ("had a tumble", "unsteady on my feet", "hinga")),
        Sought("bleeding", "Heavy menstrual bleeding", ("flooding", "mate wāhine", "heavy period")),
        Sought("stroke", "Suspected stroke", ("face dropped", "strôc", "roro ikura")),
    ]
)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("cellulitis", "cellulitis"),
        ("CELLU", "cellulitis"),  # begun
        ("celulitis", "cellulitis"),  # a letter left out
        ("cellulitus", "cellulitis"),  # another letter
        ("cellultiis", "cellulitis"),  # two letters changed round
        ("clel", "cellulitis"),  # begun, and slipped
        ("red leg", "cellulitis"),  # words that people use, in part
        ("leg red hot", "cellulitis"),  # in any order
        ("kirihou", "cellulitis"),
        ("mate wahine", "bleeding"),  # no macron typed where there is one
        ("kirihōu", "cellulitis"),  # a macron typed where there is none
        ("MATE WĀHINE", "bleeding"),
        ("stroc", "stroke"),
        ("cant catch breath", "copd"),
        ("can\u2019t catch", "copd"),
        ("clot in leg", "dvt"),
        ("thrombsis", "dvt"),
        ("heavy periods", "bleeding"),
        ("tumbled", "falls"),
    ],
)
def test_it_is_found_as_it_is_typed(typed, slug):
    assert look(INDEX, typed)[0].slug == slug


@pytest.mark.parametrize("typed", ["", "  ", "zzzz", "!!", "gout", "the tango with my aunt"])
def test_what_is_not_there_is_not_found(typed):
    assert look(INDEX, typed) == []


def test_a_title_comes_before_what_people_say():
    both = index_of([Sought("b", "Skin lesion", ("spot",)), Sought("a", "Acne", ("skin spots",))])
    assert [hit.slug for hit in look(both, "skin")] == ["b", "a"]


def test_it_says_by_which_words():
    assert look(INDEX, "swollen")[0].called == "swollen calf"
    assert look(INDEX, "cellulitis")[0].called == ""


@given(st.text(max_size=40))
def test_nothing_that_is_typed_is_too_much(typed):
    assert len(look(INDEX, typed)) <= 6
    assert folded(folded(typed)) == folded(typed)


@given(st.sampled_from(INDEX.sought), st.data())
def test_every_beginning_of_a_title_finds_it(sought, data):
    typed = sought.title[: data.draw(st.integers(3, len(sought.title)))]
    assert sought.slug in [hit.slug for hit in look(INDEX, typed)]
