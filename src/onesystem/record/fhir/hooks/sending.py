"""One request to a subscriber: never to an address inside, never on to another place, never long.

The name is looked up once and the connection goes to the address that was checked, so that a name
cannot mean one thing when it is checked and another when it is used.
"""

import http.client
import ipaddress
import os
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

SECONDS = 5.0  # between two bytes of an answer
WHOLE = 15.0  # of all of it: who drips an answer byte by byte holds up nobody else
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_FAILED = 300  # this and above; a redirect is not followed


class NotSent(Exception):
    """It could not be sent; the words hold nothing of what was sent."""


class _Line(http.client.HTTPConnection):
    """A connection that is hung up when its whole time is over."""

    _end: threading.Timer | None = None

    def end_after(self, plain: socket.socket) -> None:
        """Hang up in WHOLE seconds, whatever is under way on it by then."""
        self._held = plain.dup()  # the socket itself may be wrapped meanwhile
        self._end = threading.Timer(WHOLE, self._hang_up)
        self._end.daemon = True
        self._end.start()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._held.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close it, and stop waiting for its end."""
        if self._end:
            self._end.cancel()
            self._held.close()
        super().close()


def allowed() -> frozenset[str]:
    """Hosts (`host` or `host:port`) that may be inside, or without https: ONESYSTEM_FHIR_HOOKS."""
    said = os.environ.get("ONESYSTEM_FHIR_HOOKS", "")
    return frozenset(each.strip().lower() for each in said.split(",") if each.strip())


def taken_apart(url: str) -> SplitResult:
    """The parts of an endpoint. Raises NotSent where it may not be one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotSent("the address cannot be read") from None
    known = is_allowed(parts)
    if not parts.hostname or parts.scheme not in {"https", "http"}:
        raise NotSent("the address is no https address")
    if parts.scheme == "http" and not known:
        raise NotSent("the address is not https, and the district does not name its host")
    if parts.username or parts.password or parts.fragment or port == 0:
        raise NotSent("the address holds a user, a password or a fragment")
    return parts


def is_allowed(parts: SplitResult) -> bool:
    """Whether the district names that host."""
    host = (parts.hostname or "").lower()
    return bool({host, f"{host}:{parts.port}"} & allowed())


def reach(url: str) -> None:
    """Connect, and say nothing: that somebody is there. Raises NotSent."""
    connection = _connected(taken_apart(url))
    connection.close()


def send(
    method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes, path: str = ""
) -> None:
    """Send, with `path` behind the address. Raises NotSent unless it is answered with 2xx."""
    parts = taken_apart(url)
    target = (parts.path or "/").rstrip("/") + path if path else parts.path or "/"
    connection = _connected(parts)
    try:
        said = dict(headers) | {"Content-Length": str(len(body)), "Connection": "close"}
        connection.request(method, target + (f"?{parts.query}" if parts.query else ""), body, said)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(f"no answer: {type(error).__name__}") from None
    finally:
        connection.close()
    if status >= _FAILED:
        raise NotSent(f"it answered {status}")


def _connected(parts: SplitResult) -> http.client.HTTPConnection:
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = _address(host, port, inside=is_allowed(parts))
    connection = _Line(host, port, timeout=SECONDS)
    try:
        plain = socket.create_connection((address, port), timeout=SECONDS)
        connection.end_after(plain)
        context = ssl.create_default_context() if secure else None
        connection.sock = context.wrap_socket(plain, server_hostname=host) if context else plain
    except OSError as error:
        connection.close()
        raise NotSent(f"nobody is there: {type(error).__name__}") from None
    return connection


def _address(host: str, port: int, *, inside: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent("there is no such host") from None
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    if not inside and not all(_is_outside(each) for each in addresses):
        raise NotSent("the host is inside, and the district does not name it")
    return addresses[0]


def _is_outside(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if ip in _TRANSLATED:  # IPv6 that a gateway turns into the IPv4 of its last four bytes
        mapped = ipaddress.IPv4Address(ip.packed[-4:])
    inside = ip.is_multicast or (ip.is_reserved and ip not in _TRANSLATED)
    return ip.is_global and not inside and (mapped is None or mapped.is_global)
