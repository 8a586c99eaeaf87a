"""What contacts and hours of a model cost: what the district says, else by kind of service."""

from onesystem import district
from onesystem.flow.measures import library
from onesystem.twin.network.model import Model
from onesystem.twin.scenarios.summing import Prices, prices_of

FILE = "twin-prices.json"
_ONCE, _NIGHT = "unit-costs", "night-costs"


def prices(model: Model) -> Prices | None:
    """The prices of the served district's file; else those of its measures, by setting.

    They are in pence, so a district that counts in other money has to say its own.
    """
    here = district.current()
    path = here.path / FILE
    if path.is_file():
        return prices_of(path.read_bytes(), FILE)
    return by_setting(model) if here.currency == "GBP" else None


def by_setting(model: Model) -> Prices | None:
    """The average of each kind of service; None where no node says what it is."""
    if not any(node.setting for node in model.nodes.values()):
        return None
    once, night = (library.prices()[name] for name in (_ONCE, _NIGHT))
    return Prices(
        contact={setting: pence / 100 for setting, pence in once.items()},
        hour={setting: pence / 100 / 24 for setting, pence in night.items()},
        currency="GBP",
        source=" ".join(library.price_tables()[name]["source"] for name in (_ONCE, _NIGHT)),
    )
