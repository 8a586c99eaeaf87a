"""A backup is whole or refused; nothing that is there is ever written over."""

import sqlite3
import tarfile

import pytest

from onesystem.cli import backups
from onesystem.vocabulary import UserError


def quiet(_name, _size):
    pass


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "district"
    (place / "landing").mkdir(parents=True)
    (place / "static").mkdir()
    (place / "inbox" / "pas").mkdir(parents=True)
    (place / "district.toml").write_text("[district]\n")
    (place / "landing" / "seg-1").write_bytes(b"messages" * 100)
    (place / "static" / "x.css").write_text("made again")
    with sqlite3.connect(place / "store.sqlite3") as store:
        store.execute("CREATE TABLE t (a)")
        store.execute("INSERT INTO t VALUES (42)")
    store.close()
    return place


@pytest.fixture
def backup(folder, tmp_path):
    file = tmp_path / "b.tar"

    def copy(to):
        backups.copy_sqlite(folder / "store.sqlite3", to)

    backups.write(folder, file, copy_store=copy, progress=quiet)
    return file


def test_what_is_read_back_is_what_was_there(backup, folder, tmp_path):
    backups.read(backup, tmp_path / "again", progress=quiet)
    again = tmp_path / "again"
    assert (again / "landing" / "seg-1").read_bytes() == b"messages" * 100
    store = sqlite3.connect(again / "store.sqlite3")
    assert store.execute("SELECT a FROM t").fetchall() == [(42,)]
    store.close()
    assert not (again / "static").exists()
    assert (again / "inbox" / "pas").is_dir()  # a source's files are waited for there


def test_a_damaged_part_is_named(backup, tmp_path):
    whole = backup.read_bytes()
    at = whole.index(b"messages")
    backup.write_bytes(whole[:at] + b"M" + whole[at + 1 :])
    with pytest.raises(UserError, match=r"damaged in .*landing/seg-1"):
        backups.read(backup, tmp_path / "again", progress=quiet)


def test_a_backup_that_was_cut_short_is_refused(backup, tmp_path):
    backup.write_bytes(backup.read_bytes()[:3000])
    with pytest.raises(UserError, match=r"cut short|cannot be read"):
        backups.read(backup, tmp_path / "again", progress=quiet)


def test_something_that_is_no_backup_is_refused(tmp_path):
    file = tmp_path / "x.tar"
    file.write_bytes(b"not a tar at all" * 100)
    with pytest.raises(UserError, match="cannot be read"):
        backups.read(file, tmp_path / "again", progress=quiet)


def test_a_name_that_climbs_out_of_the_folder_is_refused(tmp_path):
    file = tmp_path / "x.tar"
    with tarfile.open(file, "w") as tar:
        tar.add(__file__, arcname="../outside.py")
    with pytest.raises(UserError, match="cannot be read"):
        backups.read(file, tmp_path / "again", progress=quiet)
    assert not (tmp_path / "outside.py").exists()


def test_nothing_is_written_over(backup, folder, tmp_path):
    with pytest.raises(UserError, match="there already"):
        backups.write(folder, backup, copy_store=lambda _to: None, progress=quiet)
    with pytest.raises(UserError, match="not empty"):
        backups.read(backup, folder, progress=quiet)
