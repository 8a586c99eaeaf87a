"""A specialty's budget as the fields of a form, and back: what was typed is never lost. Pure.

A work's steps are written one a line: `consultant 15: Seen in clinic`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from onesystem.budget.pooled.checks import Problem
from onesystem.budget.pooled.editing import Raw, rowed
from onesystem.budget.pooled.typed import code, figure, pence, pounds
from onesystem.budget.specialty.shape import GROUPS, Item, Post, Released, Specialty, Step, Work
from onesystem.vocabulary import UserError, nearest

_T = TypeVar("_T")
ROWS: Mapping[str, tuple[str, ...]] = {
    "works": ("code", "name", "volume", "growth", "source", "steps", "tariff", "days"),
    "posts": ("words", "group", "grade", "point", "wte"),
    "items": ("words", "kind", "basis", "amount", "work"),
}
_USUAL = {"kind": "consumables", "basis": "year", "point": "middle", "grade": "5", "group": "nurse"}
_CHOSEN = {"tariff", "work", "source"}
_STEP = re.compile(r"(?P<group>[a-z-]+)\s+(?P<minutes>\d{1,4})\s*(?:min)?\s*:?\s*(?P<words>.*)$")


def raw_of(s: Specialty) -> Raw:
    """What the form of a budget holds."""
    raw: Raw = {
        "name": s.name, "organisation": s.organisation, "line": s.line, "words": s.words,
        "services": ", ".join(s.services), "weeks": str(s.weeks), "practical": str(s.practical),
        "award": f"{s.award / 100:g}" if s.award else "", "award_source": s.award_source,
    }  # fmt: skip
    for n, w in enumerate(s.works):
        raw |= rowed("works", n, {
            "code": w.code, "name": w.name, "volume": str(w.volume), "growth": str(w.growth or ""),
            "source": w.source, "tariff": w.tariff, "days": f"{w.days / 100:g}" if w.days else "",
            "steps": "\n".join(f"{x.group} {x.minutes}: {x.words}" for x in w.steps)})  # fmt: skip
    for n, p in enumerate(s.posts):
        raw |= rowed("posts", n, {"words": p.words, "group": p.group, "grade": p.grade,
                                  "point": p.point, "wte": f"{p.hundredths / 100:g}"})  # fmt: skip
    for n, i in enumerate(s.items):
        amount = f"{i.amount / 100:g}" if i.basis == "pay" else pounds(i.amount)
        raw |= rowed("items", n, {"words": i.words, "kind": i.kind, "basis": i.basis,
                                  "amount": amount, "work": i.work})  # fmt: skip
    if s.released:
        raw |= {"released.days": str(s.released.days), "released.work": s.released.work,
                "released.percent": str(s.released.percent),
                "released.source": s.released.source}  # fmt: skip
    return raw


def rows_of(raw: Mapping[str, str], part: str) -> list[Raw]:
    """The rows of a part in their order; those in which nothing was typed are none."""
    numbers = sorted(
        {int(bits[1]) for name in raw if (bits := name.split("."))[0] == part
         and len(bits) == 3 and bits[1].isdecimal() and len(bits[1]) < 4}
    )  # fmt: skip
    rows = [
        {name: raw.get(f"{part}.{number}.{name}", "").replace("\r\n", "\n").strip()
         for name in ROWS[part]}
        for number in numbers
    ]  # fmt: skip
    return [
        row
        for row in rows
        if any(v and v != _USUAL.get(k, "") for k, v in row.items() if k not in _CHOSEN)
    ]


def blanks(raw: Mapping[str, str], do: str) -> Raw:
    """The form after a press of `add:works` or `drop:works.2`; else as it was."""
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


def budget_from(raw: Mapping[str, str], onto: Specialty) -> tuple[Specialty, list[Problem]]:
    """The budget that is meant, and what of it could not be read."""
    wrong: list[Problem] = []
    taken: set[str] = {row["code"] for row in rows_of(raw, "works") if row["code"]}
    made = replace(
        onto,
        **{name: raw.get(name, "").strip()[:2000]
           for name in ("name", "organisation", "line", "words", "award_source")},
        services=tuple(s.strip() for s in raw.get("services", "").split(",") if s.strip()),
        weeks=_read(whole, raw.get("weeks", "") or "42", "weeks", 42, wrong),
        practical=_read(whole, raw.get("practical", "") or "80", "weeks", 80, wrong),
        award=_read(_percent, raw.get("award", "") or "0", "award", 0, wrong),
        works=tuple(_each("works", raw, lambda row: _work(row, taken), wrong)),
        posts=tuple(_each("posts", raw, _post, wrong)),
        items=tuple(_each("items", raw, _item, wrong)),
        released=_read(_released(raw), "", "released", None, wrong),
    )  # fmt: skip
    return made, wrong


def _read(make: Callable[[str], _T], text: str, where: str, usual: _T, wrong: list[Problem]) -> _T:
    try:
        return make(text.strip())
    except UserError as error:
        wrong.append(Problem(where, error.what, error.cure))
        return usual


def _each(
    part: str, raw: Mapping[str, str], make: Callable[[Raw], _T], wrong: list[Problem]
) -> Iterator[_T]:
    for number, row in enumerate(rows_of(raw, part)):
        try:
            yield make(row)
        except UserError as error:
            wrong.append(Problem(f"{part}.{number}", error.what, error.cure))


def whole(text: str) -> int:
    """A whole number. Raises UserError."""
    plain = text.replace(",", "").strip()
    if not re.fullmatch(r"-?\d{1,9}", plain):
        raise UserError(f"{text!r} is no whole number", "Write it in digits")
    return int(plain)


def _percent(text: str) -> int:
    return round(figure(text) * 100)


def _work(row: Raw, taken: set[str]) -> Work:
    made = row["code"] or code(row["name"], taken)
    taken.add(made)
    return Work(
        code=made, name=row["name"] or made, volume=whole(row["volume"] or "0"),
        growth=whole(row["growth"] or "0"), source=row["source"], tariff=row["tariff"],
        days=_percent(row["days"] or "0"), steps=tuple(_steps(row["steps"])),
    )  # fmt: skip


def _steps(text: str) -> Iterator[Step]:
    for line in filter(None, (each.strip() for each in text.split("\n"))):
        found = _STEP.match(line)
        if found is None:
            raise UserError(f"{line!r} is no step", "Write: nurse 20: Dressing changed")
        if found["group"] not in GROUPS:
            raise UserError(f"there is no staff group {found['group']!r}",
                            nearest(found["group"], GROUPS))  # fmt: skip
        yield Step(group=found["group"], minutes=int(found["minutes"]), words=found["words"])


def _post(row: Raw) -> Post:
    return Post(words=row["words"], group=row["group"] or "nurse", grade=row["grade"] or "5",
                point=row["point"] or "middle", hundredths=_percent(row["wte"] or "0"))  # fmt: skip


def _item(row: Raw) -> Item:
    basis = row["basis"] or "year"
    amount = _percent(row["amount"]) if basis == "pay" else pence(row["amount"])
    return Item(words=row["words"], kind=row["kind"] or "consumables", basis=basis, amount=amount,
                work=row["work"] if basis == "each" else "")  # fmt: skip


def _released(raw: Mapping[str, str]) -> Callable[[str], Released | None]:
    def make(_: str) -> Released | None:
        days = raw.get("released.days", "").strip()
        if not days or days == "0":
            return None
        return Released(
            days=whole(days), percent=whole(raw.get("released.percent", "") or "100"),
            work=raw.get("released.work", ""), source=raw.get("released.source", "").strip(),
        )  # fmt: skip

    return make
