"""What can be done: make a scenario, change it, go back, share it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from onesystem import access, district
from onesystem.twin.models import Scenario, Version
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.reading import change_of, plain_change, read
from onesystem.twin.scenarios.wording import sentence
from onesystem.twin.standing import standing
from onesystem.vocabulary import BadConfig, NotFound
from onesystem.vocabulary.said import say


@transaction.atomic
def make(*, name: str, note: str, by: access.Actor) -> Scenario:
    """A new scenario without changes."""
    access.require(by, "twin.try")
    row = Scenario.objects.create(by=by.name, made_at=district.now())
    _next(row, by, "Made", name=_named(name), note=note.strip()[:2000], changes=[])
    access.record(by=by, act="scenario.made", what=f"scenario {row.id}")
    return row


@transaction.atomic
def add(*, scenario: int, said: Mapping[str, Any], by: access.Actor) -> Version:
    """Add a change. Raises BadConfig where it does not fit the model or the other changes."""
    row, last = _held(scenario, by)
    change = change_of(said)
    changes = [*last.changes, plain_change(change)]
    wanted = read({"name": last.name, "changes": changes})
    applied(standing(district.current().path).model, wanted)
    return _next(row, by, say("Added: {change}", change=sentence(change)), changes=changes)


@transaction.atomic
def remove(*, scenario: int, nth: int, by: access.Actor) -> Version:
    """Take a change away; `nth` counts from 0."""
    row, last = _held(scenario, by)
    if not 0 <= nth < len(last.changes):
        raise NotFound(f"there is no change {nth + 1}", "Look at the scenario again.")
    gone = sentence(change_of(last.changes[nth]))
    left = [each for n, each in enumerate(last.changes) if n != nth]
    return _next(row, by, say("Took away: {change}", change=gone), changes=left)


@transaction.atomic
def rename(*, scenario: int, name: str, note: str, by: access.Actor) -> Version:
    """Another name or note."""
    row, _ = _held(scenario, by)
    return _next(row, by, "Name and note", name=_named(name), note=note.strip()[:2000])


@transaction.atomic
def back(*, scenario: int, number: int, by: access.Actor) -> Version:
    """Go back to a version: it becomes the next one."""
    row, _ = _held(scenario, by)
    old = row.versions.filter(number=number).first()
    if old is None:
        raise NotFound(f"there is no version {number}", "Look at the scenario again.")
    what = f"Back to version {number}"
    return _next(row, by, what, name=old.name, note=old.note, changes=old.changes)


@transaction.atomic
def share(*, scenario: int, shared: bool, by: access.Actor) -> None:
    """Let everybody who sees the twin see it, or only its author."""
    row, _ = _held(scenario, by)
    row.shared = shared
    row.save(update_fields=["shared"])
    act = "scenario.shared" if shared else "scenario.withdrawn"
    access.record(by=by, act=act, what=f"scenario {row.id}")


def _held(scenario: int, by: access.Actor) -> tuple[Scenario, Version]:
    """A scenario that the actor may change, locked, and its latest version."""
    access.require(by, "twin.try")
    row = Scenario.objects.select_for_update().filter(id=scenario).first()
    if row is None or (row.by != by.name and not row.shared):
        raise NotFound(f"there is no scenario {scenario}", "See the list of scenarios.")
    last = row.versions.order_by("-number").first()
    assert last is not None  # noqa: S101 - `make` wrote the first
    return row, last


def _next(row: Scenario, by: access.Actor, what: str, **new: Any) -> Version:
    last = row.versions.order_by("-number").first()
    kept = {key: getattr(last, key) for key in ("name", "note", "changes")} if last else {}
    made: Version = Version.objects.create(
        scenario=row, number=last.number + 1 if last else 1, what=what[:300], by=by.name,
        made_at=district.now(), **(kept | new),
    )  # fmt: skip
    if last:
        detail = {"version": made.number}
        access.record(by=by, act="scenario.changed", what=f"scenario {row.id}", detail=detail)
    return made


def _named(name: str) -> str:
    if not name.strip():
        raise BadConfig("the scenario has no name", "Give it one, such as what it would change.")
    return name.strip()[:200]
