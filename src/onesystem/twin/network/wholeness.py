"""Whether a model as a whole makes sense: its times, and names that mean something else. Pure."""

from onesystem.twin.network.model import CLASS, OUT, UNITS, Model
from onesystem.vocabulary import BadConfig, nearest

MOST_TIME = 4e9
_MOST_POOLS, _MOST_STEPS = 62, 10_000
_WAYS = (OUT, "pathway", "by", "from", "shortest", "when", "clock")
_OF_PRESENT = (CLASS, "node", "elapsed", "waiting", "count")


def whole(model: Model) -> None:
    """Raises BadConfig where the model as a whole cannot be run, or its names mislead."""
    if not model.nodes:
        raise BadConfig("nodes is empty", "Add a node with its service.")
    if not model.arrivals:
        raise BadConfig("arrivals is empty, so nothing would happen", "Say who comes, and when.")
    if not model.classes:
        raise BadConfig("classes is empty", 'Leave it out, or give ["name", ...].')
    if len(model.pools) > _MOST_POOLS:
        raise BadConfig(f"there are {len(model.pools)} pools", f"Use {_MOST_POOLS} at most.")
    if model.replications < 1:
        raise BadConfig(f"replications is {model.replications}", "Give 1 or more.")
    _times(model)
    _people(model)
    _names(model)


def _times(model: Model) -> None:
    if model.unit not in UNITS:
        raise BadConfig(f"unit is {model.unit!r}", nearest(model.unit, UNITS))
    if not 0 < model.horizon < MOST_TIME:
        raise BadConfig(f"horizon is {model.horizon:g}", "Give the time to run, above 0.")
    if not 0 <= model.warm_up < model.horizon:
        raise BadConfig(
            f"warm_up is {model.warm_up:g} and horizon {model.horizon:g}",
            "The warm-up is the first part of the horizon; make it shorter.",
        )
    step, counted = model.step, model.horizon - model.warm_up
    if step is not None and not 0 < step <= counted:
        raise BadConfig(
            f"step is {step:g}", f"Give a length of time above 0 that is at most {counted:g}."
        )
    if step is not None and counted / step > _MOST_STEPS:
        raise BadConfig(f"step is {step:g}", f"Make {_MOST_STEPS:,} steps at most.")


def _people(model: Model) -> None:
    for kind, people in model.living.items():
        if kind not in model.classes:
            raise BadConfig(
                f"living: there is no class {kind!r}", nearest(kind, tuple(model.classes))
            )
        if people < 0:
            raise BadConfig(f"living.{kind} is {people:g}", "Give 0 or more.")


def _names(model: Model) -> None:
    if "all" in model.classes and len(model.classes) > 1:
        raise BadConfig("classes.all: results say all for everybody", "Rename the class.")
    for pool in model.pools:
        if pool in model.nodes:
            raise BadConfig(f"pools.{pool}: a node has that name", "Rename one of the two.")
    for reserved in _WAYS:
        if reserved in model.nodes:
            raise BadConfig(f"nodes.{reserved}: the word has a meaning", "Rename the node.")
    for reserved in _OF_PRESENT:
        if reserved in model.attributes:
            raise BadConfig(f"attributes.{reserved}: the word has a meaning", "Rename it.")
    for name in (CLASS, *model.attributes):
        if "by" in model.levels(name):
            raise BadConfig(f"{name} by: the word has a meaning", "Rename the level.")
