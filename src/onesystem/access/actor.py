"""Who acts: a person who signed in, or a named job. There is no third kind."""

from dataclasses import dataclass
from typing import Any, Literal

from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is behind an act. `name` is the user name, or the name of the job."""

    name: str
    roles: frozenset[str] = frozenset()
    kind: Literal["person", "job"] = "person"
    organisation: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            msg = say("every act has a person or a named job behind it")
            raise ValueError(msg)

    @classmethod
    def job(cls, name: str) -> "Actor":
        """A named job of this district: `feeds`, `compaction`, `command line` ..."""
        return cls(name=name, kind="job")

    @classmethod
    def of(cls, user: Any) -> "Actor":
        """The actor of someone who signed in."""
        return cls(
            name=user.get_username(),
            roles=frozenset(user.roles.split()),
            organisation=user.organisation,
        )

    @property
    def is_job(self) -> bool:
        """Whether nobody sits behind it."""
        return self.kind == "job"
