"""The operations of bulk data: kick-off, status, files and cancelling."""

from email.utils import format_datetime

import orjson

from onesystem.record.columns import moment
from onesystem.record.fhir import operations
from onesystem.record.fhir.acts.inputs import given, one
from onesystem.record.fhir.asks import Answer
from onesystem.record.fhir.bulk.asking import Export, export_of
from onesystem.record.fhir.bulk.jobs import File, begin, cancel, files_of, folder, job_of
from onesystem.record.fhir.bulk.models import ExportJob
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.finding import by_name
from onesystem.record.fhir.instants import instant
from onesystem.record.fhir.outcomes import Issue, Refusal, fine, outcome
from onesystem.record.fhir.reading import absent
from onesystem.record.fhir.routing import Route

_DEFINITION = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/"


def export(case: Case, asked: Route) -> Answer:
    """GET or POST $export, Patient/$export, Group/id/$export: 202 and where to look."""
    if bool(asked.logical) != (asked.kind == "Group"):
        raise Refusal(404, "there is no such export",
                      "Use $export, Patient/$export or Group/id/$export.",
                      code="not-supported")  # fmt: skip
    wanted = export_of(case, asked)
    if asked.kind == "Group":
        case.require("Group", "r")
        if by_name("Group", asked.logical, case.scope) is None:
            raise absent("Group", asked.logical)
    path = f"{case.ask.base}/{case.ask.path}"
    job = begin(case, wanted, path + (f"?{case.ask.query}" if case.ask.query else ""))
    case.detail |= {"export": job, "types": len(wanted.kinds)}
    made = outcome(202, [fine("the export has begun")])
    made.headers["Content-Location"] = f"{case.ask.base}/$export-status?_job={job}"
    return made


def status(case: Case, asked: Route) -> Answer:  # noqa: ARG001 - every operation takes both
    """GET: 202 and how far, or 200 and the manifest. DELETE cancels."""
    job = job_of(case, one(given(case, ("_job",)), "_job"))
    if case.ask.method == "DELETE":
        cancel(job)
        case.act = "fhir.export-cancelled"
        return outcome(202, [fine("the export is cancelled, and its files are removed")])
    if job.state == "failed":
        issue = Issue(what="the export met a fault", cure="Begin anew.", code="exception")
        return outcome(500, [issue])
    if job.state != "done":
        return Answer(202, b"", {"X-Progress": _progress(job), "Retry-After": "2"})
    return _manifest(job)


def _progress(job: ExportJob) -> str:
    kinds = Export.of(job.asked).kinds
    count = sum(each.count for each in files_of(job) if not each.deleted)
    return f"{min(job.kind, len(kinds))} of {len(kinds)} types, {count} resources"


def _manifest(job: ExportJob) -> Answer:
    at, files = moment(job.expires), files_of(job)
    body = orjson.dumps({
        "transactionTime": instant(job.began),
        "request": job.request,
        "requiresAccessToken": True,
        "output": [_told(job, each, each.kind) for each in files if not each.deleted],
        "deleted": [_told(job, each, "Bundle") for each in files if each.deleted],
        "error": [],
    })  # fmt: skip
    headers = {"Content-Type": "application/json"}
    if at is not None:
        headers["Expires"] = format_datetime(at, usegmt=True)
    return Answer(200, body, headers)


def _told(job: ExportJob, each: File, kind: str) -> dict[str, str | int]:
    url = f"{job.base}/$export-file?_job={job.job}&_file={each.name}"
    return {"type": kind, "count": each.count, "url": url}


def file(case: Case, asked: Route) -> Answer:  # noqa: ARG001
    """GET one file of an export that is done."""
    said = given(case, ("_job", "_file"))
    job = job_of(case, one(said, "_job"))
    name = one(said, "_file")
    found = next((f for f in files_of(job) if f.name == name and job.state == "done"), None)
    path = folder(job.job) / found.name if found else None
    if found is None or path is None or not path.exists():
        raise Refusal(404, "the export has no such file", "Use the addresses of its manifest.")
    case.require(found.kind, "r")
    case.detail |= {"export": job.job, "file": found.name, "entries": found.count}
    return Answer(200, path.read_bytes(), {"Content-Type": "application/fhir+ndjson"})


def connect() -> None:
    """Make them known. Safe to call again."""
    operations.register(
        operations.Operation(
            "export",
            export,
            kinds=("Patient", "Group"),
            system=True,
            type=True,
            instance=True,
            definition=f"{_DEFINITION}export",
            definitions={
                "Patient": f"{_DEFINITION}patient-export",
                "Group": f"{_DEFINITION}group-export",
            },
        )
    )
    operations.register(
        operations.Operation(
            "export-status", status, system=True, methods=("GET", "DELETE"), listed=False
        )
    )
    operations.register(
        operations.Operation(
            "export-file", file, system=True, methods=("GET",), reads=True, listed=False
        )
    )
