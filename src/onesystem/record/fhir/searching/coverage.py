"""Each search parameter that the server answers, with the test that holds it."""

from dataclasses import dataclass

from onesystem.record.fhir.searching import terms
from onesystem.record.fhir.searching.check import MODIFIERS
from onesystem.record.fhir.searching.definitions import (
    COLUMNS,
    UNANSWERED,
    Parameter,
    kinds,
    known_of,
    parameters_of,
)  # fmt: skip

_VALUES = "tests/record/test_search_values.py"
_JOINS = "tests/record/test_search_joins.py"
_EXTRACT = "tests/record/test_search_extract.py"
# What a value of each type of parameter means is held there; that the parameter takes its values
# from the right elements is held by the comparison with FHIRPath over HL7's examples.
_BY_TYPE = {
    "token": f"{_VALUES}::TestTokens",
    "string": f"{_VALUES}::TestStrings",
    "date": f"{_VALUES}::TestDates",
    "number": f"{_VALUES}::TestNumbers",
    "quantity": f"{_VALUES}::TestQuantities",
    "uri": f"{_VALUES}::TestUris",
    "composite": f"{_VALUES}::TestComposites",
    "reference": f"{_JOINS}::TestReferences",
    "special": f"{_JOINS}::TestReferences",
}
_RESULTS = {
    "_include": f"{_JOINS}::TestIncludes",
    "_revinclude": f"{_JOINS}::TestIncludes",
    "_sort": f"{_JOINS}::TestOrderAndPages",
    "_count": f"{_JOINS}::TestOrderAndPages",
    "_total": f"{_JOINS}::TestOrderAndPages",
    "_summary": f"{_JOINS}::TestParts",
    "_elements": f"{_JOINS}::TestParts",
    "_has": f"{_JOINS}::TestReferences",
    "_list": f"{_JOINS}::TestReferences",
    "_type": f"{_JOINS}::TestReferences",
}


@dataclass(frozen=True, slots=True)
class Covered:
    """A parameter of a type (`*`: of every type): `tests` hold it; none, and `why`, where it is not
    supported.
    """

    kind: str
    code: str
    type: str
    modifiers: tuple[str, ...]
    tests: tuple[str, ...]
    why: str = ""


def covered() -> list[Covered]:
    """Every parameter of every type, then what shapes the results."""
    found = []
    for kind in sorted(kinds()):
        for code, parameter in sorted(known_of(kind).parameters.items()):
            if code in UNANSWERED:
                found.append(Covered(kind, code, parameter.type, (), (), UNANSWERED[code]))
            else:
                modifiers = modifiers_of(parameter)
                tests = (_BY_TYPE[parameter.type], f"{_EXTRACT}::test_it_finds_what_fhirpath_finds")
                found.append(Covered(kind, code, parameter.type, modifiers, tests))
    return found + [Covered("*", c, "result", (), (test,)) for c, test in sorted(_RESULTS.items())]


def modifiers_of(parameter: Parameter) -> tuple[str, ...]:
    """The modifiers that a parameter takes, as the CapabilityStatement's reader knows them."""
    if parameter.code in COLUMNS:
        return ()
    listed = terms.MODIFIERS if parameter.type == "token" else ()  # of lists that were loaded
    return (*MODIFIERS[parameter.type], *listed)


def page() -> str:
    """The table of all parameters as Markdown, for the documentation."""
    lines = []
    for kind in sorted(kinds()):
        known = parameters_of(kind)
        own = [p for c, p in sorted(known.items()) if not c.startswith("_")]
        if own:
            said = ", ".join(f"`{p.code}` {p.type}" for p in own)
            lines.append(f"| {kind} | {said} |")
    return "\n".join(["| type | parameters |", "|---|---|", *lines])
