"""Signing in at an organisation's OpenID Connect: who is known here, and nobody else."""

import json
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client as Browser

from onesystem.access import Actor, actions, openid_pages
from onesystem.access.models import Audit, User
from onesystem.district import current
from onesystem.vocabulary import BadConfig

KEY = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)
ISSUER = "https://id.example"
SIGN_IN = f"""
[sign_in.oidc.trust]
name = "Testshire Trust"
issuer = "{ISSUER}"
client_id = "onesystem"
secret_env = "TRUST_SECRET"
"""


class FakeProvider:
    """An OpenID provider that answers from memory, and says what a test has it say."""

    def __init__(self):
        self.claims, self.key, self.issuer, self.alg = {}, KEY, ISSUER, "RS256"
        self.forms, self.away = [], False

    def __call__(self, address, form, who):
        if self.away:
            raise OSError("away")
        match urlsplit(address).path:
            case "/.well-known/openid-configuration":
                return {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{ISSUER}/authorize",
                    "token_endpoint": f"{ISSUER}/token",
                    "jwks_uri": f"{ISSUER}/keys",
                }
            case "/keys":
                public = jwt.get_algorithm_by_name("RS256").to_jwk(KEY.public_key())
                return {"keys": [json.loads(public) | {"kid": "k"}]}
            case "/token":
                self.forms.append((form, who))
                return {"id_token": jwt.encode(self.claims, self.key, self.alg, {"kid": "k"})}
        raise AssertionError(address)

    def says(self, asked, **changes):
        self.claims = {
            "iss": ISSUER, "aud": "onesystem", "sub": "17", "iat": int(time.time()),
            "exp": int(time.time()) + 300, "nonce": asked["nonce"], "email": "kiri@trust.example",
            "email_verified": True, "preferred_username": "kiri",
        } | changes  # fmt: skip
        self.claims = {k: v for k, v in self.claims.items() if v is not None}


@pytest.fixture
def provider(add, district, monkeypatch):
    configured(district)
    monkeypatch.setenv("TRUST_SECRET", "hush")
    made = FakeProvider()
    monkeypatch.setattr(openid_pages, "fetch", made)
    add("kiri", "ed-nurse")
    User.objects.filter(username="kiri").update(email="Kiri@trust.example")
    return made


def configured(district, more=""):
    file = district.path / "district.toml"
    file.write_text(file.read_text().partition("\n[sign_in")[0] + SIGN_IN + more)
    return current()


def sign_in(provider, browser=None, state=None, **changes):
    browser = browser or Browser()
    there = browser.get("/account/openid/trust/?next=/people/")
    assert there.status_code == 302, there.content
    asked = {k: v[0] for k, v in parse_qs(urlsplit(there["Location"]).query).items()}
    provider.says(asked, **changes)
    said = {"code": "c", "state": asked["state"] if state is None else state}
    return asked, browser.get("/account/openid/trust/back/", said), browser


def test_somebody_known_by_a_verified_address_signs_in(provider):
    """And goes on to where they were going; the sign-in is in the trail."""
    asked, answer, browser = sign_in(provider)
    assert (answer.status_code, answer["Location"]) == (302, "/people/")
    assert asked["code_challenge_method"] == "S256"
    assert browser.get("/people/").status_code == 200
    form, who = provider.forms[0]
    assert who == ("onesystem", "hush")
    assert form["redirect_uri"] == "http://testserver/account/openid/trust/back/"
    assert Audit.objects.filter(act="session.started", actor="kiri").exists()


def test_the_page_of_sign_in_offers_it(provider):
    assert "Sign in with Testshire Trust" in Browser().get("/account/login/").content.decode()


