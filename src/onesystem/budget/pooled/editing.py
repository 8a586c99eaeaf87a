"""An agreement as the fields of a form, and back: what somebody typed is never lost. Pure.

Rows are numbered, `schemes.0.name`; a row in which nothing was typed is no row.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from onesystem.budget.pooled.agreement import Agreement, Contribution, Partner, Scheme, Test
from onesystem.budget.pooled.checks import Problem
from onesystem.budget.pooled.typed import code, day, figure, pence, pounds
from onesystem.vocabulary import UserError

Raw = dict[str, str]
_T = TypeVar("_T")
ROWS: Mapping[str, tuple[str, ...]] = {
    "partners": ("code", "name", "body", "most"),
    "contributions": ("code", "partner", "kind", "amount", "phasing", "words"),
    "schemes": (
        "code", "name", "owner", "type", "provider", "paid_from", "amount", "held", "fixed",
        "social_care", "out_of_hospital", "objective", "goal", "measure", "services", "share",
        "phasing", "until", "test_measure", "test_figure", "test_due",
    ),
    "targets": ("measure", "figure"),
}  # fmt: skip
# What a row has before anybody typed: it does not make a row by itself.
_USUAL = {"body": "nhs", "kind": "minimum", "phasing": "even", "type": "home-care"}
_CHOSEN = {"partner", "owner", "provider", "paid_from", "objective", "measure", "test_measure"}
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


def rowed(part: str, number: int, row: Raw) -> Raw:
    """A row's fields by their names in the form."""
    return {f"{part}.{number}.{name}": value for name, value in row.items() if value}


def rows_of(raw: Mapping[str, str], part: str) -> list[Raw]:
    """The rows of a part in their order; those in which nothing was typed are none."""
    numbers = sorted(
        {int(bits[1]) for name in raw if (bits := name.split("."))[0] == part
         and len(bits) == 3 and bits[1].isdecimal() and len(bits[1]) < 4}
    )  # fmt: skip
    rows = [
        {name: raw.get(f"{part}.{number}.{name}", "").strip() for name in ROWS[part]}
        for number in numbers
    ]
    chosen = _CHOSEN if part != "targets" else set()
    return [
        row
        for row in rows
        if any(v and v != _USUAL.get(k, "") for k, v in row.items() if k not in chosen)
    ]


def blanks(raw: Mapping[str, str], do: str) -> Raw:
    """The form after a press of `add:schemes` or `drop:schemes.2`; else as it was."""
    verb, _, place = do.partition(":")
    part, _, number = place.partition(".")
    if part not in ROWS:
        return dict(raw)
    rows = rows_of(raw, part)
    if verb == "drop" and number.isdecimal() and int(number) < len(rows):
        rows.pop(int(number))
    kept = {name: value for name, value in raw.items() if not name.startswith(f"{part}.")}
    for at, row in enumerate(rows):
        kept |= rowed(part, at, row)
    if verb == "add":
        kept[f"more.{part}"] = "1"
    return kept


def agreement_from(raw: Mapping[str, str], onto: Agreement) -> tuple[Agreement, list[Problem]]:
    """The agreement that is meant, and what of it could not be read."""
    wrong: list[Problem] = []
    texts: dict[str, Any] = {name: raw.get(name, "").strip()[:2000] for name in PLAIN}
    money: dict[str, Any] = {
        name: _read(pence, raw.get(name, "") or "0", name, 0, wrong)
        for name in ("risk_pool", "minimum_social_care", "minimum_out_of_hospital")
    }
    signed = raw.get("signed", "").strip()
    made = replace(
        onto, **texts, **money,
        order=tuple(part for part in raw.get("order", "").split(",") if part),
        signed=_read(day, signed, "signed", None, wrong) if signed else None,
        partners=tuple(_each("partners", raw, _partner, wrong)),
        contributions=tuple(_each("contributions", raw, _contribution, wrong, taken=set())),
        schemes=tuple(_each("schemes", raw, _scheme, wrong, taken=set())),
        targets=dict(_each("targets", raw, _target, wrong)),
    )  # fmt: skip
    return made, wrong


def _read(make: Callable[[str], _T], text: str, where: str, usual: _T, wrong: list[Problem]) -> _T:
    try:
        return make(text.strip())
    except UserError as error:
        wrong.append(Problem(where, error.what, error.cure))
        return usual


def _each(
    part: str, raw: Mapping[str, str], make: Callable[..., _T], wrong: list[Problem], **more: Any
) -> Iterator[_T]:
    rows = rows_of(raw, part)
    if "taken" in more:
        more["taken"] |= {row["code"] for row in rows if row["code"]}
    for number, row in enumerate(rows):
        try:
            yield make(row, **more)
        except UserError as error:
            wrong.append(Problem(f"{part}.{number}", error.what, error.cure))


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
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= 100):
        raise UserError(f"{text!r} is no share", "Write a whole number of per cent from 1 to 100")
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
