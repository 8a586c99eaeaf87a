"""SMART App Launch 2: each grant from its beginning to a read, and each way in which it fails."""

import base64
import hashlib
import json
import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.cache import cache
from django.test import Client as Browser
from fhir_asking import Client, patient, weight

from onesystem import wiring
from onesystem.access import Actor, actions
from onesystem.access.models import Audit, User
from onesystem.record.fhir.smart import grants, registry
from onesystem.record.fhir.smart.models import Grant, Token
from onesystem.vocabulary import BadConfig

pytestmark = pytest.mark.django_db

PASSWORD = "three blind mice run"
JOB = Actor.job("tests")
BACK = "https://app.example/back"
BASE = "http://testserver/fhir"
VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
SCOPES = "openid fhirUser profile launch launch/patient offline_access patient/*.cruds user/*.cruds"


@pytest.fixture
def here(district):
    """A district with two people, each with a weight, and an officer whose role opens both."""
    cache.clear()
    wiring.connect()
    return World()


class World:
    def __init__(self):
        records = Client(name="loader")
        self.aroha = records.post("Patient", patient()).id
        other = {
            "identifier": [{"system": "urn:mrn", "value": "m2"}],
            "name": [{"family": "Ngaio"}],
        }
        self.other = records.post("Patient", patient(**other)).id
        self.weight = records.post("Observation", weight(f"Patient/{self.aroha}")).id
        self.foreign = records.post("Observation", weight(f"Patient/{self.other}", "99")).id
        self.browser = self.sign_in("ofelia", "records-officer")
        self.app, self.secret = self.register("Growth", "confidential")

    def register(self, name, kind="public", scopes=SCOPES, **more):
        more.setdefault("redirects", [BACK])
        return registry.add(name=name, kind=kind, scopes=scopes, by=JOB, **more)

    def sign_in(self, username, role):
        actions.add_user(username=username, password=PASSWORD, roles=[role],
                         organisation="hospital", by=JOB)  # fmt: skip
        browser = Browser()
        browser.force_login(User.objects.get(username=username),
                            backend="django.contrib.auth.backends.ModelBackend")  # fmt: skip
        return browser

    def person(self, patient):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT identity FROM record_entry WHERE kind = 'Patient' AND logical = %s",
                [patient],
            )
            return cursor.fetchone()[0]

    def query(self, **changes):
        said = {
            "response_type": "code", "client_id": self.app.client, "redirect_uri": BACK,
            "scope": "launch/patient openid fhirUser patient/*.rs", "state": "s1", "aud": BASE,
            "code_challenge": CHALLENGE, "code_challenge_method": "S256", "nonce": "n1",
        } | changes  # fmt: skip
        return urlencode({name: value for name, value in said.items() if value is not None})

    def authorize(self, browser=None, **changes):
        return (browser or self.browser).get(f"/oauth/authorize?{self.query(**changes)}")

    def agree(self, page, browser=None, **said):
        """Press the button on the page of consent; every scope that it offers stays ticked."""
        text = page.content.decode()
        form = {
            "asked": re.search(r'name="asked" value="([^"]+)"', text)[1],
            "scope": re.findall(r'name="scope" value="([^"]+)"', text),
            "do": "agree", "purpose": "records management", "reason": "checking",
        } | said  # fmt: skip
        if found := re.search(r'name="person" value="(\d+)"', text):
            form.setdefault("person", found[1])
        return (browser or self.browser).post("/oauth/consent", form)

    def code(self, person=None, **changes):
        page = self.authorize(**changes)
        more = {"person": str(person if person is not None else self.person(self.aroha))}
        answer = self.agree(page, scope=_scopes_of(changes), **more)
        assert answer.status_code == 302, answer.content.decode()
        said = parse_qs(urlsplit(answer["Location"]).query)
        assert said["state"] == ["s1"], said
        return said["code"][0]

    def post(self, path="token", secret=None, app=None, **form):
        app, headers = app or self.app, {}
        if secret or (app is self.app and "client_assertion" not in form):
            both = f"{app.client}:{secret or self.secret}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(both).decode()
        return Browser().post(
            f"/oauth/{path}", urlencode(form), content_type="application/x-www-form-urlencoded",
            headers=headers,
        )  # fmt: skip

    def redeem(self, the_code, **changes):
        form = {"grant_type": "authorization_code", "code": the_code, "redirect_uri": BACK,
                "code_verifier": VERIFIER} | changes  # fmt: skip
        return self.post(**form)

    def tokens(self, **changes):
        answer = self.redeem(self.code(**changes))
        assert answer.status_code == 200, answer.content
        return answer.json()

    def fhir(self, token, path):
        return Browser().get(f"/fhir/{path}", headers={"Authorization": f"Bearer {token}"})


