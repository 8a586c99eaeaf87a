"""An agreement as the fields of a form, and back: what somebody typed is never lost. Pure.

Rows are numbered, `schemes.0.name`; a row in which nothing was typed is no row.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from onesystem.budget.pooled.agreement import Agreement, Contribution, Partner, Scheme, Test
from onesystem.budget.pooled.typed import code, day, figure, pence, pounds
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem, Raw, Rows, read, rowed, whole_or

_T = TypeVar("_T")
_PARTS: Mapping[str, tuple[str, ...]] = {
    "partners": ("code", "name", "body", "most"),
    "contributions": ("code", "partner", "kind", "amount", "phasing", "words"),
    "schemes": (
        "code", "name", "owner", "type", "provider", "paid_from", "amount", "held", "fixed",
        "social_care", "out_of_hospital", "objective", "goal", "measure", "services", "share",
        "phasing", "until", "test_measure", "test_figure", "test_due",
    ),
    "targets": ("measure", "figure"),
}  # fmt: skip
ROWS = Rows(
    _PARTS,
    usual={"body": "nhs", "kind": "minimum", "phasing": "even", "type": "home-care"},
    chosen=frozenset({"partner", "owner", "provider", "paid_from", "objective",
                      "schemes.measure", "test_measure"}),
)  # fmt: skip
PLAIN = ("name", "host", "board", "left", "words")


def raw_of(a: Agreement) -> Raw:
    """What the form of an agreement holds."""
    raw: Raw = {name: str(getattr(a, name)) for name in PLAIN}
    raw |= {"signed": a.signed.isoformat() if a.signed else "", "order": ",".join(a.order)}
    for name in ("risk_pool", "minimum_social_care", "minimum_out_of_hospital"):
        raw[name] = pounds(getattr(a, name))
    for number, p in enumerate(a.partners):
        raw |= rowed(
            "partners",
            number,
            {"code": p.code, "name": p.name, "body": p.body, "most": pounds(p.most)},
        )
    for number, c in enumerate(a.contributions):
        raw |= rowed("contributions", number, {
            "code": c.code, "partner": c.partner, "kind": c.kind, "amount": pounds(c.amount),
            "phasing": c.phasing, "words": c.words})  # fmt: skip
    for number, s in enumerate(a.schemes):
        raw |= rowed("schemes", number, _scheme_raw(s))
    for number, (measure, value) in enumerate(a.targets.items()):
        raw |= rowed("targets", number, {"measure": measure, "figure": f"{value:g}"})
    return raw


def _scheme_raw(s: Scheme) -> Raw:
    plain = ("code", "name", "owner", "type", "provider", "paid_from", "objective", "goal",
             "measure", "phasing")  # fmt: skip
    return {
        **{name: str(getattr(s, name)) for name in plain},
        **{name: "1" if getattr(s, name) else "" for name in _TICKS},
        "amount": pounds(s.amount), "held": pounds(s.held) if s.held else "",
        "services": ", ".join(s.services),
        "share": "" if s.share == 100 else str(s.share),
        "until": s.until.isoformat() if s.until else "",
        "test_measure": s.test.measure if s.test else "",
        "test_figure": f"{s.test.figure:g}" if s.test else "",
        "test_due": s.test.due.isoformat() if s.test else "",
    }  # fmt: skip


_TICKS = ("fixed", "social_care", "out_of_hospital")


def agreement_from(raw: Mapping[str, str], onto: Agreement) -> tuple[Agreement, list[Problem]]:
    """The agreement that is meant, and what of it could not be read."""
    wrong: list[Problem] = []
    texts: dict[str, Any] = {name: raw.get(name, "").strip()[:2000] for name in PLAIN}
    money: dict[str, Any] = {
        name: read(pence, raw.get(name, "") or "0", name, 0, wrong)
        for name in ("risk_pool", "minimum_social_care", "minimum_out_of_hospital")
    }
    signed = raw.get("signed", "").strip()
    made = replace(
        onto, **texts, **money,
        order=tuple(part for part in raw.get("order", "").split(",") if part),
        signed=read(day, signed, "signed", None, wrong) if signed else None,
        partners=ROWS.read(raw, "partners", _partner, wrong),
        contributions=_coded("contributions", raw, _contribution, wrong),
        schemes=_coded("schemes", raw, _scheme, wrong),
        targets=dict(ROWS.read(raw, "targets", _target, wrong)),
    )  # fmt: skip
    return made, wrong


def _coded(
    part: str, raw: Mapping[str, str], make: Callable[[Raw, set[str]], _T], wrong: list[Problem]
) -> tuple[_T, ...]:
    """The rows of a part that have codes: a new one has a code that no other has."""
    taken = {row["code"] for row in ROWS.of(raw, part) if row["code"]}
    return ROWS.read(raw, part, lambda row: make(row, taken), wrong)


def _partner(row: Raw) -> Partner:
    return Partner(code=row["code"], name=row["name"] or row["code"],
                   most=pence(row["most"]) if row["most"] else None,
                   body=row["body"] or "nhs")  # fmt: skip


def _contribution(row: Raw, taken: set[str]) -> Contribution:
    made = row["code"] or code(row["words"] or f"{row['partner']} {row['kind']}", taken)
    taken.add(made)
    return Contribution(
        code=made, partner=row["partner"], kind=row["kind"] or "minimum",
        amount=pence(row["amount"]), phasing=row["phasing"] or "even", words=row["words"],
    )  # fmt: skip


def _scheme(row: Raw, taken: set[str]) -> Scheme:
    made = row["code"] or code(row["name"], taken)
    taken.add(made)
    ends = row["until"]
    return Scheme(
        code=made, name=row["name"] or made, owner=row["owner"], type=row["type"],
        provider=row["provider"], paid_from=row["paid_from"], amount=pence(row["amount"] or "0"),
        held=pence(row["held"]) if row["held"] else 0, objective=row["objective"],
        goal=row["goal"], measure=row["measure"], phasing=row["phasing"] or "even",
        services=tuple(s.strip() for s in row["services"].split(",") if s.strip()),
        share=_percent(row["share"]),
        until=day(ends) if ends else None, test=_test(row),
        **{name: bool(row[name]) for name in _TICKS},
    )  # fmt: skip


def _percent(text: str) -> int:
    if not text:
        return 100
    if not 0 < whole_or(text, 0) <= 100:
        raise UserError(
            say("{text} is no share", text=repr(text)),
            "Write a whole number of per cent from 1 to 100",
        )
    return int(text)


def _test(row: Raw) -> Test | None:
    told = [row["test_figure"], row["test_due"]]
    if not any(told):
        return None
    if not row["test_measure"] or not all(told):
        raise UserError("a test says which measure, what figure and by when", "Fill in all three")
    return Test(measure=row["test_measure"], figure=figure(told[0]), due=day(told[1]))


def _target(row: Raw) -> tuple[str, float]:
    return row["measure"], figure(row["figure"])
