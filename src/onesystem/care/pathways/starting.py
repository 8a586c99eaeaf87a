"""The starter set in a district: whole pathways to begin from, each a draft until it is signed."""

from onesystem.access import Actor
from onesystem.care.pathways import actions, queries
from onesystem.care.pathways.document import Pathway
from onesystem.care.pathways.library import library


def missing() -> list[Pathway]:
    """Those of the starter set that the district has never had."""
    there = {each.slug for each in queries.listed()}
    return [each for key, each in library().items() if key not in there]


def begin_all(*, by: Actor) -> int:
    """Begin a draft of each that the district has never had; gives how many those are."""
    begun = missing()
    for pathway in begun:
        actions.begin(pathway=pathway, by=by)
    return len(begun)
