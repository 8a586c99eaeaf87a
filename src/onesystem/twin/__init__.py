"""Try: what an option would do, before anybody is moved.

`network` runs any network of services: `model` says what it is, `reading` reads it from JSON,
`running` runs it, `results` says what came of it. Its engine is compiled, and loaded only where
something is run.
"""

from typing import TYPE_CHECKING

from onesystem.vocabulary.door import lazy

if TYPE_CHECKING:
    from onesystem.twin.network.model import Model as Model
    from onesystem.twin.network.reading import model_of as model_of
    from onesystem.twin.network.results import Result as Result
    from onesystem.twin.network.results import result_of as result_of
    from onesystem.twin.network.running import Cancelled as Cancelled
    from onesystem.twin.network.running import replications as replications

_DOOR = {
    "Cancelled": "network.running",
    "Model": "network.model",
    "Result": "network.results",
    "model_of": "network.reading",
    "replications": "network.running",
    "result_of": "network.results",
}
__all__ = ["Cancelled", "Model", "Result", "model_of", "replications", "result_of"]
__getattr__ = lazy(__name__, _DOOR)
