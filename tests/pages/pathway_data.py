"""A pathway for tests, and how it comes to be in force."""

from dataclasses import replace

from onesystem.access import Actor
from onesystem.care.pathways import actions, queries
from onesystem.care.pathways.document import (
    Action,
    Criterion,
    Flag,
    Form,
    Information,
    Link,
    Passage,
    Pathway,
    Question,
    Reference,
    Step,
)


def actor(name, *roles, organisation="hospital"):
    """Somebody with these roles."""
    return Actor(name=name, roles=frozenset(roles), organisation=organisation)


EDITOR = actor("edda", "pathway-editor")
SECOND = actor("eve", "pathway-editor")
LEAD = actor("lea", "clinical-lead")
DOCTOR = actor("dora", "hospital-doctor")

CELLULITIS = Pathway(
    key="cellulitis",
    title="Cellulitis",
    summary="Hot, red skin that spreads.",
    words=("red hot leg", "kirihou wera", "mate wāhine"),
    flags=(Flag(key="sepsis", words="Signs of sepsis", do="Ring an ambulance"),),
    background=(Passage(words="Most people get well at home.", detail="Nine of ten."),),
    assessment=(
        Step(
            key="look", words="Mark the edge of the red skin", detail="With a pen, with the time.",
            who="gp", minutes=(("gp", 10),), next=(Link(to="treat", words="It is cellulitis"),),
        ),
    ),
    management=(
        Step(
            key="treat", words="Give antibiotics", form="form",
            actions=(Action(kind="request", words="Ask for nursing", to="nursing"),),
            next=(Link(to="again"),),
        ),
        Step(key="again", words="Look again", within="2 days", minutes=(("practice-nurse", 15),)),
    ),
    requests=(
        Criterion(
            key="nursing", words="Needs antibiotics by drip at home", urgency="urgent",
            service="nursing", form="form",
        ),
    ),
    forms=(Form(key="form", title="Drip at home", questions=(
        Question(key="safe", words="Is home safe?", required=True),
    )),),
    information=(Information(title="Your skin infection", words="Keep the leg up."),),
    references=(Reference(title="Own words", licence="CC BY 4.0"),),
)  # fmt: skip


def in_force(pathway=CELLULITIS, *, editor=EDITOR, lead=LEAD, expert=DOCTOR):
    """Write, review, sign and publish it, as people do."""
    actions.begin(pathway=pathway, by=editor)
    return publish(pathway.key, editor=editor, lead=lead, expert=expert)


def publish(slug, *, editor=EDITOR, lead=LEAD, expert=DOCTOR):
    """Have the open version signed by both and published."""
    actions.send(slug=slug, to=expert.name, words="", seen=seen(slug), by=editor)
    for part, by in (("lead", lead), ("expert", expert)):
        there = queries.open_version(slug)
        actions.sign(slug=slug, part=part, digest=there.digest, seen=there.seen, by=by)
    actions.publish(slug=slug, seen=seen(slug), by=lead)
    return queries.published(slug)


def seen(slug):
    """How many steps the open version has."""
    return queries.open_version(slug).seen


def other(words, pathway=CELLULITIS):
    """The same with another summary."""
    return replace(pathway, summary=words)
