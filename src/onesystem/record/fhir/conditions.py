"""Conditions of writes: which resource a query names, and whether a version is still the one."""

from typing import Any
from urllib.parse import parse_qsl

from onesystem.record.fhir.case import Case
from onesystem.record.fhir.finding import by_entries
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.serving import Shown

_RESULT = {"_format", "_pretty", "_summary", "_elements"}


def matching(case: Case, kind: str, query: str, *, what: str) -> Shown | None:
    """The one resource that a condition names; None where there is none.

    What the same transaction deletes is gone by then: deletions come first (http.html#trules).
    Raises Refusal: 412 where there are several, 400 for a parameter that is not known.
    """
    from onesystem.record.fhir import searching

    params = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if k not in _RESULT]
    if not params:
        raise Refusal(
            412, f"{what} names no condition", "Write a search, such as identifier=SYSTEM|VALUE."
        )
    most = 2 + len(case.ending)
    named = searching.matches(kind, params, case.scope, most, base=case.ask.base, asker=case.asker)
    found = [entry for entry in named if entry not in case.ending]
    if len(found) > 1:
        raise Refusal(
            412,
            f"more than one {kind} meets {what}",
            "Make the condition narrower, so that one resource meets it.",
        )
    return by_entries(found, case.scope).get(found[0]) if found else None


def if_match(case_tag: str, standing: Shown | None) -> None:
    """Raises Refusal (412) unless the version that is changed is the one that the client saw."""
    if not case_tag:
        return
    if standing is None:
        raise Refusal(412, "If-Match names a version of what is not here", "Create it instead.")
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in case_tag.split(",")}
    if "*" not in tags and str(standing.version) not in tags:
        raise Refusal(
            412,
            f"{standing.name} is now version {standing.version}, and not {', '.join(sorted(tags))}",
            "Read it again, put your change into that version, and send it with its ETag.",
            headers={"ETag": standing.etag},
        )


def if_none_match(tag: str, standing: Shown | None) -> None:
    """Raises Refusal (412) where `*` says that nothing may be here yet."""
    if tag.strip() == "*" and standing is not None and not standing.gone:
        raise Refusal(412, f"{standing.name} is here already", "Leave If-None-Match out.")


def same(was: bytes, body: bytes) -> bool:
    """Whether two bodies say the same, apart from what the server says itself."""
    return _plain(was) == _plain(body)


def _plain(body: bytes) -> Any:
    import json

    resource = json.loads(body, parse_float=str)
    resource.pop("id", None)
    meta = resource.get("meta")
    if isinstance(meta, dict):
        kept = {k: v for k, v in meta.items() if k not in {"versionId", "lastUpdated", "source"}}
        resource["meta"] = kept
    if not resource.get("meta"):
        resource.pop("meta", None)
    return resource
