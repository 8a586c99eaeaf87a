"""A plan of money as the fields of a form, and back: what was typed is never lost. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from onesystem.budget.pooled.typed import code, figure, month, pence, pounds
from onesystem.plan.money.shape import Doubled, Funder, Line, MoneyPlan, Path, Rule, typed
from onesystem.vocabulary import UserError
from onesystem.vocabulary.typed import Problem, Raw, Rows, read, rowed

_PARTS: Mapping[str, tuple[str, ...]] = {
    "lines": ("code", "name", "setting", "amount", "pay", "demand", "efficiency", "keeps", "unit",
              "source"),
    "funders": ("code", "name", "amount", "growth", "source"),
    "doubled": ("code", "name", "amount", "first", "last", "after", "funder", "top", "benefit"),
}  # fmt: skip
ROWS = Rows(_PARTS, usual={"pay": "65"},
            chosen=frozenset({"setting", "funders.code", "funder", "top"}))  # fmt: skip
_RATES = ("pay", "price", "inflation", "efficiency")


def path(text: str) -> Path:
    """Rates as people write them: 4, or 4, 3.5, 3 where they differ by year. Raises UserError."""
    parts = [part.strip().rstrip("%") for part in text.replace(";", ",").split(",")]
    made = tuple(round(figure(part) * 100) for part in parts if part)
    if not made:
        raise UserError("a rate is said for one year at least", "Write 4, or 4, 3.5, 3")
    return made


def raw_of(plan: MoneyPlan) -> Raw:
    """What the form of a plan holds."""
    raw: Raw = {
        "name": plan.name, "years": str(plan.years), "area": plan.area, "words": plan.words,
        "rates_source": plan.rates_source, "rule.kind": plan.rule.kind,
        "rule.rate": f"{plan.rule.rate / 100:g}", "rule.source": plan.rule.source,
        **{name: typed(getattr(plan, name)) for name in _RATES},
    }  # fmt: skip
    for n, x in enumerate(plan.lines):
        raw |= rowed("lines", n, {
            "code": x.code, "name": x.name, "setting": x.setting, "amount": pounds(x.amount),
            "pay": str(x.pay), "demand": typed(x.demand), "keeps": str(x.keeps or ""),
            "efficiency": "" if x.efficiency is None else typed(x.efficiency),
            "unit": pounds(x.unit) if x.unit else "", "source": x.source})  # fmt: skip
    for n, f in enumerate(plan.funders):
        raw |= rowed("funders", n, {"code": f.code, "name": f.name, "amount": pounds(f.amount),
                                    "growth": typed(f.growth), "source": f.source})  # fmt: skip
    for n, d in enumerate(plan.doubled):
        raw |= rowed("doubled", n, {
            "code": d.code, "name": d.name, "amount": pounds(d.amount), "first": _month(d.first),
            "last": _month(d.last), "after": pounds(d.after) if d.after else "",
            "funder": d.funder, "benefit": d.benefit,
            "top": "yes" if d.top else ""})  # fmt: skip
    return raw


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def plan_from(raw: Mapping[str, str], onto: MoneyPlan) -> tuple[MoneyPlan, list[Problem]]:
    """The plan that is meant, and what of it could not be read."""
    wrong: list[Problem] = []
    taken = {row["code"] for part in ("lines", "doubled") for row in ROWS.of(raw, part)
             if row["code"]}  # fmt: skip
    none: Path = (0,)
    said: dict[str, Any] = {
        name: read(path, raw.get(name, "") or "0", name, none, wrong) for name in _RATES
    }
    said |= {name: raw.get(name, "").strip()[:2_000]
             for name in ("name", "area", "words", "rates_source")}  # fmt: skip
    made = replace(
        onto, **said,
        years=int(raw["years"]) if raw.get("years", "") in ("5", "20") else onto.years,
        rule=Rule(kind=raw.get("rule.kind", "share"), source=raw.get("rule.source", "").strip(),
                  rate=read(_share, raw.get("rule.rate", ""), "rule", 7_000, wrong)),
        lines=ROWS.read(raw, "lines", lambda row: _line(row, taken), wrong),
        funders=ROWS.read(raw, "funders", _funder, wrong),
        doubled=ROWS.read(raw, "doubled", lambda row: _doubled(row, taken), wrong),
    )  # fmt: skip
    return made, wrong


def _share(text: str) -> int:
    return round(figure(text.rstrip("%") or "70") * 100)


def _percent(text: str, usual: int) -> int:
    return round(figure(text.rstrip("%"))) if text else usual


def _line(row: Raw, taken: set[str]) -> Line:
    made = row["code"] or code(row["name"], taken)
    taken.add(made)
    return Line(
        code=made, name=row["name"] or made, setting=row["setting"] or "other",
        amount=pence(row["amount"] or "0"), pay=_percent(row["pay"], 65),
        demand=path(row["demand"] or "0"), keeps=_percent(row["keeps"], 0),
        efficiency=path(row["efficiency"]) if row["efficiency"] else None,
        unit=pence(row["unit"] or "0"), source=row["source"],
    )  # fmt: skip


def _funder(row: Raw) -> Funder:
    made = row["code"] or code(row["name"], set())
    return Funder(code=made, name=row["name"] or made, amount=pence(row["amount"] or "0"),
                  growth=path(row["growth"] or "0"), source=row["source"])  # fmt: skip


def _doubled(row: Raw, taken: set[str]) -> Doubled:
    if not row["last"]:
        raise UserError("running old and new side by side has an end", "Write its last month")
    made = row["code"] or code(row["name"], taken)
    taken.add(made)
    return Doubled(
        code=made, name=row["name"] or made, amount=pence(row["amount"] or "0"),
        first=month(row["first"]), last=month(row["last"]), after=pence(row["after"] or "0"),
        funder=row["funder"], benefit=row["benefit"], top=row["top"] == "yes",
    )  # fmt: skip
