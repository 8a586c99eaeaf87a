r"""What no store can keep: the NUL character, which PostgreSQL has no place for in text.

Nobody types it; it comes from a fuzz, a broken program or an attack. SQLite would keep it, and a
district could then not be moved: so every door looks for it, whatever the store.
"""

import re
from dataclasses import fields, is_dataclass
from typing import Any

NUL = "\0"
_IN_JSON = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000|\x00")  # escaped, not what only looks so


def json_holds_nul(text: bytes) -> bool:
    r"""Whether a text of a JSON document holds a NUL.

    >>> json_holds_nul(rb'{"name": "a\u0000"}'), json_holds_nul(rb'{"path": "c:\\u0000"}')
    (True, False)
    """
    return (b"u0000" in text or b"\0" in text) and bool(_IN_JSON.search(text))


def holds_nul(said: Any) -> bool:
    r"""Whether a text anywhere in dataclasses, dicts and lists holds a NUL.

    >>> holds_nul({"name": ["a", "b\0"]}), holds_nul({"name": 1})
    (True, False)
    """
    if isinstance(said, str):
        return NUL in said
    if isinstance(said, dict):
        return holds_nul(list(said)) or holds_nul(list(said.values()))
    if is_dataclass(said):
        return any(holds_nul(getattr(said, each.name)) for each in fields(said))
    return isinstance(said, list | tuple | set | frozenset) and any(map(holds_nul, said))
