"""Two versions of a pathway side by side, word by word."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from pathway_data import CELLULITIS

from onesystem.care.pathways.comparing import compare, words_apart

TEXTS = st.text(max_size=40)


def marked(pieces):
    return "".join({"same": "{}", "gone": "-{}-", "new": "+{}+"}[p.kind].format(p.text)
                   for p in pieces)  # fmt: skip


def test_words_that_came_and_went_are_marked():
    left, right = words_apart("Give 500 mg twice a day.", "Give 1 g twice a day, with food.")
    assert marked(left) == "Give -500- -mg- twice a day." or "-500" in marked(left)
    assert "+1" in marked(right)
    assert marked(right).endswith("+, with food+.")


@given(TEXTS, TEXTS)
def test_both_texts_are_whole(before, after):
    left, right = words_apart(before, after)
    assert "".join(p.text for p in left) == before
    assert "".join(p.text for p in right) == after
    same = [["".join(p.text for p in side if p.kind == "same")] for side in (left, right)]
    assert same[0] == same[1]


def test_the_same_twice_has_no_changes():
    assert not any(pair.changed for pair in compare(CELLULITIS, CELLULITIS))


def test_what_changed_stands_at_its_place():
    look, *more = CELLULITIS.assessment
    after = replace(
        CELLULITIS, assessment=(replace(look, words="Mark the edge, and take a photo"), *more),
        management=CELLULITIS.management[:1], summary="",
    )  # fmt: skip
    changed = {pair.place: pair for pair in compare(CELLULITIS, after) if pair.changed}
    assert "assessment step “look”, words" in changed
    assert changed["summary"].right == ()
    assert "management step “again”, words" in changed
    assert "title" not in changed


def test_a_new_step_stands_where_it_is():
    first, second = CELLULITIS.management
    new = replace(second, key="ring", words="Ring the person")
    after = replace(CELLULITIS, management=(first, new, second))
    places = [p.place for p in compare(CELLULITIS, after) if p.place.endswith(", words")]
    steps = [p.split("“")[1].split("”")[0] for p in places if p.startswith("management step")]
    assert list(dict.fromkeys(steps)) == ["treat", "ring", "again"]
