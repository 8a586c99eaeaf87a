"""Write docs/reference/measures.md from the library of measures (--write), or compare."""

import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "measures.md"


def text() -> str:
    """The page as the library says it."""
    from onesystem.flow.measures import describing, library

    return describing.reference([*library.shipped().values(), *library.told().values()])


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(text(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != text():
        sys.exit("docs/reference/measures.md is behind: run tools/measures.py --write")
