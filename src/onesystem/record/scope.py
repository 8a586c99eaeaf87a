"""The decision over everybody at once: conditions that go into every query of people's data.

`Scope` is the rule of `access.decision` as SQL. What is outside it is never counted, included,
chained through or hinted at. A property test holds `sql` equal to asking `decide` of each person.
"""

from dataclasses import dataclass, field

from onesystem.access import Asker, kinds
from onesystem.access.lines import lines_for
from onesystem.access.sharing import Sharing
from onesystem.district import District
from onesystem.feeds.fhir.definitions import definitions
from onesystem.record.ties import Condition, Part, Reach, Values, _marks, parts_of, reach_of
from onesystem.vocabulary.kept import to_micros

# What belongs to somebody, or may: without a subject it is nobody's, and only for whoever may see
# everybody. All else without one, such as practitioners, places and code lists, is for all.
PERSONAL = frozenset({
    "AuditEvent", "Binary", "Bundle", "Linkage", "MessageHeader", "Person",
    *(definitions().patient.keys() - {"Account", "Contract", "Device", "Invoice", "List",
                                      "MeasureReport", "Provenance", "SupplyDelivery",
                                      "SupplyRequest", "Task"}),
})  # fmt: skip
_PERSONAL = ", ".join(f"'{kind}'" for kind in sorted(PERSONAL))
_ALL: Condition = ("1 = 1", [])
_NONE: Condition = ("1 = 0", [])
_STANDING = "since <= %s AND ({0}.until IS NULL OR {0}.until > %s)"
_LIKELY = object()  # stands among kept values for those of the likely identities


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Everything that one asker may see at one moment, for one purpose.

    `everyone`: no tie is asked for. `nothing`: the purpose is not theirs. `record` False: who
    people are, and nothing more. `labels`: the sensitive kinds that open. `persons`: their own,
    their proxies', and those whom they broke the glass for; `overridden`: those of them whose
    choices about sharing are passed.
    """

    everyone: bool = False
    nothing: bool = False
    record: bool = True
    labels: int = 0
    now: int = 0
    reach: Reach | None = None
    parts: tuple[Part, ...] = ()
    persons: frozenset[int] = frozenset()
    overridden: frozenset[int] = frozenset()
    only: int | None = None  # the person that the token is bound to
    shared: Sharing | None = None  # None: agreements and choices do not apply
    sources: tuple[str, ...] = field(default=())  # declared ones
    said: dict[tuple[str, bool, str], Condition] = field(  # what `row_sql` has worked out
        default_factory=dict, init=False, repr=False, compare=False
    )

    def sql(self, column: str, *, wide: bool = False) -> Condition:
        """The condition that the identity in `column` is of somebody in scope, and its values.

        Identity 0, about nobody, is always in scope of whoever may ask at all. `wide` asks for a
        set to be made once, for questions without a person; otherwise each row is looked up.
        """
        if self.nothing:
            return _NONE
        if self._open:
            return _ALL
        source, values = self._sources("me.source")
        inside, more = self._person(wide=wide, source="me.source")
        where, every = _and((source, values), (inside, more))
        if wide:
            way = f"{column} IN (SELECT me.id FROM people_identity me WHERE {where})"
        else:
            way = f"EXISTS (SELECT 1 FROM people_identity me WHERE me.id = {column} AND {where})"
        return f"({column} = 0 OR {way})", every

    def row_sql(
        self, alias: str, *, wide: bool = False, likely: Condition | None = None
    ) -> Condition:
        """The condition on a row of `record_entry` (or of its versions) under that alias.

        `likely` names identities, by a list or a query, that most of the rows are of. It changes
        nothing in what is seen: they are judged once and not with each of their rows.
        """
        asked, more = likely or ("", [])
        found = self.said.get((alias, wide, asked))
        if found is None:
            found = self.said[alias, wide, asked] = self._row_sql(alias, asked, wide=wide)
        where, values = found
        if _LIKELY not in values:
            return where, [*values]
        at = values.index(_LIKELY)
        return where, [*values[:at], *more, *values[at + 1 :]]

    def _row_sql(self, alias: str, likely: str, *, wide: bool) -> Condition:
        if self.nothing:
            return _NONE
        column = f"{alias}.identity"
        found = [self._kind(alias)]
        nobody = f"{column} = 0"
        if not self._all_nobodys:
            nobody = f"({nobody} AND {alias}.kind NOT IN ({_PERSONAL}))"
        if not self.record:
            found.append((f"({nobody} OR {alias}.kind = 'Patient')", []))
        if not self._open:
            inside, values = self._person(wide=wide, source=f"{alias}.source", row=alias)
            if wide and self.shared is None:
                way = f"{column} IN (SELECT me.id FROM people_identity me WHERE {inside})"
            else:
                way = (
                    f"EXISTS (SELECT 1 FROM people_identity me WHERE me.id = {column} AND {inside})"
                )
                if likely:
                    known, first = self._judged_once(alias, likely)
                    way, values = f"({known} OR {way})", [*first, *values]
            source, more = self._sources(f"{alias}.source")
            found.append((f"({nobody} OR ({source} AND {way}))", [*more, *values]))
        return _and(*found)

    def _judged_once(self, alias: str, likely: str) -> Condition:
        """A row of a likely identity in scope whose person has made no choice at all."""
        inside, values = self._person(wide=False, source="me.source", choices=False)
        found = f"SELECT me.id FROM people_identity me WHERE me.id IN ({likely}) AND {inside}"
        values = [_LIKELY, *values]
        if self.shared is None:
            return f"{alias}.identity IN ({found})", values
        chosen, more = self._chosen("")
        sealed, last = self._sealed(alias)
        return (
            f"({alias}.identity IN ({found} AND NOT {chosen}) AND NOT {sealed})",
            [*values, *more, *last],
        )

    @property
    def _all_nobodys(self) -> bool:
        """Whether what names no subject, and may be somebody's all the same, is seen too."""
        return self.everyone and self.record and self.only is None

    @property
    def _open(self) -> bool:
        return self.everyone and self.shared is None and self.only is None

    def _kind(self, alias: str) -> Condition:
        shut = kinds.EVERY & ~self.labels
        if self.shared is None:
            return (f"({alias}.label & {shut}) = 0", []) if shut else _ALL
        masks = {s: self.shared.mask(s) for s in self.sources}
        limits = {s: m & self.labels for s, m in masks.items() if m not in {None, kinds.EVERY}}
        if not limits:
            return (f"({alias}.label & {shut}) = 0", []) if shut else _ALL
        cases = " ".join(f"WHEN %s THEN {kinds.EVERY & ~m}" for m in limits.values())
        return f"({alias}.label & CASE {alias}.source {cases} ELSE {shut} END) = 0", list(limits)

    def _sources(self, column: str) -> Condition:
        """Which senders' data are shared with the asker at all."""
        if self.shared is None or self.shared.by_default:
            return _ALL
        able = [s for s in self.sources if self.shared.mask(s) is not None]
        if self.shared.mask("") is None:  # a source that nobody answers for
            return (f"{column} IN ({_marks(able)})", list(able)) if able else _NONE
        shut = [s for s in self.sources if s not in able]
        return (f"{column} NOT IN ({_marks(shut)})", shut) if shut else _ALL

    def _person(self, *, wide: bool, source: str, row: str = "", choices: bool = True) -> Condition:
        found: list[Condition] = []
        if self.only is not None:
            found.append(("me.person = %s", [self.only]))
        if not self.everyone:
            found.append(self._tied_set() if wide else self._tied())
        if self.shared is not None and choices:
            found.append(self._choices(source, row))
        return _and(*found)

    def _tied(self) -> Condition:
        ways, values = [], Values()
        if self.reach is not None and self.reach.organisations:
            inner = [f"i.practice IN ({_marks(self.reach.practices)})"]
            values += self.reach.practices
            for part in self.parts:
                inner.append(
                    f"EXISTS (SELECT 1 FROM {part.table} t WHERE t.identity = i.id "
                    f"AND {part.where})"
                )
                values += part.values
            # Most are enrolled under the identity itself, which is at hand.
            ways.append(f"me.practice IN ({_marks(self.reach.practices)})")
            ways.append(
                "EXISTS (SELECT 1 FROM people_identity i WHERE i.person = me.person "
                f"AND ({' OR '.join(inner)}))"
            )
            values = [*self.reach.practices, *values]
        if self.persons:
            ways.append(f"me.person IN ({_marks(self.persons)})")
            values += sorted(self.persons)
        return (f"({' OR '.join(ways)})", values) if ways else _NONE

    def _tied_set(self) -> Condition:
        sets, values = [], Values()
        if self.reach is not None and self.reach.organisations:
            sets.append(
                f"SELECT i.person FROM people_identity i "
                f"WHERE i.practice IN ({_marks(self.reach.practices)})"
            )
            values += self.reach.practices
            for part in self.parts:
                sets.append(
                    f"SELECT i.person FROM {part.table} t JOIN people_identity i "
                    f"ON i.id = t.identity WHERE {part.where}"
                )
                values += part.values
        if self.persons:
            marks = _marks(self.persons)
            sets.append(f"SELECT i.person FROM people_identity i WHERE i.person IN ({marks})")
            values += sorted(self.persons)
        return (f"me.person IN ({' UNION '.join(sets)})", values) if sets else _NONE

    def _choices(self, source: str, row: str) -> Condition:
        """Not shared by the person: all of it, this sender, this kind, or this one item."""
        what = f"c.what = 'all' OR (c.what = 'source' AND c.source = {source})"
        if row:
            what += f" OR (c.what = 'kind' AND (c.labels & {row}.label) <> 0)"
        chosen, values = self._chosen(f" AND ({what})")
        where = f"NOT {chosen}"
        if row:
            sealed, more = self._sealed(row)
            where += f" AND NOT {sealed}"
            values += more
        if self.overridden:
            where = f"(me.person IN ({_marks(self.overridden)}) OR ({where}))"
            values = [*sorted(self.overridden), *values]
        return where, values

    def _chosen(self, what: str) -> Condition:
        """Whether the person has a choice standing, of those that `what` says."""
        return (
            "EXISTS (SELECT 1 FROM people_identity o "
            "JOIN access_consent_on h ON h.identity = o.id "
            "JOIN access_consent c ON c.id = h.consent "
            f"WHERE o.person = me.person AND c.{_STANDING.format('c')}{what})"
        ), [self.now, self.now]

    def _sealed(self, row: str) -> Condition:
        """Whether the row is an item that the person marked as confidential."""
        return (
            f"EXISTS (SELECT 1 FROM access_seal s WHERE s.item = {row}.entry "
            f"AND s.{_STANDING.format('s')})"
        ), [self.now, self.now]


