"""The starter set: whole pathways in our own words, as examples to begin from.

Each is a file of this folder and is marked as an example: a district localises it, signs it off,
and publishes its own version. No licensed text is in them; published scores are cited.
"""

from functools import cache
from importlib.resources import files

from onesystem.care.pathways.codec import from_toml
from onesystem.care.pathways.document import Pathway


@cache
def library() -> dict[str, Pathway]:
    """The pathways of the starter set, by key, in the order of their titles."""
    found = [
        from_toml(each.read_text("utf-8"))
        for each in files(__name__).iterdir()
        if each.name.endswith(".toml")
    ]
    return {each.key: each for each in sorted(found, key=lambda each: each.title)}
