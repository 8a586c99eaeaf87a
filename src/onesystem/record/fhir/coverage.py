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
_RULES = "tests/record/test_fhir_http_rules.py"
_ACTS = "tests/record/test_fhir_acts.py"
_EXPORT = "tests/record/test_fhir_export.py"
_CODES = "tests/record/test_fhir_terminology.py"
INTERACTIONS = {
    "read": (f"{_SERVER}::TestCreateAndRead", f"{_CONFORMANCE}::TestHeaders"),
    "vread": (f"{_SERVER}::TestCreateAndRead", f"{_CONFORMANCE}::TestHeaders"),
    "create": (f"{_SERVER}::TestCreateAndRead", f"{_CONFORMANCE}::test_the_status"),
    "update": (f"{_SERVER}::TestUpdate", f"{_CONFORMANCE}::test_the_status"),
    "patch": (f"{_SERVER}::TestPatch", f"{_RULES}::TestPatch",
              "tests/record/test_path_patching.py::TestWhatIsNotThereYet"),
    "delete": (f"{_CONFORMANCE}::test_the_status",),
    "history-instance": (f"{_CONFORMANCE}::TestHistory", f"{_RULES}::TestHistory"),
    "history-type": (f"{_CONFORMANCE}::TestHistory",),
    "history-system": (f"{_CONFORMANCE}::TestHistory",),
    "search-type": (f"{_CONFORMANCE}::TestSearchset",
                    "tests/record/test_fhir_search_table.py::test_every_search_finds_what_it_should",
                    "tests/record/test_fhir_search_rules.py::test_every_search_finds_what_it_should"),
    "search-system": ("tests/record/test_search_joins.py::TestReferences",),
    "transaction": (f"{_SERVER}::TestBundles", f"{_CONFORMANCE}::TestBundles",
                    "tests/record/test_fhir_bundle_rules.py::TestReferences"),
    "batch": (f"{_SERVER}::TestBundles", f"{_CONFORMANCE}::TestBundles",
              "tests/record/test_fhir_bundle_rules.py::TestAnswers"),
}  # fmt: skip
OPERATIONS = {
    "everything": (f"{_ACTS}::TestEverything", f"{_ACTS}::TestEverybody",
                   f"{_ACTS}::TestOfGroupsAndEncounters"),
    "expand": (f"{_CODES}::TestOfTheRecord", f"{_CODES}::TestOfLoadedLists"),
    "export": (f"{_EXPORT}::TestKickOff", f"{_EXPORT}::TestOutput",
               f"{_EXPORT}::TestOfSomePatients", f"{_EXPORT}::TestDeleted"),
    "lookup": (f"{_CODES}::TestOfTheRecord", f"{_CODES}::TestOfLoadedLists"),
    "match": (f"{_ACTS}::TestMatch",),
    "meta": (f"{_CODES}::test_meta_of_a_resource",),
    "subsumes": (f"{_CODES}::TestOfTheRecord",),
    "summary": (f"{_ACTS}::TestSummary",),
    "validate": ("tests/record/test_fhir_validating.py::test_validate",),
    "validate-code": (f"{_CODES}::TestOfTheRecord",),
}  # fmt: skip


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
