"""Where compiled code is kept between processes: by what it was compiled from.

The compiler looks only at the file of the function that is asked for; a change in a file that it
calls into would go unseen. So the folder is named after the text of all of them.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

import numba
from numba import config

_HERE = Path(__file__).parent
_SOURCES = ("distributions", "draws", "heap", "kernel", "layout", "memory", "moves",
            "nodes", "people", "rests")  # fmt: skip


def folder() -> Path:
    """Where the code of this version lies, in the user's cache folder."""
    digest = blake2b(numba.__version__.encode(), digest_size=8)
    for name in _SOURCES:
        digest.update((_HERE / f"{name}.py").read_bytes())
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "onesystem" / f"twin-{digest.hexdigest()}"


def there() -> bool:
    """Whether the code has been compiled on this machine before; else it takes half a minute."""
    return any(folder().rglob("*.nbi"))


@contextmanager
def alone() -> Iterator[None]:
    """Only one process compiles; the others wait and read what it kept."""
    here = folder()
    here.mkdir(parents=True, exist_ok=True)
    config.CACHE_DIR = str(here)
    with (here / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
