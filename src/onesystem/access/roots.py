"""Roots of the trail: what its end was on a day, kept beside the store.

The chain shows a row that was changed or taken out. It cannot show that the whole of it was written
anew, by somebody who holds the store and this program. A line for each day in `audit-roots.txt`
does, where the file is carried away (a backup, a print-out, another organisation): the digest of a
day's last row is either still in the chain, or somebody wrote a new one.
The line is signed with the district's secret, so that a line cannot be made up without it.
"""

import hashlib
import hmac
from datetime import UTC, datetime
from pathlib import Path

from onesystem.access.models import Audit, AuditHead

FILE = "audit-roots.txt"


def sign(folder: Path, key: str) -> str:
    """Add today's line where the trail has grown since the last; gives the last line."""
    head, lines = AuditHead.objects.first(), _lines(folder)
    if head is None or (lines and int(lines[-1].split()[1]) == head.length):
        return lines[-1] if lines else ""
    said = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {head.length} {head.digest}"
    line = f"{said} {_signed(said, key)}"
    with (folder / FILE).open("a", encoding="ascii") as file:
        file.write(line + "\n")
    return line


def faults(folder: Path, key: str) -> list[str]:
    """What is wrong between the roots and the chain, in words; empty when they agree."""
    found = []
    for line in _lines(folder):
        said, _, signature = line.rpartition(" ")
        day, length, digest = (*said.split(" "), "", "")[:3]
        if not hmac.compare_digest(_signed(said, key), signature):
            found.append(f"the root of {day} is not signed by this district")
        elif not Audit.objects.filter(pk=int(length), digest=digest).exists():
            found.append(f"row {length} is not the one that was last at {day}")
    return found


def _lines(folder: Path) -> list[str]:
    file = folder / FILE
    return file.read_text(encoding="ascii").split("\n")[:-1] if file.exists() else []


def _signed(said: str, key: str) -> str:
    return hmac.new(key.encode(), said.encode(), hashlib.sha256).hexdigest()
