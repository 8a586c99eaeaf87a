"""A search as one statement: where it starts, and what each entry is then tested for.

It starts from the condition that few entries meet (`starting`). Where all are met by many, the
entries of the type are walked in their order and the walk ends with the page; an inner search has
no page, and starts from the least of them.
Each statement on entries, inner ones too, carries the asker's scope.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from onesystem.record.fhir.searching import composed
from onesystem.record.fhir.searching.asked import Chain, Condition, Has, Simple
from onesystem.record.fhir.searching.columns import column_condition
from onesystem.record.fhir.searching.compartments import members
from onesystem.record.fhir.searching.definitions import COLUMNS, known_of
from onesystem.record.fhir.searching.matching import Look, look, patients, slots_sql
from onesystem.record.fhir.searching.starting import (
    Sql,
    Test,
    are_many,
    begun,
    every,
    first_of,
)
from onesystem.record.fhir.searching.tested import (
    either,
    from_references,
    identities,
    in_start,
    missing,
    negated,
    slots_to,
    union,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who asks and when: `scope` as `record.scope`, or None for the server's own questions.

    `allows` says whether a token reaches a resource type; `now` is microseconds since 1970.
    """

    scope: Any = None
    base: str = ""
    now: int = 0
    allows: Callable[[str], bool] = field(default=lambda _kind: True)


class Source(NamedTuple):
    """FROM and WHERE of a search: entries by row as `d{n}.entry`, the rows themselves as `e{n}`."""

    sql: str
    values: list[Any]
    number: int
    few: bool  # no more than ENOUGH entries were found to start from
    ready: bool = False  # they come in their order by themselves, or are hardly more than one
    timed: bool = False  # begun from all, by when they became known: d{n}.known_at and d{n}.hash