def test_by_user_name_where_the_district_says_so(provider, district):
    configured(district, 'claim = "preferred_username"\n')
    _, answer, _ = sign_in(provider, email=None)
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "nobody@trust.example"}, {"email_verified": False}, {"email_verified": "true"},
        {"email_verified": None}, {"email": None}, {"aud": "another"}, {"nonce": "another"},
        {"nonce": None}, {"iss": "https://evil.example"}, {"exp": 1000}, {"exp": None},
        {"sub": None}, {"azp": "another"},
    ],
)  # fmt: skip
def test_whoever_is_not_known_or_not_proved_is_refused(provider, changes):
    """Nobody is made, and the refusal is in the trail."""
    before = User.objects.count()
    _, answer, browser = sign_in(provider, **changes)
    assert answer.status_code == 403
    assert "_auth_user_id" not in browser.session
    assert User.objects.count() == before
    assert Audit.objects.filter(act="session.refused", what="trust").exists()


def test_another_key_is_not_theirs(provider):
    provider.key = OTHER
    assert sign_in(provider)[1].status_code == 403


def test_the_answer_has_to_be_this_sessions(provider):
    """A state of elsewhere, none, or one that was used."""
    assert sign_in(provider, state="made-up")[1].status_code == 403
    assert sign_in(provider, state="")[1].status_code == 403
    asked, answer, browser = sign_in(provider)
    assert answer.status_code == 302
    again = browser.get("/account/openid/trust/back/", {"code": "c", "state": asked["state"]})
    assert again.status_code == 403


def test_another_session_cannot_take_the_answer(provider):
    there = Browser().get("/account/openid/trust/")
    asked = {k: v[0] for k, v in parse_qs(urlsplit(there["Location"]).query).items()}
    provider.says(asked)
    answer = Browser().get("/account/openid/trust/back/", {"code": "c", "state": asked["state"]})
    assert answer.status_code == 403


def test_a_closed_account_stays_closed(provider):
    User.objects.filter(username="kiri").update(is_active=False)
    _, answer, browser = sign_in(provider)
    assert answer["Location"] == "/account/inactive/"
    assert "_auth_user_id" not in browser.session


def test_nobody_is_sent_elsewhere_after_it(provider):
    browser = Browser()
    there = browser.get("/account/openid/trust/?next=https://evil.example/")
    asked = {k: v[0] for k, v in parse_qs(urlsplit(there["Location"]).query).items()}
    provider.says(asked)
    answer = browser.get("/account/openid/trust/back/", {"code": "c", "state": asked["state"]})
    assert answer["Location"] == "/"


def test_a_provider_that_is_away_or_somebody_else(provider):
    provider.issuer = "https://evil.example"
    assert Browser().get("/account/openid/trust/").status_code == 403
    provider.away = True
    assert Browser().get("/account/openid/trust/").status_code == 403
    assert Browser().get("/account/openid/nobody/").status_code == 404


def test_somebody_new_where_the_district_says_so(provider, district):
    """With the roles that it names, and no password."""
    configured(district, 'roles = ["viewer"]\norganisation = "hospital"\n')
    _, answer, _ = sign_in(provider, email="new@trust.example", name="New Here")
    assert answer.status_code == 302
    made = User.objects.get(username="new@trust.example")
    assert (made.roles, made.organisation, made.name) == ("viewer", "hospital", "New Here")
    assert not made.has_usable_password()


@pytest.mark.parametrize(
    "more", ['issuer = "http://id.example"', "isuer = 'x'", "roles = [1]", "client_id = 7"]
)
def test_a_wrong_setting_is_named(district, more):
    file = district.path / "district.toml"
    lines = [ln for ln in SIGN_IN.splitlines() if not more.startswith(ln.partition(" ")[0] or "-")]
    file.write_text(file.read_text() + "\n".join([*lines, more]))
    with pytest.raises(BadConfig, match=r"sign_in\.oidc\.trust"):
        current()


def test_each_has_their_own_address(add):
    """Else one would sign in as the other."""
    add("kiri", "ed-nurse")
    add("mere", "ed-nurse")
    actions.set_email(username="kiri", email="kiri@trust.example", by=Actor.job("tests"))
    for address in ("KIRI@trust.example", "no address"):
        with pytest.raises(BadConfig):
            actions.set_email(username="mere", email=address, by=Actor.job("tests"))
