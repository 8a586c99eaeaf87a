"""Pages of meetings: all is taken on the screen, and nobody sees a button that is not theirs."""

import json
from datetime import timedelta

import pytest
from seating import CLERK, CODE, decided, opened, proposed, ready, say, seated

from onesystem.alliance.meeting import (
    bringing,
    decided_rows,
    editing,
    holding,
    queries,
    rows,
    store,
)
from onesystem.district import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def members(district):
    """The seven who sit."""
    return seated()


@pytest.fixture
def clerk(sign_in):
    """Who keeps the papers, signed in."""
    return sign_in("contract-manager", "contracts")


def text(response):
    """What a page says."""
    return response.content.decode()


def test_a_meeting_is_held_on_the_screen(members, clerk):
    """From the call to minutes that are confirmed, as whoever takes them does it."""
    proposal = ready(members)
    answer = clerk.post("/alliance/meetings/new/", {
        "title": "Alliance, November", "starts": f"{now():%Y-%m-%dT%H:%M}", "place": "Room 1",
    })  # fmt: skip
    home = answer.headers["Location"]
    assert "Nothing is on the agenda" in text(clerk.get(home))
    clerk.post(f"{home}list/do/", {"proposal": proposal})
    clerk.post(f"{home}add/do/", {"title": "Winter", "kind": "discussion"})
    clerk.post(f"{home}open/do/")
    clerk.post(f"{home}come/do/", {"all": "1"})
    first, second = rows.Item.objects.order_by("place")
    item = f"/alliance/items/{first.id}/"
    clerk.post(f"{item}open/do/")
    shown = text(clerk.get(home))
    assert "Being decided" in shown
    assert "has not spoken" in shown
    clerk.post(f"{item}speak/do/", {"member": list(members.values()), "said": "agree"})
    assert "Consensus: 7 agree" in text(clerk.get(home, headers={"HX-Request": "true"}))
    clerk.post(f"{home}write/do/", {"item": first.id, "text": "All were glad.", "was": ""})
    due = now().date() + timedelta(days=9)
    taken = {"what": "Ask the practices", "owner": members["member"], "due": str(due)}
    clerk.post(f"{home}take/do/", taken | {"item": first.id})
    answer = clerk.post(f"{item}close/do/", {"expects": "agreed"}, follow=True)
    assert "Agreed, and in the register." in text(answer)
    clerk.post(f"/alliance/items/{second.id}/open/do/")
    clerk.post(f"/alliance/items/{second.id}/close/do/")
    clerk.post(f"{home}close/do/")
    row = queries.meeting(first.meeting_id)
    clerk.post(f"{home}confirm/do/", {"seen": row.steps})
    paper = text(clerk.get(f"{home}minutes/"))
    for words in ("decision 1", "7 agree", "All were glad.", "Ask the practices", "Confirmed"):
        assert words in paper
    assert [i.outcome for i in queries.items(row)] == ["agreed", "noted"]


def test_a_member_sees_and_says_their_own_voice(members, sign_in):
    meeting, item = opened(members, ready(members))
    nurse = sign_in("alliance-member", "member")
    shown = text(nurse.get(f"/alliance/meetings/{meeting}/"))
    assert "I object" in shown
    assert "What members say" not in shown
    speak = f"/alliance/items/{item}/speak/do/"
    answer = nurse.post(speak, {"member": members["member"], "said": "object"}, follow=True)
    assert "objects without a reason" in text(answer)
    said = {"member": members["member"], "said": "object", "reason": "<b>No nurse</b>"}
    nurse.post(speak, said)
    assert "&lt;b&gt;No nurse" in text(nurse.get(f"/alliance/meetings/{meeting}/"))
    other = nurse.post(speak, {"member": members["gp"], "said": "agree"})
    assert other.status_code == 403
    assert rows.Voice.objects.count() == 1


def test_a_rule_that_stops_is_said_on_the_page(members, clerk):
    meeting, item = opened(members, ready(members))
    say(item, members)
    holding.leave(meeting=meeting, member=members["community"], by=CLERK)
    shown = text(clerk.get(f"/alliance/meetings/{meeting}/"))
    assert "No quorum: no member of the community is there" in shown
    assert "Close it: agreed" not in shown
    answer = clerk.post(f"/alliance/items/{item}/close/do/", {"expects": "agreed"}, follow=True)
    assert "no member of the community is there" in text(answer)
    assert not decided_rows.Decision.objects.exists()


