"""A session is its owner's: none that was planted, none after its end, no guessing of codes."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from onesystem.access.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "three blind mice run"  # as the fixture gives it
COOKIE = settings.SESSION_COOKIE_NAME


@pytest.fixture
def kiri(browser):
    """Somebody who has an account, signed out."""
    browser(["viewer"], "kiri")
    cache.clear()
    return User.objects.get(username="kiri")


def sign_in(client, password=PASSWORD):
    return client.post("/account/login/", {"login": "kiri", "password": password})


def test_a_session_that_was_planted_is_not_the_one_that_signs_in(kiri):
    client = Client()
    before = client.session
    before["planted"] = True
    before.save()
    client.cookies[COOKIE] = planted = before.session_key
    assert sign_in(client).status_code == 302
    assert client.cookies[COOKIE].value != planted
    thief = Client()
    thief.cookies[COOKIE] = planted
    assert thief.get("/settings/roles/").status_code == 302


def test_a_made_up_session_is_not_taken_over(kiri):
    client = Client()
    client.cookies[COOKIE] = "a" * 32
    sign_in(client)
    assert client.cookies[COOKIE].value != "a" * 32


def test_a_cookie_opens_nothing_after_the_sign_out(kiri):
    client, thief = Client(), Client()
    sign_in(client)
    thief.cookies[COOKIE] = client.cookies[COOKIE].value
    assert thief.get("/settings/roles/").status_code == 200
    client.post("/account/logout/")
    assert thief.get("/settings/roles/").status_code == 302


def test_a_cookie_is_for_no_script_and_no_other_site(kiri):
    client = Client()
    sign_in(client)
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_wrong_codes_shut_the_door_before_the_right_one_is_guessed(kiri):
    """A code has six digits: five tries in five minutes, whatever the password was."""
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    secret = generate_totp_secret()
    TOTP.activate(kiri, secret)
    right = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    wrong = "000000" if right != "000000" else "111111"
    client = Client()
    assert sign_in(client).headers["Location"].startswith("/account/authenticate/")
    for _ in range(6):
        client.post("/account/authenticate/", {"code": wrong})
    client.post("/account/authenticate/", {"code": right})
    assert client.get("/settings/roles/").status_code == 302
