"""A pathway as a Bundle of R4 resources."""

from typing import Any

from onesystem.care.pathways import document as d
from onesystem.care.pathways.fhir.naming import (
    ASK,
    DOES,
    FOCUS,
    FORM,
    KEY,
    OURS,
    PART,
    PATHWAY,
    PREFILL,
    PRIORITY,
    STAFF,
    UNIT,
    Resource,
    address,
    expression,
    extension,
    extensions,
    filled,
    ids_for,
    is_id,
    time_of,
)
from onesystem.care.pathways.fhir.values import code_coding, code_concept, lists_of

_PROTOCOL = {
    "system": "http://terminology.hl7.org/CodeSystem/plan-definition-type",
    "code": "clinical-protocol",
}


def bundle_of(pathway: d.Pathway, *, status: str = "draft", version: str = "") -> Resource:
    """The Bundle: the PlanDefinition first, then what it names."""
    head = {"status": status, "version": version}
    made = [
        _plan(pathway, head),
        *(_activity(pathway, each, head) for each in pathway.requests),
        *(_questionnaire(pathway, each, head) for each in pathway.forms),
    ]
    return {
        "resourceType": "Bundle", "type": "collection",
        "entry": [{"fullUrl": each["url"], "resource": filled(each)} for each in made],
    }  # fmt: skip


def _plan(p: d.Pathway, head: dict[str, str]) -> Resource:
    ids = ids_for(each.key for each in p.steps)
    return {
        "resourceType": "PlanDefinition",
        "id": p.key if is_id(p.key) else "",
        "contained": lists_of(p.lists),
        "extension": [
            *extensions({"mark": p.mark, "notice": p.notice, "kept": p.kept, "kind": p.kind,
                         "owner": p.owner}),
            *([] if p.review == 2 else [extension("review", p.review)]),
            *(extension("word", each) for each in p.words),
            *_expressions("whom", p.whom),
            *(_value(each) for each in p.values),
        ],
        "url": address(PATHWAY, p.key),
        "identifier": [filled({"system": KEY, "value": p.key})],
        **head,
        "title": p.title,
        "type": {"coding": [_PROTOCOL]},
        "description": p.summary,
        "useContext": [
            {"code": {"system": FOCUS, "code": "focus"}, "valueCodeableConcept": code_concept(each)}
            for each in p.codes
        ],
        "copyright": p.licence,
        "relatedArtifact": [
            *(_information(each) for each in p.information),
            *(_reference(each) for each in p.references),
        ],
        "action": [
            _group("flags", "Red flags", [_flag(each) for each in p.flags]),
            _group("background", "Background", [
                filled({"title": each.words, "description": each.detail}) for each in p.background
            ]),
            _group("assessment", "Assessment", [_step(p, each, ids) for each in p.assessment]),
            _group("management", "Management", [_step(p, each, ids) for each in p.management]),
            _group("requests", "Request", [_ask(p, each) for each in p.requests]),
        ],
    }  # fmt: skip


def _group(part: str, title: str, actions: list[Resource]) -> Resource:
    code = [{"coding": [{"system": PART, "code": part}]}]
    return filled({"title": title, "code": code, "action": actions})


def _value(each: d.Value) -> Resource:
    told = extensions({"key": each.key, "words": each.words, "unit": each.unit,
                       "source": each.source})  # fmt: skip
    return {"url": OURS + "value", "extension": [*told, *_expressions("path", each.path)]}


def _expressions(name: str, text: str) -> list[Resource]:
    return [{"url": OURS + name, "valueExpression": expression(text)}] if text else []


def _conditions(when: str) -> list[Resource]:
    return [{"kind": "applicability", "expression": expression(when)}] if when else []


def _flag(each: d.Flag) -> Resource:
    return filled({
        "extension": extensions({"key": each.key}), "title": each.words,
        "description": each.detail, "textEquivalent": each.do, "condition": _conditions(each.when),
    })  # fmt: skip


def _step(p: d.Pathway, step: d.Step, ids: dict[str, str]) -> Resource:
    every = time_of(step.every)
    within = time_of(step.within)
    inline = every is not None and step.times >= 0
    return filled({
        "id": ids[step.key],
        "extension": [
            *extensions({
                "key": "" if ids[step.key] == step.key else step.key,
                "within": step.within if every or not within else "",
                "every": "" if inline else step.every,
                "times": "" if inline or not step.times else step.times,
            }),
            *(_minutes(*each) for each in step.minutes),
            *(_next(n, each) for n, each in enumerate(step.next) if each.to not in ids),
        ],
        "title": step.words,
        "description": step.detail,
        "condition": _conditions(step.when),
        "relatedAction": [_related(each, ids) for each in step.next if each.to in ids],
        "participant": [_participant(step.who)] if step.who else [],
        "definitionCanonical": address(FORM, p.key, step.form) if step.form else "",
        **_timing(step, every, within),
        "action": [_action(p, each) for each in step.actions],
    })  # fmt: skip


