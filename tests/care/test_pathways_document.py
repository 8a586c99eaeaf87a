"""A pathway as TOML and JSON, both ways."""

from dataclasses import fields, is_dataclass, replace
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.pathways.codec import (
    SYSTEMS,
    from_json,
    from_toml,
    to_json,
    to_plain,
    to_toml,
)
from onesystem.care.pathways.document import Pathway, Step
from onesystem.vocabulary import BadConfig

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).filter(
    lambda text: text not in SYSTEMS
)
MINUTES = st.dictionaries(TEXTS, st.integers(0, 999), max_size=3).map(lambda d: tuple(d.items()))


def parts(kind):
    """Anything that a field of that type may hold."""
    if get_origin(kind) is UnionType:
        return st.none() | parts(get_args(kind)[0])
    if get_origin(kind) is tuple:
        return st.lists(parts(get_args(kind)[0]), max_size=2).map(tuple)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(
            kind,
            **{f.name: MINUTES if f.metadata else parts(hints[f.name]) for f in fields(kind)},
        )
    return {str: TEXTS, bool: st.booleans(), int: st.integers(-(2**40), 2**40)}[kind]


PATHWAYS = parts(Pathway)


@given(PATHWAYS)
def test_nothing_is_lost_as_toml(pathway):
    assert from_toml(to_toml(pathway)) == pathway


@given(PATHWAYS)
def test_nothing_is_lost_as_json(pathway):
    assert from_json(to_json(pathway)) == pathway


def test_what_is_empty_is_not_written():
    pathway = Pathway(key="falls", title="Falls")
    assert to_plain(pathway) == {"key": "falls", "title": "Falls"}
    assert to_toml(replace(pathway, assessment=(
        Step(key="look", words="Look\ntwice", minutes=(("gp", 10),)),
    ))) == (
        'key = "falls"\ntitle = "Falls"\n\n[[assessment]]\nkey = "look"\n'
        'words = """\nLook\ntwice"""\nminutes = { gp = 10 }\n'
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("key = 1", r"key: has 1 where a text is asked for"),
        ("key = 'a'\ntitle\n", r"not TOML.*line 2"),
        ("key = 'a'", "title is missing"),
        ("key = 'a'\ntitle = 'A'\nstepps = []", "no 'stepps' here"),
        ("key = 'a'\ntitle = 'A'\nassessment = 'x'", "assessment: has 'x' where a list"),
        ("key = 'a'\ntitle = 'A'\nassessment = ['x']", r"assessment\[0\]: has 'x' where a table"),
        ("key = 'a'\ntitle = 'A'\n[[assessment]]\nkey = 'b'", r"assessment\[0\]: words is missing"),
        ("key = 'a'\ntitle = 'A'\n[[assessment]]\nkey = 'b'\nwords = 'B'\nminutes = {gp = 'x'}",
         r"assessment\[0\].minutes: is no table of whole numbers"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(text, told):
    with pytest.raises(BadConfig, match=told):
        from_toml(text)


def test_json_that_is_none_is_told():
    with pytest.raises(BadConfig, match="not JSON"):
        from_json("{")
