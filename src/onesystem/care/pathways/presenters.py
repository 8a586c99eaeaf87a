"""Pathways into words: steps with their times and who does them, criteria by urgency, history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from onesystem.care.pathways.document import (
    STAFF,
    TYPES,
    URGENCIES,
    Action,
    Criterion,
    Pathway,
    Step,
)
from onesystem.care.pathways.expected import minutes_of
from onesystem.care.pathways.offers import Offer
from onesystem.care.pathways.queries import History, Listed, Note, Version
from onesystem.care.pathways.versions import Standing, can, stand, why_not_sign
from onesystem.care.pathways.versions import Step as Done
from onesystem.vocabulary.said import listed, say, say_each

URGENCY_WORDS = say_each(
    {
        "emergency": "Emergency: now",
        "urgent": "Urgent",
        "soon": "Soon",
        "routine": "Routine",
    }
)
KIND_WORDS = say_each({"referral": "referral", "order": "order", "advice": "question for advice"})
ACTION_WORDS = say_each({
    "do": "Do", "tell": "Tell the person", "request": "Request", "task": "Task",
    "episode": "Care at home", "pathway": "Go to pathway",
})  # fmt: skip
TYPE_WORDS = dict(
    zip(
        TYPES,
        (
            say("yes or no"),
            say("a whole number"),
            say("a number"),
            say("a choice"),
            say("a day"),
            "words",
        ),
        strict=True,
    )
)
STATE_TAGS = {
    "draft": (say("being written"), "info"), "in review": (say("in review"), "warn"),
    "published": (say("in force"), "good"), "superseded": (say("superseded"), "quiet"),
    "withdrawn": (say("withdrawn"), "bad"), "dropped": (say("given up"), "quiet"),
}  # fmt: skip
DONE_WORDS = say_each({
    "begun": "began it", "saved": "saved it", "sent": "sent it for review",
    "commented": "commented", "returned": "returned it", "taken back": "took it back",
    "signed as lead": "signed it as clinical lead",
    "signed as expert": "signed it as subject expert", "published": "put it in force",
    "looked at again": "looked at it again, and left it as it is",
    "superseded": "superseded it by the next version", "withdrawn": "withdrew it",
    "dropped": "gave it up",
})  # fmt: skip
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or the points of a list."""

    points: tuple[str, ...]
    listed: bool


def prose(text: str) -> list[Block]:
    """A text as paragraphs and lists: lines that begin with a hyphen are points."""
    blocks: list[Block] = []
    for part in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        plain = [line for line in lines if not line.startswith(("- ", "* "))]
        points = tuple(line[2:].strip() for line in lines if line.startswith(("- ", "* ")))
        if plain:
            blocks.append(Block((" ".join(plain),), listed=False))
        if points:
            blocks.append(Block(points, listed=True))
    return blocks


def page_words(
    pathway: Pathway, offers: Mapping[str, tuple[Offer, ...]] | None = None
) -> dict[str, Any]:
    """All that the page of a pathway shows."""
    numbers = {step.key: number for number, step in enumerate(pathway.steps, 1)}
    titles = {step.key: step.words for step in pathway.steps}

    def told(steps: Iterable[Step]) -> list[dict[str, Any]]:
        return [_step(step, pathway, numbers, titles) for step in steps]

    parts = ((say("Assessment"), pathway.assessment), (say("Management"), pathway.management))
    return {
        "slug": pathway.key,
        "title": pathway.title,
        "summary": prose(pathway.summary),
        "mark": pathway.mark,
        "notice": pathway.notice,
        "words": pathway.words,
        "owner": pathway.owner,
        "licence": pathway.licence,
        "whom": pathway.whom,
        "flags": [{"words": f.words, "key": f.key, "do": f.do, "detail": prose(f.detail),
                   "when": f.when} for f in pathway.flags],
        "background": [(each.words, prose(each.detail)) for each in pathway.background],
        "sections": [(name, told(steps)) for name, steps in parts if steps],
        "requests": _by_urgency(pathway, offers or {}),
        "person": [(i.title, prose(i.words), _link(i.url)) for i in pathway.information
                   if i.audience == "person"],
        "professional": [(i.title, prose(i.words), _link(i.url)) for i in pathway.information
                         if i.audience != "person"],
        "references": [replace(each, url=_link(each.url)) for each in pathway.references],
        "minutes": minutes_words(minutes_of(pathway)),
    }  # fmt: skip


def _link(url: str) -> str:
    """An address that may be followed; a script is none."""
    return url if url.startswith(("https://", "http://")) else ""


def _step(
    step: Step, pathway: Pathway, numbers: Mapping[str, int], titles: Mapping[str, str]
) -> dict[str, Any]:
    form = pathway.form(step.form)
    return {
        "key": step.key,
        "number": numbers[step.key],
        "words": step.words,
        "detail": prose(step.detail),
        "who": STAFF.get(step.who, step.who),
        "minutes": minutes_words(dict(step.minutes)),
        "timing": timing(step),
        "when": step.when,
        "form": form,
        "questions": [(q.words, TYPE_WORDS.get(q.type, q.type), q.required, q.options)
                      for q in form.questions] if form else [],
        "actions": [_action(each, pathway) for each in step.actions],
        "next": [{"to": link.to, "number": numbers.get(link.to), "when": link.when,
                  "words": link.words, "title": titles.get(link.to, ""),
                  "pathway": link.to.removeprefix("pathway:")
                  if link.to.startswith("pathway:") else ""} for link in step.next],
    }  # fmt: skip


