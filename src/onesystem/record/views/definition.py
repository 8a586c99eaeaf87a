"""A ViewDefinition, checked, as a function that makes rows of a resource.

The structure and the order of columns follow SQL on FHIR v2 (sql-on-fhir.org): columns, then nested
selects, then unions; siblings are multiplied, unions are put under each other.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from onesystem.record.views.closures import CHOICES, Compiler, Constant, Path
from onesystem.record.views.functions import Env, Items
from onesystem.record.views.operators import truth
from onesystem.record.views.trouble import BadView
from onesystem.vocabulary import nearest

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*$")
_EACH = ("forEach", "forEachOrNull", "repeat")
_SELECT = {"column", "select", "unionAll", "id", "extension", "modifierExtension", *_EACH}
_COLUMN = {"name", "path", "type", "collection", "description", "tag", "id", "extension"}
_DEEPEST = 200  # levels of one repeat

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its FHIR type, where said, and whether a cell holds a list."""

    name: str
    type: str = ""
    collection: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A select that is ready: its columns, and its rows for a focus."""

    columns: tuple[Column, ...]
    rows: Callable[[Items, Env], list[Row]]


@dataclass(frozen=True, slots=True)
class View:
    """A view that is ready. `exact`: it works with decimals, so parse them digit for digit."""

    name: str
    resource: str
    columns: tuple[Column, ...]
    exact: bool
    _part: Part
    _where: tuple[tuple[str, Path], ...]

    def rows(self, resource: Mapping[str, Any]) -> list[Row]:
        """The rows of one resource. Raises BadView where a value does not fit the view."""
        if resource.get("resourceType") != self.resource:
            return []
        env = Env(resource)
        for where, path in self._where:
            try:
                if truth(path.run((resource,), env), "the criterion") is not True:
                    return []
            except BadView as error:
                raise _placed(error, where) from None
        return self._part.rows((resource,), env)


def view_of(said: Any, *, known: Iterable[str] = ()) -> View:
    """The view that a ViewDefinition describes. Raises BadView, with the element and the cure.

    `known` are the types of resources, to catch a misspelt one.
    """
    if not isinstance(said, dict):
        raise BadView("a view is a JSON object", 'Write {"resource": ..., "select": [...]}.')
    resource = said.get("resource")
    if not isinstance(resource, str) or not resource:
        raise BadView("the type of resource is missing", 'Write "resource": "Patient".',
                      "resource")  # fmt: skip
    types = frozenset(known)
    if types and resource not in types:
        raise BadView(f"there is no resource type {resource!r}", nearest(resource, types),
                      "resource")  # fmt: skip
    made = Compiler(_constants(said.get("constant")))
    part = _select_all(made, _list(said, "select", "", need=True), "select")
    _differ(part.columns, "select")
    where = tuple(
        (f"where[{i}].path", _path(made, each, "path", f"where[{i}]"))
        for i, each in enumerate(_list(said, "where", ""))
    )
    name = said.get("name") if isinstance(said.get("name"), str) else "view"
    return View(str(name), resource, part.columns, made.exact, part, where)


def _constants(said: Any) -> dict[str, Constant]:
    found: dict[str, Constant] = {}
    for i, each in enumerate(_listed(said, "constant")):
        where = f"constant[{i}]"
        name = each.get("name")
        if not isinstance(name, str) or not _NAME.match(name):
            raise BadView("a constant has no usable name", "Letters, digits and _.", where)
        values = [key for key in each if key.startswith("value")]
        if len(values) != 1 or values[0][5:] not in CHOICES:
            raise BadView(f"the constant {name!r} needs one value of a known type",
                          'Write one, such as "valueString": "official".', where)  # fmt: skip
        kind = values[0][5:]
        value = each[values[0]]
        if isinstance(value, dict | list):
            raise BadView(f"the constant {name!r} is not one plain value",
                          "Write a text, a number, a date or true.", where)  # fmt: skip
        found[name] = Constant(value, kind[:1].lower() + kind[1:])
    return found


def _select_all(made: Compiler, said: list[dict[str, Any]], where: str) -> Part:
    parts = [_select(made, each, f"{where}[{i}]") for i, each in enumerate(said)]
    return _product(parts)


def _select(made: Compiler, said: dict[str, Any], where: str) -> Part:
    _known(said, _SELECT, where)
    over = [key for key in _EACH if key in said]
    if len(over) > 1:
        raise BadView(
            f"{' and '.join(over)} cannot stand together", "Nest one in the other.", where
        )
    own = [
        _column(made, each, f"{where}.column[{i}]")
        for i, each in enumerate(_list(said, "column", where))
    ]
    parts = [own_part] if (own_part := _columns(own)) else []
    parts += [
        _select(made, each, f"{where}.select[{i}]")
        for i, each in enumerate(_list(said, "select", where))
    ]
    if "unionAll" in said:
        parts.append(_union(made, _list(said, "unionAll", where, need=True), f"{where}.unionAll"))
    if not parts:
        raise BadView("a select makes no column", "Add column, select or unionAll.", where)
    joined = _product(parts)
    if not over:
        return joined
    if over[0] == "repeat":
        return _repeated(made, said["repeat"], joined, f"{where}.repeat")
    path = _path(made, said, over[0], where)
    return _for_each(path, joined, f"{where}.{over[0]}", blank=over[0] == "forEachOrNull", own=own)


def _column(made: Compiler, said: dict[str, Any], where: str) -> tuple[Column, Path, str, str]:
    _known(said, _COLUMN, where)
    name = said.get("name")
    if not isinstance(name, str) or not _NAME.match(name):
        raise BadView(f"{name!r} is no name of a column",
                      "Begin with a letter; letters, digits and _ follow.",
                      f"{where}.name")  # fmt: skip
    collection = said.get("collection", False)
    if not isinstance(collection, bool):
        raise BadView("collection is not true or false", "Write true or false.",
                      f"{where}.collection")  # fmt: skip
    path = _path(made, said, "path", where)
    kind = said.get("type")
    column = Column(name, kind.rpartition("/")[2] if isinstance(kind, str) else "", collection)
    return column, path, f"{where}.path", said["path"].strip()


def _columns(own: list[tuple[Column, Path, str, str]]) -> Part | None:
    if not own:
        return None
    cells = [(column.collection, path.run, where) for column, path, where, _ in own]

    def rows(items: Items, env: Env) -> list[Row]:
        made: list[Any] = []
        for collection, run, where in cells:
            try:
                found = run(items, env)
            except BadView as error:
                raise _placed(error, where) from None
            if collection:
                made.append(list(found))
            elif len(found) > 1:
                raise BadView(f"the path gives {len(found)} values where one is asked for",
                              'Write "collection": true, or narrow it with first() or forEach.',
                              where)  # fmt: skip
            else:
                made.append(found[0] if found else None)
        return [tuple(made)]

    return Part(tuple(column for column, *_ in own), rows)


def _union(made: Compiler, said: list[dict[str, Any]], where: str) -> Part:
    parts = [_select(made, each, f"{where}[{i}]") for i, each in enumerate(said)]
    first = [column.name for column in parts[0].columns]
    for i, part in enumerate(parts):
        names = [column.name for column in part.columns]
        if names != first:
            raise BadView(
                f"its columns are {', '.join(names)}, those before it {', '.join(first)}",
                "Give each the same columns in the same order.", f"{where}[{i}]",
            )  # fmt: skip
    return Part(
        parts[0].columns,
        lambda items, env: [row for part in parts for row in part.rows(items, env)],
    )


def _product(parts: list[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]

    def rows(items: Items, env: Env) -> list[Row]:
        found = []
        for part in parts:
            made = part.rows(items, env)
            if not made:
                return []
            found.append(made)
        return [sum(each, ()) for each in product(*found)]

    return Part(tuple(column for part in parts for column in part.columns), rows)


def _for_each(path: Path, inner: Part, where: str, *, blank: bool, own: list[Any]) -> Part:
    # An empty forEachOrNull is a row without values; only %rowIndex is then 0, by the tests.
    empty = tuple(0 if said == "%rowIndex" else None for *_, said in own)
    nothing = empty + (None,) * (len(inner.columns) - len(empty))

    def rows(items: Items, env: Env) -> list[Row]:
        try:
            foci = path.run(items, env)
        except BadView as error:
            raise _placed(error, where) from None
        found = [
            row for i, each in enumerate(foci) for row in inner.rows((each,), Env(env.resource, i))
        ]
        return [nothing] if blank and not foci else found

    return Part(inner.columns, rows)


def _repeated(made: Compiler, said: Any, inner: Part, where: str) -> Part:
    if not isinstance(said, list) or not said or not all(isinstance(s, str) for s in said):
        raise BadView("repeat is no list of paths", 'Write "repeat": ["item"].', where)
    paths = [_compiled(made, text, f"{where}[{i}]") for i, text in enumerate(said)]

    def walk(items: Items, env: Env, found: list[Any], deep: int) -> None:
        if deep > _DEEPEST:
            raise BadView(f"it goes deeper than {_DEEPEST} levels", "Name an element.", where)
        for path in paths:
            for each in path.run(items, env):
                if isinstance(each, dict):
                    found.append(each)
                    walk((each,), env, found, deep + 1)

    def rows(items: Items, env: Env) -> list[Row]:
        foci: list[Any] = []
        walk(items, env, foci, 1)
        return [
            row for i, each in enumerate(foci) for row in inner.rows((each,), Env(env.resource, i))
        ]

    return Part(inner.columns, rows)


def _path(made: Compiler, said: dict[str, Any], key: str, where: str) -> Path:
    text = said.get(key)
    at = f"{where}.{key}"
    if not isinstance(text, str) or not text.strip():
        raise BadView("a path is missing", "Write a FHIRPath as text.", at)
    return _compiled(made, text, at)


def _compiled(made: Compiler, text: str, where: str) -> Path:
    try:
        return made.path(text)
    except BadView as error:
        raise _placed(error, where) from None


def _placed(error: BadView, where: str) -> BadView:
    return error if error.where else BadView(error.what, error.cure, where)


def _list(
    said: dict[str, Any], key: str, where: str, *, need: bool = False
) -> list[dict[str, Any]]:
    at = f"{where}.{key}".lstrip(".")
    found = _listed(said.get(key), at)
    if need and not found:
        raise BadView(f"{key} is missing or empty", f'Write "{key}": [...].', at)
    return found


def _listed(said: Any, where: str) -> list[dict[str, Any]]:
    if said is None:
        return []
    if not isinstance(said, list) or not all(isinstance(each, dict) for each in said):
        raise BadView("this is no list of objects", "Write [{...}, {...}].", where)
    return said


def _known(said: dict[str, Any], known: set[str], where: str) -> None:
    for key in said:
        if key not in known:
            raise BadView(f"there is no element {key!r} here", nearest(key, known), where)


def _differ(columns: tuple[Column, ...], where: str) -> None:
    seen: set[str] = set()
    for column in columns:
        if column.name in seen:
            raise BadView(f"two columns are called {column.name!r}", "Rename one.", where)
        seen.add(column.name)