def _scopes_of(changes):
    """What a user leaves ticked who reads nothing."""
    from onesystem.record.fhir.smart.granting import Asked

    return Asked.of(
        changes.get("scope", "launch/patient openid fhirUser patient/*.rs")
    ).text.split()


def error_of(answer, status=400):
    assert answer.status_code == status, answer.content
    return answer.json()["error"]


def told(answer):
    """What an application is told at its own address."""
    assert answer.status_code == 302, answer.content
    assert answer["Location"].startswith(BACK), answer["Location"]
    return {k: v[0] for k, v in parse_qs(urlsplit(answer["Location"]).query).items()}


class TestStandaloneLaunch:
    def test_from_the_sign_in_to_a_read(self, here):
        """Choose the person, agree, and read that person and nobody else."""
        page = here.authorize()
        assert "Whose record" in page.content.decode()
        asked = re.search(r'name="asked" value="([^"]+)"', page.content.decode())[1]
        found = here.browser.post("/oauth/consent", {"asked": asked, "text": "Rātā"})
        person = re.search(r'name="person" value="(\d+)"', found.content.decode())[1]
        page = here.browser.post("/oauth/consent", {"asked": asked, "person": person})
        text = page.content.decode()
        assert "everything in the record that you may see yourself" in text
        assert "Growth" in text
        assert "form-action 'self' https://app.example" in page["Content-Security-Policy"]
        back = told(here.agree(page))
        assert back["state"] == "s1"
        answer = here.redeem(back["code"])
        assert answer["Cache-Control"] == "no-store"
        got = answer.json()
        assert got["token_type"] == "Bearer"
        assert got["expires_in"] == 600
        assert got["patient"] == here.aroha
        assert got["need_patient_banner"] is True
        assert got["scope"] == "launch/patient openid fhirUser patient/*.rs"
        assert "refresh_token" not in got
        read = here.fhir(got["access_token"], f"Patient/{here.aroha}")
        assert read.status_code == 200
        assert here.fhir(got["access_token"], f"Observation/{here.weight}").status_code == 200
        assert here.fhir(got["access_token"], f"Patient/{here.other}").status_code == 404
        assert here.fhir(got["access_token"], f"Observation/{here.foreign}").status_code == 404
        found = here.fhir(got["access_token"], "Observation?_summary=count").json()
        assert found["total"] == 1

    def test_the_identity_token(self, here):
        """Signed by the published key, for this client, with the nonce and a readable fhirUser."""
        got = here.tokens(scope="launch/patient openid fhirUser profile patient/*.rs")
        keys = Browser().get("/oauth/jwks.json").json()["keys"]
        kid = jwt.get_unverified_header(got["id_token"])["kid"]
        key = jwt.PyJWK(next(k for k in keys if k["kid"] == kid))
        claims = jwt.decode(
            got["id_token"], key, ["RS256"], audience=here.app.client,
            issuer="http://testserver/oauth", options={"verify_exp": False, "verify_iat": False},
        )  # fmt: skip
        assert claims["nonce"] == "n1"
        assert claims["name"] == "ofelia"
        assert claims["fhirUser"].startswith(f"{BASE}/Practitioner/")
        read = here.fhir(got["access_token"], claims["fhirUser"].removeprefix(f"{BASE}/"))
        assert read.status_code == 200, read.content
        assert read.json()["name"] == [{"text": "ofelia"}]

    def test_the_form_may_lead_to_the_application(self, here, monkeypatch):
        """A served district's page names its live stream too, and both hold."""
        monkeypatch.setenv("ONESYSTEM_STREAM_PORT", "8001")
        said = here.authorize()["Content-Security-Policy"]
        assert "form-action 'self' https://app.example" in said
        assert "connect-src 'self' http://testserver:8001" in said

    def test_what_is_not_ticked_is_not_granted(self, here):
        page = here.authorize(scope="launch/patient patient/Patient.rs patient/Observation.rs")
        answer = here.agree(page, person=here.person(here.aroha),
                            scope=["launch/patient", "patient/Patient.rs"])  # fmt: skip
        got = here.redeem(told(answer)["code"]).json()
        assert got["scope"] == "launch/patient patient/Patient.rs"
        refused = here.fhir(got["access_token"], f"Observation/{here.weight}")
        assert refused.status_code == 403

    def test_a_scope_wider_than_the_role_is_cut(self, here):
        """A privacy officer's role shows who people are; the response says what was granted."""
        browser = here.sign_in("petra", "privacy-officer")
        page = here.authorize(browser, scope="launch/patient patient/*.cruds")
        kept = ["launch/patient", "patient/*.cruds"]
        answer = here.agree(page, browser, person=here.person(here.aroha), scope=kept,
                            purpose="privacy review")  # fmt: skip
        got = here.redeem(told(answer)["code"]).json()
        assert got["scope"] == "launch/patient patient/Patient.rs"

    def test_who_may_not_open_the_person_is_told_why(self, here):
        """A nurse without a tie stays on the page, and the refusal is in the trail."""
        browser = here.sign_in("nina", "ed-nurse")
        page = here.authorize(browser)
        answer = here.agree(page, browser, person=here.person(here.aroha), purpose="direct care",
                            scope=["launch/patient", "patient/*.rs"])  # fmt: skip
        assert answer.status_code == 422
        assert "looks after this person now" in answer.content.decode()
        assert Audit.objects.filter(act="access.refused", actor="nina").exists()

    def test_a_reason_is_asked_for(self, here):
        answer = here.agree(here.authorize(), person=here.person(here.aroha), reason="",
                            scope=["patient/*.rs"])  # fmt: skip
        assert answer.status_code == 422

    def test_whoever_refuses_is_not_asked_further(self, here):
        assert told(here.agree(here.authorize(), do="refuse"))["error"] == "access_denied"

    def test_a_role_that_opens_nobody_gives_no_person(self, here):
        browser = here.sign_in("anna", "analyst")
        assert told(here.authorize(browser))["error"] == "access_denied"

    def test_signing_in_with_it_takes_no_person(self, here):
        """`openid` alone: single sign-on."""
        answer = here.agree(here.authorize(scope="openid profile"))
        got = here.redeem(told(answer)["code"]).json()
        assert got["scope"] == "openid profile"
        assert "patient" not in got
        assert here.fhir(got["access_token"], f"Patient/{here.aroha}").status_code == 403

    def test_who_is_not_signed_in_signs_in_first(self, here):
        answer = here.authorize(Browser())
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/?next=/oauth/authorize")

    def test_a_form_is_taken_as_an_address_is(self, here):
        answer = Browser().post("/oauth/authorize", dict(parse_qsl(here.query())))
        assert answer["Location"].startswith("/oauth/authorize?response_type=code")


