"""TLS on the wire of live messages: our certificate, and the senders' where they have to show one.

MLLP asks nobody who they are. With `client_ca` only a sender whose certificate that authority
signed comes in; whoever is turned away is named in a log line, with the reason.
"""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from onesystem.vocabulary import BadConfig

_PATIENCE = 20.0  # seconds for a handshake; a plain sender that says nothing is let go
_PLAIN = {
    "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE",
    "UNKNOWN_PROTOCOL", "WRONG_VERSION_NUMBER",
}  # fmt: skip

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Files in PEM. `key` may be in the file of `cert`; `client_ca` makes senders show theirs."""

    cert: Path
    key: Path | None = None
    client_ca: Path | None = None

    def context(self) -> ssl.SSLContext:
        """The server's side of TLS 1.2 and later. Raises BadConfig for a file that does not do."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.cert, self.key)
        except OSError as error:
            raise BadConfig(
                f"the certificate {self.cert} and its key cannot be used: {_why(error)}",
                "Give a certificate and the key that belongs to it, both in PEM.",
            ) from error
        if self.client_ca:
            try:
                context.load_verify_locations(self.client_ca)
            except OSError as error:
                raise BadConfig(
                    f"the senders' authority {self.client_ca} cannot be used: {_why(error)}",
                    "Give the certificate of the authority that signs your senders', in PEM.",
                ) from error
            context.verify_mode = ssl.CERT_REQUIRED
        return context


def expires(path: Path) -> datetime:
    """When the first of the certificates in a file ends. Raises BadConfig where there is none."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return min(c.not_valid_after_utc for c in load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        why = _why(error) if isinstance(error, OSError) else "it holds no certificate in PEM"
        raise BadConfig(f"{path} cannot be read: {why}", "Give a certificate in PEM.") from error


async def secured(writer: asyncio.StreamWriter, context: ssl.SSLContext, source: str) -> bool:
    """Begin TLS on a fresh connection; whether it stands. Else it is closed, and the log says why.

    Here and not in the server's own start: there asyncio drops a failed handshake without a word.
    """
    peer = (writer.get_extra_info("peername") or ("unknown",))[0]
    try:
        await writer.start_tls(context, ssl_handshake_timeout=_PATIENCE)
    except ssl.SSLError as error:
        _log.warning("sender refused", source=source, peer=peer, why=refusal(error))
    except ConnectionAbortedError:
        why = f"no TLS began within {_PATIENCE:.0f} seconds"
        _log.warning("sender refused", source=source, peer=peer, why=why)
    except OSError:  # gone before it said anything: a look whether the port is open
        pass
    else:
        return True
    return False


def refusal(error: ssl.SSLError) -> str:
    """Why a handshake failed, in words for whoever runs the feed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its client certificate is not good here: {error.verify_message}"
    reason = error.reason or ""
    if reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE":
        return "it showed no client certificate, and has to"
    if reason in _PLAIN:
        return "it spoke plain text where TLS is due"
    return f"TLS failed: {_why(error)}"


def _why(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or str(error)).replace("_", " ").lower()
    return error.strerror or str(error)
