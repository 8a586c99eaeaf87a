"""Addresses of the styles and scripts, with a digest of each so that a new one is fetched."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders


@lru_cache(maxsize=256)
def static(path: str) -> str:
    """The address of an asset: `/static/web/app.css?v=3f2a91c0`."""
    found = finders.find(path)
    if not found:
        raise FileNotFoundError(f"there is no asset {path!r}")
    digest = hashlib.blake2b(Path(found).read_bytes(), digest_size=4).hexdigest()
    return f"{settings.STATIC_URL}{path}?v={digest}"
