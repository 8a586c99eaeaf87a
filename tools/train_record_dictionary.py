"""Train the zstd dictionary with which the record keeps its bodies.

    python tools/train_record_dictionary.py FILE.ndjson.gz...

Every file holds FHIR resources or Bundles, one a line, under a licence that allows it. A body of
1.4 kB on its own shrinks to a half; with a dictionary that knows what FHIR looks like, to a
seventh. A dictionary is part of every body that was kept with it: never change a shipped one, add
the next beside it.
"""

import gzip
import random
import sys
from pathlib import Path

import orjson
import zstandard

OUT = Path(__file__).resolve().parent.parent / "src/onesystem/record/data/fhir-1.dict"
SIZE = 48 * 1024


def main(files: list[str]) -> None:
    """Write the dictionary."""
    samples: list[bytes] = []
    for name in files:
        with gzip.open(name) as lines:
            for line in lines:
                samples += _bodies(orjson.loads(line))
    random.Random(1).shuffle(samples)  # noqa: S311 - the same dictionary each time
    kept = samples[:12_000]
    dictionary = zstandard.train_dictionary(SIZE, kept, level=3)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_bytes(dictionary.as_bytes())
    sys.stdout.write(
        f"{OUT.name}: {len(dictionary.as_bytes()):,} bytes from {len(kept):,} bodies\n"
    )


def _bodies(resource: dict) -> list[bytes]:
    if resource.get("resourceType") == "Bundle":
        return [orjson.dumps(e["resource"]) for e in resource.get("entry", []) if "resource" in e]
    return [orjson.dumps(resource)] if len(orjson.dumps(resource)) < 20_000 else []


if __name__ == "__main__":
    main(sys.argv[1:])
