"""The engines side by side, over small tables that a clinician can read."""

from collections import Counter, defaultdict
from datetime import UTC, datetime

import pyarrow as pa
from cases import PEOPLE, TABLES

from onesystem.flow.measures import expression, frames, history, library, reference
from onesystem.flow.measures.days import clock, iso_day
from onesystem.flow.measures.world import Somebody, World

ZONE = "Europe/London"
NOW = datetime(2026, 7, 1, tzinfo=UTC)  # midnight UTC; one in the morning in London
TIMES = ("requested", "started", "ready", "ended", "planned", "known_at")
TEXTS = (
    "source", "service", "setting", "bed", "mode", "urgency", "reason", "outcome", "by",
)  # fmt: skip
COLUMNS = (
    "contact", "identity", "source", "service", "setting", "requested", "started", "ready",
    "ended", "planned", "bed", "mode", "urgency", "reason", "outcome", "by", "known_at",
    "cancelled",
)  # fmt: skip
ORGANISATIONS = {"ed": "hospital", "ward-a": "hospital", "ward-b": "hospital", "gp": "practice",
                 "gp-2": "practice-2", "nursing": "community", "home": "council"}  # fmt: skip


def ms(moment):
    """Milliseconds since 1970."""
    return None if moment is None else round(moment.timestamp() * 1000)


def world(**changes):
    """The world of the tests."""
    said = {
        "clock": clock(ZONE), "horizon": clock(ZONE).midnight(clock(ZONE).day(ms(NOW))),
        "organisations": ORGANISATIONS, "places": dict.fromkeys(ORGANISATIONS, "site"),
        "codes": library.codes(), "prices": library.prices(),
    }  # fmt: skip
    return World(**(said | changes))


def table(text):
    """Rows of a text table: the first line names the columns, bars part them."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    head, *body = ([cell.strip() for cell in line.split("|")] for line in lines)
    return [dict(zip(head, cells, strict=False)) for cells in body]


def moment(said):
    """A time as a table says it: `06-01 08:00` of 2026 in London, or with a year and seconds."""
    if not said:
        return None
    said = said if said[:2] == "20" or said[:2] == "19" else f"2026-{said}"
    local = datetime.fromisoformat(said)
    from zoneinfo import ZoneInfo

    return local.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def all_cases():
    """The rows of all tables of cases, and who they are: other people in every table."""
    rows = [
        row | {"person": f"{row['person']} of {name}", "case": name}
        for name, text in TABLES.items()
        for row in table(text)
    ]
    somebody = [
        each | {"person": f"{each['person']} of {name}"}
        for name in TABLES
        for each in table(PEOPLE)
    ]
    return rows, somebody


class Log:
    """Contacts and people of a text table."""

    def __init__(self, rows, people=()):
        self.people, self.rows, self.expected = {}, [], {}
        numbers = {}
        for each in people:
            number = numbers.setdefault(each["person"], len(numbers) + 1)
            self.people[number] = Somebody(
                person=number, born=iso_day(each.get("born", "")),
                died=iso_day(each.get("died", "")), sex=each.get("sex", ""),
                practice=each.get("practice", ""),
            )  # fmt: skip
        for contact, each in enumerate(rows, 1):
            number = numbers.setdefault(each["person"], len(numbers) + 1)
            self.people.setdefault(number, Somebody(person=number))
            made = {name: moment(each.get(name, "")) for name in TIMES}
            made |= {name: each.get(name, "") for name in TEXTS}
            made["service"] = made["service"] or _SERVICES.get(made["setting"], made["setting"])
            made |= {"contact": contact, "identity": number, "source": made["source"] or "pas"}
            made["cancelled"] = each.get("cancelled", "") == "yes"
            made["known_at"] = made["known_at"] or NOW
            self.rows.append(made)
            if each.get("gives"):
                self.expected[number, contact] = each["gives"]

    def arrow(self):
        """The contacts in the log's columns."""
        kinds = {
            **dict.fromkeys(("contact", "identity"), pa.int64()),
            **dict.fromkeys(TIMES, pa.timestamp("ms", tz="UTC")),
            **dict.fromkeys(TEXTS, pa.string()),
            "cancelled": pa.bool_(),
        }
        schema = pa.schema([(name, kinds[name]) for name in COLUMNS])
        return pa.Table.from_pylist(
            [{name: row[name] for name in COLUMNS} for row in self.rows], schema=schema
        )

    def somebody(self):
        """The people, as engines take them."""
        return frames.somebody_table(
            [(s.person, s.person, s.born, s.died, s.sex, s.practice, s.area, s.deprivation)
             for s in self.people.values()]
        )  # fmt: skip


_SERVICES = {"ED": "ed", "ward": "ward-a", "general practice": "gp", "community": "nursing",
             "home care": "home"}  # fmt: skip


def on_reference(measure, log, here):
    """What everybody gives, by the plain Python engine."""
    ready = reference.ready(measure, here)
    units = defaultdict(list)
    for row in log.rows:
        somebody = log.people[row["identity"]]
        told = (
            row["contact"], row["service"], row["setting"], row["source"], ms(row["requested"]),
            ms(row["started"]), ms(row["ready"]), ms(row["ended"]), ms(row["planned"]), row["bed"],
            row["mode"], row["urgency"], row["reason"], row["outcome"], row["by"],
            ms(row["known_at"]), row["cancelled"],
        )  # fmt: skip
        unit = history.unit(told, somebody, here)
        if unit is not None:
            units[somebody.person].append(unit)
    return Counter(
        (person, g.day, g.service, g.band, g.numerator, g.denominator, g.contact)
        for person, mine in units.items()
        for g in ready.gives(mine, log.people[person])
    )


def on_columns(measure, log, here):
    """The same in columns, the engine of the kept cells."""
    from onesystem.flow.measures.columns import giving, loading

    people = list(log.people.values())
    whose = {somebody.person: at for at, somebody in enumerate(people)}
    given = giving.ready(measure).gives(loading.histories(log.arrow(), people, whose, here))
    columns = (given.day, given.service, given.band, given.numerator, given.denominator)
    lines = zip(given.person.tolist(), *(c.tolist() for c in columns), given.contact.tolist(),
                strict=True)  # fmt: skip
    return Counter(
        (people[who].person, day, given.services[service], *rest)
        for who, day, service, *rest in lines
    )


def on_duckdb(measure, log, here):
    """The same by DuckDB."""
    from onesystem.contacts.log import scan

    duck = scan.connect(threads=1)
    try:
        duck.register("told", log.arrow())
        connection, tables = frames.on_duckdb(duck, "told", log.somebody(), here)
        return collected(connection, expression.given(measure, tables, here))
    finally:
        duck.close()


def on_spark(session):
    """The same by a Spark session."""

    def work(measure, log, here):
        connection, tables = frames.on_spark(session, log.arrow(), log.somebody(), here)
        return collected(connection, expression.given(measure, tables, here))

    return work


def collected(connection, made):
    """The rows of an expression, counted."""
    names = ("person", "day", "service", "band", "numerator", "denominator", "contact")
    found = connection.to_pyarrow(made.select(*names)).to_pylist()
    return Counter(tuple(row[name] for name in names) for row in found)


def sums(given):
    """(numerator, denominator) of each unit, all its days together."""
    found = defaultdict(lambda: [0, 0])
    for (person, _, _, _, numerator, denominator, contact), times in given.items():
        found[person, contact][0] += numerator * times
        found[person, contact][1] += denominator * times
    return {key: tuple(both) for key, both in found.items()}