def _action(action: Action, pathway: Pathway) -> dict[str, Any]:
    criterion = pathway.criterion(action.to) if action.kind == "request" else None
    return {
        "kind": action.kind,
        "called": ACTION_WORDS.get(action.kind, action.kind),
        "words": action.words or (criterion.words if criterion else ""),
        "to": action.to,
        "when": action.when,
        "criterion": criterion.key if criterion else "",
    }


def timing(step: Step) -> str:
    """When a step is due, in words."""
    parts = [
        say("within {within}", within=step.within) if step.within else "",
        say("again every {every}", every=step.every) if step.every else "",
        say("at most {times} times", times=step.times) if step.times else "",
    ]
    return listed(part for part in parts if part)


def minutes_words(minutes: Mapping[str, int]) -> str:
    """Minutes by staff group: `GP 10 min, practice nurse 15 min`."""
    return ", ".join(f"{_group(staff)} {many} min" for staff, many in minutes.items())


def _group(staff: str) -> str:
    name = STAFF.get(staff, staff)
    return "GP" if staff == "gp" else name[:1].lower() + name[1:]


def _by_urgency(
    pathway: Pathway, offers: Mapping[str, tuple[Offer, ...]]
) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """The criteria under their urgencies, what is most urgent first."""
    return [
        (urgency, URGENCY_WORDS[urgency], [
            _criterion(each, pathway, offers.get(each.key, ()))
            for each in pathway.requests if each.urgency == urgency
        ])
        for urgency in reversed(URGENCIES)
        if any(each.urgency == urgency for each in pathway.requests)
    ]  # fmt: skip


def _criterion(criterion: Criterion, pathway: Pathway, offers: tuple[Offer, ...]) -> dict[str, Any]:
    form = pathway.form(criterion.form)
    asked = [q.words for q in form.questions if q.required] if form else []
    return {
        "key": criterion.key, "words": criterion.words, "detail": prose(criterion.detail),
        "kind": criterion.kind, "kind_words": KIND_WORDS.get(criterion.kind, criterion.kind),
        "when": criterion.when, "offers": offers, "form": form.title if form else "",
        "asked": asked, "urgency": criterion.urgency,
        "meant": criterion.service or f"{criterion.setting} {criterion.named}".strip(),
    }  # fmt: skip


def version_words(version: Version) -> dict[str, Any]:
    """What a version says of itself below its page."""
    word, tag = STATE_TAGS[version.state]
    return {
        "slug": version.slug, "number": version.number, "title": version.title, "state": word,
        "tag": tag, "published": version.published, "author": version.author, "seen": version.seen,
        "lead": version.lead, "expert": version.expert, "asked": version.asked,
        "digest": version.digest, "review": day_of(version.review), "ended": version.ended,
        "open": version.state in {"draft", "in review"}, "began": version.began,
    }  # fmt: skip


def history_words(history: Iterable[History]) -> list[dict[str, Any]]:
    """The page history: each version with what was done to it, the newest first."""
    return [
        {
            **version_words(each.version),
            "steps": [done_words(step) for step in reversed(each.steps)],
            "notes": [note_words(note) for note in each.notes],
        }
        for each in history
    ]


def note_words(note: Note) -> dict[str, Any]:
    """An urgent note as it stands on the page."""
    return {"id": note.id, "words": note.words, "by": note.by, "at": note.at,
            "until": note.until, "until_day": day_of(note.until), "ended": note.ended,
            "ended_by": note.ended_by}  # fmt: skip


def done_words(step: Done) -> dict[str, Any]:
    """One thing done: who did what, with what they said."""
    said = DONE_WORDS.get(step.kind, step.kind)
    if step.kind == "sent":
        said = say("sent it for review, to the clinical lead and to {to}", to=step.to)
    return {"by": step.by, "said": said, "at": step.at, "words": step.words, "kind": step.kind}


def day_of(day: int) -> date | None:
    """A day that is counted from 1970; None for 0."""
    return _EPOCH + timedelta(days=day) if day else None


def row_words(row: Listed, today: int) -> dict[str, Any]:
    """A row of the list of those who write."""
    force = row.in_force
    return {
        "slug": row.slug, "title": row.title,
        "force": version_words(force) if force else None,
        "open": version_words(row.open) if row.open else None,
        "last": version_words(row.last),
        "mark": (force or row.last).pathway.mark,
        "due": bool(force and force.review <= today),
    }  # fmt: skip


def able_to(
    version: Version, steps: Iterable[Done], by: str, rights: frozenset[str]
) -> dict[str, Any]:
    """What somebody can do to an open version now, and why not."""
    standing: Standing = stand(steps)
    writes, signs = "pathways.write" in rights, "pathways.sign" in rights
    lead_why = why_not_sign(standing, say("signed as lead"), by)
    expert_why = why_not_sign(standing, say("signed as expert"), by)
    review = can(standing, say("signed as lead"))
    return {
        "write": writes and can(standing, "saved"),
        "send": writes and can(standing, "sent"),
        "take_back": writes and can(standing, say("taken back")),
        "drop": writes and can(standing, "dropped"),
        "comment": (writes or signs or by == version.asked) and can(standing, "commented"),
        "send_back": (signs or by == version.asked) and can(standing, "returned"),
        "sign_lead": review and signs and not standing.lead and not lead_why,
        "sign_expert": review and by == version.asked and not standing.expert and not expert_why,
        "why_not": lead_why if review and signs and not standing.lead else "",
        "publish": signs and review and standing.signed,
        "authors": sorted(standing.authors),
    }  # fmt: skip
