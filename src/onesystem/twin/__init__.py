"""Try: what an option would do, before anybody is moved.

`network` runs any network of services: `model` says what it is, `reading` reads it from JSON,
`running` runs it, `results` says what came of it. Its engine is compiled, and loaded only where
something is run.
"""

from typing import TYPE_CHECKING

from onesystem.vocabulary.door import lazy

if TYPE_CHECKING:
    from onesystem.twin.network.model import Dated as Dated
    from onesystem.twin.network.model import Model as Model
    from onesystem.twin.network.model import Present as Present
    from onesystem.twin.network.reading import model_of as model_of
    from onesystem.twin.network.results import Result as Result
    from onesystem.twin.network.results import result_of as result_of
    from onesystem.twin.network.running import Cancelled as Cancelled
    from onesystem.twin.network.running import replications as replications
    from onesystem.twin.network.writing import model_json as model_json
    from onesystem.twin.network.writing import model_text as model_text

_DOOR = {
    "Cancelled": "network.running",
    "Dated": "network.model",
    "Model": "network.model",
    "Present": "network.model",
    "Result": "network.results",
    "model_json": "network.writing",
    "model_of": "network.reading",
    "model_text": "network.writing",
    "replications": "network.running",
    "result_of": "network.results",
}
__all__ = list(_DOOR)
__getattr__ = lazy(__name__, _DOOR)