def _timing(step: d.Step, every: Any, within: Any) -> Resource:
    if every is not None and step.times >= 0:
        number, word, unit = every
        repeat = {"frequency": 1, "period": number, "periodUnit": unit}
        if step.times:
            repeat["count"] = step.times
        return {"timingTiming": {"extension": [extension("unit", word)], "repeat": repeat}}
    if every is not None:
        return {}
    if within is not None:
        number, word, unit = within
        ucum = "http://unitsofmeasure.org"
        return {"timingDuration": {"value": number, "unit": word, "system": ucum, "code": unit}}
    return {}


def _minutes(staff: str, minutes: int) -> Resource:
    told = [*extensions({"staff": staff}), extension("minutes", minutes)]
    return {"url": OURS + "minutes", "extension": told}


def _participant(who: str) -> Resource:
    coding = {"system": STAFF, "code": who}
    return {"type": "practitioner", "role": filled({"coding": [coding], "text": d.STAFF.get(who)})}


def _next(place: int, link: d.Link) -> Resource:
    """A link to what is no step of the plan, and its place among the others."""
    told = [*extensions({"to": link.to, "words": link.words}), extension("place", place)]
    return {"url": OURS + "next", "extension": [*told, *_expressions("when", link.when)]}


def _related(link: d.Link, ids: dict[str, str]) -> Resource:
    told = [*extensions({"words": link.words}), *_expressions("when", link.when)]
    return filled({"extension": told, "actionId": ids[link.to], "relationship": "before-start"})


def _action(p: d.Pathway, each: d.Action) -> Resource:
    there = {"request": address(ASK, p.key, each.to), "pathway": address(PATHWAY, each.to)}
    known = there.get(each.kind, "") if each.to else ""
    return filled(
        {
            "extension": extensions({"to": "" if known else each.to}),
            "title": each.words,
            "code": [{"coding": [{"system": DOES, "code": each.kind}]}],
            "condition": _conditions(each.when),
            "definitionCanonical": known,
        }
    )


def _ask(p: d.Pathway, each: d.Criterion) -> Resource:
    return filled({
        "title": each.words, "condition": _conditions(each.when),
        "definitionCanonical": address(ASK, p.key, each.key),
    })  # fmt: skip


def _activity(p: d.Pathway, each: d.Criterion, head: dict[str, str]) -> Resource:
    known = PRIORITY.get(each.urgency, "")
    return {
        "resourceType": "ActivityDefinition",
        "extension": extensions({
            "kind": each.kind, "service": each.service, "setting": each.setting,
            "named": each.named, "form": each.form, "urgency": "" if known else each.urgency,
        }),
        "url": address(ASK, p.key, each.key),
        "identifier": [filled({"system": KEY, "value": each.key})],
        **head,
        "title": each.words,
        "description": each.detail,
        "kind": "CommunicationRequest" if each.kind == "advice" else "ServiceRequest",
        "code": code_concept(each.what) if each.what else {},
        "intent": "order" if each.kind == "order" else "proposal",
        "priority": known,
    }  # fmt: skip


def _questionnaire(p: d.Pathway, form: d.Form, head: dict[str, str]) -> Resource:
    return {
        "resourceType": "Questionnaire",
        "url": address(FORM, p.key, form.key),
        "identifier": [filled({"system": KEY, "value": form.key})],
        **head,
        "title": form.title,
        "item": [_item(each) for each in form.questions],
    }


def _item(each: d.Question) -> Resource:
    known = each.type in d.TYPES
    unit = [{"url": UNIT, "valueCoding": {"display": each.unit}}] if each.unit else []
    prefill = [{"url": PREFILL, "valueExpression": expression(each.prefill)}]
    return filled({
        "extension": [
            *unit, *(prefill if each.prefill else []),
            *extensions({"help": each.help, "type": "" if known else each.type}),
            *([extension("option", o) for o in each.options] if each.type != "choice" else []),
        ],
        "linkId": each.key,
        "code": [code_coding(each.code)] if each.code else [],
        "text": each.words,
        "type": each.type if known else "string",
        "required": each.required or None,
        "answerOption": [{"valueString": o} for o in each.options if each.type == "choice"],
    })  # fmt: skip


def _information(each: d.Information) -> Resource:
    return filled({"type": "documentation", "label": each.audience, "display": each.title,
                   "citation": each.words, "url": each.url})  # fmt: skip


def _reference(each: d.Reference) -> Resource:
    return filled({
        "extension": extensions({"licence": each.licence}), "type": "citation",
        "label": each.date, "display": each.title, "citation": each.by, "url": each.url,
    })  # fmt: skip
