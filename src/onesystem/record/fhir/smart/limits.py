"""Wrong guesses are counted: after some, an address has to wait."""

from django.core.cache import cache
from django.http import HttpRequest

from onesystem.record.fhir.smart.errors import OAuthError

WAIT = 300  # seconds
_CLIENT, _ALL = 10, 40  # wrong tries from one address: for one client, and in all


def check(request: HttpRequest, client: str) -> None:
    """Raises OAuthError 429 where there were too many wrong tries of late."""
    for key, most in _keys(request, client):
        if cache.get(key, 0) >= most:
            raise OAuthError(
                "temporarily_unavailable", "too many wrong tries; wait five minutes", status=429
            )


def wrong(request: HttpRequest, client: str) -> None:
    """Count a wrong try."""
    for key, _ in _keys(request, client):
        if not cache.add(key, 1, WAIT):
            cache.set(key, cache.get(key, 0) + 1, WAIT)


def _keys(request: HttpRequest, client: str) -> list[tuple[str, int]]:
    import hashlib

    came = _address(request)
    named = hashlib.sha256(client.encode()).hexdigest()[:24]
    return [(f"smart-wrong-{came}-{named}", _CLIENT), (f"smart-wrong-{came}", _ALL)]


def _address(request: HttpRequest) -> str:
    from allauth.account.adapter import get_adapter

    try:
        return str(get_adapter().get_client_ip(request)).replace(":", ".")
    except Exception:  # noqa: BLE001 - an address that cannot be told is one address
        return str(request.META.get("REMOTE_ADDR", "")).replace(":", ".")
