"""A pathway as FHIR R4, both ways: nothing of ours is lost, and a stranger's rest is kept."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.pathways import document as d
from onesystem.care.pathways.checking import check
from onesystem.care.pathways.fhir import bundle_of, from_fhir, kept, to_fhir
from onesystem.care.pathways.library import library
from onesystem.feeds.fhir import validation
from onesystem.vocabulary import BadConfig, Code

TEXTS = st.sampled_from(["", "Look", "Ōtautahi 'x' <b>", "two\nlines", "%age >= 65"])
URLS = st.sampled_from(["", "https://example.org/a?b=c#d"])
NAMED = TEXTS.filter(bool)
KEYS = st.text("abz09_- .ā/", min_size=1, max_size=6).filter(lambda text: text.strip() == text)
TIMES = st.sampled_from(["", "4 hours", "1 day", "2 weeks", "3 months", "odd", "1 days"])
CODES = st.builds(
    Code,
    st.sampled_from(["http://snomed.info/sct", "text"]),
    st.sampled_from(["1", "J44*"]),
    TEXTS,
)


def unique(parts, key=lambda part: part.key, most=3):
    return st.lists(parts, max_size=most, unique_by=key).map(tuple)


def several(parts):
    return st.lists(parts, max_size=2).map(tuple)


MINUTES = st.dictionaries(st.sampled_from(["gp", "cook"]), st.integers(0, 99)).map(
    lambda said: tuple(said.items())
)
LINKS = st.builds(d.Link, to=st.sampled_from(["a", "s 1", "pathway:x"]), when=TEXTS, words=TEXTS)
ACTIONS = st.builds(
    d.Action, kind=st.sampled_from([*d.ACTIONS, "odd"]), words=TEXTS, to=TEXTS, when=TEXTS
)
STEPS = st.builds(
    d.Step, key=st.sampled_from(["a", "s 1", "b_c", "b-c"]), words=NAMED, detail=TEXTS, when=TEXTS,
    who=st.sampled_from(["", "gp", "cook"]), minutes=MINUTES, form=TEXTS, actions=several(ACTIONS),
    next=several(LINKS), within=TIMES, every=TIMES, times=st.integers(-1, 3),
)  # fmt: skip
CRITERIA = st.builds(
    d.Criterion, key=KEYS, words=NAMED, urgency=st.sampled_from([*d.URGENCIES, "odd"]),
    kind=st.sampled_from([*d.ASKS, "odd"]), when=TEXTS, detail=TEXTS, service=TEXTS,
    setting=TEXTS, named=TEXTS, form=TEXTS, what=st.none() | CODES,
)  # fmt: skip
QUESTIONS = st.builds(
    d.Question, key=KEYS, words=TEXTS, type=st.sampled_from([*d.TYPES, "odd"]),
    required=st.booleans(), options=several(NAMED), unit=TEXTS, code=st.none() | CODES,
    prefill=TEXTS, help=TEXTS,
)  # fmt: skip
PATHWAYS = st.builds(
    d.Pathway, key=KEYS, title=NAMED, kind=NAMED, summary=TEXTS, mark=TEXTS, notice=TEXTS,
    words=several(NAMED), codes=several(CODES), owner=TEXTS, review=st.integers(1, 5),
    licence=TEXTS, whom=TEXTS,
    lists=unique(st.builds(d.CodeList, key=KEYS, words=TEXTS, codes=several(CODES))),
    values=unique(st.builds(d.Value, key=KEYS, words=TEXTS, path=TEXTS, unit=TEXTS, source=TEXTS)),
    flags=unique(st.builds(d.Flag, key=KEYS, words=NAMED, do=TEXTS, detail=TEXTS, when=TEXTS)),
    background=several(st.builds(d.Passage, words=NAMED, detail=TEXTS)),
    requests=unique(CRITERIA),
    forms=unique(st.builds(d.Form, key=KEYS, title=TEXTS, questions=unique(QUESTIONS))),
    information=several(st.builds(d.Information, title=NAMED, words=TEXTS, url=URLS,
                                  audience=NAMED)),
    references=several(st.builds(d.Reference, title=NAMED, by=TEXTS, date=TEXTS, url=URLS,
                                 licence=TEXTS)),
)  # fmt: skip


@given(PATHWAYS, unique(STEPS, most=4), st.integers(0, 4))
def test_nothing_is_lost(pathway, steps, cut):
    whole = replace(pathway, assessment=steps[:cut], management=steps[cut:])
    assert from_fhir(to_fhir(whole)) == whole


@pytest.mark.parametrize("pathway", library().values(), ids=lambda each: each.key)
def test_the_starter_set_is_r4_and_comes_back(pathway):
    bundle = bundle_of(pathway, status="active", version="3")
    validation.check(bundle)
    for place, each in validation.entries(bundle):
        validation.check(each, place)
        for within, held in validation.inside(each):
            validation.check(held, f"{place}.{within}")
    assert from_fhir(json.dumps(bundle)) == pathway


STRANGER = {
    "resourceType": "PlanDefinition", "id": "ankle", "url": "http://example.org/ankle",
    "name": "AnkleInjury", "title": "Ankle injury", "status": "active", "publisher": "A college",
    "description": "Who needs an X-ray", "copyright": "CC0",
    "goal": [{"description": {"text": "Walks again"}}],
    "relatedArtifact": [{"type": "citation", "display": "Ottawa ankle rules", "url": "http://x.org"},
                        {"type": "documentation", "display": "Leaflet"}],
    "action": [
        {"title": "Assessment", "condition": [
            {"kind": "applicability",
             "expression": {"language": "text/fhirpath", "expression": "%age >= 18"}}],
         "action": [
             {"id": "press", "title": "Press on the bone", "trigger": [
                 {"type": "named-event", "name": "seen"}]},
             {"id": "walk", "title": "Four steps", "relatedAction": [
                 {"actionId": "press", "relationship": "after-end"}],
              "condition": [{"kind": "applicability", "expression": {
                  "language": "text/fhirpath", "expression": "answer('pain')"}}]},
         ]},
        {"title": "Film", "definitionCanonical": "http://example.org/film|1.0",
         "timingTiming": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
         "relatedAction": [{"actionId": "walk", "relationship": "concurrent"}],
         "condition": [{"kind": "applicability",
                        "expression": {"language": "text/cql", "expression": "Needs Film"}}]},
        {"title": "Ask", "definitionCanonical": "http://example.org/questions"},
    ],
}  # fmt: skip
FILM = {
    "resourceType": "ActivityDefinition", "url": "http://example.org/film", "name": "AnkleFilm",
    "status": "active", "title": "Film of the ankle", "kind": "ServiceRequest", "intent": "order",
    "priority": "asap", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1"}]},
    "dosage": [{"text": "one"}],
}  # fmt: skip
QUESTIONNAIRE = {
    "resourceType": "Questionnaire", "url": "http://example.org/questions", "status": "active",
    "title": "Questions", "item": [
        {"linkId": "1", "type": "group", "text": "All", "item": [
            {"linkId": "pain", "type": "boolean", "text": "Pain?", "enableWhen": [
                {"question": "q", "operator": "=", "answerBoolean": True}]},
            {"linkId": "side", "type": "choice", "text": "Side?", "answerOption": [
                {"valueCoding": {"code": "l", "display": "left"}}, {"valueString": "right"}]},
        ]}],
}  # fmt: skip


class TestAStranger:
    def read(self):
        entries = [{"resource": each} for each in (STRANGER, FILM, QUESTIONNAIRE)]
        logic = {"text": "logic"}
        entries.append({"resource": {"resourceType": "Library", "id": "cql", "status": "active",
                                     "type": logic}})  # fmt: skip
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        return from_fhir(json.dumps(bundle))

    def test_it_is_read_as_far_as_it_goes(self):
        pathway = self.read()
        assert (pathway.key, pathway.title, pathway.owner) == ("ankle-injury", "Ankle injury",
                                                               "A college")  # fmt: skip
        assert [(s.key, s.words, s.when) for s in pathway.assessment] == [
            ("press", "Press on the bone", "%age >= 18"),
            ("walk", "Four steps", "(%age >= 18) and (answer('pain'))"),
        ]
        assert pathway.assessment[0].next == (d.Link(to="walk"),)
        film, ask = pathway.management
        assert (film.every, film.actions[0].to, ask.form) == ("1 day", "ankle-film", "questions")
        [criterion] = pathway.requests
        assert (criterion.kind, criterion.urgency, criterion.what.code) == ("order", "urgent", "1")
        assert [q.options for q in pathway.forms[0].questions] == [(), ("left", "right")]
        assert pathway.references[0].title == "Ottawa ankle rules"

    def test_the_rest_is_kept_by_its_place(self):
        left = kept(self.read())
        assert left["PlanDefinition.goal"] == [{"description": {"text": "Walks again"}}]
        assert "PlanDefinition.action[0].action[0].trigger" in left
        assert any("condition[0].expression" in place for place in left)
        assert any(place.endswith("relationship") for place in left)
        assert left["ActivityDefinition(http://example.org/film).dosage"] == [{"text": "one"}]
        assert any(place.startswith("Library") for place in left)
        assert any("enableWhen" in place for place in left)

    def test_it_comes_back_with_the_rest(self):
        pathway = self.read()
        assert from_fhir(to_fhir(pathway)) == pathway

    def test_its_author_is_told_what_to_mend(self):
        assert {each.where for each in check(self.read())} == {"requests.ankle-film.service"}


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "not JSON"), ("[]", "no FHIR resource"), ("{}", "not FHIR R4"),
     ('{"resourceType": "Bundle", "type": "collection"}', "no PlanDef"),
     ('{"resourceType": "Patient"}', "no PlanDef"),
     ('{"resourceType": "PlanDefinition", "status": "drft"}', "not FHIR R4.*status"),
     ('{"resourceType": "PlanDefinition", "status": "draft", "action": 7}',
      "not FHIR R4: PlanDefinition.action"),
     (json.dumps({"resourceType": "Bundle", "type": "collection",
                  "entry": [{"resource": {"resourceType": "PlanDefinition"}}]}),
      "not FHIR R4.*status")],
)  # fmt: skip
def test_what_is_no_pathway_says_so(text, told):
    with pytest.raises(BadConfig, match=told):
        from_fhir(text)


def places(value, at=()):
    """Every place in plain data."""
    yield at
    if isinstance(value, dict):
        for key, held in value.items():
            yield from places(held, (*at, key))
    elif isinstance(value, list):
        for n, held in enumerate(value):
            yield from places(held, (*at, n))


BROKEN = st.sampled_from([None, 7, -1, True, "", "x", [], {}, [7], ["x"], {"x": 7}, [{}], [[]]])
WHOLE = bundle_of(library()["falls"])


@given(st.sampled_from([at for at in places(WHOLE) if at]), BROKEN)
def test_a_broken_bundle_is_read_or_told(at, broken):
    said = json.loads(json.dumps(WHOLE))
    held = said
    for step in at[:-1]:
        held = held[step]
    held[at[-1]] = broken
    try:
        pathway = from_fhir(json.dumps(said))
    except BadConfig:
        return
    assert from_fhir(to_fhir(pathway)) == pathway
