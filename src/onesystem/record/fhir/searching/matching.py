"""One condition as SQL over one index table: which rows say it. Pure.

A `Look` is asked in two ways: as the rows from which a search starts (`entries`), and as a test of
one entry (`holds`). Numbers stand in the text, whatever a client wrote in the values.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from onesystem.record.fhir.searching.asked import Simple
from onesystem.record.fhir.searching.definitions import Parameter, parted, slot_of
from onesystem.record.fhir.searching.emitters import TYPED, named
from onesystem.record.fhir.searching.figures import date_sql, number_sql, quantity_sql
from onesystem.record.fhir.searching.splitting import split, unescaped
from onesystem.record.fhir.searching.values import CODE, WORDS, folded, kept, plain, system_number

END = "\U0010ffff"
TABLE = {"token": "record_token", "string": "record_string", "date": "record_date",
         "number": "record_quantity", "quantity": "record_quantity",
         "reference": "record_reference", "uri": "record_token"}  # fmt: skip
_WITHOUT_SYSTEM = {"code", "string", "boolean", "id", "uri", "url", "canonical", "oid",
                   "ContactPoint"}  # fmt: skip
BY_ENTRY = {"record_string", "record_date", "record_quantity", "record_reference"}
Sql = tuple[str, list[Any]]


class Look(NamedTuple):
    """Rows of an index table: `where` speaks of them as `x`.

    `more` joins a second table, for a composite. `sure`: few entries can have it. `exact`: the
    value is named, so that one entry can be looked for by it. `once`: no entry has two such rows.
    """

    table: str
    where: str
    values: tuple[Any, ...]
    more: str = ""
    sure: bool = False
    exact: bool = True
    once: bool = False
    among: str = ""  # a query of its own that follows `where`

    def under(self, alias: str) -> str:
        """Its condition on the table under another alias."""
        return self.where.replace("x.", f"{alias}.")

    def entries(self) -> Sql:
        """The entries that have such a row; an entry may come several times."""
        said = f"{self.table} x{self.more} WHERE {self.where}{self.among}"
        return f"SELECT x.entry FROM {said}", [*self.values]

    def holds(self, entry: str) -> Sql:
        """Whether an entry has such a row."""
        if self.table in BY_ENTRY and not (self.exact and self.table == "record_reference"):
            # The plus keeps SQLite from the key by value: the one by entry is the short way.
            where = self.where.replace("x.slot", "+x.slot")
        elif self.exact:
            where = self.where
        else:
            return f"{entry} IN ({self.entries()[0]})", [*self.values]
        said = f"{self.table} x{self.more} WHERE x.entry = {entry} AND {where}{self.among}"
        return f"EXISTS (SELECT 1 FROM {said})", [*self.values]


def slots_sql(alias: str, numbers: Sequence[int]) -> str:
    """The slots of a parameter."""
    said = sorted(set(numbers))
    if len(said) == 1:
        return f"{alias}.slot = {said[0]}"
    return f"{alias}.slot IN ({', '.join(map(str, said))})"


def _own(parameter: Parameter, alias: str) -> Sql:
    """The slots, with the type that references in them must name."""
    if not parameter.only:
        return slots_sql(alias, parameter.slots), []
    parts, values = [], []
    for number in parameter.slots:
        kind = parameter.only.get(number)
        parts.append(f"{alias}.slot = {number}" + (f" AND {alias}.kind = %s" if kind else ""))
        values += [kind] if kind else []
    return parts[0] if len(parts) == 1 else "(" + " OR ".join(f"({p})" for p in parts) + ")", values


def present(parameter: Parameter) -> list[Look]:
    """The rows of a parameter, whatever they say.

    A code may be said in words alone, and a reference may be an identifier alone; but not where
    the parameter is of one type of target, which only a literal reference shows.
    """
    if parameter.type == "composite":
        raise ValueError(parameter.code)
    where, values = _own(parameter, "x")
    found = [Look(TABLE[parameter.type], where, tuple(values), exact=False)]
    beside = {"token": "record_string", "reference": "record_token"}.get(parameter.type)
    if beside and not parameter.only:
        found.append(Look(beside, slots_sql("x", parameter.slots), (), exact=False))
    return found


def look(
    kind: str, parameter: Parameter, modifier: str, values: Sequence[str], base: str, now: int
) -> Look:
    """The rows that have one of the values. `base`: our own address; `now`: microseconds."""
    if parameter.type == "composite":
        return _composite(kind, parameter, values, base, now)
    if modifier == "identifier":
        return _tokens(kind, parameter, values)
    if parameter.type == "token":
        return _token(kind, parameter, modifier, values)
    if parameter.type == "reference":
        return _references(kind, parameter, modifier, values, base)
    parts = [_one(kind, parameter, modifier, value, base, now, "x") for value in values]
    where, args = _own(parameter, "x")
    either = " OR ".join(sql for sql, _ in parts)
    return Look(
        TABLE[parameter.type],
        f"{where} AND ({either})",
        (*args, *(v for _, more in parts for v in more)),
        exact=parameter.type == "uri" and modifier != "below",
        sure=modifier == "exact",
    )


def _token(kind: str, parameter: Parameter, modifier: str, values: Sequence[str]) -> Look:
    if modifier == "text":
        parts = [_text_sql("x", "", unescaped(value)) for value in values]
        return Look(
            "record_string",
            f"{slots_sql('x', parameter.slots)} AND ({' OR '.join(s for s, _ in parts)})",
            tuple(v for _, more in parts for v in more),
            exact=False,
        )
    if modifier == "of-type":
        values = [_of_type(value) for value in values]
    return _tokens(kind, parameter, values)


def _of_type(value: str) -> str:
    """The token that an identifier with a type is indexed by beside its own."""
    system, kind, said = split(value, "|")
    return rf"{system}|{TYPED}{kind}\|{said}"


def _tokens(kind: str, parameter: Parameter, values: Sequence[str]) -> Look:
    """Codes by themselves go into one list, so that the key finds them all in one way."""
    bare = [folded(unescaped(v)) for v in values if len(split(v, "|")) == 1]
    parts: list[str] = []
    args: list[Any] = []
    if bare:
        parts.append(_in("x.code", bare))
        args += bare
    sure = parameter.code == "identifier" and len(bare) == len(values)
    exact, once = True, False
    for value in values:
        if len(split(value, "|")) > 1:
            sql, more, named_code = _system_and_code(kind, parameter, value, "x")
            parts.append(sql)
            args += more
            exact = exact and named_code
            sure = parameter.code == "identifier" and named_code
            once = len(values) == 1 and "system =" in sql and named_code
    where = slots_sql("x", parameter.slots)
    either = parts[0] if len(parts) == 1 else "(" + " OR ".join(parts) + ")"
    once = once and _once(kind, tuple(parameter.slots))
    return Look(
        "record_token", f"{where} AND {either}", tuple(args), sure=sure, exact=exact, once=once
    )


def _system_and_code(
    kind: str, parameter: Parameter, value: str, alias: str
) -> tuple[str, list[Any], bool]:
    first, *rest = split(value, "|")
    said, code = unescaped(first), unescaped("|".join(rest))
    systemless, loose = _systems(kind, parameter.type, tuple(parameter.slots))
    parts: list[str] = []
    args: list[Any] = []
    if code:
        parts.append(f"{alias}.code = %s")
        args.append(folded(code))
    if said:
        number = system_number(said)
        parts.append(f"{alias}.system IN ({number}, 0)" if loose and systemless
                     else f"{alias}.system = {number}")  # fmt: skip
    elif not systemless:
        parts.append(f"{alias}.system = 0")
    if not parts:
        parts.append("1 = 1")
    return "(" + " AND ".join(parts) + ")", args, bool(code)


@lru_cache(maxsize=512)
def _systems(kind: str, of: str, slots: tuple[int, ...]) -> tuple[bool, bool]:
    """Whether the values have no system at all, and whether some may be of any.

    A plain code whose binding names no single system may be of the one that is asked for.
    """
    holds = {(s.holds, s.system) for n in slots for s in slot_of(kind, n)}
    return (
        of == "token" and all(h in _WITHOUT_SYSTEM for h, _ in holds),
        any(h in _WITHOUT_SYSTEM and not s and h != "boolean" for h, s in holds),
    )


def _in(column: str, values: Sequence[Any]) -> str:
    return (
        f"{column} = %s" if len(values) == 1 else f"{column} IN ({', '.join(['%s'] * len(values))})"
    )


def patients(condition: Simple, base: str) -> list[str]:
    """The names of the Patients that a condition may refer to; empty where it refers to others."""
    if condition.first.type != "reference" or condition.modifier not in {"", "Patient"}:
        return []
    found = [named(_local(value, base)) for value in condition.values]
    return [name for kind, name in found if kind in {"", "Patient"}]


def _local(value: str, base: str) -> str:
    """A reference without our own address."""
    text = unescaped(value)
    return text[len(base) + 1 :] if base and text.startswith(base + "/") else text


def _references(
    kind: str, parameter: Parameter, modifier: str, values: Sequence[str], base: str
) -> Look:
    where, args = _own(parameter, "x")
    parts, sure = [], True
    more: list[Any] = []
    typed = True
    for value in values:
        text = _local(value, base)
        of, target = named(text)
        of = of or (modifier if modifier and "/" not in text else "")
        sure = sure and of not in {"Organization", "Practitioner", "Location"}
        typed = typed and bool(of)
        parts.append("x.target = %s AND x.kind = %s" if of else "x.target = %s")
        more += [target, of] if of else [target]
    either = parts[0] if len(parts) == 1 else "(" + " OR ".join(f"({p})" for p in parts) + ")"
    once = typed and len(values) == 1 and _once(kind, tuple(parameter.slots))
    return Look("record_reference", f"{where} AND {either}", (*args, *more), sure=sure, once=once)


@lru_cache(maxsize=512)
def _once(kind: str, slots: tuple[int, ...]) -> bool:
    """Whether an entry has one row at most of the same value: in one slot that has no parts."""
    parts = parted(kind)
    return len(slots) == 1 and all(
        slot.path.split(".")[0].partition("[")[0] not in parts for slot in slot_of(kind, slots[0])
    )


def _one(
    kind: str, parameter: Parameter, modifier: str, value: str, base: str, now: int, alias: str
) -> Sql:
    """The condition of one value on a row, without its slot."""
    match parameter.type:
        case "string":
            found = _text_sql(alias, modifier, unescaped(value))
        case "date":
            found = date_sql(alias, value, now)
        case "number":
            found = number_sql(alias, value)
        case "quantity":
            found = quantity_sql(alias, value)
        case "uri":
            found = _uri_sql(alias, modifier, unescaped(value))
        case "token":
            found = _token_sql(kind, parameter, value, alias)
        case _:
            made = _references(kind, parameter, modifier, [value], base)
            found = made.where.replace("x.", f"{alias}."), [*made.values]
    return found


def _token_sql(kind: str, parameter: Parameter, value: str, alias: str) -> Sql:
    if len(split(value, "|")) == 1:
        return f"{alias}.code = %s", [folded(unescaped(value))]
    sql, args, _ = _system_and_code(kind, parameter, value, alias)
    return sql, args


def _text_sql(alias: str, modifier: str, text: str) -> Sql:
    wanted = plain(text)
    if modifier == "exact":
        return f"{alias}.plain = %s AND {alias}.exact = %s", [wanted, kept(text)[:WORDS]]
    if modifier == "contains":
        return f"{alias}.plain LIKE %s", [f"%{wanted}%"]  # nothing in it is a wildcard
    return f"{alias}.plain >= %s AND {alias}.plain < %s", [wanted, wanted + END]


def _uri_sql(alias: str, modifier: str, text: str) -> Sql:
    text = kept(text)[:CODE]
    if modifier == "below":
        return f"{alias}.code >= %s AND {alias}.code < %s", [text, text + END]
    if modifier == "above":
        ends = [at for at, c in enumerate(text) if c == "/" and text[at - 1 : at] not in {":", "/"}]
        above = list(
            dict.fromkeys([text, *(text[:e] for e in ends), *(text[: e + 1] for e in ends)])
        )
        return _in(f"{alias}.code", above), above
    return f"{alias}.code = %s", [text]


def _composite(kind: str, parameter: Parameter, values: Sequence[str], base: str, now: int) -> Look:
    """Both halves in rows of one part of one entry."""
    names = "xyz"
    tables, where = [], []
    args: list[Any] = []
    for alias, component in zip(names, parameter.components, strict=False):
        tables.append(f"{TABLE[component.type]} {alias}")
        sql, more = _own(component, alias)
        if alias != "x" and TABLE[component.type] in BY_ENTRY:
            sql = sql.replace(f"{alias}.slot", f"+{alias}.slot")  # by entry, not by value
        where.append(sql)
        args += more
        if alias != "x":
            where.append(f"{alias}.entry = x.entry")
            if not component.whole and not parameter.components[0].whole:
                where.append(f"{alias}.part = x.part")
            elif not component.whole and alias == "z":
                where.append("z.part = y.part")
    either = []
    for value in values:
        halves = []
        for alias, component, part in zip(
            names, parameter.components, split(value, "$"), strict=False
        ):
            sql, more = _one(kind, component, "", part, base, now, alias)
            halves.append(f"({sql})")
            args += more
        either.append(" AND ".join(halves))
    where.append("(" + " OR ".join(either) + ")")
    first = TABLE[parameter.components[0].type]
    more_tables = "".join(f" CROSS JOIN {t}" for t in tables[1:])
    return Look(first, " AND ".join(where), tuple(args), more=more_tables)
