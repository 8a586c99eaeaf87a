"""When each part of an identity's record last changed: what a page that is kept is held against.

Whoever writes entries changes the stamps of the identities that they are of, in the same
transaction: of the parts that the entries' kinds belong to, so that a result which comes in does
not have the medicines told anew. A stamp is drawn and not counted, so that none comes again for
other entries: not after a replay, a rollback, or a copy that was put back.

A stamp is one number: the second at whose end the newest entry of the part was known, and what
was drawn.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson
from django.db import connection

from onesystem.access.quick import marks, rows

# The parts of a record, as the page has them, and the kinds that each is told of.
PARTS: Mapping[str, tuple[str, ...]] = {
    "warnings": ("Flag", "AllergyIntolerance"),
    "problems": ("Condition",),
    "medicines": ("MedicationRequest", "MedicationStatement", "MedicationDispense"),
    "results": ("Observation",),
    "plans": ("CarePlan", "Goal"),
    "documents": ("DocumentReference", "Composition", "DiagnosticReport", "Consent"),
    "done": ("Procedure", "Immunization"),
    "team": ("CareTeam",),
}
EVERY = (1 << len(PARTS)) - 1
_BITS = {kind: 1 << n for n, kinds in enumerate(PARTS.values()) for kind in kinds}
_DRAWN = 31  # bits
_NAMES = ", ".join(PARTS)
_EACH = {
    "sqlite": "SELECT json_extract(value, '$[0]') AS identity, json_extract(value, '$[1]') AS parts"
    " FROM json_each(%s)",
    "postgresql": "SELECT (value->>0)::bigint AS identity, (value->>1)::bigint AS parts"
    " FROM json_array_elements(%s::json) AS value",
}
_CHANGED = ", ".join(
    f"CASE WHEN (x.parts & {1 << n}) = 0 THEN 0 ELSE %s END" for n in range(len(PARTS))
)
# What became known first may come last: the newest stays, and what is drawn is new.
_LATER = (
    "{0} = CASE WHEN excluded.{0} = 0 THEN record_stamp.{0} "
    f"WHEN (excluded.{{0}} >> {_DRAWN}) >= (record_stamp.{{0}} >> {_DRAWN}) THEN excluded.{{0}} "
    f"ELSE ((record_stamp.{{0}} >> {_DRAWN}) << {_DRAWN}) | "
    f"(excluded.{{0}} & {(1 << _DRAWN) - 1}) END"
)
_CHANGE = (
    f"INSERT INTO record_stamp (identity, {_NAMES}) SELECT x.identity, {_CHANGED} "
    "FROM ({each}) AS x WHERE true ON CONFLICT (identity) DO UPDATE SET "
    + ", ".join(_LATER.format(part) for part in PARTS)
)


@dataclass(frozen=True, slots=True)
class Stamps:
    """The stamps of one part, of some identities: (identity, stamp). None where it has nothing."""

    of: tuple[tuple[int, int], ...] = ()

    @property
    def known_by(self) -> int:
        """When the newest of its entries was surely known, in microseconds; 0 for no entry."""
        return max((stamp >> _DRAWN for _, stamp in self.of), default=0) * 1_000_000


def parts_of(kinds: Iterable[str]) -> int:
    """The parts that entries of these kinds belong to, as a mask of PARTS."""
    found = 0
    for kind in kinds:
        found |= _BITS.get(kind, 0)
    return found


def change(changed: Mapping[int, int], known_at: int) -> None:
    """New stamps for the parts of these identities (masks), in the caller's transaction.

    Call it last, when the caller holds the line of the audit trail: then no two writers wait for
    each other's stamps in turn.
    """
    about = sorted((identity, parts) for identity, parts in changed.items() if identity > 0 < parts)
    if not about:
        return
    stamp = -(-known_at // 1_000_000) << _DRAWN | secrets.randbits(_DRAWN) | 1
    sql = _CHANGE.format(each=_EACH[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(sql, [*[stamp] * len(PARTS), orjson.dumps(about).decode()])


def change_all(identities: Collection[int], known_at: int = 0) -> None:
    """New stamps for every part of their records."""
    change(dict.fromkeys(identities, EVERY), known_at)


def stamps_of(identities: Sequence[int]) -> dict[str, Stamps]:
    """The stamps of identities by part. Ask before the entries are read, never after."""
    if not identities:
        return dict.fromkeys(PARTS, Stamps())
    found = rows(
        f"SELECT identity, {_NAMES} FROM record_stamp WHERE identity IN ({marks(identities)}) "
        "ORDER BY identity",
        list(identities),
    )
    return {
        part: Stamps(tuple((row[0], row[n]) for row in found if row[n]))
        for n, part in enumerate(PARTS, 1)
    }


def erase() -> None:
    """Forget all stamps, with all entries."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_stamp")
