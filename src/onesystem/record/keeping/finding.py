"""Who falls due: the rules over everybody, from the last contacts and entries of each class.

A job for the night: one pass over the last ends of all contacts and the last entries of all
identities. Only those whose last day lies back far enough for the shortest rule are looked at
one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from onesystem import access, people
from onesystem.access import kinds
from onesystem.contacts.ending import Last, last_ends, last_ends_of
from onesystem.district import District, current, now
from onesystem.record.keeping.holds import RIGHT
from onesystem.record.keeping.rows import Due, Hold, HoldOn
from onesystem.record.keeping.rules import Kept, Known, Rule, falls_due, kept_until, shortest
from onesystem.record.keeping.table import rules_of
from onesystem.vocabulary import Setting
from onesystem.vocabulary.kept import from_micros, to_micros

_SETTINGS = {
    Setting.GENERAL_PRACTICE.value: "general practice", Setting.HOME_CARE.value: "social care",
    Setting.CARE_HOME.value: "social care", Setting.MEALS.value: "social care",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Falling:
    """Somebody whose record falls due. `held`: a legal hold stands, so nothing may be done."""

    person: int
    kept: Kept
    held: bool

    @property
    def due(self) -> date:
        """The last day on which it was to be kept."""
        assert self.kept.until is not None  # noqa: S101 - only those who fall due are here
        return self.kept.until


def look(*, on: date | None = None) -> list[Falling]:
    """Everybody whose record falls due on a day, the longest overdue first."""
    here, at = current(), on or now().date()
    rules = rules_of(here)
    lasts = _lasts(here, at, last_ends())
    edge = _years_before(at, shortest(rules)) if rules else at
    held = _held()
    found = []
    for person, known in _known(lasts, edge, at):
        kept = kept_until(known, rules)
        if kept is not None and falls_due(kept, at):
            found.append(Falling(person=person, kept=kept, held=person in held))
    return sorted(found, key=lambda each: (each.due, each.person))


def one(person: int, *, on: date | None = None) -> Kept | None:
    """Until when the record of one person is kept, and why."""
    here, at = current(), on or now().date()
    ids = list(people.identity_ids_of(person))
    lasts = _lasts(here, at, last_ends_of(ids), only=ids)
    known = next((k for p, k in _known(lasts, at, at, only=person) if p == person), None)
    return kept_until(known, rules_of(here)) if known else None


@transaction.atomic
def renew(*, by: access.Actor) -> int:
    """Put the list for the officer up to now; gives how many wait. What was decided stays."""
    access.require(by, RIGHT)
    return put(look(), by=by)


def put(falling: Iterable[Falling], *, by: access.Actor) -> int:
    """What was found, as the list of the officer; gives how many wait. In a transaction."""
    at, today = to_micros(now()), now().date().isoformat()
    kept_on = set(
        Due.objects.filter(decision="keep", review__gt=today).values_list("person", flat=True)
    )
    found = [each for each in falling if each.person not in kept_on]
    Due.objects.filter(decision="").delete()
    Due.objects.bulk_create(
        (
            Due(person=each.person, due=each.due.isoformat(), rule=each.kept.rule.code,
                why=each.kept.why, found_at=at)
            for each in found
        ),
        batch_size=500,
    )  # fmt: skip
    access.record(by=by, act="retention.listed", detail={"found": len(found)})
    return len(found)


def class_of(service: str, setting: str, here: District, rules: Mapping[str, Rule]) -> str:
    """The class of record that a contact is of; empty where only the general rule holds."""
    named = here.keeping.services.get(service)
    if named:
        return rules[named].applies if named in rules else ""
    known = here.services.get(service)
    if known and "mental-health" in known.sensitive:
        return "mental health"
    return _SETTINGS.get(setting, "")


def _lasts(
    here: District, at: date, ends: Iterable[Last], *, only: Sequence[int] = ()
) -> dict[int, dict[str, date]]:
    """By identity: the last day of each class, under "" the last of all. `only`: of whom."""
    rules = {rule.code: rule for rule in rules_of(here)}
    found: defaultdict[int, dict[str, date]] = defaultdict(dict)

    def note(identity: int, day: date, kind: str) -> None:
        mine = found[identity]
        for name in {"", kind}:
            if name not in mine or mine[name] < day:
                mine[name] = day

    for identity, service, setting, ended in ends:
        day = at if ended is None else min(from_micros(ended).date(), at)
        note(identity, day, class_of(service, setting, here, rules))
    mental = kinds.mask_of(["mental-health"])
    where = f"identity IN ({', '.join(['%s'] * len(only))})" if only else "identity > 0"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity, label, MAX(at), MAX(recorded) FROM record_entry "
            f"WHERE {where} GROUP BY identity, label",
            list(only),
        )
        for identity, label, when, recorded in cursor.fetchall():
            day = min(from_micros(when or recorded).date(), at)
            note(identity, day, "mental health" if label & mental else "")
    return found


def _known(
    lasts: Mapping[int, Mapping[str, date]], edge: date, at: date, *, only: int | None = None
) -> Iterator[tuple[int, Known]]:
    """The people whose last day lies before the edge, or who died before it."""
    where, values = ("WHERE person = %s", [only]) if only is not None else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, id, birth_date, died, seen_at, practice, subject FROM people_identity "
            f"{where} ORDER BY person",
            values,
        )
        rows = cursor.fetchall()
    person, mine = None, []
    for row in [*rows, (None, 0, "", "", 0, "", "")]:
        if row[0] != person:
            if (
                mine
                and (known := _of(mine, lasts, at))
                and (only is not None or known.last <= edge or (known.died and known.died <= edge))
            ):
                yield mine[0][0], known
            person, mine = row[0], []
        mine.append(row)


def _of(
    rows: list[tuple[int, int, str, str, int, str, str]],
    lasts: Mapping[int, Mapping[str, date]],
    at: date,
) -> Known | None:
    classes: dict[str, date] = {}
    for _, identity, _, _, seen_at, practice, subject in rows:
        mine = dict(lasts.get(identity, {}))
        if not mine and seen_at and not subject.startswith("destroyed:"):
            mine[""] = min(from_micros(seen_at).date(), at)
        if practice:  # enrolled: the practice's record
            mine["general practice"] = mine.get("", date.min)
        for name, day in mine.items():
            if name not in classes or classes[name] < day:
                classes[name] = day
    if "" not in classes:
        return None
    born = next((row[2] for row in rows if row[2]), "")
    died = max((row[3] for row in rows if row[3]), default="")
    return Known(
        born=_day(born), died=_day(died), last=classes[""],
        classes={name: day for name, day in classes.items() if name},
    )  # fmt: skip


def held_of(persons: Iterable[int]) -> set[int]:
    """Those of them on whom a legal hold stands."""
    return _held() & set(persons)


def _held() -> set[int]:
    from onesystem import people

    standing = Hold.objects.filter(until__isnull=True).values_list("id", flat=True)
    on = HoldOn.objects.filter(hold__in=list(standing)).values_list("identity", flat=True)
    return set(people.person_of(set(on)).values())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, min(day.day, 28))
