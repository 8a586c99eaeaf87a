"""Exports as rows: begin, look, cancel; a cap on how many go on at once."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import orjson
from django.db import transaction

from onesystem import access, district
from onesystem.access.lines import lines_for
from onesystem.record.fhir.bulk.asking import Export
from onesystem.record.fhir.bulk.models import ExportedPerson, ExportJob
from onesystem.record.fhir.bulk.remembering import remembered
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.outcomes import Refusal
from onesystem.vocabulary.kept import to_micros

GOING = ("queued", "running")
MOST, MOST_OF_ONE = 4, 2  # exports at once: of all clients, and of one
KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class File:
    """One file of an export: `count` resources of a type in `size` bytes.

    `deleted`: Bundles that name what was deleted, and not the resources.
    """

    name: str
    kind: str
    count: int
    size: int
    deleted: bool = False


def begin(case: Case, export: Export, request: str) -> str:
    """A new export; gives its public name. Raises Refusal: 403, or 429 where many go on."""
    asker = case.asker
    day = asker.at.date()
    if not any(
        "export" in line.actions for line in lines_for(asker.actor.roles, asker.purpose, day)
    ):
        raise Refusal(403, "these roles export nothing for this purpose",
                      "Ask the district for a client that may.")  # fmt: skip
    going = ExportJob.objects.filter(state__in=GOING)
    if going.count() >= MOST or going.filter(client=asker.client).count() >= MOST_OF_ONE:
        raise Refusal(429, "too many exports go on already",
                      "Wait for one to end, or cancel it.", code="throttled",
                      headers={"Retry-After": "60"})  # fmt: skip
    made = ExportJob.objects.create(
        job=token_hex(16), client=asker.client, actor=asker.actor.name, asker=remembered(asker),
        request=request, base=case.ask.base, asked=export.text(), state="queued",
        created=to_micros(district.now()),
    )  # fmt: skip
    return made.job


def job_of(case: Case, name: str) -> ExportJob:
    """The export of that name. Raises Refusal where there is none, or it is another client's."""
    asker = case.asker
    found = ExportJob.objects.filter(job=name, client=asker.client, actor=asker.actor.name).first()
    if found is None or found.state in {"cancelled", "expired"} or is_over(found):
        raise Refusal(404, "there is no such export",
                      "It was cancelled, has expired or is not yours. Begin anew.")  # fmt: skip
    return found


def is_over(job: ExportJob) -> bool:
    """Whether its files are no longer served."""
    return job.state == "done" and job.expires <= to_micros(district.now())


@transaction.atomic
def cancel(job: ExportJob) -> None:
    """End an export and remove its files."""
    ExportJob.objects.filter(pk=job.pk).update(state="cancelled", files="[]")
    ExportedPerson.objects.filter(export=job.pk).delete()
    transaction.on_commit(lambda: remove(job.job))


def expire() -> int:
    """Remove the files of exports that were kept long enough; gives how many."""
    over = list(ExportJob.objects.filter(state="done", expires__lte=to_micros(district.now())))
    for each in over:
        ExportJob.objects.filter(pk=each.pk).update(state="expired", files="[]")
        remove(each.job)
        access.record(
            by=access.Actor.job("exports"), act="fhir.export-expired", what=f"export {each.job}"
        )
    return len(over)


def folder(job: str) -> Path:
    """Where the files of an export lie."""
    return district.current().path / "exports" / job


def remove(job: str) -> None:
    """Remove the files of an export."""
    shutil.rmtree(folder(job), ignore_errors=True)


def files_of(job: ExportJob) -> list[File]:
    """The files of an export, as far as it is."""
    return [File(**each) for each in orjson.loads(job.files)]
