"""Answers that are later than was promised: said once, to whoever owes one and whoever waits.

An answer to come is nobody's news; a late one is. The notice has the number of the budget and leads
to it: no name, no sum and no word of what was asked.
"""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.urls import reverse

from onesystem import access
from onesystem.access.models import Notice
from onesystem.budget.personal.acting import holds, person_of
from onesystem.budget.personal.asking import user_of
from onesystem.budget.personal.numbers import reference
from onesystem.budget.personal.rows import PersonalAsk
from onesystem.district import now
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

LATE, LATE_FOR = "personal.late", "personal.late-for"
MOST = 200  # in one go


def words_of(ask: PersonalAsk) -> str:
    """What the notice says: the budget and the request, by their numbers."""
    return say("{reference}, request {pk}", reference=reference(ask.budget_id), pk=ask.pk)


def waits() -> bool:
    """Whether an answer is late of which nobody was told."""
    return any(True for _ in _late())


@transaction.atomic
def remind() -> int:
    """Tell of what is late and was not told; gives of how many requests."""
    done = 0
    for ask in _late():
        row = ask.budget
        person, words = person_of(row), words_of(ask)
        link = reverse("personal:person", kwargs={"person": person})
        to = {"username": ask.owner} if ask.owner else {"organisation": row.organisation}
        if any(to.values()):
            access.notify(topic=LATE, words=words, link=link, **to)
        asker = user_of(ask.asked_by)
        if asker is not None and access.may(asker, "own.see") and holds(asker, person):
            access.notify(topic=LATE_FOR, words=words, link=reverse("personal:mine"),
                          username=asker.name)  # fmt: skip
        done += 1
        if done == MOST:
            break
    return done


def _late() -> Iterator[Any]:
    """Requests whose answer is late, of which nobody was told, the longest overdue first."""
    found = PersonalAsk.objects.filter(state="waiting", due__lt=to_micros(now()))
    if not found.exists():  # asked every minute
        return
    told = set(Notice.objects.filter(topic__in=(LATE, LATE_FOR)).values_list("words", flat=True))
    for ask in found.select_related("budget").order_by("due", "pk"):
        if words_of(ask) not in told:
            yield ask
