"""Sign-in, sign-out, settings and the trail as pages."""

import pytest

from onesystem.access.models import Audit, User
from onesystem.access import verify_trail




class TestSignIn:
    def test_a_stranger_is_sent_to_sign_in_and_comes_back(self, client, add):
        add("kiri", "administrator")
        answer = client.get("/settings/users/")
        assert answer.headers["Location"] == "/account/login/?next=/settings/users/"
        page = client.get(answer.headers["Location"])
        assert "Sign in with a passkey" in page.content.decode()
        answer = client.post(
            "/account/login/",
            {"login": "kiri", "password": PASSWORD, "next": "/settings/users/"},
        )
        assert answer.headers["Location"] == "/settings/users/"

    @pytest.mark.parametrize("path", ["/account/signup/", "/account/help/sign-up/", "/account/help/"])
    def test_nobody_signs_themselves_up(self, client, district, db, path):
        body = client.get(path).content.decode()
        assert "<form" not in body or "signup" not in body
