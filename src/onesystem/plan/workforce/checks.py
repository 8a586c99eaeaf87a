"""What is wrong with a plan of staff, each with its field, the rule and the cure. Pure."""

import re
from collections.abc import Iterator

from onesystem.plan.workforce.mixing import together
from onesystem.plan.workforce.roles import roles
from onesystem.plan.workforce.shape import TIERS, Workforce
from onesystem.vocabulary import nearest
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
        yield Problem("name", f"{plan.slug!r} is no address", "Use letters, digits and dashes")
    if not plan.name:
        yield Problem("name", "the plan has no name", "Write what people call it")
    if not 1 <= plan.years <= _MOST_YEARS:
        yield Problem("years", f"a plan is for 1 to {_MOST_YEARS} years", "Write 5 or 20")
    if not 1 <= plan.retire <= 15:
        yield Problem("retire", "those over 55 retire within 1 to 15 years", "Five are usual")
    if not 100 <= plan.hours <= 2_500:
        yield Problem("hours", "one full-time works 100 to 2,500 hours with people in a year",
                      "1,550 are usual")  # fmt: skip
    if plan.money is not None and plan.money < 0:
        yield Problem("money", "money for training is less than nothing", "Leave it empty for none")


def _role(code: str, where: str) -> Iterator[Problem]:
    if code not in roles():
        yield Problem(where, f"there is no role {code!r}", nearest(code, roles()))


def _staff(plan: Workforce) -> Iterator[Problem]:
    codes = [each.role for each in plan.staff]
    for number, each in enumerate(plan.staff):
        where = f"staff.{number}"
        yield from _role(each.role, where)
        if codes.count(each.role) > 1:
            yield Problem(where, f"{each.role} is there twice", "Take one away")
        if not all(0 <= n <= _MOST_STAFF for n in (each.in_post, each.needed, each.joiners)):
            yield Problem(where, f"{each.role}: staff are fewer than none", "Write 12.5 for 12.5")
        if not -_SANE <= each.growth <= _SANE:
            yield Problem(where, "need grows by -30 to 30 per cent a year", "Write 1.5 for 1.5 %")
        if each.turnover is not None and not 0 <= each.turnover <= 10_000:
            yield Problem(where, "0 to 100 per cent leave in a year", "Write 7 for 7 %")
        if each.over_55 is not None and not 0 <= each.over_55 <= 100:
            yield Problem(where, "0 to 100 per cent are over 55", "Write 17 for 17 %")


def _commissions(plan: Workforce) -> Iterator[Problem]:
    codes = [each.role for each in plan.commissions]
    for number, each in enumerate(plan.commissions):
        where = f"commissions.{number}"
        yield from _role(each.role, where)
        if codes.count(each.role) > 1:
            yield Problem(where, f"places for {each.role} are there twice", "Take one away")
        if not 0 <= min(each.places, each.then) <= max(each.places, each.then) <= 100_000:
            yield Problem(where, "places are a number from 0 to 100,000", "Write them in digits")


def _mixes(plan: Workforce) -> Iterator[Problem]:
    taken = together(plan.mixes)
    for number, mix in enumerate(plan.mixes):
        where = f"mixes.{number}"
        yield from _role(mix.from_role, where)
        yield from _role(mix.to_role, where)
        if mix.from_role == mix.to_role:
            yield Problem(where, "work moves to the role that does it", "Choose another role")
        if plan.of(mix.from_role) is None:
            yield Problem(where, f"nobody of {mix.from_role} is in the plan",
                          "Add them to the staff, or choose another role")  # fmt: skip
        if mix.share < 0 or taken.get(mix.from_role, 0) > 100:
            yield Problem(where, f"more than all hours of {mix.from_role} move to others",
                          "Let 100 per cent be the most of all that moves")  # fmt: skip
        if not 1 <= mix.ratio <= 500 or not 0 <= mix.watch <= 100:
            yield Problem(where, "an hour is done in 0.01 to 5 hours, 0 to 100 per cent is "
                          "supervision", "Write 100 for hour by hour")  # fmt: skip


def _demands(plan: Workforce) -> Iterator[Problem]:
    for number, each in enumerate(plan.demands):
        yield from _role(each.role, f"demands.{number}")
        if not 0 <= each.posts <= _MOST_STAFF:
            yield Problem(f"demands.{number}", f"{each.words} takes fewer posts than none",
                          "Lay it in again")  # fmt: skip


def _services(plan: Workforce) -> Iterator[Problem]:
    codes = [each.code for each in plan.services]
    for number, each in enumerate(plan.services):
        where = f"services.{number}"
        if codes.count(each.code) > 1 or not _CODE.match(each.code):
            yield Problem(
                where, f"{each.code!r} is no code, or is there twice", "Give each its own"
            )
        if each.tier not in TIERS or not 0 <= each.volume <= 10**9:
            yield Problem(where, f"{each.name} has no tier or no volume", "Choose both")
        for role, minutes in each.minutes.items():
            yield from _role(role, where)
            if not 0 <= minutes <= 100_000:
                yield Problem(where, f"{each.name} takes minutes below none", "Write 20 for 20")
