"""Refresh the assets that the pages carry, so that nothing is fetched at run time.

    python tools/vendor.py nhsuk-frontend-10.6.1.tgz      # from `npm pack nhsuk-frontend@10.6.1`

Takes the styles and script of nhsuk-frontend from its npm tarball, without the two `@font-face`
blocks that load a font from a remote host (licensed for nhs.uk addresses only), and htmx 2 with
its server-sent events extension from the installed django-htmx. Writes `manifest.toml`.
"""

import hashlib
import re
import sys
import tarfile
from importlib.metadata import files, version
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "src/onesystem/web/static/vendor"
_HTMX = {"htmx.min.js": "htmx-2.min.js", "hx-sse.min.js": "hx-sse-2.min.js"}


def nhsuk(tarball: Path) -> dict[str, tuple[str, str, bytes]]:
    """Name of each file to the package, its licence and its bytes."""
    with tarfile.open(tarball) as tar:

        def read(name: str) -> bytes:
            member = tar.extractfile(f"package/dist/nhsuk/{name}")
            return member.read() if member else b""

        styles = read("nhsuk-frontend.min.css").decode()
        script = read("nhsuk-frontend.min.js")
    styles, blocks = re.subn(r"@font-face\{[^}]*\}", "", styles)
    styles = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", styles)
    script = re.sub(rb"//# sourceMappingURL=.*", b"", script)
    if blocks != 2 or "://" in styles.replace("http://www.w3.org/", ""):
        sys.exit("the styles of nhsuk-frontend have changed: look for remote addresses by hand")
    number = re.search(r"(\d+\.\d+\.\d+)", tarball.name)
    package = f"nhsuk-frontend {number[1] if number else ''}".strip()
    return {
        "nhsuk-frontend.min.css": (package, "MIT", styles.encode()),
        "nhsuk-frontend.min.js": (package, "MIT", script),
    }


def htmx() -> dict[str, tuple[str, str, bytes]]:
    """Htmx and its extension, as django-htmx carries them."""
    package = f"htmx 2, from django-htmx {version('django-htmx')}"
    where = {f.name: f.locate() for f in files("django-htmx") or [] if f.suffix == ".js"}
    return {name: (package, "0BSD", Path(where[kept]).read_bytes()) for name, kept in _HTMX.items()}


def main(tarball: Path) -> None:
    """Write the assets and the list of them."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    lines = ["# Written by tools/vendor.py. A test compares the digests with the files.\n"]
    for name, (package, licence, content) in sorted({**nhsuk(tarball), **htmx()}.items()):
        (VENDOR / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        lines.append(
            f'["{name}"]\npackage = "{package}"\nlicence = "{licence}"\nsha256 = "{digest}"\n'
        )
    (VENDOR / "manifest.toml").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
