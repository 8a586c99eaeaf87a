"""Pathways of the demo: the starter set, written, signed and put in force by the demo's staff.

One is being written anew and one waits in review, one has an urgent note, and practices opened
them over the last weeks, so that every page has something to show.
"""

from collections.abc import Callable
from dataclasses import replace

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.care.pathways import actions, queries, starting
from onesystem.care.pathways.rows import PathwayOpen
from onesystem.demo.delivering.ago import ago
from onesystem.district import current
from onesystem.vocabulary import Setting

_WEEKS = 8
_STAFF = ("editor", "lead", "doctor")
_SINCE, _LONG_AGO = 120, 690  # days that they are in force; the long one is soon due for review
_DUE = "skin-lesion"
_DESK = 6  # days ago that the editor began what is on the desk


def deliver(say: Callable[[str], None]) -> None:
    """Publish the starter set through the real acts; leave some work on the desk."""
    there = {user.username: Actor.of(user) for user in User.objects.filter(username__in=_STAFF)}
    if queries.listed() or len(there) < len(_STAFF):
        return
    editor, lead, doctor = (there[name] for name in _STAFF)
    shipped = starting.missing()
    for pathway in shipped:
        days = _LONG_AGO if pathway.key == _DUE else _SINCE
        with ago(days + 40):
            actions.begin(pathway=pathway, by=editor)
        _publish(pathway.key, days, editor, lead, doctor)
    with ago(_DESK):
        _leave_work(editor, doctor)
    _opened()
    say(f"{len(shipped)} pathways signed by a clinical lead and a subject expert")


def _publish(slug: str, days: float, editor: Actor, lead: Actor, expert: Actor) -> None:
    with ago(days + 10):
        actions.send(slug=slug, to=expert.name, words="From the starter set.", seen=_seen(slug),
                     by=editor)  # fmt: skip
    with ago(days + 1):
        for part, by in (("lead", lead), ("expert", expert)):
            if there := queries.open_version(slug):
                actions.sign(slug=slug, part=part, digest=there.digest, seen=there.seen, by=by)
    with ago(days):
        actions.publish(slug=slug, seen=_seen(slug), by=lead)


def _leave_work(editor: Actor, expert: Actor) -> None:
    slugs = [version.slug for version in queries.in_force()]
    if len(slugs) < 3:
        return
    first, second, third = slugs[:3]
    for slug, words in ((first, "Which antibiotic after the new guideline?"), (second, "")):
        now = queries.published(slug).pathway
        actions.begin(pathway=replace(now, summary=f"{now.summary} Wording under review."),
                      by=editor)  # fmt: skip
        if words:
            actions.send(slug=slug, to=expert.name, words=words, seen=_seen(slug), by=editor)
    actions.note(slug=third, words="The rapid clinic is closed this Friday: ring the ward instead.",
                 until=actions.today() + 7, by=editor)  # fmt: skip


def _seen(slug: str) -> int:
    there = queries.open_version(slug)
    return there.seen if there else 0


def _opened() -> None:
    """Practices look pathways up, some more than others."""
    practices = sorted({s.organisation for s in current().services.values()
                        if s.setting == Setting.GENERAL_PRACTICE})[:40]  # fmt: skip
    today, versions = actions.today(), queries.in_force()
    PathwayOpen.objects.bulk_create(
        PathwayOpen(slug=version.slug, number=version.number, organisation=practice,
                    day=today - (7 * n + p + v) % (7 * _WEEKS), beside=(n + p) % 3 == 0)
        for p, practice in enumerate(practices)
        for v, version in enumerate(versions)
        for n in range((p * 7 + v * 3) % 5)
    )  # fmt: skip
