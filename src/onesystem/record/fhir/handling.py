"""Each interaction to the function that answers it."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import parse_qsl

from onesystem.record.fhir import binaries, operations, reading, writing
from onesystem.record.fhir.asks import JSON, Answer, Ask
from onesystem.record.fhir.bundles import bundle
from onesystem.record.fhir.case import Answerer, Case
from onesystem.record.fhir.hooks import keeping
from onesystem.record.fhir.metadata import capabilities
from onesystem.record.fhir.negotiating import wanted
from onesystem.record.fhir.openapi import description
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.routing import Route
from onesystem.record.fhir.smart.discovery import configuration


def handle(case: Case, asked: Route) -> Answer:
    """Answer one ask. Raises Refusal."""
    through = INTERACTIONS[asked.name]
    if asked.kind == keeping.KIND and asked.name in keeping.WRITES:
        return keeping.write(case, asked, through)
    return through(case, asked)


def _read(case: Case, asked: Route) -> Answer:
    made = reading.read(case, asked.kind, asked.logical)
    return _shown(case, asked.kind, made)


def _vread(case: Case, asked: Route) -> Answer:
    made = reading.vread(case, asked.kind, asked.logical, asked.rest)
    return _shown(case, asked.kind, made)


def _create(case: Case, asked: Route) -> Answer:
    return writing.create(_taken(case, asked), asked.kind)


def _update(case: Case, asked: Route) -> Answer:
    return writing.update(_taken(case, asked), asked.kind, asked.logical)


def _taken(case: Case, asked: Route) -> Case:
    return binaries.taken(case, asked.logical) if asked.kind == "Binary" else case


def _shown(case: Case, kind: str, made: Answer) -> Answer:
    """The resource with the elements that were asked for; a Binary that is whole as its bytes."""
    if "_" in case.ask.query and made.status == 200:
        form = wanted(case.ask)
        if form.summary == "count":
            raise Refusal(400, "_summary=count is for searches", "Leave it out.")
        if not form.whole:
            from onesystem.record.fhir.searching.cutting import cut, named

            made.body = cut(made.body, kind, form.summary, named(form.elements, kind))
            return made
    return binaries.given(case, made) if kind == "Binary" else made


def _search(case: Case, asked: Route) -> Answer:
    from onesystem.record.fhir import searching

    case.act, case.what = "fhir.searched", asked.kind or "*"
    within = None
    if asked.name == "search-compartment":
        within, kind = (asked.kind, asked.logical), asked.rest if asked.rest != "*" else ""
        case.what = f"{asked.kind}/{asked.logical}/{asked.rest}"
        case.require(asked.kind, "r")
    else:
        kind = asked.kind
    if kind:
        case.require(kind, "s")
    params = case.ask.params()
    if case.ask.method == "POST":
        params = case.ask.join(_form(case))
    # The names of the parameters and not what they were: a value may name somebody.
    case.detail["params"] = sorted({name for name, _ in params})
    found = searching.search(
        case.ask, kind or None, params, case.scope, asker=case.asker, within=within
    )
    case.touches(each.identity for each in found.shown)
    case.detail["entries"] = len(found.shown)
    return Answer(200, found.body, {"Content-Type": JSON})


def _form(case: Case) -> list[tuple[str, str]]:
    said = case.ask.header("content-type").partition(";")[0].strip().lower()
    if not case.ask.body:
        return []
    if said != "application/x-www-form-urlencoded":
        raise Refusal(415, f"{said or 'no type'} is no search",
                      "Send application/x-www-form-urlencoded.")  # fmt: skip
    return parse_qsl(case.ask.body.decode("utf-8", "replace"), keep_blank_values=True)


def _bundle(case: Case, _: Route) -> Answer:
    return bundle(case, handle)


def _open(tell: Callable[[Ask], Answer], case: Case, _: Route) -> Answer:
    return tell(case.ask)


# What needs no caller.
OPEN: Mapping[str, Callable[[Ask], Answer]] = {
    "capabilities": capabilities,
    "smart-configuration": configuration,
    "openapi": description,
}

INTERACTIONS: Mapping[str, Answerer] = {
    "read": _read,
    "vread": _vread,
    "history": lambda case, asked: reading.history(case, asked.kind, asked.logical),
    "search-type": _search,
    "search-system": _search,
    "search-compartment": _search,
    "create": _create,
    "update": _update,
    "patch": lambda case, asked: writing.patch(case, asked.kind, asked.logical),
    "delete": lambda case, asked: writing.delete(case, asked.kind, asked.logical),
    "conditional-update": lambda case, asked: writing.conditional_update(case, asked.kind),
    "conditional-patch": lambda case, asked: writing.conditional_patch(case, asked.kind),
    "conditional-delete": lambda case, asked: writing.conditional_delete(case, asked.kind),
    "bundle": _bundle,
    "operation": operations.run,
    **{name: partial(_open, tell) for name, tell in OPEN.items()},
}