def test_interests_are_handled_in_one_go(members, clerk):
    from seating import declared

    for name in ("gp", "member"):
        declared(members[name], ("service", "nursing"))
    _, item = opened(members, ready(members))
    both = {f"{what}.{members[n]}": said for n, how in (("gp", "speak"), ("member", "stay"))
            for what, said in (("handling", how), ("reason", "Known to all"))}  # fmt: skip
    clerk.post(f"/alliance/items/{item}/handle/do/",
               both | {"member": [members["gp"], members["member"]]})  # fmt: skip
    found = rows.Handling.objects.values_list("member_id", "handling")
    assert dict(found) == {members["gp"]: "speak", members["member"]: "stay"}


class TestProposals:
    """The form keeps what was typed, says what is wrong, and forgets nothing."""

    def test_it_is_written_read_and_made_ready(self, members, sign_in):
        nurse = sign_in("alliance-member", "member")
        raw = editing.raw_of(proposed(members)) | {"seen": "0"}
        answer = nurse.post("/alliance/proposals/new/", raw)
        home = answer.headers["Location"]
        shown = text(nurse.get(home))
        for words in ("Acute demand at home", "Gain", "Lose", "£180,000", "Nurses cannot be found"):
            assert words in shown
        nurse.post(f"{home}ready/do/", {"seen": 1})
        assert "It is ready. Whoever keeps the agenda lists it." in text(nurse.get(home))

    def test_what_is_wrong_stands_at_its_field_with_all_that_was_typed(self, members, clerk):
        raw = editing.raw_of(proposed(members)) | {"seen": "0", "asks.0.amount": "a lot"}
        answer = clerk.post("/alliance/proposals/new/", raw)
        shown = text(answer)
        assert answer.status_code == 422
        assert "is no amount of money" in shown
        assert 'value="a lot"' in shown
        assert not rows.Proposal.objects.exists()

    def test_rows_come_and_go_without_loss(self, members, clerk):
        raw = editing.raw_of(proposed(members)) | {"seen": "0", "do": "drop:asks.0"}
        shown = text(clerk.post("/alliance/proposals/new/", raw))
        assert 'value="60,000"' in shown
        assert 'value="120,000"' not in shown

    def test_who_comes_second_keeps_what_they_wrote(self, members, clerk):
        number = bringing.begin(proposed=proposed(members), by=CLERK, alliance=CODE)
        there = proposed(members, title="Another")
        bringing.keep(proposal=number, proposed=there, seen=1, by=CLERK)
        raw = editing.raw_of(proposed(members, title="Mine")) | {"seen": "1"}
        answer = clerk.post(f"/alliance/proposals/{number}/edit/", raw)
        assert answer.status_code == 422
        assert "Somebody else wrote meanwhile" in text(answer)
        assert 'value="Mine"' in text(answer)
        raw |= {"seen": "2"}
        clerk.post(f"/alliance/proposals/{number}/edit/", raw)
        assert queries.proposal(number).last.proposed.title == "Mine"

    def test_what_it_lacks_stands_on_its_page(self, members, clerk):
        number = bringing.begin(proposed=proposed(members, plain=""), by=CLERK, alliance=CODE)
        assert "It is not said in plain words" in text(clerk.get(f"/alliance/proposals/{number}/"))

    def test_money_is_brought_for_a_decision_that_waits(self, members, clerk):
        number = decided(members, funding="later", asks=())
        assert f"?funds={number}" in text(clerk.get("/alliance/decisions/"))
        shown = text(clerk.get(f"/alliance/proposals/new/?funds={number}"))
        assert "Money for: Acute demand at home" in shown


