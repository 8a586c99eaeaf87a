"""What is wrong with a plan of staff, each with its field, the rule and the cure. Pure."""

import re
from collections.abc import Iterator

from onesystem.plan.workforce.mixing import together
from onesystem.plan.workforce.roles import roles
from onesystem.plan.workforce.shape import TIERS, Workforce
from onesystem.vocabulary import nearest
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
_MOST_STAFF = 10**9  # hundredths: ten million people
_MOST_YEARS = 20
_SANE = 3_000  # 30 per cent a year


def problems(plan: Workforce) -> list[Problem]:
    """All that is wrong."""
    return [*_whole(plan), *_staff(plan), *_commissions(plan), *_mixes(plan), *_services(plan),
            *_demands(plan)]  # fmt: skip


def _whole(plan: Workforce) -> Iterator[Problem]:
    if not _CODE.match(plan.slug) or len(plan.slug) > 60:
        yield Problem(
            "name",
            say("{slug} is no address", slug=repr(plan.slug)),
            say("Use letters, digits and dashes"),
        )
    if not plan.name:
        yield Problem("name", say("the plan has no name"), say("Write what people call it"))
    if not 1 <= plan.years <= _MOST_YEARS:
        yield Problem(
            "years",
            say("a plan is for 1 to {most_years} years", most_years=_MOST_YEARS),
            say("Write 5 or 20"),
        )
    if not 1 <= plan.retire <= 15:
        yield Problem(
            "retire", say("those over 55 retire within 1 to 15 years"), say("Five are usual")
        )
    if not 100 <= plan.hours <= 2_500:
        yield Problem("hours", say("one full-time works 100 to 2,500 hours with people in a year"),
                      say("1,550 are usual"))  # fmt: skip
    if plan.money is not None and plan.money < 0:
        yield Problem(
            "money", say("money for training is less than nothing"), say("Leave it empty for none")
        )


def _role(code: str, where: str) -> Iterator[Problem]:
    if code not in roles():
        yield Problem(
            where, say("there is no role {code}", code=repr(code)), nearest(code, roles())
        )


def _staff(plan: Workforce) -> Iterator[Problem]:
    codes = [each.role for each in plan.staff]
    for number, each in enumerate(plan.staff):
        where = f"staff.{number}"
        yield from _role(each.role, where)
        if codes.count(each.role) > 1:
            yield Problem(where, say("{role} is there twice", role=each.role), say("Take one away"))
        if not all(0 <= n <= _MOST_STAFF for n in (each.in_post, each.needed, each.joiners)):
            yield Problem(
                where,
                say("{role}: staff are fewer than none", role=each.role),
                say("Write 12.5 for 12.5"),
            )
        if not -_SANE <= each.growth <= _SANE:
            yield Problem(
                where, say("need grows by -30 to 30 per cent a year"), say("Write 1.5 for 1.5 %")
            )
        if each.turnover is not None and not 0 <= each.turnover <= 10_000:
            yield Problem(where, say("0 to 100 per cent leave in a year"), say("Write 7 for 7 %"))
        if each.over_55 is not None and not 0 <= each.over_55 <= 100:
            yield Problem(where, say("0 to 100 per cent are over 55"), say("Write 17 for 17 %"))


def _commissions(plan: Workforce) -> Iterator[Problem]:
    codes = [each.role for each in plan.commissions]
    for number, each in enumerate(plan.commissions):
        where = f"commissions.{number}"
        yield from _role(each.role, where)
        if codes.count(each.role) > 1:
            yield Problem(
                where,
                say("places for {role} are there twice", role=each.role),
                say("Take one away"),
            )
        if not 0 <= min(each.places, each.then) <= max(each.places, each.then) <= 100_000:
            yield Problem(
                where, say("places are a number from 0 to 100,000"), say("Write them in digits")
            )


def _mixes(plan: Workforce) -> Iterator[Problem]:
    taken = together(plan.mixes)
    for number, mix in enumerate(plan.mixes):
        where = f"mixes.{number}"
        yield from _role(mix.from_role, where)
        yield from _role(mix.to_role, where)
        if mix.from_role == mix.to_role:
            yield Problem(
                where, say("work moves to the role that does it"), say("Choose another role")
            )
        if plan.of(mix.from_role) is None:
            yield Problem(
                where,
                say("nobody of {from_role} is in the plan", from_role=mix.from_role),
                say("Add them to the staff, or choose another role"),
            )
        if mix.share < 0 or taken.get(mix.from_role, 0) > 100:
            yield Problem(
                where,
                say("more than all hours of {from_role} move to others", from_role=mix.from_role),
                say("Let 100 per cent be the most of all that moves"),
            )
        if not 1 <= mix.ratio <= 500 or not 0 <= mix.watch <= 100:
            yield Problem(
                where,
                say("an hour is done in 0.01 to 5 hours, 0 to 100 per cent is supervision"),
                say("Write 100 for hour by hour"),
            )


def _demands(plan: Workforce) -> Iterator[Problem]:
    for number, each in enumerate(plan.demands):
        yield from _role(each.role, f"demands.{number}")
        if not 0 <= each.posts <= _MOST_STAFF:
            yield Problem(
                f"demands.{number}",
                say("{words} takes fewer posts than none", words=each.words),
                say("Lay it in again"),
            )


def _services(plan: Workforce) -> Iterator[Problem]:
    codes = [each.code for each in plan.services]
    for number, each in enumerate(plan.services):
        where = f"services.{number}"
        if codes.count(each.code) > 1 or not _CODE.match(each.code):
            yield Problem(
                where,
                say("{code} is no code, or is there twice", code=repr(each.code)),
                say("Give each its own"),
            )
        if each.tier not in TIERS or not 0 <= each.volume <= 10**9:
            yield Problem(
                where, say("{name} has no tier or no volume", name=each.name), say("Choose both")
            )
        for role, minutes in each.minutes.items():
            yield from _role(role, where)
            if not 0 <= minutes <= 100_000:
                yield Problem(
                    where,
                    say("{name} takes minutes below none", name=each.name),
                    say("Write 20 for 20"),
                )
