"""What access must do, line by line, with the tests that hold each line.

A test compares the page `docs/reference/access-checklist.md` with it, and looks for each test.
"""

from dataclasses import dataclass

_DECISION, _SCOPE = "tests/access/test_decision.py", "tests/record/test_scope.py"
_GLASS, _LEAKS = "tests/pages/test_glass.py", "tests/record/test_fhir_leaks.py"
_NEVER = "tests/record/test_never_wider.py"
_WALKED = "tests/pages/test_trust_journeys.py"
_FUZZ, _NAIVE = "tests/record/test_fhir_openapi.py", "tests/record/test_search_naive.py"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what is done, and the tests that hold it. `open_`: what is not held yet."""

    what: str
    tests: tuple[str, ...]
    open_: str = ""


LINES = (
    Line("One decision by user, role, organisation, purpose, person, kind, item and time, with its "
         "reasons; every cell is a line of a page, and less never opens more",
         (f"{_DECISION}::test_the_page_says_what_the_decision_says",
          f"{_DECISION}::TestNothingWidens",
          f"{_SCOPE}::test_scope_is_the_decision_asked_of_everybody",
          f"{_NEVER}::test_no_sequence_of_acts_widens_what_is_seen_without_a_grant")),
    Line("Enforced in the query, by every path; a lint finds any other way to the data",
         ("tests/pages/test_doors.py::test_every_address_about_a_person_goes_through_the_decision",
          "tests/pages/test_doors.py::test_nobody_else_reads_a_persons_rows",
          f"{_NAIVE}::test_a_scope_gives_the_search_of_what_is_in_it",
          "tests/record/test_fhir_export.py::test_nothing_outside_the_scope_is_ever_exported",
          "tests/record/test_fhir_hooks.py::TestTold")),
    Line("No inference: what is outside is answered as what is nowhere: status, headers and body",
         (f"{_LEAKS}::test_outside_is_as_absent",
          f"{_FUZZ}::test_what_is_drawn_never_tells_of_what_is_hidden"),
         "how long an answer takes is not compared"),
    Line("A relationship from enrolment, contacts, requests, caseloads and teams, with its end",
         (f"{_SCOPE}::TestTies", f"{_GLASS}::TestKeeping")),
    Line("Breaking the glass: a reason, one person, one user, some hours, told in the same "
         "transaction, without identities in the alert",
         (f"{_GLASS}::TestBreakGlass", f"{_WALKED}::TestAtNight")),
    Line("Choices of the person: everything, one source, one kind, one item; at once, and undone",
         (f"{_GLASS}::TestChoices", "tests/pages/test_own_pages.py::TestMyChoices",
          "tests/pages/test_kept_record.py::test_what_was_kept_is_what_would_be_assembled",
          f"{_WALKED}::TestPerson")),
    Line("A purpose on every session and token; purposes of analysis open nobody, and small "
         "numbers are hidden",
         ("tests/access/test_pages.py::TestPurpose",
          "tests/access/test_roles.py::test_purpose_cell",
          "tests/flow/measures/test_hiding.py::TestHiding")),
    Line("Classes of role, social care and demographics alone among them",
         (f"{_DECISION}::test_the_page_says_what_the_decision_says",
          "tests/access/test_roles.py::test_cell")),
    Line("Sensitive kinds by label, by code, by service and by source",
         (f"{_DECISION}::TestLabels", "tests/record/test_labels.py::test_all_that_a_source_sends",
          "tests/record/test_labels.py::test_a_code_of_the_district")),
    Line("A trail of what was allowed and refused, read and searched (IHE BALP), only added to, "
         "chained, in the same transaction, signed by day",
         ("tests/access/test_audit.py::TestChain", "tests/access/test_audit.py::TestTampering",
          "tests/access/test_balp.py::test_a_refusal_is_an_event_too",
          "tests/access/test_balp.py::test_a_whole_new_chain_is_found_by_a_root",
          "tests/record/test_fhir_audit_events.py::test_each_interaction_is_its_pattern")),
    Line("The person sees who looked, when, from where and why, and can ask",
         ("tests/pages/test_own_pages.py::TestWhoLooked", f"{_WALKED}::TestPerson")),
    Line("Looks that need a second look are found, and ordinary ones rarely",
         ("tests/access/test_rules_of_looks.py::TestPlanted",
          "tests/access/test_rules_of_looks.py::TestOneLook",
          f"{_WALKED}::TestPrivacyOfficer")),
    Line("A merge and a split of persons keep and give back choices, glass and trail",
         (f"{_GLASS}::TestChoices",
          f"{_NEVER}::test_each_act_that_ends_something_undoes_what_began_it")),
    Line("Each item says its source and when it became known",
         ("tests/record/test_fhir_acts.py::TestEverything",)),
    Line("Administrators open nobody; no name, number or id is in a log",
         ("tests/access/test_roles.py::test_purpose_cell", "tests/web/test_logs.py::TestAddresses",
          "tests/record/test_fhir_logs.py::test_nobody_is_named_in_the_log"),
         "signing keys are made once; a new one is made by hand"),
    Line("Limits of how many people one user opens in an hour, with an alert",
         (f"{_GLASS}::TestLimits",)),
    Line("Closed where the agreements, the choices or the trail cannot be reached",
         (f"{_GLASS}::TestFailClosed", "tests/record/test_fhir_faults.py::TestNotCommitted")),
)  # fmt: skip


def page() -> str:
    """The checklist as Markdown, for the documentation."""
    made = [
        "# The checklist of access",
        "",
        "What access must do, and the tests that hold each line. `onesystem audit checklist`",
        "prints it; this page is made from",
        "`onesystem.access.checklist`: `WRITE=1 pytest tests/access/test_checklist.py`.",
        "",
    ]
    for number, line in enumerate(LINES, 1):
        made += [f"## {number}. {line.what}", ""]
        made += [f"- `{test}`" for test in line.tests]
        made += ["", f"Not held: {line.open_}."] if line.open_ else []
        made.append("")
    return "\n".join(made)
