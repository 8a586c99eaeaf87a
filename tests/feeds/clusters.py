"""Servers of PostgreSQL that a drill may kill: made, copied, promoted and ended from a test."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

# What a process of the system was told is safe when the process dies; no drill pulls the plug.
LAX = "-c fsync=off -c full_page_writes=off -c max_wal_senders=6 -c shared_buffers=32MB"


def binaries():
    """The folder of PostgreSQL's programs; the test is skipped where there is none."""
    found = shutil.which("initdb") or max(
        map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=""
    )
    if not found:
        pytest.skip("PostgreSQL's programs are not installed")
    return Path(found).resolve().parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """One server: its folder and its port."""

    def __init__(self, home, name):
        self.bin, self.home = binaries(), home
        self.folder, self.port = home / name, free_port()

    def run(self, program, *args):
        # PostgreSQL refuses to run as root.
        user = ("runuser", "-u", "postgres", "--") if os.getuid() == 0 else ()
        done = subprocess.run(
            [*user, self.bin / program, *map(str, args)],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self.home,
            timeout=120,
        )
        assert done.returncode == 0, (program, done.stderr.decode())

    def made(self):
        self.run("initdb", "-D", self.folder, "-A", "trust", "-U", "onesystem", "-N",
                 "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
        return self

    def same_as(self, other):
        """A copy of the folder of a server that does not run."""
        shutil.copytree(other.folder, self.folder)
        self._own()
        return self

    def _own(self):
        if os.getuid() == 0:
            for each in (self.folder, *self.folder.rglob("*")):
                shutil.chown(each, "postgres")

    def copied_from(self, other):
        """A base backup of a server that runs; a standby of it when it is started."""
        self.run("pg_basebackup", "-D", self.folder, "-h", "127.0.0.1", "-p", other.port,
                 "-U", "onesystem", "-R", "-c", "fast", "-N", "-X", "stream")  # fmt: skip
        return self

    def started(self, **settings):
        told = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        listens = f"-p {self.port} -k {self.home} -c listen_addresses=127.0.0.1"
        self.run("pg_ctl", "-D", self.folder, "-l", self.home / f"{self.folder.name}.log", "-w",
                 "-o", f"{listens} {LAX} {told}", "start")  # fmt: skip
        return self

    def killed(self):
        self.run("pg_ctl", "-D", self.folder, "-m", "immediate", "stop")

    def stopped(self):
        self.run("pg_ctl", "-D", self.folder, "-m", "fast", "-w", "stop")

    def promoted(self):
        self.run("pg_ctl", "-D", self.folder, "-w", "promote")

    def recovered(self):
        """Wait until it has come to where it was to stop, and lets write."""
        import psycopg

        for _ in range(1800):
            try:
                psycopg.connect(url_of(self)).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError((self.home / f"{self.folder.name}.log").read_text()[-2000:])

    def archived(self):
        """Wait until what was written so far is in the archive."""
        name = self.ask("SELECT pg_walfile_name(pg_switch_wal())")
        for _ in range(1800):
            if (self.ask("SELECT last_archived_wal FROM pg_stat_archiver") or "") >= name:
                return
            time.sleep(0.1)
        raise AssertionError(f"{name} was not archived")

    def ask(self, sql):
        """The first value of a question."""
        import psycopg

        with psycopg.connect(url_of(self), autocommit=True) as server:
            return server.execute(sql).fetchone()[0]


def url_of(*clusters):
    """The address of one of these servers: whichever lets write."""
    hosts = ",".join(f"127.0.0.1:{each.port}" for each in clusters)
    return f"postgresql://onesystem@{hosts}/postgres?target_session_attrs=read-write"


@pytest.fixture
def clusters():
    """Makes servers in one folder; those that still run are killed in the end."""
    with tempfile.TemporaryDirectory(prefix="onesystem-drill-", dir="/tmp") as folder:
        home, made = Path(folder), {}
        home.chmod(0o755)
        if os.getuid() == 0:
            shutil.chown(home, "postgres")

        def make(name):
            return made.setdefault(name, Cluster(home, name))

        yield make
        for each in made.values():
            if (each.folder / "postmaster.pid").exists():
                each.killed()
