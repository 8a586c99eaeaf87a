"""The sizes by which people are filed, as `concentration` asks."""

import numpy as np

from onesystem.flow.measures.columns.values import Array
from onesystem.flow.measures.concentration import STEPS


def sizes(amounts: Array) -> Array:
    """The sizes of what people have; below one there is but one size."""
    found: Array = np.floor(np.log2(np.maximum(amounts, 1)) * STEPS).astype(np.int64)
    return found