def parse_qsl(text):
    return [(k, v[0]) for k, v in parse_qs(text).items()]


class TestAuthorizeRefuses:
    @pytest.mark.parametrize(
        "changes",
        [{"client_id": "nobody"}, {"client_id": None}, {"redirect_uri": "https://evil.example/"},
         {"redirect_uri": BACK + "/"}, {"redirect_uri": BACK + "?a=1"}, {"redirect_uri": None}],
    )  # fmt: skip
    def test_nobody_is_sent_to_an_unknown_address(self, here, changes):
        answer = here.authorize(**changes)
        assert answer.status_code == 400
        assert "Location" not in answer

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"aud": "https://elsewhere.example/fhir"}, "invalid_request"),
            ({"aud": None}, "invalid_request"),
            ({"state": None}, "invalid_request"),
            ({"code_challenge": None}, "invalid_request"),
            ({"code_challenge": "short"}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"code_challenge_method": None}, "invalid_request"),
            ({"scope": "everything"}, "invalid_scope"),
            ({"scope": None}, "invalid_scope"),
            ({"scope": "launch patient/*.rs"}, "invalid_request"),
            ({"scope": "launch patient/*.rs", "launch": "made-up"}, "invalid_request"),
            ({"scope": "system/*.rs"}, "invalid_scope"),
            ({"state": "s" * 501}, "invalid_request"),
        ],
    )
    def test_the_application_is_told_what_is_wrong(self, here, changes, error):
        assert told(here.authorize(**changes))["error"] == error

    def test_a_parameter_twice(self, here):
        answer = here.browser.get(f"/oauth/authorize?{here.query()}&aud={BASE}")
        assert told(answer)["error"] == "invalid_request"

    def test_another_users_page_is_no_good(self, here):
        """What was asked is signed for the user whom it was put to."""
        page = here.authorize()
        browser = here.sign_in("olga", "records-officer")
        assert here.agree(page, browser, person=here.person(here.aroha)).status_code == 400

    def test_the_page_takes_the_sites_own_form(self, here):
        """Consent cannot be given by another site's form."""
        strict = Browser(enforce_csrf_checks=True)
        strict.cookies = here.browser.cookies
        page = strict.get(f"/oauth/authorize?{here.query()}")
        assert here.agree(page, strict).status_code == 403


