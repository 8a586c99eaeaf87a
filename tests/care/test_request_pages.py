"""The sender's pages: asking, being told what stands in the way, following to the answer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from page_data import give_purpose

from onesystem.access import Actor, Allowed, choices, kinds
from onesystem.access import actions as users
from onesystem.access.models import Audit, User
from onesystem.care.requests import actions, queries, seeing
from onesystem.care.services import actions as directory
from onesystem.care.services.entry import Field, Notice, Orderable
from onesystem.care.services.reading import entry
from onesystem.district import now

pytestmark = pytest.mark.django_db
ULCER = "Leg ulcer, dressing twice a week"


@pytest.fixture
def client_of(joined):
    """A browser in which somebody with that role has signed in."""

    def signs_in(role, name, organisation):
        users.add_user(username=name, password="three blind mice run", roles=[role],
                       organisation=organisation, by=Actor.job("command line"))  # fmt: skip
        client = Client()
        client.force_login(
            User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signs_in


@pytest.fixture
def doctor(client_of, somebody):
    client = client_of("hospital-doctor", "kiri", "hospital")
    give_purpose(client, somebody, "direct care")
    return client


@pytest.fixture
def nurse(asker):
    return asker("district-nurse", "dee", "community")


def text(answer):
    return answer.content.decode()


def new(person, **more):
    from urllib.parse import urlencode

    return reverse("requests:new", kwargs={"person": person}) + (
        f"?{urlencode(more)}" if more else ""
    )


def send(client, person, **said):
    return client.post(new(person), {"service": "nursing", "kind": "referral", "urgency": "routine",
                                     "words": ULCER, **said})  # fmt: skip


def test_which_service_with_its_room_and_its_wait(doctor, somebody):
    page = text(doctor.get(new(somebody, q="nursing")))
    assert "District nursing" in page
    assert "wait not known" in page
    assert "No service that takes requests fits" in text(doctor.get(new(somebody, q="zzz")))


def test_sent_with_a_number_to_follow(doctor, somebody):
    answer = send(doctor, somebody)
    assert answer.status_code == 302
    page = text(doctor.get(answer["Location"]))
    [sent] = queries.sent_by("kiri")
    assert sent.key in page
    assert "Your reference number is" in page
    assert ULCER in page
    assert sent.key in text(doctor.get(reverse("requests:sent")))
    found = doctor.get(reverse("requests:find"), {"number": sent.key.lower()})
    assert found["Location"] == reverse("requests:one", args=[sent.request])


def keep_form(*fields):
    """Let the nurses' entry ask for these."""
    from dataclasses import replace

    known = entry("nursing")
    directory.keep(entry=replace(known, form=fields), by=Actor.job("x"), seen=known.number)


def test_what_is_missing_is_told_and_nothing_typed_is_lost(doctor, somebody):
    keep_form(Field(name="side", label="Which leg", type="choice", options=("left", "right"),
                    required=True),
              Field(name="size", label="Size in centimetres", type="number"))  # fmt: skip
    answer = send(doctor, somebody, **{"form-size": "large"})
    assert answer.status_code == 422
    page = text(answer)
    assert "Missing: Which leg" in page
    assert "Not a number: Size in centimetres" in page
    assert ULCER in page
    assert 'value="large"' in page
    assert queries.sent_by("kiri") == []
    assert send(doctor, somebody, **{"form-side": "left", "form-size": "3"}).status_code == 302


def test_a_test_is_ordered_under_its_own_criteria(doctor, somebody):
    from dataclasses import replace

    known = entry("nursing")
    orders = (Orderable(name="Doppler of the leg", criteria="Ages 120 and over", code="d",
                        condition="%age >= 120"), Orderable(name="Swab"))  # fmt: skip
    directory.keep(entry=replace(known, accepts=("order", "advice"), orders=orders),
                   by=Actor.job("x"), seen=known.number)  # fmt: skip
    page = text(doctor.get(new(somebody, service="nursing", kind="order", code="d")))
    assert "Ages 120 and over" in page
    assert 'value="Doppler of the leg" checked' in page
    assert "Not met" in page
    none = text(send(doctor, somebody, kind="order"))
    assert "It does not say which test" in none
    assert "Choose one: Doppler of the leg, Swab." in none
    refused = send(doctor, somebody, kind="order", order="Doppler of the leg")
    assert "does not meet what Doppler of the leg asks for" in text(refused)
    assert queries.sent_by("kiri") == []
    assert send(doctor, somebody, kind="order", order="Swab").status_code == 302
    despite = {"order": "Doppler of the leg", "despite": "Agreed by telephone", "anyway": "1"}
    assert send(doctor, somebody, kind="order", **despite).status_code == 302
    assert {each.what for each in queries.sent_by("kiri")} == {"Doppler of the leg", "Swab"}


