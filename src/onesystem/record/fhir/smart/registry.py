"""The applications that the district let in: add, remove, list."""

import json
import re
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from onesystem import access
from onesystem.access.roles import purposes_of
from onesystem.district import current, now
from onesystem.record.fhir.clients import digest_of
from onesystem.record.fhir.scopes import scopes_of
from onesystem.record.fhir.smart.granting import WORDS
from onesystem.record.fhir.smart.models import KINDS, App, Grant
from onesystem.vocabulary import BadConfig, NotFound, nearest

_LOCAL = {"localhost", "127.0.0.1", "::1"}
_PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "k"}
_NAME = re.compile(r"[\w][\w .()-]{1,79}")


@transaction.atomic
def add(
    *,
    name: str,
    kind: str,
    scopes: str,
    by: access.Actor,
    redirects: Sequence[str] = (),
    launch: str = "",
    jwks: str = "",
    organisation: str = "",
    purpose: str = "direct care",
) -> tuple[App, str]:
    """Let an application in. Gives it, and its secret where it has one: shown once.

    Raises BadConfig for what cannot be: an address without https, keys that are private ...
    """
    access.require(by, "users.manage")
    _check(name, kind, scopes)
    backend = kind == "backend"
    if backend == bool(redirects):
        raise BadConfig("an application with a user has addresses to return to; a backend has none",
                        "Name --redirect for each, or choose --backend.")  # fmt: skip
    for each in redirects:
        check_address(each)
    if launch:
        check_address(launch)
    if kind == "public" and jwks:
        raise BadConfig("a public application keeps no key", "Choose --confidential.")
    if backend and not jwks:
        raise BadConfig("a backend service signs with a key", "Name its public keys with --jwks.")
    if backend:
        _check_backend(organisation, purpose)
    keys = _public_keys(jwks) if jwks else ""
    secret = secrets.token_urlsafe(32) if kind == "confidential" and not keys else ""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    made = App.objects.create(
        name=name, client=f"{slug[:60]}-{secrets.token_hex(4)}", kind=kind,
        secret=digest_of(secret) if secret else "", redirects="\n".join(redirects), launch=launch,
        scopes=" ".join(scopes.split()), keys=keys, roles="application" if backend else "",
        organisation=organisation if backend else "", purpose=purpose if backend else "",
        created=now(), created_by=by.name,
    )  # fmt: skip
    access.record(
        by=by, act="app.added", what=f"{name} ({made.client})",
        detail={"kind": kind, "scopes": made.scopes, "redirects": list(redirects)},
    )  # fmt: skip
    return made, secret


@transaction.atomic
def remove(*, client: str, by: access.Actor) -> None:
    """Let an application out: its tokens end at once. By client_id or by name. Raises NotFound."""
    access.require(by, "users.manage")
    app = find(client)
    App.objects.filter(pk=app.pk).update(removed=now())
    ended = Grant.objects.filter(app=app.pk, revoked=None).update(revoked=now(), why="app removed")
    access.record(by=by, act="app.removed", what=f"{app.name} ({app.client})",
                  detail={"grants": ended})  # fmt: skip


def find(client: str) -> App:
    """An application in use, by its client_id or its name. Raises NotFound."""
    held = App.objects.filter(removed=None)
    found = held.filter(client=client).first() or held.filter(name=client).first()
    if found is None:
        names = list(held.values_list("name", flat=True))
        raise NotFound(f"there is no application {client!r}", nearest(client, names))
    return found


def apps(*, removed: bool = False) -> list[App]:
    """The applications, by name; those that were removed too where that is asked for."""
    found = App.objects.order_by("name", "pk")
    return list(found if removed else found.filter(removed=None))


def launchable() -> list[App]:
    """The applications that can be launched from a person's record."""
    return list(App.objects.filter(removed=None).exclude(launch="").order_by("name"))


def check_address(address: str) -> None:
    """Raises BadConfig where nobody may be sent there: it has to be exact, and safe on the way."""
    parts = urlsplit(address)
    if not parts.scheme or "#" in address or any(c.isspace() or c in '\\"<>;,' for c in address):
        raise BadConfig(f"{address!r} is no address to return to", "Write it whole, without #.")
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname in _LOCAL:
        return
    if "." in parts.scheme and parts.scheme not in {"http", "https"}:
        return  # an app of a telephone, by its reversed domain: RFC 8252, section 7.1
    raise BadConfig(
        f"{address!r} is not safe to return to",
        "Use https; http is for this machine, and an app's own scheme has a dot in it.",
    )


def _check(name: str, kind: str, scopes: str) -> None:
    if not _NAME.fullmatch(name):
        raise BadConfig(f"{name!r} is no name for an application", "Use letters and digits.")
    if App.objects.filter(name=name, removed=None).exists():
        raise BadConfig(f"there is an application {name!r} already", "Remove it, or rename this.")
    if kind not in KINDS:
        raise BadConfig(f"there is no kind {kind!r}", nearest(kind, KINDS))
    found = scopes_of(scopes)
    words = [s for s in scopes.split() if "." not in s]
    for word in words:
        if word not in WORDS:
            raise BadConfig(f"the scope {word!r} is not granted here", nearest(word, WORDS))
    levels = {g.level for g in found.grains}
    if not scopes.split():
        raise BadConfig("the application may do nothing", "Name its scopes with --scopes.")
    if (kind == "backend") != (levels == {"system"}) and levels:
        raise BadConfig("system/ scopes are for backend services, and these have no others",
                        "Use patient/ or user/ for an application with a user.")  # fmt: skip
    if kind == "backend" and words:
        raise BadConfig("a backend service has no user and no launch", "Leave these scopes out.")


def _check_backend(organisation: str, purpose: str) -> None:
    if organisation not in current().organisations:
        raise BadConfig(f"there is no organisation {organisation!r}",
                        nearest(organisation, current().organisations))  # fmt: skip
    able = purposes_of(["application"], now().date())
    if purpose not in able:
        raise BadConfig(f"an application has no purpose {purpose!r}", nearest(purpose, able))


def _public_keys(text: str) -> str:
    """A JWK Set of public keys as it is kept. Raises BadConfig."""
    try:
        keys: list[dict[str, Any]] = json.loads(text)["keys"]
        ids = [str(key["kid"]) for key in keys]
        kinds = {(key["kty"], key.get("crv", "")) for key in keys}
    except (ValueError, KeyError, TypeError) as error:
        raise BadConfig(
            "this is no JWK Set", 'Write {"keys": [{"kty": ..., "kid": ...}]}.'
        ) from error
    if any(_PRIVATE & {*key} for key in keys):
        raise BadConfig("the keys hold what is private", "Send the public part, and make new ones.")
    if not keys or len({*ids}) < len(ids) or not kinds <= {("RSA", ""), ("EC", "P-384")}:
        raise BadConfig(
            "the keys cannot be used", "Each needs its own kid, and is RSA or EC P-384."
        )
    return json.dumps({"keys": keys})
