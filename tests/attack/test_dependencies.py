"""What the product is made of: pinned, from one registry, and no version with a known hole.

The registry of packages tells no advisories, and a test asks nobody: the floors below are what was
known when they were written. `make audit` asks the database of advisories itself.
"""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = {"registry": "https://pypi.org/simple"}
# The first version that is mended, and what was found in those before it.
MENDED = {
    "certifi": ("2024.7.4", "CVE-2024-39689"),
    "cryptography": ("44.0.1", "CVE-2024-12797"),
    "django": ("5.2.8", "CVE-2025-64459"),
    "fonttools": ("4.60.2", "CVE-2025-66034"),
    "brotli": ("1.2.0", "CVE-2025-6176"),
    "gunicorn": ("22.0.0", "CVE-2024-1135"),
    "h11": ("0.16.0", "CVE-2025-43859"),
    "idna": ("3.7", "CVE-2024-3651"),
    "jinja2": ("3.1.6", "CVE-2025-27516"),
    "orjson": ("3.9.15", "CVE-2024-27454"),
    "pillow": ("11.3.0", "CVE-2025-48379"),
    "pyarrow": ("14.0.1", "CVE-2023-47248"),
    "pyjwt": ("2.10.1", "CVE-2024-53861"),
    "requests": ("2.32.4", "CVE-2024-47081"),
    "sqlparse": ("0.5.0", "CVE-2024-4340"),
    "urllib3": ("2.5.0", "CVE-2025-50181"),
    "werkzeug": ("3.0.6", "CVE-2024-49767"),
}


def locked():
    """The packages of uv.lock, ours apart."""
    kept = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return [each for each in kept if each["name"] != "onesystem"]


def parts(version):
    """A version's numbers, to be compared.

    >>> parts("2024.7.4") < parts("2024.10")
    True
    """
    return tuple(int("".join(c for c in part if c.isdigit()) or 0) for part in version.split("."))


def test_each_is_pinned_with_its_hash_from_one_registry():
    every = locked()
    assert len(every) > 100
    for each in every:
        assert each["source"] == REGISTRY, each["name"]
        files = [*each.get("wheels", ()), *([each["sdist"]] if "sdist" in each else ())]
        assert files, each["name"]
        assert all(file["hash"].startswith("sha256:") for file in files), each["name"]


def test_none_is_older_than_the_first_that_is_mended():
    held = {each["name"]: each["version"] for each in locked()}
    old = [
        f"{name} {held[name]} has {hole}: take {first} or later"
        for name, (first, hole) in MENDED.items()
        if name in held and parts(held[name]) < parts(first)
    ]
    assert old == []
    assert held.keys() & MENDED.keys()


def test_what_runs_names_both_its_first_and_its_last():
    """An open end would take in whatever is published tomorrow."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    dated = ("pytz", "tzdata")  # their versions are days
    bare = [d for d in project["dependencies"] if "<" not in d and not d.startswith(dated)]
    assert bare == []
