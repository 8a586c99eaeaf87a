"""Subscriptions being served: made active, changes looked through, subscribers told."""

import time
from datetime import timedelta
from typing import Any

import orjson
import structlog
from django.db import connection, transaction

from onesystem import access, district, people
from onesystem.record.fhir.asks import Ask
from onesystem.record.fhir.bulk.remembering import asker_again
from onesystem.record.fhir.case import Caller, Case
from onesystem.record.fhir.finding import by_entries, by_name
from onesystem.record.fhir.hooks import sending
from onesystem.record.fhir.hooks.keeping import KIND, condition_of
from onesystem.record.fhir.hooks.models import Hook, HookNotice
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.searching.answer import matches
from onesystem.vocabulary.kept import to_micros

_SECOND = 1_000_000
AGAIN = 60 * _SECOND  # a change may be committed so much later than it says it became known
WAITS = (10, 60, 300, 1800, 7200)  # seconds before each further try; then it is an error
_KEPT = timedelta(hours=1) // timedelta(microseconds=1)
_PART = 200  # changes looked at in one question
_JOB = "subscriptions"
_SERVED = ("requested", "active")
_CLAIM = 60 * _SECOND  # longer than a round takes

_log = structlog.get_logger(__name__)


def waits() -> bool:
    """Whether anybody subscribes, or notices that were told are to be thrown away."""
    old = to_micros(district.now()) - _KEPT
    served = Hook.objects.filter(state__in=_SERVED)
    return served.exists() or HookNotice.objects.filter(told=True, made__lt=old).exists()


def work(seconds: float = 3.0) -> bool:
    """One round; whether notices are left that could be told now.

    A subscription is claimed before it is served, so that two workers never tell it twice at once;
    the claim of a worker that was stopped is over in a minute.
    """
    now = to_micros(district.now())
    until = time.monotonic() + seconds
    left = False
    for hook in Hook.objects.filter(state__in=_SERVED, due__lte=now).order_by("id"):
        claim = now + _CLAIM
        if not Hook.objects.filter(pk=hook.pk, due=hook.due, state__in=_SERVED).update(due=claim):
            continue
        if hook.state == "requested":
            _begin(hook)
        if hook.state == "active":
            _look(hook, now)
            left = not _tell(hook, until) or left
        Hook.objects.filter(pk=hook.pk, due=claim).update(due=0)
    HookNotice.objects.filter(told=True, made__lt=now - _KEPT).delete()
    return left


def _begin(hook: Hook) -> None:
    """Somebody is there: from now on it is active."""
    try:
        sending.reach(hook.endpoint)
    except sending.NotSent as error:
        _failed(hook, str(error))
    else:
        _stand(hook, "active")


def _look(hook: Hook, now: int) -> None:
    """Look through what changed, within what the subscriber may see."""
    asker = asker_again(hook.asker)
    if asker is None:
        _stand(hook, "error", "the subscriber may no longer sign in")
        return
    scope = access.scope(asker)
    kind, params = condition_of(hook.criteria)
    changed = _changed(kind, hook.seen, hook)
    for at in range(0, len(changed), _PART):
        some = {entry: (logical, version) for entry, logical, version in changed[at : at + _PART]}
        only = ("_id", ",".join(logical for logical, _ in some.values()))
        found = matches(kind, [*params, only], scope, len(some), asker=asker)
        HookNotice.objects.bulk_create(
            [HookNotice(hook=hook.pk, entry=e, version=some[e][1], made=now) for e in found],
            ignore_conflicts=True,
        )
    Hook.objects.filter(pk=hook.pk).update(seen=max(hook.seen, now - AGAIN))


def _changed(kind: str, seen: int, hook: Hook) -> list[tuple[int, str, int]]:
    """Versions that stand and became known since; none that is noted already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.entry, e.logical, e.version FROM record_entry AS e "
            "WHERE e.known_at >= %s AND e.kind = %s AND e.status <> 'deleted' AND NOT EXISTS "
            "(SELECT 1 FROM record_hook_notice AS n WHERE n.hook = %s AND n.entry = e.entry "
            "AND n.version = e.version) ORDER BY e.known_at, e.entry",
            [seen, kind, hook.pk],
        )
        return list(cursor.fetchall())


def _tell(hook: Hook, until: float) -> bool:
    """Tell a subscriber what is noted, oldest first; whether nothing is left to be told now."""
    asker = asker_again(hook.asker)
    for notice in HookNotice.objects.filter(hook=hook.pk, told=False).order_by("id")[:100]:
        if asker is None or time.monotonic() > until:
            return asker is None
        # Asked anew: what was shut since it was noted is not told.
        found = by_entries([notice.entry], access.scope(asker)).get(notice.entry)
        if found is not None and not found.gone:
            try:
                _send(hook, found)
            except sending.NotSent as error:
                _failed(hook, str(error))
                return True
        with transaction.atomic():
            HookNotice.objects.filter(pk=notice.pk).update(told=True)
            if found is not None:
                person = people.person_of([found.identity]).get(found.identity)
                access.record(
                    by=asker.actor, act="fhir.notified", what=found.name, person=person,
                    purpose=asker.purpose,
                    detail={"client": asker.client, "subscription": hook.logical},
                )  # fmt: skip
    Hook.objects.filter(pk=hook.pk, failures__gt=0).update(failures=0)
    return True


def _send(hook: Hook, found: Any) -> None:
    headers = [tuple(line.partition(":")[::2]) for line in orjson.loads(hook.headers)]
    said = [(name.strip(), value.strip()) for name, value in headers]
    if not hook.payload:
        sending.send("POST", hook.endpoint, said, b"")
        return
    said.append(("Content-Type", "application/fhir+json"))
    sending.send("PUT", hook.endpoint, said, found.body, path=f"/{found.name}")


def _failed(hook: Hook, why: str) -> None:
    """Try again later; after the last try it is an error."""
    _log.warning("a subscriber was not told", subscription=hook.logical, why=why)
    if hook.failures >= len(WAITS):
        _stand(hook, "error", why)
        return
    wait = WAITS[hook.failures] * _SECOND
    hook.failures += 1
    Hook.objects.filter(pk=hook.pk).update(
        failures=hook.failures, due=to_micros(district.now()) + wait
    )


def _stand(hook: Hook, state: str, why: str = "") -> None:
    """Say in the resource, as a version of its own, how the subscription stands."""
    asker = access.Asker(actor=access.Actor.job(_JOB), purpose="", client=hook.source)
    caller = Caller(asker=asker, source=hook.source)
    with transaction.atomic():
        Hook.objects.filter(pk=hook.pk).update(state=state)
        found = by_name(KIND, hook.logical, access.scope(asker))
        if found is None or found.gone:
            Hook.objects.filter(pk=hook.pk).delete()
            return
        resource = orjson.loads(found.body) | {"status": state}
        resource.pop("error", None)
        if why:
            resource["error"] = why
        _write(caller, hook, resource)
        access.record(by=asker.actor, act=f"fhir.subscription-{state}", what=found.name)
    hook.state = state


def _write(caller: Caller, hook: Hook, resource: dict[str, Any]) -> None:
    from onesystem.record.fhir import writing

    ask = Ask(method="PUT", path=f"{KIND}/{hook.logical}", body=orjson.dumps(resource),
              headers={"content-type": "application/fhir+json"})  # fmt: skip
    try:
        writing.update(Case(ask, caller), KIND, hook.logical)
    except Refusal as refusal:
        _log.warning("a subscription could not be told of", why=str(refusal))
