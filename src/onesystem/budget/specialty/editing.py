"""A specialty's budget as the fields of a form, and back: what was typed is never lost. Pure.

A work's steps are written one a line: `consultant 15: Seen in clinic`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from onesystem.budget.pooled.typed import code, figure, pence, pounds
from onesystem.budget.specialty.shape import GROUPS, Item, Post, Released, Specialty, Step, Work
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem, Raw, Rows, read, rowed

_PARTS: Mapping[str, tuple[str, ...]] = {
    "works": ("code", "name", "volume", "growth", "source", "steps", "tariff", "days"),
    "posts": ("words", "group", "grade", "point", "wte"),
    "items": ("words", "kind", "basis", "amount", "work"),
}
ROWS = Rows(
    _PARTS,
    usual={"kind": "consumables", "basis": "year", "point": "middle", "grade": "5",
           "group": "nurse"},
    chosen=frozenset({"tariff", "work", "source"}),
)  # fmt: skip
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


def budget_from(raw: Mapping[str, str], onto: Specialty) -> tuple[Specialty, list[Problem]]:
    """The budget that is meant, and what of it could not be read."""
    wrong: list[Problem] = []
    taken: set[str] = {row["code"] for row in ROWS.of(raw, "works") if row["code"]}
    made = replace(
        onto,
        **{name: raw.get(name, "").strip()[:2000]
           for name in ("name", "organisation", "line", "words", "award_source")},
        services=tuple(s.strip() for s in raw.get("services", "").split(",") if s.strip()),
        weeks=read(whole, raw.get("weeks", "") or "42", "weeks", 42, wrong),
        practical=read(whole, raw.get("practical", "") or "80", "weeks", 80, wrong),
        award=read(_percent, raw.get("award", "") or "0", "award", 0, wrong),
        works=ROWS.read(raw, "works", lambda row: _work(row, taken), wrong),
        posts=ROWS.read(raw, "posts", _post, wrong),
        items=ROWS.read(raw, "items", _item, wrong),
        released=read(_released(raw), "", "released", None, wrong),
    )  # fmt: skip
    return made, wrong


def whole(text: str) -> int:
    """A whole number. Raises UserError."""
    plain = text.replace(",", "").strip()
    if not re.fullmatch(r"-?\d{1,9}", plain):
        raise UserError(say("{text} is no whole number", text=repr(text)), "Write it in digits")
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
            raise UserError(
                say("{line} is no step", line=repr(line)), "Write: nurse 20: Dressing changed"
            )
        if found["group"] not in GROUPS:
            raise UserError(say("there is no staff group {group}", group=repr(found["group"])),
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
