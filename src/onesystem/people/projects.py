"""Pseudonyms of persons, keyed by project: the same person has another one in every project.

A pseudonym is HMAC-SHA256 of the person's number under the project's key, cut to 80 bits. The key
lies in the district folder, readable to its owner only. Without it nobody can tell who is meant,
or join two projects; with it, only an audited act turns one back.
"""

import hashlib
import hmac
import os
import re
from base64 import b32encode
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Any

from onesystem import access, district
from onesystem.people import store
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted, nearest
from onesystem.vocabulary.said import say

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,49}$")
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Project:
    """A project with its key. `repr` does not show the key."""

    name: str
    _key: bytes

    def __repr__(self) -> str:
        return f"Project({self.name!r})"

    def person(self, number: int) -> str:
        """The pseudonym of a person."""
        return self.word("person", str(number))

    def word(self, kind: str, text: str) -> str:
        """The pseudonym of anything else: 16 letters and digits."""
        made = hmac.digest(self._key, f"{kind}\x1f{text}".encode(), hashlib.sha256)
        return b32encode(made[:10]).decode().lower()


def new(name: str, *, by: access.Actor) -> Path:
    """Make a project and its key; gives where the key lies. Raises BadConfig."""
    access.require(by, "contacts.export")
    if not _NAME.match(name):
        raise BadConfig(
            say("{name} is no name of a project", name=repr(name)),
            "Small letters, digits and hyphens.",
        )
    path = _path(name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadConfig(
            say("there is a project {name} already", name=repr(name)), "Choose another name."
        ) from None
    with os.fdopen(handle, "wb") as file:
        file.write(token_bytes(_BYTES).hex().encode() + b"\n")
    access.record(by=by, act="project.made", what=f"project {name}")
    return path


def names() -> list[str]:
    """The projects of the district."""
    return sorted(path.stem for path in _folder().glob("*.key"))


def project(name: str) -> Project:
    """The project of that name. Raises NotFound, and BadConfig where its key cannot be used."""
    if name not in names():
        cure = nearest(name, names()) if names() else say("Make it: onesystem project new NAME")
        raise NotFound(say("there is no project {name}", name=repr(name)), cure)
    path = _path(name)
    if path.stat().st_mode & 0o077:
        raise BadConfig(
            say("others may read the key {path}", path=path), say("chmod 600 {path}", path=path)
        )
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise BadConfig(say("{path} holds no key", path=path), "Bring it back from a backup.")
    return Project(name, key)


def faces(made: Project) -> Any:
    """A table of identities: the person's pseudonym, birth year, sex and postcode district."""
    import pyarrow as pa

    rows = store.rows("SELECT id, person, birth_date, sex, postcode FROM people_identity")
    words: dict[int, str] = {}
    for _, person, *_rest in rows:
        if person not in words:
            words[person] = made.person(person)
    return pa.table(
        {
            "identity": pa.array([row[0] for row in rows], pa.int64()),
            "person": pa.array([words[row[1]] for row in rows], pa.string()),
            "birth_year": pa.array([row[2][:4] for row in rows], pa.string()),
            "sex": pa.array([row[3] for row in rows], pa.string()),
            "postcode_district": pa.array([outward(row[4]) for row in rows], pa.string()),
        }
    )


def outward(postcode: str) -> str:
    """The district of a postcode: the outward code in the UK, two digits in New Zealand."""
    bare = "".join(postcode.split()).upper()
    if bare.isdigit():
        return bare[:2]
    return bare[:-3] if len(bare) >= 5 else ""


def reidentify(name: str, pseudonym: str, *, by: access.Actor, purpose: str, reason: str) -> int:
    """The person behind a pseudonym of a project. Audited, found or not.

    Raises NotPermitted, BadConfig without a purpose and a reason, NotFound.
    """
    access.require(by, "people.reidentify")
    if by.is_job:
        raise NotPermitted("no job turns a pseudonym back", "Ask a privacy officer.")
    if not purpose.strip() or not reason.strip():
        raise BadConfig("no purpose or no reason is stated", "Write --purpose and --reason.")
    made = project(name)
    wanted = pseudonym.strip().lower()
    persons = store.rows("SELECT DISTINCT person FROM people_identity")
    found = next((p for (p,) in persons if hmac.compare_digest(made.person(p), wanted)), None)
    access.record(
        by=by, act="person.reidentified", what=f"project {name}", person=found, purpose=purpose,
        reason=reason, detail={"found": found is not None},
    )  # fmt: skip
    if found is None:
        raise NotFound("nobody has that pseudonym in this project",
                       "Check the project, and whether the person was merged since.")  # fmt: skip
    return int(found)


def _folder() -> Path:
    return district.current().path / "projects"


def _path(name: str) -> Path:
    return _folder() / f"{name}.key"
