"""The next days from who is there now: who comes, beds taken, chance of gridlock, what would help.

`beginning` makes of a twin a model that begins at a moment with the people who are there; `running`
runs it; `made` sums that up by service and hospital; `levers` asks what would help; `scoring` sets
a forecast beside what came. `live` reads a district; `keeping` keeps what was made and its scores.
"""

from typing import TYPE_CHECKING

from onesystem.vocabulary.door import lazy

if TYPE_CHECKING:
    from onesystem.twin.forecast.live import of_district as of_district
    from onesystem.twin.forecast.made import forecast as forecast
    from onesystem.twin.forecast.scoring import Score as Score
    from onesystem.twin.forecast.scoring import scored as scored
    from onesystem.twin.forecast.told import Forecast as Forecast

_DOOR = {
    "Forecast": "told",
    "Score": "scoring",
    "forecast": "made",
    "of_district": "live",
    "scored": "scoring",
}
__all__ = list(_DOOR)
__getattr__ = lazy(__name__, _DOOR)
