"""What `deploy/` ships is what the product understands: units, options, settings, addresses."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from onesystem.cli.serve import serve
from onesystem.web.probes import METRICS, READY

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


def test_systemd_finds_nothing_wrong_with_the_units_but_that_nothing_is_installed_here():
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, UNITS)], check=False, capture_output=True, text=True
    )
    said = [line for line in done.stderr.splitlines() if str(DEPLOY) in line or ".service:" in line]
    assert [line for line in said if "is not executable" not in line] == []


@pytest.mark.parametrize("unit", ["onesystem.service", "onesystem-further.service"])
def test_a_unit_asks_serve_for_what_it_knows(unit):
    command = re.search(r"ExecStart=.*onesystem serve (.*)", (DEPLOY / unit).read_text())[1]
    known = {name for option in serve.params for name in option.opts}
    assert set(re.findall(r"--[a-z-]+", command)) <= known


def test_every_setting_of_the_environment_is_one_that_the_code_reads():
    told = set(re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "onesystem.env").read_text(), re.MULTILINE))
    code = "".join(
        (ROOT / "src" / "onesystem" / name).read_text()
        for name in ("web/settings.py", "web/frame.py", "web/stream.py", "web/probes.py",
                     "web/logs.py")
    )  # fmt: skip
    assert told
    assert {name for name in told if name not in code} == set()


@pytest.mark.parametrize("proxy", ["nginx.conf", "Caddyfile"])
def test_a_proxy_keeps_the_figures_in_and_does_not_hold_the_stream_back(proxy):
    text = (DEPLOY / proxy).read_text()
    assert METRICS in text
    assert "/live/" in text
    assert "proxy_buffering off" in text or "flush_interval -1" in text
    assert proxy != "Caddyfile" or READY in text


def test_the_backup_script_is_a_script():
    subprocess.run(["sh", "-n", str(DEPLOY / "backup")], check=True)