def scope_of(
    asker: Asker,
    district: District,
    *,
    shared: Sharing,
    glass: frozenset[int],
    overridden: frozenset[int],
) -> Scope:
    """The scope of an asker; `glass` are the persons whom they broke the glass for."""
    if asker.actor.is_job:
        return Scope(everyone=True, labels=kinds.EVERY)
    lines = lines_for(asker.actor.roles, asker.purpose, asker.at.date())
    if not lines:
        return Scope(nothing=True)
    labels = 0
    for line in lines:
        labels |= line.labels
    ties = frozenset[str]().union(*(line.ties for line in lines))
    own = {asker.person, *asker.acts_for} - {None} if "self" in ties else set()
    care = "practice" in ties
    reach = reach_of(asker.organisations, district) if care else None
    return Scope(
        everyone=not ties,
        record=any(line.record for line in lines),
        labels=labels,
        now=to_micros(asker.at),
        reach=reach,
        parts=tuple(parts_of(reach, asker, district)) if reach else (),
        persons=frozenset(own) | (glass if "break-glass" in ties else frozenset()),
        overridden=overridden if "break-glass" in ties else frozenset(),
        only=_bound(asker),
        shared=shared if any(line.shares for line in lines) else None,
        sources=tuple(sorted(district.sources)),
    )


def _bound(asker: Asker) -> int | None:
    scopes = asker.scopes
    if scopes is None or scopes.patient is None or scopes.reach(-1):
        return None
    return scopes.patient


def _and(*conditions: Condition) -> Condition:
    real = [each for each in conditions if each != _ALL]
    if not real:
        return _ALL
    return " AND ".join(where for where, _ in real), [v for _, values in real for v in values]
