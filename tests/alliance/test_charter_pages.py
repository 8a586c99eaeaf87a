"""Pages of the alliance: set up, seated, written, signed; refusals keep what was typed."""

import pytest
from alliance_made import CHAIR, CODE, NURSE, PAPER, charter, seated, signed

from onesystem.alliance.charter import groups, interests, ladder, queries, signing
from onesystem.alliance.charter.editing import raw_of
from onesystem.alliance.charter.groups import Chair
from onesystem.alliance.charter.text import written

pytestmark = pytest.mark.django_db
PAGES = (
    "", "history/", "competences/", "parties/", "parties/join/", "members/", "members/new/",
    "charter/", "charter/edit/", "charter/lists/", "interests/", "interests/declare/", "groups/",
    "groups/new/", "disagreements/", "disagreements/new/", "procurements/", "procurements/new/",
)  # fmt: skip


@pytest.fixture
def chair(sign_in):
    return sign_in("alliance-chair", "chair")


def said(page):
    return page.content.decode()


def post(client, address, **fields):
    return client.post(f"/alliance/{address}", fields, follow=True)


def test_nothing_is_there_yet(chair, sign_in):
    assert "Begin it" in said(chair.get("/alliance/"))
    assert "Its chair, or an alliance manager" in said(sign_in("analyst").get("/alliance/"))
    assert chair.get("/alliance/members/").status_code == 404


def test_a_chair_sets_an_alliance_up_page_by_page(chair, sign_in):
    page = post(chair, "new/", name="Testshire Alliance", about="Together")
    assert "Which bodies joined" in said(page)
    page = post(chair, "parties/join/", organisation="hospital", funder="yes")
    assert "Testshire Hospital" in said(page)
    sign_in("alliance-member", "kit")
    post(chair, "members/new/", name="Ina", perspective="Chairing", seat="chair", username="chair",
         independence="I work for none of them")  # fmt: skip
    post(chair, "members/new/", name="Kit", perspective="Using services", seat="community",
         **{"level.community": "3"})  # fmt: skip
    page = post(chair, "members/new/", name="Hal", perspective="Hospital", seat="member",
                commands="hospital", most="1,000.00")  # fmt: skip
    assert "up to £1,000" in said(page)
    raw = raw_of(charter())
    page = post(chair, "charter/edit/", **raw, why="The first")
    assert "Lay it out for signing" in said(page)
    page = post(chair, "charter/act/", do="lay-out", seen=str(queries.alliance().steps))
    assert "every member is asked to sign" in said(page)
    digest = queries.versions("testshire")[0].digest
    page = post(chair, "charter/act/", do="sign", digest=digest)
    assert "Not yet" in said(page)
    for member in queries.standing().seated[1:]:
        page = post(chair, "charter/act/", do="sign", digest=digest, member=str(member.key))
    assert "in force" in said(page)
    assert len(queries.standing().members) == 3
    assert "Competences missing" in said(chair.get("/alliance/"))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(chair, page):
    signed()
    assert chair.get(f"/alliance/{page}").status_code == 200


@pytest.mark.parametrize("page", ["members/", "parties/", "competences/", "interests/", "groups/",
                                  "disagreements/", "procurements/", "history/"])  # fmt: skip
def test_what_is_shown_is_taken_away_as_csv(chair, page):
    signed()
    taken = chair.get(f"/alliance/{page}?format=csv")
    assert taken["Content-Type"].startswith("text/csv")


def test_a_refusal_keeps_what_was_typed(chair):
    seated()
    typed = {"name": "Bo <b>", "perspective": "Rural nursing", "seat": "chair", "independence": "I"}
    page = chair.post("/alliance/members/new/", typed)
    assert page.status_code == 422
    assert "Somebody sits as chair already" in said(page)
    assert 'value="Bo &lt;b&gt;"' in said(page)
    assert 'value="Rural nursing"' in said(page)


def test_who_comes_second_is_told_and_keeps_what_was_typed(chair):
    seated()
    page = chair.post("/alliance/members/new/", {"name": "Bo", "perspective": "Rural nursing",
                                                 "seat": "member", "seen": "1"})  # fmt: skip
    assert page.status_code == 422
    assert "Somebody changed the alliance while you wrote" in said(page)


def test_a_charter_that_cannot_be_read_says_why(chair):
    seated()
    raw = raw_of(charter()) | {"ladder": "Chair; soon", "least": "none"}
    page = chair.post("/alliance/charter/edit/", raw)
    assert page.status_code == 422
    assert "ung 1 is not written as Name; who settles it; days" in said(page)
    assert "Chair; soon" in said(page)


def test_a_member_signs_declares_and_leaves_by_themselves(sign_in):
    members = seated()
    signing.write(alliance=CODE, charter=charter(), by=CHAIR)
    signing.lay_out(alliance=CODE, by=CHAIR)
    client = sign_in("alliance-member", "nurse")
    assert "Sign version 1" in said(client.get("/alliance/charter/"))
    digest = signing.digest_of(written(charter()))
    assert "Signed." in said(post(client, "charter/act/", do="sign", digest=digest))
    page = post(client, "interests/declare/", category="financial", words="Works there",
                touches=["Testshire Hospital (organisation hospital)", "", ""],
                since="2020-01-01")  # fmt: skip
    assert "It is in the register" in said(page)
    assert "Testshire Hospital" in said(page)
    page = post(client, f"members/{members[PAPER]}/act/", do="leave", why="x")
    assert page.status_code == 403
    page = post(client, f"members/{members['Nat Nurse']}/act/", do="leave", why="I move away")
    assert queries.standing().of_user("nurse") is None
    assert "left" in said(page)


