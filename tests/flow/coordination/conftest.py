"""Small tables of contacts in which a flag is looked for."""

from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from pathlib import Path

import pytest

from onesystem.contacts.log import scan
from onesystem.flow.coordination import finding
from onesystem.flow.coordination.definitions import definitions

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_COLUMNS = {
    "contact": "BIGINT", "person": "BIGINT", "practice": "VARCHAR", "age": "BIGINT",
    "sex": "VARCHAR", "service": "VARCHAR", "setting": "VARCHAR", "organisation": "VARCHAR",
    "source": "VARCHAR", "began": "TIMESTAMPTZ", "ended": "TIMESTAMPTZ", "mode": "VARCHAR",
    "reason": "VARCHAR", "outcome": "VARCHAR", "clinician": "VARCHAR",
}  # fmt: skip
_OTHERS = {
    "plan": "person BIGINT",
    "medicine": "person BIGINT, medicine VARCHAR, prescriber VARCHAR, source VARCHAR,"
    " began TIMESTAMPTZ",
    "request": "person BIGINT, service VARCHAR, source VARCHAR, began TIMESTAMPTZ",
}


def moment(text, at=AT):
    """A moment as a table says it: days and hours before one (`10d`, `10d 3h`), or nothing."""
    if not text:
        return None
    back = timedelta()
    for part in text.split():
        back += timedelta(**{{"d": "days", "h": "hours", "m": "minutes"}[part[-1]]: int(part[:-1])})
    return at - back


def read(text):
    """The rows of a table with a head, columns parted by `|`."""
    lines = [line.strip().strip("|") for line in text.strip().splitlines() if line.strip()]
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [dict(zip_longest(head, row, fillvalue="")) for row in rows]


def flag(name):
    """A flag as it is shipped."""
    return next(f for f in definitions(Path("/nowhere")).on(AT.date()) if f.name == name)


@pytest.fixture
def duck():
    """The tables that flags are found in, empty."""
    connection = scan.connect(memory="200MB")
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    connection.execute(f"CREATE TEMP TABLE contact ({columns})")
    for name, said in _OTHERS.items():
        connection.execute(f"CREATE TEMP TABLE {name} ({said})")
    yield connection
    connection.close()


@pytest.fixture
def contacts(duck):
    """Fill the table of contacts from a table in words; what it does not say is as usual."""

    def fill(text):
        for number, row in enumerate(read(text), 1):
            began = moment(row["from"])
            usual = {
                "contact": number, "practice": "P1", "age": 70, "sex": "female",
                "organisation": row.get("organisation", "hospital"), "source": "pas",
                "service": row.get("service") or row["setting"], "mode": "", "reason": "",
                "outcome": "", "clinician": "",
            }  # fmt: skip
            told = {k: v for k, v in row.items() if k in _COLUMNS}
            ended = moment(row["to"]) if "to" in row else began + timedelta(minutes=20)
            line = {**usual, **told, "began": began, "ended": ended}
            marks = ", ".join("?" * len(_COLUMNS))
            duck.execute(f"INSERT INTO contact VALUES ({marks})", [line[name] for name in _COLUMNS])

    return fill


@pytest.fixture
def flagged(duck):
    """How many facts of a flag each person has, of those who reach its least."""

    def count(name):
        found = finding.find(duck, flag(name), AT, "Europe/London")
        return {person: sum(f.amount for f in facts) for person, facts in found.items()}

    return count


# -- a district with people on the list -----------------------------------------------------------

PASSWORD = "three blind mice run"
EVERYBODY = """
    person | practice | source   | service | from | to     | outcome
    Aroha  | practice | pas      | ed      | 300d | 299d   |
    Aroha  | practice | pas      | ed      | 200d | 199d   |
    Aroha  | practice | pas      | ed      | 100d | 99d    |
    Aroha  | practice | pas      | ed      | 60d  | 59d    |
    Aroha  | practice | pas      | ed      | 50d  | 49d    |
    Bryn   |          | pas      | ed      | 20d  | 19d    | referred to practice
    Ceri   | practice | practice | gp      | 30d  | 30d    |
    Dylan  | practice | pas      | ed      | 80d  | 79d    | referred to practice
    Dylan  | practice | practice | ward-a  | 60d  | 20d    |
"""


