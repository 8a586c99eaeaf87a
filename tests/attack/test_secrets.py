"""No secret lies in the repository, and nobody has to remember to look."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What each looks like, and letters without which it is none: by these most files are passed.
SHAPES = {
    "a private key": (r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*[A-Za-z0-9+/]{20}", "PRIVATE"),
    "a key of AWS": (r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b", "IA"),
    "a token of GitHub": (r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{40,}", "gh"),
    "a token of GitLab": (r"\bglpat-[\w-]{20,}", "glpat-"),
    "a token of Slack": (r"\bxox[abprs]-[\w-]{10,}", "xox"),
    "a key of Google": (r"\bAIza[\w-]{35}\b", "AIza"),
    "a key of Stripe": (r"\b[rs]k_live_\w{16,}", "_live_"),
    "a token of PyPI": (r"\bpypi-AgEIcHlwaS5vcmc[\w-]{40,}", "pypi-AgE"),
    "a signed token": (r"\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{16,}", "eyJ"),
    "a password in an address": (
        r"(?:postgres(?:ql)?|mysql|https?|redis)://[\w.-]+:(?!password|secret)[^\s:@/'\"<>{}$]{9,}@",
        "://"),
}  # fmt: skip
# What a district has and a repository never does.
NEVER = re.compile(r"(^|/)(secret|\.env|id_rsa|.*\.(pem|p12|pfx|key|sqlite3))$")


def tracked():
    """The files that git would hand to somebody else."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if told.returncode:
        pytest.skip("this is no clone")
    return [name for name in told.stdout.decode().split("\0") if name]


def test_no_file_of_a_district_is_kept():
    assert [name for name in tracked() if NEVER.search(name)] == []


def test_nothing_that_looks_like_a_secret_is_kept():
    every = [(re.compile(shape), sign.encode()) for shape, sign in SHAPES.values()]
    found = []
    for name in tracked():
        file = ROOT / name
        if not file.is_file() or file.stat().st_size > 1 << 20:
            continue
        data = file.read_bytes()
        if b"\0" in data[:1024]:
            continue
        for shape in [shape for shape, sign in every if sign in data]:
            text = data.decode("utf-8", "replace")
            found += [f"{name}: {match[0][:24]}..." for match in shape.finditer(text)]
    assert found == []


@pytest.mark.parametrize(("kind", "text"), [
    ("a private key", "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEpAIBAAKCAQEAx1234567890"),
    ("a key of AWS", "AKIA" + "IOSFODNN7EXAMPLE"),
    ("a token of GitHub", "ghp_" + "a" * 36),
    ("a signed token", "eyJ" + "a" * 20 + ".eyJ" + "b" * 20 + "." + "c" * 20),
    ("a password in an address", "postgresql://district:" + "Tr0ub4dor3@db/one"),
])  # fmt: skip
def test_the_scan_would_find_one(kind, text):
    assert re.search(SHAPES[kind][0], text)
