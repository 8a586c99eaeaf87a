"""The kernel is compiled once a machine, which takes a while, and not within a test's time."""

import pytest


@pytest.fixture(scope="session")
def compiled() -> None:
    """The kernel, ready to run."""
    import json

    from onesystem.twin import model_of, replications

    model = model_of(json.dumps({
        "nodes": {"A": {"service": 1}}, "arrivals": {"in": {"node": "A", "times": [0]}},
        "horizon": 2, "replications": 1,
    }))  # fmt: skip
    list(replications(model))
