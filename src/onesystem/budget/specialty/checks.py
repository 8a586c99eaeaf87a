"""What is wrong with a specialty's budget, each with its field, the rule and the cure. Pure."""

import re
from collections.abc import Collection, Iterator

from onesystem.budget.months import Year
from onesystem.budget.pooled.checks import Wrong
from onesystem.budget.specialty.building import build, units
from onesystem.budget.specialty.pay import POINTS, grades
from onesystem.budget.specialty.shape import BASES, GROUPS, ITEMS, Specialty
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem

__all__ = ["Problem", "Wrong", "problems"]
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
_MOST = 10**12


def problems(
    s: Specialty, *, services: Collection[str] = (), organisations: Collection[str] = ()
) -> list[Problem]:
    """All that is wrong; nothing is checked against names that are not given."""
    try:
        Year.of(s.year)
    except UserError as error:
        return [Problem("year", error.what, error.cure)]
    found = [*_whole(s, services, organisations), *_works(s), *_posts(s), *_items(s)]
    if found:
        return found
    try:
        build(s)
    except UserError as error:
        return [Problem("award", error.what, error.cure)]
    return []


def _whole(
    s: Specialty, services: Collection[str], organisations: Collection[str]
) -> Iterator[Problem]:
    if not _CODE.match(s.slug) or len(s.slug) > 50:
        yield Problem(
            "slug",
            say("{slug} is no code", slug=repr(s.slug)),
            say("Use small letters, digits and dashes"),
        )
    if not s.name:
        yield Problem("name", say("the specialty has no name"), say("Write what people call it"))
    if organisations and s.organisation not in organisations:
        yield Problem(
            "organisation",
            say(
                "the district has no organisation {organisation}", organisation=repr(s.organisation)
            ),
            say("Choose one that stands in the list"),
        )
    for service in s.services:
        if services and service not in services:
            yield Problem(
                "services",
                say("the district has no service {service}", service=repr(service)),
                say("Choose one that stands in the directory"),
            )
    if not 1 <= s.weeks <= 52 or not 1 <= s.practical <= 100:
        yield Problem(
            "weeks",
            say("a year has 1 to 52 working weeks, and 1 to 100 per cent are practical"),
            say("42 weeks and 80 per cent are usual"),
        )
    if s.award and not s.award_source:
        yield Problem("award", say("an award that is assumed says who says so"),
                      say("Name the proposal or the award"))  # fmt: skip
    if not -2_000 <= s.award <= 5_000:
        yield Problem(
            "award", say("an award is between -20 and 50 per cent"), say("Write 2.5 for 2.5 %")
        )


def _works(s: Specialty) -> Iterator[Problem]:
    codes = [w.code for w in s.works]
    for number, w in enumerate(s.works):
        where = f"works.{number}"
        if not _CODE.match(w.code) or codes.count(w.code) > 1:
            yield Problem(
                where,
                say("{code} is no code, or is there twice", code=repr(w.code)),
                say("Give each its own"),
            )
        if not 0 <= w.volume <= 10**7 or not -100 <= w.growth <= 1000:
            yield Problem(
                where,
                say("{name} is planned beyond all bounds", name=w.name),
                say("Look for a slip"),
            )
        if w.tariff and w.tariff not in units()[0]:
            yield Problem(
                where,
                say("there is no unit cost {tariff}", tariff=repr(w.tariff)),
                say("Choose one of the list"),
            )
        for step in w.steps:
            if step.group not in GROUPS or not 0 <= step.minutes <= 6000:
                yield Problem(
                    where,
                    say("a step of {name} has no staff group or no minutes", name=w.name),
                    say("Choose a group, and minutes for one piece"),
                )


def _posts(s: Specialty) -> Iterator[Problem]:
    known = dict(grades())
    for number, p in enumerate(s.posts):
        where = f"posts.{number}"
        if p.group not in GROUPS:
            yield Problem(
                where,
                say("there is no staff group {group}", group=repr(p.group)),
                say("Choose one of the list"),
            )
        if p.grade not in known or p.point not in POINTS:
            yield Problem(
                where,
                say(
                    "no pay scale has {grade} at {point}", grade=repr(p.grade), point=repr(p.point)
                ),
                say("Choose grade and point of the list"),
            )
        if not 0 < p.hundredths <= 100_000:
            yield Problem(
                where, say("a post is more than nothing"), say("Write 0.5 for half a post")
            )


def _items(s: Specialty) -> Iterator[Problem]:
    for number, i in enumerate(s.items):
        where = f"items.{number}"
        if i.kind not in ITEMS or i.basis not in BASES:
            yield Problem(
                where, say("{words} has no kind or no basis", words=i.words), say("Choose both")
            )
        if i.basis == "each" and s.work(i.work) is None:
            yield Problem(
                where,
                say("{words} is for each piece of no work", words=i.words),
                say("Choose the work"),
            )
        if not 0 <= i.amount <= _MOST:
            yield Problem(
                where,
                say("{words} is less than nothing", words=i.words),
                say("Write pounds and pence"),
            )
    if s.released and (s.work(s.released.work) is None or not 0 <= s.released.percent <= 100):
        yield Problem("released", say("released bed-days are for no work, or for more than all"),
                      say("Choose the elective work, and 0 to 100 per cent"))  # fmt: skip
