"""Reading a resource so that what was not understood is known: what is taken is taken out."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from onesystem.care.pathways.fhir.naming import KEY, OURS, Resource


class Taken:
    """A part of a resource, its place, and what is left of it."""

    def __init__(self, said: Mapping[str, Any], where: str) -> None:
        self.said: Resource = dict(copy.deepcopy(said))
        self.where = where
        self._inner: list[Taken] = []

    def text(self, name: str) -> str:
        """A text; empty where there is none."""
        value = self.said.get(name)
        if not isinstance(value, str):
            return ""
        del self.said[name]
        return value

    def whole(self, name: str) -> int:
        """A whole number; 0 where there is none."""
        value = self.said.get(name)
        if type(value) is not int:
            return 0
        del self.said[name]
        return value

    def truth(self, name: str) -> bool:
        """A truth; false where it is not said."""
        return self.said.pop(name) if isinstance(self.said.get(name), bool) else False

    def one(self, name: str) -> "Taken | None":
        """A part of it."""
        value = self.said.get(name)
        if not isinstance(value, dict):
            return None
        del self.said[name]
        return self._part(value, f"{self.where}.{name}")

    def each(self, name: str) -> "list[Taken]":
        """The parts of a list."""
        value = self.said.get(name)
        if not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
            return []
        del self.said[name]
        return [self._part(one, f"{self.where}.{name}[{n}]") for n, one in enumerate(value)]

    def ours(self, name: str) -> "list[Taken]":
        """Extensions of ours of that name, or by a whole address."""
        url = name if "//" in name else OURS + name
        every = self.said.get("extension")
        if not isinstance(every, list):
            return []
        mine = [e for e in every if isinstance(e, dict) and e.get("url") == url]
        if not mine:
            return []
        rest = [each for each in every if each not in mine]
        if rest:
            self.said["extension"] = rest
        else:
            del self.said["extension"]
        for each in mine:
            each.pop("url", None)
        return [self._part(each, f"{self.where}.extension({name})") for each in mine]

    def said_in(self, name: str) -> str:
        """The text of an extension of ours."""
        return next((each.text("valueString") for each in self.ours(name)), "")

    def number_in(self, name: str, default: int = 0) -> int:
        """The whole number of an extension of ours."""
        return next((each.whole("valueInteger") for each in self.ours(name)), default)

    def fhirpath_in(self, name: str) -> str:
        """The expression of an extension; empty where it is in another language."""
        return next((_fhirpath(each.one("valueExpression")) for each in self.ours(name)), "")

    def key(self) -> str:
        """The key that an identifier of ours says."""
        for each in self.each("identifier"):
            if each.said.get("system") == KEY:
                each.drop("system")
                return each.text("value")
        return ""

    def drop(self, *names: str) -> None:
        """What says nothing that is not said otherwise."""
        for name in names:
            self.said.pop(name, None)

    def left(self) -> Iterator[tuple[str, Any]]:
        """What was not taken, with its place."""
        for name, value in self.said.items():
            yield f"{self.where}.{name}", value
        for each in self._inner:
            yield from each.left()

    def _part(self, value: Mapping[str, Any], where: str) -> "Taken":
        part = Taken(value, where)
        self._inner.append(part)
        return part


def _fhirpath(said: Taken | None) -> str:
    if said is None or said.said.get("language") != "text/fhirpath":
        return ""
    said.drop("language")
    return said.text("expression")


def applies(said: Taken) -> str:
    """The conditions of an action as one."""
    found = []
    for each in said.each("condition"):
        if each.said.get("kind") == "applicability" and (text := _fhirpath(each.one("expression"))):
            each.drop("kind")
            found.append(text)
    return found[0] if len(found) == 1 else " and ".join(f"({each})" for each in found)
