"""The doors of the rooms: every name that a room shows is there, and is nothing else's name."""

from importlib import import_module, util
from pathlib import Path

import pytest

import onesystem
from onesystem.vocabulary.door import lazy

ROOMS = sorted(
    ".".join(("onesystem", *path.parent.relative_to(Path(onesystem.__file__).parent).parts))
    for path in Path(onesystem.__file__).parent.rglob("__init__.py")
    if "= lazy(__name__" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_of_a_door_is_found(room):
    """A name that a door gives exists where the door says."""
    opened = import_module(room)
    for name in getattr(opened, "_DOOR", None) or opened._LATER:
        assert getattr(opened, name) is not None


@pytest.mark.parametrize("room", ROOMS)
def test_no_name_of_a_door_is_a_module_of_the_room(room):
    """What `room.name` is must not depend on which module was imported first."""
    opened = import_module(room)
    for name in getattr(opened, "_DOOR", None) or opened._LATER:
        assert util.find_spec(f"{room}.{name}") is None, name


def test_an_unknown_name_is_an_attribute_error():
    """As of any module, so that `hasattr` and the import statement say what they always say."""
    with pytest.raises(AttributeError, match=r"module 'onesystem\.care' has no attribute 'cook'"):
        lazy("onesystem.care", {})("cook")