class TestTokenRefuses:
    def test_a_code_is_good_once(self, here):
        """Coming again it ends what it gave."""
        code = here.code()
        got = here.redeem(code).json()
        assert here.fhir(got["access_token"], f"Patient/{here.aroha}").status_code == 200
        assert error_of(here.redeem(code)) == "invalid_grant"
        refused = here.fhir(got["access_token"], f"Patient/{here.aroha}")
        assert refused.status_code == 401
        assert 'error="invalid_token"' in refused["WWW-Authenticate"]
        assert Audit.objects.filter(act="app.grant-ended").exists()

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"code_verifier": "w" * 64}, "invalid_grant"),
            ({"code_verifier": CHALLENGE}, "invalid_grant"),
            ({"code_verifier": ""}, "invalid_request"),
            ({"redirect_uri": BACK + "/"}, "invalid_grant"),
            ({"code": "made-up"}, "invalid_grant"),
            ({"grant_type": "password"}, "unsupported_grant_type"),
            ({"grant_type": ""}, "invalid_request"),
            ({"grant_type": "client_credentials"}, "unauthorized_client"),
        ],
    )
    def test_what_does_not_fit(self, here, changes, error):
        assert error_of(here.redeem(here.code(), **changes)) == error

    def test_a_code_of_another_client(self, here):
        app, secret = here.register("Thief", "confidential")
        answer = here.redeem(here.code(), app=app, secret=secret)
        assert error_of(answer) == "invalid_grant"

    def test_a_code_is_good_for_a_minute(self, here, monkeypatch):
        code = here.code()
        Token.objects.filter(kind="code").update(expires=datetime(2020, 1, 1, tzinfo=UTC))
        assert error_of(here.redeem(code)) == "invalid_grant"

    def test_a_wrong_secret(self, here):
        answer = here.redeem(here.code(), secret="wrong")
        assert error_of(answer, 401) == "invalid_client"
        assert answer["WWW-Authenticate"].startswith("Basic")

    def test_a_secret_in_the_body(self, here):
        public, _ = here.register("Phone")
        answer = here.redeem(here.code(), app=public, client_id=here.app.client,
                             client_secret=here.secret)  # fmt: skip
        assert error_of(answer, 401) == "invalid_client"

    def test_a_confidential_client_without_its_secret(self, here):
        public, _ = here.register("Phone")
        answer = here.redeem(here.code(), app=public, client_id=here.app.client)
        assert error_of(answer, 401) == "invalid_client"

    def test_guesses_are_limited(self, here):
        """After ten wrong ones even the right secret has to wait."""
        for _ in range(10):
            assert error_of(here.redeem("x", secret="wrong"), 401) == "invalid_client"
        answer = here.redeem(here.code())
        assert answer.status_code == 429
        assert answer["Retry-After"] == "300"

    def test_a_form_and_by_post(self, here):
        assert Browser().get("/oauth/token").status_code == 405
        answer = Browser().post("/oauth/token", "{}", content_type="application/json")
        assert error_of(answer) == "invalid_request"


class TestPublicClient:
    def test_a_public_client_proves_itself_by_the_code(self, here):
        """No secret: the verifier binds the code to whoever began."""
        app, secret = here.register("Phone", redirects=["org.example.phone:/back"])
        assert secret == ""
        page = here.authorize(client_id=app.client, redirect_uri="org.example.phone:/back")
        answer = here.agree(page, person=here.person(here.aroha),
                            scope=["launch/patient", "patient/*.rs"])  # fmt: skip
        assert answer["Location"].startswith("org.example.phone:/back?code=")
        code = parse_qs(urlsplit(answer["Location"]).query)["code"][0]
        got = here.redeem(code, app=app, client_id=app.client,
                          redirect_uri="org.example.phone:/back")  # fmt: skip
        assert got.status_code == 200, got.content
        assert got.json()["patient"] == here.aroha

    def test_it_need_not_name_itself_when_it_refreshes(self, here):
        """The SMART client of JavaScript does not; who has to prove itself still has to."""
        app, _ = here.register("Phone")
        scope = "launch/patient offline_access patient/*.rs"
        page = here.authorize(client_id=app.client, scope=scope)
        answer = here.agree(page, person=here.person(here.aroha), scope=scope.split())
        code = parse_qs(urlsplit(answer["Location"]).query)["code"][0]
        held = here.redeem(code, app=app, client_id=app.client).json()["refresh_token"]
        again = {"grant_type": "refresh_token", "app": app}
        new = here.post(**again, refresh_token=held)
        assert new.status_code == 200, new.content
        assert error_of(here.post(**again, refresh_token=held)) == "invalid_grant"
        assert error_of(here.post(**again, refresh_token="x"), 401) == "invalid_client"
        proved = here.tokens(scope=scope)["refresh_token"]
        assert error_of(here.post(**again, refresh_token=proved), 401) == "invalid_client"


