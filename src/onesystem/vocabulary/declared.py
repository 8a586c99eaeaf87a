"""What a district declares in TOML: read, and held to the keys that there are. Pure."""

import tomllib
from collections.abc import Collection
from typing import Any

from onesystem.vocabulary.errors import BadConfig, nearest
from onesystem.vocabulary.said import say


def parsed(text: str, name: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises BadConfig, naming the file and the line."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadConfig(f"{name} cannot be read: {error}", "Mend the line it names.") from error


def check_keys(where: str, said: object, keys: Collection[str]) -> None:
    """Raises BadConfig where something is no table, or has a key that nothing reads.

    A key that is silently left out would be a rule that its author believes to be in force.
    """
    if not isinstance(said, dict):
        raise BadConfig(f"{where} is no table", f"Its keys are: {', '.join(sorted(keys))}.")
    for key in said:
        if key not in keys:
            raise BadConfig(
                say("{where}: there is no key {key}", where=where, key=repr(key)),
                nearest(key, keys),
            )
