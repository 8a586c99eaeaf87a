"""The district's own key: signs identity tokens (RS256), and is published for clients to check.

It lies in the district folder as `signing-key.pem`, readable by its owner only, and is made when
it is first needed. Libraries are loaded then, and not before: most workers never need them.
"""

import base64
import hashlib
import os
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from onesystem.district import current

FILE = "signing-key.pem"


def sign(claims: dict[str, Any]) -> str:
    """The claims as a signed JWT."""
    import jwt

    pem = _pem(current().path)
    kid = published()["keys"][0]["kid"]
    return jwt.encode(claims, pem, algorithm="RS256", headers={"kid": kid})


def published() -> dict[str, Any]:
    """The JWK Set: the public part of the key."""
    return {"keys": [_public(_pem(current().path))]}


@lru_cache(maxsize=2)
def _public(pem: bytes) -> dict[str, Any]:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    numbers = load_pem_private_key(pem, None).public_key().public_numbers()  # type: ignore[union-attr]
    key = {"kty": "RSA", "e": _text(numbers.e), "n": _text(numbers.n)}  # type: ignore[union-attr]
    # The key's own thumbprint (RFC 7638) names it.
    said = f'{{"e":"{key["e"]}","kty":"RSA","n":"{key["n"]}"}}'
    kid = base64.urlsafe_b64encode(hashlib.sha256(said.encode()).digest()).rstrip(b"=").decode()
    return {**key, "kid": kid, "use": "sig", "alg": "RS256"}


def _text(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _pem(folder: Path) -> bytes:
    kept = folder / FILE
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        _make(kept)
        return kept.read_bytes()


def _make(kept: Path) -> None:
    """Make the key. Of two processes that come at once, one's key stays."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    handle, name = tempfile.mkstemp(dir=kept.parent, prefix=".signing-")  # mode 600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            kept.hardlink_to(name)
    finally:
        Path(name).unlink()
