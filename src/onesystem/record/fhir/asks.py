"""What is asked of the FHIR server and what it answers, apart from any framework. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

JSON = "application/fhir+json; charset=utf-8"
XML = "application/fhir+xml; charset=utf-8"


@dataclass(slots=True, kw_only=True)
class Ask:
    """One HTTP request. `path` is what follows the base, without a slash in front.

    `base` is the address of the server as the client sees it, without a slash at the end;
    header names are in small letters. `user` is somebody who is signed in to the pages.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    base: str = "/fhir"
    user: Any = None
    read: list[tuple[str, str]] | None = field(default=None, init=False, repr=False)

    def params(self) -> list[tuple[str, str]]:
        """The parameters of the query, in their order."""
        if self.read is None:
            self.read = parse_qsl(self.query, keep_blank_values=True) if self.query else []
        return self.read

    def join(self, form: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The same with those of a form that was posted."""
        self.read = [*self.params(), *form]
        return self.read

    def header(self, name: str) -> str:
        """A header, or nothing."""
        return self.headers.get(name, "")


@dataclass(slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def lines(self) -> Iterator[tuple[bytes, bytes]]:
        """The headers as ASGI wants them."""
        for name, value in self.headers.items():
            yield name.lower().encode("latin-1"), value.encode("latin-1", "replace")