def shut(**more):
    """Let the nurses take nobody."""
    from dataclasses import replace

    known = entry("nursing")
    notice = Notice(words="No nurse this week", closed=True, instead="ed")
    directory.keep(entry=replace(known, notices=(notice,), **more), by=Actor.job("x"),
                   seen=known.number)  # fmt: skip


def test_what_was_written_for_a_service_that_closed_goes_to_another(doctor, somebody):
    """It closed while somebody wrote: they say it to the one that stands in, word for word."""
    side = Field(name="side", label="Which leg", type="line")
    assert doctor.get(new(somebody, service="nursing")).status_code == 200
    shut(form=(side,))
    answer = send(doctor, somebody, urgency="urgent", **{"form-side": "left"})
    page = text(answer)
    assert answer.status_code == 422
    assert "takes nobody now: No nurse this week" in page
    assert ULCER in page
    assert 'href="?service=ed&amp;from=nursing"' in page
    assert queries.sent_by("kiri") == []
    chosen = text(doctor.get(new(somebody, **{"from": "nursing"})))
    assert "from=nursing" in chosen
    page = text(doctor.get(new(somebody, service="ed", **{"from": "nursing"})))
    assert f"{ULCER}\nWhich leg: left" in page
    assert 'value="urgent" checked' in page
    said = {"service": "ed", "words": ULCER, "from": "nursing"}
    assert send(doctor, somebody, **said).status_code == 302
    assert ULCER not in text(doctor.get(new(somebody, service="ed", **{"from": "nursing"})))


def test_who_died_while_somebody_wrote(doctor, somebody):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_identity SET died = '2026-10-01'")
    answer = send(doctor, somebody)
    page = text(answer)
    assert answer.status_code == 422
    assert "This person died on 1 October 2026" in page
    assert ULCER in page
    assert queries.sent_by("kiri") == []


def test_who_died_while_it_waits_is_ended_by_hand(doctor, somebody, client_of):
    send(doctor, somebody)
    [sent] = queries.sent_by("kiri")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_identity SET died = '2026-11-01'")
    page = text(doctor.get(reverse("requests:one", args=[sent.request])))
    assert "This person has died" in page
    assert "Revoke it: the person has died" in page
    nurse = client_of("district-nurse", "dee", "community")
    give_purpose(nurse, somebody, "direct care")
    page = text(nurse.get(reverse("requests:one", args=[sent.request])))
    assert "Return it: the person has died" in page
    said = {"r": f"{sent.request}.1", "back": sent.request, "reason": "The person has died"}
    asked = text(nurse.post(reverse("inbox:act", args=["nursing"]), {**said, "do": "return"}))
    assert "The person has died" in asked
    doctor.post(reverse("requests:act", args=[sent.request]),
                {"act": "revoke", "seen": 1, "reason": "The person has died"})  # fmt: skip
    assert not queries.one(sent.request).open


def test_who_shares_nothing_is_asked_about_this_one(doctor, somebody):
    """Their door is shut; behind the broken glass one request is sent where they agree to it."""
    choices.opt_out(person=somebody, by=Actor.job("desk"), reason="said so")
    answer = send(doctor, somebody)
    assert answer.status_code == 403
    assert "chosen not to share" in text(answer)
    doctor.post(f"/break-glass/{somebody}/", {"choice": "emergency", "words": "alone", "to": "/"})
    answer = send(doctor, somebody)
    assert answer.status_code == 422
    assert "The person agrees that this request is sent" in text(answer)
    assert ULCER in text(answer)
    assert queries.sent_by("kiri") == []
    assert send(doctor, somebody, agreed="1").status_code == 302


