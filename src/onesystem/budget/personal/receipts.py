"""Receipts: what may be kept as one, told by its own first bytes and never by its name. Pure."""

import hashlib
from dataclasses import dataclass

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

MOST = 5 * 1024 * 1024
_STARTS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)
ACCEPTED = ".pdf,.jpg,.jpeg,.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A receipt that may be kept."""

    body: bytes
    kind: str
    ending: str
    sha256: str

    @property
    def size(self) -> int:
        """How many bytes."""
        return len(self.body)


def checked(body: bytes) -> File:
    """The file, where it may be kept. Raises UserError with the rule and the cure."""
    if not body:
        raise UserError("the file is empty", "Take the picture again, and choose it.")
    if len(body) > MOST:
        raise UserError(
            say(
                "the file has {body} MB, more than {most}",
                body=f"{len(body) / 1048576:.1f}",
                most=MOST // 1048576,
            ),
            "Take the picture smaller, or send the page that shows the sum.",
        )
    for start, kind, ending in _STARTS:
        if body.startswith(start):
            digest = hashlib.sha256(body).hexdigest()
            return File(body=body, kind=kind, ending=ending, sha256=digest)
    raise UserError("this is not a picture or a PDF", "Send a photo (JPEG or PNG) or a PDF.")


def check_hash(body: bytes, sha256: str) -> None:
    """Raises UserError where what was kept is not what was sent."""
    if hashlib.sha256(body).hexdigest() != sha256:
        raise UserError(
            "this receipt is not what was sent: its hash differs",
            "Restore the store from a backup, and tell your administrator.",
        )
