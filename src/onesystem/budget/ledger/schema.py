"""The ledger's tables, and the database's own refusal of what is no posting, on both engines.

Legs are written first, each with the number of a posting that is not there yet; the foreign key
waits for the commit. Then the posting's row comes and seals them: it is refused unless there are
two legs or more, of its own book and month, that sum to nothing, in the ledger's currency and an
open month. Behind a seal no leg can be added, and nothing is ever changed or removed. A draw that
would take more from a reservation than it holds is refused by the same seal.

SQLite takes a CROSS JOIN in the order it is written, which is what makes the seal cheap: a
posting's few legs first, then the heading of each.

On PostgreSQL the amount is `numeric`: a `bigint` would round 10.5 to 11 without a word.
"""

from typing import Any

from onesystem.budget.ledger.entry import BOOKS, DIMENSIONS

TABLES = ("budget_leg", "budget_posting", "budget_cell", "budget_closing", "budget_heading",
          "budget_ledger_head")  # fmt: skip
_GUARDED = ("budget_heading", "budget_leg", "budget_posting", "budget_closing")
_BOOKS = ", ".join(f"'{book}'" for book in BOOKS)
_MONTH = "CHECK (month BETWEEN 190001 AND 299912 AND month % 100 BETWEEN 1 AND 12)"

_TABLES = f"""
CREATE TABLE budget_heading (
  id {{big}} PRIMARY KEY,
  book text NOT NULL CHECK (book IN ({_BOOKS})),
  account text NOT NULL CHECK (account <> ''),
  {", ".join(f"{name} text NOT NULL" for name in DIMENSIONS)},
  UNIQUE (book, account, {", ".join(DIMENSIONS)})
);
CREATE TABLE budget_posting (
  id {{big}} PRIMARY KEY CHECK (id > 0),
  at bigint NOT NULL,
  "by" text NOT NULL CHECK ("by" <> ''),
  kind text NOT NULL CHECK (kind IN ('person', 'job')),
  book text NOT NULL CHECK (book IN ({_BOOKS})),
  month integer NOT NULL {_MONTH},
  currency text NOT NULL CHECK (currency <> ''),
  words text NOT NULL CHECK (words <> ''),
  key text NOT NULL,
  cause text NOT NULL,
  act bigint NOT NULL CHECK (act BETWEEN 1 AND id),
  reverses bigint REFERENCES budget_posting (id) CHECK (reverses < id),
  reservation bigint REFERENCES budget_posting (id) CHECK (reservation < id),
  previous text NOT NULL,
  digest text NOT NULL
);
CREATE UNIQUE INDEX budget_posting_key ON budget_posting (key) WHERE key <> '';
CREATE UNIQUE INDEX budget_posting_reverses ON budget_posting (reverses)
  WHERE reverses IS NOT NULL;
CREATE INDEX budget_posting_reservation ON budget_posting (reservation)
  WHERE reservation IS NOT NULL;
CREATE INDEX budget_posting_act ON budget_posting (act) WHERE act <> id;
CREATE INDEX budget_posting_cause ON budget_posting (cause) WHERE cause <> '';
CREATE INDEX budget_posting_month ON budget_posting (month, id);
CREATE TABLE budget_leg (
  posting bigint NOT NULL REFERENCES budget_posting (id) DEFERRABLE INITIALLY DEFERRED,
  number integer NOT NULL CHECK (number BETWEEN 0 AND 65534),
  heading bigint NOT NULL REFERENCES budget_heading (id),
  month integer NOT NULL {_MONTH},
  amount {{whole}},
  person text NOT NULL,
  PRIMARY KEY (posting, number)
){{clustered}};
CREATE INDEX budget_leg_heading ON budget_leg (heading, month, posting, number);
CREATE INDEX budget_leg_person ON budget_leg (person) WHERE person <> '';
CREATE TABLE budget_cell (
  heading bigint NOT NULL REFERENCES budget_heading (id),
  month integer NOT NULL,
  amount {{sum}} NOT NULL,
  legs bigint NOT NULL,
  PRIMARY KEY (heading, month)
){{clustered}};
CREATE TABLE budget_closing (
  month integer PRIMARY KEY {_MONTH},
  at bigint NOT NULL,
  "by" text NOT NULL CHECK ("by" <> ''),
  kind text NOT NULL,
  length bigint NOT NULL,
  digest text NOT NULL
);
CREATE TABLE budget_ledger_head (
  id smallint PRIMARY KEY CHECK (id = 1),
  length bigint NOT NULL,
  digest text NOT NULL,
  currency text NOT NULL CHECK (currency <> '')
);
{
    "".join(
        f"CREATE INDEX budget_heading_{name} ON budget_heading ({name}) WHERE {name} <> '';"
        for name in DIMENSIONS
    )
}
"""
_SQLITE = {
    "big": "integer", "sum": "integer", "clustered": " WITHOUT ROWID",
    "whole": "integer NOT NULL CHECK (typeof(amount) = 'integer' AND amount <> 0)",
}  # fmt: skip
_POSTGRES = {
    "big": "bigint", "sum": "numeric", "clustered": "",
    "whole": "numeric NOT NULL CHECK (amount = trunc(amount) AND amount <> 0)",
}  # fmt: skip

