"""What the district has published of its own measures: the latest version of each."""

from functools import lru_cache

from django.db import OperationalError, ProgrammingError

from onesystem.flow.measures import store
from onesystem.flow.measures.declaration import Declared, read

_LATEST = (
    "SELECT p.name, p.text FROM flow_published p WHERE NOT p.withdrawn AND p.version ="
    " (SELECT max(q.version) FROM flow_published q WHERE q.name = p.name) ORDER BY p.name"
)


def published() -> dict[str, Declared]:
    """The latest version of each measure that the district has published and not withdrawn."""
    try:
        found = store.rows(_LATEST)
    except (OperationalError, ProgrammingError):  # a store from before there were any
        return {}
    return {name: _read(text) for name, text in found}


@lru_cache(maxsize=256)
def _read(text: str) -> Declared:
    return read(text, "published measure")
