"""What waits for those who keep lists, rotas and the directory: said once a day, from eight on.

One notice for a team and not one for each thing: it leads to the list, which is right at any time.
What has been said since the day began is not said again, whoever asks and however often.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction

from onesystem import access
from onesystem.access.models import Notice
from onesystem.access.quick import rows
from onesystem.care.practice import elsewhere
from onesystem.care.practice.rota_queries import rota, services_with_rota
from onesystem.care.requests.states import OPEN
from onesystem.care.services.reading import entries
from onesystem.care.tasks import store
from onesystem.care.tasks.colleagues import names
from onesystem.care.tasks.series import seen
from onesystem.care.tasks.task import OVERDUE
from onesystem.district import current, now
from onesystem.record.summary.team import organisation_of
from onesystem.vocabulary import to_local, to_utc
from onesystem.vocabulary.kept import to_micros

BEGINS = time(8)
_ROTA = 3  # days ahead in which a gap is said
_DAY = timedelta(days=1)
_looked: list[date] = []  # the last day on which this process said what there was


class Said(NamedTuple):
    """One notice: its topic, to whom, in words that anybody may read, and where it leads."""

    topic: str
    organisation: str
    username: str
    words: str
    link: str


def waits() -> bool:
    """Whether today's are still to be said."""
    local = to_local(now(), current().zone)
    return local.time() >= BEGINS and local.date() not in _looked


@transaction.atomic
def remind() -> int:
    """Say today's, those that nobody said yet; gives how many."""
    at, zone = now(), current().zone
    today = to_local(at, zone).date()
    begun = to_micros(to_utc(datetime.combine(today, time()), zone))
    known = set(
        Notice.objects.filter(at__gte=begun).values_list(
            "topic", "organisation", "username", "link"
        )
    )
    new = [e for e in due(at, today)
           if (e.topic, e.organisation, e.username, e.link) not in known]  # fmt: skip
    for each in new:
        access.notify(**each._asdict())
    _looked[:] = [today]
    return len(new)


def due(at: datetime, today: date) -> list[Said]:
    """All that is to be said today."""
    return [*_tasks(at), *_rotas(today), *_directory(today), *_elsewhere(at), *_died()]


def _tasks(at: datetime) -> Iterator[Said]:
    """A team's tasks that are overdue; somebody's own are theirs."""
    open_still = [task for _, task in store.where("t.state IN (%s, %s)", ["open", "started"])]
    late = [s.task for s in seen(open_still, now=at, zone=current().zone) if s.standing == OVERDUE]
    here = current()
    signed = names(task.owner for task in late)
    for owner in sorted(signed):
        yield Said("task.overdue", "", owner, "", "/tasks/?whose=mine&when=overdue")
    for team in sorted({task.team for task in late if task.owner not in signed}):
        organisation = here.services[team].organisation if team in here.services else ""
        if organisation:
            yield Said("task.overdue", organisation, "", here.service_name(team),
                       f"/tasks/?when=overdue&team={team}")  # fmt: skip


def _rotas(today: date) -> Iterator[Said]:
    here = current()
    for code in services_with_rota():
        service = here.services.get(code)
        if service and service.organisation and rota(code, first=today, days=_ROTA).gaps:
            yield Said("rota.gap", service.organisation, "", service.name, f"/rota/{code}/")


def _directory(today: date) -> Iterator[Said]:
    """Entries that somebody confirmed once, and that are due to be confirmed anew today."""
    for code, entry in sorted(entries().items()):
        if entry.organisation and entry.due() == today:
            yield Said("service.confirm", entry.organisation, "", entry.name, f"/services/{code}/")


def _died() -> Iterator[Said]:
    """Both sides of a request that waits for somebody who has died: they end it, nobody else.

    Of those that somebody here sent or acted on; lists mark the others.
    """
    marks = ", ".join(["%s"] * len(OPEN))
    found = rows(
        "SELECT DISTINCT r.request, r.service, r.key, r.sender FROM care_request r"
        " JOIN people_identity o ON o.id = r.identity"
        " JOIN people_identity i ON i.person = o.person AND i.died <> ''"
        f" WHERE r.state IN ({marks}) AND (r.sender <> '' OR EXISTS (SELECT 1 FROM care_step a"
        " WHERE a.request = r.request AND a.act <> '')) ORDER BY r.request",
        sorted(OPEN),
    )
    here, known = current(), names(sender for *_, sender in found)
    for request, code, key, sender in found:
        service, link = here.services.get(code), f"/requests/{request}/"
        words = f"{here.service_name(code)}: {key}"
        if service and service.organisation:
            yield Said("request.died", service.organisation, "", words, link)
        if sender in known:
            yield Said("request.died", "", sender, words, link)


def _elsewhere(at: datetime) -> Iterator[Said]:
    """Practices some of whose people were somewhere else since yesterday."""
    marks = ", ".join(["%s"] * len(elsewhere.TOLD))
    found = rows(
        "SELECT DISTINCT i.practice FROM contacts_contact c"
        " JOIN people_identity o ON o.id = c.identity"
        " JOIN people_identity i ON i.person = o.person AND i.practice <> ''"
        f" WHERE c.started >= %s AND c.started <= %s AND c.setting IN ({marks})"
        " AND NOT c.cancelled",
        [to_micros(at - _DAY), to_micros(at), *(str(s) for s in elsewhere.TOLD)],
    )
    practices = {organisation_of(code, current()) for (code,) in found} - {None}
    for code in sorted(each.code for each in practices if each):
        yield Said("elsewhere", code, "", "", "/practice/")
