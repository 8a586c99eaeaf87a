"""A district as a whole: made, filled, backed up, restored and moved, by its commands alone."""

import os
import shutil
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest

ADT = "\r".join(
    [
        r"MSH|^~\&|PAS|RM1|ONE|D|202511010{hour}15||ADT^{kind}|m{n}|P|2.4",
        "EVN|{kind}|202511010{hour}15",
        "PID|1||{n}^^^RM1^MR||Tester{n}^Pat||19500101|F",
        "PV1|1|{klass}|{place}" + "|" * 16 + "v{n}" + "|" * 25 + "202511010815",
    ]
)


def run(*args, district=None, url="", ends=0, **env):
    place = {"ONESYSTEM_DISTRICT": str(district)} if district else {}
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("ONESYSTEM", "DATABASE", "DJ"))
    }
    if url:
        place["DATABASE_URL"] = url
    done = subprocess.run(
        [sys.executable, "-m", "onesystem.cli", *map(str, args)],
        env={**kept, **place, **env},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == ends, done.stdout + done.stderr
    return done.stdout


def messages(folder):
    for n in range(5):
        text = ADT.format(kind="A01", hour=8, n=n, klass="E", place="ED")
        (folder / f"{n}.hl7").write_text(text)
        if n % 2:
            text = ADT.format(kind="A02", hour=9, n=n, klass="I", place="WARD1")
            (folder / f"{n}-moved.hl7").write_text(text)
    return folder


@pytest.fixture
def filled(tmp_path):
    """A district that has taken in seven messages, and who may sign in."""
    run("new", tmp_path / "d")
    (tmp_path / "in").mkdir()
    run("ingest", messages(tmp_path / "in"), "--source", "pas", district=tmp_path / "d")
    run(*"user add officer --role administrator".split(), district=tmp_path / "d",
        ONESYSTEM_PASSWORD="a long enough password")  # fmt: skip
    return tmp_path / "d"


def contacts(district, url=""):
    return sorted(run("contacts", "--csv", district=district, url=url).splitlines())


def test_a_restored_district_is_the_same_and_goes_on(filled, tmp_path):
    before = contacts(filled)
    assert len(before) == 1 + 5 + 2
    run("backup", tmp_path / "b.tar", district=filled)
    run("restore", tmp_path / "b.tar", tmp_path / "again")
    again = tmp_path / "again"
    assert contacts(again) == before
    assert "officer" in run("user", "list", district=again)
    done = run("ingest", tmp_path / "in", "--source", "pas", "--json", district=again)
    assert '"duplicates": 7' in done
    assert contacts(again) == before

    # The store is lost, the landing is not: what came after the backup is there all the same.
    later = tmp_path / "later.hl7"
    later.write_text(ADT.format(kind="A01", hour=9, n=7, klass="E", place="ED"))
    run("ingest", later, "--source", "pas", district=filled)
    shutil.copytree(filled / "landing", again / "landing", dirs_exist_ok=True)
    told = run("ingest", later, "--source", "pas", "--json", district=again)
    assert '"duplicates": 1' in told
    after = told_of(contacts(again))
    assert after == told_of(contacts(filled))
    assert len(after) == len(before) + 1


def told_of(rows):
    """What the source told of each contact, and not when we knew it."""
    return sorted(row.split(",")[2:9] for row in rows)


def other_database(url, name):
    """A fresh database on the server of `url`."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.mark.postgres
def test_a_store_moves_to_postgresql_and_back_by_a_backup(filled, tmp_path, worker_id):
    before = contacts(filled)
    url = other_database(os.environ["DATABASE_URL"], f"moved_{worker_id}")
    run("move", "--to", url, district=filled)
    assert contacts(filled, url) == before
    assert '"duplicates": 7' in run(
        "ingest", tmp_path / "in", "--source", "pas", "--json", district=filled, url=url
    )
    run("backup", tmp_path / "b.tar", district=filled, url=url)
    run("restore", tmp_path / "b.tar", tmp_path / "again")
    assert contacts(tmp_path / "again") == before


@pytest.mark.postgres
def test_a_backup_is_restored_into_postgresql(filled, tmp_path, worker_id):
    run("backup", tmp_path / "b.tar", district=filled)
    url = other_database(os.environ["DATABASE_URL"], f"restored_{worker_id}")
    run("restore", tmp_path / "b.tar", tmp_path / "again", url=url)
    assert contacts(tmp_path / "again", url) == contacts(filled)


def test_the_doctor_names_what_to_do(filled):
    found = run("doctor", district=filled)
    assert "source practice: has not sent anything yet" in found
    assert "audit trail: the chain holds" in found
    (filled / "secret").chmod(0o644)
    assert "chmod 600" in run("doctor", district=filled, ends=1)
