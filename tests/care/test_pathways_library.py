"""The starter set: whole, sound, marked as examples, and answerable from a record."""

from datetime import UTC, datetime

import pytest

from onesystem.care.episodes.packages import packages
from onesystem.care.pathways.checking import check
from onesystem.care.pathways.codec import from_toml, to_toml
from onesystem.care.pathways.document import EXAMPLE, STAFF
from onesystem.care.pathways.engine import criteria, flags, next_actions, prepare, whom
from onesystem.care.pathways.known import Facts
from onesystem.care.pathways.library import library
from onesystem.care.pathways.places import written
from onesystem.care.pathways.samples import somebody
from onesystem.care.pathways.steps import Event
from onesystem.vocabulary import Setting

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVERY = list(library().values())
pytestmark = pytest.mark.parametrize("pathway", EVERY, ids=lambda each: each.key)


def started():
    return [Event(verb="started", at=NOW, act="a", version=1)]


def test_it_is_whole(pathway):
    assert pathway.mark == EXAMPLE
    for part in ("summary", "words", "codes", "owner", "flags", "background", "assessment",
                 "management", "requests", "forms", "information", "references"):  # fmt: skip
        assert getattr(pathway, part), part
    assert any(info.audience == "person" for info in pathway.information)
    assert all(each.date for each in pathway.references)


def test_it_has_no_problem(pathway):
    assert check(pathway, pathways=library()) == ()


def test_it_is_written_as_it_is_read(pathway):
    assert from_toml(to_toml(pathway)) == pathway


def test_every_step_says_who_and_how_long(pathway):
    for step in pathway.steps:
        assert step.who in STAFF, step.key
        assert step.minutes, step.key


def test_what_is_asked_for_exists(pathway, tmp_path):
    known = {each.name for each in packages(tmp_path).packages}
    actions = [action for step in pathway.steps for action in step.actions]
    assert {a.to for a in actions if a.kind == "episode"} <= known
    assert {r.setting for r in pathway.requests if not r.service} <= {*Setting}
    assert {s.form for s in pathway.steps} | {r.form for r in pathway.requests} >= {
        f.key for f in pathway.forms
    }


def test_scores_are_unknown_of_somebody_unknown(pathway):
    """Nothing is known, so no red flag holds and no criterion is met."""
    nobody = Facts(now=NOW)
    assert not [m for m in flags(pathway, nobody) if m.why.answer]
    ready = prepare(pathway)
    for each in (*flags(ready, nobody), *criteria(ready, nobody)):
        if each.why.answer is None and not each.judged:
            assert each.why.words, each.of.key
    for standing in next_actions(ready, nobody, started()):
        assert standing.why.answer is True or standing.why.words, standing.step.key


def test_somebody_who_has_it_all_is_told_why(pathway):
    person = somebody(pathway)
    ready = prepare(pathway)
    assert next_actions(ready, person, started())
    assert whom(ready, person).answer is not None
    for text in {each.text for each in written(pathway) if not each.value}:
        found = ready.conditions[text].explain(person)
        assert found.answer is not None, text
        assert found.words, text
