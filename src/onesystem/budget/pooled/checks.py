"""What is wrong with an agreement, each with its field, the rule and the cure. Pure."""

import re
from collections.abc import Collection, Iterator

from onesystem.budget.months import Year
from onesystem.budget.pooled.agreement import (
    KINDS,
    LEFT,
    OBJECTIVES,
    STEPS,
    TYPES,
    Agreement,
    Scheme,
)
from onesystem.budget.pooled.phasing import PHASINGS
from onesystem.vocabulary.errors import UserError
from onesystem.vocabulary.typed import Problem

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
_MOST = (
    10**13
)  # a hundred thousand million pounds: more than any fund, far less than a column holds


class Wrong(UserError):
    """An agreement that cannot stand; `problems` says where and why."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(found[0].what, found[0].cure)
        self.problems = found


def problems(
    agreement: Agreement,
    *,
    measures: Collection[str] = (),
    services: Collection[str] = (),
    organisations: Collection[str] = (),
) -> list[Problem]:
    """All that is wrong; nothing is checked against names that are not given."""
    try:
        Year.of(agreement.year)
    except UserError as error:
        return [Problem("year", error.what, error.cure)]
    found = [*_whole(agreement), *_paid(agreement, organisations)]
    for number, scheme in enumerate(agreement.schemes):
        found += _scheme(agreement, scheme, f"schemes.{number}", measures, services, organisations)
    return found or list(_sums(agreement))


def _whole(a: Agreement) -> Iterator[Problem]:
    if not a.name:
        yield Problem("name", "the fund has no name", "Write what people call it")
    if len(a.partners) < 2:
        yield Problem(
            "partners.0",
            "a pooled fund has two partners or more",
            "Add the partner that pays in beside",
        )
    if a.host not in {p.code for p in a.partners}:
        yield Problem("host", "the host is none of the partners", "Choose who holds the money")
    if sorted(a.order) != sorted(STEPS):
        yield Problem(
            "order",
            "the order leaves a step out or has one twice",
            f"Name each of: {', '.join(STEPS)}",
        )
    if a.left not in LEFT:
        yield Problem(
            "left", f"{a.left!r} is no way with what is left", f"Choose one of: {', '.join(LEFT)}"
        )
    for where in ("risk_pool", "minimum_social_care", "minimum_out_of_hospital"):
        if not 0 <= getattr(a, where) <= _MOST:
            yield Problem(
                where, "an amount is 0 or more", "Write pounds and pence, such as 1200.50"
            )


def _paid(a: Agreement, organisations: Collection[str]) -> Iterator[Problem]:
    yield from _twice("partners", [p.code for p in a.partners])
    yield from _twice("contributions", [c.code for c in a.contributions])
    yield from _twice("schemes", [s.code for s in a.schemes])
    for number, partner in enumerate(a.partners):
        if organisations and partner.code not in organisations:
            yield Problem(
                f"partners.{number}",
                f"the district has no organisation {partner.code!r}",
                "Choose one that stands in district.toml",
            )
    known = {p.code for p in a.partners}
    for number, paid in enumerate(a.contributions):
        where = f"contributions.{number}"
        if paid.partner not in known:
            yield Problem(where, f"{paid.partner!r} pays in and is no partner", "Add the partner")
        if paid.kind not in KINDS:
            yield Problem(
                where, f"there is no kind {paid.kind!r}", f"Choose one of: {', '.join(KINDS)}"
            )
        if not 0 < paid.amount <= _MOST:
            yield Problem(
                where,
                "a contribution is more than nothing",
                "Write pounds and pence, such as 1200.50",
            )
        if paid.phasing not in PHASINGS:
            yield Problem(
                where,
                f"there is no phasing {paid.phasing!r}",
                f"Choose one of: {', '.join(PHASINGS)}",
            )


def _scheme(
    a: Agreement,
    s: Scheme,
    where: str,
    measures: Collection[str],
    services: Collection[str],
    organisations: Collection[str],
) -> Iterator[Problem]:
    paid = a.contribution(s.paid_from)
    if paid is None:
        yield Problem(
            where,
            f"{s.name or s.code} is paid from nothing",
            "Choose the contribution that it is paid from",
        )
    if a.partner(s.owner) is None:
        yield Problem(where, f"{s.name or s.code} has no owner among the partners", "Choose one")
    if not s.goal:
        yield Problem(
            where, f"{s.name or s.code} has no goal", "Write what is to be better for people by it"
        )
    yield from _chosen(s, where)
    if not 0 <= s.amount <= _MOST or not 0 <= s.held <= max(s.amount, 0):
        yield Problem(
            where,
            f"the money of {s.name or s.code} is not between nothing and all",
            "What is not committed yet is at most the scheme's money",
        )
    yield from _named(s, where, measures, services, organisations)
    yield from _limited(a, s, where)


def _chosen(s: Scheme, where: str) -> Iterator[Problem]:
    if s.type not in TYPES:
        yield Problem(where, f"there is no type {s.type!r}", f"Choose one of: {', '.join(TYPES)}")
    if s.phasing not in PHASINGS:
        yield Problem(
            where, f"there is no phasing {s.phasing!r}", f"Choose one of: {', '.join(PHASINGS)}"
        )
    if s.objective and s.objective not in OBJECTIVES:
        yield Problem(
            where,
            f"there is no objective {s.objective!r}",
            f"Choose one of: {', '.join(OBJECTIVES)}",
        )


def _named(
    s: Scheme,
    where: str,
    measures: Collection[str],
    services: Collection[str],
    organisations: Collection[str],
) -> Iterator[Problem]:
    if organisations and s.provider not in organisations:
        yield Problem(
            where,
            f"the district has no organisation {s.provider!r}",
            "Choose the provider among the district's organisations",
        )
    for name in (n for n in (s.measure, s.test.measure if s.test else "") if n):
        if measures and name not in measures:
            yield Problem(where, f"there is no measure {name!r}", "Choose one of the library")
    for service in s.services:
        if services and service not in services:
            yield Problem(
                where,
                f"the district has no service {service!r}",
                "Choose one that stands in the directory",
            )


def _limited(a: Agreement, s: Scheme, where: str) -> Iterator[Problem]:
    if s.type == "transformation" and (s.until is None or s.test is None):
        yield Problem(
            where,
            f"{s.name or s.code} is money for a limited time without an end or test",
            "Give the day it ends, and what a measure is to be by when",
        )
    if s.until and s.until < Year.of(a.year).first:
        yield Problem(
            where,
            f"{s.name or s.code} ended before the year began",
            f"Leave it out of {a.year}, or give a later end",
        )


def _twice(part: str, codes: list[str]) -> Iterator[Problem]:
    for number, code in enumerate(codes):
        if not _CODE.match(code) or len(code) > 60:
            yield Problem(
                f"{part}.{number}",
                f"{code!r} is no code",
                "Use small letters and digits with dashes between",
            )
        elif code in codes[:number]:
            yield Problem(f"{part}.{number}", f"{code!r} is there twice", "Give each its own")


def _sums(a: Agreement) -> Iterator[Problem]:
    """Each contribution covers its schemes: money is promised once."""
    for number, paid in enumerate(a.contributions):
        promised = sum(s.amount for s in a.schemes if s.paid_from == paid.code)
        if promised > paid.amount:
            yield Problem(
                f"contributions.{number}",
                f"schemes take {promised / 100:,.2f} from {paid.words or paid.code}, "
                f"which is {paid.amount / 100:,.2f}",
                "Take less, or let another contribution pay for some of it",
            )
    if a.free < 0:
        yield Problem(
            "risk_pool",
            f"the risk pool and the schemes are {-a.free / 100:,.2f} more than what is paid in",
            "Make one of them smaller",
        )
    told = (
        (a.minimum_social_care, "social_care", "adult social care"),
        (a.minimum_out_of_hospital, "out_of_hospital", "services out of hospital"),
    )
    for least, field, words in told:
        given = sum(s.amount for s in a.cash_schemes if getattr(s, field) and a.of_the_nhs(s))
        if given < least:
            yield Problem(
                f"minimum_{field}",
                f"{given / 100:,.2f} of the NHS minimum goes to "
                f"{words}, and the year's minimum is {least / 100:,.2f}",
                "Move schemes up to it: the plan breaks a national condition",
            )
