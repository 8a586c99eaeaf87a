"""OperationOutcomes: every refusal says what is wrong, where, and what to do about it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from onesystem.record.fhir.asks import JSON, Answer
from onesystem.vocabulary import BadInput

# The issue type that goes with a status (valueset-issue-type.html), where none is said.
_CODES = {
    400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported",
    406: "not-supported", 409: "conflict", 410: "deleted", 412: "conflict", 413: "too-long",
    415: "not-supported", 422: "processing", 500: "exception", 501: "not-supported",
    503: "transient",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue: `what` is wrong, the `cure`, and the element (`where`, a FHIRPath)."""

    what: str
    cure: str = ""
    where: str = ""
    code: str = "invalid"
    severity: str = "error"

    def as_json(self) -> dict[str, Any]:
        """The issue as FHIR has it."""
        made: dict[str, Any] = {"severity": self.severity, "code": self.code}
        if self.cure:
            made["details"] = {"text": self.cure}
        made["diagnostics"] = self.what
        if self.where:
            made["expression"] = [self.where]
        return made


class Refusal(Exception):
    """The ask is answered with an OperationOutcome and nothing is done."""

    def __init__(
        self, status: int, what: str, cure: str = "", *, where: str = "", code: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(what)
        self.status = status
        self.headers = headers or {}
        self.issues: Sequence[Issue] = (
            Issue(what=what, cure=cure, where=where, code=code or _CODES.get(status, "invalid")),
        )

    @classmethod
    def of(cls, error: BadInput, status: int = 422) -> "Refusal":
        """The refusal of what cannot be read."""
        code = "structure" if status == 400 else "invariant"
        return cls(status, error.what, error.cure, where=error.where, code=code)

    def answer(self) -> Answer:
        """What is sent."""
        return outcome(self.status, self.issues, self.headers)


def outcome(status: int, issues: Sequence[Issue], headers: dict[str, str] | None = None) -> Answer:
    """An OperationOutcome as an answer."""
    body = orjson.dumps(resource(issues))
    return Answer(status, body, {"Content-Type": JSON, **(headers or {})})


def resource(issues: Sequence[Issue]) -> dict[str, Any]:
    """An OperationOutcome."""
    return {"resourceType": "OperationOutcome", "issue": [each.as_json() for each in issues]}


def fine(what: str) -> Issue:
    """That all went well."""
    return Issue(what=what, code="informational", severity="information")