def test_a_duplicate_offers_to_open_the_first(doctor, somebody):
    send(doctor, somebody)
    [first] = queries.sent_by("kiri")
    page = text(send(doctor, somebody))
    assert f"/requests/{first.request}/" in page
    assert "is open already" in page
    assert send(doctor, somebody, anyway="1").status_code == 302


def test_asked_back_and_supplied_on_the_page(doctor, somebody, nurse):
    send(doctor, somebody)
    [sent] = queries.sent_by("kiri")
    actions.ask_back(request=sent.request, by=nurse, seen=1, reason="Which leg is it?")
    assert "1 waits for you" in text(doctor.get(reverse("requests:sent")))
    page = text(doctor.get(reverse("requests:one", args=[sent.request])))
    assert "Which leg is it?" in page
    doctor.post(reverse("requests:act", args=[sent.request]),
                {"act": "supply", "seen": 2, "reason": "The left one"})  # fmt: skip
    assert queries.one(sent.request).state == "received"


def test_whoever_was_slower_keeps_what_they_wrote(doctor, somebody, nurse):
    send(doctor, somebody)
    [sent] = queries.sent_by("kiri")
    actions.accept(request=sent.request, by=nurse, seen=1)
    answer = doctor.post(
        reverse("requests:act", args=[sent.request]),
        {"act": "revoke", "seen": 1, "reason": "Gone to her daughter"},
    )
    assert answer.status_code == 422
    assert "dee accepted this request at" in text(answer).replace("Dee", "dee")
    assert "Gone to her daughter" in text(answer)


def test_the_answer_stands_on_top(doctor, somebody, nurse):
    send(doctor, somebody)
    [sent] = queries.sent_by("kiri")
    actions.book(request=sent.request, by=nurse, seen=1, at=now() + timedelta(hours=2))
    actions.finish(request=sent.request, by=nurse, seen=3, reason="Dressed; we come twice a week")
    page = text(doctor.get(reverse("requests:one", args=[sent.request])))
    assert "Dressed; we come twice a week" in page
    assert "Revoke" not in page
    assert "Dressed" in text(doctor.get(reverse("requests:print", args=[sent.request])))


def test_the_list_is_a_file_too_and_both_are_in_the_trail(doctor, somebody):
    send(doctor, somebody)
    file = doctor.get(reverse("requests:sent"), {"format": "csv"})
    assert file["Content-Type"].startswith("text/csv")
    assert "District nursing" in text(file)
    acts = set(Audit.objects.values_list("act", flat=True))
    assert {"requests.exported", "request.sent"} <= acts
    assert ULCER not in str(list(Audit.objects.values()))


@pytest.mark.parametrize("asked", [{"stand": "late"}, {"stand": "answered"}, {"q": "zzz"},
                                   {"service": "gp"}])  # fmt: skip
def test_a_filter_in_the_address(doctor, somebody, asked):
    send(doctor, somebody)
    assert "No request fits" in text(doctor.get(reverse("requests:sent"), asked))


def test_the_persons_tab(doctor, somebody):
    send(doctor, somebody)
    page = text(doctor.get(reverse("requests:of_person", kwargs={"person": somebody})))
    assert "District nursing" in page
    record = text(doctor.get(reverse("record:summary", kwargs={"person": somebody})))
    assert reverse("requests:of_person", kwargs={"person": somebody}) in record


def test_a_stranger_is_not_shown_it(doctor, somebody, client_of):
    send(doctor, somebody)
    [sent] = queries.sent_by("kiri")
    stranger = client_of("general-practitioner", "stranger", "practice")
    page = text(stranger.get(reverse("requests:one", args=[sent.request])))
    assert ULCER not in page
    assert stranger.get(reverse("requests:sent")).status_code == 200


def test_who_works_there_opens_it_for_the_request(doctor, somebody, client_of):
    send(doctor, somebody)
    [sent] = queries.sent_by("kiri")
    nurse = client_of("district-nurse", "dee", "community")
    page = text(nurse.get(reverse("requests:one", args=[sent.request])))
    assert ULCER in page
    assert "What the service can do" in page


