"""What can be done to users: add, give roles, let go, set a password. Each is audited."""

import re
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from onesystem.access.actor import Actor
from onesystem.access.audit import record
from onesystem.access.models import User
from onesystem.access.rights import require
from onesystem.access.roles import ROLES
from onesystem.district import current
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted, nearest
from onesystem.vocabulary.said import say

_POSTCODE = re.compile(r"[A-Z0-9][A-Z0-9 -]{1,9}[A-Z0-9]")


@transaction.atomic
def add_user(
    *,
    username: str,
    password: str,
    roles: Iterable[str],
    by: Actor,
    name: str = "",
    organisation: str = "",
) -> int:
    """Add somebody who signs in; gives their id. Raises BadConfig, NotPermitted."""
    require(by, "users.manage")
    held = _known(roles)
    user = User(username=username.strip(), name=name.strip(), organisation=organisation)
    _check_organisation(organisation)
    user.roles = " ".join(held)
    user.email = ""
    _check(user)
    _set_password(user, password)
    user.save()
    record(by=by, act="user.added", what=user.username, detail={"roles": held})
    return int(user.pk)


@transaction.atomic
def set_roles(*, username: str, roles: Iterable[str], by: Actor) -> None:
    """Give somebody exactly these roles. Nobody sets their own."""
    require(by, "users.manage")
    if by.name == username:
        raise NotPermitted("nobody sets their own roles", "Ask another administrator")
    user, held = find(username), _known(roles)
    before = user.roles.split()
    user.roles = " ".join(held)
    user.save(update_fields=["roles"])
    record(by=by, act="user.roles-set", what=username, detail={"before": before, "after": held})


@transaction.atomic
def set_organisation(*, username: str, organisation: str, by: Actor) -> None:
    """Let somebody work for an organisation, or for none. Nobody moves themselves."""
    require(by, "users.manage")
    if by.name == username:
        raise NotPermitted("nobody chooses their own organisation", "Ask another administrator")
    _check_organisation(organisation)
    user = find(username)
    before, user.organisation = user.organisation, organisation
    user.save(update_fields=["organisation"])
    detail = {"before": before, "after": organisation}
    record(by=by, act="user.organisation-set", what=username, detail=detail)


@transaction.atomic
def set_active(*, username: str, active: bool, by: Actor) -> None:
    """Let somebody go, or take them back. Their sessions end with the next page."""
    require(by, "users.manage")
    if by.name == username:
        raise NotPermitted("nobody lets themselves go", "Ask another administrator")
    user = find(username)
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(by=by, act="user.activated" if active else "user.deactivated", what=username)


@transaction.atomic
def set_email(*, username: str, email: str, by: Actor) -> None:
    """Set the address by which an organisation's sign-in knows somebody. Raises BadConfig."""
    require(by, "users.manage")
    user, email = find(username), email.strip()
    if email and ("@" not in email or any(c.isspace() for c in email)):
        raise BadConfig(
            say("{email} is no e-mail address", email=repr(email)), "Write it as name@organisation."
        )
    if email and User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
        raise BadConfig("another user has that e-mail address", "Each has their own.")
    user.email = email
    user.save(update_fields=["email"])
    record(by=by, act="user.email-set", what=username)


@transaction.atomic
def set_postcode(*, username: str, postcode: str, by: Actor) -> None:
    """Keep where a member of staff lives, or (empty) forget it: by themselves or an administrator.

    Only the privacy officer's rule about neighbours reads it. No page shows it, and the trail says
    that it was set, never what it is. Raises BadConfig.
    """
    if by.name != username:
        require(by, "users.manage")
    user, said = find(username), " ".join(postcode.upper().split())
    if said and not _POSTCODE.fullmatch(said):
        raise BadConfig("that is no postcode", "Write it as on a letter, such as NR1 1AA or 8011.")
    user.postcode = said
    user.save(update_fields=["postcode"])
    record(by=by, act="user.postcode-set", what=username, detail={"kept": bool(said)})


@transaction.atomic
def set_password(*, username: str, password: str, by: Actor) -> None:
    """Give somebody a new password. The sessions that they have open end."""
    require(by, "users.manage")
    user = find(username)
    _set_password(user, password)
    user.save(update_fields=["password"])
    record(by=by, act="user.password-set", what=username)


def find(username: str) -> User:
    """The user of that name. Raises NotFound."""
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        known = User.objects.values_list("username", flat=True)[:1000]
        raise NotFound(
            say("there is no user {username}", username=repr(username)), nearest(username, known)
        ) from None


def _known(roles: Iterable[str]) -> list[str]:
    held = sorted(set(roles))
    for role in held:
        if role not in ROLES:
            raise BadConfig(say("there is no role {role}", role=repr(role)), nearest(role, ROLES))
    return held


def _check_organisation(code: str) -> None:
    if code and code not in current().organisations:
        known = current().organisations
        raise BadConfig(
            say("there is no organisation {code}", code=repr(code)), nearest(code, known)
        )


def _check(user: User) -> None:
    if User.objects.filter(username__iexact=user.username).exists():
        raise BadConfig(
            say("there is a user {username} already", username=repr(user.username)),
            "Choose another name.",
        )
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        said = " ".join(m for ms in error.message_dict.values() for m in ms)
        raise BadConfig(
            say("the user name {username} cannot be used", username=repr(user.username)), said
        ) from error


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadConfig("the password is too weak", " ".join(error.messages)) from error
    user.set_password(password)
