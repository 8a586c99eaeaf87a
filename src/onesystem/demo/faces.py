"""One person at a time, as a source describes them in a message."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.demo.registers import Register, described, register
from onesystem.demo.world import World

_MOST = 200_000  # faces kept at once


@dataclass(frozen=True)
class Face:
    """What a source says of one person; `subject` is its local number."""

    subject: str
    number: str
    family: str
    given: str
    birth_date: str  # YYYYMMDD
    sex: str
    address: str
    town: str
    postcode: str
    phone: str
    practice: str


class Faces:
    """What each source says of each person, made when first asked for."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._registers: dict[str, Register] = {}
        self._faces: dict[tuple[str, int, bool], Face] = {}

    def register(self, source: str) -> Register:
        """The register of a source."""
        if source not in self._registers:
            self._registers[source] = register(self._world, source)
        return self._registers[source]

    def subject(self, source: str, person: int, contact: int) -> str:
        """The local number under which a contact of that number goes."""
        held = self.register(source)
        return str(held.number(np.array([person]), np.array([contact]))[0])

    def has_two(self, source: str, person: int) -> bool:
        """Whether the source has registered the person twice."""
        return bool(self.register(source).second[person])

    def of(self, source: str, person: int, *, second: bool = False) -> Face:
        """One person, by the first or the second number."""
        key = source, person, second
        if key not in self._faces:
            self.prepare(source, np.array([person]), second=second)
        return self._faces[key]

    def prepare(self, source: str, who: np.ndarray, *, second: bool = False) -> None:
        """Describe many people at once."""
        new = np.array([p for p in np.unique(who).tolist()
                        if (source, p, second) not in self._faces], dtype=np.int64)  # fmt: skip
        if not len(new):
            return
        if len(self._faces) > _MOST:
            self._faces.clear()
        held = described(self._world, self.register(source), new, second=second)
        columns = {name: column.to_pylist() for name, column in held.items()}
        for n, person in enumerate(new.tolist()):
            row = {name: column[n] for name, column in columns.items()}
            self._faces[source, person, second] = _face(row)


def _face(row: dict[str, Any]) -> Face:
    address, _, town = row["address"].rpartition(", ")
    return Face(
        subject=row["subject"],
        number=row["number"] or "",
        family=row["family"],
        given=row["given"],
        birth_date=row["birth_date"].strftime("%Y%m%d"),
        sex=row["sex"],
        address=address,
        town=town,
        postcode=row["postcode"],
        phone=row["phone"],
        practice=row["practice"],
    )
