"""Which pairs are worth comparing: pairs that agree on one of these.

The same rules, in the same words, make the bulk run's joins and the live record's look-ups. Each
look-up is one range of an index that holds all it asks for: of those born on a day, or of those of
one name.
"""

from onesystem.people.compare import Record

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
# A block that holds this many is a placeholder (born 1900-01-01, "Unknown"), not a coincidence.
MOST = 500


def keys_of(record: Record) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The rules that apply to a record, each with the values that it looks up."""
    found: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for rule in RULES:
        values = tuple(record["birth"][:4] if f == "year" else record[f] for f in rule)
        if all(values):
            found.append((rule, values))
    return found


def lookup_sql(rule: tuple[str, ...]) -> str:
    """The ids of those that agree on the rule, for people_identity; one %s a value, year two."""
    where = " AND ".join(
        "birth_date >= %s AND birth_date < %s" if f == "year" else f"{_COLUMNS[f]} = %s"
        for f in rule
    )
    if rule is BIRTH_PHONE:
        where += " AND phone_key <> ''"
    return f"SELECT id FROM people_identity WHERE {where} LIMIT {MOST}"


LOOKUPS = {rule: lookup_sql(rule) for rule in RULES}


def lookup_values(rule: tuple[str, ...], values: tuple[str, ...]) -> list[str]:
    """The parameters of `lookup_sql`; a year is a range, from itself up to the next."""
    given: list[str] = []
    for name, value in zip(rule, values, strict=True):
        given += [value, _after(value)] if name == "year" else [value]
    return given


def _after(year: str) -> str:
    return f"{int(year) + 1:04d}" if year.isdigit() else f"{year}z"


def join_sql(rule: tuple[str, ...]) -> str:
    """The rule as a join of the bulk run, between l and r."""
    return " AND ".join(
        "substr(l.birth, 1, 4) = substr(r.birth, 1, 4)" if f == "year" else f"l.{f} = r.{f}"
        for f in rule
    )


_BORN = (
    "SELECT id FROM people_identity WHERE birth_date = %s"
    f" AND (family_key = %s OR given_key = %s OR postcode_key = %s OR phone_key = %s) LIMIT {MOST}"
)
_NAMED = (
    "SELECT id FROM people_identity WHERE family_key = %s AND given_key = %s"
    f" AND (postcode_key = %s OR (birth_date >= %s AND birth_date < %s)) LIMIT {MOST}"
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
