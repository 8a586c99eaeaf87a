"""The lists of codes that are known: those that the district loaded, and resources of the record.

A loaded list comes before a resource of the same address.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from onesystem.record.codes import asking, composing, knowing
from onesystem.record.codes.composing import CannotCompose, Code, Known
from onesystem.record.fhir.finding import by_entries, by_name
from onesystem.record.fhir.outcomes import Refusal

_DEEP = 10  # value sets within value sets
Resource = dict[str, Any]
Pair = tuple[str, str]  # system, code


class AboutNobody:
    """The scope of definitions: what is about no person, and that no label keeps back."""

    everyone = False

    def row_sql(self, alias: str, *, likely: Any = None) -> tuple[str, list[Any]]:  # noqa: ARG002
        """The condition on a row of entries."""
        return f"({alias}.identity = 0 AND {alias}.label = 0)", []


class Lists:
    """The lists as one caller may see them."""

    def __init__(self, scope: Any, asker: Any = None) -> None:
        self._scope, self._asker = scope, asker

    def value_set(self, url: str, deep: int = 0) -> tuple[Resource, Sequence[Code]] | None:
        """The ValueSet of an address, or `ValueSet/id`, and its codes. Raises CannotCompose."""
        if deep > _DEEP:
            raise CannotCompose("the ValueSets name each other in a circle", "Name the codes.")
        held = knowing.loaded(url, "ValueSet")
        if held is not None:
            head = {"resourceType": "ValueSet", "url": held.url, "status": "active"}
            head |= {"version": held.version} if held.version else {}
            head |= {"title": held.name} if held.name else {}
            return head, knowing.codes_of(held)
        resource = self._resource("ValueSet", url)
        if resource is None:
            return None
        return resource, composing.composed(resource, self.known(deep + 1))

    def system(self, url: str) -> Sequence[Code] | None:
        """The codes of a code system."""
        held = knowing.loaded(url, "CodeSystem")
        if held is not None:
            return knowing.codes_of(held)
        resource = self._resource("CodeSystem", url)
        return composing.of_codesystem(resource) if resource else None

    def known(self, deep: int = 0) -> Known:
        """Who knows the lists that a ValueSet names."""

        def value_set(url: str) -> Sequence[Code] | None:
            found = self.value_set(url, deep)
            return found[1] if found else None

        return Known(system=self.system, valueset=value_set)

    def _resource(self, kind: str, url: str) -> Resource | None:
        """The resource of the record with that address."""
        from onesystem.record.fhir import searching

        start, _, logical = url.partition("/")
        if start == kind and logical:
            shown = by_name(kind, logical, self._scope)
            return dict(orjson.loads(shown.body)) if shown and not shown.gone else None
        address, _, version = url.partition("|")
        if not address:
            return None
        wanted = [("url", address.replace("\\", "\\\\").replace(",", "\\,"))]
        wanted += [("version", version)] if version else []
        found = searching.matches(kind, wanted, self._scope, 1, asker=self._asker)
        shown = by_entries(found, self._scope).get(found[0]) if found else None
        return dict(orjson.loads(shown.body)) if shown else None


def expand(modifier: str, value: str) -> Sequence[Pair] | None:
    """The codes that a search means by `:in`, `:not-in`, `:above` or `:below`; None for no list.

    Raises Refusal for a list whose rules are not worked out here.
    """
    found = asking.expand(modifier, value)
    if found is not None:
        return found
    lists = Lists(AboutNobody())
    if modifier in {"in", "not-in"}:
        try:
            held = lists.value_set(value)
        except CannotCompose as error:
            raise Refusal(422, error.what, error.cure, code="not-supported") from error
        return [(each.system, each.code) for each in held[1]] if held else None
    system, _, code = value.partition("|")
    codes = lists.system(system) if code else None
    if codes is None or code not in {each.code for each in codes}:
        return None
    along = composing.above if modifier == "above" else composing.below
    return [(system, each) for each in (code, *sorted(along(codes, code) - {code}))]
