"""A throw-away district for a benchmark to fill."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The smallest district that a benchmark can stand on, and the service that most of them need.
HOSPITAL = """
[district]
code = "bench"
name = "Bench"
zone = "Europe/London"
currency = "GBP"
[organisations.hospital]
name = "Hospital"
"""
ED = """
[services.ed]
name = "Emergency department"
setting = "ED"
organisation = "hospital"
"""


@contextmanager
def scratch(district: str, *, store: str = "") -> Iterator[Path]:
    """A folder with that `district.toml`: this process's district while it lasts.

    On SQLite, or on the empty PostgreSQL that `store` names, which is left full.
    """
    folder = Path(tempfile.mkdtemp(prefix="onesystem-bench-"))
    (folder / "district.toml").write_text(district, encoding="utf-8")
    before = {name: os.environ.pop(name, None) for name in ("ONESYSTEM_DISTRICT", "DATABASE_URL")}
    os.environ["ONESYSTEM_DISTRICT"] = str(folder)
    if store:
        os.environ["DATABASE_URL"] = store
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onesystem.web.settings")
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
