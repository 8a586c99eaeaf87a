"""The demo's clock set back while something is done, so that it was done then."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from onesystem.district import clock, folder, now


@contextmanager
def ago(days: float) -> Iterator[None]:
    """So many days back, and forward again."""
    place, was = folder(), clock.read(folder())
    here = now().timestamp() - days * 86_400
    try:
        clock.write(place, clock.Clock(real=time.time(), here=here))
        yield
    finally:
        if was is None:
            (place / clock.FILE).unlink(missing_ok=True)
        else:
            clock.write(place, was)
