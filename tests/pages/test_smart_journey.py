"""A SMART application's story in a real browser: let in, used, refreshed and ended by its user.

The application is a page of another origin that knows nothing of us but the address of our FHIR
server: it finds the rest where SMART App Launch says that it is.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browsing import is_for_everybody
from fhir_asking import Client, patient, weight
from test_journeys import Journey, add, journey  # noqa: F401

from onesystem.access import Actor
from onesystem.access.models import Audit
from onesystem.record.fhir.smart import registry
from onesystem.record.models import EntryRow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = """<!doctype html><html lang="en"><title>Growth</title><h1>Growth</h1><pre id="told"></pre>
<script>
const client = "CLIENT", back = location.origin + "/back";
const coded = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "");
const tell = (words) => { document.getElementById("told").textContent += words + "\\n"; };
const kept = () => JSON.parse(sessionStorage.getItem("kept"));
const keep = (more) => sessionStorage.setItem("kept", JSON.stringify({...kept(), ...more}));
async function begin(said) {
  const iss = said.get("iss"), launch = said.get("launch");
  const known = await (await fetch(iss + "/.well-known/smart-configuration")).json();
  const verifier = coded(crypto.getRandomValues(new Uint8Array(48)));
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  keep({iss, verifier, token: known.token_endpoint});
  const asked = {response_type: "code", client_id: client, redirect_uri: back, aud: iss,
    state: "s1", code_challenge: coded(sum), code_challenge_method: "S256",
    scope: (launch ? "launch" : "launch/patient") + " offline_access patient/*.rs"};
  if (launch) asked.launch = launch;
  location.href = known.authorization_endpoint + "?" + new URLSearchParams(asked);
}
async function exchange(form) {
  const made = await fetch(kept().token, {method: "POST", body: new URLSearchParams(form)});
  const said = await made.json();
  if (made.ok) keep({access: said.access_token, refresh: said.refresh_token});
  return said;
}
async function read() {
  const headers = {Authorization: "Bearer " + kept().access};
  const of = "/Observation?patient=" + kept().patient;
  const found = await fetch(kept().iss + of, {headers});
  const said = await found.json();
  tell(found.status + " " + (said.entry || []).map((e) => e.resource.valueQuantity.value));
}
async function refresh() {
  const said = await exchange({grant_type: "refresh_token", refresh_token: kept().refresh});
  tell(said.error || "refreshed");
}
async function come() {
  const said = new URLSearchParams(location.search);
  if (said.get("iss")) return begin(said);
  if (said.get("error")) return tell(said.get("error"));
  const got = await exchange({grant_type: "authorization_code", code: said.get("code"),
    redirect_uri: back, client_id: client, code_verifier: kept().verifier});
  keep({patient: got.patient});
  tell(got.scope + " " + got.patient);
  await read();
}
come();
</script></html>"""


class Answer(BaseHTTPRequestHandler):
    """The same page at every address of the application."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.server.page)

    def log_message(self, *_):
        """Nothing: a test keeps no log."""


class Served(ThreadingHTTPServer):
    """An application of another origin, on this machine."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.origin, self.page = f"http://127.0.0.1:{self.server_port}", b""
        threading.Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture
def app():
    """The application, at an origin of its own."""
    made = Served()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def growth(app, journey, add, monkeypatch):  # noqa: F811
    """The application let in, a person with a weight, and somebody whose role opens them."""
    monkeypatch.setenv("ONESYSTEM_FHIR_ORIGINS", app.origin)
    source = Client(name="loader")
    source.put("Patient/p", patient(id="p"))
    source.put("Observation/w", json.loads(weight("Patient/p", "3.20")) | {"id": "w"})
    known, _ = registry.add(
        name="Growth", kind="public", redirects=[f"{app.origin}/back"],
        launch=f"{app.origin}/launch", by=Actor.job("tests"),
        scopes="launch launch/patient offline_access patient/*.rs",
    )  # fmt: skip
    app.page = PAGE.replace("CLIENT", known.client).encode()
    journey.given_i_signed_in_as(add("records-officer"))
    return journey


def consent(page, app):
    """Agree on the page that says what the application may do."""
    page.get_by_role("heading", name="Let Growth in?").wait_for()
    assert "Rātā" in page.inner_text("main")
    is_for_everybody(page)
    if page.locator("[name=reason]").count():
        page.fill("[name=reason]", "checking the weight")
    page.get_by_role("button", name="Let it in").click()
    page.wait_for_url(f"{app.origin}/back**")


def told(page, words):
    page.locator("#told", has_text=words).wait_for()


def test_by_itself_to_the_end_of_it(growth, app):
    """The user chooses whose record, agrees, and ends it; nothing opens any more."""
    page = growth.page
    page.goto(f"{app.origin}/launch?iss={growth.address}/fhir")
    page.get_by_role("heading", name="Whose record shall Growth open?").wait_for()
    is_for_everybody(page)
    page.keyboard.type("Rātā")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Aroha Rātā").click()
    consent(page, app)
    told(page, "patient/*.rs p")
    told(page, "200 3.2")
    page.evaluate("refresh().then(read)")
    told(page, "refreshed")
    mine = growth.context.new_page()
    mine.goto(f"{growth.address}/account/apps/")
    mine.get_by_role("heading", name="Growth").wait_for()
    is_for_everybody(mine)
    mine.get_by_role("button", name="End").click()
    mine.get_by_text("Ended.").wait_for()
    page.evaluate("read().then(refresh)")
    told(page, "401")
    told(page, "invalid_grant")
    reads = Audit.objects.filter(act="fhir.searched", actor="records-officer", person__gt=0)
    assert reads.count() == 2
    assert Audit.objects.filter(act="app.grant-ended").count() == 1


def test_from_the_record_of_a_person(growth, app):
    """The person and the purpose come along; the user is asked all the same."""
    page = growth.page
    person = EntryRow.objects.get(kind="Patient").identity
    growth.go(f"/people/{person}/")
    growth.when_i_say_why("checking the weight")
    page.get_by_role("link", name="Launch app").click()
    is_for_everybody(page)
    page.get_by_role("button", name="Open Growth").click()
    consent(page, app)
    told(page, "200 3.2")


def test_who_refuses_goes_back_with_nothing(growth, app):
    page = growth.page
    page.goto(f"{app.origin}/launch?iss={growth.address}/fhir")
    page.get_by_role("button", name="Refuse").click()
    told(page, "access_denied")
