"""The measures that a district writes itself: each published version is kept, the latest counts."""

from datetime import UTC, datetime

from django.db import connection, transaction

from onesystem import access
from onesystem.flow.measures import library
from onesystem.flow.measures.declaration import Declared, read
from onesystem.vocabulary import BadConfig, NotFound
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say


@transaction.atomic
def publish(text: str, *, where: str, by: access.Actor) -> Declared:
    """Publish a measure's file as the version that it says. Raises BadConfig with the cure."""
    access.require(by, "measures.sign")
    measure = library.checked(read(text, where), where)
    latest = max((version for version, *_ in versions(measure.name)), default=0)
    built_in = library.shipped().get(measure.name)
    least = max(latest, built_in.version if built_in else 0) + 1
    if measure.version < least:
        raise BadConfig(
            say(
                "{where}: version {version} of {name} is taken",
                where=where,
                version=measure.version,
                name=measure.name,
            ),
            say("Write version = {least}", least=least),
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO flow_published (name, version, text, at, by, withdrawn)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [measure.name, measure.version, text, to_micros(datetime.now(UTC)), by.name, False],
        )
    access.record(by=by, act="measure.published", what=f"{measure.name} {measure.version}")
    return measure


@transaction.atomic
def withdraw(name: str, *, by: access.Actor) -> None:
    """Take the district's latest version of a measure away; a shipped one counts again."""
    access.require(by, "measures.sign")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE flow_published SET withdrawn = %s WHERE name = %s AND version ="
            " (SELECT max(version) FROM flow_published WHERE name = %s)",
            [True, name, name],
        )
        if not cursor.rowcount:
            raise NotFound(
                say("the district has published no measure {name}", name=repr(name)),
                "See: measure list",
            )
    access.record(by=by, act="measure.withdrawn", what=name)


def versions(name: str) -> list[tuple[int, datetime, str, bool]]:
    """Every version that the district published: number, when, by whom, whether withdrawn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version, at, by, withdrawn FROM flow_published WHERE name = %s"
            " ORDER BY version",
            [name],
        )
        return [(v, from_micros(at), by, bool(gone)) for v, at, by, gone in cursor.fetchall()]