class TestRefresh:
    SCOPE = "launch/patient offline_access patient/*.rs"

    def test_a_refresh_token_is_exchanged_for_another(self, here):
        got = here.tokens(scope=self.SCOPE)
        new = here.post(grant_type="refresh_token", refresh_token=got["refresh_token"]).json()
        assert new["refresh_token"] != got["refresh_token"]
        assert new["patient"] == here.aroha
        assert new["scope"] == got["scope"]
        assert here.fhir(new["access_token"], f"Patient/{here.aroha}").status_code == 200

    def test_one_that_comes_again_ends_everything(self, here):
        """Whether the thief or the owner came second: both tokens end."""
        got = here.tokens(scope=self.SCOPE)
        first = {"grant_type": "refresh_token", "refresh_token": got["refresh_token"]}
        new = here.post(**first).json()
        assert error_of(here.post(**first)) == "invalid_grant"
        assert here.fhir(new["access_token"], f"Patient/{here.aroha}").status_code == 401
        again = here.post(grant_type="refresh_token", refresh_token=new["refresh_token"])
        assert error_of(again) == "invalid_grant"

    def test_for_less_and_never_for_more(self, here):
        got = here.tokens(scope=self.SCOPE)
        more = here.post(grant_type="refresh_token", refresh_token=got["refresh_token"],
                         scope="patient/*.cruds")  # fmt: skip
        assert error_of(more) == "invalid_scope"
        less = here.post(grant_type="refresh_token", refresh_token=got["refresh_token"],
                         scope="patient/Patient.r").json()  # fmt: skip
        assert less["scope"] == "patient/Patient.r"
        assert here.fhir(less["access_token"], f"Observation/{here.weight}").status_code == 403
        whole = here.post(grant_type="refresh_token", refresh_token=less["refresh_token"]).json()
        assert whole["scope"] == got["scope"]

    def test_a_role_that_shrank_shrinks_the_token(self, here):
        got = here.tokens(scope="launch/patient offline_access patient/*.cruds")
        assert "patient/*.cruds" in got["scope"]
        actions.set_roles(username="ofelia", roles=["identity-checker"], by=JOB)
        new = here.post(grant_type="refresh_token", refresh_token=got["refresh_token"]).json()
        assert new["scope"] == "launch/patient offline_access patient/Patient.rs"

    def test_whoever_was_let_go_goes_on_no_further(self, here):
        got = here.tokens(scope=self.SCOPE)
        actions.set_active(username="ofelia", active=False, by=JOB)
        assert here.fhir(got["access_token"], f"Patient/{here.aroha}").status_code == 401
        answer = here.post(grant_type="refresh_token", refresh_token=got["refresh_token"])
        assert error_of(answer) == "invalid_grant"

    def test_another_clients_refresh_token(self, here):
        got = here.tokens(scope=self.SCOPE)
        app, secret = here.register("Thief", "confidential")
        answer = here.post(app=app, secret=secret, grant_type="refresh_token",
                           refresh_token=got["refresh_token"])  # fmt: skip
        assert error_of(answer) == "invalid_grant"


