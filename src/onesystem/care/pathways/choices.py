"""What can be chosen in the form of a pathway: services, staff, kinds, its own steps and forms."""

from typing import Any

from onesystem.care.pathways import document as d
from onesystem.care.pathways import presenters, queries
from onesystem.care.pathways.document import Pathway
from onesystem.care.services import queries as directory
from onesystem.vocabulary import Setting
from onesystem.vocabulary.said import say

_NONE = ("", "none")
Choices = list[tuple[str, str]]


def services() -> dict[str, str]:
    """The names of the district's services by their codes."""
    return {code: each.name for code, each in directory.entries().items() if not each.listed}


def pathways() -> set[str]:
    """The keys of all pathways."""
    return {each.slug for each in queries.listed()}


def of(pathway: Pathway) -> dict[str, Choices]:
    """The choices of each kind of field, the empty one first where there may be none."""
    steps = [(step.key, f"{n} {step.words}"[:80]) for n, step in enumerate(pathway.steps, 1)]
    others = [(f"pathway:{key}", say("Pathway {key}", key=key)) for key in sorted(pathways())]
    names = sorted(services().items(), key=lambda pair: pair[1].casefold())
    asks: Any = [(c.key, say("Request: {words}", words=c.words)[:80]) for c in pathway.requests]
    return {
        "kind": _said(d.KINDS),
        "urgency": [(u, presenters.URGENCY_WORDS[u]) for u in d.URGENCIES],
        "ask": [(k, presenters.KIND_WORDS[k]) for k in d.ASKS],
        "action": [_NONE, *presenters.ACTION_WORDS.items()],
        "type": list(presenters.TYPE_WORDS.items()),
        "staff": [_NONE, *d.STAFF.items()],
        "audience": [("person", say("the person")), ("professional", say("professionals"))],
        "step": [_NONE, *steps, *others],
        "form": [_NONE, *((f.key, f.title or f.key) for f in pathway.forms)],
        "service": [("", say("any that fits")), *names],
        "setting": [_NONE, *((s.value, s.value) for s in Setting)],
        "target": [*asks, *((key.removeprefix("pathway:"), words) for key, words in others)],
    }


def _said(words: tuple[str, ...]) -> Choices:
    return [(word, word) for word in words]
