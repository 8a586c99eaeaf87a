"""Write docs/reference/fhir-search.md from the compiled search parameters.

    python tools/fhir_search_page.py

A test compares the page with the parameters.
"""

import sys
from pathlib import Path

from onesystem.record.fhir.searching.check import MODIFIERS
from onesystem.record.fhir.searching.coverage import page
from onesystem.record.fhir.searching.definitions import UNANSWERED
from onesystem.record.fhir.searching.limits import SECONDS
from onesystem.record.fhir.searching.params import DEEPEST, MOST

PAGE = Path(__file__).resolve().parent.parent / "docs/reference/fhir-search.md"
HEAD = f"""# FHIR search

Written by `tools/fhir_search_page.py` from the search parameters of HL7 FHIR R4 (4.0.1, CC0).

`GET /fhir/TYPE?PARAMETERS`, `POST /fhir/TYPE/_search`, `GET /fhir/Patient/ID/TYPE?PARAMETERS` (what
belongs to a person, or to an Encounter, Practitioner, Device or RelatedPerson; `*` for every type)
and `GET /fhir?_type=TYPE,TYPE&PARAMETERS` follow
[search.html](https://hl7.org/fhir/R4/search.html). What is outside the asker's scope is never
counted, included, chained through or hinted at.

## What is asked

| written | meaning |
|---|---|
| `a=1&b=2` | both |
| `a=1,2` | either; a backslash makes `,` `$` or a bar an ordinary character |
| `subject:Patient.organization.name=mill` | what is referred to meets it; up to {DEEPEST} links |
| `_has:Observation:patient:code=8302-2` | something that refers to it meets it; may be nested |
| `_list=ID` | what that List names |
| `ge2026-03` | prefixes of dates, numbers and quantities: eq ne gt lt ge le sa eb ap |
| `5.4\\|SYSTEM\\|CODE`, `SYSTEM\\|CODE`, `\\|CODE`, `SYSTEM\\|` | as in the specification |

Modifiers, besides those of R4's result parameters:

| type | modifiers |
|---|---|
{{modifiers}}

Rules where the specification leaves room:

- A parameter, modifier, prefix or value that is not understood is refused with status 400, its name
  and the nearest that is known. With `Prefer: handling=lenient` the search is done without it, an
  OperationOutcome among the results says so, and the link `self` shows what was understood.
- A time without a zone is one of UTC. A date or number covers the precision it is written in.
- Codes are compared without case; of a text the first 200 characters count, without case, accents
  and punctuation.
- A quantity said as *less than 5* lies anywhere below 5. Units are compared as they are written;
  milligrams are not turned into grams.
- `_source` is what the server itself says: `urn:onesystem:SOURCE#MESSAGE`, or a source alone.
- `:in`, `:not-in`, `:below` and `:above` of codes are asked of the lists that the district loaded
  (`onesystem codes load`), and of ValueSets (by address or `ValueSet/id`) and CodeSystems of the
  record that are kept back by no label; where none says, they are refused by name.
- `patient=`, `subject=` and `Patient/ID/TYPE` also find what came as HL7 v2 for the same person, as
  the linkage stands; so do a chain through a Patient (`patient.identifier=`) and `_has` of one.
  `_revinclude` goes by what a resource itself says. Who came as HL7 v2 alone has no
  Patient to chain through.
- `:missing` asks whether anything is said that can be searched for: codes or words of a concept, a
  reference or its identifier. A reference that is only a word, or that stays within the resource
  (`#id`), counts as missing; so does, for a parameter that means one type of target, what is no
  reference to it.
- Not supported, and refused by name: {{refused}}.

## What comes back

`_sort` (several, `-` for downwards; what is missing comes last), `_count` (50 unless told, at most
{MOST}; 0 counts), `_total`, `_summary`, `_elements`, `_include` and `_revinclude` (with `:iterate`,
`*`, and a type of target).

Pages begin after the last result of the page before, so that what is added or taken away meanwhile
moves nothing. Their links are signed and open only for whoever was given them. `total` is told
where one page holds everything or all were found on the way; it is left out where counting would
take longer than the search. `_total=accurate` counts.

A search that takes longer than {SECONDS:g} seconds is stopped with the outcome `too-costly`.

## Parameters

Every type also has `_id`, `_lastUpdated`, `_tag`, `_profile`, `_security`, `_source`, `_list` and
`_has`.

"""


def text() -> str:
    """The whole page."""
    modifiers = "\n".join(
        f"| {kind} | {', '.join('`:' + m + '`' for m in known)} |"
        for kind, known in MODIFIERS.items() if known
    )  # fmt: skip
    refused = ", ".join(f"`{code}`" for code in [*UNANSWERED, "_filter", "_contained"])
    head = HEAD.replace("{modifiers}", modifiers).replace("{refused}", refused)
    return head + page() + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