@pytest.fixture
def listed(db, district):
    """Aroha: five times in an ED (4). Bryn: a missed hand-over (5), known to the hospital alone.

    Dylan: a missed hand-over that the hospital tells of (5), 40 nights that the practice tells of
    (3). Ceri is on no list.
    """
    from django.core.cache import cache

    from onesystem import wiring
    from onesystem.flow.coordination import working

    cache.clear()
    wiring.connect()
    at = datetime.now(UTC).replace(microsecond=0)
    persons = _take(read(EVERYBODY), at)
    working.refresh(at=at)
    return persons


def _take(rows, at):
    """Meet the people and take their contacts; the person of each name."""
    from django.db import transaction

    from onesystem import contacts, people
    from onesystem.vocabulary import Act, ContactEvent, PersonSeen

    seen = {(row["source"], row["person"]): row for row in rows}
    known = people.meet(
        [
            (source, n, PersonSeen(subject=name, at=at - timedelta(days=400), family="Tester",
                                   given=name, practice=row["practice"], sex="female",
                                   birth_date=date(1950 + ord(name[0]) % 50, 1, 2),
                                   postcode="NR1 1AA", address="1 Mill Road",
                                   phone=f"01603 9000{ord(name[0])}"))
            for n, ((source, name), row) in enumerate(seen.items(), 1)
        ],
        known_at=at,
    )  # fmt: skip
    taken = [
        (row["source"], known[row["source"], row["person"]], n,
         ContactEvent(visit=f"V{n}", subject=row["person"], act=Act.STATE, at=at, recorded=at,
                      service=row["service"], started=moment(row["from"], at),
                      ended=moment(row["to"], at), outcome=row["outcome"]))
        for n, row in enumerate(rows, 1)
    ]  # fmt: skip
    with transaction.atomic():
        contacts.take(taken, known_at=at)
    mapped = people.person_of(known.values())
    return {name: mapped[known[source, name]] for source, name in known}


@pytest.fixture
def asker(listed):
    """Somebody of an organisation who asks, for care coordination."""
    from onesystem.access import Actor, Asker

    def of(organisation, *roles, purpose="care coordination", name=""):
        actor = Actor(
            name=name or f"{organisation}-{roles[0]}", roles=frozenset(roles), kind="person",
            organisation=organisation,
        )  # fmt: skip
        return Asker(actor=actor, purpose=purpose, organisations=frozenset({organisation}))

    return of


@pytest.fixture
def sign_in(listed):
    """A browser in which somebody with a role at an organisation has signed in."""
    from django.test import Client

    from onesystem.access import Actor, actions
    from onesystem.access.models import User

    def signs_in(role, organisation="hospital"):
        name = f"{role}.{organisation}"
        if not User.objects.filter(username=name).exists():
            actions.add_user(
                username=name, password=PASSWORD, roles=[role], organisation=organisation,
                by=Actor.job("tests"),
            )  # fmt: skip
        client = Client()
        client.force_login(
            User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signs_in


@pytest.fixture
def figures(listed):
    """Three years of cells of what places and the cycle show: as many each month, then fewer."""
    from onesystem.flow.coordination import cycle, places
    from onesystem.flow.measures import cells, days, library, standing, store

    names = [name for part in (*places.THREE, *cycle.SERIES) for name in part[1]]
    told = {"service": "gp", "practice": "practice", "area": "NR1", "band": "75", "sex": "female"}
    lines = []
    today = days.day_of(datetime.now(UTC).date())
    months = days.span(days.date_of(today - 1096), days.date_of(today), "month")
    for name, kept in store.kept_ids(dict.fromkeys(dict.fromkeys(names), "as it is")).items():
        measure = library.shipped()[name]
        for cut in cells.cuts_of(measure):
            if {*cut.parts} <= told.keys():
                key = cells.MARK.join(told[part] for part in cut.parts)
                lines += [
                    (kept, cut.name, every, month, key, 3 if n > 30 else 40 + n % 5, 60, 30)
                    for every in ("month", "quarter", "year")
                    for n, month in enumerate(months)
                    if days.begin(month, every) == month
                ]
    store.add_cells(lines)
    store.run(
        "INSERT INTO flow_living (year, band, sex, practice, area, deprivation, people)"
        " VALUES (%s, 75, 'female', 'practice', 'NR1', '', 500)",
        [datetime.now(UTC).year],
    )
    midnight = int(datetime.now(UTC).timestamp() * 1000) // 86_400_000 * 86_400_000
    store.set_marks(horizon=midnight, form=standing.FORM)
    return listed
