"""What the CapabilityStatement says, line by line, with the test that holds each line.

A test compares this table with the statement that the server answers: a line of the one that the
other lacks fails, and so does a test that does not exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from onesystem.record.fhir import operations
from onesystem.record.fhir.searching.coverage import covered

_SERVER = "tests/record/test_fhir_server.py"
_CONFORMANCE = "tests/record/test_fhir_conformance.py"
_ACTS = "tests/record/test_fhir_acts.py"
_EXPORT = "tests/record/test_fhir_export.py"
INTERACTIONS = {
    "read": (f"{_SERVER}::TestCreateAndRead", f"{_CONFORMANCE}::TestHeaders"),
    "vread": (f"{_SERVER}::TestCreateAndRead", f"{_CONFORMANCE}::TestHeaders"),
    "create": (f"{_SERVER}::TestCreateAndRead", f"{_CONFORMANCE}::test_the_status"),
    "update": (f"{_SERVER}::TestUpdate", f"{_CONFORMANCE}::test_the_status"),
    "patch": (f"{_SERVER}::TestPatch",),
    "delete": (f"{_CONFORMANCE}::test_the_status",),
    "history-instance": (f"{_CONFORMANCE}::TestHistory",),
    "history-type": (f"{_CONFORMANCE}::TestHistory",),
    "history-system": (f"{_CONFORMANCE}::TestHistory",),
    "search-type": (f"{_CONFORMANCE}::TestSearchset",),
    "search-system": ("tests/record/test_search_joins.py::TestReferences",),
    "transaction": (f"{_SERVER}::TestBundles", f"{_CONFORMANCE}::TestBundles"),
    "batch": (f"{_SERVER}::TestBundles", f"{_CONFORMANCE}::TestBundles"),
}
OPERATIONS = {
    "everything": (f"{_ACTS}::TestEverything",),
    "export": (f"{_EXPORT}::TestKickOff", f"{_EXPORT}::TestOutput"),
    "match": (f"{_ACTS}::TestMatch",),
    "summary": (f"{_ACTS}::TestSummary",),
    "validate": (f"{_SERVER}::TestForms",),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `what` is interaction, search or operation; no tests, and `why`: not supported."""

    what: str
    name: str
    tests: tuple[str, ...]
    why: str = ""


def lines() -> Iterator[Line]:
    """The whole table."""
    for name, tests in INTERACTIONS.items():
        yield Line("interaction", name, tests)
    for name, operation in operations.known().items():
        if operation.listed:
            yield Line("operation", f"${name}", OPERATIONS.get(name, ()))
    for each in covered():
        yield Line("search", f"{each.kind}.{each.code}", each.tests, each.why)
