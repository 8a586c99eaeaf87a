"""Reading the map: the person of an identity, and the identities of a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from onesystem.people import store
from onesystem.vocabulary import Identifier
from onesystem.vocabulary.kept import from_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityView:
    """An identity as its source describes it. Dates are ISO text; `numbers` has former ones too."""

    identity: int
    person: int
    source: str
    subject: str
    family: str
    given: str
    other_names: tuple[tuple[str, str], ...]
    birth_date: str
    sex: str
    address: str
    postcode: str
    phone: str
    practice: str
    died: str
    restricted: bool
    seen_at: datetime | None
    numbers: tuple[Identifier, ...]
    former: tuple[Identifier, ...]


def person_of(identity_ids: Iterable[int]) -> dict[int, int]:
    """The person of each identity, as the map is now."""
    return store.persons(identity_ids)


def identity_ids_of(person: int) -> list[int]:
    """The identities of a person, the founding one first."""
    sql = "SELECT id FROM people_identity WHERE person = %s ORDER BY id"
    return [row[0] for row in store.rows(sql, [person])]


def identities_of(person: int) -> list[IdentityView]:
    """The identities of a person as their sources describe them, the founding one first."""
    return views(identity_ids_of(person))


def persons_of_several() -> dict[int, int]:
    """The person of each identity of the people who have more than one."""
    several = "SELECT person FROM people_identity GROUP BY person HAVING count(*) > 1"
    return dict(store.rows(f"SELECT id, person FROM people_identity WHERE person IN ({several})"))


def births() -> list[tuple[int, int, str]]:
    """Every identity with its person and birth date (ISO, empty where not known), by identity."""
    return store.rows("SELECT id, person, birth_date FROM people_identity ORDER BY id")


def people_count() -> int:
    """How many persons there are: each has one founding identity."""
    return int(store.rows("SELECT count(*) FROM people_identity WHERE person = id")[0][0])


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How many people are on the list of each practice, by its code as sources give it."""

    people: int
    by_practice: dict[str, int]


def enrolled() -> Enrolled:
    """People, and those who are enrolled with a practice; whoever has died is in neither."""
    living = "person NOT IN (SELECT person FROM people_identity WHERE died <> '')"
    found = store.rows(
        "SELECT practice, count(DISTINCT person) FROM people_identity"
        f" WHERE practice <> '' AND {living} GROUP BY practice"
    )
    whole = store.rows(f"SELECT count(DISTINCT person) FROM people_identity WHERE {living}")
    return Enrolled(int(whole[0][0]), {str(code): int(n) for code, n in found})


_VIEW = (
    "id, person, source, subject, family, given, other_names, birth_date, sex, address, postcode,"
    " phone, practice, died, restricted, seen_at"
)


def views(ids: Iterable[int]) -> list[IdentityView]:
    """Identities as their sources describe them, in order of id."""
    found = []
    for some in store.chunks(sorted(set(ids))):
        numbers: dict[int, tuple[list[Identifier], list[Identifier]]] = {}
        sql = (
            "SELECT identity, scheme, value, verified, superseded, current FROM people_number"
            f" WHERE identity IN ({store.marks(some)}) ORDER BY identity, scheme, value"
        )
        for identity, scheme, value, verified, superseded, current in store.rows(sql, some):
            kept = numbers.setdefault(identity, ([], []))[0 if current else 1]
            kept.append(Identifier(scheme, value, bool(verified), bool(superseded)))
        sql = f"SELECT {_VIEW} FROM people_identity WHERE id IN ({store.marks(some)}) ORDER BY id"
        for row in store.rows(sql, some):
            current, former = numbers.get(row[0], ([], []))
            found.append(_view(row, tuple(current), tuple(former)))
    return found


def _view(
    row: tuple, current: tuple[Identifier, ...], former: tuple[Identifier, ...]
) -> IdentityView:
    (identity, person, source, subject, family, given, names, birth, sex, address, postcode, phone,
     practice, died, restricted, seen_at) = row  # fmt: skip
    return IdentityView(
        identity=identity, person=person, source=source, subject=subject, family=family,
        given=given,
        other_names=tuple(tuple(n.split("\x1d")) for n in names.split("\x1e")) if names else (),
        birth_date=birth, sex=sex, address=address, postcode=postcode, phone=phone,
        practice=practice, died=died, restricted=bool(restricted),
        seen_at=from_micros(seen_at) if seen_at else None, numbers=current, former=former,
    )  # fmt: skip