class TestTokensAtTheServer:
    def test_an_expired_token(self, here):
        got = here.tokens()
        Token.objects.filter(kind="access").update(expires=datetime(2020, 1, 1, tzinfo=UTC))
        refused = here.fhir(got["access_token"], f"Patient/{here.aroha}")
        assert refused.status_code == 401
        assert "expired" in refused["WWW-Authenticate"]

    @pytest.mark.parametrize("token", ["smart_made-up", "eyJhbGciOiJub25lIn0.e30.", "x"])
    def test_a_token_from_elsewhere(self, here, token):
        assert here.fhir(token, f"Patient/{here.aroha}").status_code == 401

    def test_a_refresh_token_or_a_code_opens_nothing(self, here):
        got = here.tokens(scope=TestRefresh.SCOPE)
        assert here.fhir(got["refresh_token"], f"Patient/{here.aroha}").status_code == 401
        assert here.fhir(here.code(), f"Patient/{here.aroha}").status_code == 401

    def test_what_is_kept_opens_nothing(self, here):
        """The database holds digests."""
        got = here.tokens(scope=TestRefresh.SCOPE)
        kept = {*Token.objects.values_list("digest", flat=True)}
        assert not kept & {got["access_token"], got["refresh_token"]}

    def test_introspection_and_revocation(self, here):
        got = here.tokens(scope=TestRefresh.SCOPE)
        said = here.post("introspect", token=got["access_token"]).json()
        assert said["active"] is True
        assert said["patient"] == here.aroha
        assert said["client_id"] == here.app.client
        assert here.post("introspect", token="x").json() == {"active": False}
        assert here.post("revoke", token=got["access_token"]).status_code == 200
        assert here.post("introspect", token=got["access_token"]).json() == {"active": False}
        assert here.post("introspect", token=got["refresh_token"]).json()["active"] is True
        assert here.post("revoke", token=got["refresh_token"]).status_code == 200
        assert not Grant.objects.filter(revoked=None).exists()

    def test_a_public_client_may_not_introspect(self, here):
        app, _ = here.register("Phone")
        answer = here.post("introspect", app=app, client_id=app.client, token="x")
        assert error_of(answer, 401) == "invalid_client"

    def test_another_clients_token_is_not_revoked(self, here):
        got = here.tokens()
        app, _ = here.register("Phone")
        answer = here.post("revoke", app=app, client_id=app.client, token=got["access_token"])
        assert answer.status_code == 200
        assert here.fhir(got["access_token"], f"Patient/{here.aroha}").status_code == 200

    def test_an_application_that_is_removed_has_no_tokens(self, here):
        got = here.tokens()
        registry.remove(client="Growth", by=JOB)
        assert here.fhir(got["access_token"], f"Patient/{here.aroha}").status_code == 401


class TestLaunchFromTheRecord:
    def launch(self, here, app):
        person = here.person(here.aroha)
        here.browser.post(f"/purpose/{person}/", {"purpose": "records management",
                          "reason": "a duplicate", "to": "/"})  # fmt: skip
        page = here.browser.get(f"/people/{person}/apps/")
        assert "Open Chart" in page.content.decode()
        answer = here.browser.post(f"/people/{person}/apps/", {"client": app.client})
        said = parse_qs(urlsplit(answer["Location"]).query)
        assert answer["Location"].startswith("https://app.example/launch?")
        assert said["iss"] == [BASE]
        return said["launch"][0]

    def test_the_person_and_the_purpose_come_along(self, here):
        app, _ = here.register("Chart", launch="https://app.example/launch")
        token = self.launch(here, app)
        asked = {"client_id": app.client, "scope": "launch patient/*.rs", "launch": token}
        page = here.authorize(**asked)
        assert "a duplicate" in page.content.decode()
        back = told(here.agree(page, person="", purpose="", reason=""))
        got = here.redeem(back["code"], app=app, client_id=app.client).json()
        assert got["patient"] == here.aroha
        assert got["scope"] == "launch patient/*.rs"
        assert Audit.objects.filter(act="app.granted", purpose="records management",
                                    reason="a duplicate").exists()  # fmt: skip
        # A launch is good once, for that application and that user.
        assert told(here.authorize(**asked))["error"] == "invalid_request"

    def test_another_user_or_application_cannot_use_the_launch(self, here):
        app, _ = here.register("Chart", launch="https://app.example/launch")
        token = self.launch(here, app)
        asked = {"scope": "launch patient/*.rs", "launch": token}
        assert told(here.authorize(**asked))["error"] == "invalid_request"
        browser = here.sign_in("olga", "records-officer")
        answer = here.authorize(browser, client_id=app.client, **asked)
        assert told(answer)["error"] == "invalid_request"


class Service:
    """A backend service with its key."""

    def __init__(self, here, alg="ES384", scopes="system/*.rs"):
        make = {"ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
                "RS384": lambda: rsa.generate_private_key(65537, 2048)}  # fmt: skip
        self.key, self.alg, self.here = make[alg](), alg, here
        algorithm = jwt.get_algorithm_by_name(alg)
        public = json.loads(algorithm.to_jwk(self.key.public_key())) | {"kid": "k1"}
        self.app, _ = here.register(
            "Nightly", "backend", scopes, redirects=(), jwks=json.dumps({"keys": [public]}),
            organisation="hospital",
        )  # fmt: skip

    def claims(self, **changes):
        said = {
            "iss": self.app.client, "sub": self.app.client, "jti": str(time.monotonic_ns()),
            "aud": "http://testserver/oauth/token", "exp": int(time.time()) + 240,
        } | changes  # fmt: skip
        return {k: v for k, v in said.items() if v is not None}

    def ask(self, *, header=None, alg=None, key=None, scope="system/*.rs", claims=None):
        assertion = jwt.encode(
            claims or self.claims(), key or self.key, algorithm=alg or self.alg,
            headers={"kid": "k1"} | (header or {}),
        )  # fmt: skip
        return self.here.post(
            app=self.app, grant_type="client_credentials", scope=scope, client_assertion=assertion,
            client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        )  # fmt: skip


