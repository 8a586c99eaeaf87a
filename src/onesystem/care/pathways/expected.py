"""The minutes that steps of pathways are expected to take, by staff group: one source for all.

The page of a pathway shows them, and what counts what care costs asks for them here: of a version
with all its steps done once, or of the steps that were done in a stretch of time.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from onesystem.care.pathways import case_store, queries
from onesystem.care.pathways.document import Pathway


def minutes_of(pathway: Pathway) -> Counter[str]:
    """All steps of a pathway done once, by staff group."""
    total: Counter[str] = Counter()
    for step in pathway.steps:
        total.update(dict(step.minutes))
    return total


def minutes_by_step() -> dict[str, tuple[str, list[tuple[str, str, int]]]]:
    """Every pathway in force: its title, and each step's words, staff group and minutes."""
    return {
        each.slug: (each.title, [
            (step.words, staff, minutes)
            for step in each.pathway.steps
            for staff, minutes in step.minutes
        ])
        for each in queries.in_force()
    }  # fmt: skip


def minutes_done(first: datetime, last: datetime) -> Counter[tuple[str, str]]:
    """The steps done from `first` to before `last`, by pathway and staff group.

    Each counts as it stood in the version that the person was on when it was done.
    """
    total: Counter[tuple[str, str]] = Counter()
    for slug, version, key, many in case_store.steps_done(first, last):
        step = queries.version(slug, version).pathway.step(key)
        for staff, minutes in step.minutes if step else ():
            total[slug, staff] += minutes * many
    return total


def minutes_of_people() -> Iterator[tuple[datetime, int, str, str, int]]:
    """Every step done, by staff group: when, whose identity, pathway, staff group, minutes."""
    known: dict[tuple[str, int], Pathway] = {}
    for at, identity, slug, number, key in case_store.steps_of_people():
        if (slug, number) not in known:
            known[slug, number] = queries.version(slug, number).pathway
        step = known[slug, number].step(key)
        for staff, minutes in step.minutes if step else ():
            yield at, identity, slug, staff, minutes


def last_step() -> str:
    """Changes with everything that is said of people on pathways."""
    return case_store.last_said()
