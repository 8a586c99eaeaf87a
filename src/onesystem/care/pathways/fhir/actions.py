"""The actions of a PlanDefinition as flags, background, steps and request criteria."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from onesystem.care.pathways import document as d
from onesystem.care.pathways.fhir.naming import ASK, DOES, FORM, PART, PATHWAY, STAFF, keys_of
from onesystem.care.pathways.fhir.taking import Taken, applies

_PARTS = ("flags", "background", "assessment", "management", "requests")
_ASSESS = re.compile(r"assess|examin|history|triage|screen|evaluat|diagnos", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Known:
    """The keys of what the plan may name, by address."""

    asks: Mapping[str, str]
    forms: Mapping[str, str]

    def ask(self, url: str) -> str:
        """The key of a request; empty where the address is of none."""
        found = keys_of(ASK, url)
        return found[1] if found and len(found) > 1 else self.asks.get(url.partition("|")[0], "")

    def form(self, url: str) -> str:
        """The key of a form; empty where the address is of none."""
        found = keys_of(FORM, url)
        return found[1] if found and len(found) > 1 else self.forms.get(url.partition("|")[0], "")


@dataclass(slots=True)
class _Walked:
    """A step, its id in the plan, and what leads where."""

    step: d.Step
    id: str
    leads: list[tuple[str, d.Link]]
    after: list[str]
    far: list[tuple[int, d.Link]]  # what is no step of the plan, by its place among the links


def parts_of(plan: Taken, known: Known) -> dict[str, Any]:
    """The parts of a pathway that are actions of a plan."""
    flags: list[d.Flag] = []
    background: list[d.Passage] = []
    asks: list[d.Criterion] = []
    walked: dict[str, list[_Walked]] = {"assessment": [], "management": []}
    for each in plan.each("action"):
        part = _part(each)
        inner = each.each("action") if part else []
        if part:
            each.drop("title", "code")
        match part:
            case "flags":
                flags += [_flag(a) for a in inner]
            case "background":
                background += [_passage(a) for a in inner]
            case "requests":
                asks += [_ask(a, known) for a in inner]
            case "":
                _foreign(each, walked, known)
            case _:
                walked[part] += [_step(a, known) for a in inner]
    _linked(walked)
    return {
        "flags": tuple(flags), "background": tuple(background), "requests": tuple(asks),
        "assessment": tuple(w.step for w in walked["assessment"]),
        "management": tuple(w.step for w in walked["management"]),
    }  # fmt: skip


def _part(action: Taken) -> str:
    """The part of a pathway that a group of ours is."""
    for concept in action.said.get("code") or ():
        for coding in concept.get("coding") or ():
            if coding.get("system") == PART and coding.get("code") in _PARTS:
                return str(coding["code"])
    return ""


def _foreign(
    action: Taken, walked: dict[str, list[_Walked]], known: Known, part: str = "management"
) -> None:
    """A group of another's is opened, however deep; what is in it are steps, one after another."""
    title = str(action.said.get("title") or action.said.get("textEquivalent") or "")
    part = "assessment" if _ASSESS.search(title) else part
    inner = action.each("action")
    if not inner:
        walked[part].append(_step(action, known))
        return
    whole = applies(action)
    before = len(walked["assessment"]), len(walked["management"])
    for each in inner:
        _foreign(each, walked, known, part)
    for name, start in zip(("assessment", "management"), before, strict=True):
        for held in walked[name][start:]:
            held.step = replace(held.step, when=_both(whole, held.step.when))


def _both(one: str, other: str) -> str:
    return f"({one}) and ({other})" if one and other else one or other


def _flag(said: Taken) -> d.Flag:
    return d.Flag(
        key=said.said_in("key"), words=said.text("title"), do=said.text("textEquivalent"),
        detail=said.text("description"), when=applies(said),
    )  # fmt: skip


def _passage(said: Taken) -> d.Passage:
    return d.Passage(words=said.text("title"), detail=said.text("description"))


def _ask(said: Taken, known: Known) -> d.Criterion:
    return d.Criterion(key=known.ask(said.text("definitionCanonical")), words=said.text("title"),
                       when=applies(said))  # fmt: skip


def _step(said: Taken, known: Known) -> _Walked:
    name = said.text("id")
    words = said.text("title") or said.text("textEquivalent") or said.text("description")
    actions = [_action(each, known) for each in said.each("action")]
    form, own = _defined(said, known)
    leads, after = _related(said)
    step = d.Step(
        key=said.said_in("key") or name, words=words or "Step", detail=said.text("description"),
        when=applies(said), who=_who(said), form=form, actions=(*own, *actions),
        minutes=tuple((m.said_in("staff"), m.number_in("minutes")) for m in said.ours("minutes")),
        **_timing(said),
    )  # fmt: skip
    return _Walked(step, name, leads, after, [_next(each) for each in said.ours("next")])