class TestBackendService:
    @pytest.mark.parametrize("alg", ["RS384", "ES384"])
    def test_a_signed_assertion_gives_a_token(self, here, alg):
        service = Service(here, alg)
        got = service.ask().json()
        assert got["scope"] == "system/*.rs"
        assert got["expires_in"] == 300
        assert "refresh_token" not in got
        # Who asks is an application of the hospital: without a tie there is nobody to see.
        found = here.fhir(got["access_token"], "Observation?_summary=count")
        assert found.json()["total"] == 0
        assert Audit.objects.filter(actor="app:Nightly", act="fhir.searched").exists()

    def test_what_it_was_let_in_for_cuts_its_scopes(self, here):
        service = Service(here, scopes="system/Patient.rs")
        assert service.ask(scope="system/*.cruds").json()["scope"] == "system/Patient.rs"
        assert error_of(service.ask(scope="system/Observation.rs")) == "invalid_scope"
        assert error_of(service.ask(scope="user/*.rs")) == "invalid_scope"
        assert error_of(service.ask(scope="")) == "invalid_request"

    @pytest.mark.parametrize(
        "changes",
        [
            {"aud": "https://elsewhere.example/token"}, {"aud": None}, {"exp": None},
            {"exp": 1_000_000}, {"exp": int(time.time()) + 3600}, {"exp": "soon"}, {"jti": None},
            {"jti": 7}, {"jti": ""}, {"sub": "another"}, {"iss": "another"}, {"sub": None},
        ],
    )  # fmt: skip
    def test_claims_that_do_not_hold(self, here, changes):
        service = Service(here)
        assert error_of(service.ask(claims=service.claims(**changes)), 401) == "invalid_client"

    def test_an_assertion_is_shown_once(self, here):
        service = Service(here)
        claims = service.claims()
        assert service.ask(claims=claims).status_code == 200
        assert error_of(service.ask(claims=claims), 401) == "invalid_client"

    def test_another_key_and_other_ways_to_sign(self, here):
        service = Service(here)
        other = ec.generate_private_key(ec.SECP384R1())
        assert error_of(service.ask(key=other), 401) == "invalid_client"
        assert error_of(service.ask(header={"kid": "k2"}), 401) == "invalid_client"
        assert error_of(service.ask(header={"jku": "https://x.example/"}), 401) == "invalid_client"
        assert error_of(service.ask(alg="HS384", key="k" * 48), 401) == "invalid_client"
        rsa_key = rsa.generate_private_key(65537, 2048)
        assert error_of(service.ask(alg="RS384", key=rsa_key), 401) == "invalid_client"
        none = f"{_part({'alg': 'none', 'kid': 'k1'})}.{_part(service.claims())}."
        answer = here.post(app=service.app, grant_type="client_credentials", scope="system/*.rs",
                           client_assertion=none, client_assertion_type="urn:ietf:params:oauth:"
                           "client-assertion-type:jwt-bearer")  # fmt: skip
        assert error_of(answer, 401) == "invalid_client"

    def test_a_confidential_client_may_sign_too(self, here):
        """Instead of a secret: client-confidential-asymmetric."""
        key = ec.generate_private_key(ec.SECP384R1())
        algorithm = jwt.get_algorithm_by_name("ES384")
        public = json.loads(algorithm.to_jwk(key.public_key())) | {"kid": "k"}
        app, secret = here.register("Signs", "confidential", jwks=json.dumps({"keys": [public]}))
        assert secret == ""
        page = here.authorize(client_id=app.client)
        back = told(here.agree(page, person=here.person(here.aroha), scope=["patient/*.rs"]))
        claims = {"iss": app.client, "sub": app.client, "jti": "1", "exp": int(time.time()) + 60,
                  "aud": "http://testserver/oauth/token"}  # fmt: skip
        got = here.redeem(
            back["code"], app=app, client_assertion=jwt.encode(claims, key, "ES384", {"kid": "k"}),
            client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        )  # fmt: skip
        assert got.json()["scope"] == "patient/*.rs"


def _part(said):
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


