"""The requests of everybody that wait, for a job that looks over many people; pages never ask."""

from django.db import connection

from onesystem.care.requests.states import OPEN


def open_requests() -> list[tuple[int, str, str, int]]:
    """Every request that waits for its answer: identity, service, source, when it was made.

    Moments in microseconds since 1970 UTC.
    """
    marks = ", ".join(["%s"] * len(OPEN))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity, service, source, coalesce(at, recorded) FROM care_request"
            f" WHERE identity > 0 AND state IN ({marks}) ORDER BY request",
            sorted(OPEN),
        )
        return list(cursor.fetchall())
