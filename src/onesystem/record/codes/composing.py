"""What codes a ValueSet means: its expansion, or its rules over lists that are known. Pure.

Rules that are worked out: codes by name, a whole code system, other value sets, and the filters
`concept is-a`, `concept descendent-of`, and `parent`. Any other is told by name.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.vocabulary.said import say

_DEEP = 30  # value sets within value sets, and levels of a hierarchy


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `above`: the codes right above it in its system."""

    system: str
    code: str
    display: str = ""
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Who knows other lists: the codes of a code system, and of a value set; None for none."""

    system: Callable[[str], Sequence[Code] | None]
    valueset: Callable[[str], Sequence[Code] | None]


class CannotCompose(Exception):
    """A rule that is not worked out here, or a list that is not known."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what)
        self.what, self.cure = what, cure


def composed(valueset: dict[str, Any], known: Known) -> list[Code]:
    """The codes of a ValueSet resource, each once, in its order. Raises CannotCompose."""
    if expansion := valueset.get("expansion"):
        return list(_listed(expansion.get("contains", ()), ""))
    compose = valueset.get("compose") or {}
    found: dict[tuple[str, str], Code] = {}
    for include in compose.get("include", ()):
        for each in _included(include, known):
            found.setdefault((each.system, each.code), each)
    for exclude in compose.get("exclude", ()):
        for each in _included(exclude, known):
            found.pop((each.system, each.code), None)
    return list(found.values())


def of_codesystem(resource: dict[str, Any]) -> list[Code]:
    """The codes of a CodeSystem resource, nested or with a `parent` property."""
    system = str(resource.get("url", ""))

    def walk(concepts: Iterable[dict[str, Any]], above: str) -> Iterator[Code]:
        for each in concepts:
            said = [
                str(p.get("valueCode", ""))
                for p in each.get("property", ())
                if p.get("code") in {"parent", "subsumedBy"}
            ]
            parents = tuple(dict.fromkeys(p for p in (above, *said) if p))
            yield Code(system, str(each.get("code", "")), str(each.get("display", "")), parents)
            yield from walk(each.get("concept", ()), str(each.get("code", "")))

    return list(walk(resource.get("concept", ()), ""))


def above(codes: Sequence[Code], code: str) -> set[str]:
    """All codes above one in its system."""
    by_code = {each.code: each for each in codes}
    found: set[str] = set()
    level = {code}
    for _ in range(_DEEP):
        level = {a for c in level if c in by_code for a in by_code[c].above} - found
        if not level:
            break
        found |= level
    return found


def below(codes: Sequence[Code], code: str) -> set[str]:
    """All codes below one in its system."""
    under: dict[str, list[str]] = {}
    for each in codes:
        for parent in each.above:
            under.setdefault(parent, []).append(each.code)
    found: set[str] = set()
    level = {code}
    for _ in range(_DEEP):
        level = {c for parent in level for c in under.get(parent, ())} - found
        if not level:
            break
        found |= level
    return found


def _listed(contains: Iterable[dict[str, Any]], parent: str) -> Iterator[Code]:
    for each in contains:
        code = str(each.get("code", ""))
        if code and not each.get("abstract"):
            yield Code(str(each.get("system", "")), code, str(each.get("display", "")),
                       (parent,) if parent else ())  # fmt: skip
        yield from _listed(each.get("contains", ()), code)


def _included(include: dict[str, Any], known: Known) -> list[Code]:
    """What one include or exclude means: all of its parts hold of a code."""
    parts: list[list[Code]] = []
    for url in include.get("valueSet", ()):
        codes = known.valueset(str(url))
        if codes is None:
            raise CannotCompose(say("the ValueSet {url} is not known here", url=url),
                                "Load it, or send it as a resource.")  # fmt: skip
        parts.append(list(codes))
    if system := include.get("system"):
        parts.append(_of_system(str(system), include, known))
    if not parts:
        return []
    within = [{(c.system, c.code) for c in part} for part in parts[1:]]
    return [c for c in parts[0] if all((c.system, c.code) in part for part in within)]


def _of_system(system: str, include: dict[str, Any], known: Known) -> list[Code]:
    concepts = include.get("concept")
    codes = known.system(system)
    if concepts:
        words = {c.code: c for c in codes or ()}
        return [_named(system, each, words) for each in concepts]
    if codes is None:
        raise CannotCompose(say("the code system {system} is not known here", system=system),
                            "Load it: onesystem codes load FILE.")  # fmt: skip
    for each in include.get("filter", ()):
        codes = _filtered(codes, each)
    return list(codes)


def _named(system: str, concept: dict[str, Any], words: dict[str, Code]) -> Code:
    code = str(concept.get("code", ""))
    own = words.get(code, Code(system, code))
    return Code(system, code, str(concept.get("display", "")) or own.display, own.above)


def _filtered(codes: Sequence[Code], said: dict[str, Any]) -> list[Code]:
    rule = said.get("property"), said.get("op")
    value = str(said.get("value", ""))
    if rule in {("concept", "is-a"), ("concept", "descendent-of")}:
        wanted = below(codes, value) | ({value} if rule[1] == "is-a" else set())
        return [c for c in codes if c.code in wanted]
    if rule == ("parent", "="):
        return [c for c in codes if value in c.above]
    if rule == ("concept", "in"):
        wanted = {each.strip() for each in value.split(",")}
        return [c for c in codes if c.code in wanted]
    raise CannotCompose(
        say("the filter {rule} {rule2} is not worked out here", rule=rule[0], rule2=rule[1]),
        "Send the ValueSet with its expansion.",
    )
