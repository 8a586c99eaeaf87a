"""A backup: the whole district in one file, checked as it is read back.

The file is a tar of the folder's own files, the store as SQLite, and `contents.json` with the
length and SHA-256 of each part. The log and the landing are append-only, so what is copied first
stays true while a feed goes on: the store is copied before them and names nothing they lack.
"""

import hashlib
import io
import json
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from onesystem.vocabulary import UserError

_LEAVE_OUT = ("store.sqlite3", "static", "serve.lock", "exports/")
_CONTENTS = "contents.json"

Progress = Callable[[str, int], None]


def write(folder: Path, to: Path, *, copy_store: Callable[[Path], None], progress: Progress) -> int:
    """Write the backup of `folder` to the new file `to`; its size in bytes."""
    if to.exists():
        raise UserError(f"{to} is there already", "Name a new file; a backup is never replaced.")
    partial = to.with_name(to.name + ".partial")
    contents: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory(dir=to.resolve().parent) as scratch:
        store = Path(scratch) / "store.sqlite3"
        copy_store(store)
        with tarfile.open(partial, "w") as tar:
            for each in _folders(folder):
                tar.add(each, each.relative_to(folder).as_posix(), recursive=False)
            for name, path in [("store.sqlite3", store), *_parts(folder)]:
                contents[name] = _add(tar, name, path)
                progress(name, path.stat().st_size)
            made = {"made": datetime.now(UTC).isoformat(), "parts": contents}
            body = json.dumps(made, indent=1).encode()
            info = tarfile.TarInfo(_CONTENTS)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    partial.rename(to)
    return to.stat().st_size


def _folders(folder: Path) -> Iterator[Path]:
    """Folders with nothing in them, such as the inbox of a source, are waited for all the same."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix() + "/"
        if path.is_dir() and not name.startswith(_LEAVE_OUT) and not any(path.iterdir()):
            yield path


def _parts(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(_LEAVE_OUT) and not name.endswith(".tmp"):
            yield name, path


def _add(tar: tarfile.TarFile, name: str, path: Path) -> dict[str, object]:
    # A segment of the landing may grow while it is copied: its length is taken once.
    size = path.stat().st_size
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, path.stat().st_mode & 0o777
    digest = hashlib.sha256()
    with path.open("rb") as file:
        tar.addfile(info, _Hashing(file, digest, size))  # type: ignore[arg-type]
    return {"bytes": size, "sha256": digest.hexdigest()}


class _Hashing:
    """A file that is hashed as it is read, up to `size` bytes."""

    def __init__(self, file: IO[bytes], digest: "hashlib._Hash", size: int) -> None:
        self.file, self.digest, self.left = file, digest, size

    def read(self, n: int = -1) -> bytes:
        data = self.file.read(self.left if n < 0 else min(n, self.left))
        self.left -= len(data)
        self.digest.update(data)
        return data


def read(backup: Path, into: Path, *, progress: Progress) -> dict[str, object]:
    """Unpack `backup` into the new folder `into`, and check every part.

    Raises UserError where the folder is in use or a part is missing or damaged; what was unpacked
    is then left for a look, under the name with `.damaged`.
    """
    if into.exists() and any(into.iterdir()):
        raise UserError(f"{into} is there and not empty", "Restore into a new folder.")
    into.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(backup) as tar:
            for member in tar:
                tar.extract(member, into, filter="data")
                progress(member.name, member.size)
    except (tarfile.TarError, OSError) as error:
        raise UserError(f"{backup} cannot be read: {error}", "Use another backup.") from error
    contents = into / _CONTENTS
    if not contents.exists():
        raise UserError(f"{backup} was cut short", "Use another backup.")
    made: dict[str, object] = json.loads(contents.read_text())
    bad = [name for name, part in made["parts"].items() if not _whole(into / name, part)]  # type: ignore[attr-defined]
    contents.unlink()
    if bad:
        raise UserError(f"damaged in {backup}: {', '.join(bad[:5])}", "Use another backup.")
    return made


def _whole(path: Path, part: dict[str, object]) -> bool:
    if not path.exists() or path.stat().st_size != part["bytes"]:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == part["sha256"]


def copy_sqlite(source: Path, to: Path) -> None:
    """A consistent copy of a SQLite file that may be in use."""
    with sqlite3.connect(source) as one, sqlite3.connect(to) as two:
        one.backup(two)
    one.close()
    two.close()
