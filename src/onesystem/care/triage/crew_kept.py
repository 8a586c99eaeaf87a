"""What a crew typed into checks, until something is decided: in the session, person by person."""

from django.http import HttpRequest

from onesystem.care.triage import queries
from onesystem.care.triage.deciding import Scored
from onesystem.care.triage.given import given_of
from onesystem.care.triage.tables import problems, work_out

_SCORES = "crew-scores"  # of the session: person -> table -> what was typed


def typed(request: HttpRequest, person: int) -> dict[str, dict[str, str]]:
    """What was typed for somebody, by table."""
    return dict(request.session.get(_SCORES, {}).get(str(person), {}))


def keep(request: HttpRequest, person: int, key: str, said: dict[str, str]) -> None:
    """Keep what was typed into a table."""
    kept = request.session.get(_SCORES, {})
    request.session[_SCORES] = kept | {str(person): typed(request, person) | {key: said}}


def scored(request: HttpRequest, person: int) -> list[Scored]:
    """The tables that were filled in for this person, worked out by what is in use now."""
    found = []
    for key, said in typed(request, person).items():
        table = queries.in_use(key)
        given = given_of(table, said) if table else {}
        if table and not problems(table, given) and any(v is not None for v in given.values()):
            found.append(Scored(table=table, given=given, result=work_out(table, given)))
    return found


def clear(request: HttpRequest, person: int) -> None:
    """Forget it: something was decided."""
    kept = request.session.get(_SCORES, {})
    kept.pop(str(person), None)
    request.session[_SCORES] = kept
