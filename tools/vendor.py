"""Refresh the script that the pages carry, so that nothing is fetched at run time.

    python tools/vendor.py

Takes htmx 2 from the installed django-htmx and writes `manifest.toml` with its digest. Styles and
the rest of the script are our own: see decision 0060.
"""

import hashlib
from importlib.metadata import files, version
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "src/onesystem/web/static/vendor"
TAKEN = {"htmx.min.js": "htmx-2.min.js"}  # our name: the name in the package


def main() -> None:
    """Write the assets and the list of them."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    where = {f.name: Path(str(f.locate())) for f in files("django-htmx") or []}
    lines = ["# Written by tools/vendor.py. A test compares the digests with the files.\n"]
    for name, kept in sorted(TAKEN.items()):
        content = where[kept].read_bytes()
        (VENDOR / name).write_bytes(content)
        lines.append(
            f'["{name}"]\npackage = "htmx 2, from django-htmx {version("django-htmx")}"\n'
            f'licence = "0BSD"\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n'
        )
    (VENDOR / "manifest.toml").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
