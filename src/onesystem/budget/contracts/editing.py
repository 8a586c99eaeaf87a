"""An agreement as the fields of a form, and back: what somebody typed is never lost. Pure.

`Raw` is what the form holds, right or wrong. Rows are numbered, `slices.0.low`; a row in which
nothing was typed is no row.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts.agreement import (
    Agreement,
    Gate,
    Party,
    Pass,
    Payment,
    Quality,
    Slice,
)
from onesystem.budget.contracts.agreement import Scope as Scoped
from onesystem.budget.contracts.scoping import Around
from onesystem.budget.terms.numbers import share_words
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem, Raw, Rows, fraction_of

_PARTS: Mapping[str, tuple[str, ...]] = {
    "parties": ("organisation", "role", "share"),
    "slices": ("side", "low", "high", "share"),
    "quality": ("measure", "most", "bound", "weight"),
    "payments": ("organisation", "way", "services", "amount", "units", "price", "above", "below",
                 "payer", "goal"),
    "passes": ("organisation", "under", "services", "share", "price", "words"),
}  # fmt: skip
# What a row has before anybody typed.
USUAL: Mapping[str, Mapping[str, str]] = {
    "parties": {"role": of.MEMBER}, "slices": {"side": of.UNDER}, "quality": {"most": ""},
    "payments": {"way": of.BLOCK, "above": "100%", "below": "100%"}, "passes": {},
}  # fmt: skip
ROWS = Rows(_PARTS, chosen=frozenset({"role", "side", "way", "above", "below", "most"}))
_PLAIN = ("name", "kind", "words", "line", "open_book", "notes")
_MONEY = re.compile(r"[£$€]?\s*(\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.(\d{1,2}))?")


class _Wrong(ValueError):
    """Something typed that cannot be read: what, and what to do."""


def amount(minor: int | None) -> str:
    """Money as one types it; empty for none."""
    if minor is None or not minor:
        return ""
    return f"{minor // 100:,}" + (f".{minor % 100:02d}" if minor % 100 else "")


def amount_of(text: str) -> int:
    """Money that was typed, in minor units: `£1,250,000.50`. Empty is nothing."""
    if not text.strip():
        return 0
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        raise _Wrong(
            say("{text} is no amount of money", text=repr(text.strip())),
            "Write it like 1,250,000.50",
        )
    pounds, pence = found[1].replace(",", "").replace(" ", ""), (found[2] or "").ljust(2, "0")
    return int(pounds) * 100 + int(pence)


def share_typed(text: str) -> Fraction:
    """A share that was typed: `50%`, `50` and `1/2` are one half."""
    said = text.strip().removesuffix("%").strip()
    try:
        return fraction_of(said) if "/" in said else fraction_of(said) / 100
    except ValueError:
        raise _Wrong(
            say("{text} is no share", text=repr(text.strip())), "Write it like 50% or 1/3."
        ) from None


def raw_of(made: Agreement, around: Around) -> Raw:
    """What the form of an agreement holds."""
    raw = {name: getattr(made, name) for name in _PLAIN}
    raw |= {"since": str(made.since), "until": str(made.until), "whom": made.scope.whom}
    raw |= {
        "from_age": str(made.scope.from_age or ""),
        "below_age": str(made.scope.below_age or ""),
        "practices": "\n".join(made.scope.practices),
    }
    raw |= {f"settings.{each}": "1" for each in made.scope.settings}
    raw |= {f"organisations.{each}": "1" for each in made.scope.organisations}
    raw |= {f"places.{each}": "1" for each in made.scope.places}
    raw |= {f"goals.{each}": "1" for each in made.goals}
    raw["services"] = _names(made.scope.services, around)
    raw |= {"target": amount(made.target), "reimbursed": "1" if made.reimbursed else ""}
    raw |= {name: _share(getattr(made, name)) for name in ("threshold", "cap", "collar")}
    raw |= {"first": "1" if made.first else "", "full": _share(made.full),
            "scaled": _share(made.scaled)}  # fmt: skip
    for part, kept in (("parties", made.parties), ("slices", made.slices),
                       ("quality", made.quality), ("payments", made.payments),
                       ("passes", made.passes)):  # fmt: skip
        for nth, each in enumerate(kept):
            raw |= {f"{part}.{nth}.{name}": _cell(each, name, around) for name in ROWS.parts[part]}
    return raw | _gate_raw(made.gate)


def _share(share: Fraction | None) -> str:
    return "" if share is None else share_words(share)


def _names(codes: Iterable[str], around: Around) -> str:
    known = around.services
    return "\n".join(known[code].name if code in known else code for code in codes)


_SHARES = {"share", "low", "high", "weight", "above", "below"}


def _cell(each: Any, name: str, around: Around) -> str:
    value = getattr(each, name)
    if name == "services":
        return _names(value, around)
    if name == "bound":
        return f"{float(value):g}"
    if name in _SHARES:
        return _share(value)
    if name == "most":
        return "1" if value else ""
    if name == "units":
        return str(value or "")
    return amount(value) if isinstance(value, int) else str(value)


def _gate_raw(gate: Gate) -> Raw:
    return {
        "gate.cost_low": amount(gate.cost_low), "gate.cost_high": amount(gate.cost_high),
        "gate.cost_words": gate.cost_words, "gate.price": gate.price, "gate.tax": gate.tax,
        "gate.guarantees": gate.guarantees, "gate.exit": gate.exit,
        "gate.exit_months": str(gate.exit_months or ""),
    }  # fmt: skip


def agreement_of(raw: Raw, before: Agreement, around: Around) -> tuple[Agreement, list[Problem]]:
    """The agreement that was typed, and what of it cannot be read (left as it was `before`)."""
    work = _Work(raw, around)
    made = Agreement(
        **{name: raw.get(name, "").replace("\r\n", "\n").strip() for name in _PLAIN},
        since=work.day("since", before.since), until=work.day("until", before.until),
        parties=work.rows("parties", _party), scope=work.scope(),
        goals=work.ticked("goals", around.goals), target=work.money("target"),
        slices=work.rows("slices", _slice), threshold=work.share("threshold") or Fraction(0),
        first=bool(raw.get("first")), reimbursed=bool(raw.get("reimbursed")),
        cap=work.share("cap"), collar=work.share("collar"),
        quality=work.rows("quality", _quality), full=work.share("full") or Fraction(0),
        scaled=work.share("scaled"), payments=work.rows("payments", _payment),
        passes=work.rows("passes", _pass), gate=work.gate(),
    )  # fmt: skip
    return made, work.wrong


class _Work:
    """Reading a form; what cannot be read is remembered with its place."""

    def __init__(self, raw: Raw, around: Around) -> None:
        self.raw, self.around = raw, around
        self.wrong: list[Problem] = []
        self.codes = {each.name.casefold(): code for code, each in around.services.items()}

    def taken(self, where: str, read: Callable[[], Any], usual: Any) -> Any:
        """What was read, else what is usual."""
        try:
            return read()
        except _Wrong as error:
            self.wrong.append(Problem(where, *error.args))
            return usual

    def day(self, name: str, usual: date) -> date:
        """A day of the form."""
        try:
            return date.fromisoformat(self.raw.get(name, "").strip())
        except ValueError:
            self.wrong.append(
                Problem(name, say("That is no day"), say("Write a day like 2026-04-01."))
            )
            return usual

    def money(self, name: str) -> int:
        """An amount of the form."""
        return int(self.taken(name, lambda: amount_of(self.raw.get(name, "")), 0))

    def share(self, name: str) -> Fraction | None:
        """A share of the form; None where it is empty."""
        text = self.raw.get(name, "").strip()
        found: Fraction | None = self.taken(name, lambda: share_typed(text), None) if text else None
        return found

    def ticked(self, name: str, known: Iterable[str]) -> tuple[str, ...]:
        """What is ticked in a list of boxes."""
        return tuple(code for code in known if self.raw.get(f"{name}.{code}"))

    def services(self, text: str) -> tuple[str, ...]:
        """Services by name or code, one a line."""
        said = (line.strip() for line in text.splitlines())
        return tuple(dict.fromkeys(self.codes.get(s.casefold(), s) for s in said if s))

    def scope(self) -> Scoped:
        """What it is about."""
        settings = {each.setting for each in self.around.services.values()}
        return Scoped(
            services=self.services(self.raw.get("services", "")),
            settings=self.ticked("settings", sorted(settings)),
            organisations=self.ticked("organisations", self.around.organisations),
            places=self.ticked("places", self.around.places),
            whom=self.raw.get("whom", "").strip(),
            from_age=self.age("from_age"),
            below_age=self.age("below_age"),
            practices=tuple(dict.fromkeys(self.raw.get("practices", "").replace(",", " ").split())),
        )

    def age(self, name: str) -> int:
        """Whole years of the form; 0 where nothing was typed."""
        text = self.raw.get(name, "").strip()
        if text and not (text.isdecimal() and len(text) < 4):
            self.wrong.append(
                Problem(
                    "whom", say("{text} is no age", text=repr(text[:20])), say("Write whole years.")
                )
            )
            return 0
        return int(text or 0)

    def gate(self) -> Gate:
        """What is known before it goes live."""
        raw, months = self.raw, self.raw.get("gate.exit_months", "").strip()
        if months and not (months.isdecimal() and len(months) < 4):
            self.wrong.append(
                Problem("gate.exit", say("That is no number of months"), say("Write 6."))
            )
            months = ""
        return Gate(
            cost_low=self.money("gate.cost_low") or None,
            cost_high=self.money("gate.cost_high") or None,
            exit_months=int(months or 0), exit=raw.get("gate.exit", "").strip(),
            cost_words=raw.get("gate.cost_words", "").strip(),
            price=raw.get("gate.price", "").strip(), tax=raw.get("gate.tax", ""),
            guarantees=raw.get("gate.guarantees", "").strip(),
        )  # fmt: skip

    def rows(self, part: str, read: Callable[["_Work", dict[str, str]], Any]) -> tuple[Any, ...]:
        """The rows of a part in which something was typed."""
        found = []
        for nth, row in enumerate(ROWS.of(self.raw, part)):
            made = self.taken(f"{part}.{nth}", partial(read, self, row), None)
            found += [made] if made is not None else []
        return tuple(found)


def _party(_: _Work, row: dict[str, str]) -> Party:
    share = share_typed(row["share"]) if row["share"].strip() else Fraction(0)
    return Party(organisation=row["organisation"], role=row["role"], share=share)


def _slice(_: _Work, row: dict[str, str]) -> Slice:
    high = share_typed(row["high"]) if row["high"].strip() else None
    low = share_typed(row["low"]) if row["low"].strip() else Fraction(0)
    return Slice(side=row["side"], low=low, high=high, share=share_typed(row["share"]))


def _quality(_: _Work, row: dict[str, str]) -> Quality:
    try:
        bound = fraction_of(row["bound"].strip().removesuffix("%").replace(",", ""))
    except ValueError:
        raise _Wrong(
            say("{bound} is no figure", bound=repr(row["bound"])), "Write a number, such as 78."
        ) from None
    weight = share_typed(row["weight"]) if row["weight"].strip() else of.ONE
    return Quality(measure=row["measure"], most=bool(row["most"]), bound=bound, weight=weight)


def _payment(work: _Work, row: dict[str, str]) -> Payment:
    units = row["units"].replace(",", "").strip()
    if units and not (units.isdecimal() and len(units) < 12):
        raise _Wrong(
            say("{units} is no number of contacts", units=repr(units)), "Write a whole number."
        )
    return Payment(
        organisation=row["organisation"], way=row["way"], services=work.services(row["services"]),
        amount=amount_of(row["amount"]), units=int(units or 0), price=amount_of(row["price"]),
        above=share_typed(row["above"] or "100%"), below=share_typed(row["below"] or "100%"),
        payer=row["payer"], goal=row["goal"],
    )  # fmt: skip


def _pass(work: _Work, row: dict[str, str]) -> Pass:
    share = share_typed(row["share"]) if row["share"].strip() else None
    return Pass(
        organisation=row["organisation"], under=row["under"], share=share,
        services=work.services(row["services"]), price=amount_of(row["price"]),
        words=row["words"].strip(),
    )  # fmt: skip
