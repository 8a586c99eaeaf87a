"""There is no other way to a person: every address and every page is looked through.

Two nets. The table of addresses: an address that takes a person is behind `opens_person`, and every
other one behind a right, or on a short list with its reason. And the source: whatever reads a
person's rows outside the rooms that keep them says by whom and for what, or is on the list here.
"""

import ast
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

SRC = Path(__file__).resolve().parents[2] / "src/onesystem"

# Addresses without a right in front, and why that is so.
OPEN = {
    "robots": "says nothing",
    "choose_language": "keeps what one's own browser reads",
    "access:stay": "prolongs a session; needs one",
    "access:give_purpose": "asks the right itself, before it takes the purpose",
    "access:end_purpose": "forgets a purpose",
    "access:break_glass": "asks the right itself, then the decision",
    "access:mend_glass": "narrows only",
    "access:own_postcode": "one's own home, for whoever is signed in",
    "access:openid": "leads to an organisation's sign-in, before anybody is signed in",
    "access:openid_back": "signs somebody in, or says why not",
    "access:notices": "one's own, and those of one's organisation by its rows",
    "access:unread_notices": "counts these",
    "access:see_notices": "marks these",
    "access:follow_notice": "marks one of these, and leads to a page that asks",
    "access:mail_notices": "one's own address",
    "drafts:drafts": "what one wrote oneself, and no one else sees",
    "drafts:discard": "the same",
    "drafts:token": "a token for one's own session",
    "drafts:back": "says that one has signed in again",
    "drafts:mine": "what one wrote oneself",
    "meeting:public": "the register of the alliance, for everybody; by seats and not by names",
    "plan_case:public": "cases for change that somebody published for all",
    "plan_case:public_case": "one of these",
    "tasks:worker": "a script",
    "tasks:offline": "a page without anything in it: what it shows lies in the browser",
    "tasks:snapshot": "asks the right and the decision of each person itself",
    "tasks:queue": "the same of each note that is sent",
}
# They take a person and are the way in, not a page about them.
WAYS_IN = {"access:give_purpose", "access:end_purpose", "access:break_glass"}


def addresses(patterns=None, space=""):
    """Every address of the product: name, view, parameters; not those of packages."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            inner = f"{each.namespace}:" if each.namespace else space
            yield from addresses(each.url_patterns, inner)
        elif isinstance(each, URLPattern):
            view = each.callback
            if getattr(view, "__module__", "").startswith("onesystem."):
                yield space + (each.name or view.__name__), view, set(each.pattern.converters)


def through(view, name):
    """Whether a decorator left this mark anywhere on the way to the view."""
    while view is not None:
        if hasattr(view, name):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def test_every_address_about_a_person_goes_through_the_decision():
    seen = 0
    for name, view, takes in addresses():
        if "person" in takes and name not in WAYS_IN:
            assert through(view, "opens_person"), f"{name} shows a person past the decision"
            seen += 1
    assert seen >= 6


def test_every_other_address_asks_for_a_right():
    for name, view, _ in addresses():
        if name in OPEN or through(view, "right") or through(view, "opens_person"):
            continue
        module = view.__module__
        assert module.startswith(("onesystem.feeds.fhir", "onesystem.record.fhir",
                                  "onesystem.web")), f"{name} asks for no right"  # fmt: skip


# What reads a person's own rows, and the modules that may call it without saying by whom: the
# rooms that keep the rows, and pages that are behind `opens_person` or behind a right.
READS = {
    "of_identities", "newest_of", "versions_of", "entries_of", "requests_of", "identities_of",
    "views", "body_of",
}  # fmt: skip
KEEPERS = {
    "access/choices.py": "by person, after `_for_person`",
    "access/glass.py": "identities only, after the decision",
    "access/reading.py": "identities only, after `_may_see`",
    "access/deciding.py": "the decision itself",
    "people": "keeps them; its pages are behind opens_person or people.merge",
    "contacts": "keeps them; callers ask",
    "care": "keeps them; callers ask",
    "feeds": "takes in; knows no asker",
    "record": "its queries ask access first; its pages are behind opens_person",
    "budget/costing/pathway_figures.py": "practice and number, to count each person once",
    "budget/costing/person_pages.py": "what the asker's sight shows; behind opens_person",
    "budget/entitlement/forms.py": "the age, for pages behind opens_person",
    "budget/entitlement/letter_pages.py": "the name; behind opens_person and opens_own",
    "budget/entitlement/person_pages.py": "the name; behind opens_person",
    "budget/personal/file_pages.py": "the name; behind opens_person and opens_own",
    "budget/personal/flags.py": "what the asker's scope leaves; for a page behind opens_person",
    "budget/personal/person_pages.py": "the name; behind opens_person",
    "budget/personal/queries.py": "names on the list of whom one keeps, behind personal.keep",
    "flow": "the board, behind now.see and person-free",
    "bench": "measures",
    "demo": "makes",
    "cli/checks.py": "counts",
    "wiring.py": "introduces",
}


def calls(file):
    """The names of everything that a module calls, with the line."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            what = node.func
            name = what.attr if isinstance(what, ast.Attribute) else getattr(what, "id", "")
            yield name, node.lineno


@pytest.mark.parametrize("file", sorted(SRC.rglob("*.py")), ids=lambda f: str(f.relative_to(SRC)))
def test_nobody_else_reads_a_persons_rows(file):
    place = file.relative_to(SRC).as_posix()
    if place in KEEPERS or place.split("/")[0] in KEEPERS:
        return
    found = [f"{place}:{line} calls {name}" for name, line in calls(file) if name in READS]
    assert found == []


def test_queries_of_the_record_say_by_whom_or_with_what():
    """A public question of the record about a person takes the actor, the asker or the scope."""
    tree = ast.parse((SRC / "record/queries.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            names = {a.arg for a in (*node.args.args, *node.args.kwonlyargs)}
            if "person" in names:
                assert names & {"by", "asker", "scope"}, node.name
