"""What the database itself refuses to change, said once for SQLite and PostgreSQL.

A room says which rows of its tables are kept; whoever fills or empties a whole store lowers what
the room registered in `guards`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

ALWAYS = "1 = 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A verb that is refused on a table in these words, while a condition on OLD and NEW holds.

    With `columns`, an UPDATE is refused where one of them changes; `also` is a condition under
    which it is refused whatever changes.
    """

    table: str
    verb: str
    words: str
    when: str = ALWAYS
    columns: tuple[str, ...] = ()
    also: str = ""

    @property
    def name(self) -> str:
        """What its trigger is called."""
        return f"{self.table}_no_{self.verb.lower()}"

    def condition(self, vendor: str) -> str:
        """When it refuses, in the words of an engine."""
        differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
        # `by` and `left` are words of SQL, so columns are quoted.
        changed = " OR ".join(f'OLD."{each}" {differs} NEW."{each}"' for each in self.columns)
        said = f"({self.when}) AND ({changed})" if changed else self.when
        return f"({said}) OR ({self.also})" if self.also else said


def kept(
    table: str, words: str, *, columns: tuple[str, ...] = (), when: str = ALWAYS, also: str = ""
) -> tuple[Refusal, ...]:
    """Rows that are neither changed, in these columns or at all, nor taken away."""
    return (
        Refusal(table=table, verb="UPDATE", words=words, when=when, columns=columns, also=also),
        Refusal(table=table, verb="DELETE", words=words, when=when),
    )


def refuse(connection: Any, refusals: Iterable[Refusal]) -> None:
    """From now on the database refuses."""
    with connection.cursor() as cursor:
        for each in refusals:
            for sql in _sql(connection.vendor, each):
                cursor.execute(sql)


def allow(connection: Any, refusals: Iterable[Refusal]) -> None:
    """Let the tables be changed and emptied: only `flush` and a migration backwards do this."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for each in refusals:
            on = f" ON {each.table}" if postgres else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {each.name}{on}")


def _sql(vendor: str, each: Refusal) -> list[str]:
    condition = each.condition(vendor)
    on = f"BEFORE {each.verb} ON {each.table}"
    if vendor != "postgresql":
        raises = f"BEGIN SELECT RAISE(ABORT, '{each.words}'); END"
        return [f"CREATE TRIGGER IF NOT EXISTS {each.name} {on} WHEN {condition} {raises}"]
    # A condition may look into other tables, which only the function may do.
    gives = "OLD" if each.verb == "DELETE" else "NEW"
    body = f"BEGIN IF {condition} THEN RAISE EXCEPTION '{each.words}'; END IF; RETURN {gives}; END"
    made = f"{each.name}() RETURNS trigger LANGUAGE plpgsql"
    runs = f"FOR EACH ROW EXECUTE FUNCTION {each.name}()"
    return [
        f"CREATE OR REPLACE FUNCTION {made} AS $$ {body} $$",
        f"CREATE OR REPLACE TRIGGER {each.name} {on} {runs}",
    ]
