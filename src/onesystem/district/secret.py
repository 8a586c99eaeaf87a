"""The key of a district that signs sessions and draws what hides small numbers, in its folder."""

import os
import secrets
from pathlib import Path

FILE = "secret"


def keep_secret(folder: Path) -> Path:
    """The file of the key, readable by its owner alone; made where there is none yet."""
    path = folder / FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path
