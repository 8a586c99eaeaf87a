"""The contact log: append, correct, read. One person, one service, one stretch of time.

    take          events of visits as they arrive live
    append        rows of an extract in bulk
    of_identities, versions_of, inside, queries.now_rows    read over both stores
    newest_of                                               what is open, and the newest visits
    table_of, of_table                                      many people's contacts as a table
    compact, verify, erase, recover                         look after the log
    announce, changes_since                                 the outbox of the live stream

The door is lazy, so that a page that only announces never loads the engines of the log.
"""

from onesystem.vocabulary.door import lazy

_DOOR = {
    "Counts": "taking",
    "Taken": "taking",
    "take": "taking",
    "announce": "outbox",
    "append": "appending",
    "recover": "pending",
    "compact": "compacting",
    "verify": "verifying",
    "erase": "erasing",
    "export": "exporting",
    "of_identities": "queries",
    "newest_of": "queries",
    "table_of": "tables",
    "of_table": "tables",
    "versions_of": "queries",
    "inside": "queries",
    "open_contacts": "queries",
    "now_rows": "queries",
    "count": "queries",
    "touch": "touching",
    "touched": "touching",
    "forget_touched": "touching",
    "EVERYBODY": "touching",
    "changes_since": "outbox",
    "line_up": "outbox",
    "last_change": "outbox",
    "oldest_after": "outbox",
}

__all__ = list(_DOOR)

__getattr__ = lazy(__name__, _DOOR)
