"""Write docs/safety/licences.md: whose work the product stands on, and under which licence.

    python tools/licences.py   the page, made anew from uv.lock and what is installed

What is needed at run time follows from uv.lock; its licence is what each package says of itself.
"""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "safety" / "licences.md"
# Of packages that are not installed where the page is made, or that say it in a way of their own.
KNOWN = {
    "appnope": "BSD-2-Clause", "axe-playwright-python": "MIT", "brotlicffi": "MIT", "ciw": "MIT",
    "colorama": "BSD-3-Clause", "fhirpathpy": "MIT", "networkx": "BSD-3-Clause",
    "pandas": "BSD-3-Clause", "py4j": "BSD-3-Clause", "pyspark": "Apache-2.0",
    "qrcode": "BSD-3-Clause", "setuptools": "MIT", "simpy": "MIT", "tqdm": "MPL-2.0 AND MIT",
}  # fmt: skip
NAMES = {
    "Apache Software License": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0", "BSD License": "BSD",
    "MIT License": "MIT", "MIT license": "MIT", "The MIT License (MIT)": "MIT",
    "The MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "ISC License (ISCL)": "ISC", "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
}  # fmt: skip
HEAD = """# Licences

onesystem is under the Apache License 2.0. This page is written by `tools/licences.py` from
`uv.lock` and from what each package says of itself; a test compares it with both, and fails where a
package that is needed at run time can be had under the GPL or the AGPL alone.

## What is needed at run time

"""
LGPL = """
A package under the LGPL is used as it is published, as a library that whoever runs onesystem can
replace by another build of it. Where a package names several licences between which one may choose,
the choice here is the one that is not the GPL. Wheels of numerical packages carry the run-time
libraries of their compilers (libgfortran, libgcc), which are under the GPL with an exception for
just this.
"""


def packages(*extras: str) -> list[str]:
    """The packages that onesystem needs with those extras, those that they need, and so on."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    known = {each["name"]: each for each in lock["package"]}
    found: set[tuple[str, str]] = set()
    ahead = [("onesystem", ""), *(("onesystem", extra) for extra in extras)]
    while ahead:
        name, extra = ahead.pop()
        if (name, extra) in found or name not in known:
            continue
        found.add((name, extra))
        each = known[name]
        needs = (
            each["optional-dependencies"].get(extra, []) if extra else each.get("dependencies", [])
        )
        for need in needs:
            ahead += [(need["name"], ""), *((need["name"], e) for e in need.get("extra", []))]
    return sorted({name for name, _ in found} - {"onesystem"})


def licence_of(name: str) -> str:
    """What a package says of its licence; `not installed here` where nobody can ask it."""
    if name in KNOWN:
        return KNOWN[name]
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return "not installed here"
    if expression := said.get("License-Expression"):
        return expression
    classes = [
        c.rsplit(" :: ", 1)[1] for c in said.get_all("Classifier") or [] if "License ::" in c
    ]
    classes = [c for c in classes if c != "OSI Approved"]
    told = classes or [next(iter((said.get("License") or "not said").strip().splitlines()))]
    return " OR ".join(NAMES.get(each, each) for each in told)


def is_copyleft(licence: str) -> bool:
    """Whether it can be had under the GPL or the AGPL alone."""
    choices = re.split(r"\s+OR\s+|;", licence)
    return all(
        re.search(r"(?<!L)\bA?GPL|GNU (Affero )?General Public", choice) for choice in choices
    )


def data() -> list[tuple[str, str, str]]:
    """The folders of data that are shipped, the file that says whose it is, and its first lines."""
    found = []
    for file in sorted((ROOT / "src" / "onesystem").rglob("*")):
        if file.name.startswith("LICENCE") or (
            file.name == "README.md" and file.parent.name == "data"
        ):
            words = " ".join(file.read_text(encoding="utf-8").split())
            found.append((file.parent.relative_to(ROOT).as_posix(), file.name, terms(words)))
    return found


TERMS = {
    "Open Government Licence": "Open Government Licence v3.0", "CC0": "CC0 1.0",
    "CC BY 3.0 IGO": "CC BY 3.0 IGO", "CC BY 4.0": "CC BY 4.0", "Attribution 4.0": "CC BY 4.0",
    "Attribution-ShareAlike 4.0": "CC BY-SA 4.0", "CC BY-SA 4.0": "CC BY-SA 4.0",
    "ODbL": "ODbL 1.0", "Open Database License": "ODbL 1.0", "MIT": "MIT", "BSD": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0",
    "ANU Open Source": "ANU Open Source Licence 1.3",
}  # fmt: skip


def terms(words: str) -> str:
    """The licences that the words name; where they name none, the data are our own."""
    named = {name for sign, name in TERMS.items() if re.search(rf"\b{re.escape(sign)}\b", words)}
    return ", ".join(sorted(named)) or "facts and figures with their sources; our own words"


def made() -> str:
    """The page."""
    needed, pdf = packages(), packages("pdf")
    dev = sorted(set(packages("dev")) - set(pdf))
    more = sorted(set(packages("spark", "peers")) - set(pdf) - set(dev))
    out = [HEAD, _table(needed), LGPL]
    out += ["\n## What the extras add\n\n`pdf`, for papers as PDF:\n\n"]
    out += [_table(sorted(set(pdf) - set(needed))), "\n`spark` and `peers`:\n\n", _table(more)]
    out += [
        "\n## What only the tests and the documentation use\n\nNone of it is shipped.\n\n",
        _table(dev),
    ]
    out += ["\n## Scripts of others that are shipped\n\n", _vendored()]
    out += [
        "\n## Data that are shipped\n\nEach folder says whose data it holds, and the changes.\n\n"
    ]
    out += ["| folder | said in | licences named |\n|---|---|---|\n"]
    out += [f"| `{folder}` | `{file}` | {told} |\n" for folder, file, told in data()]
    return "".join(out)


def _vendored() -> str:
    file = ROOT / "src/onesystem/web/static/vendor/manifest.toml"
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    rows = "".join(f"| {name} | {each['licence']} |\n" for name, each in sorted(told.items()))
    return f"| script | licence |\n|---|---|\n{rows}"


def _table(names: list[str]) -> str:
    rows = "".join(f"| {name} | {licence_of(name)} |\n" for name in names)
    return f"| package | licence |\n|---|---|\n{rows}"


if __name__ == "__main__":
    PAGE.write_text(made(), encoding="utf-8")
