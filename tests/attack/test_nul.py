"""A NUL byte through every door: PostgreSQL keeps none, so each door says 400, or sets aside.

SQLite would keep it, and the district could not be moved; so the doors are the same on both.
"""

import json
import logging
import re
from urllib.parse import quote

import pytest
from attack_routes import routes
from django.conf import settings
from fhir_asking import Client
from page_data import adt

from onesystem.access.roles import ROLES
from onesystem.feeds import Arrival, take_messages
from onesystem.feeds.models import Message

pytestmark = pytest.mark.django_db
NUL = "a\0b"
PART = {"HX-Request": "true"}  # an answer without the frame: the same doors, a tenth of the time
FORM = "application/x-www-form-urlencoded"
COOKIE = settings.SESSION_COOKIE_NAME
PATIENT = {
    "resourceType": "Patient", "id": "p", "active": True, "birthDate": "1950-03-04",
    "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9434765919"}],
    "name": [{"family": "Aroha", "given": ["Siân"]}], "gender": "female",
    "telecom": [{"system": "phone", "value": "01603 123456"}],
    "address": [{"line": ["1 Mill Road"], "city": "Norwich", "postalCode": "NR2 3TX"}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet():
    """Hundreds of refusals are no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def every(browser):
    return browser(tuple(ROLES), "every")


@pytest.mark.page
def test_no_address_and_no_question_with_one_is_looked_at(every):
    wrong = []
    for route in routes():
        words = {name: quote(NUL, safe="") for name, kind in route.takes.items() if kind == "str"}
        at = route.address(**words) if words else f"{route.address()}?q={quote(NUL)}"
        answer = every.get(at, headers=PART)
        if answer.status_code != 400:
            wrong.append((at, answer.status_code))
    assert not wrong, wrong[:20]


@pytest.mark.page
def test_no_form_with_one_is_taken(every):
    wrong = []
    for route in routes():
        answer = every.post(route.address(), f"q={quote(NUL)}", FORM, headers=PART)
        if answer.status_code not in {400, 405}:
            wrong.append((route.name, answer.status_code))
    assert not wrong, wrong[:20]


@pytest.mark.parametrize("way", [{}, {"content_type": "application/json"}])
def test_no_form_with_files_and_no_json_with_one_is_taken(every, way):
    answer = every.post("/purpose/1/", {"reason": NUL}, **way)
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["authorization", "x-forwarded-for", "hx-current-url", "origin"])
def test_no_header_with_one_is_looked_at(every, name):
    assert every.get("/people/", headers={name: NUL}).status_code == 400


def test_no_cookie_with_one_is_looked_at(every):
    """A quoted cookie may write any character as its number."""
    answer = every.get("/people/", headers={"cookie": f'{COOKIE}="{"a" * 32}\\000"'})
    assert answer.status_code == 400


def test_it_is_said_plainly(every):
    for answer in (every.get("/people/?q=%00"), every.post("/people/", {"q": NUL})):
        assert "a character that cannot be kept (NUL, code 0)" in answer.content.decode()


def fields_with_one(tree, spot=""):
    """The tree once for each text in it, with a NUL there."""
    if isinstance(tree, str):
        yield f"{tree[:2]}\0{tree[2:]}"
    elif isinstance(tree, dict):
        for name, each in tree.items():
            if name != "resourceType":
                yield from ({**tree, name: spoilt} for spoilt in fields_with_one(each))
    elif isinstance(tree, list):
        for i, each in enumerate(tree):
            yield from ([*tree[:i], spoilt, *tree[i + 1 :]] for spoilt in fields_with_one(each))


def test_no_message_with_one_is_a_fault(joined):
    """Each field of HL7, FHIR and an extract in turn: read without it, or set aside with why."""
    sent = [(json.dumps(each).encode(), "practice", "fhir") for each in fields_with_one(PATIENT)]
    rows = b"id,who,place,in,out\n1,p\0,nursing,2021-03-01 09:00,2021-03-01 10:00\n"
    sent.append((rows, "pas", ""))
    whole = adt("1")
    for number, part in enumerate(re.finditer(rb"[A-Za-z0-9]{2,}(?=[|^&~\r])", whole)):
        for sign in (b"\0", b"\\X00\\"):
            spoilt = whole[: part.end()] + sign + whole[part.end() :] + b"%d" % number
            sent.append((spoilt, "pas", "hl7v2"))
    take_messages([Arrival(source=source, data=data, name=str(n), format=form)
                   for n, (data, source, form) in enumerate(sent)])  # fmt: skip
    aside = Message.objects.filter(state="quarantined")
    assert not [m.reason for m in aside if m.rule == "feeds.fault" or not (m.reason and m.cure)]
    assert Message.objects.count() == len(sent)
    assert aside.filter(rule="feeds.nul").count() > len(sent) / 4


def test_nothing_with_one_is_asked_of_the_fhir_api(joined):
    app, address = Client(), "Patient/p"
    spoilt = json.dumps(PATIENT).replace("Aroha", r"Aro\u0000ha").encode()
    asked = [app.put(address, spoilt), app.put(address, PATIENT, if_match=NUL),
             app.get("Patient?family=%00"), app.get("Patient/\0"),
             app.ask("POST", "Patient/_search", b"family=%00", type_=FORM)]  # fmt: skip
    assert [each.status for each in asked] == [400] * 5
    assert "NUL" in asked[0].issue["diagnostics"]
    assert app.put(address, PATIENT).status == 201
