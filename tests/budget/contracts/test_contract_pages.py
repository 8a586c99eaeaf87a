"""The pages of contracts: found, read, written, signed, settled, stressed, and who may do what."""

import json
import re

import pytest
from contract_made import MONTHS, SINCE, alliance, direct
from django.core.files.uploadedfile import SimpleUploadedFile

from onesystem.budget.contracts import codec, editing, queries, settling
from onesystem.budget.contracts.knowing import around
from onesystem.flow import answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(told, sign_in):
    """The contract manager's browser."""
    return sign_in("contract-manager")


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def typed(made, seen, **changes):
    """The form of an agreement as the browser would post it."""
    raw = editing.raw_of(made, around())
    return {k: v for k, v in raw.items() if v} | {"seen": seen} | changes


def test_the_list_is_empty_then_searched_and_exported(manager, live):
    first = text(manager.get("/contracts/"))
    assert "No contract was written yet" in first, first[first.find("<main") :][:600]
    live(alliance())
    live(direct(goals=()))
    page = text(manager.get("/contracts/"))
    assert "Urgent care alliance" in page
    assert "Well at home" in page
    assert "1 contract serves no shared goal" in page
    for query, there in (("q=urgent", "alliance"), ("kind=direct", "Stays on Ward A"),
                         ("goal=none", "Stays on Ward A"), ("goal=home", "alliance"),
                         ("q=mill road", "alliance"), ("state=draft", "")):  # fmt: skip
        body = text(manager.get(f"/contracts/?{query}")).split("<main")[1]
        assert ("Urgent care alliance" in body) == (there == "alliance"), query
        assert ("Stays on Ward A" in body) == (there == "Stays on Ward A"), query
    said = manager.get("/contracts/?kind=direct&format=csv").content.decode()
    assert "Stays on Ward A" in said
    assert "alliance" not in said


def test_a_contract_is_written_read_and_compared(manager):
    made = alliance()
    answer = manager.post("/contracts/new/?kind=alliance", typed(made, 0), follow=True)
    page = text(answer)
    assert "Version 1 is saved as a draft" in page
    assert "The target cost of the services in scope is £5,000,000 a year." in page
    assert queries.contract("urgent-care-alliance").open.agreement == made
    fields = typed(made, 1, target="5,100,000", why="Prices rose")
    manager.post("/contracts/urgent-care-alliance/edit/", fields)
    assert queries.contract("urgent-care-alliance").open.agreement.target == 510_000_000
    page = text(manager.get("/contracts/urgent-care-alliance/versions/"))
    assert "Prices rose" in page


def test_mistakes_stand_at_their_fields_and_nothing_typed_is_lost(manager):
    fields = typed(alliance(), 0, **{"parties.1.share": "40%", "words": "All of us"})
    answer = manager.post("/contracts/new/?kind=alliance", fields)
    page = text(answer)
    assert answer.status_code == 422
    assert "The members&#39; shares sum to 90%" in page
    assert 'id="e-parties"' in page
    assert "All of us" in page
    fields = typed(alliance(), 0, target="lots", **{"slices.0.share": "x"})
    page = text(manager.post("/contracts/new/?kind=alliance", fields))
    assert 'id="e-target"' in page
    assert 'id="e-slices.0"' in page
    assert not queries.contracts()


def test_an_own_volume_line_is_refused_at_its_field(manager):
    fields = typed(alliance(), 0, **{
        "payments.0.organisation": "hospital", "payments.0.way": "each",
        "payments.0.services": "Emergency department", "payments.0.price": "100",
    })  # fmt: skip
    page = text(manager.post("/contracts/new/?kind=alliance", fields))
    assert "for its own volume, and inside an alliance nobody is" in page
    assert "Put its services into the scope" in page
    assert 'id="e-payments.0"' in page


def test_rows_come_and_go_without_losing_what_was_typed(manager):
    fields = typed(alliance(), 0, words="Kept", do="add:quality")
    page = text(manager.post("/contracts/new/?kind=alliance", fields))
    assert 'name="quality.0.measure"' in page
    assert "Kept" in page
    page = text(manager.post("/contracts/new/?kind=alliance", fields | {"do": "drop:parties.3"}))
    assert 'name="parties.2.organisation"' in page
    assert 'name="parties.3.organisation"' not in page


