"""What is wrong with a pathway is told when it is saved, with the place and the cure."""

from dataclasses import replace

import pytest

from onesystem.care.pathways.checking import check, require
from onesystem.care.pathways.document import (
    Action,
    CodeList,
    Criterion,
    Form,
    Link,
    Pathway,
    Question,
    Step,
    Value,
)
from onesystem.vocabulary import BadConfig, Code
from onesystem.vocabulary.codes import LOINC, SNOMED

LOOK = Step(key="look", words="Look", next=(Link(to="treat"),))
TREAT = Step(key="treat", words="Treat")
FALLS = Pathway(
    key="falls",
    title="Falls",
    lists=(
        CodeList(key="copd", words="COPD", codes=(Code(SNOMED, "13645005"),)),
        CodeList(key="hba1c", words="HbA1c", codes=(Code(LOINC, "59261-8"),)),
    ),
    forms=(Form(key="form", title="Form", questions=(Question(key="fell", words="Fell?"),)),),
    requests=(Criterion(key="ask", words="Ask", setting="community"),),
    assessment=(LOOK,),
    management=(TREAT,),
)


def steps(*more):
    return {"assessment": (LOOK, TREAT, *more), "management": ()}


def one(**more):
    return {"assessment": (replace(LOOK, **{"next": (), **more}),), "management": ()}


def test_a_sound_pathway_has_no_problem():
    assert check(FALLS, services=["ed"], pathways=["falls"]) == ()
    require(FALLS)


@pytest.mark.parametrize(
    ("changed", "where", "told", "cure"),
    [
        ({"key": " "}, "key", "is empty", "Write it"),
        ({"kind": "clock"}, "kind", "'clock' is none", "Known: condition, presentation"),
        ({"review": 0}, "review", "no time", "1 to 5"),
        ({"management": ()}, "assessment.look.next", "no step 'treat'", "Known: look"),
        ({"management": (TREAT, TREAT)}, "step.treat", "2 have this key", "own"),
        ({"management": (replace(TREAT, key=""),)}, "step", "no key", "short key"),
        ({"management": (replace(TREAT, next=(Link(to="look"),)),)}, "step.look",
         "look leads to treat leads to look: it goes round", "`every`"),
        (one(next=(Link(to="pathway:fals"),)), "assessment.look.next",
         "no pathway 'fals'", "Did you mean 'falls'"),
        (one(form="frm"), "assessment.look.form", "no form 'frm'", "'form'"),
        (one(who="cook"), "assessment.look.who", "'cook'", "Known"),
        (one(minutes=(("gp", -1),)), "assessment.look.minutes", "-1 minutes", "1440"),
        (one(minutes=(("gpp", 1),)), "assessment.look.minutes", "'gpp'", "'gp'"),
        (one(within="soon"), "assessment.look.within", "'soon' says no time", "4 hours"),
        (one(every="0 days"), "assessment.look.every", "says no time", "2 days"),
        (one(actions=(Action(kind="dance"),)), "assessment.look.actions.kind", "'dance'", "do"),
        (one(actions=(Action(kind="request", to="aks"),)), "assessment.look.actions.to",
         "no request 'aks'", "'ask'"),
        (one(actions=(Action(kind="pathway", to="fals"),)), "assessment.look.actions.to",
         "no pathway 'fals'", "'falls'"),
        ({"requests": (Criterion(key="ask", words="Ask", service="edd"),)},
         "requests.ask.service", "no service 'edd'", "'ed'"),
        ({"requests": (Criterion(key="ask", words="Ask"),)}, "requests.ask.service",
         "no service and no setting", "whom"),
        ({"requests": (Criterion(key="ask", words="Ask", setting="moon"),)},
         "requests.ask.setting", "'moon'", "Known"),
        ({"requests": (Criterion(key="ask", words="A", setting="ED", form="x"),)},
         "requests.ask.form", "no form 'x'", "form"),
        ({"forms": (Form(key="form", title="F", questions=(
            Question(key="a", words="A", type="choice"),)),)},
         "forms.form.a.options", "nothing to choose", "options"),
        ({"forms": (Form(key="form", title="F", questions=(
            Question(key="a", words="A", prefill="latest("),)),)},
         "forms.form.a.prefill", "ends too early", "Write the rest"),
        ({"whom": "%age >="}, "whom", "ends too early", "Write the rest"),
        (one(when="%age ? 3"), "assessment.look.when", "from '? 3' on", "FHIRPath"),
        (one(when="hasConditon(%copd)"), "assessment.look.when", "no function hasConditon()",
         "'hasCondition'"),
        (one(when="hasCondition(%cpod)"), "assessment.look.when", "no name %cpod", "'copd'"),
        (one(when="hasCondition()"), "assessment.look.when", "0 arguments", ""),
        (one(when="answer('fel')"), "assessment.look.when", "no form has the question 'fel'",
         "'fell'"),
        (one(when="latest(%hba1c, 365)"), "assessment.look.when", "not true or false", "Compare"),
        (one(when="%age > 'x'"), "assessment.look.when", "cannot be put in order", "one kind"),
        ({"values": (Value(key="a", words="A", path="%b"), Value(key="b", words="B", path="%a"))},
         "values.a", "no name %b", ""),
    ],
)  # fmt: skip
def test_each_mistake_has_its_place_and_cure(changed, where, told, cure):
    found = check(replace(FALLS, **changed), services=["ed"], pathways=["falls"])
    assert any(p.where == where and told in p.what and cure in p.cure for p in found), found
    with pytest.raises(BadConfig):
        require(replace(FALLS, **changed), services=["ed"], pathways=["falls"])


def test_the_place_is_told_as_a_form_has_it():
    [found] = check(replace(FALLS, management=(TREAT, replace(LOOK, key="b", when="%x", next=()))))
    assert found.field == "management.1.when"
    assert str(found).startswith("management.b.when: there is no name %x. ")


def test_many_steps_that_meet_again_are_no_loop():
    """Forty diamonds in a row have a million million ways through them."""
    made = tuple(
        Step(key=f"s{n}", words="S", next=tuple(Link(to=f"s{m}") for m in (n + 1, n + 2) if m < 80))
        for n in range(80)
    )
    assert check(replace(FALLS, assessment=made, management=())) == ()