def test_what_nobody_is_called_is_told_with_the_nearest(sign_in):
    signed()
    client = sign_in("alliance-member", "nurse")
    typed = {"category": "financial", "words": "Works there", "touches": ["Testshire Hospitl"]}
    page = client.post("/alliance/interests/declare/", typed)
    assert page.status_code == 422
    assert "Did you mean &#39;Testshire Hospital&#39;?" in said(page)
    assert 'value="Testshire Hospitl"' in said(page)


def test_somebody_without_a_seat_reads_and_changes_nothing(sign_in):
    members = signed()
    client = sign_in("analyst")
    assert "You have no seat here" in said(client.get("/alliance/"))
    assert client.get("/alliance/members/new/").status_code == 403
    assert client.get("/alliance/interests/declare/").status_code == 403
    assert post(client, "parties/act/", do="leave", party="hospital", why="x").status_code == 403
    assert "Suspend" not in said(client.get(f"/alliance/members/{members[PAPER]}/"))


def test_who_may_not_see_the_alliance_does_not(sign_in):
    signed()
    assert sign_in("viewer").get("/alliance/").status_code == 403


def test_what_members_write_is_shown_as_text(chair, sign_in):
    signed()
    nurse = sign_in("alliance-member", "nurse")
    post(nurse, "disagreements/new/", title="<script>alert(1)</script>", words="<b>bold</b>",
         kind="disagreement", one="hospital", other="community", proposal="")  # fmt: skip
    page = said(chair.get("/alliance/disagreements/1/"))
    assert "<script>alert" not in page
    assert "&lt;b&gt;bold" in page


def test_a_disagreement_is_settled_on_its_page(chair):
    signed()
    number = ladder.raise_(alliance=CODE, title="Who pays", text="Each", by=NURSE)
    page = post(chair, f"disagreements/{number}/act/", do="climb", words="No way yet", seen="1")
    assert "Went up a rung" in said(page)
    page = post(chair, f"disagreements/{number}/act/", do="resolve", words="Half", seen="1")
    assert "somebody did something to it meanwhile" in said(page)
    page = post(chair, f"disagreements/{number}/act/", do="resolve", words="Half", seen="2")
    assert "Half" in said(page)
    assert "Who pays" in said(chair.get("/alliance/disagreements/?state=resolved"))
    assert "None fits" in said(chair.get("/alliance/disagreements/?state=open"))


def test_a_group_is_formed_seated_and_ended(chair):
    members = signed()
    page = post(chair, "groups/new/", name="Urgent care", scope="All of it", mandate="Pathways",
                most="500", services=["Emergency department (service ed)"])  # fmt: skip
    assert "Nobody sits in it yet" in said(page)
    page = post(chair, "groups/urgent-care/seat/", member=str(members["Nat Nurse"]), leads="yes")
    assert "leads" in said(page)
    page = post(chair, "groups/urgent-care/edit/", name="Urgent care", scope="s", mandate="m",
                most="0", services=["Mill Road Surgery (organisation practice)"])  # fmt: skip
    assert page.status_code == 422
    assert "is no service" in said(page)
    page = post(chair, "groups/urgent-care/act/", do="end", why="Done")
    assert "ended" in said(page)


def test_a_procurement_is_recorded_and_its_award_waits(chair):
    signed()
    page = post(chair, "procurements/new/", title="Nursing", route="psr-2023:most-suitable",
                reason="Known", buyer="hospital", value="1,800", decision="", words="")  # fmt: skip
    assert "The record has not a notice" in said(page)
    step = {"kind": "award", "on": "2026-01-05", "organisation": "community", "member": "0",
            "seen": "0"}  # fmt: skip
    page = chair.post("/alliance/procurements/1/add/", step)
    assert page.status_code == 422
    assert "It cannot be awarded yet" in said(page)
    page = post(chair, "procurements/1/add/", **step | {"kind": "notice"})
    assert "Notice published" in said(page)


def test_versions_stand_beside_each_other_and_leave_as_signed(chair):
    signed()
    page = chair.get("/alliance/charter/?format=json")
    assert signing.digest_of(page.content.decode()) == queries.versions(CODE)[0].digest
    assert chair.get("/alliance/charter/?version=9").status_code == 404


def test_a_lead_takes_the_place_of_the_one_before(chair):
    members = signed()
    groups.form(alliance=CODE, code="g", name="G", scope="s", mandate="m", by=CHAIR)
    groups.seat(alliance=CODE, group="g", chair=Chair(member=members[PAPER]), by=CHAIR)
    assert "Nobody leads it" in said(chair.get("/alliance/groups/g/"))


def test_an_interest_is_ended_on_its_members_page(sign_in):
    members = signed()
    made = interests.declare(alliance=CODE, category="financial", text="Works there", by=NURSE,
                             touches=[("service", "ed")])  # fmt: skip
    client = sign_in("alliance-member", "nurse")
    page = post(client, "interests/end/", interest=str(made), member=str(members["Nat Nurse"]))
    assert "It has ended" in said(page)
    assert "None is declared" in said(page)


def test_a_member_confirms_that_it_is_complete(sign_in):
    signed()
    client = sign_in("alliance-member", "nurse")
    assert "never yet" in said(client.get("/alliance/interests/"))
    page = post(client, "interests/confirm/")
    assert "it holds until it is due anew" in said(page)
    due = said(page)[said(page).index("To be declared anew") :]
    assert "Nat Nurse" not in due
