"""Which pairs are worth comparing: pairs that agree on one of these.

The same rules, in the same words, make the bulk run's joins and the live record's look-ups. Each
look-up is one range of an index that holds all it asks for: of those born on a day, or of those of
one name.
"""

from collections.abc import Collection

from onesystem.people.compare import Record

Rule = tuple[str, ...]
Block = tuple[Rule, Rule]  # a rule, and the values that its records agree on

BIRTH_FAMILY = ("birth", "family")
BIRTH_GIVEN = ("birth", "given")
BIRTH_POSTCODE = ("postcode", "birth")
BIRTH_PHONE = ("phone", "birth")
NAMES_POSTCODE = ("family", "given", "postcode")
NAMES_YEAR = ("family", "given", "year")
RULES = (BIRTH_FAMILY, BIRTH_GIVEN, BIRTH_POSTCODE, BIRTH_PHONE, NAMES_POSTCODE, NAMES_YEAR)

_COLUMNS = {
    "birth": "birth_date", "family": "family_key", "given": "given_key",
    "postcode": "postcode_key", "phone": "phone_key",
}  # fmt: skip
# A block of more than this many is a crowd: a placeholder (born 1900-01-01, "Unknown") or a flood,
# not a coincidence. That two records are in it is no reason to compare them.
MOST = 500
# A national number of a crowd may be one person's who has a record for each visit: each is compared
# with those of the lowest ids alone, and hangs together with all the others by them.
HUBS = 8


def keys_of(record: Record) -> list[Block]:
    """The rules that apply to a record, each with the values that it looks up."""
    found: list[Block] = []
    for rule in RULES:
        values = tuple(record["birth"][:4] if f == "year" else record[f] for f in rule)
        if all(values):
            found.append((rule, values))
    return found


def agreeing_sql(rule: Rule) -> str:
    """The ids of those that agree on the rule, for people_identity; one %s a value, year two."""
    where = " AND ".join(
        "birth_date >= %s AND birth_date < %s" if f == "year" else f"{_COLUMNS[f]} = %s"
        for f in rule
    )
    if rule == BIRTH_PHONE:
        where += " AND phone_key <> ''"
    return f"SELECT id FROM people_identity WHERE {where}"


# One more than `MOST` tells that there are too many.
LOOKUPS = {rule: f"{agreeing_sql(rule)} LIMIT {MOST + 1}" for rule in RULES}


def lookup_values(rule: Rule, values: Rule) -> list[str]:
    """The parameters of `agreeing_sql`; a year is a range, from itself up to the next."""
    given: list[str] = []
    for name, value in zip(rule, values, strict=True):
        given += [value, _after(value)] if name == "year" else [value]
    return given


def _after(year: str) -> str:
    return f"{int(year) + 1:04d}" if year.isdigit() else f"{year}z"


def join_sql(rule: Rule) -> str:
    """The rule as a join of the bulk run, between l and r."""
    return " AND ".join(
        "substr(l.birth, 1, 4) = substr(r.birth, 1, 4)" if f == "year" else f"l.{f} = r.{f}"
        for f in rule
    )


_BORN = (
    "SELECT id FROM people_identity WHERE birth_date = %s"
    " AND (family_key = %s OR given_key = %s OR postcode_key = %s OR phone_key = %s)"
    f" LIMIT {MOST + 1}"
)
_NAMED = (
    "SELECT id FROM people_identity WHERE family_key = %s AND given_key = %s"
    f" AND (postcode_key = %s OR (birth_date >= %s AND birth_date < %s)) LIMIT {MOST + 1}"
)


def lookups(record: Record) -> list[tuple[str, list[str | None]]]:
    """All rules at once for one record: the fewest statements, each with its values.

    NULL stands for what the record does not say, and equals nothing.
    """
    family, given, birth = (record[name] or None for name in ("family", "given", "birth"))
    postcode, year = record["postcode"] or None, record["birth"][:4]
    found: list[tuple[str, list[str | None]]] = []
    if birth:
        found.append((_BORN, [birth, family, given, postcode, record["phone"] or None]))
    if family and given:
        span = (year, _after(year)) if year else (None, None)
        found.append((_NAMED, [family, given, postcode, *span]))
    return found


def numbered(me: int, sharing: Collection[int]) -> list[int]:
    """With whom of those who share its number an identity is compared."""
    if len(sharing) <= MOST:
        return list(sharing)
    hubs = sorted(sharing)[:HUBS]
    return list(sharing) if me in hubs else hubs


def in_one_crowd(left: Record, right: Record, crowds: Collection[Block]) -> bool:
    """Whether one of the crowds, which `left` is in, holds `right` and fills in a birth date.

    A birth date that very many of one name have is nobody's: what agrees by it proves nothing.
    """
    return any(
        "birth" in rule and all(left[name] == right[name] for name in rule) for rule, _ in crowds
    )
