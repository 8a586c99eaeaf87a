"""Where compiled code is kept between processes: by what it was compiled from.

The compiler looks only at the file of the function that is asked for; a change in a file that it
calls into would go unseen. So the folder is named after the text of all of them.
"""

import os
from hashlib import blake2b
from pathlib import Path

import numba
from numba import config

_HERE = Path(__file__).parent
_SOURCES = ("distributions", "draws", "heap", "kernel", "layout", "moves", "people")


def keep() -> Path:
    """Have compiled functions kept in the user's cache folder; call before they are declared."""
    digest = blake2b(numba.__version__.encode(), digest_size=8)
    for name in _SOURCES:
        digest.update((_HERE / f"{name}.py").read_bytes())
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "onesystem" / f"twin-{digest.hexdigest()}"
    config.CACHE_DIR = str(folder)
    return folder