class Planner:
    """Plans one search; its inner searches are numbered, so that no alias is met twice."""

    def __init__(self, context: Context) -> None:
        self.context, self._number = context, 0

    def source(
        self, kinds: Sequence[str], conditions: Sequence[Condition],
        within: tuple[str, str] | None = None, *, inner: bool = False,
        timed: bool = False, again: bool = False,
    ) -> Source:  # fmt: skip
        """The entries of these types that meet all conditions and that the asker may see.

        `timed`: they are wanted in the order in which they became known, if there are many;
        `again`: a page before was found in that way.
        """
        number = self._number = self._number + 1
        kinds = [kind for kind in kinds if self.context.allows(kind)]
        tests = [self._test(kinds, each) for each in conditions]
        if within is not None:
            tests.append(self._within(kinds, within))
        first, few = first_of(tests, inner=inner)
        timed = again or (timed and first is None and are_many(every(kinds)))
        first = None if timed else first
        along = first is not None and first.look is not None
        joined = [test for test in tests if along and test.look and test is not first]
        sql, values = begun(first, joined, kinds, number, timed=timed)
        rest = [test for test in tests if not (along and test.look)]
        said, more = self._rest(kinds, rest, first, f"e{number}")
        ready = along or (first is not None and first.rare)
        return Source(sql + said, values + more, number, few, ready, timed)

    def _rest(
        self, kinds: Sequence[str], tests: Sequence[Test], first: Test | None, alias: str
    ) -> Sql:
        """What is asked of each entry beyond how the search came to it."""
        sql, values = "", []
        if kinds:
            sql += f" AND {alias}.kind IN ({', '.join(['%s'] * len(kinds))})"
            values += kinds
        else:
            sql += " AND 1 = 0"
        for test in tests:
            if test is not first:
                said, more = test.holds(alias)
                sql += f" AND {said}"
                values += more
        said, more = self._scope(alias, first.likely if first else None)
        sql += f" AND {alias}.status <> 'deleted'{said}"
        return sql, values + more

    def _scope(self, alias: str, likely: Sql | None) -> Sql:
        if self.context.scope is None:
            return "", []
        said, values = self.context.scope.row_sql(alias, likely=likely)
        return f" AND {said}", values

    def _test(self, kinds: Sequence[str], condition: Condition) -> Test:
        if isinstance(condition, Chain):
            return self._chain(kinds, condition)
        if isinstance(condition, Has):
            return self._has(condition)
        return self._simple(kinds, condition)

    def _simple(self, kinds: Sequence[str], condition: Simple) -> Test:
        code = condition.first.code
        if code == "_list":
            return self._list(condition)
        if code in COLUMNS:
            start, holds = column_condition(condition, self.context.now)
            return Test(start, holds, sure=code == "_id", rare=code == "_id")
        if condition.modifier == "missing":
            return missing(kinds, condition)
        looks = [
            look(kind, condition.by_kind[kind], condition.modifier, condition.values,
                 self.context.base, self.context.now)
            for kind in kinds
        ]  # fmt: skip
        if condition.modifier == "not":
            return Test(None, lambda e: negated(either(looks, e)))
        sure = all(a.sure for a in looks)
        names = patients(condition, self.context.base)
        likely = identities(names) if sure else None
        rare = sure and code == "identifier"
        one = looks[0] if len(looks) == 1 and looks[0].once else None
        test = Test(union(looks), lambda e: either(looks, e), sure, likely, rare, one)
        return self._with_composed(test, kinds, names) if code in composed.CODES else test

    def _with_composed(self, test: Test, kinds: Sequence[str], names: Sequence[str]) -> Test:
        """The test of a reference to Patients, met also by what was composed of these persons."""
        found = composed.of_patients(kinds, names, self.context.scope)
        return test if found is None else _or(test, found)

    def _within(self, kinds: Sequence[str], within: tuple[str, str]) -> Test:
        """In a compartment: by any of the parameters that HL7's definition of it names."""
        parts, looks = [], []
        name = "/".join(within)
        for kind in kinds:
            for code in members(within[0], kind):
                parameter = known_of(kind).parameters.get(code)
                if parameter is not None and parameter.slots:
                    looks.append(look(kind, parameter, "", (name,), self.context.base, 0))
            if kind == within[0]:
                parts.append(within[1])
        start = union(looks)
        own = "SELECT o.id AS entry FROM record_entry o WHERE o.logical = %s AND o.kind = %s"
        if parts:
            start = (f"{start[0]} UNION ALL {own}" if start else own,
                     [*(start[1] if start else []), within[1], within[0]])  # fmt: skip

        def holds(alias: str) -> Sql:
            said, values = either(looks, alias)
            if parts:
                said = f"({said} OR ({alias}.logical = %s AND {alias}.kind = %s))"
                values = [*values, within[1], within[0]]
            return said, values

        if within[0] != "Patient":
            return Test(start, holds, sure=True)
        test = Test(start, holds, sure=True, likely=identities([within[1]]))
        return self._with_composed(test, kinds, [within[1]])

    def _chain(self, kinds: Sequence[str], condition: Chain) -> Test:
        parts: list[Look] = []
        theirs: Sql | None = None
        for target, inner in condition.targets.items():
            if not self.context.allows(target):
                continue
            source = self.source([target], [inner], inner=True)
            names = f"SELECT e{source.number}.logical {source.sql}"
            if target == "Patient":
                theirs = f"SELECT e{source.number}.identity {source.sql}", source.values
            for kind in kinds:
                where = slots_to(condition.by_kind[kind], target)
                if where:
                    parts.append(Look(
                        "record_reference", f"{where} AND x.kind = %s", (target, *source.values),
                        exact=False, among=f" AND x.target IN ({names})",
                    ))  # fmt: skip
        test, code = from_references(parts), next(iter(condition.by_kind.values())).code
        if theirs is None or code not in composed.CODES or not composed.there_are(kinds):
            return test
        return _or(test, composed.of_kin(theirs))

    def _has(self, condition: Has) -> Test:
        if not self.context.allows(condition.kind):
            return Test(None, lambda _e: ("1 = 0", []))
        test = self._test([condition.kind], condition.condition)
        code, kinds = condition.parameter.code, [condition.kind]
        theirs = code in composed.CODES and composed.there_are(kinds)
        if test.start is None or are_many(test.start):
            refers = self._referring(condition, test)
            return Test(None, _either_of(refers, self._theirs(kinds, test)) if theirs else refers)
        source = self.source([condition.kind], [condition.condition], inner=True)
        where = slots_sql("+r", condition.parameter.slots)
        names = (
            f"SELECT r.target FROM (SELECT d{source.number}.entry {source.sql}) h "
            f"CROSS JOIN record_reference r WHERE r.entry = h.entry AND {where} AND r.kind = "
        )

        def holds(alias: str) -> Sql:
            return f"{alias}.logical IN ({names}{alias}.kind)", source.values

        own = None
        if theirs:
            e = f"e{source.number}"
            said = f"SELECT {e}.identity {source.sql} AND {e}.body IS NULL AND {e}.identity > 0"
            own = composed.patients_of((said, source.values))
        targets = condition.parameter.targets
        only = condition.parameter.kind_of_target or (targets[0] if len(targets) == 1 else "")
        if not only:
            return Test(None, _either_of(holds, own[1]) if own else holds)
        # What is referred to is of one type, so the search can start from what refers to it.
        wanted = f"o.logical IN ({names}%s) AND o.kind = %s"
        start = (
            f"SELECT o.id AS entry FROM record_entry o WHERE {wanted}",
            [*source.values, only, only],
        )
        test = Test(start, in_start(start))
        return _or(test, own) if own and only == "Patient" else test

    def _theirs(self, kinds: Sequence[str], test: Test) -> Callable[[str], Sql]:
        """Of many: whether something that was composed of a Patient's person meets it."""
        self._number += 1
        at, alias = f"d{self._number}", f"e{self._number}"
        rest, values = self._rest(kinds, [test], None, alias)

        def holds(outer: str) -> Sql:
            return (
                f"({outer}.kind = 'Patient' AND EXISTS (SELECT 1 FROM people_identity ka "
                "CROSS JOIN people_identity kb CROSS JOIN (SELECT o.id AS entry, o.identity "
                f"FROM record_entry o WHERE o.identity > 0 AND o.body IS NULL) {at} "
                f"CROSS JOIN record_entry {alias} WHERE ka.id = {outer}.identity "
                f"AND kb.person = ka.person AND {at}.identity = kb.id "
                f"AND {alias}.id = {at}.entry{rest}))"
            ), [*values]

        return holds

    def _referring(self, condition: Has, test: Test) -> Callable[[str], Sql]:
        """Of many: whether one entry is referred to, by what refers to it."""
        self._number += 1
        at, alias = f"d{self._number}", f"e{self._number}"
        rest, values = self._rest([condition.kind], [test], None, alias)
        where = slots_sql(at, condition.parameter.slots)

        def holds(outer: str) -> Sql:
            return (
                f"EXISTS (SELECT 1 FROM record_reference {at} CROSS JOIN record_entry {alias} "
                f"WHERE {where} AND {at}.target = {outer}.logical AND {at}.kind = {outer}.kind "
                f"AND {alias}.id = {at}.entry{rest})"
            ), [*values]

        return holds

    def _list(self, condition: Simple) -> Test:
        """What a List names, where the asker may see the list."""
        slot = known_of("List").parameters["item"].slots
        parts: list[Sql] = []
        for value in condition.values:
            name = value.removeprefix("List/")
            by_id = Simple({"List": known_of("List").parameters["_id"]}, "", (name,), "_list")
            source = self.source(["List"], [by_id], inner=True)
            said = (
                f"SELECT r.target FROM (SELECT d{source.number}.entry {source.sql}) h "
                f"CROSS JOIN record_reference r WHERE r.entry = h.entry AND {slots_sql('+r', slot)}"
            )
            parts.append((said, source.values))

        def holds(alias: str) -> Sql:
            said = " OR ".join(f"{alias}.logical IN ({sql} AND r.kind = {alias}.kind)"
                               for sql, _ in parts)  # fmt: skip
            return f"({said})", [v for _, values in parts for v in values]

        return Test(None, holds)


def _or(test: Test, other: tuple[Sql, Callable[[str], Sql]]) -> Test:
    """A test that is met in another way as well."""
    if test.start is None:
        return test
    (start, values), own = other
    both = f"{test.start[0]} UNION ALL {start}", [*test.start[1], *values]
    return test._replace(start=both, holds=_either_of(test.holds, own), look=None)


def _either_of(one: Callable[[str], Sql], other: Callable[[str], Sql]) -> Callable[[str], Sql]:
    """Whether an entry meets one of two."""

    def holds(alias: str) -> Sql:
        first, second = one(alias), other(alias)
        return f"({first[0]} OR {second[0]})", [*first[1], *second[1]]

    return holds