def test_an_unknown_request_is_not_found(doctor):
    assert doctor.get("/requests/7/").status_code == 404
    assert doctor.get(f"/requests/{10**30}/").status_code == 404
    page = text(doctor.get(reverse("requests:find"), {"number": "R-1"}, follow=True))
    assert "No request has that number" in page


def test_the_senders_pages_are_told(doctor, somebody, nurse):
    from onesystem import contacts
    from onesystem.care.requests import inbox, sent_live
    from onesystem.care.requests.inbox_live import LiveInboxes

    send(doctor, somebody)
    [sent] = queries.sent_by("kiri")
    last = contacts.changes_since(0)[-1].id
    live = LiveInboxes(last=last)
    actions.accept(request=sent.request, by=nurse, seen=1)
    told = {event.channel: event.full for event in live.poll()}
    assert told["inbox:sent:user:kiri"] == told["inbox:sent:organisation:hospital"]
    assert str(sent.request) in told["inbox:sent:user:kiri"].decode()
    kiri = Actor(name="kiri", roles=frozenset({"hospital-doctor"}), organisation="hospital")
    assert inbox.may_work(kiri, "sent:user:kiri")
    assert inbox.may_work(kiri, "sent:organisation:hospital")
    assert not inbox.may_work(kiri, "sent:user:dee")
    assert not sent_live.may_listen(kiri, "organisation:")


def test_a_pathways_questions_are_fields_that_have_to_be_filled(doctor, somebody):
    from pathway_data import CELLULITIS, DOCTOR, EDITOR, LEAD, in_force

    for by in (EDITOR, LEAD, DOCTOR):
        User.objects.get_or_create(username=by.name, defaults={"roles": " ".join(by.roles)})
    in_force(CELLULITIS)
    on = {"pathway": "cellulitis", "step": "nursing"}
    page = text(doctor.get(new(somebody, service="nursing", **on)))
    assert "Is home safe?" in page
    assert "Needs antibiotics by drip at home" in page
    answer = send(doctor, somebody, **on)
    assert (answer.status_code, queries.sent_by("kiri")) == (422, [])
    assert "Missing: Is home safe?" in text(answer)
    assert send(doctor, somebody, **on, **{"form-pathway-safe": "yes"}).status_code == 302
    [sent] = queries.sent_by("kiri")
    assert (sent.pathway, sent.pathway_step) == ("cellulitis", "nursing")
    assert "Is home safe?" in text(doctor.get(reverse("requests:one", args=[sent.request])))


def test_a_request_of_a_sensitive_kind_is_for_both_sides_alone(doctor, somebody, asker, joined):
    """The name of a service can say what nobody else is to know."""
    send(doctor, somebody)
    [sent] = queries.sent_by("kiri")
    where, named = joined.path / "district.toml", '[services.nursing]\nname = "District nursing"'
    text_ = where.read_text(encoding="utf-8")
    where.write_text(text_.replace(named, f'{named}\nsensitive = ["sexual-health"]'))
    stranger = asker("general-practitioner", "gita", "practice")
    told = kinds.mask_of(["sexual-health"])
    assert not seeing.shown(sent, Allowed(), stranger)
    assert seeing.shown(sent, Allowed(labels=told), stranger)
    assert seeing.shown(sent, Allowed(), asker("hospital-doctor", "kiri", "hospital"))
    assert seeing.shown(sent, Allowed(), asker("district-nurse", "dee", "community"))


def test_asked_again_with_what_was_said_before_and_not_in_the_address(doctor, somebody, nurse):
    send(doctor, somebody, what="Ulcer")
    [sent] = queries.sent_by("kiri")
    actions.return_(request=sent.request, by=nurse, seen=1, reason="Not for us")
    page = text(doctor.get(reverse("requests:one", args=[sent.request])))
    assert f"again={sent.request}" in page
    again = text(doctor.get(new(somebody, service="nursing", again=sent.request)))
    assert ULCER in again
    assert 'value="Ulcer"' in again
    other = text(doctor.get(new(somebody, service="nursing", again="7")))
    assert ULCER not in other
