"""A pathway out of a Bundle or a PlanDefinition: ours whole, another's as far as it goes."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from onesystem.care.pathways import document as d
from onesystem.care.pathways.fhir.actions import Known, parts_of
from onesystem.care.pathways.fhir.forms import form_in
from onesystem.care.pathways.fhir.naming import (
    ASK,
    FORM,
    OURS,
    PATHWAY,
    PRIORITY,
    keys_of,
)
from onesystem.care.pathways.fhir.taking import Taken
from onesystem.care.pathways.fhir.values import first_code, list_in
from onesystem.vocabulary import BadConfig, Code

_URGENCY = {theirs: ours for ours, theirs in PRIORITY.items()}
_KINDS = {"ServiceRequest": "referral", "CommunicationRequest": "advice", "Task": "order",
          "MedicationRequest": "order", "Appointment": "referral"}  # fmt: skip


@dataclass(slots=True)
class _Sent:
    """What came: the plan, and what it may name by its address."""

    plan: Taken
    asks: dict[str, Taken] = field(default_factory=dict)
    forms: dict[str, Taken] = field(default_factory=dict)
    others: list[Taken] = field(default_factory=list)

    @property
    def all(self) -> list[Taken]:
        return [self.plan, *self.asks.values(), *self.forms.values(), *self.others]


def pathway_of(said: Mapping[str, Any]) -> d.Pathway:
    """The pathway. Raises BadConfig where there is no PlanDefinition."""
    sent = _sent(said)
    plan = sent.plan
    key = _key(plan)
    known = Known(
        asks={url: _ask_key(each, url) for url, each in sent.asks.items()},
        forms={url: _form_key(each, url) for url, each in sent.forms.items()},
    )
    contained = plan.each("contained")
    lists = tuple(
        list_in(each) for each in contained if each.said.get("resourceType") == "ValueSet"
    )
    made = d.Pathway(
        key=key,
        title=plan.text("title") or plan.text("name") or key,
        kind=plan.said_in("kind") or "condition",
        summary=plan.text("description"),
        mark=plan.said_in("mark"),
        notice=plan.said_in("notice"),
        words=tuple(each.text("valueString") for each in plan.ours("word")),
        codes=_focus(plan),
        owner=plan.said_in("owner") or plan.text("publisher"),
        review=plan.number_in("review", 2),
        licence=plan.text("copyright"),
        whom=plan.fhirpath_in("whom"),
        lists=lists,
        values=tuple(_value(each) for each in plan.ours("value")),
        forms=tuple(form_in(each, known.forms[url]) for url, each in sent.forms.items()),
        kept=plan.said_in("kept"),
        **_artifacts(plan),
        **parts_of(plan, known),
    )
    made = replace(made, requests=_requests(made.requests, sent, known))
    rest = dict(pair for each in sent.all for pair in each.left())
    return replace(made, kept=json.dumps(rest, ensure_ascii=False)) if rest else made


def _sent(said: Mapping[str, Any]) -> _Sent:
    entries = [said]
    if said.get("resourceType") == "Bundle":
        entries = [each.get("resource") or {} for each in said.get("entry") or ()]
    plans = [each for each in entries if each.get("resourceType") == "PlanDefinition"]
    if not plans:
        raise BadConfig("there is no PlanDefinition in it", "Send one, or a Bundle with one.")
    sent = _Sent(_headless(Taken(plans[0], "PlanDefinition")))
    for each in entries:
        kind = str(each.get("resourceType"))
        if each is plans[0]:
            continue
        name = str(each.get("url") or f"{kind}/{each.get('id', '')}")
        taken = Taken(each, f"{kind}({name})")
        match kind:
            case "ActivityDefinition":
                sent.asks[name] = _headless(taken)
            case "Questionnaire":
                sent.forms[name] = _headless(taken)
            case _:
                sent.others.append(taken)
    return sent


def _headless(taken: Taken) -> Taken:
    taken.drop("resourceType", "status")
    if str(taken.said.get("url", "")).startswith(OURS):
        taken.drop("version")
    return taken


def _key(plan: Taken) -> str:
    found = keys_of(PATHWAY, plan.said.get("url"))
    if found is not None:
        plan.drop("url", "id", "identifier", "type")
        return found[0]
    named = plan.said.get("name") or plan.said.get("id") or plan.said.get("title") or "pathway"
    return _slug(str(named))


def _slug(text: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", text)
    return re.sub(r"[^a-z0-9]+", "-", spaced.lower()).strip("-") or "pathway"


def _ask_key(each: Taken, url: str) -> str:
    found = keys_of(ASK, url)
    if found is not None and len(found) > 1:
        each.drop("url", "identifier")
        return found[1]
    return _slug(str(each.said.get("name") or each.said.get("id") or url.rpartition("/")[2]))


def _form_key(each: Taken, url: str) -> str:
    found = keys_of(FORM, url)
    if found is not None and len(found) > 1:
        each.drop("url", "identifier")
        return found[1]
    return _slug(str(each.said.get("name") or each.said.get("id") or url.rpartition("/")[2]))


def _focus(plan: Taken) -> tuple[Code, ...]:
    found = []
    for each in plan.each("useContext"):
        kind = each.said.get("code") or {}
        concept = each.one("valueCodeableConcept")
        if kind.get("code") == "focus" and concept is not None:
            each.drop("code")
            found.append(first_code(concept))
    return tuple(code for code in found if code is not None)


def _value(said: Taken) -> d.Value:
    return d.Value(
        key=said.said_in("key"),
        words=said.said_in("words"),
        path=said.fhirpath_in("path"),
        unit=said.said_in("unit"),
        source=said.said_in("source"),
    )


def _artifacts(plan: Taken) -> dict[str, Any]:
    information: list[d.Information] = []
    references: list[d.Reference] = []
    for each in plan.each("relatedArtifact"):
        kind = each.text("type")
        title, words, url = each.text("display"), each.text("citation"), each.text("url")
        if kind == "documentation":
            information.append(
                d.Information(title=title, words=words, url=url, audience=each.text("label"))
            )
        else:
            references.append(
                d.Reference(title=title or (words if kind != "citation" else ""),
                            by=words if kind == "citation" or title else "",
                            url=url, date=each.text("label"),
                            licence=each.said_in("licence"))
            )  # fmt: skip
    return {"information": tuple(information), "references": tuple(references)}


def _requests(found: Sequence[d.Criterion], sent: _Sent, known: Known) -> tuple[d.Criterion, ...]:
    """Criteria as the plan lists them, filled in from their definitions; then the others."""
    whens = {each.key: each for each in found}
    order = [key for key in whens if key in known.asks.values()]
    by_key = {key: sent.asks[url] for url, key in known.asks.items()}
    order += [key for key in by_key if key not in whens]
    return tuple(_criterion(key, by_key[key], whens.get(key)) for key in order)


def _criterion(key: str, said: Taken, asked: d.Criterion | None) -> d.Criterion:
    kind = said.said_in("kind")
    theirs, intent = said.text("kind"), said.text("intent")
    code = said.one("code")
    return d.Criterion(
        key=key,
        words=said.text("title") or said.text("name") or (asked.words if asked else key),
        urgency=_URGENCY.get(said.text("priority"), "") or said.said_in("urgency") or "routine",
        kind=kind or ("order" if intent == "order" else _KINDS.get(theirs, "referral")),
        when=asked.when if asked else "",
        detail=said.text("description"),
        service=said.said_in("service"),
        setting=said.said_in("setting"),
        named=said.said_in("named"),
        form=said.said_in("form"),
        what=first_code(code),
    )
