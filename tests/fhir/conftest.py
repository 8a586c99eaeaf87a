"""What the tests of FHIR stand on."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fhir_samples import lines, reading


@pytest.fixture(scope="session")
def read():
    return reading


@pytest.fixture(scope="session")
def examples():
    return lines("hl7_r4_examples", "examples.ndjson.gz")
