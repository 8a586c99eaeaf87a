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
from onesystem.vocabulary.said import say
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
        yield Problem("name", say("the fund has no name"), say("Write what people call it"))
    if len(a.partners) < 2:
        yield Problem(
            "partners.0",
            say("a pooled fund has two partners or more"),
            say("Add the partner that pays in beside"),
        )
    if a.host not in {p.code for p in a.partners}:
        yield Problem(
            "host", say("the host is none of the partners"), say("Choose who holds the money")
        )
    if sorted(a.order) != sorted(STEPS):
        yield Problem(
            "order",
            say("the order leaves a step out or has one twice"),
            say("Name each of: {steps}", steps=", ".join(STEPS)),
        )
    if a.left not in LEFT:
        yield Problem(
            "left",
            say("{left} is no way with what is left", left=repr(a.left)),
            say("Choose one of: {left}", left=", ".join(LEFT)),
        )
    for where in ("risk_pool", "minimum_social_care", "minimum_out_of_hospital"):
        if not 0 <= getattr(a, where) <= _MOST:
            yield Problem(
                where, say("an amount is 0 or more"), say("Write pounds and pence, such as 1200.50")
            )


def _paid(a: Agreement, organisations: Collection[str]) -> Iterator[Problem]:
    yield from _twice("partners", [p.code for p in a.partners])
    yield from _twice("contributions", [c.code for c in a.contributions])
    yield from _twice("schemes", [s.code for s in a.schemes])
    for number, partner in enumerate(a.partners):
        if organisations and partner.code not in organisations:
            yield Problem(
                f"partners.{number}",
                say("the district has no organisation {code}", code=repr(partner.code)),
                say("Choose one that stands in district.toml"),
            )
    known = {p.code for p in a.partners}
    for number, paid in enumerate(a.contributions):
        where = f"contributions.{number}"
        if paid.partner not in known:
            yield Problem(
                where,
                say("{partner} pays in and is no partner", partner=repr(paid.partner)),
                say("Add the partner"),
            )
        if paid.kind not in KINDS:
            yield Problem(
                where,
                say("there is no kind {kind}", kind=repr(paid.kind)),
                say("Choose one of: {kinds}", kinds=", ".join(KINDS)),
            )
        if not 0 < paid.amount <= _MOST:
            yield Problem(
                where,
                say("a contribution is more than nothing"),
                say("Write pounds and pence, such as 1200.50"),
            )
        if paid.phasing not in PHASINGS:
            yield Problem(
                where,
                say("there is no phasing {phasing}", phasing=repr(paid.phasing)),
                say("Choose one of: {phasings}", phasings=", ".join(PHASINGS)),
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
            say("{name} is paid from nothing", name=s.name or s.code),
            say("Choose the contribution that it is paid from"),
        )
    if a.partner(s.owner) is None:
        yield Problem(
            where,
            say("{name} has no owner among the partners", name=s.name or s.code),
            say("Choose one"),
        )
    if not s.goal:
        yield Problem(
            where,
            say("{name} has no goal", name=s.name or s.code),
            say("Write what is to be better for people by it"),
        )
    yield from _chosen(s, where)
    if not 0 <= s.amount <= _MOST or not 0 <= s.held <= max(s.amount, 0):
        yield Problem(
            where,
            say("the money of {name} is not between nothing and all", name=s.name or s.code),
            say("What is not committed yet is at most the scheme's money"),
        )
    yield from _named(s, where, measures, services, organisations)
    yield from _limited(a, s, where)


def _chosen(s: Scheme, where: str) -> Iterator[Problem]:
    if s.type not in TYPES:
        yield Problem(
            where,
            say("there is no type {type}", type=repr(s.type)),
            say("Choose one of: {types}", types=", ".join(TYPES)),
        )
    if s.phasing not in PHASINGS:
        yield Problem(
            where,
            say("there is no phasing {phasing}", phasing=repr(s.phasing)),
            say("Choose one of: {phasings}", phasings=", ".join(PHASINGS)),
        )
    if s.objective and s.objective not in OBJECTIVES:
        yield Problem(
            where,
            say("there is no objective {objective}", objective=repr(s.objective)),
            say("Choose one of: {objectives}", objectives=", ".join(OBJECTIVES)),
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
            say("the district has no organisation {provider}", provider=repr(s.provider)),
            say("Choose the provider among the district's organisations"),
        )
    for name in (n for n in (s.measure, s.test.measure if s.test else "") if n):
        if measures and name not in measures:
            yield Problem(
                where,
                say("there is no measure {name}", name=repr(name)),
                say("Choose one of the library"),
            )
    for service in s.services:
        if services and service not in services:
            yield Problem(
                where,
                say("the district has no service {service}", service=repr(service)),
                say("Choose one that stands in the directory"),
            )


def _limited(a: Agreement, s: Scheme, where: str) -> Iterator[Problem]:
    if s.type == "transformation" and (s.until is None or s.test is None):
        yield Problem(
            where,
            say("{name} is money for a limited time without an end or test", name=s.name or s.code),
            say("Give the day it ends, and what a measure is to be by when"),
        )
    if s.until and s.until < Year.of(a.year).first:
        yield Problem(
            where,
            say("{name} ended before the year began", name=s.name or s.code),
            say("Leave it out of {year}, or give a later end", year=a.year),
        )


def _twice(part: str, codes: list[str]) -> Iterator[Problem]:
    for number, code in enumerate(codes):
        if not _CODE.match(code) or len(code) > 60:
            yield Problem(
                f"{part}.{number}",
                say("{code} is no code", code=repr(code)),
                say("Use small letters and digits with dashes between"),
            )
        elif code in codes[:number]:
            yield Problem(
                f"{part}.{number}",
                say("{code} is there twice", code=repr(code)),
                say("Give each its own"),
            )


def _sums(a: Agreement) -> Iterator[Problem]:
    """Each contribution covers its schemes: money is promised once."""
    for number, paid in enumerate(a.contributions):
        promised = sum(s.amount for s in a.schemes if s.paid_from == paid.code)
        if promised > paid.amount:
            yield Problem(
                f"contributions.{number}",
                say(
                    "schemes take {promised} from {words}, which is {amount}",
                    promised=f"{promised / 100:,.2f}",
                    words=paid.words or paid.code,
                    amount=f"{paid.amount / 100:,.2f}",
                ),
                say("Take less, or let another contribution pay for some of it"),
            )
    if a.free < 0:
        yield Problem(
            "risk_pool",
            say(
                "the risk pool and the schemes are {free} more than what is paid in",
                free=f"{-a.free / 100:,.2f}",
            ),
            say("Make one of them smaller"),
        )
    told = (
        (a.minimum_social_care, "social_care", say("adult social care")),
        (a.minimum_out_of_hospital, "out_of_hospital", say("services out of hospital")),
    )
    for least, field, words in told:
        given = sum(s.amount for s in a.cash_schemes if getattr(s, field) and a.of_the_nhs(s))
        if given < least:
            yield Problem(
                f"minimum_{field}",
                say(
                    "{given} of the NHS minimum goes to {words}, and the year's minimum is {least}",
                    given=f"{given / 100:,.2f}",
                    words=words,
                    least=f"{least / 100:,.2f}",
                ),
                say("Move schemes up to it: the plan breaks a national condition"),
            )
