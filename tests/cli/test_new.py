"""Making a district folder, and the errors of the command line."""

import stat
import subprocess
import sys

import pytest
from click.testing import CliRunner

from onesystem.cli import main, root
from onesystem.district import load


def run(*args):
    return CliRunner().invoke(root, list(args), standalone_mode=False)


@pytest.mark.parametrize(
    ("country", "zone", "number"),
    [("england", "Europe/London", "nhs"), ("new-zealand", "Pacific/Auckland", "nhi")],
)
def test_a_new_district_works_as_it_is(tmp_path, country, zone, number):
    run("new", str(tmp_path / "west-shire"), "--country", country)
    district = load(tmp_path / "west-shire")
    assert (district.name, district.zone, district.number) == ("West Shire", zone, number)


def test_the_secret_is_the_owners_alone(tmp_path):
    run("new", str(tmp_path / "d"))
    assert stat.S_IMODE((tmp_path / "d" / "secret").stat().st_mode) == 0o600


def test_a_folder_that_is_in_use_is_left_alone(tmp_path):
    (tmp_path / "kept.txt").write_text("mine")
    result = run("new", str(tmp_path))
    assert "not empty" in str(result.exception)
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]


def test_a_users_mistake_is_one_line_and_an_exit_code(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        main(["-d", str(tmp_path), "doctor"])
    assert end.value.code == 10
    assert capsys.readouterr().err.startswith("onesystem: there is no district.toml in")


def test_help_imports_no_heavy_library():
    """`--help` answers at once: nothing is imported before a command is called."""
    code = (
        "import sys; from onesystem.cli import root;"
        "root(['--help'], standalone_mode=False);"
        "sys.exit(any(m in sys.modules for m in ('django', 'duckdb', 'pyarrow', 'rich')))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
