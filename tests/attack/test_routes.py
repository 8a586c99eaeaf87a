"""Every address is tried by whoever should not be there: the table of addresses, none missed."""

import logging
from http import HTTPStatus

import pytest
from access_worlds import identity
from attack_routes import routes
from django.utils import timezone
from page_data import give_purpose

from onesystem.access.roles import RIGHTS, ROLES, rights_of
from onesystem.people.models import Identity

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}  # an answer without the frame: the same doors, a tenth of the time
SECRET = "Quay-Hidden-Seven"
OTHERS = ("PUT", "PATCH", "TRACE", "OPTIONS", "BREW")
SHUT = {401, 403}
UNTAKEN = {302, 400, 401, 405}  # 302: a form that starts an application's sign-in leads to its page
# What answers whoever is not signed in, and why that is right.
FOR_ALL = {
    "account_login": "the way in",
    "account_logout": "asks nothing",
    "account_inactive": "says that an account is closed",
    "account_reset_password": "says whom to ask",
    "account_signup": "the same",
    "account_email": "the same",
    "account_set_password": "the same",
    "choose_language": "asks for nothing but a language",
    "robots.txt": "says nothing",
    "record:smart_authorize": "leads to the sign-in, or says what is wrong with the application",
    "record:smart_token": "asks the application for its proof",
    "record:smart_introspect": "the same",
    "record:smart_revoke": "the same",
    "record:smart_jwks": "public keys",
    "oauth/.well-known/openid-configuration": "what can be discovered",
    "drafts:back": "says that one has signed in again",
    "tasks:worker": "a script",
    "tasks:offline": "a page with nothing in it",
    "plan_case:public": "published for all",
    "plan_case:public_case": "the same",
    "meeting:public": "the register for all; seats, not names",
    "access:openid": "leads to an organisation's sign-in",
    "access:openid_back": "signs somebody in, or says why not",
}
# Pages with two doors, and one that leads whoever may not see it to their own.
EITHER = {
    "compare:compare": "nation.see",
    "compare:nation": "nation.see",
    "entitlement:rules": "means.assess",
    "entitlement:calculator": "means.assess",
}
LEADS_ON = {"flow:now"}
NOT_JOINED = "No record is joined to your account yet"
# They look at nothing but the session, and end or prolong it.
OWN = {"account_logout", "access:stay"}


@pytest.fixture(autouse=True)
def _quiet():
    """Hundreds of refusals are no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def asked(client, route, headers=None, **given):
    """What a look at it answers; where it takes none, what a form answers."""
    answer = client.get(route.address(**given), headers=headers)
    takes_none = answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    return client.post(route.address(**given), headers=headers) if takes_none else answer


def test_nobody_gets_anywhere_before_the_sign_in(browser):
    stranger, wrong, seen = browser(), [], 0
    for route in routes():
        answer = asked(stranger, route)
        to = answer.headers.get("Location", "")
        shut = answer.status_code in SHUT or (
            answer.status_code == 302
            and to.startswith(("/account/login/", "/account/authenticate"))
        )
        if not shut and route.name not in FOR_ALL:
            wrong.append((route.name, answer.status_code, to))
        seen += 1
    assert not wrong, wrong
    assert seen > 500
    assert FOR_ALL.keys() <= {route.name for route in routes()}


def test_nobody_gets_anywhere_without_the_right(browser):
    """Somebody holds every role but those with the right: nothing else makes up for it."""
    wrong = []
    today = timezone.now().date()
    for right in RIGHTS:
        behind = [route for route in routes() if route.mark("right") == right]
        if not behind:
            continue
        roles = [role for role in ROLES if right not in rights_of([role], today)]
        client = browser(roles, f"not.{right}")
        for route in behind:
            if EITHER.get(route.name) in rights_of(roles, today):
                continue
            answer = asked(client, route, PART)
            led = route.name in LEADS_ON and answer.status_code == HTTPStatus.FOUND
            if answer.status_code != HTTPStatus.FORBIDDEN and not led:
                wrong.append((route.name, right, answer.status_code))
    assert not wrong, wrong


def test_nobody_without_a_role_gets_anywhere_that_asks_for_a_right(browser):
    nobody, wrong = browser([], "nobody"), []
    for route in routes():
        if route.name in OWN or route.mark("csrf_exempt"):
            continue
        answer = asked(nobody, route, PART)
        if answer.status_code >= 500 or (route.mark("right") and answer.status_code != 403):
            wrong.append((route.name, answer.status_code))
    assert not wrong, wrong


def test_nobody_opens_a_person_who_is_not_theirs(browser):
    """Every role, and the purpose given: the person is of another organisation's people."""
    identity(7, 7, source="practice", practice="practice")
    Identity.objects.filter(id=7).update(family=SECRET)
    client, wrong = browser(tuple(ROLES), "every"), []
    give_purpose(client, 7, "direct care")
    about = [r for r in routes() if r.mark("opens_person")]
    for route in about:
        for method in (client.get, client.post):
            answer = method(route.address(person=7))
            said = answer.content.decode()
            shut = answer.status_code in {403, 404, 405} or NOT_JOINED in said
            if not shut or SECRET in said:
                wrong.append((route.name, answer.status_code))
    assert not wrong, wrong
    assert len(about) > 60


def test_no_form_is_taken_without_its_token(browser):
    every = browser(tuple(ROLES), "every", enforce_csrf_checks=True)
    wrong = []
    for route in routes():
        answer = every.post(route.address(), headers=PART)
        exempt = route.mark("csrf_exempt")
        # The doors of programs take no cookie for a proof, so nobody can be made to use them.
        if answer.status_code != 403 and not (exempt and answer.status_code in UNTAKEN):
            wrong.append((route.name, answer.status_code))
    assert not wrong, wrong


@pytest.mark.page
def test_no_page_takes_a_method_that_it_does_not_have(browser):
    every, wrong = browser(tuple(ROLES), "every"), []
    for number, route in enumerate(routes()):
        for method in ("DELETE", OTHERS[number % len(OTHERS)]):
            answer = every.generic(method, route.address(), headers=PART)
            if answer.status_code != 405 and not route.mark("csrf_exempt"):
                wrong.append((route.name, method, answer.status_code))
    assert not wrong, wrong


def test_an_empty_form_for_something_that_is_not_there_is_no_fault(browser):
    every, wrong = browser(tuple(ROLES), "every"), []
    for route in routes():
        ways = (every.post, every.get) if route.takes else (every.post,)
        wrong += [
            (route.name, answer.status_code)
            for way in ways
            if route.name not in OWN
            and (answer := way(route.address(), headers=PART)).status_code >= 500
        ]
    assert not wrong, wrong