def test_it_is_signed_published_and_settled_from_its_page(manager):
    manager.post("/contracts/new/?kind=direct", typed(direct(), 0))
    for seen, party in ((1, "icb"), (2, "hospital")):
        fields = {"party": party, "signatory": "Dr A", "seen": seen}
        manager.post("/contracts/stays-on-ward-a/sign/", fields)
    page = text(manager.post("/contracts/stays-on-ward-a/publish/", {"seen": 3}, follow=True))
    assert "It is published" in page
    months = {"since": "2025-04", "until": "2026-03"}
    page = text(manager.post("/contracts/stays-on-ward-a/settle/", months, follow=True))
    assert "£1,060,000.00" in page
    assert "Worked out again now: the same lines, to the penny" in page
    for party in ("icb", "hospital"):
        page = manager.post("/contracts/stays-on-ward-a/settlements/1/sign/do/",
                            {"party": party, "signatory": "Dr A"}, follow=True)  # fmt: skip
    page = text(manager.post("/contracts/stays-on-ward-a/settlements/1/post/do/", follow=True))
    assert "Posted to the ledger." in page
    page = text(manager.get("/contracts/stays-on-ward-a/settlements/1/facts/contacts.1/"))
    assert "10,800 contacts" in page
    assert "Ward A" in page
    for form, words in (("csv", "fixed sum, line 1"), ("json", "onesystem.settled.1")):
        said = manager.get(f"/contracts/stays-on-ward-a/settlements/1/file/?format={form}")
        assert words in said.content.decode()
    book = manager.get("/contracts/stays-on-ward-a/settlements/1/file/?format=xlsx").content
    assert book.startswith(b"PK")
    page = text(manager.post("/contracts/stays-on-ward-a/settlements/1/correct/do/",
                             {"why": "Late contacts"}, follow=True))  # fmt: skip
    assert "Worked out anew" in page
    page = text(manager.post("/contracts/stays-on-ward-a/settlements/2/withdraw/do/",
                             {"why": "Not needed"}, follow=True))  # fmt: skip
    assert "is withdrawn" in page


def test_the_gate_says_what_is_missing_and_an_override_is_named(manager, told, by):
    from onesystem.budget.contracts import actions
    from onesystem.budget.contracts.agreement import Gate

    slug = actions.begin(agreement=direct(gate=Gate()), by=by)
    for party in ("icb", "hospital"):
        actions.sign(
            slug=slug, party=party, signatory="A", seen=queries.contract(slug).steps, by=by
        )
    answer = manager.post(f"/contracts/{slug}/publish/", {"seen": 3})
    assert answer.status_code == 422
    assert "The VAT of it is not settled" in text(answer)
    fields = {"seen": 3, "override": "The board decided."}
    page = text(manager.post(f"/contracts/{slug}/publish/", fields, follow=True))
    assert "It went live past its gate" in page
    assert "contract-manager decided so: The board decided." in page


def test_a_signed_text_is_not_edited(manager, by, told):
    from onesystem.budget.contracts import actions

    slug = actions.begin(agreement=direct(), by=by)
    actions.sign(slug=slug, party="icb", signatory="A", seen=1, by=by)
    page = text(manager.get(f"/contracts/{slug}/edit/", follow=True))
    assert "Withdraw it to change it" in page
    page = text(manager.post(f"/contracts/{slug}/withdraw/", {"seen": 2, "why": "Wrong price"},
                             follow=True))  # fmt: skip
    assert "The version is withdrawn." in page


def test_the_second_of_two_sees_what_the_first_did(manager, by, told):
    from onesystem.budget.contracts import actions

    slug = actions.begin(agreement=direct(), by=by)
    mine = typed(direct(words="Mine"), 1)
    actions.keep(slug=slug, agreement=direct(words="Theirs"), seen=1, by=by)
    page = text(manager.post(f"/contracts/{slug}/edit/", mine))
    assert "Connor changed it" in page
    assert "<ins>Mine</ins>" in page
    manager.post(f"/contracts/{slug}/edit/", mine | {"seen": "2"})
    assert queries.contract(slug).open.agreement.words == "Mine"


