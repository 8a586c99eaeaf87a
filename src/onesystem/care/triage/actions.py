"""What can be done to tables: write the next version, switch one on or off. Each in the trail."""

from django.db import transaction
from django.db.models import Max

from onesystem import access
from onesystem.access import Actor
from onesystem.care.triage import library
from onesystem.care.triage.reading import read
from onesystem.care.triage.rows import SwitchRow, TableRow
from onesystem.care.triage.tables import Table
from onesystem.district import now
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


@transaction.atomic
def write(*, text: str, seen: int, by: Actor, key: str = "") -> int:
    """Keep the next version of the district's own table; gives its number.

    `seen` is the version that the writer began from, 0 where there was none: whoever wrote one
    meanwhile is named, and nothing is overwritten. Raises BadConfig with the mistake and its cure.
    """
    access.require(by, "triage.set")
    table = read(text, name=say("the table"))
    if key and table.key != key:
        raise UserError(
            say(
                "this page is of the table {key}, and the text is of {key2}",
                key=repr(key),
                key2=repr(table.key),
            ),
            "Put the key back, or write it as a new table.",
        )
    last = TableRow.objects.filter(key=table.key).order_by("-version").first()
    latest = last.version if last else 0
    if last and latest != seen:
        raise UserError(
            say("{by} wrote version {latest} meanwhile", by=last.by, latest=latest),
            "Compare yours with it, and keep yours again if it is still wanted.",
        )
    TableRow.objects.create(
        key=table.key, version=latest + 1, text=text, by=by.name, at=to_micros(now())
    )
    access.record(by=by, act="table.written", what=table.key, detail={"version": latest + 1})
    return int(latest + 1)


@transaction.atomic
def switch(*, key: str, version: int, on: bool, reason: str, by: Actor) -> None:
    """Use a version of a table from now on, or none. Raises NotFound, UserError."""
    access.require(by, "triage.set")
    if not reason.strip():
        raise UserError("no reason was said", "Say who agreed to it, or why it is switched off.")
    if on:
        _there(key, version)
    SwitchRow.objects.create(
        key=key, version=version, on=on, reason=reason.strip()[:500], by=by.name,
        at=to_micros(now()),
    )  # fmt: skip
    access.record(by=by, act="table.on" if on else "table.off", what=key, reason=reason.strip(),
                  detail={"version": version})  # fmt: skip


def _there(key: str, version: int) -> Table:
    if version == 0:
        return library.table(key)
    row = TableRow.objects.filter(key=key, version=version).first()
    if row is None:
        known = TableRow.objects.filter(key=key).aggregate(Max("version"))["version__max"]
        raise NotFound(
            say("table {key} has no version {version}", key=repr(key), version=version),
            say("The latest is {known}.", known=known or 0),
        )
    return read(row.text, name=say("{key}, version {version}", key=key, version=version))