_SQLITE_GUARDS = {
    "budget_leg_sealed": """BEFORE INSERT ON budget_leg
WHEN EXISTS (SELECT 1 FROM budget_posting WHERE id = NEW.posting)
BEGIN SELECT RAISE(ABORT, 'ledger: the posting is sealed'); END""",
    "budget_leg_counted": """AFTER INSERT ON budget_leg
BEGIN
  INSERT INTO budget_cell (heading, month, amount, legs)
  VALUES (NEW.heading, NEW.month, NEW.amount, 1)
  ON CONFLICT (heading, month) DO UPDATE
  SET amount = amount + excluded.amount, legs = legs + 1;
END""",
    "budget_posting_seals": """BEFORE INSERT ON budget_posting
BEGIN
  SELECT CASE
    WHEN NEW.month <= (SELECT MAX(month) FROM budget_closing)
      THEN RAISE(ABORT, 'ledger: the month is closed')
    WHEN NEW.currency <> (SELECT currency FROM budget_ledger_head)
      THEN RAISE(ABORT, 'ledger: the currency is another')
    WHEN many < 2 THEN RAISE(ABORT, 'ledger: a posting has two legs or more')
    WHEN total <> 0 THEN RAISE(ABORT, 'ledger: the legs do not sum to nothing')
    WHEN astray THEN RAISE(ABORT, 'ledger: a leg is of another book or month')
  END
  FROM (SELECT COUNT(*) AS many, SUM(l.amount) AS total,
               SUM(h.book <> NEW.book OR l.month <> NEW.month) AS astray
        FROM budget_leg l CROSS JOIN budget_heading h ON h.id = l.heading
        WHERE l.posting = NEW.id);
END""",
    "budget_posting_held": """AFTER INSERT ON budget_posting WHEN NEW.reservation IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'ledger: the reservation does not hold that much')
  WHERE 0 > (
    SELECT SUM(l.amount) FROM budget_posting p
    CROSS JOIN budget_leg l ON l.posting = p.id
    CROSS JOIN budget_heading h ON h.id = l.heading
    WHERE (p.id = NEW.reservation OR p.reservation = NEW.reservation)
    AND h.account = 'reserved');
END""",
}
_POSTGRES_FUNCTIONS = {
    "budget_refuse": """
BEGIN RAISE EXCEPTION 'ledger: what was posted is never changed or removed'; END""",
    "budget_leg_written": """
BEGIN
  IF EXISTS (SELECT 1 FROM fresh f JOIN budget_posting p ON p.id = f.posting) THEN
    RAISE EXCEPTION 'ledger: the posting is sealed';
  END IF;
  INSERT INTO budget_cell AS c (heading, month, amount, legs)
  SELECT heading, month, SUM(amount), COUNT(*) FROM fresh GROUP BY heading, month
  ON CONFLICT (heading, month) DO UPDATE
  SET amount = c.amount + excluded.amount, legs = c.legs + excluded.legs;
  RETURN NULL;
END""",
    "budget_posting_written": """
DECLARE wrong text;
BEGIN
  IF EXISTS (SELECT 1 FROM fresh WHERE month <= (SELECT MAX(month) FROM budget_closing)) THEN
    RAISE EXCEPTION 'ledger: the month is closed';
  END IF;
  IF EXISTS (SELECT 1 FROM fresh
             WHERE currency <> (SELECT currency FROM budget_ledger_head)) THEN
    RAISE EXCEPTION 'ledger: the currency is another';
  END IF;
  SELECT CASE WHEN many < 2 THEN 'a posting has two legs or more'
              WHEN total <> 0 THEN 'the legs do not sum to nothing'
              ELSE 'a leg is of another book or month' END
  INTO wrong
  FROM (SELECT COUNT(l.posting) AS many, COALESCE(SUM(l.amount), 0) AS total,
               COALESCE(BOOL_OR(h.book <> f.book OR l.month <> f.month), false) AS astray
        FROM fresh f
        LEFT JOIN budget_leg l ON l.posting = f.id
        LEFT JOIN budget_heading h ON h.id = l.heading GROUP BY f.id) each
  WHERE many < 2 OR total <> 0 OR astray LIMIT 1;
  IF wrong IS NOT NULL THEN RAISE EXCEPTION 'ledger: %', wrong; END IF;
  IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT reservation FROM fresh WHERE reservation IS NOT NULL) r
    JOIN budget_posting p ON p.id = r.reservation OR p.reservation = r.reservation
    JOIN budget_leg l ON l.posting = p.id
    JOIN budget_heading h ON h.id = l.heading
    WHERE h.account = 'reserved' GROUP BY r.reservation HAVING SUM(l.amount) < 0) THEN
    RAISE EXCEPTION 'ledger: the reservation does not hold that much';
  END IF;
  RETURN NULL;
END""",
}
_POSTGRES_GUARDS = {
    "budget_leg_counted": ("budget_leg", "budget_leg_written"),
    "budget_posting_seals": ("budget_posting", "budget_posting_written"),
}


def create(connection: Any) -> None:
    """The tables, empty, with their guards."""
    kind = _POSTGRES if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        for statement in _TABLES.format(**kind).split(";"):
            if statement.strip():
                cursor.execute(statement)
    raise_guards(connection)


def drop(connection: Any) -> None:
    """The tables, with all that is in them: only a migration backwards does this."""
    lower_guards(connection)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE {table}")


def raise_guards(connection: Any) -> None:
    """From now on the database refuses what is no posting, and every change."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _raise_postgres(cursor)
            return
        for name, body in _SQLITE_GUARDS.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")
        for table in _GUARDED:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, "
                    "'ledger: what was posted is never changed or removed'); END"
                )


def _raise_postgres(cursor: Any) -> None:
    for name, body in _POSTGRES_FUNCTIONS.items():
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        )
    for name, (table, function) in _POSTGRES_GUARDS.items():
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {name} AFTER INSERT ON {table} "
            f"REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )
    for table in _GUARDED:
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION budget_refuse()"
        )


def lower_guards(connection: Any) -> None:
    """Let the tables be emptied, or filled from another store that was guarded itself."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, (table, _) in _POSTGRES_GUARDS.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            for table in _GUARDED:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}")
            return
        for name in _SQLITE_GUARDS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        for table in _GUARDED:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
