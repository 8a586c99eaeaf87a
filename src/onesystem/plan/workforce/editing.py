"""A plan of staff as the fields of a form, and back: what was typed is never lost. Pure.

What a piece of work takes is written one role a line: `nurse 30`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from onesystem.budget.pooled.typed import code, day, figure, month, pence, pounds
from onesystem.plan.workforce.roles import role
from onesystem.plan.workforce.shape import Commission, Mix, Service, Staff, Workforce
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem, Raw, Rows, read, rowed

_PARTS: Mapping[str, tuple[str, ...]] = {
    "staff": ("role", "in_post", "needed", "growth", "joiners", "turnover", "over_55", "source"),
    "commissions": ("role", "places", "decided", "then", "source"),
    "mixes": ("words", "from_role", "to_role", "share", "start", "ratio", "watch", "source"),
    "services": ("code", "name", "tier", "volume", "growth", "minutes"),
}
ROWS = Rows(_PARTS, usual={"ratio": "100", "watch": "5", "tier": "2"},
            chosen=frozenset({"role", "from_role", "to_role", "tier"}))  # fmt: skip
_TAKES = re.compile(r"(?P<role>[a-z-]+)\s+(?P<minutes>\d{1,6})\s*(?:min)?$")


def raw_of(plan: Workforce) -> Raw:
    """What the form of a plan holds."""
    raw: Raw = {
        "name": plan.name, "years": str(plan.years), "area": plan.area, "words": plan.words,
        "base": f"{plan.base:%Y-%m}", "retire": str(plan.retire), "hours": str(plan.hours),
        "money": "" if plan.money is None else pounds(plan.money),
    }  # fmt: skip
    for n, s in enumerate(plan.staff):
        raw |= rowed("staff", n, {
            "role": s.role, "in_post": many(s.in_post), "needed": many(s.needed),
            "growth": many(s.growth), "joiners": many(s.joiners) if s.joiners else "",
            "turnover": "" if s.turnover is None else many(s.turnover),
            "source": s.source,
            "over_55": "" if s.over_55 is None else str(s.over_55)})  # fmt: skip
    for n, c in enumerate(plan.commissions):
        raw |= rowed("commissions", n, {
            "role": c.role, "places": str(c.places), "source": c.source,
            "decided": c.decided.isoformat() if c.decided else "",
            "then": str(c.then) if c.decided else ""})  # fmt: skip
    for n, m in enumerate(plan.mixes):
        raw |= rowed("mixes", n, {
            "words": m.words, "from_role": m.from_role, "to_role": m.to_role,
            "share": str(m.share), "start": f"{m.start:%Y-%m}", "ratio": str(m.ratio),
            "watch": str(m.watch), "source": m.source})  # fmt: skip
    for n, v in enumerate(plan.services):
        raw |= rowed("services", n, {
            "code": v.code, "name": v.name, "tier": str(v.tier), "volume": str(v.volume),
            "growth": many(v.growth),
            "minutes": "\n".join(f"{r} {each}" for r, each in v.minutes.items())})  # fmt: skip
    return raw


def many(hundredths: int) -> str:
    """Hundredths as people write them."""
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def plan_from(raw: Mapping[str, str], onto: Workforce) -> tuple[Workforce, list[Problem]]:
    """The plan that is meant, and what of it could not be read."""
    wrong: list[Problem] = []
    taken = {row["code"] for row in ROWS.of(raw, "services") if row["code"]}
    money = raw.get("money", "").strip()
    made = replace(
        onto,
        name=_text(raw, "name"), area=_text(raw, "area"), words=_text(raw, "words"),
        base=read(month, raw.get("base", ""), "base", onto.base, wrong),
        years=read(_whole, raw.get("years", "") or "5", "years", 5, wrong),
        retire=read(_whole, raw.get("retire", "") or "5", "retire", 5, wrong),
        hours=read(_whole, raw.get("hours", "") or "1550", "hours", 1_550, wrong),
        money=read(pence, money, "money", 0, wrong) if money else None,
        staff=ROWS.read(raw, "staff", _staff, wrong),
        commissions=ROWS.read(raw, "commissions", _commission, wrong),
        mixes=ROWS.read(raw, "mixes", _mix, wrong),
        services=ROWS.read(raw, "services", lambda row: _service(row, taken), wrong),
    )  # fmt: skip
    return made, wrong


def _text(raw: Mapping[str, str], name: str) -> str:
    return raw.get(name, "").strip()[:2_000]


def _whole(text: str) -> int:
    made = figure(text)
    if made != int(made):
        raise UserError(say("{text} is no whole number", text=repr(text)), "Write it in digits")
    return int(made)


def _hundredths(text: str) -> int:
    return round(figure(text.rstrip("%") or "0") * 100)


def _staff(row: Raw) -> Staff:
    return Staff(
        role=row["role"], in_post=_hundredths(row["in_post"]), needed=_hundredths(row["needed"]),
        growth=_hundredths(row["growth"]), joiners=_hundredths(row["joiners"]),
        turnover=_hundredths(row["turnover"]) if row["turnover"] else None,
        over_55=_whole(row["over_55"]) if row["over_55"] else None, source=row["source"],
    )  # fmt: skip


def _commission(row: Raw) -> Commission:
    decided: date | None = day(row["decided"]) if row["decided"] else None
    if decided and not row["then"]:
        raise UserError("a decision says how many places there are then", "Write them")
    return Commission(role=row["role"], places=_whole(row["places"] or "0"), decided=decided,
                      then=_whole(row["then"] or "0"), source=row["source"])  # fmt: skip


def _mix(row: Raw) -> Mix:
    return Mix(
        words=row["words"], from_role=row["from_role"], to_role=row["to_role"],
        share=_whole(row["share"] or "0"), start=month(row["start"]),
        ratio=_whole(row["ratio"] or "100"), watch=_whole(row["watch"] or "5"),
        source=row["source"],
    )  # fmt: skip


def _service(row: Raw, taken: set[str]) -> Service:
    made = row["code"] or code(row["name"], taken)
    taken.add(made)
    return Service(
        code=made, name=row["name"] or made, tier=_whole(row["tier"] or "2"),
        volume=_whole(row["volume"] or "0"), growth=_hundredths(row["growth"]),
        minutes=_takes(row["minutes"]),
    )  # fmt: skip


def _takes(text: str) -> dict[str, int]:
    made = {}
    for line in filter(None, (each.strip() for each in text.split("\n"))):
        found = _TAKES.match(line)
        if found is None:
            raise UserError(
                say("{line} is no role with minutes", line=repr(line)), "Write: nurse 30"
            )
        made[role(found["role"]).code] = int(found["minutes"])
    return made
