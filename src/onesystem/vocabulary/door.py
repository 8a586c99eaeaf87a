"""The door of a room that is opened only as far as somebody asks: a name is found where it lives.

A page that announces a change must not load the engines of the log for it, and a name of a room
may be imported before Django is ready.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy(room: str, where: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a room: each name and the module below the room that holds it.

    A name is looked for once; an unknown one is an `AttributeError`, as of any module.
    """

    def find(name: str) -> Any:
        if name not in where:
            msg = f"module {room!r} has no attribute {name!r}"
            raise AttributeError(msg)
        found = getattr(import_module(f"{room}.{where[name]}"), name)
        setattr(sys.modules[room], name, found)
        return found

    return find
