"""The Feeds pages: who sees them, what they show, and what they let people mend."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from page_data import adt

from onesystem.access.models import Audit
from onesystem.feeds import feed_queries as queries
from onesystem.feeds.intake import pipeline_of
from onesystem.feeds.landing import Arrival
from onesystem.feeds.models import Message, PlaceMap, Replaying
from onesystem.flow.stays.message import packed
from onesystem.vocabulary import StayFact

ENGINEER = "integration-engineer"
SEES = {ENGINEER, "records-officer", "analyst", "administrator"}


def text_of(answer):
    return answer.content.decode()


class TestRights:
    @pytest.mark.parametrize("role", [ENGINEER, "analyst", "general-practitioner", "planner"])
    @pytest.mark.parametrize("page", ["/feeds/", "/feeds/pas/", "/feeds/quarantine/"])
    def test_the_state_of_the_feeds_is_for_those_who_keep_or_use_them(self, sign_in, role, page):
        assert sign_in(role).get(page).status_code == (200 if role in SEES else 403)

    @pytest.mark.parametrize(
        ("role", "status"), [(ENGINEER, 200), ("records-officer", 200), ("analyst", 403)]
    )
    def test_a_message_opens_only_for_those_who_may(self, sign_in, send, role, status):
        (outcome,) = send(adt("1"))
        assert sign_in(role).get(f"/feeds/messages/{outcome.message}/").status_code == status

    @pytest.mark.parametrize("page", ["/feeds/replay/?all=1", "/feeds/pas/places/map/"])
    def test_nobody_mends_without_the_right(self, sign_in, page):
        assert sign_in("records-officer").post(page).status_code == 403

    def test_a_stranger_signs_in_first(self, client, joined):
        assert "/account/login/" in client.get("/feeds/").headers["Location"]


class TestIndex:
    def test_an_empty_district_says_how_to_send_the_first_message(self, sign_in):
        page = text_of(sign_in(ENGINEER).get("/feeds/"))
        assert "No message has come yet" in page
        assert "onesystem ingest" in page

    def test_each_source_shows_what_came_of_its_messages(self, sign_in, send):
        send(adt("1"), b"not a message at all \x00")
        page = text_of(sign_in(ENGINEER).get("/feeds/"))
        assert "Hospital patient administration" in page
        assert "1 message in quarantine" in page
        assert "2 last hour" in page

    def test_a_source_that_is_not_declared_is_said_to_be(self, sign_in, send):
        send(adt("1"), source="stranger")
        assert "Not declared" in text_of(sign_in(ENGINEER).get("/feeds/"))

    def test_what_the_product_itself_lands_needs_no_declaring(self, sign_in, send):
        send(b"what a board said", source="board")
        client = sign_in(ENGINEER)
        assert "Not declared" not in text_of(client.get("/feeds/"))
        page = text_of(client.get("/feeds/board/"))
        assert "What came from Boards?" in page
        assert "Places and services" not in page
        assert "is not declared" not in page

    def test_the_live_part_has_no_frame(self, sign_in):
        part = text_of(sign_in(ENGINEER).get("/feeds/", headers={"HX-Request": "true"}))
        assert "<html" not in part


class TestMessages:
    def test_messages_are_found_by_state_name_and_day(self, sign_in, send):
        send(adt("1"), name="monday.hl7")
        send(b"\x00\x01", name="broken.bin")
        client = sign_in(ENGINEER)
        everything = text_of(client.get("/feeds/pas/"))
        assert "monday.hl7" in everything
        assert "broken.bin" in everything
        assert "monday.hl7" not in text_of(client.get("/feeds/pas/?state=quarantined"))
        assert "broken.bin" not in text_of(client.get("/feeds/pas/?text=monday"))
        assert "No message fits" in text_of(client.get("/feeds/pas/?until=2020-01-01"))
        assert "is not a date" in text_of(client.get("/feeds/pas/?since=soon"))

    def test_an_unknown_source_is_not_here(self, sign_in):
        assert sign_in(ENGINEER).get("/feeds/nowhere/").status_code == 404

    def test_a_message_is_shown_line_by_line_with_what_it_makes(self, sign_in, send):
        (outcome,) = send(adt("1"))
        page = text_of(sign_in(ENGINEER).get(f"/feeds/messages/{outcome.message}/"))
        assert "How it is read, line by line" in page
        assert "What it makes" in page
        assert "Māia Ngāpuhi" in page
        assert "Emergency department" in page

    def test_what_was_said_on_a_board_opens_as_what_came_from_a_source(self, sign_in, send, joined):
        send(adt("1"))
        fact = StayFact(
            visit="V1",
            stretch="V1",
            subject="P1",
            fact="next",
            value="scan",
            act="a1",
            by="ward",
            recorded=datetime(2026, 11, 20, 11, tzinfo=UTC),
        )
        said = packed(owner="pas", whose="pas", facts=[fact])
        pipeline = pipeline_of(joined)
        (landed,) = pipeline.landing.land(
            [Arrival(source="board", data=said, name="board", format="board")]
        )
        pipeline.write_one(landed)
        number = Message.objects.get(source="board").id
        page = text_of(sign_in("records-officer").get(f"/feeds/messages/{number}/"))
        assert "It was read: 1 fact" in page
        assert "by ward, 20 Nov 2026, 11:00 UTC" in page
        assert ">P1</a>" in page

    def test_opening_a_message_is_in_the_trail(self, sign_in, send):
        (outcome,) = send(adt("1"))
        sign_in(ENGINEER).get(f"/feeds/messages/{outcome.message}/")
        looked = Audit.objects.get(act="message.opened")
        assert (looked.actor, looked.what) == (ENGINEER, f"message {outcome.message}")

    def test_hostile_bytes_are_shown_and_never_run(self, sign_in, send):
        (outcome,) = send(b"MSH|^~\\&|<script>alert(1)</script>|\x1b[2J\r", name="<img onerror=x>")
        page = text_of(sign_in(ENGINEER).get(f"/feeds/messages/{outcome.message}/"))
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page

    def test_the_bytes_are_downloaded_as_they_came(self, sign_in, send):
        (outcome,) = send(adt("1"))
        answer = sign_in(ENGINEER).get(f"/feeds/messages/{outcome.message}/bytes")
        assert answer.content == adt("1")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert "attachment" in answer.headers["Content-Disposition"]

    def test_a_long_message_is_paged(self, sign_in, send):
        (outcome,) = send(adt("1") + b"NTE|1||" + b"word " * 9000 + b"\r")
        client = sign_in(ENGINEER)
        assert "Later bytes" in text_of(client.get(f"/feeds/messages/{outcome.message}/"))
        later = text_of(client.get(f"/feeds/messages/{outcome.message}/?start=16384"))
        assert "Earlier bytes" in later


class TestQuarantineAndReplay:
    def test_the_quarantine_is_grouped_by_reason_with_the_cure(self, sign_in, send):
        send(b"\x00one", b"\x00two")
        page = text_of(sign_in(ENGINEER).get("/feeds/quarantine/"))
        assert "feeds.binary" in page
        assert "Send HL7 v2, FHIR" in page

    def test_a_replay_is_confirmed_then_worked_off_without_script(self, sign_in, send):
        send(b"\x00one", b"\x00two", b"\x00three")
        client = sign_in(ENGINEER)
        asked = text_of(client.get("/feeds/replay/?source=pas&rule=feeds.binary"))
        assert "Read 3 messages again?" in asked
        form = {"source": "pas", "rule": "feeds.binary", "confirmed": "1"}
        begun = client.post("/feeds/replay/", form)
        address = begun.headers["Location"]
        client.post(address)
        assert "Done: 0 read, 3 still in quarantine" in text_of(client.get(address))
        assert Replaying.objects.get().state == "done"

    def test_chosen_messages_are_confirmed_first(self, sign_in, send):
        first, _second = send(b"\x00one", b"\x00two")
        client = sign_in(ENGINEER)
        listed = text_of(client.get("/feeds/quarantine/?source=pas&rule=feeds.binary"))
        assert f'name="message" value="{first.message}"' in listed
        page = text_of(client.post("/feeds/replay/", {"message": [first.message]}))
        assert "Read 1 message again?" in page
        assert not Replaying.objects.exists()

    def test_nothing_chosen_begins_nothing(self, sign_in):
        client = sign_in(ENGINEER)
        client.post("/feeds/replay/", {"confirmed": "1"})
        assert not Replaying.objects.exists()

    def test_a_message_too_large_for_a_page_names_the_command(self, sign_in, send):
        (outcome,) = send(b"\x00one")
        Message.objects.update(size=1 << 30)
        client = sign_in(ENGINEER)
        client.post("/feeds/replay/", {"message": [outcome.message], "confirmed": "1"})
        assert not Replaying.objects.exists()
        page = text_of(client.get("/feeds/quarantine/"))
        assert f"onesystem replay --message {outcome.message}" in page

    def test_a_replay_can_be_stopped(self, sign_in, send):
        send(b"\x00one")
        client = sign_in(ENGINEER)
        address = client.post("/feeds/replay/", {"all": "1", "confirmed": "1"}).headers["Location"]
        client.post(address + "cancel/")
        assert "Stopped after 0 of 1" in text_of(client.get(address))
        client.post(address)
        assert Replaying.objects.get().state == "cancelled"

    def test_progress_is_swapped_in_as_a_part(self, sign_in, send):
        send(b"\x00one")
        client = sign_in(ENGINEER)
        address = client.post("/feeds/replay/", {"all": "1", "confirmed": "1"}).headers["Location"]
        part = text_of(client.post(address, headers={"HX-Request": "true"}))
        assert "<html" not in part
        assert "hx-post" not in part  # it is over, so it asks no more


class TestPlaces:
    def test_a_place_is_mended_and_the_messages_read_again(self, sign_in, send):
        from onesystem import contacts, people

        send(adt("1", place="WARD9"))
        client = sign_in(ENGINEER)
        assert "WARD9" in text_of(client.get("/feeds/pas/places/"))
        form = {"place": ["WARD9"], "was": [""], "service": ["ward-a"], "reason": "new name"}
        saved = text_of(client.post("/feeds/pas/places/map/", form))
        assert "1 message that came before still names the old word" in saved
        replay = {"source": "pas", "place": ["WARD9"], "confirmed": "1"}
        address = client.post("/feeds/replay/", replay).headers["Location"]
        client.post(address)
        ids = people.identify(
            [("pas", s) for s in subjects()], known_at=Message.objects.get().received
        )
        (contact,) = contacts.of_identities(list(ids.values()))
        assert contact.service == "ward-a"
        assert "Every place that came is mapped" in text_of(client.get("/feeds/pas/places/"))

    def test_messages_from_then_on_are_read_with_it(self, sign_in, send, district):
        from onesystem.feeds.places import source_with_places

        client = sign_in(ENGINEER)
        form = {"place": ["WARD9"], "was": [""], "service": ["ward-a"]}
        client.post("/feeds/pas/places/map/", form)
        assert source_with_places(district, "pas").services["WARD9"] == "ward-a"
        assert source_with_places(district, "pas").services["ED"] == "ed"

    def test_a_change_is_undone(self, sign_in, joined):
        from onesystem.feeds.places import mended_places

        client = sign_in(ENGINEER)
        for service in ("ward-a", "ward-b"):
            form = {"place": ["WARD9"], "was": ["x"], "service": [service]}
            client.post("/feeds/pas/places/map/", form)
        last = PlaceMap.objects.order_by("-id").first()
        client.post(f"/feeds/pas/places/{last.id}/undo/")
        assert mended_places("pas") == {"WARD9": "ward-a"}
        assert PlaceMap.objects.count() == 3  # nothing is edited: the way back is a row too

    def test_a_service_that_is_not_there_is_refused(self, sign_in):
        client = sign_in(ENGINEER)
        form = {"place": ["WARD9"], "was": [""], "service": ["ward-x"]}
        client.post("/feeds/pas/places/map/", form)
        assert not PlaceMap.objects.exists()

    def test_every_change_is_in_the_trail(self, sign_in):
        form = {"place": ["WARD9"], "was": [""], "service": ["ward-a"], "reason": "moved"}
        sign_in(ENGINEER).post("/feeds/pas/places/map/", form)
        row = Audit.objects.get(act="place.mapped")
        assert (row.what, row.reason, row.actor) == ("pas/WARD9", "moved", ENGINEER)


def subjects():
    from onesystem.people.models import Identity

    return list(Identity.objects.values_list("subject", flat=True))


class TestMappings:
    def test_the_shipped_mappings_are_listed(self, sign_in):
        page = text_of(sign_in(ENGINEER).get("/feeds/mappings/"))
        assert "mimic-transfers" in page

    def test_a_mapping_that_makes_no_sense_is_not_saved(self, sign_in):
        client = sign_in(ENGINEER)
        answer = client.post(
            "/feeds/mappings/febrl/", {"text": "name = 1", "do": "save", "reason": "x"}
        )
        assert answer.status_code == 422
        assert "It was not saved" in text_of(answer)

    def test_a_change_is_tried_on_files_of_the_sources_that_name_the_mapping(self, db):
        at = datetime(2026, 11, 2, tzinfo=UTC)
        for source in ("ambulance", "council"):
            Message.objects.create(source=source, digest=source, received=at, known_at=at,
                                   name=f"{source}.csv", format="extract", kind="extract",
                                   address="", size=1, state=Message.READ)  # fmt: skip
        files = queries.extracts("ambulance-contacts", sources=["ambulance"])
        assert [file.name for file in files] == ["ambulance.csv"]
        assert len(queries.extracts("of-nobody")) == 2

    def test_a_saved_mapping_counts_from_then_on(self, sign_in):
        client = sign_in(ENGINEER)
        page = client.get("/feeds/mappings/febrl/")
        from html import unescape

        text = unescape(
            text_of(page).split("<textarea", 1)[1].split(">", 1)[1].split("</textarea>")[0]
        )
        changed = text.replace("version = 1", "version = 2")
        form = {"text": changed, "do": "save", "reason": "a test"}
        assert client.post("/feeds/mappings/febrl/", form).status_code == 302
        assert "this page" in text_of(client.get("/feeds/mappings/"))


def test_the_names_of_all_pages_lead_to_pages():
    for name in ("index", "quarantine", "replay", "mappings"):
        assert reverse(f"feeds:{name}").startswith("/feeds/")