class TestDiscovery:
    def test_the_configuration_is_true(self, here):
        """Each endpoint that it names is there; both documents name the same issuer."""
        said = Browser().get("/fhir/.well-known/smart-configuration").json()
        assert said["code_challenge_methods_supported"] == ["S256"]
        assert "plain" not in json.dumps(said)
        for name in ("authorization", "token", "introspection", "revocation", "management"):
            path = urlsplit(said[f"{name}_endpoint"]).path
            assert Browser().get(path).status_code in {302, 400, 405}, path
        openid = Browser().get("/oauth/.well-known/openid-configuration").json()
        assert openid["issuer"] == said["issuer"] == "http://testserver/oauth"
        keys = Browser().get("/oauth/jwks.json").json()["keys"]
        assert all(not {"d", "p", "q"} & {*key} for key in keys)

    def test_the_other_door_names_the_pages(self, monkeypatch):
        """The stream's port serves FHIR too; people sign in at the pages."""
        from onesystem.record.fhir.smart.places import bases_of, origin_of

        monkeypatch.setenv("ONESYSTEM_PAGES_PORT", "8000")
        monkeypatch.setenv("ONESYSTEM_STREAM_PORT", "8001")
        assert origin_of("http://h.example:8001/fhir") == "http://h.example:8000"
        assert origin_of("http://h.example:8000/fhir") == "http://h.example:8000"
        assert bases_of("http://h.example:8000") == [
            "http://h.example:8000/fhir", "http://h.example:8001/fhir"
        ]  # fmt: skip

    def test_browsers_of_named_origins_may_ask(self, here, monkeypatch):
        monkeypatch.setenv("ONESYSTEM_FHIR_ORIGINS", "https://app.example")
        answer = Browser().options("/oauth/token", headers={"Origin": "https://app.example"})
        assert answer["Access-Control-Allow-Origin"] == "https://app.example"
        answer = Browser().options("/oauth/token", headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in answer


class TestRegistry:
    @pytest.mark.parametrize(
        "changes",
        [
            {"redirects": ["http://app.example/"]}, {"redirects": ["javascript:alert(1)"]},
            {"redirects": ["https://app.example/#x"]}, {"redirects": []}, {"redirects": ["/back"]},
            {"launch": "http://app.example/"}, {"scopes": ""}, {"scopes": "patient/*.xyz"},
            {"scopes": "system/*.rs"}, {"scopes": "online_access"}, {"name": "<b>"},
            {"jwks": '{"keys": []}', "kind": "confidential"},
            {"jwks": "no", "kind": "confidential"},
            {"kind": "backend"}, {"kind": "trusted"},
        ],
    )  # fmt: skip
    def test_what_cannot_be(self, here, changes):
        said = {"name": "New", "kind": "public", "scopes": "patient/*.rs",
                "redirects": [BACK]} | changes  # fmt: skip
        with pytest.raises(BadConfig):
            registry.add(by=JOB, **said)

    def test_a_private_key_is_not_taken(self, here):
        key = jwt.get_algorithm_by_name("ES384").to_jwk(ec.generate_private_key(ec.SECP384R1()))
        jwks = json.dumps({"keys": [json.loads(key) | {"kid": "1"}]})
        with pytest.raises(BadConfig, match="private"):
            here.register("New", "confidential", jwks=jwks)

    def test_an_administrator_removes_an_application(self, here):
        browser = here.sign_in("ada", "administrator")
        assert "Growth" in browser.get("/settings/apps/").content.decode()
        answer = browser.post("/settings/apps/", {"client": here.app.client})
        assert answer.status_code == 302
        assert registry.apps() == []
        assert here.browser.get("/settings/apps/").status_code == 403

    def test_a_user_ends_what_they_let_in(self, here):
        got = here.tokens()
        page = here.browser.get("/account/apps/").content.decode()
        assert "Growth" in page
        grant = re.search(r'name="grant" value="(\d+)"', page)[1]
        other = here.sign_in("olga", "records-officer")
        other.post("/account/apps/", {"grant": grant})
        assert here.fhir(got["access_token"], f"Patient/{here.aroha}").status_code == 200
        here.browser.post("/account/apps/", {"grant": grant})
        assert here.fhir(got["access_token"], f"Patient/{here.aroha}").status_code == 401

    def test_what_ended_long_ago_is_forgotten(self, here):
        here.tokens()
        long_ago = datetime.now(UTC) - timedelta(days=30)
        Token.objects.update(expires=long_ago)
        grants.sweep()
        assert not Token.objects.exists()


def test_an_issued_token_ends_when_it_says(here):
    """The tokens that an administrator issues have an end too, on either store."""
    from onesystem.record.fhir import clients

    def token(ends):
        return clients.issue(client="x", scopes="user/*.rs", purpose="records management",
                             username="ofelia", by=JOB, expires=ends)  # fmt: skip

    at = datetime.now(UTC)
    assert here.fhir(token(at + timedelta(hours=1)), f"Patient/{here.aroha}").status_code == 200
    assert here.fhir(token(at - timedelta(hours=1)), f"Patient/{here.aroha}").status_code == 401
