"""Staff sign in at an OpenID provider that we did not write, in a real browser.

The provider is `oidc-provider-mock` (on Authlib), in a process of its own: discovery, the page
where somebody says who they are, the code, the token and the keys all go over HTTP.
"""

import json
import re
import socket
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec

import pytest
from browsing import wait_for
from test_journeys import Journey, add, journey  # noqa: F401

from onesystem.access.models import Audit, User

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(find_spec("oidc_provider_mock") is None, reason="no provider here"),
]
PEOPLE = {"kiri": "kiri@trust.example", "stranger": "stranger@trust.example"}


@pytest.fixture(scope="module")
def provider():
    """The address of a provider that knows two people."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    known = [
        f"--user-claims={json.dumps({'sub': who, 'email': address, 'email_verified': True})}"
        for who, address in PEOPLE.items()
    ]
    asked = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", f"--port={port}"]
    served = subprocess.Popen([*asked, "--require-nonce", *known], stderr=subprocess.DEVNULL)
    wait_for(port)
    yield f"http://localhost:{port}"
    served.terminate()
    served.wait(30)


@pytest.fixture
def trust(provider, joined, add, monkeypatch):  # noqa: F811
    """The district signs its staff in there; one of the two people is known here."""
    file = joined.path / "district.toml"
    said = (
        f'\n[sign_in.oidc.trust]\nname = "Testshire Trust"\nissuer = "{provider}"\n'
        'client_id = "onesystem"\nsecret_env = "TRUST_SECRET"\n'
    )
    file.write_text(file.read_text(encoding="utf-8") + said, encoding="utf-8")
    monkeypatch.setenv("TRUST_SECRET", "hush")
    add("ed-nurse")
    User.objects.filter(username="ed-nurse").update(email=PEOPLE["kiri"])


def sign_in_there(journey, who):  # noqa: F811
    """From our page of sign-in, by way of theirs."""
    page = journey.page
    page.context.route(re.compile(r"^https://"), lambda route: route.abort())  # its own styles
    journey.go("/account/login/")
    page.get_by_role("link", name="Sign in with Testshire Trust").press("Enter")
    page.get_by_role("button", name=who, exact=True).press("Enter")
    page.wait_for_url(f"{journey.address}/**")


def test_somebody_known_here_is_signed_in(journey, trust):  # noqa: F811
    """By keyboard alone, without a password of ours; and it is in the trail."""
    sign_in_there(journey, "kiri")
    assert journey.page.get_by_role("navigation", name="Main").is_visible()
    assert Audit.objects.filter(act="session.started", actor="ed-nurse").count() == 1


def test_somebody_else_is_told_whom_to_ask(journey, trust):  # noqa: F811
    """They signed in there, and have no account here."""
    sign_in_there(journey, "stranger")
    journey.then_i_see("have no account here")
    journey.then_i_see("Ask your administrator")
    assert Audit.objects.filter(act="session.refused", what="trust").count() == 1
