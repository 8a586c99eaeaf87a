"""What open inboxes are told: cells that change, counts, never a name; many acts in few events."""

import orjson
import pytest
from inbox_data import coordinator, send

from onesystem import contacts
from onesystem.access import Actor
from onesystem.access import actions as users
from onesystem.care import announcing
from onesystem.care.requests import actions, inbox, inbox_live
from onesystem.care.requests.inbox_live import LiveInboxes
from onesystem.contacts.outbox import last_change
from onesystem.web import watching


@pytest.fixture
def live(somebody):
    return LiveInboxes(last=last_change())


def told(live):
    """The events by channel: what each inbox hears."""
    return {
        event.channel: (event.name, orjson.loads(event.full))
        for event in live.poll()
        if event.name in {"inbox", "refresh"}
    }


def test_an_act_is_told_with_what_changed_and_no_name(somebody, live):
    request = send(somebody)
    name, said = told(live)["inbox:nursing"]
    assert name == "inbox"
    row = said["rows"][str(request)]
    assert row["came"]
    assert row["tabs"] == ["new", "open"]
    assert row["value"] == f"{request}.1"
    assert said["counts"]["new"] == 1
    assert "Ngāpuhi" not in orjson.dumps(said).decode()
    assert told(live) == {}


def test_what_goes_to_another_service_leaves_the_one_and_comes_to_the_other(somebody, live):
    request = send(somebody)
    told(live)
    live.told.clear()
    actions.redirect(request=request, by=coordinator(), seen=1, to="gp", reason="nearer")
    heard = told(live)
    assert heard["inbox:nursing"][1]["gone"] == [str(request)]
    assert heard["inbox:gp"][1]["rows"][str(request)]["came"]


def test_many_in_a_row_are_told_together(somebody, live, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(inbox_live, "monotonic", lambda: clock[0])
    first = send(somebody)
    assert list(told(live)["inbox:nursing"][1]["rows"]) == [str(first)]
    later = []
    for _ in range(3):
        later.append(str(send(somebody)))
        clock[0] += 0.05
        assert told(live) == {}
    clock[0] += inbox_live.GAP
    assert set(told(live)["inbox:nursing"][1]["rows"]) == set(later)


def test_where_too_much_moved_pages_ask_anew(somebody, live, monkeypatch):
    monkeypatch.setattr(announcing, "MANY", 0)
    send(somebody)
    assert told(live)["inbox:nursing"][0] == "refresh"


def test_the_outbox_never_has_what_was_written(somebody, live):
    before = last_change()
    request = send(somebody, words="She cannot swallow")
    actions.ask_back(request=request, by=coordinator(), seen=1, reason="Since when?")
    for change in contacts.changes_since(before):
        assert "swallow" not in str(change.payload)
        assert "Since" not in str(change.payload)


@pytest.mark.parametrize(
    ("role", "organisation", "service", "hears"),
    [
        ("coordinator", "community", "nursing", True),
        ("coordinator", "hospital", "nursing", None),
        ("planner", "community", "nursing", None),
        ("coordinator", "community", "nowhere", None),
    ],
)
def test_who_may_listen(joined, client, role, organisation, service, hears):
    password = "three blind mice run"
    users.add_user(username="kiri", password=password, roles=[role], organisation=organisation,
                   by=Actor.job("tests"))  # fmt: skip
    client.post("/account/login/", {"login": "kiri", "password": password})
    cookies = "; ".join(f"{key}={value.value}" for key, value in client.cookies.items())
    assert watching.who(cookies, service) is hears
    actor = Actor(name="kiri", roles=frozenset({role}), organisation=organisation)
    assert inbox.may_work(actor, service) is bool(hears)