def test_contracts_leave_and_come_as_files(manager, live):
    slug = live(alliance())
    for form in ("toml", "json"):
        said = manager.get(f"/contracts/{slug}/file/{form}/").content.decode()
        assert codec.read(said) == alliance()
        sent = {"file": SimpleUploadedFile(f"x.{form}", said.encode())}
        manager.post("/contracts/import/", sent)
    assert {c.slug for c in queries.contracts()} == {slug, f"{slug}-2", f"{slug}-3"}
    terms = json.loads(manager.get(f"/contracts/{slug}/file/terms/").content)
    assert terms["payer"] == "icb"
    answer = manager.post("/contracts/import/", {"text": "nam = 'x'"})
    assert answer.status_code == 422
    assert "Did you mean" in text(answer)
    assert manager.get(f"/contracts/{slug}/file/pdf/").status_code == 404


def test_who_only_sees_figures_writes_nothing_and_small_counts_are_put_together(
    live, sign_in, told, by
):
    for n, cost in enumerate(told.costs):
        if cost.service == "ward-a" and cost.month < MONTHS[3]:
            told.costs[n] = type(cost)(service="ward-a", month=cost.month, contacts=2,
                                       minor=cost.minor, basis="own")  # fmt: skip
    slug = live(direct())
    settling.settle(slug=slug, since=SINCE, until=direct().until, by=by)
    viewer = sign_in("finance")
    page = text(viewer.get(f"/contracts/{slug}/"))
    assert "Begin the next version" not in page
    assert viewer.get(f"/contracts/{slug}/edit/").status_code == 403
    assert viewer.post(f"/contracts/{slug}/settlements/1/post/do/").status_code == 403
    page = text(viewer.get(f"/contracts/{slug}/settlements/1/facts/contacts.1/"))
    assert "Services and months with fewer than 5" in page
    assert (
        viewer.get(f"/contracts/{slug}/settlements/1/facts/contacts.1/contacts/").status_code == 403
    )
    assert sign_in("paramedic").get("/contracts/").status_code == 403
    assert viewer.get(f"/contracts/{slug}/settlements/1/facts/nothing/").status_code == 404
    assert viewer.get("/contracts/nothing/").status_code == 404


def test_a_contract_is_stressed_apart_and_read_beside_today(manager, live, district):
    """On a model that knows the services by name."""
    from onesystem.twin import standing

    nodes = {
        "Emergency department": {"servers": 9, "service": {"exponential": 2}, "setting": "ED",
                                 "next": {"District nursing": 0.3, "out": 0.7}},
        "District nursing": {"servers": 9, "service": {"exponential": 3}, "setting": "community"},
        "Mill Road Surgery": {"servers": 9, "service": {"exponential": 0.3},
                              "setting": "general practice"},
    }  # fmt: skip
    model = {
        "name": "Small", "unit": "hour", "horizon": 3000, "replications": 4, "nodes": nodes,
        "starts": "2026-11-01T00:00:00+00:00",
        "arrivals": {"calls": {"node": "Emergency department", "rate": 1},
                     "visits": {"node": "Mill Road Surgery", "rate": 3}},
    }  # fmt: skip
    (district.path / standing.FILE).write_text(json.dumps(model), encoding="utf-8")
    slug = live(alliance())
    at = f"/contracts/{slug}/stress/?what=winter"
    assert "Waiting for its turn" in text(manager.get(at))
    answers.work()
    page = text(manager.get(at))
    assert "each party beside today" in page, re.findall("could not be run.{400}", page)
    assert "Testshire Hospital" in page
    said = manager.get(f"{at}&format=csv").content.decode()
    assert "Difference" in said
    shares = "&".join(f"share.{k}={v}" for k, v in
                      (("hospital", "20%"), ("community", "30%"), ("practice", "50%")))  # fmt: skip
    at = f"/contracts/{slug}/stress/?what=shares&{shares}"
    manager.get(at)
    answers.work()
    assert "each party beside today" in text(manager.get(at))
    page = manager.get(f"/contracts/{slug}/stress/?what=shares&share.hospital=90%25")
    assert page.status_code == 422
    assert "shares sum to" in text(page)
    at = f"/contracts/{slug}/stress/?what=close&service=Emergency department&instead=out"
    page = manager.get(at)
    digest = re.search(r"/stress/(\w+)/stop/", page.content.decode())[1]
    assert "The run was stopped" in text(
        manager.post(f"/contracts/{slug}/stress/{digest}/stop/", follow=True)
    )
    assert "The run was stopped" in text(manager.get(at))