class TestDecisions:
    """What was agreed, the register, and what the public sees of it."""

    def test_agreed_not_resourced_is_open_for_all_to_see(self, members, clerk):
        decided(members)
        assert "Agreed, not resourced" in text(clerk.get("/alliance/decisions/"))
        shown = text(clerk.get("/alliance/decisions/1/"))
        assert "It waits until every funder has confirmed" in shown
        assert "Entry 1" in shown

    def test_the_public_sees_reasons_and_no_names(self, members, client):
        decided(members)
        shown = text(client.get("/alliance/register/public/"))
        assert "7 agreed" in shown
        assert "cared for at home" in shown
        for name in ("Ishbel", "Nuala", "Gita"):
            assert name not in shown
        for form in ("csv", "xlsx", "jsonl"):
            assert client.get(f"/alliance/register/public/?format={form}").status_code == 200
        assert client.get("/alliance/register/public/?format=exe").status_code == 404

    def test_without_an_alliance_the_public_page_says_so(self, district, client):
        assert "There is no alliance here yet" in text(client.get("/alliance/register/public/"))

    def test_the_register_is_checked_on_its_page(self, members, clerk):
        decided(members)
        assert "It is as it was written" in text(clerk.get("/alliance/register/?verify=1"))
        shown = text(clerk.get("/alliance/register/?q=nothing+like+it"))
        assert "No entry fits" in shown

    def test_a_correction_is_an_entry(self, members, clerk):
        decided(members)
        clerk.post("/alliance/register/correct/", {"entry": 1, "why": "It is the north ward"})
        assert "It is the north ward" in text(clerk.get("/alliance/register/"))
        assert [e.entry.kind for e in store.entries()] == ["decided", "corrected"]

    def test_who_may_not_see_the_alliance_sees_no_page_of_it(self, members, sign_in):
        viewer = sign_in("viewer")
        for page in ("meetings", "proposals", "decisions", "register", "actions"):
            assert viewer.get(f"/alliance/{page}/").status_code == 403

    def test_actions_are_ended_and_opened_again(self, members, clerk, sign_in):
        from onesystem.alliance.meeting import doing

        meeting, item = opened(members, ready(members))
        made = doing.take(meeting=meeting, item=item, what="Ask them", owner=members["member"],
                          due=now().date(), by=CLERK)  # fmt: skip
        nurse = sign_in("alliance-member", "member")
        assert "Ask them" in text(nurse.get("/alliance/actions/?mine=1"))
        nurse.post(f"/alliance/actions/{made}/done/do/", {"words": "They said yes"})
        assert "They said yes" in text(nurse.get("/alliance/actions/?state=done"))
        clerk.post(f"/alliance/actions/{made}/reopen/do/")
        assert rows.Action.objects.get(id=made).state == "open"


def test_a_file_of_the_register_is_checked_by_itself(members, tmp_path):
    """Without the district: whoever keeps last year's export can tell whether this one follows."""
    from click.testing import CliRunner

    from onesystem.alliance.meeting import exporting
    from onesystem.cli import root

    decided(members)
    file = tmp_path / "register.jsonl"
    file.write_text(exporting.lines(list(store.entries())), encoding="utf-8")
    good = CliRunner().invoke(root, ["alliance", "verify", str(file), "--json"])
    assert (good.exit_code, json.loads(good.stdout)) == (0, {"faults": [], "entries": 1})
    file.write_text(file.read_text("utf-8").replace("Nurses", "Doctors"), encoding="utf-8")
    bad = CliRunner().invoke(root, ["alliance", "verify", str(file)])
    assert (bad.exit_code, bad.stdout) == (1, "entry 1 is not as it was written\n")
    file.write_text("[1]", encoding="utf-8")
    none = CliRunner().invoke(root, ["alliance", "verify", str(file)])
    assert "is no exported register" in str(none.exception)


def test_a_deputy_takes_back_what_was_pressed_by_mistake(members, clerk):
    meeting, _ = opened(members, ready(members))
    there = rows.Attendance.objects.get(meeting=meeting, member=members["gp"])
    home = f"/alliance/meetings/{meeting}/"
    clerk.post(f"{home}leave/do/", {"member": members["gp"]})
    clerk.post(f"{home}unsay/do/", {"attendance": there.id})
    assert rows.Attendance.objects.get(id=there.id).left is None
    answer = clerk.post(f"{home}leave/do/", {"member": members["gp"], "at": "25:99"}, follow=True)
    assert "is no time" in text(answer)
    clerk.post(f"{home}apologise/do/", {"member": members["gp"]})
    assert rows.Apology.objects.filter(meeting=meeting).count() == 1


def test_what_is_carried_over_says_why(members, clerk):
    _, item = opened(members, ready(members))
    clerk.post(f"/alliance/items/{item}/carry/do/", {"why": ""})
    assert queries.item(item).state == "open"
    clerk.post(f"/alliance/items/{item}/carry/do/", {"why": "No time"})
    assert queries.item(item).state == "carried"