def _defined(said: Taken, known: Known) -> tuple[str, list[d.Action]]:
    """What an action is defined by: a form, a request, another pathway."""
    url = str(said.said.get("definitionCanonical") or "")
    if form := known.form(url):
        said.drop("definitionCanonical")
        return form, []
    if ask := known.ask(url):
        said.drop("definitionCanonical")
        return "", [d.Action(kind="request", to=ask)]
    return "", []


def _who(said: Taken) -> str:
    for each in said.said.get("participant") or ():
        for coding in (each.get("role") or {}).get("coding") or ():
            if coding.get("system") == STAFF:
                said.drop("participant")
                return str(coding.get("code") or "")
    return ""


def _timing(said: Taken) -> dict[str, Any]:
    found: dict[str, Any] = {
        "within": said.said_in("within"), "every": said.said_in("every"),
        "times": said.number_in("times"),
    }  # fmt: skip
    lasts = said.said.get("timingDuration") or {}
    if isinstance(lasts.get("value"), int) and lasts.get("unit"):
        said.drop("timingDuration")
        found["within"] = f"{lasts['value']} {lasts['unit']}"
    timing = said.said.get("timingTiming") or {}
    repeat, words = timing.get("repeat") or {}, timing.get("extension") or [{}]
    word = words[0].get("valueString") or _WORDS.get(repeat.get("periodUnit", ""), "")
    if word and repeat.get("frequency", 1) == 1 and isinstance(repeat.get("period"), int):
        said.drop("timingTiming")
        if repeat["period"] == 1 and not timing.get("extension"):
            word = word.removesuffix("s")
        found |= {"every": f"{repeat['period']} {word}", "times": repeat.get("count", 0)}
    return found


_WORDS = {"min": "minutes", "h": "hours", "d": "days", "wk": "weeks", "mo": "months", "a": "years"}


def _related(said: Taken) -> tuple[list[tuple[str, d.Link]], list[str]]:
    leads: list[tuple[str, d.Link]] = []
    after: list[str] = []
    for each in said.each("relatedAction"):
        other, how = each.text("actionId"), each.text("relationship")
        link = d.Link(to="", when=each.fhirpath_in("when"), words=each.said_in("words"))
        if how.startswith("before"):
            leads.append((other, link))
        elif how.startswith("after"):
            after.append(other)
        else:  # at the same time: nothing leads anywhere
            each.said |= {"actionId": other, "relationship": how}
    return leads, after


def _next(said: Taken) -> tuple[int, d.Link]:
    return said.number_in("place"), d.Link(
        to=said.said_in("to"), when=said.fhirpath_in("when"), words=said.said_in("words")
    )


def _action(said: Taken, known: Known) -> d.Action:
    kind = _does(said)
    url = str(said.said.get("definitionCanonical") or "")
    to = known.ask(url) or next(iter(keys_of(PATHWAY, url) or ()), "")
    if to:
        said.drop("definitionCanonical")
    return d.Action(
        kind=kind or ("request" if known.ask(url) else "do"),
        words=said.text("title") or ("" if kind else said.text("description")),
        to=to or said.said_in("to"), when=applies(said),
    )  # fmt: skip


def _does(said: Taken) -> str:
    for concept in said.said.get("code") or ():
        for coding in concept.get("coding") or ():
            if coding.get("system") == DOES:
                said.drop("code")
                return str(coding.get("code") or "")
    return ""


def _linked(walked: dict[str, list[_Walked]]) -> None:
    """Ids become keys, and what comes after another is what that one leads to."""
    every = [held for part in walked.values() for held in part]
    taken = {held.step.key for held in every if held.step.key}
    for n, held in enumerate(every, 1):
        if not held.step.key and held.id == "":
            held.step = replace(held.step, key=_free(f"step-{n}", taken))
    keys = {held.id: held.step.key for held in every if held.id}
    follows: dict[str, list[d.Link]] = {}
    for held in every:
        for other in held.after:
            follows.setdefault(other, []).append(d.Link(to=held.step.key))
    for held in every:
        found = [replace(link, to=keys.get(other, other)) for other, link in held.leads]
        for place, link in held.far:
            found.insert(place, link)
        held.step = replace(held.step, next=(*found, *follows.get(held.id, ())))


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "-b"
    taken.add(name)
    return name
